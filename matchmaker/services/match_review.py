"""The broker's decisions on suggested matches."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Select
from sqlalchemy.orm import contains_eager

from matchmaker.domain.assignment import DECISION_DAYS
from matchmaker.domain.errors import Invalid, NotAllowed, NotFound, WrongState
from matchmaker.domain.permissions import Actor, Bare, may, require
from matchmaker.domain.record import SNOOZE_LENGTH, UNDO_WINDOW
from matchmaker.domain.vocabulary import REASONS
from matchmaker.domain.working_days import WorkingDays
from matchmaker.services import audit, question
from matchmaker.services.clean_text import clean
from matchmaker.services.introduction import concerns
from matchmaker.services.match_reopening import end_snooze, reopen, sleep_left
from matchmaker.services.transition import transition
from matchmaker.store.assignment import PastAssignment
from matchmaker.store.database import UnitOfWork
from matchmaker.store.match import Match
from matchmaker.store.queries import match_review as query

NOTE_LENGTH: Final = 500
MOST_AT_ONCE: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkResult:
    """What became of several matches: how many were done and how many could not be any more."""

    done: int
    left: int


def accept(uow: UnitOfWork, actor: Actor, *, match_id: str, note: str = "") -> Match:
    """Take a match up: the broker will bring both sides together."""
    match = _open(uow, actor, match_id, "accept")
    note = clean("note", note, NOTE_LENGTH)
    _decide(uow, actor, match, "accept", {"note": note})
    return match


def dismiss(uow: UnitOfWork, actor: Actor, *, match_id: str, reason: str, note: str = "") -> Match:
    """Turn a match down for a reason of the list; ``other`` needs a note that says which."""
    match = _open(uow, actor, match_id, "dismiss")
    note = _clean_reason(reason, note)
    match.reason = reason
    _decide(uow, actor, match, "dismiss", {"reason": reason, "note": note})
    return match


def snooze(uow: UnitOfWork, actor: Actor, *, match_id: str) -> Match:
    """Put a match aside for a week; then it stands in the queue again."""
    match = _open(uow, actor, match_id, "snooze")
    _snooze(uow, actor, match)
    return match


def inquire(
    uow: UnitOfWork,
    actor: Actor,
    *,
    match_id: str,
    side: str,
    text: str,
    calendar: WorkingDays,
    base_url: str,
) -> Match:
    """Ask one side; the match waits for the answer, at most five working days, in one's own hands.

    A match of the pool becomes the asker's, so that the answer finds somebody.
    """
    match = _open(uow, actor, match_id, "inquire")
    question.ask(uow, actor, match, side=side, text=text, calendar=calendar, base_url=base_url)
    if match.assigned_to is None:
        _give(uow, actor, match, calendar)
    _decide(uow, actor, match, "inquire", {"side": side})
    return match


def undo(uow: UnitOfWork, actor: Actor, *, match_id: str) -> Match:
    """Take one's own decision back, within a minute, with all that were decided with it."""
    match = _open(uow, actor, match_id, "undo")
    if match.decided_by != actor.user_id:
        msg = "Only the broker who decided can take the decision back."
        raise NotAllowed(msg, noun="match", action="undo")
    if match.decided_at is None or uow.now - match.decided_at > UNDO_WINDOW:
        msg = "A decision can be taken back within a minute; that minute is over."
        raise WrongState(msg, noun="match", action="undo", state=match.state)
    together = uow.session.scalars(
        _locked(actor)
        .where(Match.decided_by == actor.user_id, Match.decided_at == match.decided_at)
        .where(Match.state == match.state)
    ).all()
    for one in together:
        if concerns(uow, one.id):
            msg = "Both sides have been asked about this match; withdraw the introduction instead."
            raise WrongState(msg, noun="match", action="undo", state=one.state)
        if one.state == "needs_information":
            question.withdraw_open(uow, actor, one)
        reopen(uow, actor, one, "undo")
    return match


def wake(uow: UnitOfWork, actor: Actor, *, match_id: str) -> Match:
    """Put a match that sleeps or waits for an answer back into the queue."""
    match = _open(uow, actor, match_id, "wake")
    question.withdraw_open(uow, actor, match)
    reopen(uow, actor, match, "wake")
    return match


def take(uow: UnitOfWork, actor: Actor, *, match_id: str, calendar: WorkingDays) -> Match:
    """Take a match out of the pool into one's own queue; one's capacity is one's own affair."""
    match = _open(uow, actor, match_id, "take")
    _require_free(actor, match)
    _give(uow, actor, match, calendar)
    return match


def release(uow: UnitOfWork, actor: Actor, *, match_id: str) -> Match:
    """Give back a match of one's own queue; it goes to the pool and then to somebody else.

    Within a minute of taking it, that and all that were taken with it are simply given back.
    """
    match = _open(uow, actor, match_id, "release")
    if match.assigned_to is None or match.assigned_to != actor.user_id:
        msg = "Only a match of your own queue can be given back."
        raise NotAllowed(msg, noun="match", action="release")
    taken_at = match.assigned_at if match.assigned_by == actor.user_id else None
    if taken_at is not None and uow.now - taken_at <= UNDO_WINDOW:
        together = uow.session.scalars(
            _locked(actor)
            .where(Match.assigned_by == actor.user_id, Match.assigned_at == taken_at)
            .where(Match.assigned_to == actor.user_id, Match.state.in_(("suggested", "snoozed")))
        ).all()
        for one in together:
            unassign(uow, actor, one, "release", None)
        return match
    unassign(uow, actor, match, "release", "released")
    return match


def decide_many(
    uow: UnitOfWork,
    actor: Actor,
    *,
    match_ids: Sequence[str],
    action: str,
    reason: str = "",
    calendar: WorkingDays,
) -> BulkResult:
    """Dismiss, snooze or take several matches; those gone, decided or out of sight are left.

    They are decided at one moment: taking one back takes back all.
    """
    require(actor, "match", action, Bare(state="suggested"))
    if not match_ids or len(match_ids) > MOST_AT_ONCE:
        msg = f"Choose between 1 and {MOST_AT_ONCE} pairs."
        raise Invalid(msg, {"chosen": "missing"})
    if action == "dismiss":
        _clean_reason(reason, "")
    found = uow.session.scalars(_locked(actor).where(Match.public_id.in_(match_ids))).all()
    done = 0
    for match in found:
        _wake_if_due(uow, actor, match, action)
        free = match.assigned_to is None and not _is_party(actor, match)
        if not may(actor, "match", action, match) or (action == "take" and not free):
            continue
        if action == "dismiss":
            match.reason = reason
            _decide(uow, actor, match, "dismiss", {"reason": reason, "note": ""})
        elif action == "snooze":
            _snooze(uow, actor, match)
        else:
            _give(uow, actor, match, calendar)
        done += 1
    return BulkResult(done=done, left=len(set(match_ids)) - done)


def unassign(uow: UnitOfWork, actor: Actor, match: Match, action: str, because: str | None) -> None:
    """Take a match out of a broker's queue; ``because`` keeps it from coming back to them."""
    require(actor, "match", action, match)
    before = match.assigned_to
    if because is not None and before is not None:
        uow.session.add(
            PastAssignment(match_id=match.id, user_id=before, because=because, ended_at=uow.now)
        )
    match.assigned_to = match.assigned_by = match.assigned_at = match.due_at = None
    audit.record(
        uow, actor, "match", match.id, action, before={"assigned_to": before},
        after={"assigned_to": None},
    )  # fmt: skip
    uow.flush()


def _open(uow: UnitOfWork, actor: Actor, match_id: str, action: str) -> Match:
    """Load a match under lock and check that the action is possible now.

    A snoozed match whose week is over counts as suggested again, so that it can be snoozed anew.
    """
    require(actor, "match", "review")
    match = uow.session.scalars(_locked(actor).where(Match.public_id == match_id)).one_or_none()
    if match is None:
        msg = "There is no such match, or none that you may see."
        raise NotFound(msg)
    _wake_if_due(uow, actor, match, action)
    require(actor, "match", action, match)
    return match


def _locked(actor: Actor) -> Select[Match]:
    """The matches that open to the actor, with both records, under lock."""
    return (
        query.opened(actor)
        .options(contains_eager(Match.demand), contains_eager(Match.outcome))
        .order_by(Match.id)
        .with_for_update(of=Match)
    )


def _wake_if_due(uow: UnitOfWork, actor: Actor, match: Match, action: str) -> None:
    due = match.snoozed_until is not None and match.snoozed_until <= uow.now
    if due and action in {"snooze", "inquire"}:
        reopen(uow, actor, match, "wake")


def _require_free(actor: Actor, match: Match) -> None:
    if match.assigned_to is not None:
        msg = "This match stands in a broker's queue already."
        raise WrongState(msg, noun="match", action="take", state=match.state)
    if _is_party(actor, match):
        msg = "Your own organisation is one of the sides."
        raise NotAllowed(msg, noun="match", action="take")


def _is_party(actor: Actor, match: Match) -> bool:
    sides: Collection[int] = {match.demand.organisation_id, match.outcome.organisation_id}
    return actor.organisation_id in sides


def _give(uow: UnitOfWork, actor: Actor, match: Match, calendar: WorkingDays) -> None:
    """Put a match into the actor's own queue; the clock of one that sleeps stands still."""
    match.assigned_to = match.assigned_by = actor.user_id
    match.assigned_at = uow.now
    match.due_at = calendar.due(uow.now, DECISION_DAYS) + sleep_left(match, uow.now)
    match.unassigned_because = None
    audit.record(uow, actor, "match", match.id, "take", after={"assigned_to": actor.user_id})
    uow.flush()


def _snooze(uow: UnitOfWork, actor: Actor, match: Match) -> None:
    """Sleep for a week; the clock of an assigned match stands still for as long."""
    match.snoozed_until = uow.now + SNOOZE_LENGTH
    if match.due_at is not None:
        match.due_at += SNOOZE_LENGTH
    _decide(uow, actor, match, "snooze", {"snoozed_until": match.snoozed_until})


def _decide(
    uow: UnitOfWork, actor: Actor, match: Match, action: str, noted: dict[str, object]
) -> None:
    waited = match.state == "needs_information"
    transition(uow, actor, "match", match, action, noted=noted)
    if waited:
        question.withdraw_open(uow, actor, match)
    match.note = str(noted.get("note", ""))
    match.decided_by = actor.user_id
    match.decided_at = uow.now
    if action != "snooze":
        end_snooze(match, uow.now)
    uow.flush()


def _clean_reason(reason: str, note: str) -> str:
    """The tidied note of a dismissal; raises ``Invalid`` where reason or note do not do."""
    if reason not in REASONS:
        msg = "Choose a reason from the list."
        raise Invalid(msg, {"reason": "unknown"})
    note = clean("note", note, NOTE_LENGTH)
    if reason == "other" and not note:
        msg = "Say in the note which other reason it is."
        raise Invalid(msg, {"note": "missing"})
    return note
