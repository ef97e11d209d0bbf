"""Putting a match back among those to decide: after an answer, a week's sleep, or a second thought.

The clock of an assigned match stands still while nobody could decide it.
"""

from __future__ import annotations

from matchmaker.domain.permissions import Actor
from matchmaker.services.transition import transition
from matchmaker.store.database import UnitOfWork
from matchmaker.store.match import Match


def reopen(uow: UnitOfWork, actor: Actor, match: Match, action: str) -> None:
    """Lead a match back to ``suggested`` and forget the decision; ``undo`` leaves the clock be."""
    if match.due_at is not None:
        if match.snoozed_until is not None and match.decided_at is not None:
            # Snoozing moved the date by the whole week; what is left of the week is given back.
            woken = match.decided_at if action == "undo" else uow.now
            match.due_at -= max(match.snoozed_until, woken) - woken
        elif match.state == "needs_information" and match.decided_at and action != "undo":
            match.due_at += uow.now - match.decided_at
    transition(uow, actor, "match", match, action)
    match.reason = None
    match.note = ""
    match.decided_by = None
    match.decided_at = None
    match.snoozed_until = None
    uow.flush()
