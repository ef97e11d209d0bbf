"""Telling people something: the one way by which every use case does it.

``notify`` writes a row for each reader in the transaction of its cause, and queues their mail at
once or leaves it to a digest, as each of them chose. Nothing leaves before the commit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, Protocol

from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from matchmaker.domain.errors import NotFound
from matchmaker.domain.notification import DIGESTS, Kind
from matchmaker.domain.permissions import Actor, require
from matchmaker.domain.vocabulary import MAIL_PACES, NOTIFICATION_GROUPS
from matchmaker.services import mail, mail_switch
from matchmaker.services.account import actor_now
from matchmaker.services.notification_kinds import KINDS, path_of
from matchmaker.store.database import UnitOfWork
from matchmaker.store.notification import Notification, NotificationSetting
from matchmaker.store.organisation import User
from matchmaker.store.queries import notification as query
from matchmaker.store.queries.notification import NotificationRow, Subject

_SUBJECT_LENGTH: Final = 200
_HIDDEN: Final = {"zh_Hans": "（您无权查看的记录）", "en": "(a record that you may not see)"}
_FOOT: Final = {
    "zh_Hans": "—\n不再接收“{group}”类邮件：{off}\n选择接收方式：{settings}",
    "en": "—\nNo more mail of the kind “{group}”: {off}\nChoose how you are told: {settings}",
}


class Told(Protocol):
    """A stored record that a notification can be about."""

    id: int


def notify(
    uow: UnitOfWork,
    *,
    kind: str,
    readers: Iterable[int],
    noun: str = "",
    record: Told | None = None,
    values: Mapping[str, str] | None = None,
    base_url: str = "",
) -> int:
    """Tell people something in this transaction; returns how many were told.

    ``kind`` names a row of ``KINDS``, ``readers`` are user ids (repeated and barred ones are left
    out), ``noun`` and ``record`` what it is about. ``values`` fill the texts besides ``{title}``
    and ``{link}``; those that the kind does not keep go into a mail that leaves at once and are
    stored nowhere else. Whoever may not see the record is not told of it at all.
    """
    told = KINDS[kind]
    uow.flush()
    given = dict(values or {})
    kept = {name: value for name, value in given.items() if name in told.kept}
    count = 0
    for user, pace in _readers(uow, told, readers):
        subject = _subject(uow, user, noun, record, told)
        if record is not None and subject is None:
            continue
        at_once = told.always or pace == "at_once"
        uow.session.add(
            Notification(
                user_id=user.id,
                kind=kind,
                noun=noun if record is not None else "",
                record_id=record.id if record is not None else None,
                values=kept,
                created_at=uow.now,
                digest=pace if pace in DIGESTS and not at_once else None,
                mailed_at=uow.now if at_once else None,
            )
        )
        if at_once:
            _mail(uow, user, kind, noun, subject, given, base_url)
        count += 1
    return count


def line(row: NotificationRow, locale: str) -> str:
    """What a notification says in one line, with nothing in it that its reader may not see."""
    kind = KINDS[row.kind]
    hidden = _HIDDEN.get(locale, _HIDDEN["zh_Hans"])
    if row.noun and row.subject is None:
        return hidden
    title = row.subject.title if row.subject else ""
    blank = dict.fromkeys(kind.kept, "")
    return kind.subject(locale).format(**{**blank, **row.values, "title": title})


def detail(row: NotificationRow) -> str:
    """The reasons or the answer that came with it, while its record may be seen."""
    shown = row.subject is not None or not row.noun
    return str(row.values.get(KINDS[row.kind].detail, "")) if shown else ""


def read(uow: UnitOfWork, actor: Actor, public_id: str) -> str:
    """Mark one as read; returns the path that it leads to, empty where there is nothing to see.

    Reading leaves no audit row, as opening a page leaves none.
    """
    found = uow.session.scalars(
        select(Notification).where(Notification.public_id == public_id)
    ).one_or_none()
    if found is None or found.user_id != actor.user_id:
        msg = "There is no such notification of yours."
        raise NotFound(msg)
    require(actor, "notification", "read", found)
    if found.read_at is None:
        found.read_at = uow.now
    (row,) = query.rows(uow, actor, [found])
    return path_of(row.kind, row.noun, row.subject.public_id) if row.subject else ""


def read_all(uow: UnitOfWork, actor: Actor) -> None:
    """Mark everything that the actor was told as read."""
    require(actor, "notification", "set")
    uow.session.execute(
        update(Notification)
        .where(Notification.user_id == actor.user_id, Notification.read_at.is_(None))
        .values(read_at=uow.now)
    )


def choose(uow: UnitOfWork, actor: Actor, wanted: Mapping[str, str]) -> None:
    """Set how the actor is mailed about each group; unknown groups and paces are left out."""
    require(actor, "notification", "set")
    user = uow.session.get_one(User, actor.user_id)
    clean = {
        topic: pace
        for topic, pace in wanted.items()
        if topic in NOTIFICATION_GROUPS and pace in MAIL_PACES
    }
    mail_switch.choose(uow, user, clean)


def foot(uow: UnitOfWork, user: User, which: str, group: str, base_url: str) -> str:
    """The lines below a mail that say how to get no more of them."""
    text = _FOOT.get(user.locale, _FOOT["zh_Hans"])
    return text.format(
        group=group,
        off=mail_switch.link(uow, user, which, base_url),
        settings=f"{base_url or uow.site}/notifications/settings",
    )


def _readers(uow: UnitOfWork, told: Kind, readers: Iterable[int]) -> list[tuple[User, str]]:
    """The active people among the readers, each with the pace of the kind's group."""
    wanted = set(readers)
    users = uow.session.scalars(
        select(User)
        .where(User.id.in_(wanted), User.active.is_(True))
        .options(joinedload(User.organisation))
        .order_by(User.id)
    ).all()
    rows = uow.session.execute(
        select(NotificationSetting.user_id, NotificationSetting.pace).where(
            NotificationSetting.user_id.in_(wanted), NotificationSetting.topic == told.group
        )
    )
    paces = {user_id: pace for user_id, pace in rows}  # noqa: C416 - a row is no pair to dict()
    return [(user, paces.get(user.id, "at_once")) for user in users]


def _subject(
    uow: UnitOfWork, user: User, noun: str, record: Told | None, told: Kind
) -> Subject | None:
    """The record as the reader may see it; what is told always is told of one's own organisation.

    An organisation that somebody has just been taken out of is one that they knew.
    """
    if record is None:
        return None
    found = query.subjects(uow, actor_now(uow, user), [(noun, record.id)]).get((noun, record.id))
    if found is None and told.always:
        known: Any = record
        return Subject(public_id=known.public_id, title=known.name)
    return found


def _mail(
    uow: UnitOfWork,
    user: User,
    kind: str,
    noun: str,
    subject: Subject | None,
    values: Mapping[str, str],
    base_url: str,
) -> None:
    told = KINDS[kind]
    link = f"{base_url or uow.site}{path_of(kind, noun, subject.public_id)}" if subject else ""
    filled = {**values, "title": subject.title if subject else "", "link": link}
    body = told.body(user.locale).format(**filled)
    if link and "{link}" not in told.body(user.locale):
        body = f"{body}\n\n{link}"
    off = ""
    if not told.always:
        off = mail_switch.link(uow, user, told.group, base_url)
        group = NOTIFICATION_GROUPS[told.group].text(user.locale)
        body = f"{body}\n\n{foot(uow, user, told.group, group, base_url)}"
    title = " ".join(told.subject(user.locale).format(**filled).split())[:_SUBJECT_LENGTH]
    mail.queue(uow, user.email, title, body, unsubscribe=off)
