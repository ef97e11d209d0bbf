"""Past decisions on pairs like one, as a broker may see them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from matchmaker.domain.permissions import Actor, require
from matchmaker.store.database import UnitOfWork
from matchmaker.store.match import Match
from matchmaker.store.queries import similar_decision as query
from matchmaker.store.queries.similar_decision import DecidedPair, SimilarDecision

if TYPE_CHECKING:
    from matchmaker.matching.engine import Engine

_SHARING: Final = 4
_NEAR: Final = 3
_LOOKED_AT: Final = 400  # latest decisions of which the nearest are chosen
# Cosine of both records with their counterparts, on average, from which a pair counts as near.
_NEAREST: Final = 0.5


def similar(
    uow: UnitOfWork, actor: Actor, match: Match, engine: Engine | None
) -> tuple[SimilarDecision, ...]:
    """Decisions that share a record with the pair, then those whose records lie nearest.

    Without an engine at hand the latter are left out: a page does not wait for one to be loaded.
    """
    require(actor, "match", "review")
    shared = query.sharing(uow, actor, match, limit=_SHARING)
    if engine is None:
        return shared
    pairs = query.latest_pairs(uow, actor, match, limit=_LOOKED_AT)
    return shared + query.by_keys(uow, actor, match, _nearest(engine, match, pairs))


def _nearest(engine: Engine, match: Match, pairs: tuple[DecidedPair, ...]) -> list[int]:
    """The keys of the pairs nearest to the match, by the vectors of their records."""
    demands = engine.cosines("demand", match.demand_id, {pair.demand_id for pair in pairs})
    outcomes = engine.cosines("outcome", match.outcome_id, {pair.outcome_id for pair in pairs})
    measured: list[tuple[float, int]] = []
    for pair in pairs:
        if pair.demand_id in demands and pair.outcome_id in outcomes:
            near = (demands[pair.demand_id] + outcomes[pair.outcome_id]) / 2
            if near >= _NEAREST:
                measured.append((-near, pair.id))
    return [key for _near, key in sorted(measured)[:_NEAR]]
