"""Digests: what was told since the last one, in one mail a day or a week."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from matchmaker.domain.notification import ALL_DIGESTS, DIGESTS
from matchmaker.domain.permissions import SYSTEM, require
from matchmaker.domain.vocabulary import MAIL_PACES
from matchmaker.services import mail, mail_switch, notification
from matchmaker.services.account import actor_now
from matchmaker.services.notification_kinds import KINDS, path_of
from matchmaker.store.database import UnitOfWork
from matchmaker.store.notification import Notification
from matchmaker.store.organisation import User
from matchmaker.store.queries import notification as query

_MOST: Final = 50
_SUBJECTS: Final = {
    ("zh_Hans", "daily"): "今日摘要：{count} 条通知",
    ("zh_Hans", "weekly"): "本周摘要：{count} 条通知",
    ("en", "daily"): "Your day: {count} notifications",
    ("en", "weekly"): "Your week: {count} notifications",
}
_MORE: Final = {"zh_Hans": "全部通知：", "en": "All of them:"}


def send_due(uow: UnitOfWork, timezone: str) -> int:
    """Queue the digests that are due; returns how many.

    A digest is due once the oldest thing in it was told on an earlier day, or in an earlier week,
    of the platform's zone; it takes along all that waits. What was read in the meantime is not
    mailed. What people chose last holds for all that waits: what is off now leaves the digest, and
    what is mailed at once now comes in the next daily one. Rows are locked, so that of two
    processes one finds nothing left to send.
    """
    require(SYSTEM, "notification", "send")
    zone = ZoneInfo(timezone)
    waiting: dict[tuple[int, str], list[Notification]] = defaultdict(list)
    found = uow.session.scalars(
        select(Notification)
        .where(
            Notification.digest.in_(DIGESTS),
            Notification.mailed_at.is_(None),
            Notification.read_at.is_(None),
        )
        .order_by(Notification.id)
        .with_for_update()
    ).all()
    chosen = query.paces_of_all(uow, {one.user_id for one in found})
    for one in found:
        pace = chosen.get((one.user_id, KINDS[one.kind].group), "at_once")
        one.digest = {"at_once": "daily", "off": None}.get(pace, pace)
        if one.digest:
            waiting[one.user_id, one.digest].append(one)
    due = {
        key: rows
        for key, rows in waiting.items()
        if _is_over(rows[0].created_at, uow.now, key[1], zone)
    }
    users = {
        user.id: user
        for user in uow.session.scalars(
            select(User)
            .where(User.id.in_({user_id for user_id, _ in due}))
            .options(joinedload(User.organisation))
        )
    }
    sent = 0
    for (user_id, pace), rows in due.items():
        uow.session.execute(
            update(Notification)
            .where(Notification.id.in_([one.id for one in rows]))
            .values(mailed_at=uow.now)
        )
        if users[user_id].active:
            _mail(uow, users[user_id], pace, rows)
            sent += 1
    return sent


def _is_over(oldest: datetime, now: datetime, pace: str, zone: ZoneInfo) -> bool:
    then, today = oldest.astimezone(zone).date(), now.astimezone(zone).date()
    if pace == "daily":
        return then < today
    return then.isocalendar()[:2] < today.isocalendar()[:2]


def _mail(uow: UnitOfWork, user: User, pace: str, rows: Sequence[Notification]) -> None:
    language = "en" if user.locale == "en" else "zh_Hans"
    parts = []
    for row in query.rows(uow, actor_now(uow, user), rows[-_MOST:]):
        text = f"· {notification.line(row, user.locale)}"
        if row.subject:
            text += f"\n  {uow.site}{path_of(row.kind, row.noun, row.subject.public_id)}"
        parts.append(text)
    group = MAIL_PACES[pace].text(user.locale)
    parts += [
        f"{_MORE[language]} {uow.site}/notifications/",
        notification.foot(uow, user, ALL_DIGESTS, group, ""),
    ]
    mail.queue(
        uow,
        user.email,
        _SUBJECTS[language, pace].format(count=len(rows)),
        "\n\n".join(parts),
        unsubscribe=mail_switch.link(uow, user, ALL_DIGESTS),
    )
