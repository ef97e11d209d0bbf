"""What a consortium reads: outcomes that may join it, and how far their pairs have come."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select

from matchmaker.domain.permissions import Actor
from matchmaker.store.database import UnitOfWork
from matchmaker.store.demand import Demand
from matchmaker.store.match import Match
from matchmaker.store.outcome import Outcome
from matchmaker.store.queries.matching import keys_seen
from matchmaker.store.queries.statement import keys_of
from matchmaker.store.queries.visibility import pair_opened


@dataclass(frozen=True, slots=True, kw_only=True)
class PairState:
    """The stored match of a demand with a member."""

    public_id: str
    state: str


def joinable(uow: UnitOfWork, actor: Actor, demand: Demand) -> set[int]:
    """The outcomes that the actor may see, of those that a directed demand is open to."""
    wanted = keys_seen(actor, "outcome")
    if demand.disclosure == "directed":
        wanted = wanted.where(Outcome.organisation_id.in_(sorted(demand.recipient_ids)))
    return keys_of(uow, wanted)


def pairs(
    uow: UnitOfWork, actor: Actor, demand_id: int, outcome_ids: Collection[int]
) -> dict[int, PairState]:
    """The matches of a demand with some outcomes that open to the actor, by outcome."""
    rows = uow.session.execute(
        select(Match.outcome_id, Match.public_id, Match.state)
        .join(Demand, Match.demand_id == Demand.id)
        .join(Outcome, Match.outcome_id == Outcome.id)
        .where(Match.demand_id == demand_id, Match.outcome_id.in_(outcome_ids), pair_opened(actor))
    )
    return {key: PairState(public_id=public_id, state=state) for key, public_id, state in rows}
