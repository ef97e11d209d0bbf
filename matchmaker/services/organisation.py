"""Organisations: registering, verifying, editing, and who belongs to them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from matchmaker.domain.account import KINDS_OF_ROLE, OPEN_ROLES, password_problem
from matchmaker.domain.errors import Conflict, Invalid, NotFound
from matchmaker.domain.permissions import VISITOR, Actor, require
from matchmaker.domain.text import one_line, tidy, unclean_character
from matchmaker.integrations.passwords import Passwords
from matchmaker.services import account_mail, audit
from matchmaker.services.account import user_by_email
from matchmaker.services.transition import transition
from matchmaker.store.database import UnitOfWork
from matchmaker.store.organisation import LoginSession, Organisation, User


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """What somebody says when registering; codes are checked here."""

    email: str
    password: str
    name: str
    role: str
    organisation: str
    region: str
    locale: str


def register(uow: UnitOfWork, passwords: Passwords, given: Registration, *, base_url: str) -> None:
    """Register a person with an organisation that exists or is new.

    The first of a new organisation manages it, and the bureau verifies it later. Whoever joins an
    existing one waits for its manager. An address that is registered already gets a mail that says
    so, and the answer is the same: nobody learns who is registered.
    """
    name, organisation = one_line(given.name), one_line(given.organisation)
    problems = {
        field: "missing"
        for field, value in (("name", name), ("organisation", organisation))
        if not value
    }
    problems |= {
        field: "unclean"
        for field, value in (("name", name), ("organisation", organisation))
        if unclean_character(value)
    }
    if given.role not in OPEN_ROLES:
        problems["role"] = "unknown"
    if weak := password_problem(given.password, given.email):
        problems["password"] = weak
    if problems:
        msg = "The registration cannot be accepted as it is."
        raise Invalid(msg, problems)
    hashed = passwords.hash(given.password)
    present = user_by_email(uow, given.email)
    if present is not None:
        account_mail.tell(uow, present, "already", link=f"{base_url}/account/forgotten")
        return
    home, is_new = _home(uow, given, organisation)
    user = User(
        email=given.email.strip().lower(),
        name=name,
        password_hash=hashed,
        role=given.role,
        organisation_id=home.id,
        is_manager=is_new,
        approved=is_new,
        locale=given.locale,
        created_at=uow.now,
    )
    uow.session.add(user)
    uow.flush()
    audit.record(uow, VISITOR, "user", user.id, "register", after={"role": given.role})
    account_mail.tell(uow, user, "welcome", name=name, organisation=home.name, link=base_url)
    if not is_new:
        for manager in _managers(uow, home):
            link = f"{base_url}/organisations/{home.public_id}/members"
            account_mail.tell(uow, manager, "joined", name=name, organisation=home.name, link=link)


def load(uow: UnitOfWork, public_id: str, *, lock: bool = False) -> Organisation:
    """The organisation of a public id, or ``NotFound``."""
    statement = select(Organisation).where(Organisation.public_id == public_id)
    found = uow.session.scalars(statement.with_for_update() if lock else statement).one_or_none()
    if found is None:
        msg = "There is no such organisation."
        raise NotFound(msg)
    return found


def verify(uow: UnitOfWork, actor: Actor, organisation: Organisation) -> None:
    """Confirm that an organisation is what it says."""
    organisation.decided_at = uow.now
    organisation.decision_note = ""
    transition(uow, actor, "organisation", organisation, "verify")
    uow.flush()
    for manager in _managers(uow, organisation):
        account_mail.tell(uow, manager, "verified", organisation=organisation.name)


def reject(uow: UnitOfWork, actor: Actor, organisation: Organisation, *, note: str) -> None:
    """Refuse to verify an organisation, for a reason that its managers read."""
    note = tidy(note)
    require(actor, "organisation", "reject", organisation)
    if not note:
        msg = "Say why, so that the organisation can correct it."
        raise Invalid(msg, {"note": "missing"})
    organisation.decided_at = uow.now
    organisation.decision_note = note
    transition(uow, actor, "organisation", organisation, "reject", noted={"note": note})
    uow.flush()
    for manager in _managers(uow, organisation):
        account_mail.tell(uow, manager, "rejected", organisation=organisation.name, note=note)


def edit(  # noqa: PLR0913 - the fields of an organisation
    uow: UnitOfWork,
    actor: Actor,
    organisation: Organisation,
    *,
    name_en: str,
    region: str | None,
    ladder_level: str | None,
    summary: str,
    version: int,
) -> None:
    """Change what an organisation says of itself; its name is the bureau's to change."""
    require(actor, "organisation", "edit", organisation)
    if organisation.version != version:
        msg = "Somebody else changed this organisation since you opened it."
        raise Conflict(msg)
    names = ("name_en", "region_code", "ladder_level", "summary")
    before = {name: getattr(organisation, name) for name in names}
    organisation.name_en = one_line(name_en)
    organisation.region_code = region
    organisation.ladder_level = ladder_level
    organisation.summary = tidy(summary)
    uow.flush()
    after = {name: getattr(organisation, name) for name in names}
    audit.record(uow, actor, "organisation", organisation.id, "edit", before=before, after=after)


def approve_member(uow: UnitOfWork, actor: Actor, organisation: Organisation, user_id: str) -> None:
    """Confirm that a person belongs to the organisation."""
    require(actor, "organisation", "edit", organisation)
    member = _member(uow, organisation, user_id)
    member.approved = True
    uow.flush()
    audit.record(uow, actor, "user", member.id, "approve_member", after={"approved": True})
    account_mail.tell(uow, member, "approved", organisation=organisation.name)


def remove_member(uow: UnitOfWork, actor: Actor, organisation: Organisation, user_id: str) -> None:
    """Take a membership away; the account stays and can do nothing for the organisation."""
    require(actor, "organisation", "edit", organisation)
    member = _member(uow, organisation, user_id)
    if member.id == actor.user_id:
        msg = "You cannot remove yourself; ask another manager or the bureau."
        raise Invalid(msg, {"member": "self"})
    member.approved = False
    member.is_manager = False
    uow.flush()
    audit.record(uow, actor, "user", member.id, "remove_member", after={"approved": False})


def create_user(  # noqa: PLR0913 - the parts of a person
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
    """Create a person of any role; for the operator and the administrator."""
    email = email.strip().lower()
    if weak := password_problem(password, email):
        msg = "This password cannot be used: it is too short, too common or like the address."
        raise Invalid(msg, {"password": weak})
    if user_by_email(uow, email):
        msg = f"{email} is registered already."
        raise Conflict(msg)
    home = None
    if organisation:
        home = uow.session.scalars(
            select(Organisation).where(Organisation.name == one_line(organisation))
        ).one_or_none()
        if home is None:
            home = Organisation(
                name=one_line(organisation),
                kind=KINDS_OF_ROLE[role][0],
                ladder_level="none" if role == "company" else None,
                state="verified",
                decided_at=uow.now,
                created_at=uow.now,
            )
            uow.session.add(home)
            uow.flush()
            audit.record(uow, actor, "organisation", home.id, "create", states=(None, "verified"))
    elif role != "administrator":
        msg = "Everybody but an administrator belongs to an organisation: name it."
        raise Invalid(msg, {"organisation": "missing"})
    user = User(
        email=email,
        name=one_line(name) or email,
        password_hash=passwords.hash(password),
        role=role,
        organisation_id=home.id if home else None,
        is_manager=manager,
        created_at=uow.now,
    )
    uow.session.add(user)
    uow.flush()
    audit.record(uow, actor, "user", user.id, "create", after={"role": role})
    return user


def set_active(uow: UnitOfWork, actor: Actor, user: User, *, active: bool) -> None:
    """Bar a person from logging in, or let them in again; barring ends every session at once."""
    if not active and user.id == actor.user_id:
        msg = "You cannot bar yourself."
        raise Invalid(msg, {"user": "self"})
    user.active = active
    if not active:
        for session in uow.session.scalars(
            select(LoginSession).where(LoginSession.user_id == user.id)
        ):
            uow.session.delete(session)
    uow.flush()
    audit.record(uow, actor, "user", user.id, "activate" if active else "deactivate")


def _home(uow: UnitOfWork, given: Registration, name: str) -> tuple[Organisation, bool]:
    """The organisation of a name, registered now if nobody has; and whether it was."""
    present = uow.session.scalars(
        select(Organisation).where(Organisation.name == name)
    ).one_or_none()
    if present is not None:
        if present.kind not in KINDS_OF_ROLE[given.role]:
            msg = "This organisation is not of the kind that the role belongs to."
            raise Invalid(msg, {"organisation": "wrong_kind"})
        return present, False
    made = Organisation(
        name=name,
        kind=KINDS_OF_ROLE[given.role][0],
        ladder_level="none" if given.role == "company" else None,
        region_code=given.region or None,
        state="pending",
        credit_code="",
        created_at=uow.now,
    )
    uow.session.add(made)
    uow.flush()
    audit.record(uow, VISITOR, "organisation", made.id, "register", states=(None, "pending"))
    return made, True


def _managers(uow: UnitOfWork, organisation: Organisation) -> list[User]:
    return list(
        uow.session.scalars(
            select(User).where(
                User.organisation_id == organisation.id,
                User.is_manager.is_(True),
                User.approved.is_(True),
                User.active.is_(True),
            )
        )
    )


def _member(uow: UnitOfWork, organisation: Organisation, user_id: str) -> User:
    found = uow.session.scalars(
        select(User).where(User.public_id == user_id, User.organisation_id == organisation.id)
    ).one_or_none()
    if found is None:
        msg = "There is no such member."
        raise NotFound(msg)
    return found
