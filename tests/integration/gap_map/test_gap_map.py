"""The gap map tells what an independent recount of its records tells, to each reader."""

from __future__ import annotations

import csv
import io
import random
from collections import Counter
from collections.abc import Callable
from typing import Any, Final

import pytest

from matchmaker.bootstrap import Matchmaker
from matchmaker.domain.gap_map import Counts, is_district
from matchmaker.domain.permissions import VISITOR, Actor
from matchmaker.store.common_need import CommonNeed, CommonNeedDemand
from matchmaker.store.demand import Demand
from matchmaker.store.match import Match
from matchmaker.store.organisation import User
from matchmaker.store.outcome import Outcome
from matchmaker.store.queries import gap_map as query
from tests import builders
from tests.client import Client

BUREAU: Final = Actor(user_id=1, role="bureau", organisation_id=99_999, verified=True)
CHAINS: Final = ("ships", "motors", "tyres", "carbon-fibre")
REGIONS: Final = ("huancui", "rongcheng", "wendeng", "china-other", None)
DEMAND_STATES: Final = ("published", "engaged", "contracted", "draft", "withdrawn")
OUTCOME_STATES: Final = ("published", "reserved", "draft")

Facts = list[dict[str, Any]]


@pytest.fixture
def world(platform: Matchmaker) -> tuple[Facts, Facts]:
    """A random world, and what is known of each record without asking the database."""
    numbers = random.Random(20261126)  # noqa: S311 - repeatable
    asked, offered = Facts(), Facts()
    with platform.database.unit_of_work() as uow:
        homes = [
            (region, builders.organisation(uow, kind, region_code=region))
            for region in REGIONS
            for kind in ("company", "institution")
        ]
        rows: dict[str, list[Any]] = {"demand": [], "outcome": []}
        for _ in range(160):
            region, home = numbers.choice(homes)
            noun = "demand" if home.kind == "company" else "outcome"
            chains = numbers.sample(CHAINS, numbers.choice((0, 1, 1, 2)))
            state = numbers.choice(DEMAND_STATES if noun == "demand" else OUTCOME_STATES)
            kind = numbers.choice(
                ("public", "anonymous", "directed")
                if noun == "demand"
                else ("local", "outside", "collected")
            )
            dated = {"published_at": None, "expires_on": None} if state == "draft" else {}
            make = builders.demand if noun == "demand" else builders.outcome
            name = "disclosure" if noun == "demand" else "provenance"
            made = make(uow, home, chains=chains, state=state, **{name: kind}, **dated)
            rows[noun].append(made)
            facts = {
                "id": made.id, "region": region, "chains": chains, "state": state, "kind": kind,
                "answered": False,
            }  # fmt: skip
            (asked if noun == "demand" else offered).append(facts)
        for facts, demand in zip(asked, rows["demand"], strict=True):
            for place, outcome in enumerate(numbers.sample(rows["outcome"], 3)):
                level, current = numbers.choice((0, 1, 2, 3)), numbers.random() < 0.7
                state = numbers.choice(("suggested", "suggested", "accepted", "dismissed"))
                pair(uow.session, demand, outcome, level, state, current=current, rank=place)
                usable = level >= 2 and current and state != "dismissed"
                facts["answered"] |= usable and outcome.state == "published"
    return asked, offered


def pair(
    session: Any, demand: Demand, outcome: Outcome, level: int, state: str, **fields: Any
) -> None:
    decided = state != "suggested"
    session.add(
        Match(
            demand_id=demand.id, outcome_id=outcome.id, level=level, state=state, score=0.5,
            reason="other" if state == "dismissed" else None,
            decided_at=demand.created_at if decided else None,
            explanation={}, engine_version="test", created_at=demand.created_at, **fields,
        )
    )  # fmt: skip


def recount(
    asked: Facts, offered: Facts, districts: set[str], *, reviews: bool
) -> dict[tuple[str, str], Counter[str]]:
    """The map by hand: one record after the other."""
    found: dict[tuple[str, str], Counter[str]] = {}

    def add(facts: dict[str, Any], region: str | None, *kinds: str) -> None:
        for chain in facts["chains"] or [""]:
            place = (chain, region if region in districts else "none")
            found.setdefault(place, Counter()).update(kinds)  # type: ignore[index]

    for facts in asked:
        if facts["state"] not in ("published", "engaged"):
            continue
        if facts["kind"] == "directed" and not reviews:
            continue
        hidden = facts["kind"] == "anonymous" and not reviews
        kinds = ["demands"] + (["answered"] if facts["answered"] else [])
        add(facts, None if hidden else facts["region"], *kinds)
    for facts in offered:
        if facts["state"] == "published":
            add(facts, facts["region"], facts["kind"])
    return found


@pytest.mark.parametrize("actor", [VISITOR, BUREAU], ids=["visitor", "bureau"])
def test_the_map_equals_a_recount_of_a_random_world(
    platform: Matchmaker, world: tuple[Facts, Facts], actor: Actor
) -> None:
    asked, offered = world
    districts = {one.code for one in platform.plan.regions if is_district(one.kind)}
    wanted = recount(asked, offered, districts, reviews=actor is BUREAU)
    with platform.reading() as uow:
        found = query.counted(uow, actor, districts)
        by_place, by_region = found.places, found.regions
        alone = {
            chain: query.counted(uow, actor, districts, chain).places for chain, _region in by_place
        }
        listed = {
            place: (
                query.demands(uow, actor, place, districts, limit=99),
                query.outcomes(uow, actor, place, districts, limit=99),
            )
            for place in by_place
        }
    assert by_place == {place: Counts(**counted) for place, counted in wanted.items()}
    assert len(by_place) > 12
    for place, (demands, outcomes) in listed.items():
        counts = by_place[place]
        assert (len(demands), len(outcomes)) == (counts.demands, counts.supply)
        assert sum(one.answered for one in demands) == counts.answered
    for chain, counted in alone.items():
        assert counted == {place: one for place, one in by_place.items() if place[0] == chain}
    once = [{**facts, "chains": []} for facts in asked], [{**one, "chains": []} for one in offered]
    once_each = recount(*once, districts, reviews=actor is BUREAU)
    assert by_region == {region: Counts(**one) for (_chain, region), one in once_each.items()}


def test_page_file_and_place_say_the_same_and_empty_places_do_not_open(
    world: tuple[Facts, Facts], client: Client, browser: Callable[..., Client]
) -> None:
    assert world
    page = client.get("/gap-map/")
    assert page.heading == "Gap map"
    file = client.get("/gap-map/table.csv")
    rows = list(csv.DictReader(io.StringIO(file.text.removeprefix("\ufeff"))))
    assert {row["chain"] for row in rows} >= {"ships", "unplaced"}
    for row in rows:
        href = f"/gap-map/{row['chain']}/{row['district']}"
        asked = int(row["demands"])
        offered = sum(int(row[f"outcomes_{one}"]) for one in ("local", "outside", "collected"))
        assert (href in page.links()) == (asked + offered > 0)
        if asked:
            place = client.get(href)
            assert sum("/demands/" in link for link in place.links()) == asked
    assert browser(language="zh_Hans").get("/gap-map/").heading == "产业链缺口图"
    for address in ("/gap-map/nowhere/", "/gap-map/ships/china-other", "/gap-map/ships/x"):
        client.get(address, status=404)


def test_a_visitor_learns_no_district_of_an_anonymous_demand(
    platform: Matchmaker, people: dict[str, User], client: Client, browser: Callable[..., Client]
) -> None:
    with platform.database.unit_of_work() as uow:
        firm = builders.organisation(uow, name="荣成无名企业", region_code="rongcheng")
        secret = builders.demand(uow, firm, disclosure="anonymous", chains=["ships"])
        hidden = builders.demand(uow, firm, disclosure="directed", chains=["ships"])
    assert secret.title not in client.get("/gap-map/ships/rongcheng").words
    assert secret.title in client.get("/gap-map/ships/none").words
    assert hidden.title not in client.get("/gap-map/ships/").words
    officer = browser()
    officer.log_in(people["bureau"])
    seen = officer.get("/gap-map/ships/rongcheng")
    assert secret.title in seen.words
    assert hidden.title in seen.words
    other = browser()
    other.log_in(people["researcher"])
    assert secret.title not in other.get("/gap-map/ships/rongcheng").words


def test_a_chain_and_no_chain_open_before_anything_stands_there(client: Client) -> None:
    for address in ("/gap-map/", "/gap-map/ships/", "/gap-map/unplaced/"):
        client.get(address)


def test_the_map_says_how_many_common_needs_it_leaves_out_and_shows_all(
    platform: Matchmaker, client: Client
) -> None:
    def listed(address: str) -> int:
        return sum(link.startswith("/common-needs/") for link in client.get(address).links())

    with platform.database.unit_of_work() as uow:
        firms = [builders.organisation(uow) for _ in range(2)]
        for number in range(13):
            need = CommonNeed(terms=[f"共性{number}"], stability=1, found_at=uow.now)
            need.members = [
                CommonNeedDemand(demand_id=builders.demand(uow, firm).id, position=place)
                for place, firm in enumerate(firms)
            ]
            uow.session.add(need)
    page = client.get("/gap-map/")
    assert "The first 12 of 13 are shown." in page.words
    assert listed("/gap-map/") == 12
    (link,) = [one for one in page.links() if "needs=all" in one]
    assert listed(link) == 13
    assert "are shown." not in client.get(link).words
