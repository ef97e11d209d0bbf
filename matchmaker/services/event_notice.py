"""Telling those who are invited to an event, and who leads it, what has happened."""

from __future__ import annotations

from collections.abc import Iterable

from matchmaker.domain.working_days import CHINA
from matchmaker.services.notification import notify
from matchmaker.services.party import of_company
from matchmaker.store.database import UnitOfWork
from matchmaker.store.event import Event, EventParty
from matchmaker.store.organisation import Organisation


def tell(
    uow: UnitOfWork, event: Event, told: Iterable[EventParty], what: str, *, base_url: str
) -> None:
    """Tell each party: ``invited``, ``changed``, ``announced``, ``freed`` or ``cancelled``.

    Of a firm its contact and who answered; where neither is there any more, the people who are. The
    organiser hears of a party of which nobody is.
    """
    for party in told:
        if not _reached(uow, event, party, what, base_url):
            _tell_author(uow, event, party, "unreached", base_url)


def tell_organiser(uow: UnitOfWork, party: EventParty, meetings: int, *, base_url: str) -> None:
    """Tell who leads an announced event that a party does not come, and how many meetings fall."""
    _tell_author(uow, party.event, party, "withdrawn", base_url, count=str(meetings))


def _reached(uow: UnitOfWork, event: Event, party: EventParty, what: str, base_url: str) -> bool:
    """Tell a party; returns whether anybody was there to be told."""

    def told(readers: Iterable[int]) -> bool:
        return bool(
            notify(
                uow,
                kind=f"event_{what}",
                readers=readers,
                noun="event_party",
                record=party,
                values=_facts(event),
                base_url=base_url,
            )
        )

    if told({party.contact_id, party.answered_by or party.contact_id}):
        return True
    firm = party.side == "firm"
    return firm and told(user.id for user in of_company(uow, party.home_id, None))


def _tell_author(
    uow: UnitOfWork, event: Event, party: EventParty, what: str, base_url: str, **values: str
) -> None:
    """Tell who organises an event something of a party."""
    who = uow.session.get_one(Organisation, party.home_id).name
    notify(
        uow,
        kind=f"event_{what}",
        readers=[event.author_id],
        noun="event",
        record=event,
        values={**_facts(event), "who": who, **values},
        base_url=base_url,
    )


def _facts(event: Event) -> dict[str, str]:
    when = event.starts_at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")
    return {"when": when, "where": event.place}
