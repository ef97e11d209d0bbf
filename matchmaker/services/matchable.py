"""What the engine may know of a stored record."""

from __future__ import annotations

from typing import Any

from matchmaker.domain.matchable import Matchable
from matchmaker.services.record import Record, indicators_of
from matchmaker.store.demand import Demand


def matchable(record: Record, region: str | None) -> Matchable:
    """What the engine may see of a record: its public tier; ``region`` is its organisation's.

    An anonymous demand stands for itself: scores and places in lists then tell neither the district
    of its company nor which other records are the same company's.
    """
    anonymous = record.disclosure == "anonymous"
    common: dict[str, Any] = {
        "id": record.id,
        "title": record.title,
        "organisation_id": -record.id if anonymous else record.organisation_id,
        "chains": frozenset(chain.chain_code for chain in record.chains),
        "field": record.field,
        "region": None if anonymous else region,
        "indicators": indicators_of(record),
        "keywords": tuple(record.keywords),
    }
    indicators = "；".join(indicator.text for indicator in common["indicators"])
    if isinstance(record, Demand):
        texts = (record.problem, record.key_technology, record.target, indicators)
        return Matchable(
            text=_joined(*texts, record.constraints, record.description),
            trl=record.lowest_trl,
            modes=frozenset([record.solution_mode] if record.solution_mode else []),
            money_min=_float(record.budget_min),
            money_max=_float(record.budget_max),
            preferred_region=record.region_preference,
            **common,
        )
    texts = (record.summary, record.problem_solved, record.advantage, record.economics)
    return Matchable(
        text=_joined(*texts, indicators, "；".join(record.scenes), record.description),
        trl=record.trl,
        modes=frozenset(mode.mode for mode in record.modes),
        money_min=_float(record.price_min),
        money_max=_float(record.price_max),
        **common,
    )


def _joined(*texts: str) -> str:
    return "\n".join(text for text in texts if text)


def _float(amount: Any) -> float | None:
    return None if amount is None else float(amount)
