"""The queue as a broker works through it: what is shown stays in sight, several go at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import delete, event, select, update

from matchmaker.bootstrap import Matchmaker
from matchmaker.domain.errors import NotAllowed
from matchmaker.services import match_review, matching
from matchmaker.services.account import actor_of
from matchmaker.store.demand import Demand
from matchmaker.store.match import Match
from matchmaker.store.organisation import User
from tests import builders
from tests.client import Client, Page
from tests.conftest import Clock
from tests.integration.match_review.conftest import Desk

Browser = Callable[..., Client]
_CURRENT = re.compile(r'<a href="/match-review/([^"?]+)[^"]*" aria-current="true">')


@pytest.fixture
def broker(desk: Desk, browser: Browser) -> Client:
    client = browser()
    client.log_in(desk.people["broker"])
    return client


def _current(page: Page) -> list[str]:
    return _CURRENT.findall(page.text)


def _many(desk: Desk, count: int) -> None:
    """So many further pairs, all more promising than those of the desk."""
    with desk.platform.database.unit_of_work() as uow:
        for number in range(count):
            demand = builders.demand(uow, desk.people["company"], title=f"后来的需求 {number}")
            uow.session.add(
                Match(
                    demand_id=demand.id,
                    outcome_id=desk.outcomes[0].id,
                    score=0.95,
                    level=3,
                    rank=1,
                    explanation={},
                    engine_version="test",
                    created_at=uow.now,
                )
            )


def test_the_shown_pair_is_the_current_line_beyond_the_window(desk: Desk, broker: Client) -> None:
    _many(desk, 70)
    page = broker.get(f"/match-review/{desk.matches[3]}")
    assert _current(page) == [desk.matches[3]]
    assert "74 of 74" in page.words
    assert "Not in this list any more" not in page.words


def test_the_shown_pair_stays_the_current_line_when_it_has_left_the_queue(
    desk: Desk, broker: Client
) -> None:
    address = broker.post_form("/match-review/", form=f"{desk.matches[0]}/accept").location
    with desk.platform.database.unit_of_work() as uow:
        uow.session.execute(
            update(Match).where(Match.public_id == desk.matches[1]).values(current=False)
        )
    page = broker.get(address)
    assert _current(page) == [desk.matches[1]]
    assert "Not in this list any more" in page.words
    assert desk.matches[2] in page.text  # the way on leads to the queue's first
    answer = broker.submit(page, form=f"{desk.matches[1]}/accept")
    assert desk.matches[2] in answer.location
    assert desk.match(1).state == "accepted"


def test_a_decided_pair_is_shown_as_the_current_line_of_whatever_list(
    desk: Desk, broker: Client
) -> None:
    broker.post_form("/match-review/", form=f"{desk.matches[0]}/accept")
    for view in ("mine", "pool", "open", "waiting", "snoozed", "accepted", "dismissed"):
        page = broker.get(f"/match-review/{desk.matches[0]}?view={view}")
        assert _current(page) == [desk.matches[0]], view


def test_a_pair_that_is_gone_is_told_and_the_desk_goes_on(desk: Desk, broker: Client) -> None:
    page = broker.get(f"/match-review/{desk.matches[0]}")
    with desk.platform.database.unit_of_work() as uow:
        uow.session.execute(delete(Match).where(Match.public_id == desk.matches[0]))
    page = broker.submit(page, form="accept", status=404)
    assert "This pair is gone" in page.words
    assert _current(page) == [desk.matches[2]]


def test_an_assigned_pair_that_falls_out_of_the_shortlist_stays_until_it_is_due(
    desk: Desk, broker: Client
) -> None:
    broker.post_form(f"/match-review/{desk.matches[0]}", form="take")
    with desk.platform.database.unit_of_work() as uow:
        matching._store(uow, {demand.id: [] for demand in desk.demands}, "test")
        left = uow.session.scalars(select(Match)).all()
        assert [(one.public_id, one.current) for one in left] == [(desk.matches[0], False)]
    page = broker.get(f"/match-review/{desk.matches[0]}")
    assert _current(page) == [desk.matches[0]]


def test_ones_own_queue_comes_first_and_the_pool_holds_the_rest(desk: Desk, broker: Client) -> None:
    assert "To decide" not in broker.get("/match-review/").words.split("All to decide")[0]
    page = broker.get(f"/match-review/{desk.matches[2]}?view=pool")
    broker.submit(page, form="take")
    page = broker.get("/match-review/")
    assert _current(page) == [desk.matches[2]]
    assert "1 of 1" in page.words
    assert "Due in 3 working days" in page.words
    assert "3 pairs" in broker.get(f"/match-review/{desk.matches[2]}?view=pool").words


def test_what_is_left_in_ones_queue_is_told_whatever_part_is_looked_at(
    desk: Desk, broker: Client
) -> None:
    for number in (0, 3):
        broker.post_form(f"/match-review/{desk.matches[number]}?view=pool", form="take")
    for filters in ("", "?view=accepted&mine=1", "?view=open&text=nothing", "?view=mine&level=3"):
        assert "2 left in my queue" in broker.get(f"/match-review/{filters}").words, filters


def test_what_is_due_first_stands_first(desk: Desk, broker: Client, clock: Clock) -> None:
    broker.post_form(f"/match-review/{desk.matches[3]}?view=pool", form="take")
    clock.advance(days=1)
    broker.post_form(f"/match-review/{desk.matches[0]}?view=pool", form="take")
    page = broker.get("/match-review/")
    assert _current(page) == [desk.matches[3]]
    clock.advance(days=3)  # Friday: the day's first request takes back what was due on Thursday
    page = broker.get("/match-review/")
    assert _current(page) == [desk.matches[0]]
    assert "Due today" in page.words
    assert desk.match(3).assigned_to is None


def test_several_are_dismissed_at_once_and_taken_back_at_once(desk: Desk, broker: Client) -> None:
    page = broker.get("/match-review/")
    answer = broker.submit(
        page,
        {"chosen": [desk.matches[0], desk.matches[3]], "verb": "dismiss", "reason": "timing"},
        form="bulk",
    )
    page = broker.get(answer.location)
    assert "2 pairs" in page.words
    states = [desk.match(number).state for number in range(4)]
    assert states == ["dismissed", "suggested", "suggested", "dismissed"]
    broker.submit(page, form="undo")
    assert {desk.match(n).state for n in range(4)} == {"suggested"}


def test_several_are_taken_at_once_and_given_back_at_once(desk: Desk, broker: Client) -> None:
    page = broker.get("/match-review/?view=pool")
    chosen = {"chosen": list(desk.matches[:3]), "verb": "take"}
    page = broker.get(broker.submit(page, chosen, form="bulk").location)
    assert [desk.match(n).assigned_to is not None for n in range(4)] == [True, True, True, False]
    assert "3 pairs" in page.words
    broker.press(f"/match-review/{desk.matches[0]}/release")
    assert {desk.match(n).assigned_to for n in range(4)} == {None}


def test_bulk_leaves_what_others_decided_meanwhile(desk: Desk, broker: Client) -> None:
    page = broker.get("/match-review/")
    with desk.platform.unit_of_work() as uow:
        other = actor_of(uow.session.get_one(User, desk.people["broker"].id))
        match_review.accept(uow, other, match_id=desk.matches[0])
    chosen = {"chosen": list(desk.matches[:2]), "verb": "snooze"}
    page = broker.get(broker.submit(page, chosen, form="bulk").location)
    assert "1 pair was left" in page.words
    assert [desk.match(n).state for n in range(2)] == ["accepted", "snoozed"]


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"verb": "dismiss", "reason": "timing"}, "Choose at least one pair."),
        ({"verb": "accept"}, "Choose what to do."),
        ({"verb": "dismiss", "reason": "nonsense"}, "Choose a reason from the list."),
        ({"verb": "dismiss", "reason": "other"}, "Say in the note"),
    ],
)
def test_bulk_says_what_is_missing(
    desk: Desk, broker: Client, sent: dict[str, str], told: str
) -> None:
    values = dict(sent)
    if "least one" not in told:
        values["chosen"] = desk.matches[0]
    page = broker.press("/match-review/bulk", values, status=422)
    assert told in page.words
    assert desk.match().state == "suggested"


def test_only_brokers_decide_on_several(desk: Desk, browser: Browser) -> None:
    client = browser()
    client.log_in(desk.people["company"])
    values = {"chosen": desk.matches[0], "verb": "snooze"}
    client.press("/match-review/bulk", values, status=403)
    with desk.platform.reading() as uow:
        actor = actor_of(uow.session.get_one(User, desk.people["company"].id))
    with pytest.raises(NotAllowed), desk.platform.unit_of_work() as uow:
        match_review.decide_many(
            uow,
            actor,
            match_ids=[desk.matches[0]],
            action="snooze",
            calendar=desk.platform.calendar,
        )


def test_decisions_on_the_same_demand_or_outcome_are_shown_with_their_reasons(
    desk: Desk, broker: Client
) -> None:
    address = f"/match-review/{desk.matches[1]}/dismiss"
    broker.press(address, {"reason": "immature", "note": "样机尚未完成"})
    page = broker.get(f"/match-review/{desk.matches[0]}")
    assert "Similar past decisions" in page.words
    assert "Not mature enough" in page.words
    assert "样机尚未完成" in page.words
    assert "same demand" in page.words
    assert "Similar past decisions" not in broker.get(f"/match-review/{desk.matches[2]}").words


def test_decisions_about_records_that_a_broker_may_not_see_any_more_are_not_shown(
    desk: Desk, broker: Client
) -> None:
    broker.press(f"/match-review/{desk.matches[0]}/dismiss", {"reason": "timing"})
    with desk.platform.database.unit_of_work() as uow:
        uow.session.execute(
            update(Demand).where(Demand.id == desk.demands[0].id).values(state="withdrawn")
        )
    page = broker.get(f"/match-review/{desk.matches[2]}")
    assert "Similar past decisions" not in page.words


def test_decisions_on_pairs_alike_are_found_by_their_vectors(
    desk: Desk, broker: Client, platform: Matchmaker
) -> None:
    with platform.database.unit_of_work() as uow:
        demand = builders.demand(uow, desk.people["company"], title="储氢气瓶树脂的固化")
        outcome = builders.outcome(uow, desk.people["researcher"], title="增韧环氧树脂体系")
        match = Match(
            demand_id=demand.id,
            outcome_id=outcome.id,
            score=0.8,
            level=3,
            rank=1,
            explanation={},
            engine_version="test",
            created_at=uow.now,
        )
        uow.session.add(match)
        uow.session.flush()
        public_id = match.public_id
    broker.press(f"/match-review/{public_id}/dismiss", {"reason": "price"})
    address = f"/match-review/{desk.matches[0]}"
    assert "Similar past decisions" not in broker.get(address).words
    _ = platform.engine
    page = broker.get(address)
    assert "储氢气瓶树脂的固化" in page.words
    assert "alike" in page.words


def test_the_day_is_counted_with_the_median_of_seconds(
    desk: Desk, broker: Client, clock: Clock
) -> None:
    for number, seconds in enumerate((0, 20, 40, 3_600)):
        clock.advance(seconds=seconds)
        verb = "accept" if number % 2 else "dismiss"
        broker.press(f"/match-review/{desk.matches[number]}/{verb}", {"reason": "timing"})
    words = broker.get("/match-review/").words
    assert "4 decided" in words
    assert "30 s each (median)" in words
    clock.advance(days=1)
    assert "0 decided" in broker.get("/match-review/").words


def test_the_number_of_queries_does_not_grow_with_the_queue(
    desk: Desk, broker: Client, platform: Matchmaker
) -> None:
    with _counted(platform) as few:
        broker.get(f"/match-review/{desk.matches[0]}")
    _many(desk, 50)
    with _counted(platform) as many:
        broker.get(f"/match-review/{desk.matches[0]}")
    assert len(few) == len(many)
    assert len(many) < 30


@contextmanager
def _counted(platform: Matchmaker) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    event.listen(platform.database.engine, "before_cursor_execute", note)
    yield statements
    event.remove(platform.database.engine, "before_cursor_execute", note)
