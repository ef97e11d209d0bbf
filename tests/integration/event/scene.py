"""Firms and teams with something to talk about, and what they do about an event."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select

from matchmaker.bootstrap import Matchmaker
from matchmaker.domain.permissions import Actor
from matchmaker.services import event_party
from matchmaker.store.demand import Demand
from matchmaker.store.event import EventMeeting, EventParty
from matchmaker.store.organisation import User
from matchmaker.store.outcome import Outcome
from tests.client import Client

MATTERS: Final = ("热敏打印头耐磨保护膜", "海参多糖酶解提取工艺", "永磁同步电机转子结构")
FORM: Final = {
    "title": "先进制造对接会",
    "place": "会展中心二楼",
    "starts_at": "2026-03-05T09:00",
    "slots": "4",
    "slot_minutes": "20",
    "tables": "2",
    "most": "3",
    "about": "",
}


@dataclass(frozen=True)
class Scene:
    """Three firms and three teams, one of each for every matter, and whose match stands."""

    firms: list[User]
    teams: list[User]
    demands: list[Demand]
    outcomes: list[Outcome]


def actor(person: User, role: str | None = None) -> Actor:
    """A person as one who acts."""
    return Actor(
        user_id=person.id,
        role=role or person.role,
        organisation_id=person.organisation_id,
        verified=True,
    )


def invitations(platform: Matchmaker) -> dict[int, EventParty]:
    """The invitations by the person who is written to."""
    with platform.reading() as uow:
        found = uow.session.scalars(select(EventParty)).all()
        uow.session.expunge_all()
        return {one.contact_id: one for one in found}


def answer(
    platform: Matchmaker,
    person: User,
    *,
    coming: bool = True,
    free: Iterable[int] = range(4),
    invited: User | None = None,
) -> None:
    """Somebody answers an invitation, his own or that of a colleague."""
    party = invitations(platform)[(invited or person).id]
    with platform.database.unit_of_work() as uow:
        event_party.answer(uow, actor(person), party_id=party.public_id, coming=coming, free=free)


def come(
    platform: Matchmaker, scene: Scene, free: dict[int, list[int]] | None = None
) -> dict[int, EventParty]:
    """Everybody says that he comes, with time in all slots or in those given."""
    for person in [*scene.firms, *scene.teams]:
        answer(platform, person, free=(free or {}).get(person.id, range(4)))
    return invitations(platform)


def announce(
    platform: Matchmaker, event_id: str, scene: Scene, organiser: Client
) -> dict[int, EventParty]:
    """Everybody comes, and the plan is made and announced."""
    found = come(platform, scene)
    for step in ("/plan", "/announce"):
        organiser.submit(organiser.get(f"/events/{event_id}"), form=step)
    return found


def meetings(platform: Matchmaker) -> list[EventMeeting]:
    """The table plan as it is stored."""
    with platform.reading() as uow:
        found = list(uow.session.scalars(select(EventMeeting).order_by(EventMeeting.id)))
        uow.session.expunge_all()
        return found
