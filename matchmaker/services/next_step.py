"""Asking an expert, or proposing a challenge, when nothing fits; and answering."""

from __future__ import annotations

from typing import Final

from sqlalchemy import select

from matchmaker.domain.errors import Invalid, NotFound, WrongState
from matchmaker.domain.permissions import Actor, require
from matchmaker.domain.visibility import MATCHED_STATES
from matchmaker.domain.vocabulary import NEXT_STEP_KINDS
from matchmaker.services import audit
from matchmaker.services.clean_text import clean
from matchmaker.services.notification import notify
from matchmaker.services.transition import transition
from matchmaker.store.database import UnitOfWork
from matchmaker.store.demand import Demand
from matchmaker.store.next_step import NextStep

NOTE_LENGTH: Final = 500
_ANSWERS: Final = {"expert": ("answer",), "challenge": ("adopt", "decline")}


def ask(uow: UnitOfWork, actor: Actor, demand: Demand, *, kind: str, note: str) -> NextStep:
    """Ask for one of the next steps; one of a kind may be open at a time."""
    require(actor, "next_step", "ask", demand)
    if demand.state not in MATCHED_STATES["demand"]:
        msg = "Only a published demand can be put to experts or proposed as a challenge."
        raise WrongState(msg, noun="demand", action="ask", state=demand.state)
    if kind not in NEXT_STEP_KINDS:
        msg = "Choose one of the steps."
        raise Invalid(msg, {"kind": "unknown"})
    statement = select(NextStep.id).where(
        NextStep.demand_id == demand.id, NextStep.kind == kind, NextStep.state == "open"
    )
    if uow.session.scalar(statement) is not None:
        msg = "This was asked already and waits for an answer."
        raise WrongState(msg, noun="next_step", action="ask", state="open")
    step = NextStep(
        demand_id=demand.id,
        kind=kind,
        state="open",
        note=clean("note", note, NOTE_LENGTH),
        asked_by=actor.user_id,
        asked_at=uow.now,
    )
    uow.session.add(step)
    uow.session.flush()
    audit.record(uow, actor, "next_step", step.id, "ask", states=(None, "open"))
    return step


def close(
    uow: UnitOfWork, actor: Actor, *, step_id: str, action: str, answer: str, base_url: str
) -> NextStep:
    """Answer a question, or adopt or decline a proposal, and mail whoever asked."""
    step = uow.session.scalars(
        select(NextStep).where(NextStep.public_id == step_id).with_for_update()
    ).one_or_none()
    if step is None or action not in _ANSWERS[step.kind]:
        msg = "There is no such request, or it cannot be answered so."
        raise NotFound(msg, noun="next_step")
    require(actor, "next_step", action, step)
    text = clean("answer", answer, NOTE_LENGTH, required=action != "adopt")
    transition(uow, actor, "next_step", step, action)
    step.answer, step.answered_by, step.answered_at = text, actor.user_id, uow.now
    notify(
        uow,
        kind=f"next_step_{action}",
        readers=[step.asked_by] if step.asked_by else [],
        noun="demand",
        record=uow.session.get_one(Demand, step.demand_id),
        values={"answer": text},
        base_url=base_url,
    )
    return step
