"""Figures equal what happened, however it is counted, and a difference is found."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from click.testing import CliRunner
from sqlalchemy import delete, select, update

from matchmaker.bootstrap import Matchmaker
from matchmaker.cli.main import cli
from matchmaker.domain.demand import clean_demand
from matchmaker.domain.figure import FIGURES
from matchmaker.domain.permissions import SYSTEM
from matchmaker.services import audit, introduction_clock, question, record, secondment
from matchmaker.services import figure as service
from matchmaker.services.account import actor_now
from matchmaker.store import figure_log
from matchmaker.store.demand import Demand
from matchmaker.store.figure import FigureEvent, FigureSum
from matchmaker.store.match import Match
from matchmaker.store.organisation import Organisation, User
from matchmaker.store.queries import figure as query
from matchmaker.store.queries.figure import FigureFilters
from matchmaker.store.question import Question
from tests import builders
from tests.conftest import Clock
from tests.integration.engagement.pair import Pair, make_pair
from tests.integration.figure.oracle import Cell, Oracle
from tests.simulated import lived

MONTHS = 1_000


def sums(platform: Matchmaker) -> dict[Cell, tuple[int, Decimal]]:
    with platform.reading() as uow:
        rows = uow.session.scalars(select(FigureSum)).all()
        return {
            (one.figure, one.chain, one.quarter, one.region): (one.events, one.amount)
            for one in rows
        }


def test_every_figure_of_a_thousand_months_equals_what_happened(platform: Matchmaker) -> None:
    world = lived(platform, MONTHS, seed=7, year=1943)
    oracle = Oracle(world)
    stored = sums(platform)
    assert {one[0] for one in stored} == set(FIGURES), "the months must reach every figure"
    assert stored == oracle.sums
    with platform.reading() as uow:
        verified = service.verify(uow)
        waited: dict[str, list[int]] = {}
        for row in uow.session.scalars(select(FigureEvent).where(FigureEvent.chain == "")):
            if row.waited is not None:
                waited.setdefault(row.figure, []).append(row.waited)
    assert verified.problems == 0
    assert verified.sums == len(stored)
    assert {code: sorted(values) for code, values in waited.items()} == {
        code: sorted(values) for code, values in oracle.waits.items()
    }
    assert set(waited) == {one.code for one in FIGURES.values() if one.timed}
    with platform.database.unit_of_work() as uow:
        figure_log.rebuild(uow.session)
    assert sums(platform) == stored


def test_what_is_corrected_moves_and_what_is_withdrawn_goes(platform: Matchmaker) -> None:
    world = lived(platform, 60, seed=3)
    company = next(one for one in world.companies if one.region_code == "huancui")
    with platform.database.unit_of_work() as uow:
        home = uow.session.get_one(type(company), company.id)
        home.region_code = company.region_code = "rongcheng"
        audit.record(
            uow, SYSTEM, "organisation", home.id, "edit",
            before={"region_code": "huancui"}, after={"region_code": "rongcheng"},
        )  # fmt: skip
    for told in world.told:
        if told.organisation == company.id:
            told.region = "rongcheng"
    assert sums(platform) == Oracle(world).sums


def _asked(pair: Pair) -> None:
    """Both sides stand asked by the broker, one of them about the match too."""
    pair.ask()
    with pair.platform.database.unit_of_work() as uow:
        match = uow.session.scalars(select(Match)).one()
        made = Question(
            match_id=match.id,
            side="demand",
            organisation_id=pair.users["company"].organisation_id,
            state="open",
            text="示例？",
            asked_by=pair.users["broker"].id,
            asked_at=uow.now,
            lapses_at=uow.now + timedelta(days=7),
        )
        uow.session.add(made)
        uow.flush()
        broker = pair.actor("broker")
        audit.record(uow, broker, "question", made.id, "ask", states=(None, "open"))


@pytest.mark.parametrize("silent", [True, False])
def test_what_is_closed_with_its_record_counts_as_nobodys_silence(
    platform: Matchmaker, clock: Clock, silent: bool
) -> None:
    pair = make_pair(platform)
    _asked(pair)
    if silent:
        clock.advance(days=60)
        with platform.database.unit_of_work() as uow:
            introduction_clock.lapse_due(uow)
            question.lapse_due(uow, "")
    else:
        with platform.database.unit_of_work() as uow:
            company = pair.actor("company")
            found = record.load(uow, company, "demand", pair.demand_id, lock=True)
            record.act(uow, company, found, "withdraw")
    assert pair.introduction().state == "lapsed"
    with platform.reading() as uow:
        counted = query.sums(uow, FigureFilters())
        verified = service.verify(uow)
    for noun in ("introductions", "questions"):
        assert counted[f"{noun}_waiting"].events == 0
        assert counted[f"{noun}_lapsed"].events == silent
    assert verified.problems == 0


def test_a_firm_moves_to_the_chains_that_its_specialist_chooses(
    platform: Matchmaker, people: dict[str, User], clock: Clock
) -> None:
    today = clock.now.date()
    with platform.database.unit_of_work() as uow:
        firm = uow.session.get_one(Organisation, people["company"].organisation_id)
        officer, company = (
            actor_now(uow, uow.session.get_one(User, people[who].id))
            for who in ("bureau", "company")
        )
        made = secondment.propose(
            uow,
            officer,
            firm=firm.name,
            specialist_id=people["specialist"].public_id,
            begins_on=today,
            ends_on=today + timedelta(days=30),
        )
        secondment.accept(uow, company, secondment_id=made.public_id)
        demand: Demand = builders.demand(uow, people["company"], chains=["carbon-fibre"])
        audit.record(uow, SYSTEM, "demand", demand.id, "import", states=(None, "published"))
        record.act(uow, company, demand, "withdraw")
        record.act(uow, company, demand, "reopen")
    fields = clean_demand(
        {"title": demand.title, "chains": ["ships"]}, chains={"ships"}, regions={}
    )
    with platform.database.unit_of_work() as uow:
        specialist = actor_now(uow, uow.session.get_one(User, people["specialist"].id))
        found = record.load(uow, specialist, "demand", demand.public_id, lock=True)
        record.edit(uow, specialist, found, fields, version=None)
    with platform.reading() as uow:
        assert query.sums(uow, FigureFilters(chain="ships"))["firms"].events == 1
        assert query.sums(uow, FigureFilters(chain="carbon-fibre"))["firms"].events == 0
        assert service.verify(uow).problems == 0


@pytest.mark.parametrize("damage", ["sum", "amount", "gone", "moved", "invented"])
def test_a_planted_difference_is_named(platform: Matchmaker, damage: str) -> None:
    lived(platform, 24, seed=5)
    with platform.reading() as uow:
        assert service.verify(uow).problems == 0
        wanted = FigureEvent.figure == "turnover"
        row = uow.session.scalars(
            select(FigureEvent).where(wanted, FigureEvent.chain == "")
        ).first()
    assert row is not None
    this = FigureEvent.id == row.id
    statement = {
        "sum": update(FigureSum)
        .where(FigureSum.figure == "turnover", FigureSum.chain == "",
               FigureSum.quarter == row.quarter, FigureSum.region == row.region)
        .values(events=FigureSum.events + 1),
        "amount": update(FigureEvent).where(this).values(amount=row.amount + 1),
        "gone": delete(FigureEvent).where(this),
        "moved": update(FigureEvent).where(this).values(region="nanhai"),
        "invented": update(FigureEvent).where(this).values(record_id=987_654),
    }[damage]  # fmt: skip
    with platform.database.unit_of_work() as uow:
        uow.session.execute(statement)
    told = CliRunner().invoke(cli, ["figures", "verify"], obj=platform)
    assert told.exit_code == 1
    assert f"turnover {row.quarter}" in told.stderr
    assert "Does not agree" in told.stdout
    rebuilt = CliRunner().invoke(cli, ["figures", "rebuild"], obj=platform)
    assert rebuilt.exit_code == 0
    assert CliRunner().invoke(cli, ["figures", "verify"], obj=platform).exit_code == 0
