"""Everybody may take away what the public pages show, and counters too large to name a firm."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from matchmaker.bootstrap import Matchmaker
from matchmaker.domain.demand import NAMES as DEMAND_NAMES
from matchmaker.domain.open_data import COUNTERS, FIELDS, told
from matchmaker.domain.outcome import NAMES as OUTCOME_NAMES
from matchmaker.domain.permissions import SYSTEM
from matchmaker.domain.visibility import CONFIDENTIAL_FIELDS, REDACTED_FIELDS
from matchmaker.services import audit
from matchmaker.store.database import UnitOfWork
from matchmaker.store.demand import DemandIndicator, DemandRecipient
from matchmaker.store.organisation import User
from tests import builders
from tests.client import Client
from tests.conftest import Clock
from tests.integration.contract import engaged
from tests.multiply import sent

PRIVATE = {
    "current_state": "保密现状文字",
    "partner_wanted": "保密合作文字",
    "principle": "脱敏原理文字",
    "know_how": "保密诀窍文字",
}
SHOWN = {
    "constraints": "耐盐雾1000小时",
    "description": "补充说明文字",
    "ip_expectation": "知识产权归企业",
    "keywords": ["碳纤维", "快速固化"],
}


@pytest.fixture
def world(platform: Matchmaker, people: dict[str, User]) -> dict[str, str]:
    """Records of every disclosure, with private texts in all; their titles by what they are."""
    with platform.unit_of_work() as uow:
        secret = {name: PRIVATE[name] for name in ("current_state", "partner_wanted")}
        home = builders.organisation(uow, name="匿名背后的企业", region_code="rongcheng")
        public = builders.demand(
            uow, people["company"], title="=公开的需求", budget_max=Decimal(80),
            chains=["carbon-fibre"], **SHOWN, **secret,
        )  # fmt: skip
        public.indicators = [
            DemandIndicator(position=1, name="抗拉强度", comparator="ge", value=Decimal(4900),
                            unit="MPa", condition="常温")
        ]  # fmt: skip
        builders.demand(uow, home, title="匿名的需求", disclosure="anonymous", **secret)
        directed = builders.demand(uow, home, title="定向的需求", disclosure="directed", **secret)
        directed.recipients = [
            DemandRecipient(organisation_id=people["researcher"].organisation_id or 0)
        ]
        builders.demand(uow, home, title="草稿", state="draft", published_at=None, **secret)
        builders.outcome(
            uow, people["researcher"], title="公开的成果", team=["张三"],
            ip=[{"kind": "invention", "number": "ZL2020", "owners": "某权利人"}],
            principle=PRIVATE["principle"], know_how=PRIVATE["know_how"],
        )  # fmt: skip
    return {"demand": public.public_id}


def text_of(client: Client, address: str, kind: str) -> str:
    answer = client.flask.get(address)
    assert answer.status_code == 200
    assert answer.mimetype == kind
    assert "attachment" in answer.headers["Content-Disposition"]
    return answer.get_data(as_text=True)


def test_files_hold_the_public_tier_of_what_a_visitor_sees(
    client: Client, world: dict[str, str]
) -> None:
    rows: list[dict[str, Any]] = json.loads(
        text_of(client, "/open-data/demands.json", "application/json")
    )
    assert [row["title"] for row in rows] == ["=公开的需求", "匿名的需求"]
    first, anonymous = rows
    assert first["id"] == world["demand"]
    assert first["budget_max"] == 80
    assert first["chains"] == ["carbon-fibre"]
    assert first["indicators"] == ["抗拉强度 ≥4900 MPa (常温)"]
    assert {name: first[name] for name in SHOWN} == SHOWN
    assert anonymous["disclosure"] == "anonymous"
    assert not {"organisation", "region"} & anonymous.keys()
    page = client.get(f"/demands/{world['demand']}")
    for name in ("problem", "key_technology", "target", "constraints", "description"):
        assert first[name] in page.text
    assert first["organisation"] in page.text


@pytest.mark.parametrize("nouns", ["demands", "outcomes"])
@pytest.mark.parametrize(
    ("ending", "kind"),
    [("csv", "text/csv"), ("json", "application/json"), ("jsonld", "application/ld+json")],
)
def test_no_file_holds_a_private_word(
    client: Client, world: dict[str, str], nouns: str, ending: str, kind: str
) -> None:
    assert world
    text = text_of(client, f"/open-data/{nouns}.{ending}", kind)
    assert "公开的" in text
    for word in (*PRIVATE.values(), "匿名背后的企业", "定向的需求", "草稿", "某权利人"):
        assert word not in text


def test_a_table_holds_no_formula_and_every_field(client: Client, world: dict[str, str]) -> None:
    assert world
    text = text_of(client, "/open-data/demands.csv", "text/csv").removeprefix("\ufeff")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert rows[0]["title"] == "'=公开的需求"
    assert rows[0]["keywords"] == "碳纤维; 快速固化"
    assert set(rows[0]) >= set(FIELDS["demand"])


def test_linked_data_speaks_schema_org(client: Client, world: dict[str, str]) -> None:
    assert world
    found = {
        nouns: json.loads(text_of(client, f"/open-data/{nouns}.jsonld", "application/ld+json"))
        for nouns in ("demands", "outcomes")
    }
    demand, anonymous = found["demands"]["@graph"]
    assert found["demands"]["@context"] == "https://schema.org"
    assert demand["@type"] == "Demand"
    assert demand["priceSpecification"] == {
        "@type": "PriceSpecification", "priceCurrency": "CNY", "maxPrice": 800_000,
    }  # fmt: skip
    assert "@reverse" in demand
    assert "@reverse" not in anonymous
    (outcome,) = found["outcomes"]["@graph"]
    assert outcome["@type"] == "Offer"
    assert outcome["offeredBy"]["@type"] == "Organization"


def test_fields_are_all_but_the_hidden_tiers() -> None:
    hidden = CONFIDENTIAL_FIELDS | REDACTED_FIELDS
    assert set(FIELDS["demand"]) == DEMAND_NAMES - hidden - {"title", "recipients"}
    assert set(FIELDS["outcome"]) == OUTCOME_NAMES - hidden - {"title"}
    assert not hidden & {*FIELDS["demand"], *FIELDS["outcome"]}


def test_what_does_not_exist_is_not_found(client: Client) -> None:
    for address in ("/open-data/users.csv", "/open-data/demands.xml", "/open-data/counters.xml"):
        client.get(address, status=404)


@pytest.mark.parametrize(("count", "shown"), [(0, 0), (1, None), (4, None), (5, 5), (6, 6)])
def test_a_number_from_one_to_four_is_not_told(count: int, shown: int | None) -> None:
    assert told(count) == shown


def publishing(platform: Matchmaker, how_many: int) -> None:
    with platform.database.unit_of_work() as uow:
        for _ in range(how_many):
            _published(uow)


def _published(uow: UnitOfWork) -> None:
    made = builders.demand(uow, builders.organisation(uow))
    audit.record(uow, SYSTEM, "demand", made.id, "import", states=(None, "published"))


def counters(client: Client) -> Any:
    return json.loads(text_of(client, "/open-data/counters.json", "application/json"))


def test_a_step_taken_in_the_present_quarter_is_told_when_it_is_over(
    platform: Matchmaker, client: Client, people: dict[str, User], clock: Clock
) -> None:
    clock.now = clock.now.replace(month=5)
    talks = []
    with platform.unit_of_work() as uow:
        for _ in range(5):
            made = engaged.engagement(
                uow, people["company"], people["researcher"], people["broker"]
            )
            for action, state in (("submit", "submitted"), ("publish", "published")):
                audit.record(uow, SYSTEM, "demand", made.demand_id, action, states=(None, state))
            for action, state in (("ask", "asked"), ("conclude", "mutual")):
                audit.record(uow, SYSTEM, "introduction", made.introduction_id, action,
                             states=(None, state))  # fmt: skip
            made.last_step_at = clock.now.replace(month=8)  # else the day's work rests them
            talks.append(made)
    clock.now = clock.now.replace(month=8)
    before = counters(client)
    assert (before["mutual"], before["signed"]) == ({"2026": 5}, {"2026": 0})
    with platform.unit_of_work() as uow:
        for where in talks:
            engaged.signed(uow, people, engaged.drafted(uow, people, where), on="2026-08-01")
    assert counters(client) == before
    clock.now = clock.now.replace(month=10)
    assert counters(client)["signed"] == {"2026": 5}


def test_the_day_of_publication_is_the_platforms(
    platform: Matchmaker, client: Client, people: dict[str, User], clock: Clock
) -> None:
    clock.now = datetime(2026, 12, 31, 16, 30, tzinfo=UTC)  # half past midnight in Beijing
    with platform.unit_of_work() as uow:
        builders.demand(uow, people["company"])
    (row,) = json.loads(text_of(client, "/open-data/demands.json", "application/json"))
    assert row["published_on"] == "2027-01-01"


@pytest.mark.parametrize(("firms", "shown"), [(4, None), (5, 5)])
def test_counters_name_no_firm_and_nothing_of_the_present_quarter(
    platform: Matchmaker, client: Client, clock: Clock, firms: int, shown: int | None
) -> None:
    publishing(platform, firms)  # in the first quarter
    assert counters(client)["firms"] == {}
    clock.now = clock.now.replace(month=4)
    publishing(platform, 30)  # in the second, which is not over
    assert counters(client)["firms"] == {"2026": shown}
    assert counters(client)["talks_lost"] == {"2026": 0}
    table = text_of(client, "/open-data/counters.csv", "text/csv")
    assert f"firms,{'' if shown is None else shown}" in table
    page = client.get("/open-data/")
    assert ("fewer than 5" in page.words) == (shown is None)
    assert "30" not in page.words


def test_the_page_names_the_unflattering_counters_and_no_amount(
    platform: Matchmaker, client: Client, clock: Clock
) -> None:
    publishing(platform, 7)
    clock.now = clock.now.replace(month=4)
    words = client.get("/open-data/").words
    for label in ("Demands expired", "Introductions lapsed", "Introductions declined",
                  "Nothing fitting found", "Contracts between related parties"):  # fmt: skip
        assert label in words
    for label in ("unanswered", "waiting"):  # as it is at present: told nobody
        assert label not in words
    assert not any(code.endswith("_waiting") for code in COUNTERS)
    assert "CNY" not in words
    assert not any(code.startswith(("turnover_", "firms_")) for code in COUNTERS)


def test_a_file_is_read_in_batches(platform: Matchmaker, client: Client) -> None:
    def asked() -> int:
        with sent(platform.database.engine) as statements:
            client.flask.get("/open-data/demands.json").get_data()
        return sum("demand.id > " in one for one in statements)  # others work beside

    with platform.unit_of_work() as uow:
        home = builders.organisation(uow)
        builders.demand(uow, home)
    asked()  # the day's first request does the day's work
    few = asked()
    with platform.unit_of_work() as uow:
        for _ in range(60):
            builders.demand(uow, home, expires_on=date(2027, 1, 1))
    assert asked() == few == 2  # a batch, and that there is no further one
