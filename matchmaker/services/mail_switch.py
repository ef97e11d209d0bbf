"""Links that end mail with one click: signed with a key of the reader's own, no log-in needed."""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64encode
from typing import Final

from sqlalchemy import select

from matchmaker.domain.errors import NotFound
from matchmaker.domain.notification import ALL_DIGESTS, DIGESTS
from matchmaker.domain.permissions import Actor
from matchmaker.domain.vocabulary import NOTIFICATION_GROUPS
from matchmaker.services import audit
from matchmaker.store.database import UnitOfWork
from matchmaker.store.notification import NotificationSetting
from matchmaker.store.organisation import User
from matchmaker.store.queries import notification as query

_LENGTH: Final = 22  # 132 bits of the signature: nobody guesses them


def link(uow: UnitOfWork, user: User, which: str, base_url: str = "") -> str:
    """The address that ends the mail of a group, or every digest, of one person."""
    if not user.mail_secret:
        return ""
    place = f"{base_url or uow.site}/notifications/off/{user.public_id}/{which}"
    return f"{place}/{_signature(user, which)}"


def reader(uow: UnitOfWork, user_id: str, which: str, signature: str) -> User:
    """Whose link it is; ``NotFound`` unless the signature was made for this person and group."""
    user = uow.session.scalars(select(User).where(User.public_id == user_id)).one_or_none()
    known = which in NOTIFICATION_GROUPS or which == ALL_DIGESTS
    if (
        user is None
        or not user.mail_secret
        or not known
        or not hmac.compare_digest(_signature(user, which).encode(), signature.encode())
    ):
        msg = "This link belongs to nobody."
        raise NotFound(msg)
    return user


def is_off(uow: UnitOfWork, user: User, which: str) -> bool:
    """Whether the mail that a link is for has ended already."""
    paces = query.paces(uow, user.id)
    if which == ALL_DIGESTS:
        return not any(pace in DIGESTS for pace in paces.values())
    return paces.get(which) == "off"


def switch_off(uow: UnitOfWork, user_id: str, which: str, signature: str) -> User:
    """End the mail that a link is for. What was told stays in the list on the site."""
    user = reader(uow, user_id, which, signature)
    paces = query.paces(uow, user.id)
    ended = [which]
    if which == ALL_DIGESTS:
        ended = [topic for topic, pace in paces.items() if pace in DIGESTS]
    choose(uow, user, dict.fromkeys(ended, "off"))
    return user


def choose(uow: UnitOfWork, user: User, wanted: dict[str, str]) -> None:
    """Set how a person is mailed about some groups; what is as it was writes nothing."""
    present = dict(query.paces(uow, user.id))
    changed = {
        topic: pace for topic, pace in wanted.items() if present.get(topic, "at_once") != pace
    }
    if not changed:
        return
    for topic, pace in changed.items():
        stored = uow.session.get(NotificationSetting, (user.id, topic))
        if stored is None:
            stored = NotificationSetting(user_id=user.id, topic=topic)
            uow.session.add(stored)
        stored.pace = pace
    uow.flush()
    before = {topic: present.get(topic, "at_once") for topic in changed}
    actor = Actor(user_id=user.id, role=user.role)
    audit.record(uow, actor, "user", user.id, "set_mail", before=before, after=changed)


def _signature(user: User, which: str) -> str:
    made = hmac.new((user.mail_secret or "").encode(), which.encode(), hashlib.sha256).digest()
    return urlsafe_b64encode(made).decode()[:_LENGTH]
