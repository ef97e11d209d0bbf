"""Consortia for demands that no one outcome covers, and the step from a member to an introduction.

Nothing is stored of a consortium: it follows the records. What a broker makes of it are matches.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select

from matchmaker.domain.errors import NotAllowed, WrongState
from matchmaker.domain.permissions import Actor, require
from matchmaker.domain.visibility import MATCHED_STATES
from matchmaker.matching import consortium as matching
from matchmaker.matching import consortium_parts
from matchmaker.matching.consortium import Consortium
from matchmaker.services import audit
from matchmaker.services import record as records
from matchmaker.services.index import EngineFollower
from matchmaker.services.suggestion import as_matched
from matchmaker.store.base import new_public_id
from matchmaker.store.database import UnitOfWork
from matchmaker.store.demand import Demand
from matchmaker.store.match import Match
from matchmaker.store.queries import consortium as query
from matchmaker.store.queries import matching as matching_query
from matchmaker.store.queries.consortium import PairState
from matchmaker.store.queries.match import PairSide

_SHORTLIST_END: Final = 99  # a proposed pair stands behind what the engine lists


@dataclass(frozen=True, slots=True, kw_only=True)
class Formed:
    """A consortium with its outcomes as the reader may see them, and their matches, by id."""

    demand: Demand
    found: Consortium
    sides: Mapping[int, PairSide]
    pairs: Mapping[int, PairState]


def form(uow: UnitOfWork, actor: Actor, follower: EngineFollower, demand_id: str) -> Formed:
    """The consortium for a demand as the engine sees it now, of outcomes that the actor may see."""
    demand = load(uow, actor, demand_id)
    require(actor, "consortium", "form", demand)
    engine = follower.current()
    seen, vector = as_matched(engine, "demand", demand)
    texts = {
        "problem": demand.problem,
        "key_technology": demand.key_technology,
        "target": demand.target,
        "constraint": demand.constraints,
        "description": demand.description,
    }
    parts = consortium_parts.split(seen.title, texts, seen.indicators, engine.encoder)
    allowed = query.joinable(uow, actor, demand)
    surveyed = matching.survey(engine, seen, vector, parts, allowed)
    found = matching.find(engine.encoder, surveyed)
    ids = [one.id for one in (*found.members, *((found.single,) if found.single else ()))]
    return Formed(
        demand=demand,
        found=found,
        sides=matching_query.pair_sides(uow, actor, "outcome", ids),
        pairs=query.pairs(uow, actor, demand.id, ids),
    )


def load(uow: UnitOfWork, actor: Actor, demand_id: str) -> Demand:
    """The demand; ``NotFound`` unless the actor may see it."""
    demand = records.load(uow, actor, "demand", demand_id)
    assert isinstance(demand, Demand)
    return demand


def propose(
    uow: UnitOfWork, actor: Actor, follower: EngineFollower, *, demand_id: str, outcome_id: str
) -> Match:
    """The match of a demand with an outcome that a broker wants in; made, accepted, if need be.

    A match that is stored already is left as it stands: it is decided at the desk.
    """
    require(actor, "match", "propose")
    demand = load(uow, actor, demand_id)
    outcome = records.load(uow, actor, "outcome", outcome_id)
    if actor.organisation_id in {demand.organisation_id, outcome.organisation_id}:
        msg = "Your own organisation is one of the sides."
        raise NotAllowed(msg, noun="match", action="propose")
    open_to = query.joinable(uow, actor, demand)
    if demand.state not in MATCHED_STATES["demand"] or outcome.id not in open_to:
        msg = "Both records must be open to matching, and to each other."
        raise WrongState(msg, noun="match", action="propose", state=demand.state)
    stored = uow.session.scalars(
        select(Match).where(Match.demand_id == demand.id, Match.outcome_id == outcome.id)
    ).one_or_none()
    return stored or _accepted(uow, actor, follower, demand, outcome.id)


def _accepted(
    uow: UnitOfWork, actor: Actor, follower: EngineFollower, demand: Demand, outcome_id: int
) -> Match:
    engine = follower.current()
    seen, vector = as_matched(engine, "demand", demand)
    found = engine.suggest(seen, "demand", vector=vector, top=1, allowed={outcome_id}, floor=0.0)
    if not found:
        msg = "The engine does not know this outcome yet; try again in a minute."
        raise WrongState(msg, noun="match", action="propose", state=demand.state)
    (one,) = found
    made = Match(
        public_id=new_public_id(),
        demand_id=demand.id,
        outcome_id=outcome_id,
        score=one.score,
        level=one.level,
        rank=_SHORTLIST_END,
        current=False,
        explanation=one.explanation.to_dict() if one.explanation else {},
        engine_version=engine.version,
        state="accepted",
        decided_by=actor.user_id,
        decided_at=uow.now,
        created_at=uow.now,
    )
    uow.session.add(made)
    uow.flush()
    noted: dict[str, object] = {"demand": demand.id, "outcome": outcome_id}
    audit.record(uow, actor, "match", made.id, "propose", states=(None, "accepted"), after=noted)
    return made
