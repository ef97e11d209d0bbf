"""How two brokers share an introduction and what comes of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from matchmaker.domain.errors import Invalid

WHOLE: Final = 100
_FEN: Final = Decimal("0.000001")  # of 万元, the hundredth of a yuan


@dataclass(frozen=True, slots=True, kw_only=True)
class Portion:
    """What one broker's part of a deed or of a contract is, in hundredths."""

    broker_id: int
    percent: int


def require_percent(percent: int) -> int:
    """The other broker's part: between 1 and 99, so that both have one."""
    if not 0 < percent < WHOLE:
        msg = "Each broker's share lies between 1 and 99 percent."
        raise Invalid(msg, {"percent": "out_of_limits"})
    return percent


def portions(lead_id: int, partner_id: int | None, percent: int) -> tuple[Portion, ...]:
    """The parts of an introduction; without a partner it is the lead's alone."""
    if partner_id is None or not percent:
        return (Portion(broker_id=lead_id, percent=WHOLE),)
    return (
        Portion(broker_id=lead_id, percent=WHOLE - percent),
        Portion(broker_id=partner_id, percent=percent),
    )


def divided(amount: Decimal, parts: Iterable[Portion]) -> dict[int, Decimal]:
    """An amount by broker, to the fen; the lead, who comes first, gets what rounding leaves."""
    lead, *others = parts
    found = {
        one.broker_id: (amount * one.percent / WHOLE).quantize(_FEN, ROUND_HALF_UP)
        for one in others
    }
    return {lead.broker_id: amount - sum(found.values(), Decimal(0)), **found}
