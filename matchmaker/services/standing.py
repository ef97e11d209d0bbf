"""A demand and an outcome follow what becomes of the talks about them."""

from __future__ import annotations

from sqlalchemy import or_, select

from matchmaker.domain.permissions import SYSTEM
from matchmaker.domain.standing import ACTIONS, Talk, standing_of
from matchmaker.domain.visibility import LISTED_STATES, MATCHED_STATES
from matchmaker.services import introduction_clock, question
from matchmaker.services.transition import transition
from matchmaker.store.change import record_changes
from matchmaker.store.contract import Contract
from matchmaker.store.database import UnitOfWork
from matchmaker.store.demand import Demand
from matchmaker.store.engagement import Engagement
from matchmaker.store.outcome import Outcome


def settle(uow: UnitOfWork, engagement: Engagement) -> None:
    """Lead both records of an engagement to where all their talks leave them."""
    settle_record(uow, "demand", engagement.demand)
    settle_record(uow, "outcome", engagement.outcome)


def settle_record(uow: UnitOfWork, noun: str, record: Demand | Outcome) -> None:
    """Lead a record to where all its talks leave it, unless it was taken away from everybody.

    A demand in a challenge goes where the challenge goes, whatever else is talked about it.
    """
    if record.state not in LISTED_STATES[noun] & ACTIONS[noun].keys():
        return
    before, after = record.state, standing_of(noun, _talks(uow, noun, record))
    if before == after:
        return
    transition(uow, SYSTEM, noun, record, ACTIONS[noun][after])
    record.updated_at = uow.now
    uow.flush()
    follow(uow, noun, record, before)


def follow(uow: UnitOfWork, noun: str, record: Demand | Outcome, before: str) -> None:
    """Bring matching up to date after a record's step from a state.

    What is no longer matched leaves the shortlists; about what is not matched nothing stays open.
    """
    was, still = (state in MATCHED_STATES[noun] for state in (before, record.state))
    if was != still:
        record_changes(uow, noun, [record.id])
    if not still:
        introduction_clock.close_for(uow, noun, record.id)
        question.close_for(uow, noun, record.id)


def _talks(uow: UnitOfWork, noun: str, record: Demand | Outcome) -> list[Talk]:
    """The engagements about a record, less those that were over when it was published last."""
    about = Engagement.demand_id if noun == "demand" else Engagement.outcome_id
    over = Engagement.closed_at < record.published_at
    rows = uow.session.execute(
        select(Engagement.state, Engagement.dormant_from, Contract.type)
        .outerjoin(Contract, Contract.engagement_id == Engagement.id)
        .where(about == record.id, or_(Engagement.closed_at.is_(None), ~over))
    )
    return [
        Talk(stage=row.dormant_from or row.state, transfers=row.type == "transfer") for row in rows
    ]
