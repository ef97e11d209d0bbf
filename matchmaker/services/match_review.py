"""The broker's decisions on suggested matches."""

from __future__ import annotations

from typing import Final

from sqlalchemy import select

from matchmaker.domain.errors import Invalid, NotAllowed, NotFound, WrongState
from matchmaker.domain.permissions import Actor, require
from matchmaker.domain.record import SNOOZE_LENGTH, UNDO_WINDOW
from matchmaker.domain.text import tidy, unclean_character
from matchmaker.domain.vocabulary import REASONS
from matchmaker.services.introduction import concerns
from matchmaker.services.transition import transition
from matchmaker.store.database import UnitOfWork
from matchmaker.store.match import Match

NOTE_LENGTH: Final = 500


def accept(uow: UnitOfWork, actor: Actor, *, match_id: str, note: str = "") -> Match:
    """Take a match up: the broker will bring both sides together."""
    match = _open(uow, actor, match_id, "accept")
    note = _clean_note(note)
    _decide(uow, actor, match, "accept", {"note": note})
    return match


def dismiss(uow: UnitOfWork, actor: Actor, *, match_id: str, reason: str, note: str = "") -> Match:
    """Turn a match down for a reason of the list; ``other`` needs a note that says which."""
    match = _open(uow, actor, match_id, "dismiss")
    if reason not in REASONS:
        msg = "Choose a reason from the list."
        raise Invalid(msg, {"reason": "unknown"})
    note = _clean_note(note)
    if reason == "other" and not note:
        msg = "Say in the note which other reason it is."
        raise Invalid(msg, {"note": "missing"})
    match.reason = reason
    _decide(uow, actor, match, "dismiss", {"reason": reason, "note": note})
    return match


def snooze(uow: UnitOfWork, actor: Actor, *, match_id: str) -> Match:
    """Put a match aside for a week; then it stands in the queue again."""
    match = _open(uow, actor, match_id, "snooze")
    match.snoozed_until = uow.now + SNOOZE_LENGTH
    _decide(uow, actor, match, "snooze", {"snoozed_until": match.snoozed_until})
    return match


def undo(uow: UnitOfWork, actor: Actor, *, match_id: str) -> Match:
    """Take one's own decision back, within a minute."""
    match = _open(uow, actor, match_id, "undo")
    if match.decided_by != actor.user_id:
        msg = "Only the broker who decided can take the decision back."
        raise NotAllowed(msg, noun="match", action="undo")
    if match.decided_at is None or uow.now - match.decided_at > UNDO_WINDOW:
        msg = "A decision can be taken back within a minute; that minute is over."
        raise WrongState(msg, noun="match", action="undo", state=match.state)
    if concerns(uow, "match", match.id):
        msg = "Both sides have been asked about this match; withdraw the introduction instead."
        raise WrongState(msg, noun="match", action="undo", state=match.state)
    _reopen(uow, actor, match, "undo")
    return match


def wake(uow: UnitOfWork, actor: Actor, *, match_id: str) -> Match:
    """Put a snoozed match back into the queue before its week is over."""
    match = _open(uow, actor, match_id, "wake")
    _reopen(uow, actor, match, "wake")
    return match


def _open(uow: UnitOfWork, actor: Actor, match_id: str, action: str) -> Match:
    """Load a match under lock and check that the action is possible now.

    A snoozed match whose week is over counts as suggested again, so that it can be snoozed anew.
    """
    match = uow.session.scalars(
        select(Match).where(Match.public_id == match_id).with_for_update()
    ).one_or_none()
    if match is None:
        msg = "There is no such match."
        raise NotFound(msg)
    due = match.snoozed_until is not None and match.snoozed_until <= uow.now
    if due and action == "snooze":
        _reopen(uow, actor, match, "wake")
    require(actor, "match", action, match)
    return match


def _decide(
    uow: UnitOfWork, actor: Actor, match: Match, action: str, noted: dict[str, object]
) -> None:
    transition(uow, actor, "match", match, action, noted=noted)
    match.note = str(noted.get("note", ""))
    match.decided_by = actor.user_id
    match.decided_at = uow.now
    if action != "snooze":
        match.snoozed_until = None
    uow.flush()


def _reopen(uow: UnitOfWork, actor: Actor, match: Match, action: str) -> None:
    transition(uow, actor, "match", match, action)
    match.reason = None
    match.note = ""
    match.decided_by = None
    match.decided_at = None
    match.snoozed_until = None
    uow.flush()


def _clean_note(note: str) -> str:
    tidied = tidy(note)
    if unclean_character(tidied):
        msg = "The note holds characters that cannot be kept."
        raise Invalid(msg, {"note": "unclean"})
    if len(tidied) > NOTE_LENGTH:
        msg = f"The note has {len(tidied)} characters; at most {NOTE_LENGTH} are possible."
        raise Invalid(msg, {"note": "too_long"})
    return tidied
