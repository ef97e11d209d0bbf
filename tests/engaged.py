"""Two sides in talks, for tests that begin there: match, introduction, engagement, agreement."""

from __future__ import annotations

from typing import Any

from matchmaker.domain.engagement import NDA_VERSION
from matchmaker.domain.introduction import answer_due
from matchmaker.domain.working_days import WorkingDays
from matchmaker.store.database import UnitOfWork
from matchmaker.store.demand import Demand
from matchmaker.store.engagement import Engagement, NdaAcceptance
from matchmaker.store.introduction import Introduction
from matchmaker.store.match import Match
from matchmaker.store.organisation import User
from matchmaker.store.outcome import Outcome

BOTH = {"company": NDA_VERSION, "institution": NDA_VERSION}


def match(uow: UnitOfWork, demand: Demand, outcome: Outcome, **fields: Any) -> Match:
    values: dict[str, Any] = {
        "demand_id": demand.id,
        "outcome_id": outcome.id,
        "score": 0.8,
        "level": 3,
        "rank": 1,
        "explanation": {},
        "engine_version": "test",
        "state": "accepted",
        "decided_at": uow.now,
        "created_at": uow.now,
    }
    made = Match(**(values | fields))
    uow.session.add(made)
    uow.session.flush()
    return made


def introduction(
    uow: UnitOfWork, demand: Demand, outcome: Outcome, broker: User, company: User, **fields: Any
) -> Introduction:
    """An introduction that both sides have accepted."""
    found = uow.session.query(Match).filter_by(demand_id=demand.id, outcome_id=outcome.id).first()
    pair = found or match(uow, demand, outcome)
    values: dict[str, Any] = {
        "match_id": pair.id,
        "demand_id": demand.id,
        "outcome_id": outcome.id,
        "company_id": demand.organisation_id,
        "institution_id": outcome.organisation_id,
        "researcher_id": outcome.author_id,
        "broker_id": broker.id,
        "state": "mutual",
        "company_answer": "accepted",
        "company_answered_by": company.id,
        "company_answered_at": uow.now,
        "institution_answer": "accepted",
        "institution_answered_by": outcome.author_id or broker.id,
        "institution_answered_at": uow.now,
        "asked_at": uow.now,
        "due_at": answer_due(WorkingDays(), uow.now),
        "closed_at": uow.now,
    }
    made = Introduction(**(values | fields))
    uow.session.add(made)
    uow.session.flush()
    return made


def engagement(
    uow: UnitOfWork,
    demand: Demand,
    outcome: Outcome,
    broker: User,
    company: User,
    *,
    nda: dict[str, str] | None = None,
    **fields: Any,
) -> Engagement:
    """An engagement; ``nda`` are the sides that have accepted with the text they accepted."""
    asked = introduction(uow, demand, outcome, broker, company)
    values: dict[str, Any] = {
        "introduction_id": asked.id,
        "demand_id": demand.id,
        "outcome_id": outcome.id,
        "company_id": demand.organisation_id,
        "institution_id": outcome.organisation_id,
        "researcher_id": outcome.author_id,
        "broker_id": broker.id,
        "state": "nda" if nda == BOTH else "mutual",
        "opened_at": uow.now,
        "last_step_at": uow.now,
    }
    made = Engagement(**(values | fields))
    uow.session.add(made)
    uow.session.flush()
    for side, version in (nda or {}).items():
        uow.session.add(
            NdaAcceptance(
                engagement_id=made.id,
                side=side,
                text_version=version,
                accepted_by=company.id if side == "company" else outcome.author_id or broker.id,
                name="某某",
                accepted_at=uow.now,
            )
        )
    uow.session.flush()
    return made
