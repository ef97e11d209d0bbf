"""The desk in the browser's eyes: pages, buttons, refusals, and what the parties see of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import delete

from matchmaker.bootstrap import Matchmaker
from matchmaker.services import match_review
from matchmaker.services.account import actor_of
from matchmaker.store.demand import Demand
from matchmaker.store.match import Match
from matchmaker.store.organisation import Organisation, User
from matchmaker.store.queries.match_review import queue, revocable
from matchmaker.store.queries.review_queue import VIEWS, QueueFilters
from tests.client import Client
from tests.integration.match_review.conftest import Desk

Browser = Callable[..., Client]


def test_both_sides_stand_side_by_side_with_the_sentences_marked(
    desk: Desk, browser: Browser
) -> None:
    client = browser()
    client.log_in(desk.people["broker"])
    page = client.get("/match-review/")
    assert "储氢气瓶树脂" in page.words
    assert "增韧环氧树脂" in page.words
    assert '<mark class="aligned">' in page.text
    assert "Mature enough: TRL 6, at least 5 wanted." in page.words
    assert "from-a-later-version" in page.words


def test_a_decision_leads_to_the_next_pair_and_offers_to_take_it_back(
    desk: Desk, browser: Browser
) -> None:
    client = browser()
    client.log_in(desk.people["broker"])
    answer = client.post_form("/match-review/?level=1", form=f"{desk.matches[0]}/accept")
    assert f"/match-review/{desk.matches[1]}" in answer.location
    assert "level=1" in answer.location
    page = client.get(answer.location)
    assert "Undo" in page.words
    back = client.submit(page, form="undo")
    assert desk.matches[0] in back.location
    assert desk.match().state == "suggested"


def test_a_pair_that_a_new_ranking_took_away_leads_back_to_the_queue(
    desk: Desk, browser: Browser
) -> None:
    with desk.platform.database.unit_of_work() as uow:
        uow.session.execute(delete(Match).where(Match.public_id == desk.matches[0]))
    client = browser()
    client.log_in(desk.people["broker"])
    answer = client.get(f"/match-review/{desk.matches[0]}?level=1", status=303)
    assert answer.location.startswith("/match-review/?")
    assert "level=1" in answer.location
    page = client.get(answer.location)
    assert "This pair is gone" in page.words
    assert f"/match-review/{desk.matches[1]}" in page.text


def test_a_dismissal_names_its_reason(desk: Desk, browser: Browser) -> None:
    client = browser()
    client.log_in(desk.people["broker"])
    address = f"/match-review/{desk.matches[0]}/dismiss"
    token = {"csrf_token": client.csrf()}
    page = client.post(address, token, status=422)
    assert "Choose a reason from the list." in page.words
    page = client.post(address, token | {"reason": "other"}, status=422)
    assert "Say in the note" in page.words
    client.post(address, token | {"reason": "other", "note": "<b>设备</b>"})
    page = client.get("/match-review/?view=dismissed")
    assert "Other" in page.words
    assert "<b>设备</b>" not in page.text


def test_enter_in_the_note_of_a_dismissal_chooses_no_reason(desk: Desk, browser: Browser) -> None:
    client = browser()
    client.log_in(desk.people["broker"])
    form = client.get(f"/match-review/{desk.matches[0]}").form("/dismiss")
    buttons = [one for one in form.iter() if one.tag.endswith("}button")]
    assert buttons[0].get("name") is None  # Enter presses the first button of a form
    assert all(one.get("name") == "reason" for one in buttons[1:])


def test_a_lost_race_is_told_and_changes_nothing(
    desk: Desk, browser: Browser, platform: Matchmaker
) -> None:
    client = browser()
    client.log_in(desk.people["broker"])
    page = client.get(f"/match-review/{desk.matches[0]}")
    with platform.unit_of_work() as uow:
        other = actor_of(uow.session.get_one(User, desk.people["broker"].id))
        match_review.dismiss(uow, other, match_id=desk.matches[0], reason="price")
    page = client.submit(page, form="accept", status=409)
    assert "Somebody else has decided this pair in the meantime." in page.words
    assert desk.match().reason == "price"


@pytest.mark.parametrize(
    "query", ["view=nonsense", "level=99", "cluster=moon", "text=%00%27--", "mine=1", "queue=%ff"]
)
def test_strange_filters_ask_for_nothing(desk: Desk, browser: Browser, query: str) -> None:
    client = browser()
    client.log_in(desk.people["broker"])
    client.get(f"/match-review/?{query}")


@pytest.mark.parametrize("role", ["company", "researcher", "bureau", "administrator"])
def test_the_desk_is_the_brokers_alone(desk: Desk, browser: Browser, role: str) -> None:
    client = browser()
    client.log_in(desk.people[role])
    client.get("/match-review/", status=403)
    client.post(
        f"/match-review/{desk.matches[0]}/accept", {"csrf_token": client.csrf()}, status=403
    )
    assert desk.match().state == "suggested"


def test_an_empty_queue_tells_the_next_step(people: dict[str, User], browser: Browser) -> None:
    client = browser()
    client.log_in(people["broker"])
    assert "Nothing to review here" in client.get("/match-review/").words


def test_both_parties_see_their_pair_and_an_anonymous_company_stays_hidden(
    desk: Desk, browser: Browser
) -> None:
    company, researcher, stranger = browser(), browser(), browser()
    company.log_in(desk.people["company"])
    researcher.log_in(desk.people["researcher"])
    stranger.log_in(desk.people["administrator"])
    anonymous = f"/matches/{desk.matches[2]}"
    with desk.platform.reading() as uow:
        name = uow.session.get_one(Organisation, desk.people["company"].organisation_id).name
    own = company.get(anonymous)
    theirs = researcher.get(anonymous)
    assert name in own.words
    assert name not in theirs.text
    assert "Anonymous company" in theirs.words
    assert "Wendeng" not in theirs.text
    assert "Wendeng" not in researcher.get("/matches/mine").text
    stranger.get(anonymous, status=404)
    browser().get(anonymous, status=303)


def test_states_are_shown_to_the_parties(
    desk: Desk, browser: Browser, platform: Matchmaker
) -> None:
    with platform.unit_of_work() as uow:
        broker = actor_of(uow.session.get_one(User, desk.people["broker"].id))
        match_review.dismiss(uow, broker, match_id=desk.matches[0], reason="immature")
    for role in ("company", "researcher"):
        client = browser()
        client.log_in(desk.people[role])
        page = client.get("/matches/mine?state=dismissed")
        assert "Not mature enough" in page.words
        assert "储氢气瓶树脂" in page.words
        assert "匿名的成型需求" not in page.words
    home = browser().get("/")
    assert "储氢气瓶树脂 增韧环氧树脂" not in home.words.replace("Invented example", "")


def test_everybody_reads_why_but_not_where_an_anonymous_company_sits(
    desk: Desk, browser: Browser
) -> None:
    client = browser()
    open_page = client.get(f"/demands/{desk.demands[0].public_id}")
    hidden_page = client.get(f"/demands/{desk.demands[1].public_id}")
    for page in (open_page, hidden_page):
        assert "Mature enough: TRL 6, at least 5 wanted." in page.words
    assert "From outside: Rongcheng City." in open_page.words
    assert "Rongcheng" not in hidden_page.words


@pytest.mark.parametrize("verb", ["accept", "dismiss", "snooze", "inquire"])
def test_a_pair_whose_demand_was_withdrawn_and_rewritten_is_out_of_sight(
    desk: Desk, browser: Browser, platform: Matchmaker, verb: str
) -> None:
    client = browser()
    client.log_in(desk.people["broker"])
    sent = {"reason": "timing", "side": "demand", "text": "何时需要？"}
    client.press(f"/match-review/{desk.matches[0]}/{verb}", sent)
    assert "储氢气瓶树脂" in client.get("/match-review/").words  # the decision can be taken back
    decided = desk.match()
    with platform.database.unit_of_work() as uow:
        demand = uow.session.get_one(Demand, desk.demands[0].id)
        demand.state, demand.title, demand.problem = "draft", "重写的秘密草稿", "草稿里的秘密"
    client.get(f"/match-review/{desk.matches[0]}", status=303)
    for view in VIEWS:
        page = client.get(f"/match-review/?view={view}")
        assert "秘密" not in page.text, view
        assert desk.matches[0] not in page.text, view
    for again in ("accept", "dismiss", "snooze", "inquire"):
        client.press(f"/match-review/{desk.matches[0]}/{again}", sent, status=404)
    for back in ("undo", "wake", "take", "release"):
        client.press(f"/match-review/{desk.matches[0]}/{back}", status=404)
    left = desk.match()
    assert (left.state, left.version) == (decided.state, decided.version)


def test_counts_leave_out_what_a_broker_may_not_see_any_more(
    desk: Desk, platform: Matchmaker
) -> None:
    with platform.unit_of_work() as uow:
        broker = actor_of(uow.session.get_one(User, desk.people["broker"].id))
        for number in range(3):
            match_review.dismiss(uow, broker, match_id=desk.matches[number], reason="price")
        uow.session.get_one(Demand, desk.demands[0].id).state = "withdrawn"
    with platform.unit_of_work() as uow:
        found = queue(uow, QueueFilters(view="dismissed", reader=broker), limit=50)
        assert [row.public_id for row in found.rows] == [desk.matches[2]]
        assert (found.total, found.by_view["dismissed"]) == (1, 1)
        back = revocable(uow, broker)
        assert back is not None
        assert (back.public_id, back.count) == (desk.matches[2], 1)
        match_review.undo(uow, broker, match_id=desk.matches[2])
    states = [desk.match(number).state for number in range(3)]
    assert states == ["dismissed", "dismissed", "suggested"]


def test_several_at_once_leave_what_a_broker_may_not_see_any_more(
    desk: Desk, platform: Matchmaker
) -> None:
    with platform.unit_of_work() as uow:
        broker = actor_of(uow.session.get_one(User, desk.people["broker"].id))
        uow.session.get_one(Demand, desk.demands[0].id).state = "draft"
        uow.flush()
        found = match_review.decide_many(
            uow,
            broker,
            match_ids=desk.matches,
            action="snooze",
            calendar=platform.calendar,
        )
    assert (found.done, found.left) == (2, 2)
    assert [desk.match(n).state for n in range(4)] == [*2 * ["suggested"], *2 * ["snoozed"]]
