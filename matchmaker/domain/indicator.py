"""Technical indicators: the quantified part of a demand or an outcome."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from matchmaker.domain.vocabulary import COMPARATORS


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
