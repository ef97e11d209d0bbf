"""Figures equal what happened, however it is counted, and a difference is found."""

from __future__ import annotations

from decimal import Decimal

import pytest
from click.testing import CliRunner
from sqlalchemy import delete, select, update

from matchmaker.bootstrap import Matchmaker
from matchmaker.cli.main import cli
from matchmaker.domain.figure import FIGURES
from matchmaker.domain.permissions import SYSTEM
from matchmaker.services import audit
from matchmaker.services import figure as service
from matchmaker.store import figure_log
from matchmaker.store.figure import FigureEvent, FigureSum
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
