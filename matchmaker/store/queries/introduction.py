"""Introductions as frozen rows, each as the side that reads it may see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import aliased

from matchmaker.domain.permissions import Actor
from matchmaker.store.database import UnitOfWork
from matchmaker.store.demand import Demand
from matchmaker.store.introduction import Introduction
from matchmaker.store.match import Match
from matchmaker.store.organisation import Organisation, User
from matchmaker.store.outcome import Outcome
from matchmaker.store.queries.party import party


@dataclass(frozen=True, slots=True, kw_only=True)
class IntroductionRow:
    """One introduction in a list; ``company_name`` is None where it is withheld."""

    public_id: str
    state: str
    demand_title: str
    outcome_title: str
    company_name: str | None
    institution_name: str
    broker_name: str
    asked_at: datetime
    due_at: datetime
    company_answer: str | None
    institution_answer: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedMatch:
    """How a match stands with introductions: the latest one, for the broker's desk."""

    public_id: str
    state: str
    mine: bool


def company_named(actor: Actor, demand: Demand, state: str) -> bool:
    """Whether the reader of an introduction may learn the company's name.

    The broker and the company always; the other side unless it is anonymous, and at mutual.
    """
    own = actor.role == "company" and actor.organisation_id == demand.organisation_id
    return own or actor.role == "broker" or demand.disclosure != "anonymous" or state == "mutual"


def listing(
    uow: UnitOfWork, actor: Actor, *, closed: bool, limit: int, offset: int
) -> tuple[IntroductionRow, ...]:
    """A page of the introductions that the actor has a part in, the one due first in front.

    They are those that wait, or those that came to nothing; what became mutual is listed as an
    engagement.
    """
    company, institution = aliased(Organisation), aliased(Organisation)
    order: tuple[Any, ...] = (
        (Introduction.closed_at.desc(), Introduction.id.desc())
        if closed
        else (Introduction.due_at, Introduction.id)
    )
    rows = uow.session.execute(
        select(Introduction, Demand, Outcome.title, company.name, institution.name, User.name)
        .join(Demand, Introduction.demand_id == Demand.id)
        .join(Outcome, Introduction.outcome_id == Outcome.id)
        .join(company, Introduction.company_id == company.id)
        .join(institution, Introduction.institution_id == institution.id)
        .join(User, Introduction.broker_id == User.id)
        .where(_wanted(actor, closed=closed))
        .order_by(*order)
        .limit(limit)
        .offset(offset)
    )
    return tuple(
        IntroductionRow(
            public_id=one.public_id,
            state=one.state,
            demand_title=demand.title,
            outcome_title=outcome_title,
            company_name=company_name if company_named(actor, demand, one.state) else None,
            institution_name=institution_name,
            broker_name=broker_name,
            asked_at=one.asked_at,
            due_at=one.due_at,
            company_answer=one.company_answer,
            institution_answer=one.institution_answer,
        )
        for one, demand, outcome_title, company_name, institution_name, broker_name in rows
    )


def count(uow: UnitOfWork, actor: Actor, *, closed: bool) -> int:
    """How many :func:`listing` has."""
    statement = select(func.count()).select_from(Introduction)
    return uow.session.scalar(statement.where(_wanted(actor, closed=closed))) or 0


def _wanted(actor: Actor, *, closed: bool) -> ColumnElement[bool]:
    states = ("declined", "lapsed", "withdrawn") if closed else ("asked",)
    return and_(Introduction.state.in_(states), party(actor, Introduction))


def of_match(uow: UnitOfWork, actor: Actor, match_public_id: str) -> AskedMatch | None:
    """The latest introduction of a match, or None where nobody was asked."""
    row = uow.session.execute(
        select(Introduction.public_id, Introduction.state, Introduction.broker_id)
        .join(Match, Introduction.match_id == Match.id)
        .where(Match.public_id == match_public_id)
        .order_by(Introduction.id.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    return AskedMatch(public_id=row.public_id, state=row.state, mine=row.broker_id == actor.user_id)
