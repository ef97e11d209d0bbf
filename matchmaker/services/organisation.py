"""Organisations: verifying, editing, and who belongs to them."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from sqlalchemy import exists, select

from matchmaker.domain.errors import Conflict, Invalid, NotFound
from matchmaker.domain.permissions import Actor, may, require
from matchmaker.domain.text import one_line, tidy, unclean_character
from matchmaker.services import audit
from matchmaker.services.notification import notify
from matchmaker.services.transition import transition
from matchmaker.store.database import UnitOfWork
from matchmaker.store.organisation import Organisation, User

_NOTE_LENGTH = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Particulars:
    """What an organisation says of itself; the name is kept unless the editor may change it."""

    name: str
    name_en: str
    region_code: str | None
    ladder_level: str | None
    summary: str


def load(uow: UnitOfWork, public_id: str, *, lock: bool = False) -> Organisation:
    """The organisation of a public id, or ``NotFound``."""
    statement = select(Organisation).where(Organisation.public_id == public_id)
    found = uow.session.scalars(statement.with_for_update() if lock else statement).one_or_none()
    if found is None:
        msg = "There is no such organisation."
        raise NotFound(msg)
    return found


def verify(uow: UnitOfWork, actor: Actor, organisation: Organisation) -> None:
    """Confirm that an organisation is what it says; its managers are told."""
    organisation.decided_at = uow.now
    organisation.decision_note = ""
    transition(uow, actor, "organisation", organisation, "verify")
    uow.flush()
    _tell(uow, organisation, "verified", [one.id for one in _managers(uow, organisation)])


def reject(uow: UnitOfWork, actor: Actor, organisation: Organisation, *, note: str) -> None:
    """Refuse to verify an organisation, for a reason that its managers read."""
    note = tidy(note)[:_NOTE_LENGTH]
    require(actor, "organisation", "reject", organisation)
    if not note or unclean_character(note):
        msg = "Say why, so that the organisation can correct it."
        raise Invalid(msg, {"note": "missing"})
    organisation.decided_at = uow.now
    organisation.decision_note = note
    transition(uow, actor, "organisation", organisation, "reject", noted={"note": note})
    uow.flush()
    managers = [one.id for one in _managers(uow, organisation)]
    _tell(uow, organisation, "rejected", managers, note=note)


def may_rename(actor: Actor, organisation: Organisation) -> bool:
    """Whether the actor may correct the name: the bureau always, managers until it is verified."""
    return actor.role == "bureau" or may(actor, "organisation", "rename", organisation)


def edit(
    uow: UnitOfWork,
    actor: Actor,
    organisation: Organisation,
    particulars: Particulars,
    *,
    version: int,
) -> None:
    """Change what an organisation says of itself; a rejected one then waits for the bureau again.

    Raises ``Conflict`` when ``version`` is not the stored one, ``Invalid`` for a name that is
    missing, unclean or another organisation's.
    """
    require(actor, "organisation", "edit", organisation)
    if organisation.version != version:
        msg = "Somebody else changed this organisation since you opened it."
        raise Conflict(msg)
    wanted = asdict(particulars) | {
        "name": one_line(particulars.name),
        "name_en": one_line(particulars.name_en),
        "summary": tidy(particulars.summary),
    }
    if not may_rename(actor, organisation):
        wanted["name"] = organisation.name
    _check(uow, organisation, wanted)
    before = {name: getattr(organisation, name) for name in wanted}
    for name, value in wanted.items():
        setattr(organisation, name, value)
    uow.flush()
    if before != wanted:
        audit.record(
            uow, actor, "organisation", organisation.id, "edit", before=before, after=wanted
        )
    if may(actor, "organisation", "resubmit", organisation):
        organisation.decided_at = None
        transition(uow, actor, "organisation", organisation, "resubmit")
        uow.flush()


def approve_member(uow: UnitOfWork, actor: Actor, organisation: Organisation, user_id: str) -> None:
    """Confirm that a person belongs to the organisation; the person is told."""
    member = _member(uow, actor, organisation, user_id)
    if member.approved:
        return
    member.approved = True
    _record(uow, actor, member, "approve_member", "approved")
    _tell(uow, organisation, "approved", [member.id])


def remove_member(uow: UnitOfWork, actor: Actor, organisation: Organisation, user_id: str) -> None:
    """Take a membership away, or refuse it to somebody who asks; the person is told.

    The account stays and can do nothing for the organisation. That it happened is read off the
    audit: the person no longer waits, see ``store/queries/organisation.py::waits``.
    """
    member = _member(uow, actor, organisation, user_id)
    if member.id == actor.user_id:
        msg = "You cannot remove yourself; ask another manager or the bureau."
        raise Invalid(msg, {"member": "self"})
    what = "removed" if member.approved else "refused"
    member.is_manager = member.approved = False
    _record(uow, actor, member, "remove_member", "approved")
    _tell(uow, organisation, what, [member.id])


def make_manager(uow: UnitOfWork, actor: Actor, organisation: Organisation, user_id: str) -> None:
    """Make a confirmed member a manager too; the person is told."""
    member = _member(uow, actor, organisation, user_id)
    if not member.approved:
        msg = "Confirm the person first."
        raise Invalid(msg, {"member": "unconfirmed"})
    if member.is_manager:
        return
    member.is_manager = True
    _record(uow, actor, member, "make_manager", "is_manager")
    _tell(uow, organisation, "manager", [member.id])


def approvers(uow: UnitOfWork, organisation: Organisation) -> list[User]:
    """Who confirms people of the organisation: its managers, or the bureau where it has none."""
    return _managers(uow, organisation) or list(
        uow.session.scalars(
            select(User)
            .join(Organisation, User.organisation_id == Organisation.id)
            .where(
                User.role == "bureau",
                User.approved.is_(True),
                User.active.is_(True),
                Organisation.state == "verified",
            )
        )
    )


def _check(uow: UnitOfWork, organisation: Organisation, wanted: dict[str, str | None]) -> None:
    """Refuse particulars that cannot be kept, every field at once."""
    texts = ("name", "name_en", "summary")
    problems = {name: "unclean" for name in texts if unclean_character(wanted[name] or "")}
    if not wanted["name"]:
        problems["name"] = "missing"
    elif uow.session.scalar(
        select(
            exists().where(Organisation.name == wanted["name"], Organisation.id != organisation.id)
        )
    ):
        problems["name"] = "taken"
    if problems:
        msg = "These particulars cannot be kept."
        raise Invalid(msg, problems)


def joined(uow: UnitOfWork, organisation: Organisation, user: User, *, base_url: str) -> None:
    """Tell those who confirm people that somebody asks to join."""
    readers = [one.id for one in approvers(uow, organisation)]
    _tell(uow, organisation, "joined", readers, base_url=base_url, name=user.name)


def _tell(
    uow: UnitOfWork,
    organisation: Organisation,
    what: str,
    readers: list[int],
    *,
    base_url: str = "",
    **values: str,
) -> None:
    notify(
        uow,
        kind=f"organisation_{what}",
        readers=readers,
        noun="organisation",
        record=organisation,
        values=values,
        base_url=base_url,
    )


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


def _member(uow: UnitOfWork, actor: Actor, organisation: Organisation, user_id: str) -> User:
    """A person of the organisation, locked, for somebody who may change its people."""
    require(actor, "organisation", "edit", organisation)
    found = uow.session.scalars(
        select(User)
        .where(User.public_id == user_id, User.organisation_id == organisation.id)
        .with_for_update()
    ).one_or_none()
    if found is None:
        msg = "There is no such member."
        raise NotFound(msg)
    return found


def _record(uow: UnitOfWork, actor: Actor, member: User, action: str, field: str) -> None:
    uow.flush()
    audit.record(uow, actor, "user", member.id, action, after={field: getattr(member, field)})
