"""What happens in the world once it is built: every action that tells somebody something."""

from __future__ import annotations

from sqlalchemy import delete, select

from matchmaker.domain.permissions import SYSTEM, Actor
from matchmaker.domain.vocabulary import DISCLOSURES
from matchmaker.services import alert, audit, disclosure, next_step, receipt, record, record_notice
from matchmaker.services.account import actor_of
from matchmaker.store.database import UnitOfWork
from matchmaker.store.demand import Demand
from matchmaker.store.next_step import AlertSent, NextStep
from matchmaker.store.organisation import User
from matchmaker.store.outcome import Outcome
from tests.integration.tier_world import Kept, World

_BASE = "https://matchmaker.example"


def live_through(world: World) -> None:
    """Review, expiry, questions, alerts, grants and openings, with the mail of each.

    Records go back to the state that they had, so that every state stays in the world.
    """
    with world.platform.database.unit_of_work() as uow:
        for kept in world.records:
            _review(uow, kept)
        _questions(uow, world)
        _disclose(uow, world)
    with world.platform.database.unit_of_work() as uow:
        for kept in world.records:
            if kept.noun == "demand" and kept.row.state == "published":
                author = _user(uow, kept.row.author_id)
                stored = uow.session.get_one(Demand, kept.row.id)
                alert.switch(uow, actor_of(author), stored, on=True)
    with world.platform.database.unit_of_work() as uow:
        uow.session.execute(delete(AlertSent))
        alert.send_due(uow, _BASE)
    world.platform.tell_news()


def _review(uow: UnitOfWork, kept: Kept) -> None:
    """The mails of one record's life, and the audit of an edit that touches every field."""
    model = Demand if kept.noun == "demand" else Outcome
    stored = uow.session.get_one(model, kept.row.id)
    actions = {
        "demand": ("submit", "publish", "return", "expire", "remind"),
        "outcome": ("submit", "approve", "request_changes", "expire", "remind"),
    }[kept.noun]
    waiting = {"demand": "submitted", "outcome": "institution_review"}[kept.noun]
    for action in actions:
        if action != "submit" or kept.row.state == waiting:
            record_notice.tell(uow, SYSTEM, stored, action, "请补充")
    author = actor_of(_user(uow, kept.row.author_id))
    audit.record(uow, author, kept.noun, stored.id, "edit", before={}, after=record.values(stored))


def _questions(uow: UnitOfWork, world: World) -> None:
    """Experts answer a third of the questions, the bureau another, and a third waits."""
    for place, step in enumerate(world.next_steps):
        who = ("bureau", "other broker", "")[place % 3]
        if not who:
            continue
        kept = _asked_about(uow, world, step)
        next_step.close(
            uow,
            _actor(uow, world, who),
            step_id=step,
            action="answer",
            answer=world.mark("step", record=kept, user_id=world.users[who].id),
            base_url=_BASE,
        )


def _asked_about(uow: UnitOfWork, world: World, step: str) -> Kept:
    """The demand that a question to experts is about."""
    key = uow.session.scalar(select(NextStep.demand_id).where(NextStep.public_id == step))
    return next(one for one in world.records if one.noun == "demand" and one.row.id == key)


def _disclose(uow: UnitOfWork, world: World) -> None:
    """Openings under grants, and a grant asked for, refused, given, revoked and asked anew."""
    for disclosed in DISCLOSURES:
        kept = next(
            one
            for one in world.records
            if one.noun == "demand"
            and one.row.state == "published"
            and one.row.organisation_id == world.organisations[f"{disclosed} company"].id
        )
        stored = uow.session.get_one(Demand, kept.row.id)
        reader = _actor(uow, world, "granted researcher")
        if disclosed != "directed":
            receipt.open_tier(uow, reader, stored, base_url=_BASE)
        owner = _actor(uow, world, f"author at {disclosed} company")
        asking = _actor(uow, world, "revoked researcher")
        if disclosed == "directed":
            continue
        for answer in ("refuse", "grant"):
            grant = disclosure.ask(uow, asking, stored, question="想了解", base_url=_BASE)
            disclosure.decide(
                uow,
                owner,
                grant,
                answer,
                until=disclosure.today(uow),
                reason="说明",
                base_url=_BASE,
            )
        disclosure.revoke(uow, owner, grant, reason="说明", base_url=_BASE)


def _user(uow: UnitOfWork, user_id: int) -> User:
    return uow.session.get_one(User, user_id)


def _actor(uow: UnitOfWork, world: World, who: str) -> Actor:
    return actor_of(_user(uow, world.users[who].id))
