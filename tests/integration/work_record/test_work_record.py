"""A broker's own record, and how quickly an organisation answers."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest

from matchmaker.bootstrap import Matchmaker
from matchmaker.services import introduction, match_review, question, record
from matchmaker.services.account import actor_of
from matchmaker.store.match import Match
from matchmaker.store.organisation import User
from matchmaker.store.queries import response
from tests import builders
from tests.client import Client
from tests.conftest import Clock
from tests.integration.engagement.pair import make_pair

Browser = Callable[..., Client]
People = dict[str, User]


def review(
    platform: Matchmaker, people: People, clock: Clock, *, hours: int, by: str = "broker"
) -> str:
    """A demand submitted, and published by a reviewer some hours later; returns its address."""
    with platform.database.unit_of_work() as uow:
        company = uow.session.get_one(User, people["company"].id)
        demand = builders.demand(uow, company, state="draft")
        demand.chains = [builders.DemandChain(chain_code="carbon-fibre")]
        uow.session.flush()
        found = record.load(uow, actor_of(company), "demand", demand.public_id)
        record.act(uow, actor_of(company), found, "submit")
    clock.advance(hours=hours)
    with platform.database.unit_of_work() as uow:
        reviewer = actor_of(uow.session.get_one(User, people[by].id))
        found = record.load(uow, reviewer, "demand", demand.public_id)
        record.act(uow, reviewer, found, "publish")
    return f"/demands/{demand.public_id}"


def test_a_record_counts_by_month_without_what_was_taken_back(
    platform: Matchmaker, people: People, browser: Browser, clock: Clock
) -> None:
    with platform.unit_of_work() as uow:
        for number in range(3):
            builders.demand(uow, people["company"], title=f"碳纤维快速模压成型 {number}")
        builders.outcome(uow, people["researcher"], title="碳纤维快速模压成型技术")
    with platform.database.unit_of_work() as uow:
        broker = actor_of(uow.session.get_one(User, people["broker"].id))
        ids = [one.public_id for one in uow.session.query(Match).order_by(Match.id)]
        assert len(ids) == 3
        match_review.accept(uow, broker, match_id=ids[0])
        match_review.dismiss(uow, broker, match_id=ids[1], reason="price")
    clock.advance(seconds=20)  # what was decided in one moment is taken back together
    with platform.database.unit_of_work() as uow:
        match_review.accept(uow, broker, match_id=ids[2])
        match_review.undo(uow, broker, match_id=ids[2])
    review(platform, people, clock, hours=26)
    reader = browser()
    reader.log_in(people["broker"])
    page = reader.get("/my-record/")
    assert people["broker"].name in page.heading
    rows = list(csv.reader(io.StringIO(reader.get("/my-record/table.csv").text.lstrip("\ufeff"))))
    assert rows[0] == [
        "Month",
        "Matches accepted",
        "Matches dismissed with a reason",
        "Demands reviewed",
        "Questions answered",
        "Introductions made",
        "Accepted by both sides",
        "Engagements completed",
        "Usual response",
    ]
    assert len(rows) == 13
    assert rows[-1] == ["2026-03", "1", "1", "1", "0", "0", "0", "0", "1 day"]
    assert rows[1][0] == "2025-04"


@pytest.mark.parametrize("role", ["company", "researcher", "bureau", "administrator"])
def test_only_brokers_have_a_record(people: People, browser: Browser, role: str) -> None:
    reader = browser()
    reader.log_in(people[role])
    reader.get("/my-record/", status=403)
    reader.get("/my-record/table.csv", status=403)


def test_an_organisations_usual_response_is_told_from_five_answers_on(
    platform: Matchmaker, people: People, browser: Browser, clock: Clock
) -> None:
    with platform.reading() as uow:
        home = uow.session.get_one(User, people["broker"].id).organisation
        assert home is not None
        address = f"/organisations/{home.public_id}"
    for number, hours in enumerate((1, 2, 3, 400)):
        review(platform, people, clock, hours=hours)
        assert "usually answers" not in browser().get(address).words, number
    demand = review(platform, people, clock, hours=500)
    assert "usually answers in 3 hours" in browser().get(address).words
    # Nobody answered for the company: its own page and its demand tell nothing.
    assert "usually answers" not in browser().get(demand).words


def test_an_anonymous_demand_tells_nothing_about_its_company(
    platform: Matchmaker, people: People, browser: Browser, clock: Clock
) -> None:
    with platform.database.unit_of_work() as uow:
        place = uow.session.get_one(User, people["broker"].id).organisation
        assert place is not None
        hidden = builders.demand(uow, place, disclosure="anonymous")
        shown = builders.demand(uow, place)
    for _ in range(5):
        review(platform, people, clock, hours=2)
    for reader in (browser(), browser()):
        assert "usually answers" in reader.get(f"/demands/{shown.public_id}").words
        assert "usually answers" not in reader.get(f"/demands/{hidden.public_id}").words
    officer = browser()
    officer.log_in(people["bureau"])
    assert "usually answers" not in officer.get(f"/demands/{hidden.public_id}").words


def test_what_the_sides_do_in_a_brokers_introduction_counts_for_the_broker(
    platform: Matchmaker, browser: Browser
) -> None:
    pair = make_pair(platform)
    pair.engage()
    for who, expected in (("broker", ["1", "1", "0"]), ("other_broker", ["0", "0", "0"])):
        reader = browser()
        reader.log_in(pair.users[who])
        table = reader.get("/my-record/table.csv").text.lstrip("\ufeff")
        assert list(csv.reader(io.StringIO(table)))[-1][5:8] == expected


def test_answers_to_introductions_and_questions_count_as_responses(
    platform: Matchmaker, clock: Clock
) -> None:
    pair = make_pair(platform)
    asked = pair.ask()
    with platform.reading() as uow:
        began = uow.now
    clock.advance(hours=3)
    with platform.unit_of_work() as uow:
        introduction.accept(
            uow, pair.actor("company"), introduction_id=asked, calendar=platform.calendar
        )
    with platform.unit_of_work() as uow:
        match = uow.session.query(Match).one()
        made = question.ask(
            uow,
            pair.actor("broker"),
            match,
            side="demand",
            text="何时需要？",
            calendar=platform.calendar,
            base_url="",
        )
        question_id = made.public_id
    clock.advance(hours=5)
    with platform.unit_of_work() as uow:
        question.answer(
            uow, pair.actor("company"), question_id=question_id, text="六月。", base_url=""
        )
    with platform.reading() as uow:
        found = response.of_person(uow, pair.users["company"].id, began)
    assert sorted(taken.total_seconds() / 3600 for _at, taken in found) == [3, 5]
