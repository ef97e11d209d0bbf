"""A copy of everything the platform holds of a person and of what they wrote."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import and_, case, or_, select
from sqlalchemy.orm import joinedload

from matchmaker.domain.permissions import Actor, require
from matchmaker.domain.visibility import (
    CONFIDENTIAL_FIELDS,
    REDACTED_FIELDS,
    Tier,
    may_read,
    may_see,
)
from matchmaker.integrations.archive import zip_of
from matchmaker.services import (
    audit,
    notification,
    personal_challenges,
    personal_desk,
    personal_talks,
)
from matchmaker.services.record import MODELS, Record, indicators_of, noun_of
from matchmaker.store.audit import AuditEvent
from matchmaker.store.database import UnitOfWork
from matchmaker.store.demand import Demand
from matchmaker.store.match import Match
from matchmaker.store.next_step import NextStep
from matchmaker.store.notification import Notification
from matchmaker.store.organisation import LoginSession, User
from matchmaker.store.outbox import OutboxMail
from matchmaker.store.outcome import Outcome
from matchmaker.store.queries import match as match_query
from matchmaker.store.queries import notification as notification_query
from matchmaker.store.queries.visibility import seen
from matchmaker.store.saved_search import SavedSearch

_MOST: Final = 100_000
# A link that sets a password is not handed out again.
_SECRET: Final = "/account/reset/"  # noqa: S105 - the address, not a secret
_INTERNAL: Final = frozenset({"id", "version", "organisation_id", "author_id", "source_id"})
_README: Final = """个人数据导出 · A copy of your data

每个表有 JSON 与 CSV（UTF-8）两种格式，时间为 {zone}，金额单位为万元。
Each table is there as JSON and as CSV (UTF-8); times are of {zone}, money in 10,000 yuan.
保密字段只在您有权查看时导出。
Confidential fields are included only where you may read them.
"""


def export(uow: UnitOfWork, actor: Actor, timezone: str) -> bytes:
    """A ZIP of tables; the audit notes that it was made."""
    require(actor, "user", "export")
    user = uow.session.scalars(
        select(User).where(User.id == actor.user_id).options(joinedload(User.organisation))
    ).one()
    zone = ZoneInfo(timezone)
    records = _records(uow, actor)
    tables: dict[str, list[dict[str, Any]]] = {
        "person": [_person(user)],
        "devices": _devices(uow, user),
        "notifications": _notifications(uow, actor, user.locale),
        "mail_settings": [
            {"group": topic, "mail": pace}
            for topic, pace in notification_query.paces(uow, user.id).items()
        ],
        "saved_searches": _searches(uow, user),
        "mails": _mails(uow, user),
        "demands": [_record(actor, one) for one in records if isinstance(one, Demand)],
        "outcomes": [_record(actor, one) for one in records if isinstance(one, Outcome)],
        "suggestions": _suggestions(uow, actor, {one.public_id for one in records}),
        "decisions": _decisions(uow, actor),
        "questions": _questions(uow, actor),
        **personal_talks.tables(uow, actor),
        **personal_challenges.tables(uow, actor),
        **personal_desk.tables(uow, actor),
        "deeds": _events(uow, AuditEvent.actor_id == user.id),
        "about_me": _events(
            uow,
            and_(
                AuditEvent.noun == "user",
                AuditEvent.record_id == user.id,
                or_(AuditEvent.actor_id.is_(None), AuditEvent.actor_id != user.id),
            ),
        ),
    }
    audit.record(uow, actor, "user", user.id, "export")
    written = {name: [_local(row, zone) for row in rows] for name, rows in tables.items()}
    return zip_of(written, readme=_README.format(zone=timezone), at=uow.now.astimezone(zone))


def _person(user: User) -> dict[str, Any]:
    return {
        "name": user.name,
        "email": user.email,
        "phone": user.phone,
        "role": user.role,
        "language": user.locale,
        "organisation": user.organisation.name if user.organisation else "",
        "manager": user.is_manager,
        "membership_confirmed": user.approved,
        "registered": user.created_at,
        "last_log_in": user.seen_at,
    }


def _devices(uow: UnitOfWork, user: User) -> list[dict[str, Any]]:
    found = uow.session.scalars(select(LoginSession).where(LoginSession.user_id == user.id))
    return [
        {"browser": one.agent, "since": one.created_at, "last_used": one.seen_at} for one in found
    ]


def _notifications(uow: UnitOfWork, actor: Actor, locale: str) -> list[dict[str, Any]]:
    stored = uow.session.scalars(
        select(Notification).where(Notification.user_id == actor.user_id).order_by(Notification.id)
    ).all()
    return [
        {
            "at": row.created_at,
            "text": notification.line(row, locale),
            "detail": notification.detail(row),
            "read": row.read,
        }
        for row in notification_query.rows(uow, actor, stored)
    ]


def _searches(uow: UnitOfWork, user: User) -> list[dict[str, Any]]:
    found = uow.session.scalars(select(SavedSearch).where(SavedSearch.user_id == user.id))
    return [
        {
            "name": one.name,
            "noun": one.noun,
            "text": one.text,
            "filters": one.chosen,
            "alert": one.alert,
            "saved": one.created_at,
        }
        for one in found
    ]


def _mails(uow: UnitOfWork, user: User) -> list[dict[str, Any]]:
    found = uow.session.scalars(
        select(OutboxMail).where(OutboxMail.recipient == user.email).order_by(OutboxMail.id)
    )
    return [
        {
            "queued": one.created_at,
            "sent": one.sent_at,
            "subject": one.subject,
            "body": "" if _SECRET in one.body else one.body,
        }
        for one in found
    ]


def _records(uow: UnitOfWork, actor: Actor) -> list[Record]:
    """What the person wrote, as far as they may still see it."""
    found: list[Record] = []
    for noun, model in MODELS.items():
        statement = (
            select(model)
            .where(model.author_id == actor.user_id)
            .options(joinedload(model.organisation))
            .order_by(model.id)
        )
        stored: list[Record] = list(uow.session.scalars(statement))
        found += [one for one in stored if may_see(actor, noun, one)]
    return found


def _record(actor: Actor, record: Record) -> dict[str, Any]:
    """Every column of a record that its author may read, and what hangs on it as texts."""
    noun = noun_of(record)
    hidden = set(_INTERNAL)
    for tier, names in ((Tier.REDACTED, REDACTED_FIELDS), (Tier.CONFIDENTIAL, CONFIDENTIAL_FIELDS)):
        if not may_read(actor, noun, record, tier):
            hidden |= names
    values = {
        column.key: getattr(record, column.key)
        for column in type(record).__table__.columns
        if column.key not in hidden
    }
    values["organisation"] = record.organisation.name
    values["chains"] = [chain.chain_code for chain in record.chains]
    values["indicators"] = [indicator.text for indicator in indicators_of(record)]
    if isinstance(record, Outcome):
        values["conversion_modes"] = [mode.mode for mode in record.modes]
    return values


def _suggestions(uow: UnitOfWork, actor: Actor, own: set[str]) -> list[dict[str, Any]]:
    """The pairs of what the person wrote, as their own list shows them."""
    page = match_query.own_suggestions(uow, actor, state=None, limit=_MOST, offset=0)
    return [
        {
            "demand": row.demand.title,
            "outcome": row.outcome.title,
            "level": row.level,
            "probability": round(row.score, 3),
            "state": row.state,
            "reason": row.reason,
            "suggested": row.created_at,
        }
        for row in page.rows
        if own & {row.demand.public_id, row.outcome.public_id}
    ]


def _decisions(uow: UnitOfWork, actor: Actor) -> list[dict[str, Any]]:
    found = uow.session.execute(
        select(
            case((seen(actor, "demand"), Demand.title), else_=None).label("demand"),
            case((seen(actor, "outcome"), Outcome.title), else_=None).label("outcome"),
            Match.state,
            Match.reason,
            Match.note,
            Match.decided_at.label("decided"),
        )
        .join(Demand, Match.demand_id == Demand.id)
        .join(Outcome, Match.outcome_id == Outcome.id)
        .where(Match.decided_by == actor.user_id)
        .order_by(Match.id)
    )
    return [dict(row._mapping) for row in found]  # noqa: SLF001 - SQLAlchemy's public name


def _questions(uow: UnitOfWork, actor: Actor) -> list[dict[str, Any]]:
    """What the person asked or answered; the other's words as long as the demand may be seen."""
    asked, answered = NextStep.asked_by == actor.user_id, NextStep.answered_by == actor.user_id
    mine, open_to_me = or_(asked, answered), seen(actor, "demand")
    found = uow.session.execute(
        select(
            case((open_to_me, Demand.title), else_=None).label("demand"),
            NextStep.kind,
            NextStep.state,
            case((or_(asked, open_to_me), NextStep.note), else_="").label("note"),
            NextStep.asked_at.label("asked"),
            case((or_(answered, open_to_me), NextStep.answer), else_="").label("answer"),
            NextStep.answered_at.label("answered"),
        )
        .join(Demand, NextStep.demand_id == Demand.id)
        .where(mine)
        .order_by(NextStep.id)
    )
    return [dict(row._mapping) for row in found]  # noqa: SLF001 - as above


def _events(uow: UnitOfWork, whose: Any) -> list[dict[str, Any]]:
    found = uow.session.execute(
        select(
            AuditEvent.at,
            AuditEvent.actor_role.label("role"),
            AuditEvent.noun,
            AuditEvent.action,
            AuditEvent.state_from,
            AuditEvent.state_to,
        )
        .where(whose)
        .order_by(AuditEvent.id)
    )
    return [dict(row._mapping) for row in found]  # noqa: SLF001 - as above


def _local(row: Mapping[str, Any], zone: ZoneInfo) -> dict[str, Any]:
    """A row with its times written in the platform's zone."""
    return {name: _written(value, zone) for name, value in row.items()}


def _written(value: Any, zone: ZoneInfo) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(zone).isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    return value
