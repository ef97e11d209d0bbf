"""What each sentence of free prose is about: the problem, the crux, what is wanted, or the rest."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from matchmaker.domain.indicator_text import find_indicators
from matchmaker.domain.record import SHORT_LENGTH

_SENTENCE: Final = re.compile(r"[^。！？!?\n]+(?:[。！？!?]+|(?=\n)|$)|[^\S\n]+")
_ENGLISH_END: Final = re.compile(r"(?<=[a-z0-9)%])\.\s+(?=[A-Z])")
_LONGEST_TITLE: Final = 40
_SHORTEST_TITLE: Final = 4

_CUES: Final[Mapping[str, re.Pattern[str]]] = {
    "intro": re.compile(
        r"(?:公司|企业|我们|本单位|集团)[^，。]{0,12}(?:成立于|创建于|是一家|位于|坐落|注册资金|主营|主要从事|现有员工|专业从事)"
        r"|\bfounded in\b|\bemployees\b|高新技术企业",
        re.IGNORECASE,
    ),
    "problem": re.compile(
        r"目前|现在|当前|现有|存在|问题|难以|无法|不足|不能|缺陷|导致|造成|瓶颈|依赖进口|不稳定|偏高|偏低|过高|过低|太高|太低|太慢|太长"
        r"|只有|较差|较低|不高|困难|缺乏|损失|成本高|周期长|效率低|合格率|卡脖子"
        r"|\b(?:currently|today|at present|problem|cannot|fails?|slow|too|only|poor|defects?|unstable|suffer)",
        re.IGNORECASE,
    ),
    "key": re.compile(
        r"关键(?:在于|技术|是)|核心(?:技术|是|在于)|难点|技术路线|机理|配方|控制技术|需要突破|需突破|攻克|crux|key (?:issue|technolog)|difficult",
        re.IGNORECASE,
    ),
    "target": re.compile(
        r"希望|期望|要求|目标|指标|达到|力争|实现|寻求|征集|需要(?:一种|开发|研发|解决)?|想要|拟|计划|寻找|诚邀|提高到|降低到|降到|缩短到|以内|以上"
        r"|\b(?:want|wanted|need|require|target|goal|should|must|looking for|seek|at least|at most|reach)",
        re.IGNORECASE,
    ),
    "limits": re.compile(
        r"不得(?:使用|更换|改变)|不能更换|不改变现有|不更换|不增加|不使用|限于|前提是|must not|without changing",
        re.IGNORECASE,
    ),
    "money": re.compile(r"预算|经费|投入资金|拟投入|计划投入|budget", re.IGNORECASE),
    "advantage": re.compile(
        r"相比|相较|优于|比(?:现有|传统|国外|进口|同类|常规)|与(?:现有|传统|国外|同类|常规)|突破|首次|领先|创新|替代|than|compared|novel|first time",
        re.IGNORECASE,
    ),
    "economics": re.compile(
        r"经济效益|市场|成本(?:降低|节约|仅)|节约|节省|产值|利润|前景|market|saves?|cost",
        re.IGNORECASE,
    ),
    "scene": re.compile(r"应用于|可用于|适用于|用于|applied|used in", re.IGNORECASE),
}
_TITLE_CUE: Final = re.compile(
    r"(?:寻求|征集|寻找|需要|急需|亟需|拟|希望|想要|期望|计划)?(?:能够?|合作|共同)?"
    r"(?:开发|研发|研制|攻克|解决|突破|引进|实现|掌握|寻求|征集)(?:出|了)?(?:一[种套台款个])?"
    r"(?P<title>[^，。；,;！？\n]{4,40}?)(?=的?(?:问题|难题)?(?:[，。；,;！？\n]|$))"
)
_ENGLISH_TITLE: Final = re.compile(
    r"\b(?:looking for|seeks?|needs?|wants?|developing|develop|require)\s+(?:an?\s+|the\s+|to\s+)?"
    r"(?P<title>[A-Za-z][^.;\n]{6,90}?)(?=\s+(?:that|which|with|so that|at|in order)|[,.;\n]|$)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Roles:
    """Sentences by the field they belong to, and a title made of them."""

    title: str
    texts: Mapping[str, str]


def demand_roles(text: str) -> Roles:
    """Sentences of a demand told in prose."""
    title, body = _heading(text)
    parts: dict[str, list[str]] = {}
    for sentence in sentences(body):
        parts.setdefault(_demand_role(sentence, parts), []).append(sentence)
    texts = _texts(parts, ("problem", "key_technology", "target", "constraints", "description"))
    if "problem" not in texts and "target" in texts and len(parts.get("target", ())) > 1:
        first, *others = parts["target"]
        texts["problem"], texts["target"] = first, _join(others)
    return Roles(title or title_of(body), texts)


def outcome_roles(text: str) -> Roles:
    """Sentences of an outcome's abstract: everything is its summary, and some say more."""
    title, body = _heading(text)
    parts: dict[str, list[str]] = {}
    for sentence in sentences(body):
        name = _outcome_role(sentence, parts)
        parts.setdefault(name, []).append(sentence)
        if name == "problem_solved":  # a summary that hides what it is about helps nobody
            parts.setdefault("summary", []).append(sentence)
    texts = _texts(parts, ("summary", "problem_solved", "advantage", "economics"))
    if "summary" not in texts and body.strip():
        texts["summary"] = _join(sentences(body))
    return Roles(title or title_of(body), texts)


def sentences(text: str) -> list[str]:
    """The sentences of a text."""
    found = []
    for match in _SENTENCE.finditer(text):
        found += [piece.strip() for piece in _ENGLISH_END.sub(".\n", match[0]).split("\n")]
    return [piece for piece in found if piece]


def title_of(text: str) -> str:
    """A title from what is said to be wanted, else from the first clause."""
    for pattern in (_TITLE_CUE, _ENGLISH_TITLE):
        for match in pattern.finditer(text[:2_000]):
            title = re.sub(r"^(?:一[种套台款个]|新型的|能够?|可以?)", "", match["title"].strip())
            if len(title) >= _SHORTEST_TITLE:
                return title[:80]
    first = next(iter(sentences(text)), "")
    clause = re.split(r"[，,；;：:。.]", first.strip())[0].strip()
    return (clause if len(clause) >= _SHORTEST_TITLE else first.strip())[: 2 * _LONGEST_TITLE]


def _heading(text: str) -> tuple[str, str]:
    """A first line that is a title by its looks, and the rest."""
    first, _, rest = text.strip().partition("\n")
    first = first.strip().strip("《》“”\"' ")
    looks = _SHORTEST_TITLE <= len(first) <= (90 if first.isascii() else _LONGEST_TITLE)
    if rest.strip() and looks and not re.search(r"[。；;！？!?，]|\.$", first):
        return first, rest.strip()
    return "", text.strip()


def _demand_role(sentence: str, before: Mapping[str, list[str]]) -> str:
    """The field a sentence belongs to; figures and wishes make a target, complaints a problem."""
    if _CUES["intro"].search(sentence) or _CUES["money"].search(sentence):
        return "description"
    if _CUES["limits"].search(sentence):
        return "constraints"
    scores = {name: len(_CUES[name].findall(sentence)) for name in ("problem", "key", "target")}
    figures = len(find_indicators(sentence))
    wished = scores["target"] + (figures if scores["target"] else 0)
    if scores["key"] and scores["key"] >= scores["target"]:
        return "key_technology"
    if wished > scores["problem"] or (wished and before.get("target")):
        return "target"
    if not scores["problem"] and before.get("problem" if figures else "target"):
        return "target" if figures else "description"
    return "problem"


def _outcome_role(sentence: str, before: Mapping[str, list[str]]) -> str:
    """The field a sentence of an abstract belongs to."""
    if _CUES["advantage"].search(sentence):
        return "advantage"
    if _CUES["economics"].search(sentence):
        return "economics"
    if _CUES["problem"].search(sentence) and "problem_solved" not in before:
        return "problem_solved"
    return "summary"


def _texts(parts: Mapping[str, list[str]], names: Iterable[str]) -> dict[str, str]:
    return {name: _join(parts[name]) for name in names if parts.get(name)}


def _join(pieces: Iterable[str]) -> str:
    """Sentences as one text: Chinese ones run on, English ones are parted by a blank."""
    text = ""
    for piece in pieces:
        text += (" " if text and text[-1].isascii() else "") + piece
    return text[: 40 * SHORT_LENGTH]
