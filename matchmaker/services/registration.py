"""Registering: a person, and with them an organisation that exists or is new."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from matchmaker.domain.account import KINDS_OF_ROLE, OPEN_ROLES, password_problem
from matchmaker.domain.errors import Conflict, Invalid
from matchmaker.domain.permissions import VISITOR
from matchmaker.domain.text import one_line, unclean_character
from matchmaker.integrations.passwords import Passwords
from matchmaker.services import account_mail, audit
from matchmaker.services.account import user_by_email
from matchmaker.services.organisation import joined
from matchmaker.store.database import UnitOfWork
from matchmaker.store.organisation import Organisation, User


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """What somebody says when registering; the role is checked here, the region by the form."""

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
    existing one waits for its manager, or for the bureau where it has none. An address that is
    registered already gets a mail that says so, and the answer is the same after the same checks
    and the same hashing: nobody learns who is registered.
    """
    name, organisation = one_line(given.name), one_line(given.organisation)
    _check(given, name, organisation)
    home = uow.session.scalars(
        select(Organisation).where(Organisation.name == organisation)
    ).one_or_none()
    if home is not None and home.kind not in KINDS_OF_ROLE[given.role]:
        msg = "This organisation is not of the kind that the role belongs to."
        raise Invalid(msg, {"organisation": "wrong_kind"})
    hashed = passwords.hash(given.password)
    present = user_by_email(uow, given.email)
    if present is not None:
        if present.active:
            account_mail.tell(uow, present, "already", link=f"{base_url}/account/forgotten")
        return
    is_new = home is None
    home = home or _new_home(uow, given, organisation)
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
    _flush_first(uow)
    after = {"role": given.role, "is_manager": is_new, "approved": is_new}
    audit.record(uow, VISITOR, "user", user.id, "register", after=after)
    account_mail.tell(uow, user, "welcome_first" if is_new else "welcome", link=base_url)
    if not is_new:
        joined(uow, home, user, base_url=base_url)


def _check(given: Registration, name: str, organisation: str) -> None:
    """Refuse what cannot be kept, every field at once."""
    named = (("name", name), ("organisation", organisation))
    problems = {field: "missing" for field, value in named if not value}
    problems |= {field: "unclean" for field, value in named if unclean_character(value)}
    if given.role not in OPEN_ROLES:
        problems["role"] = "unknown"
    if weak := password_problem(given.password, given.email):
        problems["password"] = weak
    if problems:
        msg = "The registration cannot be accepted as it is."
        raise Invalid(msg, problems)


def _new_home(uow: UnitOfWork, given: Registration, name: str) -> Organisation:
    made = Organisation(
        name=name,
        kind=KINDS_OF_ROLE[given.role][0],
        ladder_level="none" if given.role == "company" else None,
        region_code=given.region or None,
        state="pending",
        created_at=uow.now,
    )
    uow.session.add(made)
    _flush_first(uow)
    audit.record(uow, VISITOR, "organisation", made.id, "register", states=(None, "pending"))
    return made


def _flush_first(uow: UnitOfWork) -> None:
    """Send the new row; somebody who registered the same at the same moment came first."""
    try:
        uow.flush()
    except IntegrityError as error:
        msg = "Somebody registered the same at this moment. Repeat it."
        raise Conflict(msg) from error
