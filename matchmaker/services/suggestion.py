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
from matchmaker.services.record import MODELS, Record, noun_of
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


def suggest(
    uow: UnitOfWork, actor: Actor, follower: EngineFollower, record: Record, *, top: int = TOP
) -> tuple[LiveSuggestion, ...]:
    """The best published counterparts of a record that the actor may see, best first.

    The record itself need not be published: its author may look before submitting it. Raises
    ``NotFound`` unless the actor may see it.
    """
    kind = cast("Kind", noun_of(record))
    if not may_see(actor, kind, record):
        raise _no_such(kind)
    engine = follower.current()
    seen_record, vector = _as_matched(engine, kind, record)
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


def load(uow: UnitOfWork, noun: str, key: int) -> Record:
    """The record with a key; raises ``NotFound``."""
    model = MODELS[noun]
    statement = select(model).where(model.id == key).options(joinedload(model.organisation))
    record = cast("Record | None", uow.session.scalars(statement).one_or_none())
    if record is None:
        raise _no_such(noun)
    return record


def _no_such(noun: str) -> NotFound:
    return NotFound(f"There is no such {noun}, or none that you may see.", noun=noun)


def _as_matched(engine: Engine, kind: Kind, record: Record) -> tuple[Matchable, Vector]:
    """The record with its vector, from the engine where it holds this very text."""
    present = matchable(record, record.organisation.region_code)
    entry = engine.entry(kind, record.id)
    if entry is not None and entry[0].content == present.content:
        return present, entry[1]
    return present, encode_records(engine.encoder, [present])[0]
