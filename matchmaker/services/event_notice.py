"""Telling those who are invited to an event what has happened."""

from __future__ import annotations

from collections.abc import Iterable

from matchmaker.domain.working_days import CHINA
from matchmaker.services.notification import notify
from matchmaker.store.database import UnitOfWork
from matchmaker.store.event import Event, EventParty


def tell(
    uow: UnitOfWork, event: Event, told: Iterable[EventParty], what: str, *, base_url: str
) -> None:
    """Tell each party by its contact: ``invited``, ``announced`` or ``cancelled``."""
    when = event.starts_at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")
    for party in told:
        notify(
            uow,
            kind=f"event_{what}",
            readers=[party.contact_id],
            noun="event_party",
            record=party,
            values={"when": when, "where": event.place},
            base_url=base_url,
        )
