"""Near-duplicates on pages: who learns of them, who decides, what is marked."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import event, update

from matchmaker.services import duplicate as service
from matchmaker.store.audit import AuditEvent
from matchmaker.store.demand import Demand
from matchmaker.web.duplicate.comparison import compared
from tests import builders
from tests.client import Client
from tests.integration.duplicate.conftest import KEY, NEARLY, PROBLEM, World

Browser = Callable[..., Client]
DECIDERS = ("broker", "bureau", "administrator")


def search(world: World) -> None:
    service.find_all(world.platform.database, "demand")


def signed_in(browser: Browser, world: World, role: str, language: str = "en") -> Client:
    client = browser(language=language)
    client.log_in(world.people[role])
    client.choose_language(language)
    return client


@pytest.mark.parametrize("role", DECIDERS)
def test_those_who_decide_find_the_list_in_the_navigation(
    browser: Browser, world: World, role: str
) -> None:
    search(world)
    client = signed_in(browser, world, role)
    assert 'href="/duplicates/"' in client.get("/").text
    page = client.get("/duplicates/")
    assert "一种热敏打印头耐磨保护膜" in page.words
    assert "海参" not in page.words


@pytest.mark.parametrize("role", ["company", "researcher"])
def test_others_neither_see_the_list_nor_decide(browser: Browser, world: World, role: str) -> None:
    search(world)
    client = signed_in(browser, world, role)
    client.get("/duplicates/", status=403)
    client.press(f"{world.address('first', 'copy')}/separate", status=403)
    client.press(f"{world.address('first', 'copy')}/equate", status=403)
    assert set(world.pairs().values()) == {"open"}


def test_a_visitor_is_sent_to_the_log_in_page(client: Client, world: World) -> None:
    for address in ("/duplicates/", world.address("first", "copy")):
        assert "/log-in" in client.get(address, status=303).location


def test_the_administrator_sees_no_pair_with_a_directed_demand(
    browser: Browser, world: World
) -> None:
    search(world)
    assert "Demands, open 3" in signed_in(browser, world, "broker").get("/duplicates/").words
    page = signed_in(browser, world, "administrator").get("/duplicates/")
    assert "热敏打印头耐磨保护膜的研发" not in page.words
    assert "Demands, open 1" in page.words


def test_an_anonymous_company_is_named_to_reviewers_only(browser: Browser, world: World) -> None:
    search(world)
    assert "虚构同行公司" in signed_in(browser, world, "broker").get("/duplicates/").words
    page = signed_in(browser, world, "administrator").get("/duplicates/")
    assert "虚构同行公司" not in page.words
    assert "Anonymous company" in page.words


def test_a_list_without_pairs_says_so(browser: Browser, world: World) -> None:
    client = signed_in(browser, world, "broker")
    assert "No open pairs here" in client.get("/duplicates/").words
    assert "No decided pairs here" in client.get("/duplicates/?noun=outcome&state=decided").words
    client.get("/duplicates/?noun=nonsense&state=nonsense&page=999")


@pytest.mark.parametrize("language", ["en", "zh_Hans"])
@pytest.mark.parametrize("role", DECIDERS)
def test_each_decider_tells_two_records_apart(
    browser: Browser,
    world: World,
    role: str,
    language: str,
    events: Callable[..., list[AuditEvent]],
) -> None:
    search(world)
    client = signed_in(browser, world, role, language)
    address = world.address("first", "copy")
    client.post_form(address, form=f"{address}/separate")
    assert world.pairs()[frozenset({"first", "copy"})] == "different"
    [told] = events("separate")
    assert (told.actor_id, told.state_from, told.state_to) == (
        world.people[role].id,
        "open",
        "different",
    )
    page = client.get("/duplicates/?noun=demand&state=decided")
    assert ("Different records" if language == "en" else "不同记录") in page.words


def test_the_same_record_is_only_recorded_and_can_be_thought_over(
    browser: Browser, world: World
) -> None:
    search(world)
    client = signed_in(browser, world, "broker")
    address = world.address("copy", "first")
    answer = client.post_form(address, form=f"{address}/equate")
    page = client.get(answer.location)
    assert "Decided so far: The same record" in page.words
    for name in ("first", "copy"):
        assert f"/demands/{world.demands[name]}" in page.links()
        assert "Published" in client.get(f"/demands/{world.demands[name]}").words
    client.press(f"{address}/equate", status=409)
    client.submit(page, form=f"{address}/separate")
    assert world.pairs()[frozenset({"first", "copy"})] == "different"


def test_a_decision_needs_a_token(browser: Browser, world: World) -> None:
    search(world)
    client = signed_in(browser, world, "broker")
    client.post(f"{world.address('first', 'copy')}/separate", status=400)
    assert world.pairs()[frozenset({"first", "copy"})] == "open"


def test_records_that_are_not_alike_cannot_be_decided_about(browser: Browser, world: World) -> None:
    client = signed_in(browser, world, "broker")
    page = client.get(world.address("first", "other"))
    assert "These two are not nearly the same." in page.words
    assert page.forms() == []
    client.press(f"{world.address('first', 'other')}/equate", status=404)
    client.get(world.address("first", "first"), status=404)
    client.get(world.address("first", "copy").replace("/demand/", "/organisation/"), status=404)
    assert world.pairs() == {}


def test_a_pair_can_be_decided_before_any_search(browser: Browser, world: World) -> None:
    client = signed_in(browser, world, "bureau")
    address = world.address("first", "copy")
    client.post_form(address, form=f"{address}/separate")
    assert world.pairs() == {frozenset({"first", "copy"}): "different"}


def test_a_record_that_one_may_not_see_cannot_be_compared(browser: Browser, world: World) -> None:
    for role in ("company", "researcher", "administrator"):
        client = signed_in(browser, world, role)
        client.get(world.address("first", "directed"), status=404)
    address = f"{world.address('first', 'directed')}/separate"
    signed_in(browser, world, "administrator").press(address, status=404)


def test_the_list_reads_all_pairs_of_a_page_at_once(browser: Browser, world: World) -> None:
    client = signed_in(browser, world, "broker")

    def statements() -> int:
        count = 0

        def counted(*_: object) -> None:
            nonlocal count
            count += 1

        engine = world.platform.database.engine
        event.listen(engine, "before_cursor_execute", counted)
        client.get("/duplicates/?noun=demand")
        event.remove(engine, "before_cursor_execute", counted)
        return count

    search(world)
    few = statements()
    with world.platform.database.unit_of_work() as uow:
        for number in range(12):
            builders.demand(
                uow,
                world.people["company"],
                title=f"热敏打印头耐磨保护膜{'改' * number}",
                problem=PROBLEM,
                key_technology=KEY,
            )
    search(world)
    assert len(world.pairs()) > 50
    assert statements() == few
    assert "Page 2 of" in client.get("/duplicates/?noun=demand&page=2").words


FIELDS = {
    "title": "热敏打印头耐磨保护膜研究",
    "kind": "key_technology",
    "problem": NEARLY,
    "key_technology": KEY,
    "target": "寿命提高两倍。",
    "field": "materials",
    "chains": ["carbon-fibre"],
    "solution_mode": "joint",
    "disclosure": "public",
}


def test_an_author_is_told_of_what_he_may_see_and_can_go_on(browser: Browser, world: World) -> None:
    client = signed_in(browser, world, "company")
    answer = client.post_form("/demands/new", {**FIELDS, "then": "submit"})
    page = client.get(answer.location)
    assert "Nearly the same records exist" in page.words
    assert "一种热敏打印头耐磨保护膜" in page.words
    assert "Anonymous company" in page.words
    assert "虚构同行公司" not in page.words
    assert "热敏打印头耐磨保护膜的研发" not in page.words, "it is directed to somebody else"
    compare = next(link for link in page.links() if "/duplicates/demand/" in link)
    compared_page = client.get(compare)
    assert "Compare two records" in compared_page.heading
    assert compared_page.forms() == []
    client.get("/duplicates/", status=403)

    # The reviewer of the same record learns of all three, and finds the pairs in the list.
    own = answer.location.rsplit("/", 1)[-1]
    broker = signed_in(browser, world, "broker")
    page = broker.get(f"/demands/{own}")
    for title in ("一种热敏打印头耐磨保护膜", "热敏打印头耐磨保护膜的研发"):
        assert title in page.words
    assert len(world.pairs()) == 3
    assert "热敏打印头耐磨保护膜研究" in broker.get("/duplicates/").words
    broker.press(f"/demands/{own}/publish")


def test_a_draft_is_told_before_it_is_submitted(browser: Browser, world: World) -> None:
    client = signed_in(browser, world, "company")
    answer = client.post_form("/demands/new", {**FIELDS, "then": "save"})
    page = client.get(answer.location)
    assert "Nearly the same records exist" in page.words
    assert world.pairs() == {}, "nobody learns of a draft"
    client.submit(page, form="/submit")
    assert len(world.pairs()) == 3


def test_an_author_of_something_new_is_told_nothing(browser: Browser, world: World) -> None:
    client = signed_in(browser, world, "company")
    text = "轮胎硫化车间蒸汽余热直接排放，能耗高，需要回收后用于采暖和密炼预热，投资三年内收回。"
    answer = client.post_form(
        "/demands/new", {**FIELDS, "title": "硫化余热回收", "problem": text, "key_technology": ""}
    )
    assert "Nearly the same" not in client.get(answer.location).words


def test_strangers_are_told_nothing_on_a_published_record(
    client: Client, browser: Browser, world: World
) -> None:
    address = f"/demands/{world.demands['copy']}"
    assert "Nearly the same" not in client.get(address).words
    assert "Nearly the same" not in signed_in(browser, world, "researcher").get(address).words


def test_a_pair_told_apart_is_no_longer_mentioned(browser: Browser, world: World) -> None:
    search(world)
    client = signed_in(browser, world, "broker")
    address = f"/demands/{world.demands['first']}"
    before = client.get(address).links()
    assert world.address("first", "copy") in before
    client.press(f"{world.address('first', 'copy')}/separate")
    assert world.address("first", "copy") not in client.get(address).links()


def test_a_withdrawn_record_leaves_the_list(browser: Browser, world: World) -> None:
    search(world)
    with world.platform.unit_of_work() as uow:
        uow.session.execute(
            update(Demand)
            .where(Demand.public_id == world.demands["copy"])
            .values(state="withdrawn")
        )
    page = signed_in(browser, world, "broker").get("/duplicates/")
    assert "Demands, open 1" in page.words


def test_markup_in_a_record_is_shown_as_text(browser: Browser, world: World) -> None:
    with world.platform.unit_of_work() as uow:
        uow.session.execute(
            update(Demand)
            .where(Demand.public_id == world.demands["copy"])
            .values(problem=f"<script>alert(1)</script>{NEARLY}<mark>")
        )
    page = signed_in(browser, world, "broker").get(world.address("first", "copy"))
    assert "<script>alert(1)</script>" in page.words
    assert "<mark>&lt;script&gt;" in page.text


def test_marks_lie_on_what_only_one_text_has() -> None:
    left, right = compared("硬度高，摩擦小。", "硬度很高，摩擦小。")
    assert [(piece.text, piece.differs) for piece in left] == [("硬度高，摩擦小。", False)]
    assert [piece.text for piece in right if piece.differs] == ["很"]
    assert compared("", "膜") == ((), compared("", "膜")[1])
    long = "句子甲很长很长。" * 300
    left, right = compared(long, f"{long}另一句。")
    assert "".join(piece.text for piece in left) == long
    assert [piece.text for piece in right if piece.differs] == ["另一句。"]
