"""Suggestions asked of the engine now, in either direction, rather than read from shortlists."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, cast

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from matchmaker.domain.errors import NotFound
from matchmaker.domain.matchable import Matchable
from matchmaker.domain.permissions import Actor
from matchmaker.domain.visibility import anonymised, may_see
from matchmaker.matching.engine import OTHER, Engine, Kind
from matchmaker.matching.explanation import Explanation
from matchmaker.matching.vectors import encode_records
from matchmaker.services.index import EngineFollower, Vector
from matchmaker.services.matchable import matchable
from matchmaker.services.record import MODELS, Record
from matchmaker.store.database import UnitOfWork
from matchmaker.store.queries import matching as query
from matchmaker.store.queries.match import PairSide

TOP: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveSuggestion:
    """A counterpart as the engine sees it now; the explanation is drawn from public tiers."""

    other: PairSide
    score: float
    level: int
    explanation: Mapping[str, Any]


def suggest_for_outcome(
    uow: UnitOfWork, actor: Actor, follower: EngineFollower, outcome_id: int, *, top: int = TOP
) -> tuple[LiveSuggestion, ...]:
    """The published demands that an outcome may serve, of those that the actor may see."""
    return suggest(uow, actor, follower, "outcome", outcome_id, top=top)


def suggest(
    uow: UnitOfWork,
    actor: Actor,
    follower: EngineFollower,
    noun: str,
    record_id: int,
    *,
    top: int = TOP,
) -> tuple[LiveSuggestion, ...]:
    """The best published counterparts of a record that the actor may see, best first.

    The record itself need not be published: its author may look before submitting it. Raises
    ``NotFound`` unless the actor may see it.
    """
    kind = cast("Kind", noun)
    record = _load(uow, actor, noun, record_id)
    engine = follower.current()
    seen_record, vector = as_matched(engine, kind, record)
    allowed = query.matched_seen(uow, actor, OTHER[kind])
    found = engine.suggest(seen_record, kind, vector=vector, top=top, allowed=allowed)
    sides = query.pair_sides(uow, actor, OTHER[kind], [one.id for one in found])
    return tuple(
        LiveSuggestion(
            other=sides[one.id],
            score=one.score,
            level=one.level,
            explanation=_shown(one.explanation, sides[one.id]),
        )
        for one in found
        if one.id in sides
    )


def _shown(explanation: Explanation | None, other: PairSide) -> Mapping[str, Any]:
    """The explanation; where the other side's name is withheld, so is where it sits."""
    plain = explanation.to_dict() if explanation else {}
    return plain if other.organisation_name is not None else anonymised(plain)


def key_of(uow: UnitOfWork, noun: str, given: str) -> int:
    """The key of a record by public id or imported id; raises ``NotFound``."""
    key = query.record_key(uow, noun, given)
    if key is None:
        msg = f"There is no {noun} with the id {given!r}."
        raise NotFound(msg, noun=noun)
    return key


def title_of(uow: UnitOfWork, noun: str, key: int) -> str:
    """The title of a record."""
    model = MODELS[noun]
    return uow.session.scalars(select(model.title).where(model.id == key)).one()


def _load(uow: UnitOfWork, actor: Actor, noun: str, key: int) -> Record:
    model = MODELS[noun]
    statement = select(model).where(model.id == key).options(joinedload(model.organisation))
    record = cast("Record | None", uow.session.scalars(statement).one_or_none())
    if record is None or not may_see(actor, noun, record):
        msg = f"There is no such {noun}, or none that you may see."
        raise NotFound(msg, noun=noun)
    return record


def as_matched(engine: Engine, kind: Kind, record: Record) -> tuple[Matchable, Vector]:
    """The record with its vector, from the engine where it holds this very text."""
    present = matchable(record, record.organisation.region_code)
    entry = engine.entry(kind, record.id)
    if entry is not None and entry[0].content == present.content:
        return present, entry[1]
    return present, encode_records(engine.encoder, [present])[0]
