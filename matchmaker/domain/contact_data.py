"""Taking contact data out of a text that everybody will read, and leaving the rest of it.

A clause that says nothing else goes as a whole; where somebody wrote a number into the sentence
that tells the problem, only the number goes.
"""

from __future__ import annotations

import re
from typing import Final

_VALUE: Final = (
    r"(?:[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+"
    r"|(?<![\d.])(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\.?\d)"
    r"|(?<![\d.])(?:\(0\d{2,3}\)\s?|（0\d{2,3}）|0\d{2,3}[-—－ ])\d{7,8}(?:[-—转]\d{1,6})?(?!\d)"
    r"|(?<![\d.])[48]00[- ]\d{3}[- ]?\d{4}(?!\d))"
)
_LABEL: Final = (
    r"(?:联系人|联系电话|联系方式|手机号码?|手机|固定电话|固话|座机|电话|传真|电子邮箱|电子邮件|邮箱|微信号?|QQ号?"
    r"|通讯地址|通信地址|联系地址|邮政编码|邮编"
    r"|contact(?: person)?|e-?mail|telephone|phone|tel\.?|mobile|wechat(?: ID)?)"
)
# After a label any number that is long enough is one, and so is a name with a figure in it.
_LABELLED: Final = (
    r"(?:\+?\d{7,12}(?!\d)|\d{3,4}[- ]\d{4,}|(?=[A-Za-z_-]*\d)[A-Za-z\d][\w-]{4,19}(?!\w))"
)
_LEAD: Final = (
    r"(?:(?:请|可以?|或者?|欢迎|随时|致电|拨打|联系|发邮件|至|加){1,6}|(?:\b(?:or|and|please|call|write|contact|us|me"
    r"|at|on|to)\s+){1,6})?"
)
_NUMBER: Final = re.compile(
    rf"{_LEAD}(?:{_LABEL}\s{{0,4}}(?:[:：]|是|为|号)?\s{{0,4}}(?:{_VALUE}|(?a:{_LABELLED}))|{_VALUE})",
    re.IGNORECASE,
)
_NAMED: Final = re.compile(
    r"(?:联系人|联系方式|(?:通[讯信]|联系)地址|contact(?: person)?)\s{0,4}[:：][^，,、。；;\n]*",
    re.IGNORECASE,
)
_SENTENCE: Final = re.compile(r"[^。；;！？!?\n]*(?:[。；;！？!?\n]+|$)")
_ENGLISH_END: Final = re.compile(r"(?<=[A-Za-z0-9)%]\.)(\s+)(?=[A-Z])")
_COMMA: Final = re.compile(r"(，|、|(?<!\d),|,(?!\d))")
_BRACKETS: Final = re.compile(r"[（(【\[](?P<inside>[^（()）【】\[\]\n]*)[）)】\]]")
_COURTESY: Final = re.compile(
    rf"{_LABEL}|有意者|有意向|感兴趣|欢迎|随时|可以|可|请|敬请|咨询|致电|来电|来信|来函|联系|联络|洽谈|拨打|添加|发送|邮件|详情|详询|或者?|加|发|至|到|我们?|我司|本人|您|与|和|及|的|是|为|同号|转|先生|女士|经理|主任"
    r"|\b(?:please|call|write|reach|ring|dial|contact|us|me|my|our|at|on|or|and|to|via|by|is|Mr|Ms|Mrs|Dr|number|add)\b",
    re.IGNORECASE,
)
_SAYS: Final = 4  # Chinese letters or Latin words below which what is left of a clause says nothing
_WORD: Final = re.compile(r"[\u3400-\u9fff]|[A-Za-z]+")


def without_contacts(text: str) -> str:
    """A text without telephone numbers, e-mail addresses, names of chats and of contact persons."""
    return "".join(
        _sentence(piece) for one in _SENTENCE.findall(text) for piece in _ENGLISH_END.split(one)
    )


def _sentence(sentence: str) -> str:
    """A sentence without the clauses that are contact data; empty when nothing else is in it."""
    body = sentence.rstrip("。；;！？!?\n")
    end = sentence[len(body) :]
    clauses = _COMMA.split(_BRACKETS.sub(_bracket, body))
    cleaned = [_clause(one) for one in clauses[::2]]
    if "".join(clauses) == body and cleaned == clauses[::2]:
        return sentence
    kept = ""
    for place, clause in enumerate(cleaned):
        if _WORD.search(_COURTESY.sub("", clause)):
            kept += (clauses[2 * place - 1] if kept else "") + clause
    return kept.rstrip() + end if kept else ""


def _bracket(match: re.Match[str]) -> str:
    """What stands in brackets, without the brackets where it is contact data alone."""
    inside = match["inside"]
    left = "，".join(filter(None, map(_clause, _COMMA.split(inside)[::2])))
    if left == "，".join(_COMMA.split(inside)[::2]):
        return match[0]
    return f"{match[0][0]}{left}{match[0][-1]}" if left else ""


def _clause(clause: str) -> str:
    """A clause without contact data; empty when what is left says nothing."""
    left = _NAMED.sub("", _NUMBER.sub("", clause))
    if left == clause:
        return clause
    says = len(_WORD.findall(_COURTESY.sub("", left))) >= _SAYS
    return re.sub(r"\s+(?=\.?$)|(?<=\s)[^\S\n]+", "", left) if says else ""
