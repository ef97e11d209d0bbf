"""Engagements as frozen rows: the board, and one engagement with all that belongs to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased

from matchmaker.domain.engagement import CLOSED
from matchmaker.domain.permissions import Actor
from matchmaker.store.database import UnitOfWork
from matchmaker.store.demand import Demand
from matchmaker.store.engagement import (
    Attachment,
    Engagement,
    EngagementMessage,
    EngagementStep,
    Meeting,
    NdaAcceptance,
)
from matchmaker.store.organisation import Organisation, User
from matchmaker.store.outcome import Outcome
from matchmaker.store.queries.party import listed, own
from matchmaker.store.queries.statement import row_of, rows_of


@dataclass(frozen=True, slots=True, kw_only=True)
class EngagementRow:
    """A card of the board. Both sides know each other, and the bureau may name companies."""

    public_id: str
    state: str
    dormant_from: str | None
    demand_title: str
    outcome_title: str
    company_name: str
    institution_name: str
    broker_name: str
    next_action: str
    next_side: str | None
    next_due: date | None
    last_step_at: datetime
    closed_at: datetime | None
    lost_reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRow:
    """One step of the timeline."""

    at: datetime
    action: str
    state_to: str
    note: str
    name: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptanceRow:
    """A side's acceptance of the confidentiality agreement."""

    side: str
    name: str
    person: str
    accepted_at: datetime
    text_version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingRow:
    """A meeting in the list of its engagement."""

    public_id: str
    state: str
    starts_at: datetime
    minutes_long: int
    place: str
    participants: str
    agenda: str
    minutes: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRow:
    """A file of a message."""

    public_id: str
    file_name: str
    media_type: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRow:
    """A message of the thread with its files."""

    public_id: str
    name: str
    side: str
    body: str
    written_at: datetime
    files: tuple[FileRow, ...]


def board(
    uow: UnitOfWork, actor: Actor, *, closed: bool, mine: bool, limit: int, offset: int
) -> tuple[EngagementRow, ...]:
    """A page of the engagements that the actor may list, the one due first in front."""
    statement = _rows().where(listed(actor, Engagement))
    if mine:
        statement = statement.where(own(actor, Engagement, Demand.author_id))
    if closed:
        statement = statement.where(Engagement.state.in_(CLOSED)).order_by(
            Engagement.closed_at.desc(), Engagement.id.desc()
        )
    else:
        statement = statement.where(Engagement.state.not_in(CLOSED)).order_by(
            Engagement.next_due.is_(None), Engagement.next_due, Engagement.id
        )
    return rows_of(EngagementRow, uow.session.execute(statement.limit(limit).offset(offset)))


def counts(uow: UnitOfWork, actor: Actor, *, mine: bool) -> Mapping[str, int]:
    """How many engagements stand at each stage; a dormant one stands where it was."""
    stage = func.coalesce(Engagement.dormant_from, Engagement.state)
    statement = (
        select(stage, func.count())
        .select_from(Engagement)
        .join(Demand, Engagement.demand_id == Demand.id)
        .where(listed(actor, Engagement))
        .group_by(stage)
    )
    if mine:
        statement = statement.where(own(actor, Engagement, Demand.author_id))
    return dict(uow.session.execute(statement).all())


def card(uow: UnitOfWork, engagement_id: int) -> EngagementRow:
    """One engagement as its card."""
    row = uow.session.execute(_rows().where(Engagement.id == engagement_id)).one()
    return row_of(EngagementRow, row)


def steps(uow: UnitOfWork, engagement_id: int) -> tuple[StepRow, ...]:
    """The steps so far, oldest first."""
    rows = uow.session.execute(
        select(EngagementStep, User.name)
        .outerjoin(User, EngagementStep.taken_by == User.id)
        .where(EngagementStep.engagement_id == engagement_id)
        .order_by(EngagementStep.id)
    )
    return tuple(
        StepRow(at=one.taken_at, action=one.action, state_to=one.state_to, note=one.note, name=name)
        for one, name in rows
    )


def acceptances(uow: UnitOfWork, engagement_id: int) -> tuple[AcceptanceRow, ...]:
    """Which sides have accepted the confidentiality agreement, in order."""
    rows = uow.session.execute(
        select(
            NdaAcceptance.side,
            NdaAcceptance.name,
            User.name.label("person"),
            NdaAcceptance.accepted_at,
            NdaAcceptance.text_version,
        )
        .join(User, NdaAcceptance.accepted_by == User.id)
        .where(NdaAcceptance.engagement_id == engagement_id)
        .order_by(NdaAcceptance.id)
    )
    return rows_of(AcceptanceRow, rows)


def meetings(uow: UnitOfWork, engagement_id: int) -> tuple[MeetingRow, ...]:
    """The meetings, the latest first."""
    rows = uow.session.scalars(
        select(Meeting)
        .where(Meeting.engagement_id == engagement_id)
        .order_by(Meeting.starts_at.desc(), Meeting.id.desc())
    )
    return tuple(meeting_row(one) for one in rows)


def meeting_row(meeting: Meeting) -> MeetingRow:
    """A stored meeting as a row."""
    return MeetingRow(
        public_id=meeting.public_id,
        state=meeting.state,
        starts_at=meeting.starts_at,
        minutes_long=meeting.minutes_long,
        place=meeting.place,
        participants=meeting.participants,
        agenda=meeting.agenda,
        minutes=meeting.minutes,
        note=meeting.note,
    )


def thread(
    uow: UnitOfWork, engagement_id: int, *, limit: int, offset: int
) -> tuple[MessageRow, ...]:
    """A page of the messages with their files, the latest first."""
    found = uow.session.execute(
        select(EngagementMessage, User.name)
        .join(User, EngagementMessage.author_id == User.id)
        .where(EngagementMessage.engagement_id == engagement_id)
        .order_by(EngagementMessage.id.desc())
        .limit(limit)
        .offset(offset)
    ).all()
    files: dict[int, list[FileRow]] = {message.id: [] for message, _ in found}
    for one in uow.session.scalars(
        select(Attachment)
        .where(Attachment.message_id.in_(files))
        .order_by(Attachment.message_id, Attachment.position)
    ):
        row = FileRow(
            public_id=one.public_id,
            file_name=one.file_name,
            media_type=one.media_type,
            size=one.size,
        )
        files[one.message_id].append(row)
    return tuple(
        MessageRow(
            public_id=message.public_id,
            name=name,
            side=message.side,
            body=message.body,
            written_at=message.written_at,
            files=tuple(files[message.id]),
        )
        for message, name in found
    )


def message_count(uow: UnitOfWork, engagement_id: int) -> int:
    """How many messages the thread holds."""
    statement = select(func.count()).where(EngagementMessage.engagement_id == engagement_id)
    return uow.session.scalar(statement) or 0


def _rows() -> Select[*tuple[Any, ...]]:
    """Every engagement with the columns of an :class:`EngagementRow`."""
    company, institution = aliased(Organisation), aliased(Organisation)
    return (
        select(
            Engagement.public_id,
            Engagement.state,
            Engagement.dormant_from,
            Demand.title.label("demand_title"),
            Outcome.title.label("outcome_title"),
            company.name.label("company_name"),
            institution.name.label("institution_name"),
            User.name.label("broker_name"),
            Engagement.next_action,
            Engagement.next_side,
            Engagement.next_due,
            Engagement.last_step_at,
            Engagement.closed_at,
            Engagement.lost_reason,
        )
        .select_from(Engagement)
        .join(Demand, Engagement.demand_id == Demand.id)
        .join(Outcome, Engagement.outcome_id == Outcome.id)
        .join(company, Engagement.company_id == company.id)
        .join(institution, Engagement.institution_id == institution.id)
        .join(User, Engagement.broker_id == User.id)
    )
