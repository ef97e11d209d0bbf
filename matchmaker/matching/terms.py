"""The telling terms of a pair: those that both sides use, and those that one of them lacks.

Words come from the encoder's tokenizer and carry their offsets, so that a page can mark them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from matchmaker.matching.units import is_measure

Span = tuple[int, int]
Word = tuple[str, int, int]
Rarity = Callable[[str], float]

_SHARED_SHOWN: Final = 8
_MISSING_SHOWN: Final = 4
_SHORTEST: Final = 2
_SHORTEST_LATIN: Final = 3
_LONGEST: Final = 20
# Terms are taken from the first so many characters of a demand: what comes first matters most.
_READ: Final = 3_000
# A longer term tells more, up to this many characters.
_TELLING_LENGTH: Final = 6
# Rarity from which on a word, or its absence, is worth telling: among 4,000 titles, one that stands
# in no more than every twentieth or thirtieth.
_WORTH_SHARING: Final = 0.45
_WORTH_MISSING: Final = 0.5
# Words that fill every proposal and tell nothing about a technology: no term begins or ends so.
_FILLERS: Final = frozenset(
    """
    的 了 和 与 及 或 在 中 上 下 内 外 间 为 对 等 是 之 其 所 以 于 由 从 到 把 被 将 使 让 又
    也 都 而 并 且 该 此 这 那 各 每 我 们 种 个 项 一 以及 及其 以上 以下 其中 其他 其它 因此
    从而 由于 通过 根据 用于 用以 基于 针对 关于 对于 能够 可以 需要 要求 具有 采用 进行 实现 提高
    降低 解决 提升 改进 优化 满足 达到 形成 开展 存在 造成 导致 影响 目前 现有 主要 关键 问题 难题
    难点 困难 如何 技术 研究 研发 开发 应用 系统 方法 产品 项目 企业 公司 我公司 本公司 一种 使用
    相关 产业化 产业 设计 制备 装置 设备 工艺 生产 研制 攻关 示范 推广 工程 建设 成果 转化 先进
    新型 新一代 国内 国际 国内外 领先 水平 填补 空白 方案 需求 合作 寻求 希望 引进 包括 提供 情况
    方面 过程 领域 内容 目标 预期 主要内容 同时 并且 不同 进一步 有效 良好 较高 较好 很多 大量
    一定 技术开发 技术研究 关键技术 系统开发 开发与应用 研究与应用 the a an and or of for to in on
    at by with from as is are be was were this that these those it its can new use used using
    based method methods system systems technology technologies device process development
    research which into their our we の を に は が で と も や へ から まで より する した して
    いる ある こと もの ため 及び 技術 및 의 을 를 이 가 은 는 에 와 과 로 으로 기술 방법 장치
    개발
    """.split()  # noqa: SIM905 - a list of words reads best as a text
)


@dataclass(frozen=True, slots=True)
class SharedTerm:
    """A term that stands on both sides, with a place of it in each content."""

    text: str
    demand: Span
    outcome: Span


@dataclass(frozen=True, slots=True)
class Side:
    """A content as terms are looked up in it; offsets are those of the content."""

    content: str
    folded: str
    words: tuple[Word, ...]
    starts: frozenset[int]
    ends: frozenset[int]

    def place(self, term: str) -> Span | None:
        """The first place of a folded term that does not cut a word, if there is one."""
        at = self.folded.find(term)
        while at >= 0:
            if at in self.starts and at + len(term) in self.ends:
                return at, at + len(term)
            at = self.folded.find(term, at + 1)
        return None


def side(content: str, words: Sequence[Word]) -> Side:
    """Prepare a content with the words that the encoder's tokenizer found in it."""
    low = _fold(content)
    return Side(
        content=content,
        folded=low,
        words=tuple(words),
        starts=frozenset(start for _, start, _ in words if not _inside_latin(low, start)),
        ends=frozenset(end for _, _, end in words if not _inside_latin(low, end)),
    )


def shared_terms(demand: Side, outcome: Side, rarity: Rarity) -> tuple[SharedTerm, ...]:
    """The most telling stretches of words that stand on both sides, the most telling first.

    Neighbouring words are joined as long as the other side holds the stretch too. Only where no
    whole word is shared, the outcome's words are looked for inside those of the demand.
    """
    found: dict[str, tuple[Span, Span]] = {}
    index = 0
    while index < len(demand.words) and demand.words[index][1] < _READ:
        stretch = _longest(demand, outcome, index)
        if stretch is None:
            index += 1
            continue
        end, here, there = stretch
        found.setdefault(demand.folded[here[0] : here[1]], (here, there))
        index = end
    found = found or _parts_of_words(demand, outcome)
    rare = {text: rarity(text) for text in found}
    order = sorted(
        (text for text in found if rare[text] >= _WORTH_SHARING),
        key=lambda text: (-rare[text] * min(len(text), _TELLING_LENGTH) ** 0.5, text),
    )
    chosen: list[str] = []
    for text in order:
        if not any(text in other or other in text for other in chosen):
            chosen.append(text)
    return tuple(
        SharedTerm(demand.content[slice(*found[text][0])], *found[text])
        for text in chosen[:_SHARED_SHOWN]
    )


def missing_terms(
    demand: Side, title_length: int, outcome: Side, rarity: Rarity
) -> tuple[str, ...]:
    """Telling terms of the demand's title (its first characters) that the outcome says nowhere."""
    title = [word for word in demand.words if word[2] <= title_length]
    runs: list[list[Word]] = [[]]
    for index, (_, start, end) in enumerate(title):
        text = demand.folded[start:end]
        if runs[-1] and runs[-1][-1][2] != start:
            runs.append([])
        if _counts(text) and not _said(demand, title, index, outcome):
            runs[-1].append(title[index])
        else:
            runs.append([])
    found: dict[str, float] = {}
    for run in runs:
        if run and run[0][1] in demand.starts and run[-1][2] in demand.ends:
            text = demand.content[run[0][1] : run[-1][2]]
            if _tells(_fold(text)) and _fold(text) not in outcome.folded:
                found.setdefault(text, rarity(text))
    telling = [text for text, rare in found.items() if rare >= _WORTH_MISSING]
    return tuple(sorted(telling, key=lambda text: -found[text])[:_MISSING_SHOWN])


def _parts_of_words(demand: Side, outcome: Side) -> dict[str, tuple[Span, Span]]:
    """The telling words of the outcome that stand anywhere in the demand, with both places."""
    found: dict[str, tuple[Span, Span]] = {}
    for _, start, end in outcome.words:
        text = outcome.folded[start:end]
        at = demand.folded.find(text) if _tells(text) and not text.isascii() else -1
        if at >= 0:
            found.setdefault(text, ((at, at + len(text)), (start, end)))
    return found


def _counts(text: str) -> bool:
    """Whether a folded word may be part of a missing term: no filler, sign or unit.

    A tokenizer may glue 的, which ends one word and begins the next, to either of them.
    """
    filler = text in _FILLERS or "的" in text
    return not filler and _has_letter(text) and not (text.isascii() and len(text) == 1)


def _said(demand: Side, title: Sequence[Word], index: int, outcome: Side) -> bool:
    """Whether the outcome holds a word of the title: a short one together with a neighbour."""
    _, start, end = title[index]
    if end - start >= _SHORTEST:
        return demand.folded[start:end] in outcome.folded
    with_left = demand.folded[start - 1 : end] if index and title[index - 1][2] == start else ""
    right = title[index + 1 : index + 2]
    with_right = demand.folded[start : end + 1] if right and right[0][1] == end else ""
    return any(pair and pair in outcome.folded for pair in (with_left, with_right))


def _longest(demand: Side, outcome: Side, first: int) -> tuple[int, Span, Span] | None:
    """The longest telling stretch from a word on: the word after it, and both places."""
    best = None
    start = demand.words[first][1]
    if start not in demand.starts or demand.folded[start : demand.words[first][2]] in _FILLERS:
        return None
    for index in range(first, len(demand.words)):
        _, begin, end = demand.words[index]
        stretch = demand.folded[start:end]
        if end - start > _LONGEST or not _has_letter(demand.folded[begin:end], or_digit=True):
            break
        if stretch not in outcome.folded:
            break
        if end not in demand.ends or demand.folded[begin:end] in _FILLERS or not _tells(stretch):
            continue
        if there := outcome.place(stretch):
            best = (index + 1, (start, end), there)
    return best


def _fold(text: str) -> str:
    """Lower case, character by character, so that offsets stay what they are."""
    whole = text.lower()
    if len(whole) == len(text):  # no character became two
        return whole
    return "".join(low if len(low := character.lower()) == 1 else character for character in text)


def _inside_latin(text: str, place: int) -> bool:
    """Whether a place lies between two Latin letters: a tokenizer may cut words there."""
    if not 0 < place < len(text):
        return False
    here = text[place - 1 : place + 1]
    return here.isascii() and here.isalnum()


def _has_letter(text: str, *, or_digit: bool = False) -> bool:
    return any(map(str.isalpha, text)) or (or_digit and any(map(str.isdigit, text)))


def _tells(text: str) -> bool:
    """Whether a folded text may be a term at all: a measure says nothing of a technology."""
    if "\n" in text or not _has_letter(text) or is_measure(text):
        return False
    if text in _FILLERS or all(map(_FILLERS.__contains__, text)):
        return False
    return len(text) >= (_SHORTEST_LATIN if text.isascii() else _SHORTEST)
