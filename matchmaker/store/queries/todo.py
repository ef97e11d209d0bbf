"""How much of what waits for somebody: every count of a role in one statement."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    exists,
    func,
    literal,
    or_,
    select,
    true,
    union_all,
)

from matchmaker.domain.engagement import CLOSED
from matchmaker.domain.permissions import Actor
from matchmaker.domain.record import EXPIRY_REMINDER
from matchmaker.domain.working_days import day_of, start_of_day
from matchmaker.store.audit import AuditCheck
from matchmaker.store.change import Progress
from matchmaker.store.database import UnitOfWork
from matchmaker.store.demand import Demand
from matchmaker.store.duplicate import Duplicate
from matchmaker.store.engagement import Engagement, Meeting
from matchmaker.store.introduction import Introduction
from matchmaker.store.match import Match
from matchmaker.store.next_step import NextStep
from matchmaker.store.notification import Notification
from matchmaker.store.organisation import Organisation, User
from matchmaker.store.outbox import OutboxMail
from matchmaker.store.outcome import Outcome
from matchmaker.store.queries import event_todo as events
from matchmaker.store.queries import todo_desk
from matchmaker.store.queries.challenge import (
    argued_waiting,
    consents_waiting,
    drafts,
    objections_waiting,
    reports_waiting,
    steps_waiting,
)
from matchmaker.store.queries.challenge_judging import waiting as scores_waiting
from matchmaker.store.queries.duplicate import shown
from matchmaker.store.queries.organisation import waits
from matchmaker.store.queries.outbox import given_up
from matchmaker.store.queries.party import party
from matchmaker.store.queries.placement import open_count as placements
from matchmaker.store.queries.visibility import MODELS, matched, member, seen
from matchmaker.store.question import Question

_SOON: Final = timedelta(days=7)  # meetings so near are told of
_Count = Select[Any]


def counts(uow: UnitOfWork, actor: Actor) -> Mapping[str, int]:
    """What waits for the actor, by code; nothing that the actor may not see is counted."""
    by_role = {
        "company": _company,
        "researcher": _researcher,
        "broker": _broker,
        "association": todo_desk.association,
        "specialist": todo_desk.specialist,
        "bureau": _bureau,
        "administrator": _administrator,
    }
    if actor.role not in by_role:
        return {}
    parts = by_role[actor.role](uow, actor) | {"unread": _unread(actor)}
    if actor.manager and actor.organisation_id is not None:
        parts["members"] = _members(User.organisation_id == actor.organisation_id)
    found = uow.session.execute(
        union_all(
            *(
                statement.add_columns(literal(code).label("code"))
                for code, statement in parts.items()
            )
        )
    )
    numbers = {code: number for number, code in found}
    return {code: numbers[code] for code in parts}


def _company(uow: UnitOfWork, actor: Actor) -> dict[str, _Count]:
    own = _own(uow, actor, "demand", ("returned", "draft", "expired"))
    consents = {"challenge_consents": consents_waiting(actor)}
    calls = consents | _bids(uow, actor)
    return _talks(uow, actor, "company") | calls | todo_desk.company(actor) | own


def _researcher(uow: UnitOfWork, actor: Actor) -> dict[str, _Count]:
    calls = {"challenge_scores": scores_waiting(actor)} | _bids(uow, actor)
    talks = _talks(uow, actor, "institution") | calls
    parts = talks | _own(uow, actor, "outcome", ("changes_requested", "draft", "expired"))
    if not actor.manager:
        return parts
    waiting = _of(Outcome, Outcome.state == "institution_review", member(actor, "outcome"))
    return talks | {"outcomes_to_approve": waiting} | parts


def _bids(uow: UnitOfWork, actor: Actor) -> dict[str, _Count]:
    """What waits for who bids, and for who has won."""
    return {
        "challenge_reports": reports_waiting(uow, actor),
        "challenge_drafts": drafts(uow, actor),
    }


def _broker(uow: UnitOfWork, actor: Actor) -> dict[str, _Count]:
    tonight = start_of_day(uow.now) + timedelta(days=1)
    own = and_(Match.assigned_to == actor.user_id, Match.due_at <= tonight)
    return {
        "queue_due": _queue(uow).where(own, Match.state == "suggested"),
        **todo_desk.broker(actor),
        "engagements_due": _engagements_due(uow, actor),
        "meetings": _meetings(uow, actor),
        "challenge_scores": scores_waiting(actor),
        **events.of_organiser(uow, actor),
        "pairs_to_introduce": _to_introduce(actor),
        "matches": _queue(uow),
        "demands_to_review": _demands_to_review(actor),
        "questions": _requests(actor, "expert"),
        "duplicates": _duplicates(actor),
        "placements": placements(actor),
    }


def _bureau(uow: UnitOfWork, actor: Actor) -> dict[str, _Count]:
    return {
        "audit_broken": _audit_broken(),
        "challenge_objections": objections_waiting(),
        "challenge_argued": argued_waiting(),
        "challenge_steps": steps_waiting(uow),
        **events.of_organiser(uow, actor),
        "organisations": _of(Organisation, Organisation.state == "pending"),
        "demands_to_review": _demands_to_review(actor),
        "proposals": _requests(actor, "challenge"),
        "questions": _requests(actor, "expert"),
        "duplicates": _duplicates(actor),
        "placements": placements(actor),
    }


def _administrator(_uow: UnitOfWork, actor: Actor) -> dict[str, _Count]:
    behind = select((Progress.last_change - Progress.matched_through).label("number"))
    return {
        "audit_broken": _audit_broken(),
        "mail_stuck": _of(OutboxMail, given_up()),
        "changes_behind": behind.where(Progress.id == 1),
        "duplicates": _duplicates(actor),
    }


def _audit_broken() -> _Count:
    return select(AuditCheck.problems.label("number")).where(AuditCheck.id == 1)


def _talks(uow: UnitOfWork, actor: Actor, side: str) -> dict[str, _Count]:
    """What waits for the actor's side in introductions, questions and engagements."""
    answer = getattr(Introduction, f"{side}_answer")
    return {
        "introductions": _of(
            Introduction,
            party(actor, Introduction),
            Introduction.state == "asked",
            Introduction.due_at >= uow.now,
            answer.is_(None),
        ),
        "questions_to_answer": _of(
            Question,
            Question.organisation_id == (actor.organisation_id or 0),
            Question.state == "open",
        ),
        "engagements_due": _engagements_due(uow, actor, Engagement.next_side == side),
        "meetings": _meetings(uow, actor),
    } | events.of_party(uow, actor)


def _engagements_due(uow: UnitOfWork, actor: Actor, *where: ColumnElement[bool]) -> _Count:
    """Engagements of the actor whose next action is due today or overdue."""
    return _of(
        Engagement,
        party(actor, Engagement),
        Engagement.state.not_in(CLOSED),
        Engagement.next_due <= day_of(uow.now),
        *where,
    )


def _meetings(uow: UnitOfWork, actor: Actor) -> _Count:
    """The actor's meetings of the next days."""
    return _of(
        Meeting,
        Meeting.engagement_id.in_(select(Engagement.id).where(party(actor, Engagement))),
        Meeting.state == "planned",
        Meeting.starts_at.between(uow.now, uow.now + _SOON),
    )


def _own(uow: UnitOfWork, actor: Actor, noun: str, states: tuple[str, ...]) -> dict[str, _Count]:
    """Records of one's own that wait for their people: by state, and those that end soon."""
    model = MODELS[noun]
    mine = member(actor, noun)
    if noun == "outcome" and not actor.manager:
        mine = and_(mine, model.author_id == actor.user_id)
    today = day_of(uow.now)
    parts = {f"{noun}_{state}": _of(model, mine, model.state == state) for state in states}
    soon = model.expires_on.between(today, today + EXPIRY_REMINDER)
    parts[f"{noun}_expiring"] = _of(model, mine, model.state == "published", soon)
    return parts


def _queue(uow: UnitOfWork) -> _Count:
    """The open part of the queue, as its own page counts it."""
    due = and_(Match.state == "snoozed", Match.snoozed_until <= uow.now)
    return (
        select(func.count(Match.id).label("number"))
        .join(Demand, Match.demand_id == Demand.id)
        .join(Outcome, Match.outcome_id == Outcome.id)
        .where(
            or_(Match.state == "suggested", due),
            Match.current.is_(True),
            matched("demand"),
            matched("outcome"),
        )
    )


def _to_introduce(actor: Actor) -> _Count:
    """Pairs that the broker has accepted, of consortia too, and asked nobody about yet."""
    asked = exists().where(Introduction.match_id == Match.id).correlate(Match)
    mine = and_(Match.state == "accepted", Match.decided_by == actor.user_id, ~asked)
    return (
        _of(Match, mine, matched("demand"), matched("outcome"))
        .join(Demand, Match.demand_id == Demand.id)
        .join(Outcome, Match.outcome_id == Outcome.id)
    )


def _demands_to_review(actor: Actor) -> _Count:
    return _of(Demand, Demand.state == "submitted", seen(actor, "demand"))


def _requests(actor: Actor, kind: str) -> _Count:
    """Open requests of demands that the actor may see, as their own page counts them."""
    wanted = (NextStep.state == "open", NextStep.kind == kind, seen(actor, "demand"))
    return _of(NextStep, *wanted).join(Demand, NextStep.demand_id == Demand.id)


def _duplicates(actor: Actor) -> _Count:
    """Open pairs that the actor may see, as their own page counts them."""
    return _of(Duplicate, Duplicate.state == "open", or_(*(shown(actor, noun) for noun in MODELS)))


def _members(where: ColumnElement[bool]) -> _Count:
    return _of(User, where, waits())


def _unread(actor: Actor) -> _Count:
    own = Notification.user_id == (actor.user_id or 0)
    return _of(Notification, own, Notification.read_at.is_(None))


def _of(model: type[Any], *where: ColumnElement[bool]) -> _Count:
    return select(func.count().label("number")).select_from(model).where(true(), *where)
