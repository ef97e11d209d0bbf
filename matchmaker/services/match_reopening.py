"""Putting a match back among those to decide: after an answer, a week's sleep, or a second thought.

The clock of an assigned match stands still while nobody could decide it.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from matchmaker.domain.permissions import Actor
from matchmaker.services.transition import transition
from matchmaker.store.database import UnitOfWork
from matchmaker.store.match import Match


def reopen(uow: UnitOfWork, actor: Actor, match: Match, action: str) -> None:
    """Lead a match back to ``suggested`` and forget the decision; ``undo`` leaves the clock be."""
    decided_at = match.decided_at or uow.now
    if match.state == "needs_information" and match.due_at is not None and action != "undo":
        match.due_at += uow.now - decided_at
    transition(uow, actor, "match", match, action)
    match.reason = None
    match.note = ""
    match.decided_by = None
    match.decided_at = None
    end_snooze(match, decided_at if action == "undo" else uow.now)
    uow.flush()


def end_snooze(match: Match, now: datetime) -> None:
    """Wake a match; what is left of its sleep is taken off the clock that it was added to."""
    if match.due_at is not None:
        match.due_at -= sleep_left(match, now)
    match.snoozed_until = None


def sleep_left(match: Match, now: datetime) -> timedelta:
    """How long a match still sleeps; nothing where it does not."""
    return max(match.snoozed_until, now) - now if match.snoozed_until else timedelta()
