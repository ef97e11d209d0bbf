"""The personal address of a calendar feed: made, replaced, and ended by its owner."""

from __future__ import annotations

import hashlib
import secrets

from sqlalchemy import delete, select
from sqlalchemy.orm import joinedload

from matchmaker.domain.errors import NotAllowed, NotFound
from matchmaker.domain.permissions import Actor
from matchmaker.services import audit
from matchmaker.services.account import actor_now
from matchmaker.store.database import UnitOfWork
from matchmaker.store.engagement import CalendarToken
from matchmaker.store.organisation import User


def make_address(uow: UnitOfWork, actor: Actor) -> str:
    """A new token for the actor's feed; an earlier one ends. It is told once and never stored."""
    user_id = _signed_in(actor)
    token = secrets.token_urlsafe(32)
    uow.session.execute(delete(CalendarToken).where(CalendarToken.user_id == user_id))
    uow.session.add(CalendarToken(user_id=user_id, token_hash=_hashed(token), created_at=uow.now))
    uow.flush()
    audit.record(uow, actor, "user", user_id, "make_feed")
    return token


def end_address(uow: UnitOfWork, actor: Actor) -> None:
    """End the actor's feed."""
    user_id = _signed_in(actor)
    uow.session.execute(delete(CalendarToken).where(CalendarToken.user_id == user_id))
    audit.record(uow, actor, "user", user_id, "end_feed")


def has_address(uow: UnitOfWork, actor: Actor) -> bool:
    """Whether the actor has a feed."""
    return uow.session.get(CalendarToken, actor.user_id or 0) is not None


def reader_of(uow: UnitOfWork, token: str) -> tuple[Actor, str]:
    """Who reads the feed of a token, as they stand now, and their language; or ``NotFound``."""
    user = uow.session.scalars(
        select(User)
        .join(CalendarToken, CalendarToken.user_id == User.id)
        .where(CalendarToken.token_hash == _hashed(token), User.active)
        .options(joinedload(User.organisation))
    ).one_or_none()
    if user is None:
        msg = "This address belongs to no calendar."
        raise NotFound(msg)
    return actor_now(uow, user), user.locale


def _signed_in(actor: Actor) -> int:
    if actor.user_id is None:
        msg = "Only somebody who is signed in has a calendar."
        raise NotAllowed(msg)
    return actor.user_id


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
