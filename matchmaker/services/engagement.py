"""The way of an engagement: its steps, its confidentiality agreement, its ends and its rests."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from matchmaker.domain.engagement import (
    ACTION_LENGTH,
    CLOSED,
    DORMANT_AFTER,
    EXPECTED,
    NDA_VERSION,
    NOTE_LENGTH,
    STEPS,
    due_on,
    missing,
    nda_complete,
    skipped,
)
from matchmaker.domain.errors import Conflict, Invalid, NotFound, WrongState
from matchmaker.domain.permissions import SYSTEM, Actor, may, require, rule_of
from matchmaker.domain.vocabulary import REASONS, SIDES
from matchmaker.domain.working_days import WorkingDays, day_of
from matchmaker.services import audit, engagement_notice
from matchmaker.services.clean_text import clean
from matchmaker.services.party import side_of
from matchmaker.services.standing import settle
from matchmaker.services.transition import transition
from matchmaker.store.database import UnitOfWork
from matchmaker.store.engagement import Engagement, EngagementStep, NdaAcceptance
from matchmaker.store.introduction import Introduction
from matchmaker.store.queries.engagement_facts import facts_of

NAME_LENGTH = 80


def begin(
    uow: UnitOfWork, actor: Actor, introduction: Introduction, calendar: WorkingDays
) -> Engagement:
    """Open the engagement of an introduction that both sides have accepted."""
    made = Engagement(
        introduction_id=introduction.id,
        demand_id=introduction.demand_id,
        outcome_id=introduction.outcome_id,
        company_id=introduction.company_id,
        institution_id=introduction.institution_id,
        researcher_id=introduction.researcher_id,
        broker_id=introduction.broker_id,
        state="mutual",
        opened_at=uow.now,
        last_step_at=uow.now,
    )
    made.demand, made.outcome = introduction.demand, introduction.outcome
    _expect(made, _due(uow, made, calendar))
    uow.session.add(made)
    uow.flush()
    audit.record(uow, actor, "engagement", made.id, "begin", states=(None, "mutual"))
    _note_step(uow, actor, made, "begin", None, "")
    uow.flush()
    settle(uow, made)
    return made


def step(
    uow: UnitOfWork,
    actor: Actor,
    *,
    engagement_id: str,
    action: str,
    calendar: WorkingDays,
    note: str = "",
    base_url: str = "",
) -> Engagement:
    """Take a step of the table whose guard lets it pass; jumping over stages needs a note."""
    found = load(uow, actor, engagement_id, lock=True)
    if action not in STEPS:
        msg = "There is no such step."
        raise NotFound(msg, noun="engagement")
    require(actor, "engagement", action, found)
    if (lacking := missing(action, facts_of(uow, found.id))) is not None:
        msg = f"This step still needs: {lacking}."
        raise WrongState(msg, noun="engagement", action=action, state=found.state, lacks=lacking)
    jumped = skipped(action, found.state)
    note = clean("note", note, NOTE_LENGTH, required=bool(jumped))
    before = found.state
    noted: dict[str, object] = {"skipped": ", ".join(jumped)} if jumped else {}
    if rule_of("engagement", action).target in CLOSED:
        found.closed_at = uow.now
    transition(uow, actor, "engagement", found, action, noted=noted)
    _move(uow, actor, found, action, before, note, due=_due(uow, found, calendar))
    engagement_notice.tell(uow, found, "step", actor=actor, base_url=base_url)
    return found


def accept_nda(
    uow: UnitOfWork,
    actor: Actor,
    *,
    engagement_id: str,
    name: str,
    version: str,
    calendar: WorkingDays,
    base_url: str = "",
) -> Engagement:
    """Accept the confidentiality agreement for one's side, by name; with both it is concluded."""
    found = load(uow, actor, engagement_id, lock=True)
    require(actor, "engagement", "accept_nda", found)
    side = side_of(actor, found)
    if version != NDA_VERSION:
        msg = "The text has changed since you opened it. Read it again."
        raise Conflict(msg, noun="engagement")
    name = clean("name", name, NAME_LENGTH, required=True, single_line=True)
    if side in facts_of(uow, found.id).nda_sides:
        msg = "Your side has accepted already."
        raise WrongState(msg, noun="engagement", action="accept_nda", state=found.state)
    uow.session.add(
        NdaAcceptance(
            engagement_id=found.id,
            side=side,
            text_version=version,
            accepted_by=actor.user_id or 0,
            name=name,
            accepted_at=uow.now,
        )
    )
    noted: dict[str, object] = {"side": side, "text_version": version}
    transition(uow, actor, "engagement", found, "accept_nda", noted=noted)
    _note_step(uow, actor, found, "accept_nda", found.state, "")
    found.last_step_at = uow.now
    uow.flush()
    event = "nda_accepted"
    if nda_complete(facts_of(uow, found.id)):
        before = found.state
        transition(uow, SYSTEM, "engagement", found, "conclude_nda")
        due = _due(uow, found, calendar)
        _move(uow, SYSTEM, found, "conclude_nda", before, "", due=due)
        event = "step"
    engagement_notice.tell(uow, found, event, actor=actor, base_url=base_url)
    return found


def plan_next(
    uow: UnitOfWork,
    actor: Actor,
    *,
    engagement_id: str,
    text: str,
    side: str,
    due: date | None,
) -> Engagement:
    """Say what is next, who does it and by when; an empty text stands for the usual step."""
    found = load(uow, actor, engagement_id, lock=True)
    require(actor, "engagement", "plan_next", found)
    text = clean("text", text, ACTION_LENGTH, single_line=True)
    if side not in SIDES:
        msg = "Say who is to act."
        raise Invalid(msg, {"side": "unknown"})
    if due is None or due < day_of(uow.now):
        msg = "Name a day that is not over."
        raise Invalid(msg, {"due": "in_the_past"})
    found.next_action, found.next_side, found.next_due = text, side, due
    transition(
        uow, actor, "engagement", found, "plan_next", noted={"side": side, "due": due.isoformat()}
    )
    uow.flush()
    return found


def lose(
    uow: UnitOfWork,
    actor: Actor,
    *,
    engagement_id: str,
    reason: str,
    note: str = "",
    base_url: str = "",
) -> Engagement:
    """End an engagement without success, for a reason of the list."""
    found = load(uow, actor, engagement_id, lock=True)
    require(actor, "engagement", "lose", found)
    if reason not in REASONS:
        msg = "Choose a reason from the list."
        raise Invalid(msg, {"reason": "unknown"})
    note = clean("note", note, NOTE_LENGTH, required=reason == "other")
    before = found.state
    found.lost_reason, found.closed_at, found.dormant_from = reason, uow.now, None
    transition(uow, actor, "engagement", found, "lose", noted={"reason": reason})
    _move(uow, actor, found, "lose", before, note, due=None)
    engagement_notice.tell(uow, found, "lost", actor=actor, base_url=base_url)
    return found


def wake(
    uow: UnitOfWork,
    actor: Actor,
    *,
    engagement_id: str,
    calendar: WorkingDays,
    base_url: str = "",
) -> Engagement:
    """Take a dormant engagement up again, in the state it had."""
    found = load(uow, actor, engagement_id, lock=True)
    require(actor, "engagement", "wake", found)
    before, earlier = found.state, found.dormant_from
    found.dormant_from = None
    transition(uow, actor, "engagement", found, "wake", earlier=earlier)
    _move(uow, actor, found, "wake", before, "", due=_due(uow, found, calendar))
    engagement_notice.tell(uow, found, "step", actor=actor, base_url=base_url)
    return found


def rest_due(uow: UnitOfWork, *, base_url: str = "") -> int:
    """Put to rest what has not moved for thirty days; broker and bureau are told."""
    still = uow.session.scalars(
        select(Engagement)
        .where(
            Engagement.state.in_(rule_of("engagement", "rest").sources),
            Engagement.last_step_at < uow.now - DORMANT_AFTER,
        )
        .options(joinedload(Engagement.demand), joinedload(Engagement.outcome))
        .order_by(Engagement.id)
        .with_for_update(of=Engagement)
    ).all()
    for one in still:
        before = one.state
        one.dormant_from = before
        transition(uow, SYSTEM, "engagement", one, "rest")
        _note_step(uow, SYSTEM, one, "rest", before, "")
        one.next_action, one.next_side, one.next_due = "", "broker", None
        uow.flush()
        engagement_notice.tell(uow, one, "dormant", actor=SYSTEM, base_url=base_url)
    return len(still)


def remind_due(uow: UnitOfWork, *, base_url: str = "") -> int:
    """Remind whoever is to act, once, of a next step whose day is over."""
    today = day_of(uow.now)
    late = uow.session.scalars(
        select(Engagement)
        .where(
            Engagement.state.not_in(CLOSED),
            Engagement.next_due < today,
            Engagement.next_reminded_on.is_distinct_from(Engagement.next_due),
        )
        .options(joinedload(Engagement.demand), joinedload(Engagement.outcome))
        .order_by(Engagement.id)
        .with_for_update(of=Engagement)
    ).all()
    for one in late:
        one.next_reminded_on = one.next_due
        audit.record(uow, SYSTEM, "engagement", one.id, "remind")
        engagement_notice.tell(uow, one, "overdue", actor=SYSTEM, base_url=base_url)
    uow.flush()
    return len(late)


def load(uow: UnitOfWork, actor: Actor, public_id: str, *, lock: bool = False) -> Engagement:
    """The engagement of a public id; ``NotFound`` unless the actor is one of its parties."""
    statement = (
        select(Engagement)
        .where(Engagement.public_id == public_id)
        .options(joinedload(Engagement.demand), joinedload(Engagement.outcome))
    )
    if lock:
        statement = statement.with_for_update(of=Engagement)
    found = uow.session.scalars(statement).one_or_none()
    if found is None or not may(actor, "engagement", "view", found):
        msg = "There is no such engagement, or none that you are a party of."
        raise NotFound(msg, noun="engagement")
    return found


def require_open(engagement: Engagement, action: str) -> None:
    """Refuse to add to an engagement that is over."""
    if engagement.state in CLOSED:
        msg = "This engagement is over."
        raise WrongState(msg, noun="engagement", action=action, state=engagement.state)


def touch(uow: UnitOfWork, engagement: Engagement) -> None:
    """Something happened between the sides: the thirty days begin anew."""
    engagement.last_step_at = uow.now


def _move(
    uow: UnitOfWork,
    actor: Actor,
    engagement: Engagement,
    action: str,
    before: str,
    note: str,
    *,
    due: date | None,
) -> None:
    """Note the step, expect the usual next one by the day given, and let both records follow."""
    _note_step(uow, actor, engagement, action, before, note)
    engagement.last_step_at = uow.now
    _expect(engagement, due)
    uow.flush()
    settle(uow, engagement)


def _note_step(
    uow: UnitOfWork,
    actor: Actor,
    engagement: Engagement,
    action: str,
    before: str | None,
    note: str,
) -> None:
    uow.session.add(
        EngagementStep(
            engagement_id=engagement.id,
            action=action,
            state_from=before,
            state_to=engagement.state,
            note=note,
            taken_by=actor.user_id,
            taken_at=uow.now,
        )
    )


def _due(uow: UnitOfWork, engagement: Engagement, calendar: WorkingDays) -> date | None:
    """The day by which the usual next step of the stage now reached is expected."""
    return due_on(calendar, engagement.state, uow.now)


def _expect(engagement: Engagement, due: date | None) -> None:
    """What the new stage usually waits for, from whom, and by when."""
    expected = EXPECTED.get(engagement.state)
    engagement.next_action = ""
    engagement.next_side = expected.side if expected else None
    engagement.next_due = due
    engagement.next_reminded_on = None
