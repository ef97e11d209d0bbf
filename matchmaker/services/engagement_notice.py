"""Telling the parties of an engagement what moved: whom, and of what."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from matchmaker.domain.permissions import Actor
from matchmaker.domain.vocabulary import ENGAGEMENT_STATES, REASONS
from matchmaker.domain.working_days import CHINA
from matchmaker.services.engagement_mail import BUREAU
from matchmaker.services.notification import notify
from matchmaker.services.party import bureau, people
from matchmaker.store.database import UnitOfWork
from matchmaker.store.engagement import Engagement, Meeting
from matchmaker.store.organisation import User

_SIDES: Final = ("company", "institution", "broker")


def tell(
    uow: UnitOfWork,
    engagement: Engagement,
    event: str,
    *,
    actor: Actor,
    meeting: Meeting | None = None,
    base_url: str = "",
) -> None:
    """Tell every party but whoever caused it of an event."""
    authors = {"company": engagement.demand.author_id, "institution": engagement.outcome.author_id}
    for side in _SIDES:
        if event == "overdue" and side not in (engagement.next_side, "broker"):
            continue
        readers = [
            one
            for one in people(uow, engagement.parties, side, authors.get(side))
            if one.id != actor.user_id
        ]
        _tell(uow, readers, engagement, f"engagement_{event}", meeting, base_url)
    if event == "dormant":
        _tell(uow, bureau(uow), engagement, BUREAU, meeting, base_url)


def _tell(
    uow: UnitOfWork,
    readers: Sequence[User],
    engagement: Engagement,
    kind: str,
    meeting: Meeting | None,
    base_url: str,
) -> None:
    reason, due = engagement.lost_reason, engagement.next_due
    when = meeting.starts_at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M") if meeting else ""
    for reader in readers:
        values = {
            "demand": engagement.demand.title,
            "outcome": engagement.outcome.title,
            "stage": ENGAGEMENT_STATES[engagement.state].text(reader.locale),
            "reason": REASONS[reason].text(reader.locale) if reason else "",
            "due": due.isoformat() if due else "",
            "when": when,
        }
        notify(
            uow,
            kind=kind,
            readers=[reader.id],
            noun="engagement",
            record=engagement,
            values=values,
            base_url=base_url,
        )
