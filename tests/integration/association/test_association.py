"""An association, its members, and the pairs that it puts forward for them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import select

from matchmaker.bootstrap import Matchmaker
from matchmaker.domain.errors import Conflict, NotAllowed, NotFound, WrongState
from matchmaker.domain.permissions import Actor
from matchmaker.services import membership, referral
from matchmaker.services.account import actor_now
from matchmaker.store.database import UnitOfWork
from matchmaker.store.demand import Demand
from matchmaker.store.match import Match
from matchmaker.store.membership import Membership, Referral
from matchmaker.store.organisation import Organisation, User
from matchmaker.store.outbox import OutboxMail
from matchmaker.store.outcome import Outcome
from matchmaker.store.queries import event as event_query
from tests import builders, engaged
from tests.client import Client
from tests.conftest import Clock

Browser = Callable[..., Client]
Mails = Callable[[], list[OutboxMail]]
People = dict[str, User]


def actor(uow: UnitOfWork, person: User) -> Actor:
    return actor_now(uow, uow.session.get_one(User, person.id))


def home(platform: Matchmaker, person: User) -> str:
    with platform.reading() as uow:
        return uow.session.get_one(Organisation, person.organisation_id).name


def join(platform: Matchmaker, people: People) -> str:
    """The company becomes a member of the association."""
    with platform.database.unit_of_work() as uow:
        name = uow.session.get_one(Organisation, people["association"].organisation_id).name
        made = membership.request(uow, actor(uow, people["company"]), association=name)
        chair = actor(uow, people["association"])
        membership.answer(uow, chair, membership_id=made.public_id, action="admit")
        return made.public_id


@pytest.fixture
def demands(platform: Matchmaker, people: People) -> dict[str, Demand]:
    with platform.database.unit_of_work() as uow:
        return {
            disclosure: builders.demand(
                uow,
                people["company"],
                title=f"{disclosure} 热敏打印头耐磨保护膜",
                disclosure=disclosure,
                expires_on=date(2026, 3, 10),
            )
            for disclosure in ("public", "anonymous", "directed")
        }


@pytest.fixture
def outcome(platform: Matchmaker, people: People) -> Outcome:
    with platform.database.unit_of_work() as uow:
        made: Outcome = builders.outcome(
            uow, people["researcher"], title="热敏打印头耐磨保护膜沉积技术"
        )
        return made


def test_a_firm_joins_by_invitation_or_request_and_leaves_any_time(
    platform: Matchmaker, people: People, browser: Browser, demands: dict[str, Demand]
) -> None:
    firm, chair, officer = browser(), browser(), browser()
    firm.log_in(people["company"])
    chair.log_in(people["association"])
    officer.log_in(people["bureau"])
    title = demands["public"].title
    chair.post_form("/memberships/", {"name": home(platform, people["company"])}, form=-1)
    assert title not in chair.get("/association/").words  # not without the firm's consent
    assert "Memberships that wait for your answer" in firm.get("/").words
    firm.post_form("/memberships/", form="/accept")
    assert title in chair.get("/association/").words
    assert home(platform, people["company"]) in officer.get("/memberships/").words
    firm.post_form("/memberships/", form="/leave")
    assert title not in chair.get("/association/").words
    chair.get(f"/association/demands/{demands['public'].public_id}", status=404)
    firm.post_form("/memberships/", {"name": home(platform, people["association"])}, form=-1)
    firm.post_form(
        "/memberships/", {"name": home(platform, people["association"])}, form=-1, status=409
    )
    firm.post_form("/memberships/", {"name": "没有这个协会"}, form=-1, status=422)
    chair.post_form("/memberships/", form="/decline")
    with platform.database.unit_of_work() as uow:
        assert uow.session.scalars(select(Membership.state)).all() == ["declined"]
        stranger = actor(uow, people["researcher"])
        only = uow.session.scalars(select(Membership.public_id)).one()
        with pytest.raises(NotFound):
            membership.answer(uow, stranger, membership_id=only, action="join")


def test_anonymous_demands_stay_anonymous_until_the_firm_opens_them(
    platform: Matchmaker, people: People, browser: Browser, demands: dict[str, Demand]
) -> None:
    join(platform, people)
    firm, chair = browser(), browser()
    firm.log_in(people["company"])
    chair.log_in(people["association"])
    hidden, name = demands["anonymous"], home(platform, people["company"])
    page = chair.get("/association/")
    assert demands["public"].title in page.words
    assert hidden.title not in page.words
    assert "All 1" in page.words
    assert name not in chair.get(f"/demands/{hidden.public_id}").words
    chair.get(f"/association/demands/{hidden.public_id}", status=404)
    firm.post_form("/memberships/", form="/anonymous")
    assert hidden.title in chair.get("/association/").words
    assert demands["directed"].title not in chair.get("/association/").words
    assert name in chair.get(f"/demands/{hidden.public_id}").words
    chair.get(f"/association/demands/{hidden.public_id}")
    firm.post_form("/memberships/", form="/anonymous")
    assert hidden.title not in chair.get("/association/").words
    assert name not in chair.get(f"/demands/{hidden.public_id}").words


@pytest.mark.usefixtures("outcome")
def test_the_desk_tells_what_has_no_match_and_a_firm_is_reminded_once_a_week(
    platform: Matchmaker,
    people: People,
    browser: Browser,
    demands: dict[str, Demand],
    outcome: Outcome,
    mails: Mails,
    clock: Clock,
) -> None:
    join(platform, people)
    chair = browser()
    chair.log_in(people["association"])
    assert "Without a usable match 1" in chair.get("/association/").words
    with platform.database.unit_of_work() as uow:
        demand = uow.session.get_one(Demand, demands["public"].id)
        engaged.match(uow, demand, outcome, state="suggested", decided_at=None)
    assert "Without a usable match 0" in chair.get("/association/").words
    assert "1 usable match" in chair.get("/association/").words
    sent = len(mails())
    address = f"/association/demands/{demands['public'].public_id}/remind"
    chair.post_form("/association/?view=expiring", form="/remind")
    chair.press(address, status=409)
    assert [mail.recipient for mail in mails()[sent:]] == [people["company"].email]
    clock.advance(days=7, hours=1)
    chair.press(address)


def test_a_pair_goes_from_the_association_by_the_firm_to_a_broker(
    platform: Matchmaker,
    people: People,
    browser: Browser,
    demands: dict[str, Demand],
    outcome: Outcome,
) -> None:
    join(platform, people)
    platform.catch_up()
    chair, firm, broker = browser(), browser(), browser()
    chair.log_in(people["association"])
    firm.log_in(people["company"])
    broker.log_in(people["broker"])
    address = f"/association/demands/{demands['public'].public_id}"
    typed = {"outcome": "/outcomes/unknown-one", "note": "工况接近"}
    refused = chair.post_form(address, typed, form=-1, status=422)
    assert "not the address of an outcome" in refused.words
    assert "工况接近" in refused.words
    typed["outcome"] = f"https://example.org/outcomes/{outcome.public_id}?from=list"
    page = chair.get(address)
    chair.submit(page, typed, form=-1)
    assert broker.get("/referrals/").words.count(outcome.title) == 0
    assert "Outcomes that your association recommends" in firm.get("/").words
    firm.post_form("/referrals/", form="/want")
    assert "Pairs put forward by associations" in broker.get("/").words
    answer = broker.post_form("/referrals/", form="/take")
    with platform.reading() as uow:
        match = uow.session.scalars(
            select(Match).where(Match.demand_id == demands["public"].id)
        ).one()
        assert answer.location.endswith(match.public_id)
        stored = uow.session.scalars(select(Referral)).one()
        assert (stored.state, stored.taken_by) == ("taken", people["broker"].id)
    with platform.database.unit_of_work() as uow:
        engaged.introduction(
            uow,
            uow.session.get_one(Demand, demands["public"].id),
            uow.session.get_one(Outcome, outcome.id),
            people["broker"],
            people["company"],
        )
    assert "introduction: Both accepted" in chair.get("/referrals/").words


def test_a_pair_whose_sides_are_asked_already_is_not_asked_again(
    platform: Matchmaker,
    people: People,
    browser: Browser,
    demands: dict[str, Demand],
    outcome: Outcome,
) -> None:
    join(platform, people)
    chair, firm, broker = browser(), browser(), browser()
    for reader, who in ((chair, "association"), (firm, "company"), (broker, "broker")):
        reader.log_in(people[who])
    pair = {"outcome": f"/outcomes/{outcome.public_id}", "note": ""}
    address = f"/association/demands/{demands['public'].public_id}"
    chair.post_form(address, pair, form=-1)
    assert "A broker shall look into it" in firm.get("/referrals/").words
    firm.post_form("/referrals/", form="/want")
    with platform.database.unit_of_work() as uow:
        asked = engaged.introduction(
            uow,
            uow.session.get_one(Demand, demands["public"].id),
            uow.session.get_one(Outcome, outcome.id),
            people["broker"],
            people["company"],
            state="asked",
            closed_at=None,
            **{
                f"{side}_{what}": None
                for side in ("company", "institution")
                for what in ("answer", "answered_by", "answered_at")
            },
        )
        match = uow.session.get_one(Match, asked.match_id)
        match.state = "accepted"
        match_id = match.public_id
        uow.session.scalars(select(Referral)).one().state = "recommended"
    assert "A broker shall look into it" not in firm.get("/referrals/").words
    with platform.database.unit_of_work() as uow:
        uow.session.scalars(select(Referral)).one().state = "wanted"
    answer = broker.post_form("/referrals/", form="/take")
    assert answer.location == "/referrals/"
    assert "Both sides have been asked already" in broker.get("/referrals/").words
    page = broker.get(f"/introductions/matches/{match_id}")
    assert "Both sides have been asked already" in page.words
    assert page.forms() == []


def test_who_may_put_forward_what(
    platform: Matchmaker, people: People, demands: dict[str, Demand], outcome: Outcome
) -> None:
    given = {"demand_id": demands["public"].public_id, "outcome_id": outcome.public_id}
    with platform.database.unit_of_work() as uow, pytest.raises(NotFound):  # not its member
        referral.refer(uow, actor(uow, people["association"]), **given, action="propose")
    join(platform, people)
    with platform.database.unit_of_work() as uow:
        chair = actor(uow, people["association"])
        made = referral.refer(uow, chair, **given, action="propose")
        with pytest.raises(Conflict):
            referral.refer(uow, chair, **given, action="recommend")
        with pytest.raises(NotFound):
            referral.refer(
                uow, chair, demand_id=demands["anonymous"].public_id,
                outcome_id=outcome.public_id, action="propose",
            )  # fmt: skip
        with pytest.raises(NotAllowed):
            referral.answer(uow, chair, referral_id=made.public_id, action="dismiss", answer="不")
        firm = actor(uow, people["company"])
        with pytest.raises(WrongState):  # it was put to brokers, not to the firm
            referral.answer(uow, firm, referral_id=made.public_id, action="want")
        broker = actor(uow, people["broker"])
        referral.answer(
            uow, broker, referral_id=made.public_id, action="dismiss", answer="指标差距大"
        )
        assert made.state == "declined"


def test_an_association_asks_its_members_alone_to_its_event(
    platform: Matchmaker, people: People, browser: Browser, outcome: Outcome
) -> None:
    join(platform, people)
    with platform.database.unit_of_work() as uow:
        stranger = builders.user(uow, platform.passwords, "company")
        for firm in (people["company"], stranger):
            engaged.match(
                uow, builders.demand(uow, firm), outcome, state="suggested", decided_at=None
            )
    chair = browser()
    chair.log_in(people["association"])
    answer = chair.post_form(
        "/events/new",
        {"title": "会员对接会", "place": "会展中心", "starts_at": "2026-03-05T09:00"},
    )
    page = chair.get(answer.location)
    assert home(platform, people["company"]) in page.words
    assert home(platform, stranger) not in page.words
    with platform.reading() as uow:
        found = event_query.candidates(uow, 0, most=9)
        assert stranger.organisation_id in {one.home_id for one in found}
