"""Logging in and out, sessions, passwords, registration."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final
from unicodedata import normalize

from sqlalchemy import bindparam, delete, func, or_, select, update
from sqlalchemy.orm import joinedload

from matchmaker.domain.account import REVIEWING_ROLES, is_phone, password_problem
from matchmaker.domain.errors import Conflict, Invalid, NotFound
from matchmaker.domain.permissions import VISITOR, Actor
from matchmaker.domain.text import one_line, unclean_character
from matchmaker.domain.working_days import day_of
from matchmaker.integrations.passwords import Passwords
from matchmaker.services import account_mail, audit
from matchmaker.store.base import new_public_id
from matchmaker.store.database import UnitOfWork
from matchmaker.store.notification import Notification
from matchmaker.store.organisation import AccountToken, LoginSession, User
from matchmaker.store.queries.membership import confided_by
from matchmaker.store.queries.secondment import placed_with

_SEEN_PRECISION = timedelta(minutes=1)
RESET_LIFE = timedelta(hours=1)
_UNREAD: Final = (
    select(func.count())
    .select_from(Notification)
    .where(Notification.user_id == LoginSession.user_id, Notification.read_at.is_(None))
    .scalar_subquery()
)
# Asked with every request: put together once.
_SESSION: Final = (
    select(LoginSession, _UNREAD)
    .where(
        LoginSession.token_hash == bindparam("token"), LoginSession.expires_at > bindparam("now")
    )
    .options(joinedload(LoginSession.user).joinedload(User.organisation))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """The person behind a session, as pages need them."""

    actor: Actor
    role: str  # also while it gives no rights yet
    session_id: str
    user_public_id: str
    name: str
    email: str
    locale: str
    organisation_name: str
    organisation_public_id: str
    in_agency: bool  # belongs to a technology transfer agency
    seen_is_old: bool
    unread: int  # notifications


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
    replaced: str = "",
) -> str:
    """Check a password and open a session; returns the token for the cookie.

    ``replaced`` is the token that the browser held before, which ends with this.

    Raises ``Invalid`` with one and the same message whatever was wrong, after the same amount of
    hashing, so that nobody learns which addresses are registered.
    """
    user = user_by_email(uow, email)
    if user is None:
        passwords.hash(password)  # takes as long as checking one
    if user is None or not passwords.verify(user.password_hash, password) or not user.active:
        msg = "E-mail address or password is wrong."
        raise Invalid(msg, {"password": "wrong"})
    if passwords.outdated(user.password_hash):
        user.password_hash = passwords.hash(password)
    # Beside the version: logging in elsewhere is no change of what a person says of themselves.
    uow.session.execute(update(User).where(User.id == user.id).values(seen_at=uow.now))
    token = secrets.token_urlsafe(32)
    ended = or_(LoginSession.expires_at <= uow.now, LoginSession.token_hash == digest(replaced))
    uow.session.execute(delete(LoginSession).where(ended))
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
    row = uow.session.execute(_SESSION, {"token": digest(token), "now": uow.now}).one_or_none()
    if row is None or not row[0].user.active:
        return None
    found, user = row[0], row[0].user
    return SignedIn(
        actor=actor_now(uow, user),
        role=user.role,
        session_id=found.public_id,
        user_public_id=user.public_id,
        name=user.name,
        email=user.email,
        locale=user.locale,
        organisation_name=user.organisation.name if user.organisation else "",
        organisation_public_id=user.organisation.public_id if user.organisation else "",
        in_agency=bool(user.organisation and user.organisation.kind == "agency"),
        seen_is_old=uow.now - found.seen_at > _SEEN_PRECISION,
        unread=row[1],
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


def change_password(
    uow: UnitOfWork,
    passwords: Passwords,
    actor: Actor,
    session_id: str,
    *,
    present: str,
    new: str,
) -> None:
    """Set a new password and log every other device out."""
    user = uow.session.get_one(User, actor.user_id)
    if not passwords.verify(user.password_hash, present):
        msg = "The present password is wrong."
        raise Invalid(msg, {"present": "wrong"})
    _renew(uow, passwords, user, new, kept=session_id)
    audit.record(uow, actor, "user", user.id, "change_password")


def request_reset(uow: UnitOfWork, *, email: str, base_url: str) -> None:
    """Mail a link for a new password to an address that is registered; say nothing otherwise."""
    user = user_by_email(uow, email)
    if user is None or not user.active:
        return
    token = secrets.token_urlsafe(32)
    uow.session.add(
        AccountToken(
            purpose="reset_password",
            token_hash=digest(token),
            user_id=user.id,
            expires_at=uow.now + RESET_LIFE,
        )
    )
    audit.record(uow, VISITOR, "user", user.id, "request_reset")
    account_mail.reset(uow, user, f"{base_url}/account/reset/{token}")


def reset_password(uow: UnitOfWork, passwords: Passwords, *, token: str, new: str) -> None:
    """Set a new password with a token from a mail; it works once, and logs every device out."""
    user = user_of_token(uow, token)
    _renew(uow, passwords, user, new)
    audit.record(uow, actor_of(user), "user", user.id, "reset_password")


def user_of_token(uow: UnitOfWork, token: str) -> User:
    """The user that a token was sent to; ``NotFound`` when it is unknown, used or too old."""
    found = uow.session.scalars(
        select(AccountToken)
        .where(
            AccountToken.token_hash == digest(token),
            AccountToken.used_at.is_(None),
            AccountToken.expires_at > uow.now,
        )
        .options(joinedload(AccountToken.user).joinedload(User.organisation))
    ).one_or_none()
    if found is None or not found.user.active:
        msg = "This link is not valid any more. Ask for a new one."
        raise NotFound(msg)
    return found.user


def set_password(uow: UnitOfWork, passwords: Passwords, actor: Actor, user: User, new: str) -> None:
    """Set somebody's password, for the operator; every device of theirs is logged out."""
    _renew(uow, passwords, user, new)
    audit.record(uow, actor, "user", user.id, "set_password")


def edit_profile(
    uow: UnitOfWork, actor: Actor, *, name: str, phone: str, locale: str, version: int
) -> None:
    """Change one's own name, telephone and language.

    Raises ``Conflict`` when they are no longer the version that the form was made from.
    """
    user = uow.session.get_one(User, actor.user_id, with_for_update=True)
    if user.version != version:
        msg = "These particulars were changed elsewhere since you opened them."
        raise Conflict(msg, noun="user")
    before = _noted(user)
    # Chinese keyboards type wide digits and brackets.
    given = {"name": one_line(name), "phone": one_line(normalize("NFKC", phone))}
    problems = {field: "unclean" for field, value in given.items() if unclean_character(value)}
    if not given["name"]:
        problems["name"] = "missing"
    if given["phone"] and not is_phone(given["phone"]):
        problems.setdefault("phone", "no_phone")
    if problems:
        msg = "These particulars cannot be kept."
        raise Invalid(msg, problems)
    user.name, user.phone, user.locale = given["name"], given["phone"], locale
    audit.record(uow, actor, "user", user.id, "edit", before=before, after=_noted(user))


def _noted(user: User) -> dict[str, object]:
    """What the audit compares; it says that a name or telephone changed, never to what."""
    return {"person_name": user.name, "phone": user.phone, "locale": user.locale}


def revoke(uow: UnitOfWork, actor: Actor, session_id: str) -> None:
    """Log one of one's own devices out."""
    uow.session.execute(
        delete(LoginSession).where(
            LoginSession.public_id == session_id, LoginSession.user_id == actor.user_id
        )
    )
    audit.record(uow, actor, "user", actor.user_id, "revoke_session")


def _renew(uow: UnitOfWork, passwords: Passwords, user: User, new: str, *, kept: str = "") -> None:
    """Set a new password: links to set one end with the old, and so do all log-ins but ``kept``."""
    _require_good(new, user.email)
    user.password_hash = passwords.hash(new)
    uow.session.execute(
        update(AccountToken)
        .where(AccountToken.user_id == user.id, AccountToken.used_at.is_(None))
        .values(used_at=uow.now)
    )
    uow.session.execute(
        delete(LoginSession).where(LoginSession.user_id == user.id, LoginSession.public_id != kept)
    )


def _require_good(password: str, email: str) -> None:
    problem = password_problem(password, email)
    if problem:
        msg = "This password cannot be used: choose a longer or less common one."
        raise Invalid(msg, {"new": problem})


def actor_now(uow: UnitOfWork, user: User) -> Actor:
    """The actor that a user is today: of a specialist with the firms that he is placed with, of an
    association with the members that confide in it.
    """
    actor = actor_of(user)
    if actor.role == "specialist":
        return replace(actor, placed_with=placed_with(uow, user.id, day_of(uow.now)))
    if actor.role == "association" and actor.organisation_id is not None:
        return replace(actor, confided_by=confided_by(uow, actor.organisation_id))
    return actor


def actor_of(user: User) -> Actor:
    """The actor that a user is.

    An unconfirmed member acts without an organisation, and a broker or officer acts without a role
    unless confirmed in a verified organisation. A technology specialist has no organisation of his
    own either: he acts for firms, see :func:`actor_now`, and not for where he comes from.
    """
    organisation = user.organisation if user.approved else None
    verified = organisation is not None and organisation.state == "verified"
    at_home = user.role != "specialist"
    return Actor(
        user_id=user.id,
        role=user.role if verified or user.role not in REVIEWING_ROLES else None,
        organisation_id=organisation.id if organisation and at_home else None,
        verified=verified,
        manager=user.is_manager and user.approved and at_home,
    )
