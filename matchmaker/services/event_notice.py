"""Telling those who are invited to an event, and who leads it, what has happened."""

from __future__ import annotations

from collections.abc import Iterable

from matchmaker.domain.working_days import CHINA
from matchmaker.services.notification import notify
from matchmaker.store.database import UnitOfWork
from matchmaker.store.event import Event, EventParty
from matchmaker.store.organisation import Organisation


def tell(
    uow: UnitOfWork, event: Event, told: Iterable[EventParty], what: str, *, base_url: str
) -> None:
    """Tell each party by its contact: ``invited``, ``announced``, ``freed`` or ``cancelled``."""
    for party in told:
        notify(
            uow,
            kind=f"event_{what}",
            readers=[party.contact_id],
            noun="event_party",
            record=party,
            values=_facts(event),
            base_url=base_url,
        )


def tell_organiser(uow: UnitOfWork, party: EventParty, meetings: int, *, base_url: str) -> None:
    """Tell who leads an announced event that a party does not come, and how many meetings fall."""
    event = party.event
    who = uow.session.get_one(Organisation, party.home_id).name
    notify(
        uow,
        kind="event_withdrawn",
        readers=[event.author_id],
        noun="event",
        record=event,
        values={**_facts(event), "who": who, "count": str(meetings)},
        base_url=base_url,
    )


def _facts(event: Event) -> dict[str, str]:
    when = event.starts_at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")
    return {"when": when, "where": event.place}
