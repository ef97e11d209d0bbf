"""Placements that wait for a person, and the public texts that they are made and learnt from.

A placement is listed while its reader may see the record, and it is listed or in review.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select, true

from matchmaker.domain.permissions import Actor
from matchmaker.store.database import UnitOfWork
from matchmaker.store.demand import DemandChain
from matchmaker.store.organisation import User
from matchmaker.store.outcome import OutcomeChain
from matchmaker.store.placement import Placement
from matchmaker.store.queries.duplicate import PublicText, public_texts
from matchmaker.store.queries.visibility import MODELS, comparable, listed, seen

_CHAINS: Final[dict[str, tuple[Any, Any]]] = {
    "demand": (DemandChain.demand_id, DemandChain.chain_code),
    "outcome": (OutcomeChain.outcome_id, OutcomeChain.chain_code),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacementRow:
    """A placement in a list. ``chains`` are those that the record stands on by now.

    ``decided_by`` is named where a broker or the bureau decided, None where its own people did.
    """

    public_id: str
    noun: str
    record_id: int
    record_public_id: str
    title: str
    proposed: tuple[tuple[str, float], ...]
    version: int
    state: str
    chains: tuple[str, ...]
    decided_at: datetime | None
    decided_by: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A record that a person placed: its public text and its chains, none for "on none"."""

    record: PublicText
    chains: tuple[str, ...]


def open_count(actor: Actor) -> Select[Any]:
    """How many placements wait that the actor may see."""
    shown = or_(*(_shown(actor, noun) for noun in MODELS))
    return (
        select(func.count().label("number"))
        .select_from(Placement)
        .where(Placement.state == "proposed", shown)
    )


def counts(uow: UnitOfWork, actor: Actor) -> dict[tuple[str, bool], int]:
    """How many placements the actor may see, by noun and whether they are decided."""
    found: dict[tuple[str, bool], int] = defaultdict(int)
    for noun in MODELS:
        rows = uow.session.execute(
            select(Placement.state, func.count())
            .where(_shown(actor, noun))
            .group_by(Placement.state)
        )
        for state, number in rows:
            found[noun, state != "proposed"] += number
    return found


def listing(
    uow: UnitOfWork, actor: Actor, noun: str, *, decided: bool, limit: int, offset: int
) -> tuple[PlacementRow, ...]:
    """A page of placements: proposed ones, the surest first, or decided ones, the latest first."""
    model = MODELS[noun]
    order: Any = Placement.decided_at.desc() if decided else Placement.probability.desc()
    wanted = Placement.state != "proposed" if decided else Placement.state == "proposed"
    rows = uow.session.execute(
        select(Placement, model.public_id, model.title, User.name)
        # Reviewers know each other by name; of a record's own people they learn the deed alone.
        .join(model, model.id == Placement.record_id)
        .outerjoin(User, and_(User.id == Placement.decided_by, User.role.in_(("broker", "bureau"))))
        .where(_shown(actor, noun), wanted)
        .order_by(order, Placement.id)
        .limit(limit)
        .offset(offset)
    ).all()
    chains = chains_of(uow, noun, [placement.record_id for placement, *_ in rows])
    return tuple(
        PlacementRow(
            public_id=placement.public_id,
            noun=noun,
            record_id=placement.record_id,
            record_public_id=public_id,
            title=title,
            proposed=tuple((code, share) for code, share in placement.proposed),
            version=placement.version,
            state=placement.state,
            chains=chains.get(placement.record_id, ()),
            decided_at=placement.decided_at,
            decided_by=name,
        )
        for placement, public_id, title, name in rows
    )


def texts_of(uow: UnitOfWork, noun: str, keys: list[int]) -> dict[int, tuple[str, str]]:
    """Titles and public texts of records."""
    read = public_texts(uow, noun, true(), keys)
    return {one.id: (one.title, one.text) for one in read}


def chains_of(
    uow: UnitOfWork, noun: str, keys: list[int] | None = None
) -> dict[int, tuple[str, ...]]:
    """The chains of records that have any, all or those among ``keys``."""
    record, code = _CHAINS[noun]
    statement = select(record, code).order_by(record, code)
    if keys is not None:
        statement = statement.where(record.in_(keys))
    found: dict[int, tuple[str, ...]] = {}
    for key, chain in uow.session.execute(statement):
        found[key] = (*found.get(key, ()), chain)
    return found


def unplaced(uow: UnitOfWork, noun: str, *, anew: bool) -> list[PublicText]:
    """Records that wait for a place, those with an open proposal only where it is made ``anew``."""
    model = MODELS[noun]
    known = exists().where(Placement.noun == noun, Placement.record_id == model.id)
    settled = known.where(Placement.state != "proposed") if anew else known
    return public_texts(uow, noun, and_(_without_chains(noun), ~settled))


def placements(uow: UnitOfWork, noun: str) -> dict[int, Placement]:
    """Placements in every state by their record."""
    rows = uow.session.scalars(select(Placement).where(Placement.noun == noun))
    return {one.record_id: one for one in rows}


def outdated(uow: UnitOfWork, noun: str) -> list[Placement]:
    """Open proposals whose record waits for no place any more."""
    waits = exists().where(MODELS[noun].id == Placement.record_id, _without_chains(noun))
    return list(
        uow.session.scalars(
            select(Placement).where(Placement.noun == noun, Placement.state == "proposed", ~waits)
        )
    )


def organisations(uow: UnitOfWork, noun: str) -> dict[int, int]:
    """The organisation of every record."""
    model = MODELS[noun]
    rows = uow.session.execute(select(model.id, model.organisation_id))
    return {key: owner for key, owner in rows}  # noqa: C416 - a row is no pair to dict()


def examples(uow: UnitOfWork, noun: str, most: int) -> list[Example]:
    """The latest records that persons placed, on chains or on none."""
    placed = chains_of(uow, noun)
    none = set(
        uow.session.scalars(
            select(Placement.record_id).where(Placement.noun == noun, Placement.state != "proposed")
        )
    )
    wanted = sorted(placed.keys() | none)[-most:]
    texts = public_texts(uow, noun, listed(noun), wanted)
    return [Example(record=one, chains=placed.get(one.id, ())) for one in texts]


def _without_chains(noun: str) -> ColumnElement[bool]:
    """Whether a record, published or in review, stands on no chain."""
    record, _code = _CHAINS[noun]
    return and_(comparable(noun), ~exists().where(record == MODELS[noun].id))


def _shown(actor: Actor, noun: str) -> ColumnElement[bool]:
    """Whether a placement is of a noun, and of a record that the actor may see in its place."""
    model = MODELS[noun]
    here = model.id == Placement.record_id
    found = select(model.id).where(here, seen(actor, noun), comparable(noun))
    return and_(Placement.noun == noun, found.correlate(Placement).exists())
