"""The demo world's events: one that was held, with what came of it, and one that is planned.

As with the demo world's engagement, every step is taken through its use case, with its audit row;
the mails that this would send to invented people are not sent.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy import delete, select, update
from sqlalchemy.orm import joinedload

from matchmaker.domain.event import EventFields
from matchmaker.domain.permissions import SYSTEM, Actor
from matchmaker.integrations.passwords import Passwords
from matchmaker.services import audit, event_party, event_plan
from matchmaker.services import event as service
from matchmaker.services.account import actor_of
from matchmaker.services.demo import DEMO_PASSWORD, DOMAIN, lines
from matchmaker.services.record import MODELS
from matchmaker.store.database import UnitOfWork
from matchmaker.store.event import Event, EventMeeting, EventParty
from matchmaker.store.organisation import Organisation, User
from matchmaker.store.outbox import OutboxMail
from matchmaker.store.queries import event as query

if TYPE_CHECKING:
    from matchmaker.services.index import EngineFollower

_FEWEST: Final = 2  # parties of a side: one of them may not answer
_MOST: Final = 12
# Who has not answered the invitation to the planned event yet.
_SILENT: Final = frozenset({f"researcher@{DOMAIN}"})
# What firm and team say of the meetings of the past event, in turn.
_WISHES: Final = ((True, True), (True, False), (False, True), (False, False))


def load(uow: UnitOfWork, follower: EngineFollower, folder: Path, passwords: Passwords) -> int:
    """Make both events where people and suggestions allow; returns how many."""
    last_mail = uow.session.scalar(select(OutboxMail.id).order_by(OutboxMail.id.desc()).limit(1))
    broker = uow.session.scalars(
        select(User).where(User.email == f"broker@{DOMAIN}").options(joinedload(User.organisation))
    ).one_or_none()
    if broker is None or uow.session.scalar(select(Event.id).limit(1)):
        return 0
    _guests(uow, folder / "guests.jsonl", passwords)
    sides = [one.side for one in query.candidates(uow, 0, most=_MOST)]
    if min(sides.count(side) for side in ("firm", "team")) < _FEWEST:
        return 0
    actor = actor_of(broker)
    _held(uow, actor, follower)
    _planned(uow, actor, follower)
    uow.session.execute(delete(OutboxMail).where(OutboxMail.id > (last_mail or 0)))
    return 2


def _guests(uow: UnitOfWork, path: Path, passwords: Passwords) -> None:
    """Further people, to whom records of their organisations fall that nobody else wrote."""
    homes = {
        one.name: one.id
        for one in uow.session.scalars(select(Organisation).where(Organisation.origin == "demo"))
    }
    hashed = passwords.hash(DEMO_PASSWORD)
    made = 0
    for row in lines(path):
        home = homes.get(row["organisation"])
        if home is None:
            continue
        guest = User(
            email=row["email"],
            name=row["name"],
            password_hash=hashed,
            role=row["role"],
            organisation_id=home,
            origin="demo",
            created_at=uow.now,
        )
        uow.session.add(guest)
        uow.flush()
        noun = "demand" if row["role"] == "company" else "outcome"
        model = MODELS[noun]
        fallen = (model.organisation_id == home, model.author_id.is_(None))
        uow.session.execute(update(model).where(*fallen).values(author_id=guest.id))
        made += 1
    audit.record(uow, SYSTEM, "demo", None, "load", after={"guests": made})


def _held(uow: UnitOfWork, actor: Actor, follower: EngineFollower) -> None:
    """An event of three weeks ago: announced, held, and every meeting's result noted."""
    event = _invited(uow, actor, "示例：碳纤维与复合材料春季对接会", days=20)
    _answer(uow, event)
    event_plan.plan(uow, actor, follower, event_id=event.public_id)
    event_plan.announce(uow, actor, event_id=event.public_id)
    event.starts_at = uow.now.replace(hour=1, minute=30, second=0) - timedelta(days=20)
    uow.flush()
    service.close(uow, actor, event_id=event.public_id)
    meetings = uow.session.scalars(
        select(EventMeeting).where(EventMeeting.event_id == event.id).order_by(EventMeeting.id)
    )
    for place, meeting in enumerate(list(meetings)):
        firm, team = _WISHES[place % len(_WISHES)]
        event_plan.note(
            uow,
            actor,
            event_id=event.public_id,
            meeting_id=meeting.public_id,
            wishes={"firm": firm, "team": team},
            version=meeting.version,
        )


def _planned(uow: UnitOfWork, actor: Actor, follower: EngineFollower) -> None:
    """An event in two weeks: most have answered, the table plan is made and not announced yet."""
    event = _invited(uow, actor, "示例：海洋与新材料成果对接会", days=14)
    _answer(uow, event, silent=_SILENT)
    event_plan.plan(uow, actor, follower, event_id=event.public_id)


def _invited(uow: UnitOfWork, actor: Actor, title: str, *, days: int) -> Event:
    """An event to come with everybody invited whom the platform proposes."""
    event = service.create(
        uow,
        actor,
        EventFields(
            title=title,
            place="示例：威海国际经贸交流中心二层",
            about="示例：企业与科研团队一对一洽谈，每场二十分钟。",
            starts_at=uow.now.replace(hour=1, minute=30, second=0) + timedelta(days=days),
            slot_minutes=20,
            slots=6,
            tables=6,
            most=4,
        ),
    )
    found = query.candidates(uow, event.id, most=_MOST)
    chosen = {one.contact_public_id for one in found}
    event_party.invite(uow, actor, event_id=event.public_id, chosen=chosen)
    return event


def _answer(uow: UnitOfWork, event: Event, *, silent: frozenset[str] = frozenset()) -> None:
    """Everybody but the silent comes, with time in all slots but one."""
    rows = uow.session.execute(
        select(EventParty, User)
        .join(User, User.id == EventParty.contact_id)
        .options(joinedload(User.organisation))
        .where(EventParty.event_id == event.id)
        .order_by(EventParty.id)
    ).all()
    for place, (party, user) in enumerate(rows):
        if user.email in silent:
            continue
        free = [slot for slot in range(event.slots) if (slot + place) % event.slots]  # all but one
        event_party.answer(uow, actor_of(user), party_id=party.public_id, coming=True, free=free)
