"""Bringing two sides together: a broker asks, each side answers, silence lapses."""

from __future__ import annotations

from typing import Final

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import joinedload

from matchmaker.domain.engagement import CLOSED
from matchmaker.domain.errors import Conflict, Invalid, NotFound, WrongState
from matchmaker.domain.introduction import TEXT_LENGTH, answer_due
from matchmaker.domain.permissions import SYSTEM, Actor, may, require
from matchmaker.domain.question import names_one_of
from matchmaker.domain.visibility import MATCHED_STATES
from matchmaker.domain.vocabulary import REASONS
from matchmaker.domain.working_days import WorkingDays
from matchmaker.services import audit, engagement, introduction_notice
from matchmaker.services.clean_text import clean
from matchmaker.services.party import side_of
from matchmaker.services.transition import transition
from matchmaker.store.database import UnitOfWork
from matchmaker.store.engagement import Engagement
from matchmaker.store.introduction import Introduction
from matchmaker.store.match import Match
from matchmaker.store.organisation import Organisation

_OPTIONS: Final = (joinedload(Introduction.demand), joinedload(Introduction.outcome))


def ask(
    uow: UnitOfWork,
    actor: Actor,
    *,
    match_id: str,
    calendar: WorkingDays,
    company_message: str = "",
    institution_message: str = "",
    base_url: str = "",
) -> Introduction:
    """Ask both sides of an accepted match whether they want to talk; one question at a time."""
    require(actor, "introduction", "ask")
    match = _askable(uow, match_id)
    to_institution = clean("institution_message", institution_message, TEXT_LENGTH)
    if match.demand.disclosure == "anonymous" and _names(uow, match, to_institution):
        msg = "The company is anonymous; the other side must not read its name."
        raise Invalid(msg, {"institution_message": "names_company"})
    made = Introduction(
        match_id=match.id,
        demand_id=match.demand_id,
        outcome_id=match.outcome_id,
        company_id=match.demand.organisation_id,
        institution_id=match.outcome.organisation_id,
        researcher_id=match.outcome.author_id,
        broker_id=actor.user_id or 0,
        state="asked",
        company_message=clean("company_message", company_message, TEXT_LENGTH),
        institution_message=to_institution,
        asked_at=uow.now,
        due_at=answer_due(calendar, uow.now),
    )
    made.demand, made.outcome = match.demand, match.outcome
    uow.session.add(made)
    uow.flush()
    audit.record(uow, actor, "introduction", made.id, "ask", states=(None, "asked"))
    introduction_notice.tell(uow, made, "asked", base_url=base_url)
    return made


def accept(
    uow: UnitOfWork,
    actor: Actor,
    *,
    introduction_id: str,
    calendar: WorkingDays,
    base_url: str = "",
) -> Introduction:
    """Accept for one's side; with both acceptances the engagement is born."""
    found = load(uow, actor, introduction_id, lock=True)
    side = _answer(uow, actor, found, "accept")
    setattr(found, f"{side}_answer", "accepted")
    transition(uow, actor, "introduction", found, "accept", noted={"side": side})
    if found.company_answer == found.institution_answer == "accepted":
        found.closed_at = uow.now
        transition(uow, SYSTEM, "introduction", found, "conclude")
        uow.flush()
        engagement.begin(uow, actor, found, calendar)
        introduction_notice.tell(uow, found, "mutual", base_url=base_url)
    else:
        uow.flush()
        introduction_notice.tell(uow, found, "accepted", side=side, base_url=base_url)
    return found


def decline(
    uow: UnitOfWork,
    actor: Actor,
    *,
    introduction_id: str,
    reason: str,
    note: str = "",
    base_url: str = "",
) -> Introduction:
    """Decline for a reason of the list; the note is for the broker alone."""
    found = load(uow, actor, introduction_id, lock=True)
    require(actor, "introduction", "decline", found)
    if reason not in REASONS:
        msg = "Choose a reason from the list."
        raise Invalid(msg, {"reason": "unknown"})
    note = clean("note", note, TEXT_LENGTH, required=reason == "other")
    side = _answer(uow, actor, found, "decline")
    setattr(found, f"{side}_answer", "declined")
    setattr(found, f"{side}_reason", reason)
    setattr(found, f"{side}_note", note)
    found.closed_at = uow.now
    noted: dict[str, object] = {"side": side, "reason": reason}
    transition(uow, actor, "introduction", found, "decline", noted=noted)
    uow.flush()
    introduction_notice.tell(uow, found, "declined", side=side, base_url=base_url)
    return found


def withdraw(
    uow: UnitOfWork, actor: Actor, *, introduction_id: str, base_url: str = ""
) -> Introduction:
    """Take the question back; both sides are told."""
    found = load(uow, actor, introduction_id, lock=True)
    found.closed_at = uow.now
    transition(uow, actor, "introduction", found, "withdraw")
    uow.flush()
    introduction_notice.tell(uow, found, "withdrawn", base_url=base_url)
    return found


def load(uow: UnitOfWork, actor: Actor, public_id: str, *, lock: bool = False) -> Introduction:
    """The introduction of a public id; ``NotFound`` unless the actor has a part in it."""
    statement = select(Introduction).where(Introduction.public_id == public_id).options(*_OPTIONS)
    if lock:
        statement = statement.with_for_update(of=Introduction)
    found = uow.session.scalars(statement).one_or_none()
    if found is None or not may(actor, "introduction", "view", found):
        msg = "There is no such introduction, or none that you have a part in."
        raise NotFound(msg, noun="introduction")
    return found


def concerns(uow: UnitOfWork, match_id: int) -> bool:
    """Whether a match was ever put to two sides."""
    return bool(uow.session.scalar(select(exists().where(Introduction.match_id == match_id))))


def _askable(uow: UnitOfWork, match_id: str) -> Match:
    """The match with both records, if both sides can be asked about it now."""
    match = uow.session.scalars(
        select(Match)
        .where(Match.public_id == match_id)
        .options(joinedload(Match.demand), joinedload(Match.outcome))
        .with_for_update(of=Match)
    ).one_or_none()
    if match is None:
        msg = "There is no such match."
        raise NotFound(msg, noun="match")
    demand, outcome = match.demand, match.outcome
    if match.state != "accepted":
        msg = "Only an accepted match can be introduced."
        raise WrongState(msg, noun="match", action="ask", state=match.state)
    if not (
        demand.state in MATCHED_STATES["demand"] and outcome.state in MATCHED_STATES["outcome"]
    ):
        msg = "Both records must still be open to matching when their sides are asked."
        raise WrongState(msg, noun="match", action="ask", state=match.state)
    if demand.disclosure == "directed" and outcome.organisation_id not in demand.recipient_ids:
        msg = "This demand is directed to other institutions."
        raise WrongState(msg, noun="match", action="ask", state=match.state)
    if is_open(uow, match):
        msg = "Both sides are asked already, or are talking."
        raise Conflict(msg, noun="introduction")
    return match


def _names(uow: UnitOfWork, match: Match, text: str) -> bool:
    """Whether a text names the demand's company, whole or without its legal form."""
    company = uow.session.get_one(Organisation, match.demand.organisation_id)
    return names_one_of(text, (company.name, company.name_en))


def is_open(uow: UnitOfWork, match: Match) -> bool:
    """Whether a question is open or the two sides are engaged."""
    asked = exists().where(Introduction.match_id == match.id, Introduction.state == "asked")
    engaged = exists().where(
        Engagement.demand_id == match.demand_id,
        Engagement.outcome_id == match.outcome_id,
        Engagement.state.not_in(CLOSED),
    )
    return bool(uow.session.scalar(select(or_(asked, engaged))))


def _answer(uow: UnitOfWork, actor: Actor, found: Introduction, action: str) -> str:
    """Check that the actor's side may answer now, note who does and when; returns the side."""
    require(actor, "introduction", action, found)
    side = side_of(actor, found)
    if getattr(found, f"{side}_answer") is not None:
        msg = "Your side has answered already."
        raise WrongState(msg, noun="introduction", action=action, state=found.state)
    if found.due_at < uow.now:
        msg = "The time for answering is over."
        raise WrongState(msg, noun="introduction", action=action, state=found.state)
    setattr(found, f"{side}_answered_by", actor.user_id)
    setattr(found, f"{side}_answered_at", uow.now)
    return side
