"""Logging in and out, sessions, passwords, registration."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import joinedload

from matchmaker.domain.errors import Invalid
from matchmaker.domain.permissions import Actor
from matchmaker.integrations.passwords import Passwords
from matchmaker.services import audit
from matchmaker.store.base import new_public_id
from matchmaker.store.database import UnitOfWork
from matchmaker.store.organisation import LoginSession, User

_SEEN_PRECISION = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """The person behind a session, as pages need them."""

    actor: Actor
    session_id: str
    user_public_id: str
    name: str
    email: str
    locale: str
    organisation_name: str
    seen_is_old: bool


def digest(token: str) -> str:
    """SHA-256 (hex) of a random token: what is stored instead of it."""
    return hashlib.sha256(token.encode()).hexdigest()


def user_by_email(uow: UnitOfWork, email: str) -> User | None:
    """The user of an address, whatever its case."""
    return uow.session.scalars(
        select(User).where(User.email == email.strip().lower())
    ).one_or_none()


def log_in(
    uow: UnitOfWork,
    passwords: Passwords,
    *,
    email: str,
    password: str,
    agent: str,
    days: int,
) -> str:
    """Check a password and open a session; returns the token for the cookie.

    Raises ``Invalid`` with one and the same message whatever was wrong, after the same amount of
    hashing, so that nobody learns which addresses are registered.
    """
    user = user_by_email(uow, email)
    hashed = user.password_hash if user else passwords.hash(secrets.token_hex(8))
    right = passwords.verify(hashed, password)
    if user is None or not right or not user.active:
        msg = "E-mail address or password is wrong."
        raise Invalid(msg, {"password": "wrong"})
    if passwords.outdated(hashed):
        user.password_hash = passwords.hash(password)
    user.seen_at = uow.now
    token = secrets.token_urlsafe(32)
    uow.session.execute(delete(LoginSession).where(LoginSession.expires_at <= uow.now))
    uow.session.add(
        LoginSession(
            public_id=new_public_id(),
            token_hash=digest(token),
            user_id=user.id,
            created_at=uow.now,
            seen_at=uow.now,
            expires_at=uow.now + timedelta(days=days),
            agent=agent[:200],
        )
    )
    audit.record(uow, actor_of(user), "user", user.id, "log_in")
    return token


def signed_in(uow: UnitOfWork, token: str) -> SignedIn | None:
    """Who holds a session token, or ``None`` when it is unknown, expired, revoked or barred."""
    found = uow.session.scalars(
        select(LoginSession)
        .where(LoginSession.token_hash == digest(token), LoginSession.expires_at > uow.now)
        .options(joinedload(LoginSession.user).joinedload(User.organisation))
    ).one_or_none()
    if found is None or not found.user.active:
        return None
    user = found.user
    return SignedIn(
        actor=actor_of(user),
        session_id=found.public_id,
        user_public_id=user.public_id,
        name=user.name,
        email=user.email,
        locale=user.locale,
        organisation_name=user.organisation.name if user.organisation else "",
        seen_is_old=uow.now - found.seen_at > _SEEN_PRECISION,
    )


def touch(uow: UnitOfWork, session_id: str) -> None:
    """Note that a session was used just now."""
    uow.session.execute(
        update(LoginSession).where(LoginSession.public_id == session_id).values(seen_at=uow.now)
    )


def log_out(uow: UnitOfWork, actor: Actor, session_id: str) -> None:
    """End one session of the actor's own."""
    uow.session.execute(
        delete(LoginSession).where(
            LoginSession.public_id == session_id, LoginSession.user_id == actor.user_id
        )
    )
    audit.record(uow, actor, "user", actor.user_id, "log_out")


def actor_of(user: User) -> Actor:
    """The actor that a user is."""
    organisation = user.organisation
    return Actor(
        user_id=user.id,
        role=user.role,
        organisation_id=user.organisation_id,
        verified=organisation is not None and organisation.state == "verified",
        manager=user.is_manager,
    )
