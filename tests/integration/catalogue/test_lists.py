"""Rows, counts and orders of the catalogue, asked of the store."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import event

from matchmaker.bootstrap import Matchmaker
from matchmaker.domain.permissions import VISITOR, Actor
from matchmaker.store.database import Database, UnitOfWork
from matchmaker.store.demand import DemandIndicator, DemandRecipient
from matchmaker.store.outcome import OutcomeMode
from matchmaker.store.queries import catalogue
from matchmaker.store.queries.catalogue import CatalogueCounts, CatalogueRow
from matchmaker.store.queries.catalogue_filters import SORTS, Filters
from tests import builders


@contextmanager
def counted_statements(database: Database) -> Iterator[list[str]]:
    """The SQL statements sent meanwhile."""
    sent: list[str] = []

    def note(*arguments: object) -> None:
        sent.append(str(arguments[2]))

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(database.engine, "before_cursor_execute", note)


def _rows(
    uow: UnitOfWork,
    filters: Filters | None = None,
    actor: Actor = VISITOR,
    noun: str = "demand",
    sort: str = "newest",
) -> tuple[CatalogueRow, ...]:
    return catalogue.rows(uow, actor, noun, filters or Filters(), sort=sort, limit=50, offset=0)


def _counts(
    uow: UnitOfWork,
    filters: Filters | None = None,
    actor: Actor = VISITOR,
    noun: str = "demand",
) -> CatalogueCounts:
    return catalogue.counts(uow, actor, noun, filters or Filters(), states=True)


def test_an_anonymous_demand_neither_names_its_company_nor_tells_its_district(
    platform: Matchmaker,
) -> None:
    with platform.database.unit_of_work() as uow:
        company = builders.organisation(uow, region_code="huancui")
        rival = builders.organisation(uow, region_code="wendeng")
        builders.demand(uow, company, disclosure="anonymous")
        builders.demand(uow, rival)
        outsiders = [
            VISITOR,
            Actor(user_id=1, role="company", organisation_id=rival.id, verified=True),
            Actor(user_id=2, role="researcher", organisation_id=999, verified=True),
            Actor(user_id=3, role="researcher", organisation_id=999),
            Actor(user_id=4, role="administrator"),
        ]
        insiders = [
            Actor(user_id=5, role="company", organisation_id=company.id),
            Actor(user_id=6, role="broker", organisation_id=998),
            Actor(user_id=7, role="bureau", organisation_id=997),
        ]
        in_huancui = Filters(regions=frozenset({"huancui"}))
        for actor in outsiders:
            hidden = {row.organisation_name for row in _rows(uow, actor=actor)}
            assert hidden == {None, rival.name}
            assert {row.region for row in _rows(uow, actor=actor)} == {None, "wendeng"}
            assert _counts(uow, actor=actor).facets["region"] == {"wendeng": 1}
            assert _rows(uow, in_huancui, actor) == ()
            assert _counts(uow, in_huancui, actor).total == 0
        for actor in insiders:
            assert _counts(uow, actor=actor).facets["region"] == {"huancui": 1, "wendeng": 1}
            assert [row.organisation_name for row in _rows(uow, in_huancui, actor)] == [
                company.name
            ]


def test_a_directed_demand_is_missing_from_rows_counts_and_hits_of_everybody_else(
    platform: Matchmaker,
) -> None:
    with platform.database.unit_of_work() as uow:
        company = builders.organisation(uow, region_code="huancui")
        institute = builders.organisation(uow, "institution")
        demand = builders.demand(
            uow,
            company,
            disclosure="directed",
            chains=["carbon-fibre"],
            lowest_trl=5,
            budget_max=Decimal(80),
        )
        demand.recipients = [DemandRecipient(organisation_id=institute.id)]
        uow.session.flush()
        recipient = Actor(user_id=1, role="researcher", organisation_id=institute.id, verified=True)
        unverified = Actor(user_id=1, role="researcher", organisation_id=institute.id)
        rival = Actor(user_id=2, role="company", organisation_id=777, verified=True)
        for actor in (VISITOR, unverified, rival):
            assert _rows(uow, actor=actor) == ()
            counted = _counts(uow, actor=actor)
            assert counted.total == 0
            assert counted.facets == {}
            assert catalogue.hidden_count(uow, actor, "demand") == 1
            assert catalogue.seen_hits(uow, actor, "demand", [demand.id], top=10) == ()
        assert len(_rows(uow, actor=recipient)) == 1
        assert _counts(uow, actor=recipient).facets["chain"] == {"carbon-fibre": 1}
        assert catalogue.hidden_count(uow, recipient, "demand") == 0


def test_what_is_not_published_or_past_its_day_is_listed_for_no_stranger(
    platform: Matchmaker,
) -> None:
    with platform.database.unit_of_work() as uow:
        company = builders.organisation(uow)
        for state in ("draft", "submitted", "returned", "withdrawn", "expired"):
            builders.demand(uow, company, state=state, state_note="请补充指标")
        builders.demand(uow, company, expires_on=(uow.now - timedelta(days=1)).date())
        everything = Filters(states=frozenset({"draft", "submitted", "returned", "published"}))
        broker = Actor(user_id=1, role="broker", organisation_id=500)
        owner = Actor(user_id=2, role="company", organisation_id=company.id)
        assert _rows(uow, everything) == ()
        assert _counts(uow).facets == {}
        assert [row.state for row in _rows(uow, everything, broker)] == ["submitted"]
        assert _rows(uow, actor=owner) == ()
        assert {row.state for row in _rows(uow, everything, owner)} == {
            "draft",
            "submitted",
            "returned",
        }


def test_a_facet_is_counted_under_the_other_filters_but_not_its_own(
    platform: Matchmaker,
) -> None:
    with platform.database.unit_of_work() as uow:
        company = builders.organisation(uow, region_code="huancui")
        other = builders.organisation(uow, region_code="wendeng")
        builders.demand(uow, company, field="materials", lowest_trl=6, solution_mode="joint")
        builders.demand(uow, company, field="energy", lowest_trl=8, solution_mode="joint")
        builders.demand(uow, other, field="energy", lowest_trl=2, solution_mode="transfer")
        chosen = Filters(fields=frozenset({"energy"}), regions=frozenset({"huancui"}))
        counted = _counts(uow, chosen)
        assert counted.total == 1
        assert counted.facets["field"] == {"materials": 1, "energy": 1}  # in huancui
        assert counted.facets["region"] == {"huancui": 1, "wendeng": 1}  # of energy
        assert counted.facets["trl"] == {"7-9": 1}
        assert counted.facets["mode"] == {"joint": 1}


def test_the_counts_say_how_many_rows_each_choice_leads_to(platform: Matchmaker) -> None:
    with platform.database.unit_of_work() as uow:
        institute = builders.organisation(uow, "institution", region_code="china-other")
        for number in range(12):
            made = builders.outcome(
                uow,
                institute,
                trl=1 + number % 9,
                price_min=None if number % 4 == 0 else Decimal(40 * number),
                field=("materials", "energy", None)[number % 3],
                chains=[("carbon-fibre", "tyres")[number % 2]],
            )
            made.modes = [OutcomeMode(mode="licence")] + [OutcomeMode(mode="transfer")] * (
                number % 2
            )
        uow.session.flush()
        filters_of = {
            "chain": "chains",
            "cluster": "clusters",
            "region": "regions",
            "trl": "trls",
            "mode": "modes",
            "money": "moneys",
            "field": "fields",
            "state": "states",
        }
        counted = _counts(uow, noun="outcome")
        assert counted.facets.keys() == filters_of.keys()
        for facet, codes in counted.facets.items():
            for code, number in codes.items():
                chosen = Filters(**{filters_of[facet]: frozenset({code})})
                assert len(_rows(uow, chosen, noun="outcome")) == number, (facet, code)
                assert _counts(uow, chosen, noun="outcome").total == number


def test_a_record_on_two_chains_of_a_cluster_counts_once_for_the_cluster(
    platform: Matchmaker,
) -> None:
    cluster = next(one for one in platform.plan.clusters if len(one.chains) > 1)
    first, second = cluster.chains[:2]
    with platform.database.unit_of_work() as uow:
        builders.demand(uow, builders.organisation(uow), chains=[first.code, second.code])
        counted = _counts(uow)
        assert counted.facets["chain"] == {first.code: 1, second.code: 1}
        assert counted.facets["cluster"] == {cluster.code: 1}
        assert len(_rows(uow, Filters(clusters=frozenset({cluster.code})))) == 1


def test_sorting_puts_what_is_not_stated_last(platform: Matchmaker) -> None:
    with platform.database.unit_of_work() as uow:
        company = builders.organisation(uow)
        institute = builders.organisation(uow, "institution")
        for amount in (None, 30, 900, 120):
            money = None if amount is None else Decimal(amount)
            builders.demand(uow, company, budget_max=money)
            builders.outcome(uow, institute, price_min=money)
        demands = [row.money_max for row in _rows(uow, sort="money")]
        outcomes = [row.money_min for row in _rows(uow, noun="outcome", sort="money")]
        assert demands == [900, 120, 30, None]
        assert outcomes == [30, 120, 900, None]


def test_newest_and_expiring_sort_by_their_dates(platform: Matchmaker) -> None:
    with platform.database.unit_of_work() as uow:
        company = builders.organisation(uow)
        for days in (3, 1, 2):
            builders.demand(
                uow,
                company,
                published_at=uow.now - timedelta(days=days),
                expires_on=(uow.now + timedelta(days=10 * days)).date(),
            )
        newest = [row.published_at for row in _rows(uow, sort="newest")]
        expiring = [row.expires_on for row in _rows(uow, sort="expiring")]
        assert newest == sorted(newest, reverse=True)
        assert expiring == sorted(expiring)


def test_relevance_keeps_the_order_in_which_the_engine_found(platform: Matchmaker) -> None:
    with platform.database.unit_of_work() as uow:
        company = builders.organisation(uow)
        made = [builders.demand(uow, company) for _ in range(5)]
        hits = tuple(made[place].id for place in (3, 0, 4))
        filters = Filters(text="任意", hits=hits)
        titles = [row.title for row in _rows(uow, filters, sort="relevance")]
        assert titles == [made[place].title for place in (3, 0, 4)]
        assert _counts(uow, filters).total == 3


def test_ones_own_drafts_are_found_by_the_words_of_their_title(platform: Matchmaker) -> None:
    with platform.database.unit_of_work() as uow:
        company = builders.organisation(uow)
        owner = Actor(user_id=1, role="company", organisation_id=company.id)
        builders.demand(uow, company, state="draft", title="低温固化 100% 生物基树脂")
        builders.demand(uow, company, state="draft", title="别的草稿")
        drafts = frozenset({"draft"})
        found = _rows(uow, Filters(text="树脂 100%", hits=(), states=drafts), owner)
        assert [row.title for row in found] == ["低温固化 100% 生物基树脂"]
        assert _rows(uow, Filters(text="1%0", hits=(), states=drafts), owner) == ()


@pytest.mark.parametrize("sort", SORTS)
def test_pages_neither_repeat_nor_lose_a_row(platform: Matchmaker, sort: str) -> None:
    with platform.database.unit_of_work() as uow:
        company = builders.organisation(uow)
        made = [builders.demand(uow, company, budget_max=Decimal(100)) for _ in range(23)]
        filters = Filters(text="任意", hits=tuple(one.id for one in made))
        seen: list[str] = []
        for offset in range(0, 30, 5):
            page = catalogue.rows(
                uow, VISITOR, "demand", filters, sort=sort, limit=5, offset=offset
            )
            seen += [row.public_id for row in page]
        assert len(seen) == len(set(seen)) == 23


def test_a_row_carries_its_first_indicators_and_says_how_many_more(platform: Matchmaker) -> None:
    with platform.database.unit_of_work() as uow:
        demand = builders.demand(uow, builders.organisation(uow), chains=["tyres"])
        demand.indicators = [
            DemandIndicator(
                position=place,
                name=f"指标{place}",
                comparator="ge",
                value=Decimal(place),
                unit="MPa",
            )
            for place in range(5)
        ]
        uow.session.flush()
        (row,) = _rows(uow)
        assert row.indicators == ("指标0 ≥0 MPa", "指标1 ≥1 MPa", "指标2 ≥2 MPa")
        assert row.more_indicators == 2
        assert row.chains == ("tyres",)
        assert row.lead == demand.problem


@pytest.mark.parametrize("noun", ["demand", "outcome"])
def test_the_number_of_statements_does_not_grow_with_the_rows(
    platform: Matchmaker, noun: str
) -> None:
    def statements() -> int:
        with platform.reading() as uow, counted_statements(platform.database) as sent:
            _rows(uow, noun=noun)
            _counts(uow, noun=noun)
        return len(sent)

    make = builders.demand if noun == "demand" else builders.outcome
    with platform.database.unit_of_work() as uow:
        place = builders.organisation(uow)
        make(uow, place, chains=["tyres"])
    few = statements()
    with platform.database.unit_of_work() as uow:
        for _ in range(30):
            make(uow, builders.organisation(uow), chains=["tyres", "carbon-fibre"])
    assert statements() == few <= 7
