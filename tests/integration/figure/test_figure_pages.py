"""Every figure opens the events behind it, as many as it says, and no anonymous firm is named."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from xml.etree.ElementTree import Element

import pytest
from pypdf import PdfReader

from matchmaker.bootstrap import Matchmaker
from matchmaker.domain.figure import FIGURES
from matchmaker.domain.permission_table import Relation
from matchmaker.domain.permissions import SYSTEM, rule_of
from matchmaker.services import audit
from matchmaker.store.audit import AuditEvent
from matchmaker.store.demand import Demand
from matchmaker.store.engagement import Engagement
from matchmaker.store.organisation import Organisation, User
from matchmaker.store.queries import contract as contracts
from matchmaker.store.queries import figure as query
from matchmaker.store.queries.contract import ContractFilters
from matchmaker.store.queries.figure import FigureFilters
from matchmaker.web.figure.overview import COLUMNS
from tests import builders
from tests.client import Client, Page
from tests.conftest import Clock
from tests.integration.contract import engaged
from tests.simulated import lived

Browser = Callable[..., Client]
HTML = "{http://www.w3.org/1999/xhtml}"


@pytest.fixture
def bureau(people: dict[str, User], browser: Browser) -> Client:
    made = browser()
    made.log_in(people["bureau"])
    return made


def cells(page: Page, name: str) -> list[Element]:
    assert page.tree is not None
    return [one for one in page.tree.iter() if name in (one.get("class") or "").split()]


def text(element: Element) -> str:
    return "".join(element.itertext()).strip()


def amount(written: str) -> Decimal:
    return Decimal(re.sub(r"[^\d.]", "", written))


def behind(client: Client, address: str) -> tuple[int, Decimal, str]:
    """How many rows the list of an address has on all its pages, their amounts, and its heading."""
    rows, total, heading, following = 0, Decimal(0), "", address
    while following:
        page = client.get(following)
        heading = page.heading
        table = next((one for one in page.tree.iter() if one.get("id") == "events"), None)  # type: ignore[union-attr]
        if table is not None:
            rows += len(next(table.iter(f"{HTML}tbody")).findall(f"{HTML}tr"))
        total += sum((amount(text(one)) for one in cells(page, "event-amount")), Decimal(0))
        after = [one for one in page.tree.iter(f"{HTML}a") if one.get("rel") == "next"]  # type: ignore[union-attr]
        following = after[0].get("href", "") if after else ""
    return rows, total, heading


@pytest.mark.parametrize(
    "scope", ["?period=", "?period=2023&region=huancui", "?period=&chain=ships"]
)
def test_every_figure_opens_as_many_events_as_it_says(
    platform: Matchmaker, bureau: Client, scope: str
) -> None:
    lived(platform, 36, seed=11)
    page = bureau.get(f"/figures/{scope}")
    counts, sums = cells(page, "figure"), cells(page, "figure-amount")
    assert len(counts) > len(FIGURES)
    seen: dict[str, tuple[int, Decimal, str]] = {}
    for link in counts + sums:
        address = link.get("href", "")
        if address not in seen:
            seen[address] = behind(bureau, address)
        rows, total, heading = seen[address]
        if link in counts:
            assert rows == int(amount(text(link))), address
        else:
            assert total * 10_000 == amount(text(link)) or total == amount(text(link)), address
        assert heading.endswith(f" {rows:,}")
    named = {address.split("/")[2].partition("?")[0] for address in seen}
    assert named >= set(FIGURES)


def test_turnover_is_what_the_contracts_condition_counts(
    platform: Matchmaker, people: dict[str, User], engagement: Engagement
) -> None:
    with platform.unit_of_work() as uow:
        engaged.registered(uow, people, engaged.drafted(uow, people, engagement))
    lived(platform, 48, seed=2)
    with platform.reading() as uow:
        totals = contracts.totals(uow)
        counted = query.sums(uow, FigureFilters())
        quarter = contracts.totals(uow, ContractFilters(quarter="2024-Q2"))
        same = query.sums(uow, FigureFilters(period="2024-Q2"))
    assert totals.contracts > 10
    for counted_then, figures in ((totals, counted), (quarter, same)):
        assert figures["turnover"].events == counted_then.contracts
        assert figures["turnover"].amount == counted_then.amount
        parts = (figures["conversions"], figures["cooperation"])
        assert sum(one.events for one in parts) == counted_then.contracts


def test_the_simulation_takes_only_steps_of_the_permission_table(platform: Matchmaker) -> None:
    """Services move records by the table alone: what it does not allow they would not write."""
    lived(platform, 60, seed=4)
    with platform.reading() as uow:
        events = uow.session.query(AuditEvent).all()
        made = [one for one in events if one.state_to is not None and one.actor_role != "visitor"]
        uow.session.expunge_all()
    moved = 0
    for event in made:
        if event.state_from is None:
            continue  # the row of a record's beginning
        rule = rule_of(event.noun, event.action)
        assert event.state_from in rule.sources, (event.noun, event.action)
        assert event.state_to == (rule.target or event.state_from), (event.noun, event.action)
        assert event.actor_role != "system" or Relation.SYSTEM in rule.who
        moved += 1
    assert moved > 300


def test_only_the_bureau_sees_figures(people: dict[str, User], browser: Browser) -> None:
    for role in ("company", "researcher", "broker", "administrator"):
        client = browser()
        client.log_in(people[role])
        for address in ("/figures/", "/figures/turnover", "/figures/targets"):
            client.get(address, status=403)
    browser().get("/figures/turnover", status=303)


def test_a_firm_is_counted_but_not_named_where_it_published_anonymously(
    platform: Matchmaker, bureau: Client
) -> None:
    with platform.unit_of_work() as uow:
        names = {}
        for disclosure in ("anonymous", "public"):
            home = builders.organisation(uow, region_code="huancui")
            names[disclosure] = home.name
            demand: Demand = builders.demand(uow, home, disclosure=disclosure)
            audit.record(uow, SYSTEM, "demand", demand.id, "import", states=(None, "published"))
    page = bureau.get("/figures/firms?period=")
    assert names["public"] in page.text
    assert names["anonymous"] not in page.text
    assert page.words.count("Not shown") == 1
    assert behind(bureau, "/figures/firms?period=")[0] == 2


def test_targets_are_stored_with_an_audit_row_and_shown_with_what_is_reached(
    platform: Matchmaker, bureau: Client, events: Callable[..., list[AuditEvent]]
) -> None:
    lived(platform, 36, seed=11)
    bureau.post_form(
        "/figures/targets?year=2023",
        {"target-firms": "20", "baseline-turnover": "100.5", "target-turnover": "1000",
         "source-turnover": "示例文件第3页"},
        form=1,
    )  # fmt: skip
    told = events("set_target")
    assert {event.changes["figure"][1] for event in told} == {"firms", "turnover"}
    assert {event.changes["year"][1] for event in told} == {2023}
    page = bureau.get("/figures/?period=2023")
    assert "示例文件第3页" in page.words
    assert "CNY 10,000,000" in page.words
    with platform.reading() as uow:
        firms = query.sums(uow, FigureFilters(period="2023"))["firms"].events
    assert f"{100 * firms // 20} %" in page.words
    # A district has no targets of its own.
    assert "示例文件第3页" not in bureau.get("/figures/?period=2023&region=huancui").words
    again = bureau.get("/figures/targets?year=2023")
    bureau.submit(again, {"target-firms": ""}, form=1)
    bureau.submit(again, {"target-firms": "30"}, form=1, status=409)
    assert len(events("set_target")) == 3


def test_a_target_that_is_no_number_is_told_beside_it(bureau: Client) -> None:
    page = bureau.post_form(
        "/figures/targets?year=2026",
        {"target-firms": "many", "baseline-turnover": "-1"},
        form=1,
        status=422,
    )
    assert page.errors() == ["The number is too large, or below 0.", "Write a number."]


def test_the_page_asks_few_questions_however_much_it_counts(
    platform: Matchmaker,
    bureau: Client,
    count_queries: Callable[[Callable[[], object]], int],
) -> None:
    few = count_queries(lambda: bureau.get("/figures/?period="))
    lived(platform, 36, seed=11)
    many = count_queries(lambda: bureau.get("/figures/?period="))
    # One median for each timed figure that counts something.
    assert many - few <= sum(one.timed for one in FIGURES.values())


def test_a_district_that_moves_takes_its_figures_along(
    platform: Matchmaker, people: dict[str, User], engagement: Engagement, bureau: Client
) -> None:
    with platform.unit_of_work() as uow:
        engaged.registered(uow, people, engaged.drafted(uow, people, engagement))
        company = uow.session.get_one(Organisation, engagement.company_id)
    bureau.post_form(
        f"/organisations/{company.public_id}/edit", {"region": "rongcheng"}, form="edit"
    )
    with platform.reading() as uow:
        there = query.sums(uow, FigureFilters(region="rongcheng"))
        nowhere = query.sums(uow, FigureFilters(region="none"))
    assert there["turnover"].events == 1
    assert there["turnover_in"].amount == 120
    assert nowhere["turnover"].events == 0


def test_quarters_add_up_to_all_years(platform: Matchmaker, bureau: Client) -> None:
    lived(platform, 36, seed=11)
    page = bureau.get("/figures/?period=")
    table = next(
        one
        for one in page.tree.iter(f"{HTML}table")  # type: ignore[union-attr]
        if any(re.fullmatch(r"20\d\d-Q\d", text(head)) for head in one.iter(f"{HTML}th"))
    )
    rows = [list(one.iter(f"{HTML}td")) for one in next(table.iter(f"{HTML}tbody"))]
    assert len(rows) > 8
    published = COLUMNS.index("demands_published")
    with platform.reading() as uow:
        counted = query.sums(uow, FigureFilters())["demands_published"].events
    assert sum(amount(text(row[published])) for row in rows) == counted


def test_the_year_begins_with_the_platforms_new_year(
    people: dict[str, User], platform: Matchmaker, clock: Clock, browser: Browser
) -> None:
    clock.now = datetime(2026, 12, 31, 16, 30, tzinfo=UTC)  # half past midnight in Beijing
    with platform.reading() as uow:
        agency = uow.session.get_one(Organisation, people["broker"].organisation_id)
    bureau, broker = browser(), browser()
    bureau.log_in(people["bureau"])
    broker.log_in(people["broker"])
    page = bureau.get("/figures/")
    assert "2027 · whole city" in page.words
    assert "2027-Q1" in page.words
    pdf = PdfReader(io.BytesIO(bureau.flask.get("/figures/report.pdf").get_data()))
    assert "2027 · whole city" in pdf.pages[0].extract_text()
    for address in ("/figures/targets", f"/figures/targets?year={'9' * 5_000}"):
        assert 'value="2027"' in bureau.get(address).text
    pack = bureau.get(f"/packs/{agency.public_id}/")
    assert f"{agency.name} · 2027" in pack.words
    assert "2027-Q1" in pack.words
    assert f"{people['broker'].name} · 2027" in broker.get("/activity/").words


@pytest.mark.parametrize("language", ["en", "zh_Hans"])
def test_the_report_on_paper_tells_what_the_page_tells(
    platform: Matchmaker, people: dict[str, User], browser: Browser, language: str
) -> None:
    lived(platform, 36, seed=11)
    client = browser(language=language)
    client.log_in(people["bureau"])
    page = client.get("/figures/?period=2024-Q2")
    (link,) = [one for one in page.links() if "report.pdf" in one]
    answer = client.flask.get(link)
    assert answer.mimetype == "application/pdf"
    pdf = PdfReader(io.BytesIO(answer.get_data()))
    written = "".join(one.extract_text() for one in pdf.pages).replace("\n", "")
    assert "2024-Q2" in written
    with platform.reading() as uow:
        turnover = query.sums(uow, FigureFilters(period="2024-Q2"))["turnover"]
    assert turnover.events > 0
    shown = f"{turnover.amount:,}" if language != "en" else f"{turnover.amount * 10_000:,.0f}"
    assert shown in written
    assert ("Contracts between related parties" in written) == (language == "en")
    # A bar is drawn for every step and every counter, in a frame of its own.
    drawn = sum(one.get_contents().get_data().count(b" re") for one in pdf.pages)  # type: ignore[union-attr]
    assert drawn > 2 * len(FIGURES) // 2
