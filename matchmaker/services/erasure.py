"""Erasing a person: everything personal leaves the database, what they did stays.

The row of the user stays as a nameless one, so that audit rows and authored records keep pointing
at somebody. Records belong to their organisation and stay.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    String,
    Table,
    Text,
    and_,
    cast,
    delete,
    false,
    or_,
    select,
    update,
)

from matchmaker.domain.account import is_phone
from matchmaker.domain.errors import Invalid, NotAllowed
from matchmaker.domain.permissions import SYSTEM, Actor, require
from matchmaker.integrations.passwords import Passwords
from matchmaker.services import account_mail, audit
from matchmaker.store.assignment import BrokerProfile
from matchmaker.store.audit_chain import rewrite
from matchmaker.store.base import Base
from matchmaker.store.change import record_changes
from matchmaker.store.database import UnitOfWork
from matchmaker.store.engagement import CalendarToken, NdaAcceptance
from matchmaker.store.next_step import Alert
from matchmaker.store.notification import Notification, NotificationSetting
from matchmaker.store.organisation import AccountToken, LoginSession, User
from matchmaker.store.outbox import OutboxMail
from matchmaker.store.queries import tie
from matchmaker.store.saved_search import SavedSearch

FORMER: Final = "已注销用户"
_TERM: Final = "…"
_SHORTEST_NAME: Final = 2
_SHORTEST_TEXT: Final = 80  # shorter columns hold codes, units and numbers
_LATIN: Final = re.compile("[0-9A-Za-z]")
# Deleted with the person. Each has a column ``user_id``.
_THEIRS: Final = (
    LoginSession,
    AccountToken,
    Notification,
    NotificationSetting,
    SavedSearch,
    Alert,
    CalendarToken,
    BrokerProfile,
)
# Words of organisations: a change of them is matched anew.
_MATCHED: Final = frozenset({"demand", "outcome"})
# No text of people: names of houses, the plan's words, keys and the engine's vectors. Other people
# may have the same name; the person's own row is emptied by hand.
_WITHOUT_PEOPLE: Final = frozenset({"user", "organisation", "chain", "region", "embedding"})


def leave(
    uow: UnitOfWork, passwords: Passwords, actor: Actor, *, password: str, successor: str
) -> None:
    """Erase oneself, confirmed by one's password; ``successor`` is who manages from then on."""
    require(actor, "user", "leave")
    user = uow.session.get_one(User, actor.user_id, with_for_update=True)
    if not passwords.verify(user.password_hash, password):
        msg = "The password is wrong."
        raise Invalid(msg, {"password": "wrong"})
    heir = None
    if successor:
        heir = uow.session.scalars(select(User).where(User.public_id == successor)).one_or_none()
    erase(uow, actor, user, heir)


def erase(uow: UnitOfWork, actor: Actor, user: User, successor: User | None = None) -> None:
    """Take everything personal of a user out of the platform, for good.

    Raises ``Invalid`` for the last manager of an organisation, or the last administrator, without
    a successor, who must be a confirmed colleague.
    """
    if actor.user_id != user.id and actor.role != SYSTEM.role:
        msg = "Only the person and the operator may do this."
        raise NotAllowed(msg, noun="user", action="erase")
    if user.erased_at is not None:
        msg = "This person has been erased already."
        raise Invalid(msg, {"user": "erased"})
    _hand_over(uow, actor, user, successor)
    person = _Person(name=user.name, email=user.email, phone=user.phone)
    key = user.id
    for model in _THEIRS:
        uow.session.execute(delete(model).where(model.user_id == key))
    # Whatever name was typed below an agreement: that somebody accepted it, and when, stays.
    signed = update(NdaAcceptance).where(NdaAcceptance.accepted_by == key)
    uow.session.execute(signed.values(name=FORMER))
    _empty_mail(uow, person.email)
    ties = tie.ties(uow, user, joining=account_mail.joining(user.name))
    events = _clean_up(uow, person, ties)
    user.email = f"erased-{key}@erased.invalid"
    user.name, user.phone, user.password_hash = FORMER, "", "erased"
    user.active = user.is_manager = user.approved = False
    user.mail_secret, user.seen_at, user.erased_at = None, None, uow.now
    uow.flush()
    # The actor is kept by key; nothing of the person stands in the row, only the hashes of what
    # was taken out of other rows and of what is left there.
    before, after = ({name: pair[at] for name, pair in events.items()} for at in (0, 1))
    audit.record(uow, actor, "user", key, "erase", before=before, after=after)


def successors(uow: UnitOfWork, user: User) -> tuple[User, ...]:
    """Who could manage the organisation after the user, if they are its last manager.

    Another administrator is made on the administrator's own page, not in passing.
    """
    if user.role == "administrator" or not needs_successor(uow, user):
        return ()
    return tuple(
        uow.session.scalars(
            select(User)
            .where(*_colleagues(user), User.is_manager.is_(False))
            .order_by(User.name, User.id)
        )
    )


@dataclass(frozen=True, slots=True)
class _Person:
    name: str
    email: str
    phone: str

    def without(self, text: str, *, named: bool) -> str:
        """A text without the person; name and telephone go only where ``named``.

        Letters and digits at its edges must end there too: ``Li`` is not taken out of ``Lithium``.
        """
        for word in self.words(named=named):
            before = "(?<![0-9A-Za-z])" if _LATIN.match(word[0]) else ""
            after = "(?![0-9A-Za-z])" if _LATIN.match(word[-1]) else ""
            text = re.sub(before + re.escape(word) + after, _TERM, text)
        return text

    def words(self, *, named: bool) -> tuple[str, ...]:
        """What is searched for, the longest first, so that no part of one is left of another."""
        found = [self.email]
        if named and is_phone(self.phone):
            found.append(self.phone)
        if named and len(self.name) >= _SHORTEST_NAME:
            found.append(self.name)
        return tuple(sorted(filter(None, found), key=len, reverse=True))


def _hand_over(uow: UnitOfWork, actor: Actor, user: User, successor: User | None) -> None:
    if not needs_successor(uow, user):
        return
    colleagues = set(uow.session.scalars(select(User.id).where(*_colleagues(user))))
    if successor is None or successor.id not in colleagues:
        msg = (
            "This is the last person who manages the organisation or the installation. Name a "
            "confirmed colleague as successor first."
        )
        raise Invalid(msg, {"successor": "missing"})
    if user.role == "administrator":
        before = {"role": successor.role}
        successor.role = "administrator"
        uow.session.execute(delete(LoginSession).where(LoginSession.user_id == successor.id))
        after: dict[str, object] = {"role": "administrator"}
        audit.record(uow, actor, "user", successor.id, "set_role", before=before, after=after)
    else:
        successor.is_manager = True
        audit.record(uow, actor, "user", successor.id, "make_manager", after={"is_manager": True})
    uow.flush()


def needs_successor(uow: UnitOfWork, user: User) -> bool:
    """Whether the user is the last administrator, or the last manager of their organisation."""
    others = select(User.id).where(
        User.id != user.id, User.active.is_(True), User.approved.is_(True)
    )
    if user.role == "administrator":
        wanted = others.where(User.role == "administrator")
    elif user.is_manager and user.organisation_id is not None:
        wanted = others.where(
            User.organisation_id == user.organisation_id, User.is_manager.is_(True)
        )
    else:
        return False
    return uow.session.scalar(wanted.limit(1)) is None


def _colleagues(user: User) -> list[Any]:
    """Conditions of who may follow: active and confirmed, of the same house."""
    found: list[Any] = [User.id != user.id, User.active.is_(True), User.approved.is_(True)]
    if user.role != "administrator":
        found.append(User.organisation_id == user.organisation_id)
    return found


def _empty_mail(uow: UnitOfWork, email: str) -> None:
    """Mail to the person that has left is emptied, mail that has not will not leave."""
    theirs = OutboxMail.recipient == email
    uow.session.execute(delete(OutboxMail).where(theirs, OutboxMail.sent_at.is_(None)))
    emptied = {"recipient": _TERM, "subject": _TERM, "body": _TERM, "unsubscribe": ""}
    uow.session.execute(update(OutboxMail).where(theirs).values(**emptied))


def _clean_up(
    uow: UnitOfWork, person: _Person, ties: Mapping[str, ColumnElement[bool]]
) -> dict[str, tuple[str, str]]:
    """Take the person out of every text of every table, tables of the future included.

    Name and telephone, which anybody may say are theirs, go out of the rows alone that the person
    has a part in. Returns the audit events that
    it cleaned, by id, with the hashes of their changes.
    """
    uow.flush()
    events: dict[str, tuple[str, str]] = {}
    for table in Base.metadata.sorted_tables:
        if table.name in _WITHOUT_PEOPLE:
            continue
        columns = [column for column in table.columns if _holds_text(column)]
        if columns:
            named = ties.get(table.name, false())
            events |= _clean_table(uow, table, columns, person, named)
    uow.session.expire_all()
    return events


def _holds_text(column: Column[Any]) -> bool:
    """Texts that people may have written; keys and codes are none."""
    if column.primary_key or column.foreign_keys or column.name == "public_id":
        return False
    if isinstance(column.type, String) and column.type.length is not None:
        return column.type.length >= _SHORTEST_TEXT and not column.unique
    return isinstance(column.type, JSON | Text)


def _clean_table(
    uow: UnitOfWork,
    table: Table,
    columns: Sequence[Column[Any]],
    person: _Person,
    named_in: ColumnElement[bool],
) -> dict[str, tuple[str, str]]:
    """Take the person out of a table; returns what was rewritten, where that is the audit."""
    rewritten: dict[str, tuple[str, str]] = {}
    keys = list(table.primary_key.columns)
    written = [cast(column, Text) for column in columns]
    found = uow.session.execute(
        select(*keys, *columns, named_in.label("name_goes"))
        .where(
            ~_tells_of_erasure(table),
            or_(
                *(
                    text.contains(form, autoescape=True)
                    for text in written
                    for word in person.words(named=True)
                    for form in {word, json.dumps(word)[1:-1]}
                )
            ),
        )
        .with_for_update(of=table)  # what another erasure takes out at the same time stays out
    ).all()
    for row in found:
        stored = row._mapping  # noqa: SLF001 - SQLAlchemy's public name
        named = bool(stored["name_goes"])
        changed = {
            column.name: value
            for column in columns
            if (value := _replaced(stored[column], person, named=named)) != stored[column]
        }
        if changed and table.name == "audit_event":
            event_id = stored[table.c.id]
            if hashes := rewrite(uow.session, event_id, changed["changes"]):
                rewritten[str(event_id)] = hashes
        elif changed:
            own = [key == stored[key] for key in keys]
            uow.session.execute(update(table).where(*own).values(changed))
            if table.name in _MATCHED:
                record_changes(uow, table.name, [stored[table.c.id]])
    return rewritten


def _tells_of_erasure(table: Table) -> ColumnElement[bool]:
    """The events by which verification knows cleaned ones: keys and hashes, no words of people."""
    if table.name != "audit_event":
        return false()
    return and_(table.c.noun == "user", table.c.action == "erase")


def _replaced(value: Any, person: _Person, *, named: bool) -> Any:
    """A stored value without the person, whatever it is made of."""
    if isinstance(value, str):
        return person.without(value, named=named)
    if isinstance(value, list):
        return [_replaced(one, person, named=named) for one in value]
    if isinstance(value, dict):
        # Keys are the platform's own words: they name fields and never people.
        return {key: _replaced(one, person, named=named) for key, one in value.items()}
    return value
