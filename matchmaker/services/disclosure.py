"""The confidential tier of a record: written by its keepers, asked for, granted, revoked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final, cast

from sqlalchemy import select
from sqlalchemy.orm.attributes import flag_modified

from matchmaker.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from matchmaker.domain.permissions import SYSTEM, Actor, require
from matchmaker.domain.record import DESCRIPTION_LENGTH, SHORT_LENGTH
from matchmaker.domain.working_days import CHINA
from matchmaker.services import audit, disclosure_mail
from matchmaker.services.clean_text import clean
from matchmaker.services.record import MODELS, Record, load, noun_of
from matchmaker.services.transition import transition
from matchmaker.store.database import UnitOfWork
from matchmaker.store.disclosure import DisclosureGrant
from matchmaker.store.organisation import Organisation
from matchmaker.store.queries import disclosure as query

LONGEST: Final = timedelta(days=730)
USUAL: Final = timedelta(days=90)
LENGTHS: Final = {
    "know_how": DESCRIPTION_LENGTH,
    "current_state": DESCRIPTION_LENGTH,
    "partner_wanted": SHORT_LENGTH,
}


def today(uow: UnitOfWork) -> date:
    """The day at the platform's place: grants end with days there."""
    return uow.now.astimezone(CHINA).date()


def write(
    uow: UnitOfWork, actor: Actor, record: Record, texts: Mapping[str, str], *, version: int
) -> None:
    """Change the confidential texts of a record: the one place where they are written by hand.

    A published record stays published: its reviewers do not see this tier, nor does the engine.
    """
    noun = noun_of(record)
    require(actor, "disclosure", "write", record)
    if version != record.version:
        msg = "Somebody else changed this record since you opened it."
        raise Conflict(msg, noun=noun, version=record.version)
    names = query.confidential_fields(noun)
    cleaned = {name: clean(name, texts.get(name, ""), LENGTHS[name]) for name in names}
    before = {name: getattr(record, name) for name in names}
    for name, text in cleaned.items():
        setattr(record, name, text)
    record.updated_at = uow.now
    flag_modified(record, "updated_at")
    uow.flush()
    audit.record(uow, actor, noun, record.id, "edit", before=before, after=cleaned)


def give(
    uow: UnitOfWork,
    actor: Actor,
    record: Record,
    *,
    organisation: str,
    until: date,
    reason: str,
    base_url: str,
) -> DisclosureGrant:
    """Open the confidential tier to an organisation by name, or set a new last day.

    Without an agreement accepted by both, what is given here opens nothing yet.
    """
    require(actor, "disclosure", "give", record)
    grantee = _organisation(uow, record, organisation)
    reason = clean("reason", reason, SHORT_LENGTH, required=True)
    _require_day(uow, until)
    grant = uow.session.scalars(
        select(DisclosureGrant)
        .where(
            query.of_record(noun_of(record), record.id),
            DisclosureGrant.grantee_id == grantee.id,
            DisclosureGrant.state.in_(("asked", "granted")),
        )
        .with_for_update()
    ).one_or_none()
    if grant is not None and grant.state == "asked":
        return _grant(uow, actor, grant, record, until, reason, base_url)
    before = grant.until if grant is not None else None
    if grant is None:
        grant = _new(record, grantee, "granted")
        uow.session.add(grant)
    grant.until, grant.reason = until, reason
    grant.decided_by, grant.decided_at = actor.user_id, uow.now
    uow.flush()
    audit.record(
        uow,
        actor,
        "disclosure",
        grant.id,
        "give",
        states=(None, "granted"),
        before={"until": before},
        after={"until": until, "organisation": grantee.name, "reason": reason},
    )
    disclosure_mail.tell(uow, "grant", grant, record, base_url, note=reason)
    return grant


def ask(
    uow: UnitOfWork, actor: Actor, record: Record, *, question: str, base_url: str
) -> DisclosureGrant:
    """Ask the owner of an engagement's other record to open its confidential tier."""
    noun = noun_of(record)
    engagement = query.engagement_about(uow, actor, noun, record.id)
    if engagement is None:
        msg = "Only the other side of an engagement about this record may ask."
        raise NotAllowed(msg, noun="disclosure", action="ask")
    require(actor, "disclosure", "ask", engagement)
    question = clean("question", question, SHORT_LENGTH, required=True)
    live = [
        one
        for one in query.standing(uow, actor, noun, record.id)
        if one.state == "asked"
        or (one.state == "granted" and one.until is not None and one.until >= today(uow))
    ]
    if live:
        msg = "This was asked already, or is open."
        raise Conflict(msg, noun="disclosure")
    _lapse(uow, actor, noun, record)
    grantee = uow.session.get_one(Organisation, actor.organisation_id)
    grant = _new(record, grantee, "asked")
    grant.asked_by, grant.asked_at, grant.question = actor.user_id, uow.now, question
    uow.session.add(grant)
    uow.flush()
    audit.record(uow, actor, "disclosure", grant.id, "ask", states=(None, "asked"))
    disclosure_mail.tell(uow, "ask", grant, record, base_url, note=question)
    return grant


def decide(
    uow: UnitOfWork,
    actor: Actor,
    grant: DisclosureGrant,
    action: str,
    *,
    until: date | None = None,
    reason: str,
    base_url: str,
) -> None:
    """Answer a request: ``grant`` it until a day, or ``refuse`` it; either with a reason."""
    require(actor, "disclosure", action, grant)
    record = _record_of(uow, grant)
    reason = clean("reason", reason, SHORT_LENGTH, required=True)
    if action == "grant":
        if until is None:
            msg = "Say until when it opens."
            raise Invalid(msg, {"until": "missing"})
        _require_day(uow, until)
        _grant(uow, actor, grant, record, until, reason, base_url)
        return
    transition(uow, actor, "disclosure", grant, "refuse", noted={"reason": reason})
    grant.reason, grant.decided_by, grant.decided_at = reason, actor.user_id, uow.now
    uow.flush()
    disclosure_mail.tell(uow, "refuse", grant, record, base_url, note=reason)


def revoke(
    uow: UnitOfWork, actor: Actor, grant: DisclosureGrant, *, reason: str, base_url: str
) -> None:
    """Close a confidential tier again, at once. What was read stays on its receipts."""
    require(actor, "disclosure", "revoke", grant)
    reason = clean("reason", reason, SHORT_LENGTH, required=True)
    transition(uow, actor, "disclosure", grant, "revoke", noted={"reason": reason})
    grant.revoked_by, grant.revoked_at, grant.revoke_reason = actor.user_id, uow.now, reason
    uow.flush()
    disclosure_mail.tell(uow, "revoke", grant, _record_of(uow, grant), base_url, note=reason)


def load_grant(
    uow: UnitOfWork, actor: Actor, public_id: str, *, lock: bool = False
) -> DisclosureGrant:
    """A grant to be decided or revoked; ``NotFound`` unless the actor keeps its record."""
    statement = select(DisclosureGrant).where(DisclosureGrant.public_id == public_id)
    if lock:
        statement = statement.with_for_update()
    grant = uow.session.scalars(statement).one_or_none()
    if grant is None or grant.owner_id != actor.organisation_id:
        msg = "There is no such grant of yours."
        raise NotFound(msg, noun="disclosure")
    return grant


def record_of(uow: UnitOfWork, actor: Actor, grant: DisclosureGrant) -> Record:
    """The record of a grant as its keeper may see it."""
    return load(uow, actor, grant.noun, _record_of(uow, grant).public_id)


def _new(record: Record, grantee: Organisation, state: str) -> DisclosureGrant:
    noun = noun_of(record)
    return DisclosureGrant(
        demand_id=record.id if noun == "demand" else None,
        outcome_id=record.id if noun == "outcome" else None,
        owner_id=record.organisation_id,
        author_id=record.author_id,
        grantee_id=grantee.id,
        state=state,
    )


def _grant(
    uow: UnitOfWork,
    actor: Actor,
    grant: DisclosureGrant,
    record: Record,
    until: date,
    reason: str,
    base_url: str,
) -> DisclosureGrant:
    """Let a request become a grant."""
    grant.until, grant.reason = until, reason
    grant.decided_by, grant.decided_at = actor.user_id, uow.now
    with uow.session.no_autoflush:
        transition(
            uow, actor, "disclosure", grant, "grant", noted={"until": until, "reason": reason}
        )
    uow.flush()
    disclosure_mail.tell(uow, "grant", grant, record, base_url, note=reason)
    return grant


def _lapse(uow: UnitOfWork, actor: Actor, noun: str, record: Record) -> None:
    """A grant whose last day is over makes room for a new question."""
    rows = uow.session.scalars(
        select(DisclosureGrant).where(
            query.of_record(noun, record.id),
            DisclosureGrant.grantee_id == actor.organisation_id,
            DisclosureGrant.state == "granted",
        )
    )
    for grant in rows:
        transition(uow, SYSTEM, "disclosure", grant, "lapse")
    uow.flush()


def _organisation(uow: UnitOfWork, record: Record, name: str) -> Organisation:
    """A verified organisation by its registered name, other than the record's own."""
    wanted = clean("organisation", name, 200, required=True, single_line=True)
    found = uow.session.scalars(
        select(Organisation).where(Organisation.name == wanted, Organisation.state == "verified")
    ).one_or_none()
    if found is None or found.kind not in ("company", "institution"):
        msg = "No verified company or institution is registered under this name."
        raise Invalid(msg, {"organisation": "unknown"})
    if found.id == record.organisation_id:
        msg = "This is the record's own organisation."
        raise Invalid(msg, {"organisation": "own"})
    return found


def _require_day(uow: UnitOfWork, until: date) -> None:
    if until < today(uow):
        msg = f"{until} is over; choose a later day."
        raise Invalid(msg, {"until": "past"})
    if until > today(uow) + LONGEST:
        msg = "Two years are the most; open it again when they are over."
        raise Invalid(msg, {"until": "too_late"})


def _record_of(uow: UnitOfWork, grant: DisclosureGrant) -> Record:
    found = uow.session.get_one(MODELS[grant.noun], grant.demand_id or grant.outcome_id)
    return cast("Record", found)
