"""Whether two records are nearly the same, told from their public texts alone.

Texts are compared as sets of shingles of three characters (``shingles.py``). With *S* the shorter
of two texts, *A* and *B* their sets:

* containment *c*: the share of the shingles of *S* that the other text has;
* resemblance *j* = |A ∩ B| / |A ∪ B| (Broder 1997);
* cover: the share of windows of 15 characters of *S* in which 0.4 of the shingles are shared;
* gap: the longest stretch of *S*, in characters, that shares no shingle;
* title *t*: Ratcliff/Obershelp similarity of the titles without empty words (:func:`core`).

Words exchanged or misread here and there lower *c* but leave neither gaps nor uncovered windows;
another patent of a series keeps whole sentences and replaces others. So two records are nearly the
same when one of these rows is reached, which begin with the titles and the length of *S*:

=========  ======  ======  =======  =====  ==================
t          length  c       cover    gap    j
=========  ======  ======  =======  =====  ==================
≥ 0.9      ≥ 20    ≥ 0.75  ≥ 0.80   ≤ 40   ≥ 0.20
≥ 0.9      ≥ 20    ≥ 0.60  ≥ 0.86   ≤ 18   ≥ 0.40
≥ 0.75     ≥ 20    ≥ 0.78  ≥ 0.80   ≤ 18   ≥ 0.42 or c ≥ 0.9
≥ 0.4      ≥ 20    ≥ 0.97  ≥ 0.95   ≤ 6    ≥ 0.80
any        ≥ 60    ≥ 0.88  ≥ 0.95   ≤ 10   ≥ 0.40
=========  ======  ======  =======  =====  ==================

A shorter text says little: then the titles must be the same (t = 1), and the text as good as empty
(under 5 characters) or half of it shared.

Like texts are different records all the same when the titles *tell* a difference that the texts
bear out: a number, a model or a material of one title that stands in its own text and not in the
other, and the other way round. The likeness shown is ``(2 c + j + t) / 4``.

Thresholds were set on altered copies of 4,097 patents and 371 demands beside their natural
neighbours; ``tests/unit/matching/test_duplicates.py`` repeats the measurement.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property
from itertools import chain
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from matchmaker.matching.shingles import CHARACTER, Hashes, compact, shingles, weights

_SIZE: Final = 3
_WINDOW: Final = 15
_WINDOW_SHARE: Final = 0.4
# A text of fewer characters says little by itself, or nothing at all.
_TELLING_LENGTH: Final = 20
_EMPTY_LENGTH: Final = 5
_HALF: Final = 0.5
_ONE_TITLE: Final = 0.9
_LIKE_TITLES: Final = 0.75
_RELATED_TITLES: Final = 0.4
_CONTEXT: Final = 8

_EMPTY_WORDS: Final = re.compile("一种|一类|新型|及其|以及|关于|[及和与的其]")
_LAST_OF_TWO: Final = re.compile(
    "(方法|装置|系统|设备|应用|用途|工艺|技术)(?:方法|装置|系统|设备|应用|用途|工艺|技术)$"
)
_LAST_USE: Final = re.compile("(?<=.{3})(?:应用|用途)$")
_WORDS: Final = re.compile(r"[a-z0-9.]+")
# Words that people exchange for each other without meaning anything else.
_GENERIC: Final = frozenset(
    re.findall(
        "..",
        "方法装置设备系统工艺技术平台制备制造生产加工制作研发开发研究检测监测测量测试控制调控提高提升"
        "采用利用使用结构构造材料物料用于应用产品制品器械仪器机构组件",
    )
)


@dataclass(frozen=True, slots=True)
class Rule:
    """What the texts of two records must reach to be nearly the same."""

    contained: float
    cover: float
    gap: float
    resemblance: float
    length: int  # of the shorter text, in characters
    all_but: float  # so much contained, the resemblance does not matter: a text cut short


UNDER_ONE_TITLE: Final = (
    Rule(0.75, 0.80, 40.0, 0.20, _TELLING_LENGTH, 2.0),
    Rule(0.60, 0.86, 18.0, 0.40, _TELLING_LENGTH, 2.0),
)
UNDER_LIKE_TITLES: Final = Rule(0.78, 0.80, 18.0, 0.42, _TELLING_LENGTH, 0.9)
UNDER_RELATED_TITLES: Final = Rule(0.97, 0.95, 6.0, 0.80, _TELLING_LENGTH, 2.0)
UNDER_OTHER_TITLES: Final = Rule(0.88, 0.95, 10.0, 0.40, 60, 2.0)


class Overlap(NamedTuple):
    """How much of the shorter of two texts stands in the other; see the module."""

    contained: float
    resemblance: float
    cover: float
    gap: float
    length: float


class Content:
    """A record's title and public text, prepared for comparison as far as one asks."""

    def __init__(self, title: str, text: str) -> None:
        """Fold both; whatever else is wanted is made when asked for."""
        self.title = compact(title)
        self.text = compact(text)

    @cached_property
    def core(self) -> str:
        """The title without words that change nothing."""
        return core(self.title)

    @cached_property
    def words(self) -> frozenset[str]:
        """Latin words and numbers of the title: sizes, grades, models, formulas."""
        return frozenset(_WORDS.findall(self.title))

    @cached_property
    def length(self) -> float:
        """The text's length in characters; a Latin letter is a third of one."""
        return float(weights(self.text).sum()) / CHARACTER

    @cached_property
    def in_order(self) -> tuple[Hashes, NDArray[np.int64]]:
        """The text's shingles in their order, and where each ends."""
        return shingles(self.text, _SIZE)

    @cached_property
    def distinct(self) -> Hashes:
        """The text's distinct shingles, ascending."""
        return np.unique(self.in_order[0])


def core(title: str) -> str:
    """A compact title without empty words: 一种…方法及装置 is …方法."""
    kept = _EMPTY_WORDS.sub("", title) or title
    while (shorter := _LAST_USE.sub("", _LAST_OF_TWO.sub(r"\1", kept))) != kept:
        kept = shorter
    return kept


def likeness(one: Content, other: Content) -> float | None:
    """How nearly the same two records are, from 0 to 1; ``None`` when they are not."""
    if (one.title, one.text) == (other.title, other.text):
        return 1.0  # the usual duplicate: the same notice, posted again
    titles = title_likeness(one, other)
    if titles == 1.0 and min(one.length, other.length) < _EMPTY_LENGTH:
        return 1.0
    if not one.text or not other.text:
        return None
    found = overlap(one, other)
    if not _alike(found, titles):
        return None
    if one.title != other.title and tell_apart(one, other):
        return None
    return (2 * found.contained + found.resemblance + titles) / 4


def title_likeness(one: Content, other: Content) -> float:
    """The similarity of two titles, from 0 to 1; the order of the two does not matter."""
    first, second = sorted((one.core, other.core))
    if first == second:
        return 1.0
    return SequenceMatcher(None, first, second, autojunk=False).ratio()


def overlap(one: Content, other: Content) -> Overlap:
    """How much of the shorter text stands in the other; texts must not be empty."""
    order = (len(one.distinct), one.text) > (len(other.distinct), other.text)
    short, long = (other, one) if order else (one, other)
    hashes, ends = short.in_order
    shared = np.isin(hashes, long.distinct)
    both = len(np.intersect1d(short.distinct, long.distinct, assume_unique=True))
    density = len(hashes) / max(short.length, 1.0)  # shingles that begin within a character
    return Overlap(
        contained=float(shared.mean()),
        resemblance=both / (len(short.distinct) + len(long.distinct) - both),
        cover=_cover(shared, max(1, round(_WINDOW * density))),
        gap=_gap(shared, ends, len(short.text)) / max(density, 1.0),
        length=short.length,
    )


def tell_apart(one: Content, other: Content) -> bool:
    """Whether the titles name different things, and each text names its own alone."""
    mine, theirs = _own_words(one, other), _own_words(other, one)
    if mine and theirs:
        return True
    if any(_left_out(word, one.text, other.text) for word in mine):
        return True
    if any(_left_out(word, other.text, one.text) for word in theirs):
        return True
    return any(_replaced(*part, one.text, other.text) for part in _replacements(one, other))


def _alike(found: Overlap, titles: float) -> bool:
    """Whether texts are alike enough for titles of that similarity."""
    if found.length < _TELLING_LENGTH:
        return titles == 1.0 and found.contained >= _HALF
    if titles >= _ONE_TITLE and any(_reaches(found, rule) for rule in UNDER_ONE_TITLE):
        return True
    if titles >= _LIKE_TITLES and _reaches(found, UNDER_LIKE_TITLES):
        return True
    related = titles >= _RELATED_TITLES and _reaches(found, UNDER_RELATED_TITLES)
    return related or _reaches(found, UNDER_OTHER_TITLES)


def _reaches(found: Overlap, rule: Rule) -> bool:
    return (
        found.contained >= rule.contained
        and found.cover >= rule.cover
        and found.gap <= rule.gap
        and found.length >= rule.length
        and (found.resemblance >= rule.resemblance or found.contained >= rule.all_but)
    )


def _cover(shared: NDArray[np.bool_], window: int) -> float:
    """The share of windows in which enough shingles are shared."""
    if len(shared) <= window:
        return float(shared.mean() >= _WINDOW_SHARE)
    sums = np.concatenate([[0], np.cumsum(shared)])
    return float((sums[window:] - sums[:-window] >= _WINDOW_SHARE * window).mean())


def _gap(shared: NDArray[np.bool_], ends: NDArray[np.int64], length: int) -> int:
    """The longest stretch of letters that no shared shingle reaches."""
    begun = np.flatnonzero(shared)
    if not len(begun):
        return length
    # Shingles end in the order they begin in: what lies between one's end and the next's begin.
    before = np.concatenate([[0], ends[begun]])
    after = np.concatenate([begun, [length]])
    return int((after - before).max())


def _own_words(one: Content, other: Content) -> list[str]:
    """Latin words and numbers that one title has, and neither title nor text of the other."""
    return sorted(word for word in one.words - other.words if word not in other.text)


def _left_out(word: str, text: str, other: str) -> bool:
    """Whether the other text has what follows a word, but not the word: it was not cut short."""
    for found in re.finditer(re.escape(word), text):
        after = text[found.end() : found.end() + _CONTEXT]
        if len(after) == _CONTEXT and after in other:
            return True
    return False


def _replacements(one: Content, other: Content) -> Iterator[tuple[list[str], list[str]]]:
    """Words of two titles that stand in the place of each other, with a letter of context."""
    matcher = SequenceMatcher(None, one.core, other.core, autojunk=False)
    for kind, start, end, begin, stop in matcher.get_opcodes():
        if kind == "replace":
            yield _forms(one.core, start, end), _forms(other.core, begin, stop)


def _forms(text: str, start: int, end: int) -> list[str]:
    """A part of a title by itself, with the letter before and with the letter after."""
    return [text[start:end], text[max(0, start - 1) : end], text[start : end + 1]]


def _replaced(mine: list[str], theirs: list[str], one: str, other: str) -> bool:
    """Whether each text keeps to its own title's word: twice at least, and never to the other."""
    if any(a in _GENERIC and b in _GENERIC for a, b in zip(mine, theirs, strict=True)):
        return False
    return _keeps(mine, one, other) and _keeps(theirs, other, one)


def _keeps(forms: list[str], own: str, other: str) -> bool:
    return any(len(form) > 1 and own.count(form) > 1 and form not in other for form in chain(forms))
