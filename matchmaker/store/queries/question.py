"""Questions as frozen rows: of a match for its broker, of an organisation for its people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, case, func, or_, select, true
from sqlalchemy.orm import aliased

from matchmaker.domain.permissions import Actor
from matchmaker.store.database import UnitOfWork
from matchmaker.store.demand import Demand
from matchmaker.store.match import Match
from matchmaker.store.organisation import User
from matchmaker.store.outcome import Outcome
from matchmaker.store.queries.statement import rows_of
from matchmaker.store.question import Question


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionRow:
    """A question with its answer. ``title`` is the asked side's own record's."""

    public_id: str
    match_public_id: str
    side: str
    record_public_id: str
    title: str
    state: str
    text: str
    asked_by: str
    asked_at: datetime
    lapses_at: datetime
    answer: str
    answered_by: str | None
    answered_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionPage:
    """A page of questions and how many there are, open and closed."""

    rows: tuple[QuestionRow, ...]
    open: int
    closed: int


def of_match(uow: UnitOfWork, actor: Actor, match_id: int) -> tuple[QuestionRow, ...]:
    """What was asked about a match, oldest first; for brokers alone."""
    return _rows(uow, actor, Question.match_id == match_id, Question.id)


def of_organisation(
    uow: UnitOfWork, actor: Actor, *, closed: bool, limit: int, offset: int
) -> QuestionPage:
    """The questions to the actor's organisation: those that wait, soonest to lapse first."""
    own = Question.organisation_id == actor.organisation_id
    waiting = func.coalesce(func.sum(case((Question.state == "open", 1), else_=0)), 0)
    total, still_open = uow.session.execute(select(func.count(), waiting).where(own)).one()
    state = Question.state != "open" if closed else Question.state == "open"
    order = Question.asked_at.desc() if closed else Question.lapses_at
    rows = _rows(uow, actor, own & state, order, limit=limit, offset=offset)
    return QuestionPage(rows=rows, open=still_open, closed=total - still_open)


def _rows(
    uow: UnitOfWork,
    actor: Actor,
    wanted: ColumnElement[bool],
    order: Any,
    *,
    limit: int = 50,
    offset: int = 0,
) -> tuple[QuestionRow, ...]:
    """Who answered for an organisation is named to those alone who may know the person."""
    answerer = aliased(User)
    asked_demand = Question.side == "demand"
    found = uow.session.execute(
        select(
            Question.public_id,
            Match.public_id.label("match_public_id"),
            Question.side,
            case((asked_demand, Demand.public_id), else_=Outcome.public_id).label(
                "record_public_id"
            ),
            case((asked_demand, Demand.title), else_=Outcome.title).label("title"),
            Question.state,
            Question.text,
            User.name.label("asked_by"),
            Question.asked_at,
            Question.lapses_at,
            Question.answer,
            case((_known(actor, answerer), answerer.name), else_=None).label("answered_by"),
            Question.answered_at,
        )
        .join(Match, Question.match_id == Match.id)
        .join(Demand, Match.demand_id == Demand.id)
        .join(Outcome, Match.outcome_id == Outcome.id)
        .join(User, Question.asked_by == User.id)
        .outerjoin(answerer, Question.answered_by == answerer.id)
        .where(wanted)
        .order_by(order, Question.id)
        .limit(limit)
        .offset(offset)
    )
    return rows_of(QuestionRow, found)


def _known(actor: Actor, person: Any) -> ColumnElement[bool]:
    """``domain.visibility.may_know_person`` of people who answer: companies', institutions'."""
    if actor.role in ("bureau", "administrator"):
        return true()
    colleague: ColumnElement[bool] = person.organisation_id == (actor.organisation_id or 0)
    return or_(person.id == (actor.user_id or 0), colleague)
