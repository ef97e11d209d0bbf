"""An agency's pack says what the figures say, its thresholds turn exactly, and files agree."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from pypdf import PdfReader

from matchmaker.bootstrap import Matchmaker
from matchmaker.services import audit
from matchmaker.store.engagement import Engagement
from matchmaker.store.organisation import Organisation, User
from matchmaker.store.queries import figure as figures
from matchmaker.store.queries import pack as query
from matchmaker.store.queries.figure import FigureFilters
from tests import builders
from tests.client import Client
from tests.integration.contract import engaged
from tests.simulated import lived

Browser = Callable[..., Client]
People = dict[str, User]


def registered(platform: Matchmaker, people: People, total: str, number: int, **terms: str) -> str:
    """A registered contract of the broker; returns its title's mark."""
    with platform.unit_of_work() as uow:
        where = engaged.engagement(uow, people["company"], people["researcher"], people["broker"])
        made = engaged.drafted(
            uow,
            people,
            where,
            amount_total=total,
            deducted_equipment="0",
            deduction_note="",
            payments=[],
            payment_mode="lump_sum",
            **terms,
        )
        engaged.registered(uow, people, made, number=f"{2026371000000000 + number}")
        return made.public_id


def agency_of(platform: Matchmaker, person: User) -> str:
    with platform.reading() as uow:
        return uow.session.get_one(Organisation, person.organisation_id).public_id


@pytest.fixture
def manager(platform: Matchmaker, people: People, browser: Browser) -> Client:
    """The broker, who manages the agency."""
    with platform.unit_of_work() as uow:
        uow.session.get_one(User, people["broker"].id).is_manager = True
    made = browser()
    made.log_in(people["broker"])
    return made


def rows_of(client: Client, agency: str) -> dict[tuple[str, str], list[str]]:
    """The lines of the table by part and name."""
    written = client.get(f"/packs/{agency}/pack.csv?period=2026").text.removeprefix("\ufeff")
    lines = list(csv.reader(io.StringIO(written)))
    assert {len(line) for line in lines} == {6}
    return {(line[0], line[1]): line[2:] for line in lines[1:]}


FILING = "Filing as a provincial transfer agency (independent intermediary)"
TURNOVER = (FILING, "Amount of technology contracts brought about in the year")


@pytest.mark.parametrize(
    ("parts", "standing"),
    [
        (("299.99", "0.0099"), "Not met"),  # 299.9999: one yuan is missing
        (("299.99", "0.01"), "Met"),
        (("299.99", "0.0101"), "Met"),
    ],
)
def test_contracts_just_below_at_and_above_a_threshold_turn_it(
    platform: Matchmaker, people: People, manager: Client, parts: tuple[str, str], standing: str
) -> None:
    for number, part in enumerate(parts):
        registered(platform, people, part, number)
    # It would reach the threshold by itself, and counts nowhere.
    registered(platform, people, "900", 9, related="related", related_note="同一集团")
    agency = agency_of(platform, people["broker"])
    rows = rows_of(manager, agency)
    _value, _least, told, events = rows[TURNOVER]
    assert told == standing
    assert len(events.split(", ")) == 2
    assert rows["Measures", "Contracts between related parties"][0] == "1"
    page = manager.get(f"/packs/{agency}/?period=2026")
    assert "Registered and left out: 1." in page.text
    assert page.text.count("To be verified with the competent office.") == len(platform.thresholds)
    behind = manager.get(f"/packs/{agency}/turnover?period=2026")
    assert behind.text.count(" of the audit") == 2


def test_what_a_document_says_is_the_page_and_names_every_event(
    platform: Matchmaker, people: People, manager: Client, browser: Browser
) -> None:
    registered(platform, people, "120.5", 1)
    registered(platform, people, "80", 2, type="licence", development_kind="")
    agency = agency_of(platform, people["broker"])
    with platform.reading() as uow:
        organisation = query.agency(uow, agency)
        contracts = query.contracts(uow, organisation.id, "2026")
        everything = figures.sums(uow, FigureFilters(period="2026"))
    assert sum(one.amount for one in contracts) == Decimal("200.5")
    assert everything["turnover"].amount == Decimal("200.5")
    bureau = browser(language="zh_Hans")
    bureau.log_in(people["bureau"])
    for client, words in ((manager, "Material for filing"), (bureau, "备案与评价材料")):
        answer = client.flask.get(f"/packs/{agency}/pack.pdf?period=2026")
        pages = PdfReader(io.BytesIO(answer.data)).pages
        written = "".join(page.extract_text() for page in pages)
        assert words in written
        for one in contracts:
            assert one.number in written
            assert re.search(rf"\b{one.event_id}\b", written)
    assert "/contracts/registered/" in bureau.get(f"/packs/{agency}/contracts?period=2026").text
    # A quarter has no conditions: they are for a year.
    assert FILING not in manager.get(f"/packs/{agency}/?period=2026-Q1").text


def test_only_its_manager_and_the_bureau_read_it(
    platform: Matchmaker, people: People, browser: Browser
) -> None:
    contract = registered(platform, people, "10", 1)
    agency = agency_of(platform, people["broker"])
    with platform.unit_of_work() as uow:
        home = uow.session.get_one(Organisation, people["broker"].organisation_id)
        head = builders.user(uow, platform.passwords, "broker", home, is_manager=True)
    for who in ("broker", "company", "researcher", "administrator"):
        client = browser()
        client.log_in(people[who])
        for part in ("", "pack.pdf", "pack.csv", "contracts"):
            client.get(f"/packs/{agency}/{part}", 403)
        assert "/packs/" not in client.get(f"/organisations/{agency}").text
    client = browser()
    client.log_in(head)
    assert f"/packs/{agency}/" in client.get(f"/organisations/{agency}").text
    # Of a colleague's contract the manager reads number and amounts, and opens nothing.
    listed = client.get(f"/packs/{agency}/contracts?period=2026")
    assert contract not in listed.text
    assert "碳纤维快速固化技术开发合同" not in listed.text
    client.get(f"/packs/{agency}/no-such-measure", 404)
    with platform.reading() as uow:
        company = uow.session.get_one(Organisation, people["company"].organisation_id).public_id
    client.get(f"/packs/{company}/", 404)


def test_the_packs_of_all_agencies_together_are_the_bureaus_figures(platform: Matchmaker) -> None:
    lived(platform, 24, seed=7)
    with platform.reading() as uow:
        agencies = uow.session.query(Organisation).filter(Organisation.kind.in_(query.KINDS))
        for year in figures.years(uow):
            found = [
                one for agency in agencies for one in query.contracts(uow, agency.id, str(year))
            ]
            counted = figures.sums(uow, FigureFilters(period=str(year)))
            assert len([one for one in found if one.related]) == counted["related"].events
            clean = [one for one in found if not one.related]
            assert len(clean) == counted["turnover"].events
            assert sum((one.amount for one in clean), Decimal(0)) == counted["turnover"].amount
        assert figures.years(uow)


@pytest.mark.parametrize("how", ["active", "approved"])
def test_a_former_broker_stands_below_the_brokers_and_the_columns_add_up(
    platform: Matchmaker, people: People, browser: Browser, how: str
) -> None:
    registered(platform, people, "10", 1)
    with platform.unit_of_work() as uow:
        home = uow.session.get_one(Organisation, people["broker"].organisation_id)
        head = builders.user(uow, platform.passwords, "broker", home, is_manager=True)
        where = engaged.engagement(uow, people["company"], people["researcher"], people["broker"])
        audit.record(uow, engaged.actor(people["broker"]), "introduction", where.introduction_id,
                     "ask", states=(None, "asked"))  # fmt: skip
        setattr(uow.session.get_one(User, people["broker"].id), how, False)
    client = browser()
    client.log_in(head)
    page = client.get(f"/packs/{home.public_id}/?period=2026")
    assert f"{head.name}not stated00" in page.words
    assert f"{people['broker'].name}no longer its broker11" in page.words
    assert "people who are or were its brokers" in page.words
    rows = rows_of(client, home.public_id)
    assert rows["Measures", "Technology brokers"][0] == "1"
    assert rows["Measures", "Registered contracts"][0] == "1"
    assert rows["Technology brokers", people["broker"].name][0] == "no longer its broker"


def test_the_day_of_registration_decides_the_period(
    platform: Matchmaker, people: People, manager: Client
) -> None:
    with platform.unit_of_work() as uow:
        where: Engagement = engaged.engagement(
            uow, people["company"], people["researcher"], people["broker"]
        )
        made = engaged.drafted(uow, people, where)
        engaged.registered(uow, people, made, on=date(2025, 12, 31))
    agency = agency_of(platform, people["broker"])
    for period, rows in (("2026", 0), ("2025-Q4", 1)):
        page = manager.get(f"/packs/{agency}/contracts?period={period}")
        assert page.text.count("of the audit") == rows
