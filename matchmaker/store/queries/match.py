"""Suggested pairs as frozen rows: of a demand, of an outcome, of one's own records, the newest.

Every function obeys :func:`~matchmaker.store.queries.visibility.pair_shown` or ``pair_opened``; the
name of a company that the actor may not learn never leaves the database.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, and_, case, func, or_, select
from sqlalchemy.orm import aliased

from matchmaker.domain.permissions import VISITOR, Actor
from matchmaker.domain.visibility import anonymised
from matchmaker.store.database import UnitOfWork
from matchmaker.store.demand import Demand
from matchmaker.store.match import Match
from matchmaker.store.organisation import Organisation, User
from matchmaker.store.outcome import Outcome
from matchmaker.store.queries.statement import kept
from matchmaker.store.queries.visibility import member, named, pair_opened, pair_shown

_DECIDED_LAST: Final = case((Match.state == "dismissed", 1), else_=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class PairSide:
    """One side of a pair as a list shows it; ``organisation_name`` is None where it is withheld."""

    id: int
    public_id: str
    title: str
    organisation_name: str | None
    trl: int | None
    origin: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """One suggested pair; ``state`` and what follows are None for those it does not concern."""

    public_id: str
    demand: PairSide
    outcome: PairSide
    score: float
    level: int
    rank: int
    explanation: Mapping[str, Any]
    created_at: datetime
    opens: bool
    state: str | None
    reason: str | None
    decided_at: datetime | None
    decided_by: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestionPage:
    """A page of suggestions, how many there are in all, and how many in each state."""

    rows: tuple[Suggestion, ...]
    total: int
    by_state: Mapping[str, int]


def shortlist_for_demand(uow: UnitOfWork, actor: Actor, demand_id: int) -> tuple[Suggestion, ...]:
    """The outcomes suggested for a demand, best first; what was dismissed comes last.

    The parties, brokers and the bureau see every state, anybody else what is still suggested or
    accepted between public records.
    """
    wanted = and_(Match.demand_id == demand_id, _still_counts())
    order = (_DECIDED_LAST, Match.current.desc(), Match.rank, Match.id)
    return _suggestions(uow, _pairs(actor).where(wanted).order_by(*order))


def matches_of_outcome(uow: UnitOfWork, actor: Actor, outcome_id: int) -> tuple[Suggestion, ...]:
    """The demands that an outcome is suggested for, best first; visible as in the shortlist."""
    wanted = and_(Match.outcome_id == outcome_id, _still_counts())
    order = (_DECIDED_LAST, Match.score.desc(), Match.id)
    return _suggestions(uow, _pairs(actor).where(wanted).order_by(*order))


def own_suggestions(
    uow: UnitOfWork, actor: Actor, *, state: str | None, limit: int, offset: int, text: str = ""
) -> SuggestionPage:
    """The pairs of the actor's own organisation, one state or all, those still open first.

    Every word of ``text`` stands in one of the two titles.
    """
    own = and_(
        _own(actor),
        *(
            or_(
                Demand.title.icontains(word, autoescape=True),
                Outcome.title.icontains(word, autoescape=True),
            )
            for word in text.split()
        ),
    )
    counts = (
        select(Match.state, func.count())
        .select_from(Match)
        .join(Demand, Match.demand_id == Demand.id)
        .join(Outcome, Match.outcome_id == Outcome.id)
    )
    counted = uow.session.execute(counts.where(own, pair_opened(actor)).group_by(Match.state))
    by_state = {name: number for name, number in counted}  # noqa: C416 - a row is no pair to dict()
    rows = _pairs(actor).where(own, pair_opened(actor))
    if state is not None:
        rows = rows.where(Match.state == state)
    order = (_DECIDED_LAST, Match.score.desc(), Match.id)
    return SuggestionPage(
        rows=_suggestions(uow, rows.order_by(*order).limit(limit).offset(offset)),
        total=sum(by_state.values()) if state is None else by_state.get(state, 0),
        by_state=by_state,
    )


def best_of_own(
    uow: UnitOfWork, actor: Actor, record_ids: Sequence[int], noun: str, *, each: int
) -> dict[int, tuple[Suggestion, ...]]:
    """The best undismissed suggestions of each of one's own records, in one query."""
    key = Match.demand_id if noun == "demand" else Match.outcome_id
    place = (
        func.row_number()
        .over(partition_by=key, order_by=(Match.score.desc(), Match.id))
        .label("place")
    )
    ranked = (
        select(Match.id, place)
        .join(Demand, Match.demand_id == Demand.id)
        .join(Outcome, Match.outcome_id == Outcome.id)
        .where(key.in_(record_ids), pair_opened(actor), Match.state != "dismissed", _still_counts())
        .subquery()
    )
    best = select(ranked.c.id).where(ranked.c.place <= each)
    found = _suggestions(
        uow, _pairs(actor).where(Match.id.in_(best)).order_by(Match.score.desc(), Match.id)
    )
    grouped: dict[int, list[Suggestion]] = {record_id: [] for record_id in record_ids}
    for one in found:
        grouped[one.demand.id if noun == "demand" else one.outcome.id].append(one)
    return {record_id: tuple(rows) for record_id, rows in grouped.items()}


def recent_public_pairs(uow: UnitOfWork, *, limit: int) -> tuple[Suggestion, ...]:
    """The newest strong pairs that everybody may see, at most one of each demand and outcome.

    Whoever asks, the answer is the visitor's: the list stands on the public home page.
    """
    place = (
        func.row_number()
        .over(partition_by=Match.demand_id, order_by=(Match.score.desc(), Match.id))
        .label("place")
    )
    best = (
        select(Match.id, place)
        .join(Demand, Match.demand_id == Demand.id)
        .join(Outcome, Match.outcome_id == Outcome.id)
        .where(pair_shown(VISITOR))
        .subquery()
    )
    first = select(best.c.id).where(best.c.place == 1)
    order = (Match.level.desc(), func.date(Match.created_at).desc(), Match.score.desc(), Match.id)
    found = _suggestions(
        uow, _pairs(VISITOR).where(Match.id.in_(first)).order_by(*order).limit(4 * limit)
    )
    chosen: dict[int, Suggestion] = {}
    for one in found:
        chosen.setdefault(one.outcome.id, one)
    return tuple(chosen.values())[:limit]


def _own(actor: Actor) -> ColumnElement[bool]:
    """Pairs with a record of the actor's own organisation."""
    return or_(member(actor, "demand"), member(actor, "outcome"))


def _still_counts() -> ColumnElement[bool]:
    """In the present shortlist, or out of it but accepted: a decision is not forgotten."""
    return or_(Match.current.is_(True), Match.state == "accepted")


@kept
def _pairs(actor: Actor) -> Select[Any]:
    """Every pair the actor may see, with the columns of a :class:`Suggestion`."""
    company, institution = aliased(Organisation), aliased(Organisation)
    opens = pair_opened(actor)
    return (
        select(
            Match.public_id,
            Match.score,
            Match.level,
            Match.rank,
            Match.explanation,
            Match.created_at,
            Match.state,
            Match.reason,
            Match.decided_at,
            User.name.label("decided_by"),
            opens.label("opens"),
            Demand.id.label("demand_id"),
            Demand.public_id.label("demand_public_id"),
            Demand.title.label("demand_title"),
            Demand.lowest_trl.label("demand_trl"),
            Demand.origin.label("demand_origin"),
            Demand.state.label("demand_state"),
            case((named(actor, "demand"), company.name), else_=None).label("company_name"),
            Outcome.id.label("outcome_id"),
            Outcome.public_id.label("outcome_public_id"),
            Outcome.title.label("outcome_title"),
            Outcome.trl.label("outcome_trl"),
            Outcome.origin.label("outcome_origin"),
            Outcome.state.label("outcome_state"),
            institution.name.label("institution_name"),
        )
        .select_from(Match)
        .join(Demand, Match.demand_id == Demand.id)
        .join(Outcome, Match.outcome_id == Outcome.id)
        .join(company, Demand.organisation_id == company.id)
        .join(institution, Outcome.organisation_id == institution.id)
        .outerjoin(User, Match.decided_by == User.id)
        .where(pair_shown(actor))
    )


def _suggestions(uow: UnitOfWork, statement: Select[Any]) -> tuple[Suggestion, ...]:
    """The rows of a statement made by :func:`_pairs`."""
    return tuple(_suggestion(row) for row in uow.session.execute(statement))


def _suggestion(row: Row[Any]) -> Suggestion:
    opens = bool(row.opens)
    return Suggestion(
        public_id=row.public_id,
        demand=PairSide(
            id=row.demand_id,
            public_id=row.demand_public_id,
            title=row.demand_title,
            organisation_name=row.company_name,
            trl=row.demand_trl,
            origin=row.demand_origin,
            state=row.demand_state,
        ),
        outcome=PairSide(
            id=row.outcome_id,
            public_id=row.outcome_public_id,
            title=row.outcome_title,
            organisation_name=row.institution_name,
            trl=row.outcome_trl,
            origin=row.outcome_origin,
            state=row.outcome_state,
        ),
        score=row.score,
        level=row.level,
        rank=row.rank,
        explanation=row.explanation if row.company_name else anonymised(row.explanation),
        created_at=row.created_at,
        opens=opens,
        state=row.state if opens else None,
        reason=row.reason if opens else None,
        decided_at=row.decided_at if opens else None,
        decided_by=row.decided_by if opens else None,
    )
