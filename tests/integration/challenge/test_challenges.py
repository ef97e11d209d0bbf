"""A challenge from its draft to its end: who does what, who sees what, and when."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from matchmaker.bootstrap import Matchmaker
from matchmaker.domain.challenge import BidFields, ChallengeFields, Member
from matchmaker.domain.errors import Invalid, NotAllowed, NotFound, WrongState
from matchmaker.domain.permissions import Actor
from matchmaker.services import (
    challenge,
    challenge_bid,
    challenge_clock,
    challenge_decision,
    challenge_score,
)
from matchmaker.services.account import actor_of
from matchmaker.store.audit import AuditEvent
from matchmaker.store.challenge import (
    Challenge,
    ChallengeBid,
    ChallengeConflict,
    ChallengeDemand,
    ChallengeObjection,
    ChallengeScore,
)
from matchmaker.store.demand import Demand
from matchmaker.store.organisation import User
from matchmaker.store.outbox import OutboxMail
from tests import builders
from tests.client import Client
from tests.conftest import Clock

Browser = Callable[..., Client]
Mails = Callable[[], list[OutboxMail]]
PLAN = "采用快速固化树脂与随形水冷模具的绝密路线"
FIELDS = ChallengeFields(
    title="碳纤维构件八分钟成型",
    problem="周期长",
    target="八分钟内成型",
    indicators="成型周期≤8 min\n孔隙率≤1 %",
    conditions="",
    chains=(),
    amount=Decimal(300),
    months=24,
    scores_needed=2,
    publicity_days=3,
    weight_drive=25,
    weight_base=20,
    weight_technical=35,
    weight_financial=20,
)
POINTS = {"drive": 80, "base": 70, "technical": 90, "financial": 60}


@dataclass(frozen=True)
class Scene:
    """A call's people: the firm that demands, the bureau, two bidders, three experts."""

    firm: User
    bureau: User
    bidders: tuple[User, User]
    experts: tuple[User, User, User]
    demand: Demand


@pytest.fixture
def scene(platform: Matchmaker) -> Scene:
    with platform.database.unit_of_work() as uow:
        made = [
            builders.user(uow, platform.passwords, role)
            for role in ("company", "bureau", *["researcher"] * 4, "broker")
        ]
        demand = builders.demand(
            uow, made[0], title="碳纤维构件快速成型需求", disclosure="anonymous"
        )
        for person in made:
            uow.session.refresh(person, ["organisation"])
        uow.session.refresh(demand, ["organisation"])
        uow.session.expunge_all()
    return Scene(made[0], made[1], (made[2], made[3]), (made[4], made[5], made[6]), demand)


def fields_of(person: User, **other: Any) -> BidFields:
    values: dict[str, Any] = {
        "plan": PLAN,
        "base": "已有中试线",
        "indicators": "成型周期7.5 min",
        "effect": "年增产值2000万元",
        "funds": Decimal(260),
        "team": (Member(name=person.name, organisation="所里", part="负责人"),),
    }
    return BidFields(**(values | other))


def draft(platform: Matchmaker, scene: Scene, **other: Any) -> str:
    with platform.unit_of_work() as uow:
        values = {name: getattr(FIELDS, name) for name in FIELDS.__dataclass_fields__} | other
        made = challenge.create(
            uow,
            actor_of(scene.bureau),
            ChallengeFields(**values),
            demand_ids=[scene.demand.public_id],
        )
        return made.public_id


def consent(platform: Matchmaker, scene: Scene, *, consents: bool = True) -> None:
    with platform.unit_of_work() as uow:
        link = uow.session.scalars(select(ChallengeDemand.public_id)).one()
        challenge.answer(uow, actor_of(scene.firm), link_id=link, consents=consents)


def published(platform: Matchmaker, scene: Scene, clock: Clock, **other: Any) -> str:
    public_id = draft(platform, scene, **other)
    consent(platform, scene)
    with platform.unit_of_work() as uow:
        officer = actor_of(scene.bureau)
        challenge.argue(
            uow, officer, challenge_id=public_id, opinion="值得", argued_by="王院士等五人"
        )
        challenge.publish(
            uow, officer, challenge_id=public_id, bids_until=datetime(2026, 3, 20, 9, tzinfo=UTC)
        )
    assert clock.now < datetime(2026, 3, 20, tzinfo=UTC)
    return public_id


def bid(platform: Matchmaker, public_id: str, person: User, **other: Any) -> str:
    submit = other.pop("submit", True)
    with platform.unit_of_work() as uow:
        actor = actor_of(person)
        found = challenge_bid.begin(uow, actor, challenge.load(uow, actor, public_id))
        uow.flush()
        challenge_bid.write(
            uow, actor, bid_id=found.public_id, fields=fields_of(person, **other),
            version=found.version, submit=submit,
        )  # fmt: skip
        return found.public_id


def scoring(platform: Matchmaker, scene: Scene, clock: Clock) -> tuple[str, list[str]]:
    """A challenge whose two bids three experts may score."""
    public_id = published(platform, scene, clock)
    bids = [bid(platform, public_id, person) for person in scene.bidders]
    clock.now = datetime(2026, 3, 20, 9, 1, tzinfo=UTC)
    with platform.unit_of_work() as uow:
        assert challenge_clock.close_due(uow) == 1
        for expert in scene.experts:
            challenge_score.appoint(
                uow, actor_of(scene.bureau), challenge_id=public_id, user_id=expert.public_id
            )
        challenge_score.begin(
            uow, actor_of(scene.bureau), challenge_id=public_id,
            scores_until=datetime(2026, 4, 1, tzinfo=UTC),
        )  # fmt: skip
    return public_id, bids


def give(platform: Matchmaker, expert: User, bid_id: str, **other: int) -> None:
    with platform.unit_of_work() as uow:
        challenge_score.save(
            uow, actor_of(expert), bid_id=bid_id, points=POINTS | other, comment="可行", submit=True
        )


def announced(platform: Matchmaker, scene: Scene, clock: Clock) -> tuple[str, list[str]]:
    """The second bid is the better one, and announced."""
    public_id, bids = scoring(platform, scene, clock)
    for expert in scene.experts[:2]:
        give(platform, expert, bids[0])
        give(platform, expert, bids[1], technical=95)
    with platform.unit_of_work() as uow:
        challenge_decision.announce(
            uow, actor_of(scene.bureau), challenge_id=public_id, calendar=platform.calendar
        )
    return public_id, bids


def state(platform: Matchmaker, model: Any) -> list[str]:
    with platform.reading() as uow:
        return list(uow.session.scalars(select(model.state).order_by(model.id)))


def test_demands_fill_the_form_with_what_is_public_of_them_alone(
    platform: Matchmaker, scene: Scene, browser: Browser
) -> None:
    with platform.database.unit_of_work() as uow:
        one = uow.session.get_one(Demand, scene.demand.id)
        one.current_state, one.budget_max = "试过三家供应商，均失败", Decimal(200)
        other = builders.demand(uow, scene.firm, title="模具温控", budget_max=Decimal(100))
        directed = builders.demand(uow, scene.firm, title="定向之物", disclosure="directed")
        ids = [scene.demand.public_id, other.public_id, directed.public_id]
    officer = browser(language="zh_Hans")
    officer.log_in(scene.bureau)
    page = officer.get("/challenges/new?" + "&".join(f"demand={one}" for one in ids))
    assert "碳纤维构件快速成型需求、模具温控" in page.text
    assert 'value="300"' in page.text
    assert "1. 现有模压成型周期长" not in page.text  # both say the same, so it stands once
    assert "试过三家" not in page.text
    assert "定向之物" not in page.text
    assert scene.firm.organisation.name not in page.text
    officer.submit(page, {"indicators": "周期≤8 min", "demand": ids}, form="/challenges/new")
    assert state(platform, Challenge) == ["draft"]
    assert state(platform, ChallengeDemand) == ["asked", "asked"]
