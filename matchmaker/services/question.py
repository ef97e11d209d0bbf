"""Asking one side of a match, and what comes of it. Nothing here asks which state a match is in,
so that whoever accompanies a match later can ask just as well.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from matchmaker.domain.errors import Invalid, NotFound
from matchmaker.domain.permissions import SYSTEM, Actor, require
from matchmaker.domain.question import ANSWER_DAYS, SIDES, clean_text, names_one_of
from matchmaker.domain.visibility import may_name_organisation
from matchmaker.domain.working_days import WorkingDays, day_of
from matchmaker.services import audit, record_notice
from matchmaker.services.match_reopening import reopen
from matchmaker.services.notification import notify
from matchmaker.services.side_reader import side_reader
from matchmaker.services.transition import transition
from matchmaker.store.database import UnitOfWork
from matchmaker.store.demand import Demand
from matchmaker.store.match import Match
from matchmaker.store.outcome import Outcome
from matchmaker.store.question import Question


def ask(
    uow: UnitOfWork,
    actor: Actor,
    match: Match,
    *,
    side: str,
    text: str,
    calendar: WorkingDays,
    base_url: str,
) -> Question:
    """Ask the company (``demand``) or the institution (``outcome``); mails whoever may answer.

    A question to the institution must not name a company that wants to stay anonymous.
    """
    require(actor, "question", "ask")
    if side not in SIDES:
        msg = "Choose whom to ask."
        raise Invalid(msg, {"side": "unknown"})
    cleaned = clean_text(text, "text")
    demand, outcome = _sides(uow, match)
    record: Demand | Outcome = demand if side == "demand" else outcome
    company = demand.organisation
    named = may_name_organisation(side_reader(side, record), "demand", demand)
    if not named and names_one_of(cleaned, (company.name, company.name_en)):
        msg = "The question names a company that wants to stay anonymous."
        raise Invalid(msg, {"text": "names_company"})
    question = Question(
        match_id=match.id,
        side=side,
        organisation_id=record.organisation_id,
        state="open",
        text=cleaned,
        asked_by=actor.user_id,
        asked_at=uow.now,
        lapses_at=calendar.due(uow.now, ANSWER_DAYS),
    )
    uow.session.add(question)
    uow.flush()
    audit.record(
        uow, actor, "question", question.id, "ask", states=(None, "open"), after={"side": side}
    )
    until = day_of(question.lapses_at - timedelta(seconds=1))
    notify(
        uow,
        kind="question_ask",
        readers=record_notice.answerers(uow, record),
        noun="question",
        record=question,
        values={"text": cleaned, "date": until.isoformat()},
        base_url=base_url,
    )
    return question


def answer(
    uow: UnitOfWork, actor: Actor, *, question_id: str, text: str, base_url: str
) -> Question:
    """Answer a question; the match goes back to its broker once nothing else is open."""
    question = uow.session.scalars(
        select(Question)
        .where(Question.public_id == question_id)
        .options(joinedload(Question.match))
        .with_for_update(of=Question)
    ).one_or_none()
    if question is None or question.organisation_id != actor.organisation_id:
        msg = "There is no such question."
        raise NotFound(msg, noun="question")
    require(actor, "question", "answer", question)
    cleaned = clean_text(text, "answer")
    transition(uow, actor, "question", question, "answer")
    question.answer = cleaned
    question.answered_by, question.answered_at = actor.user_id, uow.now
    _back(uow, question, "answer", cleaned, base_url)
    return question


def lapse_due(uow: UnitOfWork, base_url: str) -> int:
    """Give up on questions whose time is over; returns how many."""
    over = uow.session.scalars(
        select(Question)
        .where(Question.state == "open", Question.lapses_at <= uow.now)
        .options(joinedload(Question.match))
        .order_by(Question.id)
    ).all()
    for question in over:
        transition(uow, SYSTEM, "question", question, "lapse")
        _back(uow, question, "lapse", question.text, base_url)
    return len(over)


def close_for(uow: UnitOfWork, noun: str, record_id: int) -> None:
    """Give up on what is open about a record that is no longer published, whoever was asked.

    The match leaves its sleep, so that it stands in the queue again once both are published.
    """
    column = Match.demand_id if noun == "demand" else Match.outcome_id
    found = uow.session.scalars(
        select(Question)
        .join(Match, Question.match_id == Match.id)
        .where(Question.state == "open", column == record_id)
        .options(joinedload(Question.match))
        .order_by(Question.id)
    ).all()
    for question in found:
        noted: dict[str, object] = {"because": f"{noun}_unpublished"}
        transition(uow, SYSTEM, "question", question, "lapse", noted=noted)
        _back(uow, question, "lapse", question.text, "")


def withdraw_open(uow: UnitOfWork, actor: Actor, match: Match) -> None:
    """Take back what is still open about a match: it was decided without an answer."""
    found = select(Question).where(Question.match_id == match.id, Question.state == "open")
    for question in uow.session.scalars(found).all():
        transition(uow, actor, "question", question, "withdraw")


def _back(uow: UnitOfWork, question: Question, action: str, text: str, base_url: str) -> None:
    """Lead the match back to the queue if it waited for this, and tell the broker who asked."""
    uow.flush()
    match = question.match
    waiting = select(Question.id).where(Question.match_id == match.id, Question.state == "open")
    if match.state == "needs_information" and uow.session.scalar(waiting.limit(1)) is None:
        reopen(uow, SYSTEM, match, "wake")
    notify(
        uow,
        kind=f"question_{action}",
        readers=[question.asked_by],
        noun="match",
        record=match,
        values={"text": text},
        base_url=base_url,
    )


def _sides(uow: UnitOfWork, match: Match) -> tuple[Demand, Outcome]:
    """Both records of a match with their organisations."""
    demands = select(Demand).options(joinedload(Demand.organisation))
    outcomes = select(Outcome).options(joinedload(Outcome.organisation))
    return (
        uow.session.scalars(demands.where(Demand.id == match.demand_id)).one(),
        uow.session.scalars(outcomes.where(Outcome.id == match.outcome_id)).one(),
    )
