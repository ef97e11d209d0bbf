"""What the gap map counts and lists: open demands and outcomes by chain and district.

Reviewers see everything open. Everybody else reads one and the same map, a visitor's: what the
public lists show one by one. The district of an anonymous demand's firm is told to nobody else.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import (
    Case,
    ColumnElement,
    Select,
    SQLColumnExpression,
    and_,
    case,
    exists,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from matchmaker.domain.gap_map import NO_CHAIN, NO_REGION, Counts
from matchmaker.domain.permissions import VISITOR, Actor
from matchmaker.store.database import UnitOfWork
from matchmaker.store.demand import Demand, DemandChain
from matchmaker.store.match import Match
from matchmaker.store.organisation import Organisation
from matchmaker.store.outcome import Outcome, OutcomeChain
from matchmaker.store.queries.visibility import MODELS, matched, named, reviews, seen

_USABLE = 2  # MATCH_LEVELS from which on a match is usable

Place = tuple[str, str]  # chain and district


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """An open demand or outcome of a place; ``note`` is an outcome's provenance."""

    public_id: str
    title: str
    answered: bool
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """Counts by place, and of the whole map by district: there a record counts once."""

    places: Mapping[Place, Counts]
    regions: Mapping[str, Counts]


def reader(actor: Actor) -> Actor:
    """Whose map an actor reads: his own as a reviewer, else a visitor's."""
    return actor if reviews(actor) else VISITOR


def counted(
    uow: UnitOfWork, actor: Actor, districts: Collection[str], chain: str | None = None
) -> Counted:
    """Counts by chain and district, and by district alone; of places of one chain where named.

    ``NO_CHAIN`` and ``NO_REGION`` stand for records without, or whose district is not told.
    """
    places: dict[Place, Counts] = defaultdict(Counts)
    regions: dict[str, Counts] = defaultdict(Counts)
    statement = _counted(reader(actor), chain)
    for code, region, kind, number, firsts in uow.session.execute(statement):
        told = _told(region, districts)
        places[code, told] = places[code, told].plus(_of_kind(kind, number))
        if chain is None:
            regions[told] = regions[told].plus(_of_kind(kind, firsts))
    return Counted(places=places, regions=regions)


def demands(
    uow: UnitOfWork, actor: Actor, place: Place, districts: Collection[str], *, limit: int
) -> tuple[Recorded, ...]:
    """Open demands of a place, those that nothing fits first; the empty district is the city."""
    who, fits = reader(actor), _answered()
    rows = uow.session.execute(
        select(Demand.public_id, Demand.title, fits.label("answered"))
        .join(Organisation, Demand.organisation_id == Organisation.id)
        .where(
            *_open(who, "demand"),
            _on_chain("demand", place[0]),
            _in_region(_demand_region(who), place[1], districts),
        )
        .order_by(fits, Demand.published_at.desc(), Demand.id)
        .limit(limit)
    )
    return tuple(
        Recorded(public_id=key, title=title, answered=bool(found), note="")
        for key, title, found in rows
    )


def outcomes(
    uow: UnitOfWork, actor: Actor, place: Place, districts: Collection[str], *, limit: int
) -> tuple[Recorded, ...]:
    """Open outcomes of a place, local ones first."""
    local_first = case((Outcome.provenance == "local", 0), else_=1)
    rows = uow.session.execute(
        select(Outcome.public_id, Outcome.title, Outcome.provenance)
        .join(Organisation, Outcome.organisation_id == Organisation.id)
        .where(
            *_open(reader(actor), "outcome"),
            _on_chain("outcome", place[0]),
            _in_region(Organisation.region_code, place[1], districts),
        )
        .order_by(local_first, Outcome.published_at.desc(), Outcome.id)
        .limit(limit)
    )
    return tuple(
        Recorded(public_id=key, title=title, answered=False, note=provenance)
        for key, title, provenance in rows
    )


def unmet(uow: UnitOfWork, *, limit: int) -> list[int]:
    """The keys of open demands that nothing fits, the latest first, by key.

    A directed demand is left out: its firm has chosen whom it asks.
    """
    found = uow.session.scalars(
        select(Demand.id)
        .where(matched("demand"), Demand.disclosure != "directed", ~_answered())
        .order_by(Demand.published_at.desc(), Demand.id)
        .limit(limit)
    )
    return sorted(found)


def _told(region: str | None, districts: Collection[str]) -> str:
    return region if region is not None and region in districts else NO_REGION


def _counted(who: Actor, chain: str | None) -> Select[str, str | None, str, int, int]:
    """Rows of chain, district, what is counted, how many, and of how many it is the first chain."""
    usable = _usable().subquery()
    kind = case((usable.c.demand_id.is_not(None), literal("answered")), else_=literal("unmet"))
    demand = _grouped("demand", who, _demand_region(who), kind)
    demand = demand.outerjoin(usable, usable.c.demand_id == Demand.id)
    outcome = _grouped("outcome", who, Organisation.region_code, Outcome.provenance)
    if chain is not None:
        demand = demand.where(_chain_code("demand") == chain)
        outcome = outcome.where(_chain_code("outcome") == chain)
    every = union_all(demand, outcome).subquery()
    return select(every.c.chain, every.c.region, every.c.kind, every.c.number, every.c.firsts)


def _grouped(
    noun: str,
    who: Actor,
    region: SQLColumnExpression[str | None],
    kind: SQLColumnExpression[str],
) -> Select[str, str | None, str, int, int]:
    """The open records of a noun in groups; the caller joins what ``kind`` needs."""
    model, chain = MODELS[noun], _chain_code(noun)
    rows: Select[str, str | None, str, int, int] = (
        select(
            chain.label("chain"),
            region.label("region"),
            kind.label("kind"),
            func.count().label("number"),
            func.sum(case((_further(noun), 0), else_=1)).label("firsts"),
        )
        .select_from(model)
        .join(Organisation, model.organisation_id == Organisation.id)
        .where(*_open(who, noun))
        .group_by(chain, region, kind)
    )
    if noun == "demand":
        return rows.outerjoin(DemandChain, DemandChain.demand_id == Demand.id)
    return rows.outerjoin(OutcomeChain, OutcomeChain.outcome_id == Outcome.id)


def _further(noun: str) -> ColumnElement[bool]:
    """Whether the record of a joined row stands on another chain as well, one counted before."""
    if noun == "demand":
        demand = aliased(DemandChain)
        return exists().where(
            demand.demand_id == DemandChain.demand_id, demand.chain_code < DemandChain.chain_code
        )
    outcome = aliased(OutcomeChain)
    return exists().where(
        outcome.outcome_id == OutcomeChain.outcome_id, outcome.chain_code < OutcomeChain.chain_code
    )


def _chain_code(noun: str) -> SQLColumnExpression[str]:
    """The chain of a joined row; ``NO_CHAIN`` for a record that stands on none."""
    column = DemandChain.chain_code if noun == "demand" else OutcomeChain.chain_code
    return func.coalesce(column, NO_CHAIN)


def _of_kind(kind: str, number: int) -> Counts:
    if kind == "unmet":
        return Counts(demands=number)
    if kind == "answered":
        return Counts(demands=number, answered=number)
    return Counts(**{kind: number})


def _open(who: Actor, noun: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Open to matching, and to the reader."""
    return matched(noun), seen(who, noun)


def _usable() -> Select[int]:
    """The demands with a usable outcome that is still open, each once."""
    return (
        select(Match.demand_id)
        .join(Outcome, Match.outcome_id == Outcome.id)
        .where(
            Match.level >= _USABLE,
            Match.current.is_(True),
            Match.state != "dismissed",
            matched("outcome"),
        )
        .distinct()
    )


def _answered() -> ColumnElement[bool]:
    """Whether a demand has a usable outcome."""
    return Demand.id.in_(_usable())


def _demand_region(who: Actor) -> Case[str | None]:
    """The district of a demand's firm where the reader may learn whose demand it is."""
    return case((named(who, "demand"), Organisation.region_code), else_=null())


def _on_chain(noun: str, chain: str) -> ColumnElement[bool]:
    on = (
        exists().where(DemandChain.demand_id == Demand.id)
        if noun == "demand"
        else exists().where(OutcomeChain.outcome_id == Outcome.id)
    )
    if chain == NO_CHAIN:
        return ~on
    code = DemandChain.chain_code if noun == "demand" else OutcomeChain.chain_code
    return on.where(code == chain)


def _in_region(
    region: SQLColumnExpression[str | None], wanted: str, districts: Collection[str]
) -> ColumnElement[bool]:
    if not wanted:
        return and_(literal(value=True))
    if wanted == NO_REGION:
        return or_(region.is_(None), region.not_in(sorted(districts)))
    return region == wanted
