"""Technical indicators: the quantified part of a demand or an outcome."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from matchmaker.domain.text import one_line
from matchmaker.domain.vocabulary import COMPARATORS

SIGNS: Final = {
    "≥": "ge",
    ">=": "ge",
    "≧": "ge",
    "≤": "le",
    "<=": "le",
    "≦": "le",
    ">": "gt",
    "＞": "gt",
    "<": "lt",
    "＜": "lt",
    "=": "eq",
    "＝": "eq",
}
_NUMBER: Final = r"[-+]?\d+(?:\.\d+)?"
_INDICATOR: Final = re.compile(
    rf"^(?P<name>[^≥≤≧≦<>＞＜=＝]+?)\s*"
    rf"(?:(?P<sign>>=|<=|[≥≤≧≦<>＞＜=＝])\s*(?P<value>{_NUMBER})"
    rf"|[:：]?\s*(?P<low>{_NUMBER})\s*[–~～—-]\s*(?P<high>{_NUMBER}))"
    r"\s*(?P<unit>[^（(]*?)\s*(?:[（(](?P<condition>[^）)]*)[）)])?$"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """One technical indicator: ``name comparator value [– value_high] unit (condition)``."""

    name: str
    comparator: str
    value: Decimal
    value_high: Decimal | None = None
    unit: str = ""
    condition: str = ""

    @property
    def text(self) -> str:
        """The indicator as one readable line, the same in every language."""
        if self.comparator == "between":
            amount = f"{_plain(self.value)}–{_plain(self.value_high or self.value)}"
        else:
            sign = COMPARATORS[self.comparator].zh if self.comparator in COMPARATORS else ""
            amount = f"{sign}{_plain(self.value)}"
        condition = f" ({self.condition})" if self.condition else ""
        return f"{self.name} {amount} {self.unit}".rstrip() + condition


def _plain(number: Decimal) -> str:
    """A decimal without exponent or trailing zeros, as people write it."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def parse_indicator(text: str) -> Indicator | None:
    """Read an indicator as people write it; ``None`` when it is none."""
    match = _INDICATOR.match(one_line(text))
    if match is None:
        return None
    parts = match.groupdict(default="")
    sign = SIGNS[parts["sign"]] if parts["sign"] else "between"
    value = Decimal(parts["value"] or parts["low"])
    high = Decimal(parts["high"]) if parts["high"] else None
    if high is not None and high < value:
        return None
    return Indicator(
        name=parts["name"].strip(" :：")[:100],
        comparator=sign,
        value=value,
        value_high=high,
        unit=parts["unit"].strip()[:40],
        condition=parts["condition"].strip()[:200],
    )
