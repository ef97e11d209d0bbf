"""What the calendar asks for: lapses, reminders, rests, closed calls. Repeating it is safe."""

from __future__ import annotations

from dataclasses import dataclass

from matchmaker.domain.working_days import WorkingDays
from matchmaker.integrations.attachment_store import AttachmentStore
from matchmaker.services import (
    challenge_clock,
    engagement,
    engagement_message,
    introduction_clock,
    meeting,
)
from matchmaker.store.database import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """How many introductions lapsed, engagements came to rest, calls closed, reminders left."""

    lapsed: int
    rested: int
    closed: int
    reminded: int


def run(
    uow: UnitOfWork, store: AttachmentStore, *, calendar: WorkingDays, base_url: str
) -> Followed:
    """Do all that is due now."""
    done = Followed(
        lapsed=introduction_clock.lapse_due(uow, base_url=base_url),
        rested=engagement.rest_due(uow, base_url=base_url),
        closed=challenge_clock.close_due(uow, base_url=base_url),
        reminded=introduction_clock.remind_due(uow, calendar=calendar, base_url=base_url)
        + engagement.remind_due(uow, base_url=base_url)
        + meeting.remind_due(uow, base_url=base_url)
        + challenge_clock.remind_due(uow, base_url=base_url),
    )
    engagement_message.sweep(uow, store)
    return done
