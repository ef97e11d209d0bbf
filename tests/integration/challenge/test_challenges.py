"""A challenge from its draft to its end: who does what, who sees what, and when."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from matchmaker.bootstrap import Matchmaker
from matchmaker.domain.challenge import BidFields, ChallengeFields, Member
from matchmaker.domain.errors import Invalid, NotAllowed, NotFound, WrongState
from matchmaker.domain.working_days import day_of
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
from tests.client import Client, Page, form_values
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
            uow, officer, challenge_id=public_id, bids_until=datetime(2026, 3, 6, 9, tzinfo=UTC)
        )
    assert clock.now < datetime(2026, 3, 6, tzinfo=UTC)
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
    clock.now = datetime(2026, 3, 6, 9, 1, tzinfo=UTC)
    with platform.unit_of_work() as uow:
        assert challenge_clock.close_due(uow) == 1
        for expert in scene.experts:
            challenge_score.appoint(
                uow, actor_of(scene.bureau), challenge_id=public_id, user_id=expert.public_id
            )
        challenge_score.begin(
            uow, actor_of(scene.bureau), challenge_id=public_id,
            scores_until=datetime(2026, 3, 10, tzinfo=UTC),
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


def test_an_argued_call_waits_where_the_bureau_is_led_to(
    platform: Matchmaker, scene: Scene, browser: Browser
) -> None:
    public_id = draft(platform, scene)
    consent(platform, scene)
    with platform.unit_of_work() as uow:
        challenge.argue(
            uow, actor_of(scene.bureau), challenge_id=public_id, opinion="值得", argued_by="某专家"
        )
    client = browser()
    client.log_in(scene.bureau)
    home = client.get("/")
    assert "Challenges that are argued" in home.words
    assert "wait for the next step" not in home.words
    assert FIELDS.title in client.get("/challenges/?view=preparing").words
    assert "/challenges/?view=preparing" in home.text


def sent_to(page: Page) -> list[str]:
    """Where the forms of a page go."""
    return [form.get("action", "") for form in page.forms()]


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


def test_a_call_goes_out_only_argued_and_with_the_firms_consent(
    platform: Matchmaker, scene: Scene, mails: Mails, browser: Browser
) -> None:
    public_id = draft(platform, scene)
    assert [mail.recipient for mail in mails()] == [scene.firm.email]
    officer, until = actor_of(scene.bureau), datetime(2026, 3, 6, tzinfo=UTC)
    with platform.unit_of_work() as uow, pytest.raises(WrongState):
        challenge.publish(uow, officer, challenge_id=public_id, bids_until=until)
    with platform.unit_of_work() as uow:
        challenge.argue(uow, officer, challenge_id=public_id, opinion="值得", argued_by="五位专家")
    with platform.unit_of_work() as uow, pytest.raises(Invalid, match="consent"):
        challenge.publish(uow, officer, challenge_id=public_id, bids_until=until)
    firm, stranger, bureau = browser(), browser(), browser()
    bureau.log_in(scene.bureau)
    early = {"bids_until": "2026-03-06T08:00"}
    page = bureau.press(f"/challenges/{public_id}/publish", early, status=422)
    assert "Every firm must consent first." in page.text
    stranger.log_in(scene.bidders[0])
    stranger.get(f"/challenges/{public_id}", status=404)
    firm.log_in(scene.firm)
    (address,) = [one for one in firm.get("/challenges/").links() if "/consents/" in one]
    firm.press(address, {"answer": "given"})
    with platform.unit_of_work() as uow, pytest.raises(Invalid, match="at least a day"):
        challenge.publish(
            uow, officer, challenge_id=public_id, bids_until=datetime(2026, 3, 2, 2, tzinfo=UTC)
        )
    with platform.unit_of_work() as uow:
        challenge.publish(uow, officer, challenge_id=public_id, bids_until=until)
    page = stranger.get(f"/challenges/{public_id}")
    assert "days left" in page.words
    assert "Anonymous company" in page.words
    assert scene.firm.organisation.name not in page.text
    assert state(platform, Demand) == ["challenge"]
    own = firm.get(f"/demands/{scene.demand.public_id}")
    assert f"/challenges/{public_id}" in own.links()


def test_a_bid_is_read_by_its_own_people_alone_until_the_deadline(
    platform: Matchmaker, scene: Scene, clock: Clock, browser: Browser
) -> None:
    public_id = published(platform, scene, clock)
    mine = bid(platform, public_id, scene.bidders[0])
    for person, status in ((scene.bureau, 404), (scene.bidders[1], 404), (scene.firm, 404)):
        other = browser()
        other.log_in(person)
        page = other.get(f"/challenges/bids/{mine}", status=status)
        assert PLAN not in page.text
    officer = browser()
    officer.log_in(scene.bureau)
    assert (
        scene.bidders[0].organisation.name
        not in officer.get(f"/challenges/{public_id}/manage").text
    )
    assert PLAN not in officer.get("/audit/").text
    clock.now = datetime(2026, 3, 6, 9, tzinfo=UTC)  # the second of the deadline itself is late
    officer.press(f"/challenges/{public_id}/close")
    assert PLAN in officer.get(f"/challenges/bids/{mine}").text
    expert = browser()
    expert.log_in(scene.experts[0])
    expert.get(f"/challenges/bids/{mine}", status=404)


def test_a_late_bid_is_refused_by_the_servers_clock_though_the_form_was_open_in_time(
    platform: Matchmaker, scene: Scene, clock: Clock, browser: Browser
) -> None:
    public_id = published(platform, scene, clock)
    bidder = browser()
    bidder.log_in(scene.bidders[0])
    begun = bidder.press(f"/challenges/{public_id}/bids")
    clock.now = datetime(2026, 3, 6, 8, 59, 59, tzinfo=UTC)
    form = bidder.get(begun.location)
    typed = {
        "plan": "早就写好的方案", "indicators": "7 min", "base": "中试线", "effect": "产值",
        "funds": "100", "name": ["某某"], "organisation": ["某所"], "do": "submit",
    }  # fmt: skip
    clock.now = datetime(2026, 3, 6, 9, tzinfo=UTC)
    page = bidder.submit(form, typed, form="/edit", status=409)
    assert "Bids were taken until 2026-03-06 17:00" in page.words
    assert "早就写好的方案" in page.text  # nothing typed is lost
    assert state(platform, ChallengeBid) == ["draft"]
    with platform.unit_of_work() as uow, pytest.raises(WrongState):
        challenge_bid.begin(
            uow, actor_of(scene.bidders[1]), challenge.load(uow, actor_of(scene.bureau), public_id)
        )
    assert "Bid for it" not in bidder.get(f"/challenges/{public_id}").words


def test_without_a_bid_the_clock_lets_the_call_fail_and_its_demand_go_back(
    platform: Matchmaker, scene: Scene, clock: Clock
) -> None:
    public_id = published(platform, scene, clock)
    bid(platform, public_id, scene.bidders[0], submit=False)
    clock.now = datetime(2026, 3, 4, tzinfo=UTC)
    for _ in range(2):
        with platform.unit_of_work() as uow:
            assert challenge_clock.close_due(uow) == 0
            challenge_clock.remind_due(uow)
    clock.now = datetime(2026, 3, 7, tzinfo=UTC)
    with platform.unit_of_work() as uow:
        assert challenge_clock.close_due(uow) == 1
    assert state(platform, Challenge) == ["failed"]
    assert state(platform, Demand) == ["published"]
    with platform.reading() as uow:
        ends = uow.session.scalars(
            select(OutboxMail.subject).where(OutboxMail.subject.contains("流榜"))
        ).all()
    assert len(ends) == 2  # the firm and the bureau are told how it ended
    with platform.reading() as uow:
        told = uow.session.scalars(
            select(OutboxMail.subject).where(OutboxMail.subject.contains("尚未提交"))
        ).all()
    assert len(told) == 1


def test_whoever_has_an_interest_in_a_bid_does_not_score_it(
    platform: Matchmaker, scene: Scene, clock: Clock
) -> None:
    public_id = published(platform, scene, clock)
    co_worker, colleague, ours = scene.experts
    with platform.database.unit_of_work() as uow:
        builders.outcome(uow, co_worker, team=[co_worker.name, "张三"])
        home = scene.bidders[0].organisation_id
        uow.session.get_one(User, colleague.id).organisation_id = home
        ours.organisation_id = scene.firm.organisation_id
        uow.session.get_one(User, ours.id).organisation_id = scene.firm.organisation_id
    team = (Member(name="张三", organisation="合作单位", part="工艺"),)
    first = bid(platform, public_id, scene.bidders[0], team=team)
    second = bid(platform, public_id, scene.bidders[1])
    clock.now = datetime(2026, 3, 6, 10, tzinfo=UTC)
    officer, later = actor_of(scene.bureau), datetime(2026, 3, 10, tzinfo=UTC)
    with platform.unit_of_work() as uow:
        challenge_clock.close_due(uow)
        for expert in scene.experts:
            challenge_score.appoint(uow, officer, challenge_id=public_id, user_id=expert.public_id)
    with platform.unit_of_work() as uow, pytest.raises(Invalid, match="too few experts"):
        challenge_score.begin(uow, officer, challenge_id=public_id, scores_until=later)
    with platform.unit_of_work() as uow:
        for _ in range(2):
            one = builders.user(uow, platform.passwords, "researcher")
            challenge_score.appoint(uow, officer, challenge_id=public_id, user_id=one.public_id)
        challenge_score.begin(uow, officer, challenge_id=public_id, scores_until=later)
    with platform.reading() as uow:
        rows = uow.session.execute(
            select(
                ChallengeConflict.expert_id, ChallengeBid.public_id, ChallengeConflict.kind
            ).join(ChallengeBid, ChallengeConflict.bid_id == ChallengeBid.id)
        )
        found = {(row[0], row[1]): row[2] for row in rows}
    assert found == {
        (co_worker.id, first): "co_worker",
        (colleague.id, first): "same_organisation",
        (ours.id, first): "demander",
        (ours.id, second): "demander",
    }
    with platform.unit_of_work() as uow, pytest.raises(NotFound):
        challenge_score.save(uow, actor_of(co_worker), bid_id=first, points=POINTS, comment="")
    with platform.unit_of_work() as uow:  # a rival judges neither his own bid nor the other
        rival = scene.bidders[0].public_id
        challenge_score.appoint(uow, officer, challenge_id=public_id, user_id=rival)
    with platform.unit_of_work() as uow:
        for one in (first, second):
            with pytest.raises(NotFound):
                challenge_score.save(
                    uow, actor_of(scene.bidders[0]), bid_id=one, points=POINTS, comment=""
                )
    give(platform, co_worker, second)
    with platform.unit_of_work() as uow:
        challenge_score.declare(uow, actor_of(co_worker), bid_id=second, reason="师生关系")
    with platform.reading() as uow:
        assert challenge_score.query.counted(uow, 1) == {}  # what he gave no longer counts


def test_who_bids_is_offered_as_expert_until_bids_are_open_and_not_after(
    platform: Matchmaker, scene: Scene, clock: Clock, browser: Browser
) -> None:
    """Leaving a bidder out before the deadline would tell that he bids."""
    public_id = published(platform, scene, clock)
    bid(platform, public_id, scene.bidders[0])
    officer = browser()
    officer.log_in(scene.bureau)

    def offered(person: User) -> bool:
        page = officer.get(f"/challenges/{public_id}/manage?expert={person.name}")
        return f'value="{person.public_id}"' in page.text

    assert all(offered(one) for one in (*scene.bidders, *scene.experts))
    assert not offered(scene.firm)
    clock.now = datetime(2026, 3, 6, 9, 1, tzinfo=UTC)
    with platform.unit_of_work() as uow:
        challenge_clock.close_due(uow)
    assert not offered(scene.bidders[0])
    assert offered(scene.bidders[1])


def test_scores_are_sealed_until_scoring_ends_then_the_ranking_alone_decides(
    platform: Matchmaker, scene: Scene, clock: Clock, browser: Browser
) -> None:
    public_id, bids = scoring(platform, scene, clock)
    officer, bidder, expert = browser(), browser(), browser()
    for who, person in (
        (officer, scene.bureau), (bidder, scene.bidders[0]), (expert, scene.experts[1])
    ):  # fmt: skip
        who.log_in(person)
    give(platform, scene.experts[0], bids[0], drive=37)
    for who, address in (
        (officer, f"/challenges/{public_id}/manage"), (officer, f"/challenges/bids/{bids[0]}"),
        (bidder, f"/challenges/bids/{bids[0]}"),
        (expert, f"/challenges/bids/{bids[0]}/score"), (expert, f"/challenges/{public_id}"),
    ):  # fmt: skip
        words = who.get(address).words
        for person in (scene.firm, scene.bureau, *scene.bidders, *scene.experts):
            # Names are numbered, and the number may be that of the points.
            words = words.replace(person.organisation.name, "").replace(person.name, "")
        assert not re.search(r"(?<!\d)37(?!\d)", words), address
    officer.press(f"/challenges/{public_id}/announce", status=422)
    page = expert.get(f"/challenges/bids/{bids[0]}/score")
    again = expert.submit(page, {"drive": "101", "do": "submit"}, form="/score", status=422)
    assert "0 to 100" in again.words
    expert.submit(page, {**{k: str(v) for k, v in POINTS.items()}, "do": "submit"}, form="/score")
    expert.press(f"/challenges/bids/{bids[0]}/score", {"drive": "99"}, status=409)
    for person in scene.experts[:2]:
        give(platform, person, bids[1], technical=95)
    officer.press(f"/challenges/{public_id}/announce")
    ranking = officer.get(f"/challenges/{public_id}/manage").words
    # 25 % of 80, 20 % of 70, 35 % of 95, 20 % of 60
    assert "79.25" in ranking
    assert "58.5" in ranking  # the mean of 37 and 80
    shown = bidder.get(f"/challenges/{public_id}").words
    assert scene.bidders[1].organisation.name in shown
    assert (
        scene.bidders[0].organisation.name
        not in bidder.get(f"/challenges/{public_id}").text.split("<main")[1]
    )
    assert "58.5" in bidder.get(f"/challenges/bids/{bids[0]}").words
    bidder.get(f"/challenges/bids/{bids[1]}", status=404)


def test_an_upheld_objection_bars_the_bid_and_the_next_one_is_announced(
    platform: Matchmaker, scene: Scene, clock: Clock, mails: Mails, browser: Browser
) -> None:
    public_id, _bids = announced(platform, scene, clock)
    officer, loser = actor_of(scene.bureau), actor_of(scene.bidders[0])
    with platform.unit_of_work() as uow:
        made = challenge_decision.object_to(
            uow, loser, challenge_id=public_id, reason="其中试线属于我所"
        ).public_id
    with platform.unit_of_work() as uow, pytest.raises(WrongState):
        challenge_decision.announce(
            uow, officer, challenge_id=public_id, calendar=platform.calendar
        )
    clock.advance(days=6)
    bureau = browser()
    bureau.log_in(scene.bureau)
    assert "once every objection is answered" in bureau.get(f"/challenges/{public_id}/manage").text
    with platform.unit_of_work() as uow, pytest.raises(WrongState, match="objection waits"):
        challenge_decision.award(
            uow, officer, challenge_id=public_id, number="", amount=Decimal(260)
        )
    with platform.unit_of_work() as uow, pytest.raises(Invalid):
        challenge_decision.decide(uow, officer, objection_id=made, upholds=True, answer=" ")
    with platform.unit_of_work() as uow:
        challenge_decision.decide(uow, officer, objection_id=made, upholds=True, answer="情况属实")
    assert state(platform, ChallengeObjection) == ["upheld"]
    assert state(platform, ChallengeBid) == ["submitted", "barred"]
    told = {mail.recipient for mail in mails() if "情况属实" in mail.body}
    assert told == {scene.bidders[0].email, scene.bidders[1].email}
    with platform.unit_of_work() as uow, pytest.raises(WrongState):
        challenge_decision.object_to(uow, loser, challenge_id=public_id, reason="再说")
    with platform.unit_of_work() as uow:
        again = challenge_decision.announce(
            uow, officer, challenge_id=public_id, calendar=platform.calendar
        )
        assert again.publicity_until is not None
        assert again.publicity_until > uow.now
        following = challenge_decision.proposed(uow, again)
        assert following is not None
        assert following.author_id == scene.bidders[0].id


def test_from_publicity_to_acceptance_the_demand_follows(
    platform: Matchmaker, scene: Scene, clock: Clock, browser: Browser, mails: Mails
) -> None:
    public_id, bids = announced(platform, scene, clock)
    officer, winner = browser(), browser()
    officer.log_in(scene.bureau)
    winner.log_in(scene.bidders[1])
    contract = {"number": "2026-JB-01", "amount": "260"}
    officer.press(f"/challenges/{public_id}/award", contract, status=409)
    clock.advance(days=6)
    above = contract | {"amount": "300.01"}
    page = officer.press(f"/challenges/{public_id}/award", above, status=422)
    assert page.errors() == ["This is more than the funds of the call."]
    unnumbered = contract | {"number": " "}
    page = officer.press(f"/challenges/{public_id}/award", unnumbered, status=422)
    assert page.errors() == ["This is needed."]
    officer.press(f"/challenges/{public_id}/award", contract)
    assert state(platform, ChallengeBid) == ["declined", "awarded"]
    told = [mail.subject for mail in mails() if mail.recipient == scene.firm.email]
    assert "合同" in told[-1] or "contract" in told[-1] or "签约" in told[-1]
    verdict = {"verdict": "on_track", "note": ""}
    officer.press(f"/challenges/{public_id}/assess", verdict, status=422)
    assert "Midterm reports of your challenges" not in winner.get("/").text  # a year ahead
    clock.advance(days=340)
    officer.log_in(scene.bureau)
    winner.log_in(scene.bidders[1])
    assert "Midterm reports of your challenges" in winner.get("/").text
    month = f"{day_of(clock.now + timedelta(days=25)):%Y-%m}"
    calendar = winner.get(f"/calendar/?month={month}")
    assert "The midterm report is due" in calendar.text
    assert f"/challenges/bids/{bids[1]}#report" in calendar.text
    winner.press(f"/challenges/bids/{bids[1]}/report", {"report": "已完成首件"})
    assert "Midterm reports of your challenges" not in winner.get("/").text
    assert "The midterm report is due" not in winner.get(f"/calendar/?month={month}").text
    officer.press(f"/challenges/{public_id}/assess", verdict)
    officer.press(f"/challenges/{public_id}/conclude", {"action": "accept"}, status=422)
    reason = {"action": "accept", "reason": "指标全部达到"}
    officer.press(f"/challenges/{public_id}/conclude", reason)
    assert state(platform, Challenge) == ["accepted"]
    assert state(platform, Demand) == ["resolved"]
    assert "指标全部达到" in browser().get(f"/challenges/{public_id}").text
    ended = winner.get(f"/challenges/bids/{bids[1]}")
    assert "Accepted: 指标全部达到" in ended.words
    assert "On track" in ended.words
    assert ended.forms() == []
    late = {"report": "补记"}
    winner.press(f"/challenges/bids/{bids[1]}/report", late, status=409)


def test_a_noted_contract_is_corrected_for_a_reason_and_what_stood_there_stays_in_the_audit(
    platform: Matchmaker, scene: Scene, clock: Clock, browser: Browser, mails: Mails
) -> None:
    public_id, bids = announced(platform, scene, clock)
    clock.advance(days=6)
    officer, desk = browser(), f"/challenges/{public_id}"
    officer.log_in(scene.bureau)
    right = {"number": "2026-JB-01", "amount": "250", "reason": "金额录入有误"}
    officer.press(f"{desk}/correct", right, status=409)  # there is none yet
    officer.press(f"{desk}/award", {"number": "2026-JB-01", "amount": "260"})
    page = officer.get(f"{desk}/manage")
    filled = form_values(page.form("/correct"))
    assert (filled["number"], filled["amount"]) == ("2026-JB-01", "260")
    right["version"] = str(filled["version"])
    for wrong, told in (
        ({"amount": "260.0"}, "Nothing was changed."),
        ({"amount": "301"}, "This is more than the funds of the call."),
        ({"number": ""}, "This is needed."),
        ({"reason": " "}, "This is needed."),
    ):
        page = officer.press(f"{desk}/correct", right | wrong, status=422)
        assert page.errors() == [told]
    officer.post_form(f"{desk}/manage", right, form="/correct")
    officer.press(f"{desk}/correct", right | {"amount": "240"}, status=409)  # an older page
    assert "2026-JB-01 CNY 2,500,000" in officer.get(f"{desk}/manage").words
    told_of = {mail.recipient for mail in mails() if "金额录入有误" in mail.body}
    assert told_of == {scene.firm.email, scene.bidders[1].email}
    with platform.reading() as uow:
        changes = uow.session.scalars(
            select(AuditEvent.changes).where(
                AuditEvent.noun == "challenge", AuditEvent.action == "correct"
            )
        ).one()
    assert changes == {"amount": ["260", "250"], "reason": [None, "金额录入有误"]}
    winner = browser()
    winner.log_in(scene.bidders[1])
    winner.press(f"{desk}/correct", right, status=403)
    assert "2026-JB-01 CNY 2,500,000" in winner.get(f"/challenges/bids/{bids[1]}").words
    winner.press(f"/challenges/bids/{bids[1]}/report", {"report": "已完成首件"})
    officer.press(f"{desk}/assess", {"verdict": "on_track", "note": ""})
    assert "2026-03-12 17:01 Midterm check ✓ done" in officer.get(f"{desk}/manage").words
    officer.press(f"{desk}/conclude", {"action": "accept", "reason": "指标全部达到"})
    assert any("验收通过" in mail.subject for mail in mails())
    officer.press(f"{desk}/correct", right | {"amount": "240"}, status=409)


def test_a_verdict_with_conditions_is_read_by_the_winner_who_reports_how_they_were_met(
    platform: Matchmaker, scene: Scene, clock: Clock, browser: Browser
) -> None:
    public_id, bids = announced(platform, scene, clock)
    clock.advance(days=6)
    officer, winner = browser(), browser()
    officer.log_in(scene.bureau)
    winner.log_in(scene.bidders[1])
    desk, own = f"/challenges/{public_id}", f"/challenges/bids/{bids[1]}"
    officer.press(f"{desk}/award", {"number": "2026-JB-02", "amount": "260"})
    winner.press(f"{own}/report", {"report": "已完成首件"})
    verdict = {"verdict": "conditional", "note": "补做老化试验"}
    officer.press(f"{desk}/assess", verdict)
    told = winner.get(own)
    assert "Goes on under conditions" in told.words
    assert "补做老化试验" in told.words
    assert "补做老化试验" not in browser().get(desk).text
    winner.post_form(own, {"report": "已补做老化试验，强度保持率92 %"}, form="/report")
    assert "已补做老化试验" in officer.get(f"{desk}/manage").text
    officer.press(f"{desk}/conclude", {"action": "refuse", "reason": "成本超出指标"})
    assert state(platform, Challenge) == ["not_accepted"]
    assert state(platform, Demand) == ["published"]
    assert "成本超出指标" in winner.get(own).words


def test_who_is_announced_reads_so_and_is_not_asked_to_object(
    platform: Matchmaker, scene: Scene, clock: Clock, browser: Browser
) -> None:
    public_id, bids = announced(platform, scene, clock)
    second, best = browser(), browser()
    second.log_in(scene.bidders[0])
    best.log_in(scene.bidders[1])
    assert "announced as the proposed winner" in best.get(f"/challenges/bids/{bids[1]}").words
    assert "Another bid is announced" in second.get(f"/challenges/bids/{bids[0]}").words
    call = f"/challenges/{public_id}"
    assert best.get(call).forms() == []
    best.press(f"{call}/objections", {"reason": "方案有误"}, status=403)
    second.post_form(call, {"reason": "方案有误"}, form="/objections")


def test_the_demanders_own_people_do_not_bid_and_the_database_keeps_the_weights_whole(
    platform: Matchmaker, scene: Scene, clock: Clock
) -> None:
    public_id = published(platform, scene, clock)
    actor = actor_of(scene.firm)
    with platform.unit_of_work() as uow, pytest.raises(NotAllowed, match="own organisation"):
        challenge_bid.begin(uow, actor, challenge.load(uow, actor, public_id))
    with pytest.raises(IntegrityError), platform.database.unit_of_work() as uow:
        uow.session.scalars(select(Challenge)).one().weight_base = 40
    with pytest.raises(Invalid):
        draft(platform, scene, weight_base=40)


def test_no_word_of_a_bid_and_no_point_stands_in_the_audit(
    platform: Matchmaker, scene: Scene, clock: Clock
) -> None:
    announced(platform, scene, clock)
    with platform.reading() as uow:
        rows = uow.session.scalars(
            select(AuditEvent).where(AuditEvent.noun.in_(("challenge_bid", "challenge_score")))
        ).all()
        changes = [set(row.changes) for row in rows]
    assert len(rows) == 2 * 2 + 4  # two bids begun and submitted, four scores
    assert set().union(*changes) <= {"challenge"}


def test_lists_and_desk_ask_no_query_per_row(
    platform: Matchmaker,
    scene: Scene,
    clock: Clock,
    browser: Browser,
    count_queries: Callable[[Callable[[], object]], int],
) -> None:
    public_id, _bids = scoring(platform, scene, clock)
    officer = browser()
    officer.log_in(scene.bureau)
    address = f"/challenges/{public_id}/manage"
    officer.get(address)
    few = count_queries(lambda: officer.get(address))
    with platform.database.unit_of_work() as uow:
        call = uow.session.scalars(select(Challenge)).one()
        for _ in range(6):
            person = builders.user(uow, platform.passwords, "researcher")
            uow.session.add(
                ChallengeBid(
                    challenge_id=call.id, organisation_id=person.organisation_id or 0,
                    author_id=person.id, state="submitted", submitted_at=uow.now, team=[],
                    funds=Decimal(10), created_at=uow.now,
                )
            )  # fmt: skip
    assert count_queries(lambda: officer.get(address)) == few
    assert state(platform, ChallengeScore) == []


def test_a_form_sent_with_half_of_its_fields_comes_back_with_what_is_wrong(
    scene: Scene, browser: Browser
) -> None:
    officer = browser()
    officer.log_in(scene.bureau)
    page = officer.press(
        "/challenges/new",
        {"title": "只有标题", "months": "许多", "amount": "-5", "weight_base": "", "target": "好"},
        status=422,
    )
    assert len(page.errors()) == 10  # what cannot be read stands beside what is missing
    assert 'value="只有标题"' in page.text
    assert "Effect on the industry" in page.words


def test_a_refused_bid_grows_no_empty_rows_of_the_team(
    platform: Matchmaker, scene: Scene, clock: Clock, browser: Browser
) -> None:
    made = bid(platform, published(platform, scene, clock), scene.bidders[0])
    address = f"/challenges/bids/{made}/edit"
    leader = browser()
    leader.log_in(scene.bidders[0])
    version = next(iter(re.findall(r'name="version" value="(\d+)"', leader.get(address).text)))
    wrong = {"do": "submit", "version": version, "plan": "", "part": [""] * 4}
    team = {"name": ["", "王工", "", ""], "organisation": ["", "一所", "", ""]}
    page = leader.press(address, wrong | team, status=422)
    assert 'value="王工"' in page.text
    assert 'id="name-3"' in page.text
    assert 'id="name-4"' not in page.text


def test_a_withdrawn_draft_leaves_its_demand_to_the_call_that_runs(
    platform: Matchmaker, scene: Scene, clock: Clock
) -> None:
    running = published(platform, scene, clock)
    officer = actor_of(scene.bureau)
    with platform.unit_of_work() as uow:  # a spare draft of before, to which the firm said yes too
        spare = challenge.create(uow, officer, FIELDS)
        uow.session.add(
            ChallengeDemand(
                challenge_id=spare.id, demand_id=scene.demand.id, state="given",
                asked_at=uow.now, answered_at=uow.now,
            )
        )  # fmt: skip
        uow.flush()
        challenge.withdraw(uow, officer, challenge_id=spare.public_id, reason="重复")
    assert state(platform, Challenge) == ["published", "withdrawn"]
    assert state(platform, Demand) == ["challenge"]
    with platform.unit_of_work() as uow:
        challenge.withdraw(uow, officer, challenge_id=running, reason="另行发布")
    assert state(platform, Demand) == ["published"]


def test_once_a_bid_is_barred_its_experts_are_led_past_it(
    platform: Matchmaker, scene: Scene, clock: Clock, browser: Browser
) -> None:
    public_id, bids = scoring(platform, scene, clock)
    officer, expert = actor_of(scene.bureau), browser()
    expert.log_in(scene.experts[0])
    tasks = f"/challenges/{public_id}/scoring"
    with platform.unit_of_work() as uow:
        challenge_decision.bar(uow, officer, bid_id=bids[0], reason="形式审查不合格")
    page = expert.get(tasks)
    assert f"/challenges/bids/{bids[0]}/score" not in page.links()
    given = {**{name: str(value) for name, value in POINTS.items()}, "do": "submit"}
    done = expert.post_form(f"/challenges/bids/{bids[1]}/score", given, form="/score")
    assert done.location.endswith(tasks)  # nothing is left
    with platform.unit_of_work() as uow:
        challenge_decision.bar(uow, officer, bid_id=bids[1], reason="弄虚作假")
    assert "No bid is left to be scored." in expert.get(tasks).words


@pytest.mark.parametrize("change", [{"state": "withdrawn"}, {"disclosure": "directed"}])
def test_a_demand_that_cannot_go_out_any_more_is_left_out_on_the_desk(
    platform: Matchmaker, scene: Scene, browser: Browser, change: dict[str, str]
) -> None:
    public_id = draft(platform, scene)
    consent(platform, scene)
    officer, until = actor_of(scene.bureau), {"bids_until": "2026-03-06T08:00"}
    with platform.unit_of_work() as uow:
        challenge.argue(uow, officer, challenge_id=public_id, opinion="值得", argued_by="五位专家")
    with platform.database.unit_of_work() as uow:
        for name, value in change.items():
            setattr(uow.session.get_one(Demand, scene.demand.id), name, value)
    bureau, desk = browser(), f"/challenges/{public_id}"
    bureau.log_in(scene.bureau)
    page = bureau.press(f"{desk}/publish", until, status=422)
    assert "leave it out" in page.words
    page = bureau.get(f"{desk}/manage")
    assert "It cannot go out in this call" in page.words
    gone = "state" in change  # nobody but the firm sees a withdrawn demand
    assert (scene.demand.title in page.text) is not gone
    assert (f"/demands/{scene.demand.public_id}" in page.links()) is not gone
    bureau.submit(page, form="/drop")
    with platform.unit_of_work() as uow:  # the text was changed, and is argued anew
        challenge.argue(uow, officer, challenge_id=public_id, opinion="值得", argued_by="五位专家")
    bureau.press(f"{desk}/publish", until)
    assert state(platform, Challenge) == ["published"]


def test_whoever_raised_an_objection_leaves_its_answer_to_another_officer(
    platform: Matchmaker, scene: Scene, clock: Clock, browser: Browser
) -> None:
    public_id, _bids = announced(platform, scene, clock)
    with platform.database.unit_of_work() as uow:
        colleague = builders.user(uow, platform.passwords, "bureau")
    with platform.unit_of_work() as uow:
        made = challenge_decision.object_to(
            uow, actor_of(scene.bureau), challenge_id=public_id, reason="业绩不实"
        ).public_id
    own, other, desk = browser(), browser(), f"/challenges/{public_id}/manage"
    own.log_in(scene.bureau)
    other.log_in(colleague)
    address, answer = f"/objections/{made}", {"answer": "情况属实", "decision": "uphold"}
    page = own.get(desk)
    assert "another officer of the bureau answers it" in page.words
    assert not any(one.endswith(address) for one in sent_to(page))
    own.press(f"/challenges/{public_id}{address}", answer, status=403)
    assert state(platform, ChallengeBid) == ["submitted", "submitted"]
    assert "do not name who objects" in other.get(desk).words
    other.press(f"/challenges/{public_id}{address}", answer)
    assert state(platform, ChallengeBid) == ["submitted", "barred"]


def test_no_call_ends_before_every_objection_is_answered(
    platform: Matchmaker, scene: Scene, clock: Clock, browser: Browser
) -> None:
    public_id, _bids = announced(platform, scene, clock)
    officer = actor_of(scene.bureau)
    with platform.unit_of_work() as uow:
        first, second = [
            challenge_decision.object_to(
                uow, actor_of(person), challenge_id=public_id, reason="业绩不实"
            ).public_id
            for person in (scene.bidders[0], scene.firm)
        ]
        challenge_decision.decide(uow, officer, objection_id=first, upholds=True, answer="属实")
        challenge_decision.announce(
            uow, officer, challenge_id=public_id, calendar=platform.calendar
        )
    with platform.unit_of_work() as uow:  # as though this one were barred too
        left = uow.session.scalars(
            select(ChallengeBid).where(ChallengeBid.state == "submitted")
        ).one()
        left.state, left.state_note = "barred", "弄虚作假"
    bureau, desk = browser(), f"/challenges/{public_id}"
    bureau.log_in(scene.bureau)
    page = bureau.get(f"{desk}/manage")
    assert "The call can end once every objection is answered." in page.words
    ends = ("/conclude", "/withdraw")
    assert not any(address.endswith(ends) for address in sent_to(page))
    reason = {"action": "fail", "reason": "流榜"}
    bureau.press(f"{desk}/conclude", reason, status=409)
    bureau.press(f"{desk}/withdraw", reason, status=409)
    assert state(platform, Challenge) == ["publicity"]
    with platform.unit_of_work() as uow:
        challenge_decision.decide(uow, officer, objection_id=second, upholds=False, answer="不实")
    offered = [one for one in sent_to(bureau.get(f"{desk}/manage")) if one.endswith(ends)]
    assert len(offered) == len(ends)
    bureau.press(f"{desk}/conclude", reason)
    assert state(platform, Challenge) == ["failed"]


def test_an_objection_of_a_call_that_has_ended_is_found_and_bars_nobody(
    platform: Matchmaker, scene: Scene, clock: Clock, browser: Browser
) -> None:
    public_id, _bids = announced(platform, scene, clock)
    with platform.unit_of_work() as uow:
        challenge_decision.object_to(
            uow, actor_of(scene.firm), challenge_id=public_id, reason="业绩不实"
        )
        call = uow.session.scalars(select(Challenge)).one()  # as calls once ended
        call.state, call.ended_at, call.end_note = "withdrawn", uow.now, "撤榜"
    bureau, desk = browser(), f"/challenges/{public_id}/manage"
    bureau.log_in(scene.bureau)
    (address,) = {one for one in bureau.get("/").links() if "view=running" in one}
    assert desk in bureau.get(address).links()
    assert f"/challenges/{public_id}" not in browser().get(address).links()
    told = {"answer": "情况属实", "decision": "uphold"}
    (objection,) = [one for one in sent_to(bureau.get(desk)) if "/objections/" in one]
    bureau.press(objection, told)
    assert state(platform, ChallengeObjection) == ["upheld"]
    assert state(platform, ChallengeBid) == ["submitted", "submitted"]
    assert desk not in bureau.get(address).links()


def test_the_words_of_an_expert_out_for_a_conflict_stand_with_no_bid(
    platform: Matchmaker, scene: Scene, clock: Clock
) -> None:
    public_id, bids = scoring(platform, scene, clock)
    for expert in scene.experts:
        give(platform, expert, bids[0])
    with platform.unit_of_work() as uow:
        challenge_score.declare(uow, actor_of(scene.experts[0]), bid_id=bids[0], reason="师生")
        call = challenge.load(uow, actor_of(scene.bureau), public_id)
        found = uow.session.scalars(
            select(ChallengeBid.id).where(ChallengeBid.public_id == bids[0])
        ).one()
        assert len(challenge_score.query.comments(uow, found)) == 2
        assert len(challenge_score.query.counted(uow, call.id)[found]) == 2
