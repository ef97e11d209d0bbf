"""People as the operator and the administrator look after them."""

from __future__ import annotations

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import delete, select

from matchmaker.domain.account import KINDS_OF_ROLE, password_problem
from matchmaker.domain.errors import Conflict, Invalid, NotFound
from matchmaker.domain.permissions import Actor, require
from matchmaker.domain.text import one_line, unclean_character
from matchmaker.integrations.passwords import Passwords
from matchmaker.services import audit
from matchmaker.services.account import user_by_email
from matchmaker.store.database import UnitOfWork
from matchmaker.store.organisation import LoginSession, Organisation, User


def load(uow: UnitOfWork, public_id: str, *, lock: bool = False) -> User:
    """The user of a public id, or ``NotFound``."""
    statement = select(User).where(User.public_id == public_id)
    found = uow.session.scalars(statement.with_for_update() if lock else statement).one_or_none()
    if found is None:
        msg = "There is no such user."
        raise NotFound(msg)
    return found


def create(  # noqa: PLR0913 - the parts of a person
    uow: UnitOfWork,
    actor: Actor,
    passwords: Passwords,
    *,
    email: str,
    name: str,
    role: str,
    password: str,
    organisation: str,
    manager: bool,
) -> User:
    """Create a person of any role, confirmed at once, in an organisation known or new.

    Raises ``Invalid`` for what cannot be kept and ``Conflict`` for an address that is registered.
    """
    _require_operator(actor)
    email = _address(email)
    name = one_line(name) or email
    if unclean_character(name) or unclean_character(organisation):
        msg = "The name of the person or organisation holds a control character."
        raise Invalid(msg, {"name": "unclean"})
    if weak := password_problem(password, email):
        msg = "This password cannot be used: it is too short, too common or like the address."
        raise Invalid(msg, {"password": weak})
    if user_by_email(uow, email):
        msg = f"{email} is registered already."
        raise Conflict(msg)
    home = _home(uow, actor, role, one_line(organisation))
    user = User(
        email=email,
        name=name,
        password_hash=passwords.hash(password),
        role=role,
        organisation_id=home.id if home else None,
        is_manager=manager,
        created_at=uow.now,
    )
    uow.session.add(user)
    uow.flush()
    after = {"role": role, "is_manager": manager}
    audit.record(uow, actor, "user", user.id, "create", after=after)
    return user


def set_active(uow: UnitOfWork, actor: Actor, user: User, *, active: bool) -> None:
    """Bar a person from logging in, or let them in again; barring ends every session at once."""
    _require_operator(actor)
    if not active and user.id == actor.user_id:
        msg = "You cannot bar yourself."
        raise Invalid(msg, {"user": "self"})
    if active and user.erased_at is not None:
        msg = "This person has been erased and cannot be let in again."
        raise Invalid(msg, {"user": "erased"})
    before = {"active": user.active}
    user.active = active
    if not active:
        _log_out(uow, user)
    uow.flush()
    action = "activate" if active else "deactivate"
    audit.record(uow, actor, "user", user.id, action, before=before, after={"active": active})


def set_role(
    uow: UnitOfWork, actor: Actor, user: User, *, role: str, manager: bool, version: int
) -> None:
    """Give a person another role or say whether they manage; every device of theirs is logged out.

    The role must fit the kind of the person's organisation. Nobody changes their own.
    """
    _require_operator(actor)
    if user.id == actor.user_id:
        msg = "You cannot change your own role."
        raise Invalid(msg, {"role": "self"})
    if user.version != version:
        msg = "Somebody else changed this person since you opened the page."
        raise Conflict(msg)
    home = user.organisation
    if role not in KINDS_OF_ROLE or (
        role != "administrator" and (home is None or home.kind not in KINDS_OF_ROLE[role])
    ):
        msg = "The role does not fit the kind of the person's organisation."
        raise Invalid(msg, {"role": "wrong_kind"})
    before = {"role": user.role, "is_manager": user.is_manager}
    user.role, user.is_manager = role, manager and home is not None
    after = {"role": user.role, "is_manager": user.is_manager}
    if after == before:
        return
    _log_out(uow, user)
    uow.flush()
    audit.record(uow, actor, "user", user.id, "set_role", before=before, after=after)


def _require_operator(actor: Actor) -> None:
    """Only the command line (the platform itself) and administrators look after people."""
    if actor.role != "system":
        require(actor, "user", "administer")


def _log_out(uow: UnitOfWork, user: User) -> None:
    uow.session.execute(delete(LoginSession).where(LoginSession.user_id == user.id))


def _address(email: str) -> str:
    try:
        found = validate_email(email.strip(), check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        msg = f"{email!r} is not an e-mail address: {error}"
        raise Invalid(msg, {"email": "not_an_address"}) from error
    return found.normalized.lower()


def _home(uow: UnitOfWork, actor: Actor, role: str, name: str) -> Organisation | None:
    """The organisation of a name, made and verified if it is new."""
    if not name:
        if role != "administrator":
            msg = "Everybody but an administrator belongs to an organisation: name it."
            raise Invalid(msg, {"organisation": "missing"})
        return None
    home = uow.session.scalars(select(Organisation).where(Organisation.name == name)).one_or_none()
    if home is not None:
        if home.kind not in KINDS_OF_ROLE[role]:
            msg = f"{name} is of the kind {home.kind}, where nobody is a {role}."
            raise Invalid(msg, {"organisation": "wrong_kind"})
        return home
    home = Organisation(
        name=name,
        kind=KINDS_OF_ROLE[role][0],
        ladder_level="none" if role == "company" else None,
        state="verified",
        decided_at=uow.now,
        created_at=uow.now,
    )
    uow.session.add(home)
    uow.flush()
    audit.record(uow, actor, "organisation", home.id, "create", states=(None, "verified"))
    return home
