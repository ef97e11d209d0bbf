"""What the platform holds of a person in introductions, questions and engagements, for their copy.

Their own words are theirs wherever they stand; the titles of what they were about are given where
the person still has a part in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, case, func, or_, select, true

from matchmaker.domain.permissions import Actor
from matchmaker.store.assignment import BrokerProfile, PastAssignment
from matchmaker.store.common_need import NeedConsent
from matchmaker.store.contract import Contract, ContractRevision
from matchmaker.store.database import UnitOfWork
from matchmaker.store.demand import Demand
from matchmaker.store.disclosure import DisclosureReceipt
from matchmaker.store.engagement import (
    Attachment,
    CalendarToken,
    Engagement,
    EngagementMessage,
    EngagementStep,
    Meeting,
    NdaAcceptance,
)
from matchmaker.store.event import Event, EventParty
from matchmaker.store.introduction import Introduction
from matchmaker.store.match import Match
from matchmaker.store.outcome import Outcome
from matchmaker.store.queries.party import party
from matchmaker.store.queries.visibility import reviews, seen
from matchmaker.store.question import Question

_Rows = list[dict[str, Any]]


def tables(uow: UnitOfWork, actor: Actor) -> Mapping[str, _Rows]:
    """The tables of a person's copy that tell of what lies between two sides."""
    key = actor.user_id or 0
    return {
        "introductions": _rows(uow, _introductions(actor, key)),
        "broker_questions": _rows(uow, _questions(actor, key)),
        "agreements": _rows(uow, _agreements(actor, key)),
        "messages": _rows(uow, _messages(actor, key)),
        "files": _rows(uow, _files(actor, key)),
        "meetings": _rows(uow, _meetings(actor, key)),
        "steps": _rows(uow, _steps(actor, key)),
        "contracts": _rows(uow, _contracts(actor, key)),
        "openings": _rows(uow, _openings(key)),
        "event_invitations": _rows(uow, _event_invitations(key)),
        "events": _rows(uow, _events(key)),
        "need_consents": _rows(uow, _need_consents(actor, key)),
        "broker_profile": _rows(uow, _profile(key)),
        "ended_assignments": _rows(uow, _ended(key)),
        "calendar_address": _rows(
            uow, select(CalendarToken.created_at.label("made")).where(CalendarToken.user_id == key)
        ),
    }


def _introductions(actor: Actor, key: int) -> Select[Any]:
    """Where the person asked or answered: their own words, and the answer they gave."""
    theirs = Introduction.broker_id == key
    company = Introduction.company_answered_by == key
    institution = Introduction.institution_answered_by == key

    def answered(name: str) -> Any:
        return case(
            (company, getattr(Introduction, f"company_{name}")),
            (institution, getattr(Introduction, f"institution_{name}")),
            else_=None,
        ).label(name)

    return (
        select(
            *_titles(actor, Introduction),
            Introduction.state,
            Introduction.asked_at.label("asked"),
            case((theirs, Introduction.company_message), else_="").label("to_company"),
            case((theirs, Introduction.institution_message), else_="").label("to_institution"),
            *(answered(name) for name in ("answer", "reason", "note", "answered_at")),
        )
        .join(Demand, Introduction.demand_id == Demand.id)
        .join(Outcome, Introduction.outcome_id == Outcome.id)
        .where(or_(theirs, company, institution))
        .order_by(Introduction.id)
    )


def _questions(actor: Actor, key: int) -> Select[Any]:
    """What the person asked or answered; the other's words as long as they may read the question.

    That are the people of the organisation that was asked, and who reviews matches.
    """
    of_demand = Question.side == "demand"
    asked, answered = Question.asked_by == key, Question.answered_by == key
    open_to_me = or_(
        of_demand & seen(actor, "demand"),
        ~of_demand & seen(actor, "outcome"),
    )
    at_home = Question.organisation_id == (actor.organisation_id or 0)
    readable = true() if reviews(actor) else at_home
    theirs = open_to_me & readable
    return (
        select(
            case((open_to_me, case((of_demand, Demand.title), else_=Outcome.title))).label(
                "record"
            ),
            Question.state,
            case((or_(asked, theirs), Question.text), else_="").label("text"),
            Question.asked_at.label("asked"),
            case((or_(answered, theirs), Question.answer), else_="").label("answer"),
            Question.answered_at.label("answered"),
        )
        .join(Match, Question.match_id == Match.id)
        .join(Demand, Match.demand_id == Demand.id)
        .join(Outcome, Match.outcome_id == Outcome.id)
        .where(or_(asked, answered))
        .order_by(Question.id)
    )


def _agreements(actor: Actor, key: int) -> Select[Any]:
    return _engaged(
        actor,
        NdaAcceptance,
        NdaAcceptance.name,
        NdaAcceptance.side,
        NdaAcceptance.text_version,
        NdaAcceptance.accepted_at.label("accepted"),
    ).where(NdaAcceptance.accepted_by == key)


def _messages(actor: Actor, key: int) -> Select[Any]:
    return _engaged(
        actor,
        EngagementMessage,
        EngagementMessage.written_at.label("written"),
        EngagementMessage.side,
        EngagementMessage.body.label("text"),
    ).where(EngagementMessage.author_id == key)


def _files(actor: Actor, key: int) -> Select[Any]:
    """Names and checksums; the contents stand in the thread."""
    return (
        _engaged(
            actor,
            EngagementMessage,
            EngagementMessage.written_at.label("sent"),
            Attachment.file_name,
            Attachment.size,
            Attachment.sha256,
        )
        .join(Attachment, Attachment.message_id == EngagementMessage.id)
        .where(EngagementMessage.author_id == key)
    )


def _meetings(actor: Actor, key: int) -> Select[Any]:
    """Those that the person planned, with minutes where they wrote them."""
    closed = Meeting.closed_by == key
    return _engaged(
        actor,
        Meeting,
        Meeting.state,
        Meeting.starts_at.label("begins"),
        Meeting.place,
        Meeting.participants,
        Meeting.agenda,
        case((closed, Meeting.minutes), else_="").label("minutes"),
        case((closed, Meeting.note), else_="").label("note"),
    ).where(or_(Meeting.planned_by == key, closed))


def _steps(actor: Actor, key: int) -> Select[Any]:
    return _engaged(
        actor,
        EngagementStep,
        EngagementStep.taken_at.label("at"),
        EngagementStep.action,
        EngagementStep.note,
    ).where(EngagementStep.taken_by == key)


def _event_invitations(key: int) -> Select[Any]:
    """Those that were sent to the person, and those that the person answered for a firm."""
    columns: tuple[Any, ...] = (
        *(Event.title, Event.place, Event.starts_at.label("begins")),
        *(EventParty.side, EventParty.state, EventParty.free),
        *(EventParty.invited_at.label("invited"), EventParty.answered_at.label("answered")),
    )
    return (
        select(*columns)
        .join(Event, EventParty.event_id == Event.id)
        .where(or_(EventParty.contact_id == key, EventParty.answered_by == key))
        .order_by(EventParty.id)
    )


def _need_consents(actor: Actor, key: int) -> Select[Any]:
    """Where the person asked a firm whether it may be named, or answered for one.

    The demand's title belongs to those who answer, while they may see it: whoever asked reads it
    on the site.
    """
    answered = NeedConsent.answered_by == key
    return (
        select(
            case((answered & seen(actor, "demand"), Demand.title), else_=None).label("demand"),
            *(NeedConsent.state, NeedConsent.asked_at.label("asked")),
            NeedConsent.answered_at.label("answered"),
        )
        .join(Demand, NeedConsent.demand_id == Demand.id)
        .where(or_(NeedConsent.asked_by == key, answered))
        .order_by(NeedConsent.id)
    )


def _events(key: int) -> Select[Any]:
    """Those that the person organised."""
    columns: tuple[Any, ...] = (
        *(Event.title, Event.place, Event.about, Event.starts_at.label("begins"), Event.state),
    )
    return select(*columns).where(Event.author_id == key).order_by(Event.id)


def _contracts(actor: Actor, key: int) -> Select[Any]:
    """The revisions of contracts that the person made, their amounts as far as a party."""
    own = party(actor, Engagement)
    return (
        select(
            *_titles(actor, Engagement),
            case((own, Contract.title), else_=None).label("contract"),
            ContractRevision.revision,
            ContractRevision.state,
            ContractRevision.changed.label("fields"),
            case((own, ContractRevision.amount_total), else_=None).label("amount"),
            case((own, ContractRevision.amount_technical), else_=None).label("technical_amount"),
            ContractRevision.reason,
            ContractRevision.made_at.label("made"),
        )
        .join(Contract, ContractRevision.contract_id == Contract.id)
        .join(Engagement, Contract.engagement_id == Engagement.id)
        .join(Demand, Engagement.demand_id == Demand.id)
        .join(Outcome, Engagement.outcome_id == Outcome.id)
        .where(ContractRevision.made_by == key)
        .order_by(ContractRevision.id)
    )


def _openings(key: int) -> Select[Any]:
    """When the person opened a confidential part, and which fields of it."""
    columns: list[Any] = [DisclosureReceipt.opened_at.label("opened"), DisclosureReceipt.fields]
    return select(*columns).where(DisclosureReceipt.reader_id == key).order_by(DisclosureReceipt.id)


def _profile(key: int) -> Select[Any]:
    names = ("level", "fields", "clusters", "regions", "weekly_capacity", "away_until")
    columns = [getattr(BrokerProfile, name) for name in names]
    return select(*columns).where(BrokerProfile.user_id == key)


def _ended(key: int) -> Select[Any]:
    """How many assignments ended without a decision of theirs, and why."""
    columns: list[Any] = [PastAssignment.because, func.count().label("number")]
    return select(*columns).where(PastAssignment.user_id == key).group_by(PastAssignment.because)


def _engaged(actor: Actor, model: Any, *columns: Any) -> Select[Any]:
    """Rows of something that belongs to an engagement, with the titles of its two records."""
    return (
        select(*_titles(actor, Engagement), *columns)
        .select_from(model)
        .join(Engagement, model.engagement_id == Engagement.id)
        .join(Demand, Engagement.demand_id == Demand.id)
        .join(Outcome, Engagement.outcome_id == Outcome.id)
        .order_by(model.id)
    )


def _titles(actor: Actor, model: type[Introduction | Engagement]) -> tuple[Any, Any]:
    """Both titles, where the person still has a part in it."""
    own = party(actor, model)
    return (
        case((own, Demand.title), else_=None).label("demand"),
        case((own, Outcome.title), else_=None).label("outcome"),
    )


def _rows(uow: UnitOfWork, statement: Select[Any]) -> _Rows:
    found = uow.session.execute(statement)
    return [dict(row._mapping) for row in found]  # noqa: SLF001 - SQLAlchemy's public name
