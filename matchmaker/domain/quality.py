"""What readers complain of: no comparison, no figure, no application, too little said.

These findings help an author; they never stand in the way.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from matchmaker.domain.completeness import SHORT_TEXT
from matchmaker.domain.draft import plain_text, prose


@dataclass(frozen=True, slots=True)
class Complaint:
    """What a reader would miss, and the field where it could be said."""

    field: str
    code: str


_MAIN: Final = {"demand": "problem", "outcome": "summary"}
_PRESENT: Final = re.compile(
    r"目前|现有|现行|当前|现在|传统|以往|国内外|国外|同类|进口|常规|相比|比较|对比|竞品|市面|已有|原来|原有"
    r"|\b(?:today|current(?:ly)?|existing|conventional|traditional|compared|instead of|imported"
    r"|state of the art|at present|so far|now)\b",
    re.IGNORECASE,
)
_COMPARED: Final = re.compile(
    r"相比|相较|较(?!为|好|高的要求)|比.{1,24}?(?:高|低|短|长|快|慢|省|少|多|轻|小|大|好|强|优|缩短|降低|提高|提升|减少|节省)|优于|高于|低于"
    r"|替代|取代|代替|现有|传统|国外|进口|同类|常规"
    r"|\b(?:than|compared|instead of|versus|vs|conventional|existing|traditional|replac\w+|today"
    r"|fraction of|half of|fifth of|times)\b",
    re.IGNORECASE,
)
_APPLIED: Final = re.compile(
    r"用于|应用|构件|部件|零件|适用|用在|用作|使用场景|场合|场景|生产线|产线|车间|工况|现场|装配|客户|终端|设备上|产品[线上中]|配套|量产|批量|工艺|服役"
    r"|\b(?:used? (?:in|for|on)|appl(?:y|ied|ication\w*|ies)|production|customers?|line|plant"
    r"|on site|in service|installed|for the)\b",
    re.IGNORECASE,
)


def complaints(noun: str, values: Mapping[str, object]) -> tuple[Complaint, ...]:
    """What readers of this record would complain of; nothing while there is no text yet."""
    if not prose(noun, values).strip():
        return ()
    return tuple(_complaints(noun, values))


def _complaints(noun: str, values: Mapping[str, object]) -> Iterator[Complaint]:
    whole = prose(noun, values)
    main = plain_text(values.get(_MAIN[noun])).strip()
    if len(main) < SHORT_TEXT:
        yield Complaint(_MAIN[noun], "too_short")
    if noun == "demand":
        if not _PRESENT.search(whole):
            yield Complaint("problem", "no_comparison")
    elif not _COMPARED.search(plain_text(values.get("advantage"))):
        yield Complaint("advantage", "no_comparison")
    if not plain_text(values.get("indicators")).strip():
        yield Complaint("indicators", "no_indicator")
    if not plain_text(values.get("scenes")).strip() and not _APPLIED.search(whole):
        yield Complaint("scenes" if noun == "outcome" else "problem", "no_application")
