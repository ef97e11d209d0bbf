"""What people of the world say to each other: contracts, questions, notes, notifications, searches.

Each word is a marker with its own rule; ``tier_rules`` says who may meet it.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from matchmaker.domain.contract_vocabulary import CONTRACT_STATES
from matchmaker.domain.permissions import SYSTEM, Actor
from matchmaker.domain.question import SIDES
from matchmaker.domain.visibility import REDACTED_FIELDS
from matchmaker.services import contract_mail, question, revision
from matchmaker.services.account import actor_of
from matchmaker.store.contract import Contract, ContractPayment, ContractRevision
from matchmaker.store.database import UnitOfWork
from matchmaker.store.demand import Demand
from matchmaker.store.engagement import Engagement
from matchmaker.store.introduction import Introduction
from matchmaker.store.match import Match
from matchmaker.store.next_step import NextStep
from matchmaker.store.notification import Notification
from matchmaker.store.organisation import User
from matchmaker.store.outcome import Outcome
from matchmaker.store.revision import ReturnedVersion
from matchmaker.store.saved_search import SavedSearch
from tests import engaged
from tests.integration.tier_world import World, published

_BASE: Final = "https://matchmaker.example"
_KEPT_AFTER: Final = frozenset({"draft", "published"})
_EVENTS: Final = ("draft", "edit")


def add_words(world: World) -> None:
    """Everything that is said once people, records and talks are there."""
    with world.platform.database.unit_of_work() as uow:
        _contracts(uow, world)
        _decisions(uow, world)
        _questions(uow, world)
        _next_steps(uow, world)
        _returned(uow, world)
        _notices(uow, world)
        _searches(uow, world)


def _contracts(uow: UnitOfWork, world: World) -> None:
    """Every state in turn, so that each disclosure and each side has several of them."""
    states = tuple(CONTRACT_STATES)
    loaded = select(Engagement).options(joinedload(Engagement.demand)).order_by(Engagement.id)
    for place, talks in enumerate(uow.session.scalars(loaded).all()):
        made = _contract(uow, world, talks, states[(place + place // len(states)) % len(states)])
        made.number = f"20263710{place:08d}" if made.state == "registered" else None
        world.contracts.append(made)
        uow.session.add(made)
    uow.session.flush()
    for made in world.contracts:
        _history(uow, world, made)
    uow.session.flush()


def _contract(uow: UnitOfWork, world: World, talks: Engagement, state: str) -> Contract:
    """The contract of an engagement with a word in every text."""
    signed = state in ("signed", "registered")
    agreed = signed or state == "confirmed"
    confirmed = {
        f"{side}_{part}": value
        for side in ("company", "institution")
        for part, value in (("confirmed", 1), ("confirmed_at", uow.now))
        if agreed
    }
    made = Contract(
        engagement_id=talks.id,
        engagement=talks,
        state=state,
        type="licence",
        ip_ownership="unchanged",
        starts_on=date(2026, 1, 1),
        ends_on=date(2026, 12, 31),
        payment_mode="mixed",
        amount_total=Decimal(1000),
        deducted_equipment=Decimal(0),
        deducted_materials=Decimal(0),
        deducted_other=Decimal(0),
        amount_technical=Decimal(1000),
        amount_royalty=Decimal(0),
        related_declared="none",
        signed_on=date(2026, 2, 1) if signed else None,
        registered_on=date(2026, 2, 9) if state == "registered" else None,
        drafted_at=uow.now,
        updated_at=uow.now,
        **confirmed,
    )
    for name in ("title", "office"):
        setattr(made, name, world.mark("filed", contract=made))
    for name in (
        *("subject", "acceptance", "ip_clause", "deduction_note", "royalty_terms"),
        "related_note",
    ):
        setattr(made, name, world.mark("terms", contract=made))
    made.void_reason = world.mark("terms", contract=made) if state == "void" else ""
    label = world.mark("terms", contract=made)
    made.payments = [ContractPayment(position=0, label=label, amount=Decimal(1000))]
    return made


def _history(uow: UnitOfWork, world: World, made: Contract) -> None:
    """A revision before registration and one after it, each with its reason; the mails of both."""
    for number, state in ((1, "draft"), (2, made.state)):
        filed = state == "registered"
        uow.session.add(
            ContractRevision(
                contract_id=made.id,
                revision=number,
                state=state,
                amount_total=Decimal(1000),
                amount_technical=Decimal(1000),
                related=False,
                changed=["amount_total"],
                reason=world.mark("filed" if filed else "terms", contract=made),
                made_at=uow.now,
            )
        )
    for event in _EVENTS:
        contract_mail.tell(uow, made, event, actor=SYSTEM, base_url=_BASE)


def _decisions(uow: UnitOfWork, world: World) -> None:
    """A note of the broker's on what he accepted, and on pairs that he dismissed.

    In every state a broker has decided a pair whose demand was withdrawn and rewritten since.
    """
    broker = world.users["own broker"].id
    institution = world.organisations["institution"]
    for disclosure in ("public", "directed"):
        engaged.match(
            uow,
            published(world, "demand", world.organisations[f"{disclosure} company"]),
            published(world, "outcome", institution),
            state="dismissed",
            reason="immature",
        )
    rewritten = [one.row for one in world.classes if one.label.startswith("draft")]
    dismissed = {"state": "dismissed", "reason": "immature"}
    snoozed = {"state": "snoozed", "snoozed_until": uow.now + timedelta(days=7)}
    for demand, fields in zip(rewritten, ({}, dismissed, snoozed), strict=False):
        engaged.match(uow, demand, published(world, "outcome", institution), **fields)
    decided = select(Match).where(Match.decided_at.is_not(None))
    for pair in uow.session.scalars(decided.options(*_BOTH)).all():
        pair.note = world.mark("desk", match=pair)
        pair.decided_by = broker


_BOTH: Final = (joinedload(Match.demand), joinedload(Match.outcome))


def _questions(uow: UnitOfWork, world: World) -> None:
    """Of every disclosure to both sides: answered, lapsed, taken back, and one that waits."""
    ids = {one.introduction_id for one in world.engagements}
    pairs = uow.session.scalars(
        select(Match)
        .join(Introduction, Introduction.match_id == Match.id)
        .where(Introduction.id.in_(ids))
        .options(*_BOTH)
        .order_by(Match.id)
    ).all()
    for pair in pairs:
        for ending in ("answer", "lapse", "withdraw", ""):
            for side in SIDES:
                _question(uow, world, pair, side, ending)


def _question(uow: UnitOfWork, world: World, pair: Match, side: str, ending: str) -> None:
    """One question, and what comes of it."""
    broker = _actor(uow, world, "own broker")
    record = pair.demand if side == "demand" else pair.outcome
    of = {"organisation_id": record.organisation_id, "match": pair}
    asked = question.ask(
        uow,
        broker,
        pair,
        side=side,
        text=world.mark("question", **of),
        calendar=world.platform.calendar,
        base_url=_BASE,
    )
    if ending == "answer":
        author, words = actor_of(_user(uow, record.author_id)), world.mark("question", **of)
        question.answer(uow, author, question_id=asked.public_id, text=words, base_url=_BASE)
    elif ending == "lapse":
        asked.lapses_at = uow.now
        uow.session.flush()
        question.lapse_due(uow, _BASE)
    elif ending == "withdraw":
        question.withdraw_open(uow, broker, pair)


def _next_steps(uow: UnitOfWork, world: World) -> None:
    """What companies add to what they ask experts."""
    kept = {one.row.id: one for one in world.records if one.noun == "demand"}
    for step in uow.session.scalars(select(NextStep)).all():
        step.note = world.mark("step", record=kept[step.demand_id], user_id=step.asked_by)


def _returned(uow: UnitOfWork, world: World) -> None:
    """Of every record that was ever sent in, what it said when it was returned."""
    for kept in world.records:
        if kept.row.state in _KEPT_AFTER:
            continue
        model = Demand if kept.noun == "demand" else Outcome
        stored = uow.session.get_one(model, kept.row.id)
        content: dict[str, Any] = {
            name: world.mark("old redacted" if name in REDACTED_FIELDS else "old", record=kept)
            if isinstance(value, str) and value in world.markers
            else value
            for name, value in revision.content_of(uow, stored).items()
        }
        uow.session.add(
            ReturnedVersion(
                noun=kept.noun,
                record_id=kept.row.id,
                returned_at=uow.now,
                returned_by=None,
                note=world.mark("old", record=kept),
                content=content,
            )
        )


def _notices(uow: UnitOfWork, world: World) -> None:
    """Everybody was once told of everything, whether or not he may still see it."""
    for user in world.users.values():
        for place, kept in enumerate(world.classes):
            kind = "record_return" if kept.noun == "demand" else "record_request_changes"
            uow.session.add(
                Notification(
                    user_id=user.id,
                    kind=kind,
                    noun=kept.noun,
                    record_id=kept.row.id,
                    values={"note": world.mark("notice", record=kept, user_id=user.id)},
                    created_at=uow.now - timedelta(days=8 * (place % 2)),
                    digest="weekly" if place % 2 else None,
                )
            )


def _searches(uow: UnitOfWork, world: World) -> None:
    """Everybody keeps three searches that tell him of what is new: one with words, two without."""
    for user in world.users.values():
        for noun, text in (("demand", True), ("demand", False), ("outcome", False)):
            kept = SavedSearch(
                user_id=user.id,
                name=world.mark("search", user_id=user.id),
                noun=noun,
                text=world.mark("search", user_id=user.id) if text else "",
                chosen={},
                sort="",
                alert=True,
                alert_since=uow.now - timedelta(days=30),
                created_at=uow.now,
            )
            uow.session.add(kept)
            uow.session.flush()
            world.searches.append(kept.public_id)


def _user(uow: UnitOfWork, user_id: int | None) -> User:
    return uow.session.scalars(
        select(User).where(User.id == user_id).options(joinedload(User.organisation))
    ).one()


def _actor(uow: UnitOfWork, world: World, who: str) -> Actor:
    return actor_of(_user(uow, world.users[who].id))
