"""A record's texts for a profile that names nobody: what would name somebody is blotted out.

Nobody is asked to confirm anything here: whatever might name an organisation, a person, a place
smaller than a city or a number that leads to one of them is held back, and the page says how much.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from matchmaker.domain.leak import Identity, Leak, find_leaks
from matchmaker.domain.permissions import Actor, Relation, may, relations
from matchmaker.domain.visibility import Disclosed, may_see

BLOT: Final = "■■■"
LONGEST: Final = 900  # characters of one text: it is one page
_ROUNDS: Final = 4
_HAN: Final = r"\u4e00-\u9fff"
_NAMELESS: Final = r"(?!(?:某|本|我|该|贵|各|国内|国外|高等|一所|多所|多家|其他|相关|重点|联合))"
# Bodies that the check of a demand lets pass, because they are not its company.
_BODIES: Final = re.compile(
    rf"{_NAMELESS}[{_HAN}]{{2,10}}(?:大学|学院|研究院|研究所|研究中心|实验室|医院|协会|科学院)"
    r"|\b(?:[A-Z][\w&.-]*\s){1,5}(?:University|Institute|Academy|College|Hospital|Laborator(?:y|ies)"
    r"|Association|Polytechnic|Centre|Center|Company)\b(?:\sof(?:\s(?:and\s|the\s)?[A-Z]\w+)+)?"
    r"|\b(?:University|Institute|Academy|College)\sof(?:\s(?:and\s)?[A-Z]\w+)+"
)
# What a person is announced by.
_PERSONS: Final = re.compile(
    r"\b(?:Prof(?:essor)?|Dr|Mr|Ms|Mrs)\b\.?\s(?:[A-Z][\w'-]*\.?\s?){1,3}"
    rf"|[{_HAN}]{{2,3}}(?:教授|院士|博士|研究员|工程师|老师)"
)
_DISTRICTS: Final = re.compile(
    rf"[{_HAN}]{{2,3}}(?<![地灾市园校战矿景厂社山湾城库港新特专保免])(?:区(?![域间别分块])|县(?![域级])|镇(?![流静痛定江]))"
    r"|\b[A-Z][a-z]+\s(?:District|County|Town(?:ship)?|Village|Zone)\b"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """Names that must not stand in a profile, besides those that a check finds by itself."""

    own: Identity
    people: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()
    places: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Nameless:
    """Texts that name nobody, and how much of which kind was held back."""

    texts: Mapping[str, str]
    held: Mapping[str, int]


def may_export(actor: Actor, noun: str, record: Disclosed) -> bool:
    """Whether the actor may make a profile: of a directed demand only its own people."""
    if not may(actor, "profile", "export", record) or not may_see(actor, noun, record):
        return False
    return record.disclosure != "directed" or Relation.MEMBER in relations(actor, record)


def nameless(texts: Mapping[str, str], names: Names) -> Nameless:
    """The texts without what names somebody, each then cut to what one page bears.

    In this order: of a name that is cut first, the half that stays is no name to any check.
    """
    held: Counter[str] = Counter()
    found = {}
    for field, text in texts.items():
        clean = _blotted(field, text.strip(), names, held)
        found[field] = _cut(re.sub(rf"(?:{BLOT}\s?)+{BLOT}", BLOT, clean))
    return Nameless(texts=found, held=held)


def _cut(text: str) -> str:
    if len(text) <= LONGEST:
        return text
    kept = text[: LONGEST - len(BLOT)].rstrip()
    whole = kept.rstrip(BLOT[0])  # a blot is told whole
    return f"{whole}{BLOT if whole != kept else ''}…"


def _blotted(field: str, text: str, names: Names, held: Counter[str]) -> str:
    """One text; what is blotted out may bring to light what it covered, so it is read again."""
    for _round in range(_ROUNDS):
        findings = list(_findings(field, text, names))
        if not findings:
            return text
        text = unicodedata.normalize("NFKC", text)
        for kind, words in findings:
            text, count = _pattern(words).subn(BLOT, text)
            held[kind] += count
    return BLOT  # never comes to an end: nothing of it is told


def _findings(field: str, text: str, names: Names) -> Iterator[tuple[str, str]]:
    """Kind and words of everything that names somebody, the longest words first."""
    plain = unicodedata.normalize("NFKC", text)
    found = {leak.words: _kind(leak) for leak in find_leaks({field: text}, names.own)}
    lists: tuple[tuple[str, Collection[str]], ...] = (
        ("person", names.people),
        ("organisation", names.organisations),
        ("place", names.places),
    )
    for kind, listed in lists:
        found |= dict.fromkeys(_present(plain, listed), kind)
    for kind, pattern in (("organisation", _BODIES), ("person", _PERSONS), ("place", _DISTRICTS)):
        for match in pattern.finditer(plain):
            found.setdefault(match[0].strip(), kind)
    for words in sorted(found, key=len, reverse=True):
        if words and words != BLOT:
            yield found[words], words


def _present(text: str, names: Iterable[str]) -> Iterator[str]:
    for name in names:
        plain = " ".join(unicodedata.normalize("NFKC", name).split())
        if len(plain) > 1 and _pattern(plain).search(text):
            yield plain


def _pattern(words: str) -> re.Pattern[str]:
    """Words however they are spaced and in whatever case; Latin ones as whole words."""
    body = r"\s*".join(re.escape(part) for part in words.split())
    start = r"(?<![A-Za-z])" if words[:1].isascii() and words[:1].isalpha() else ""
    end = r"(?![A-Za-z])" if words[-1:].isascii() and words[-1:].isalpha() else ""
    return re.compile(f"{start}{body}{end}", re.IGNORECASE)


_KINDS: Final = {
    **dict.fromkeys(("own_name", "own_short_name", "company", "brand"), "organisation"),
    **dict.fromkeys(("email", "phone", "url"), "contact"),
    **dict.fromkeys(("patent", "credit_code"), "number"),
    "person": "person",
    "address": "place",
}


def _kind(leak: Leak) -> str:
    """Organisation, person, place, contact or number."""
    return _KINDS[leak.code]
