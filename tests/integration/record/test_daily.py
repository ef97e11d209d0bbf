"""Expiry happens by the calendar even where nobody runs a timer."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from matchmaker.bootstrap import Matchmaker
from matchmaker.domain.assignment import urgency
from matchmaker.domain.demand import clean_demand
from matchmaker.domain.fields import InvalidFields
from matchmaker.domain.permissions import VISITOR
from matchmaker.domain.working_days import CHINA, day_of
from matchmaker.services import record
from matchmaker.services.account import actor_of
from matchmaker.store.database import UnitOfWork
from matchmaker.store.demand import Demand
from matchmaker.store.organisation import User
from matchmaker.store.queries import catalogue, home
from matchmaker.store.queries.catalogue_filters import Filters
from matchmaker.web.app import create_app
from tests import builders
from tests.conftest import Clock


def test_the_first_request_of_a_day_expires_what_is_over(
    platform: Matchmaker, clock: Clock
) -> None:
    with platform.database.unit_of_work() as uow:
        owner = builders.user(uow, platform.passwords)
        builders.demand(uow, owner, expires_on=clock().date())
    client = create_app(platform).test_client()
    assert client.get("/log-in").status_code == 200
    with platform.reading() as uow:
        assert uow.session.scalars(select(Demand.state)).one() == "published"
    clock.advance(days=1)
    assert client.get("/log-in").status_code == 200
    with platform.reading() as uow:
        assert uow.session.scalars(select(Demand.state)).one() == "expired"


@pytest.mark.parametrize(("hour", "minute"), [(0, 30), (7, 30)])
def test_a_last_day_ends_at_midnight_in_china(
    platform: Matchmaker, clock: Clock, hour: int, minute: int
) -> None:
    """The UTC date is still the day before at both times."""
    with platform.database.unit_of_work() as uow:
        owner = builders.user(uow, platform.passwords)
        last = datetime(2026, 3, 3, tzinfo=CHINA).date()
        builders.demand(uow, owner, expires_on=last)
    client = create_app(platform).test_client()
    clock.now = datetime(2026, 3, 3, 23, 59, tzinfo=CHINA).astimezone(UTC)
    client.get("/log-in")
    with platform.reading() as uow:
        assert uow.session.scalars(select(Demand.state)).one() == "published"
        assert home.figures(uow).demands == 1
        assert _listed(uow) == 1
    clock.now = datetime(2026, 3, 4, hour, minute, tzinfo=CHINA).astimezone(UTC)
    with platform.reading() as uow:
        assert home.figures(uow).demands == 0
        assert _listed(uow) == 0
    client.get("/log-in")
    with platform.reading() as uow:
        assert uow.session.scalars(select(Demand.state)).one() == "expired"


@pytest.mark.parametrize(("hour", "minute"), [(0, 30), (7, 30)])
def test_what_ended_yesterday_is_no_day_to_come(
    platform: Matchmaker, clock: Clock, hour: int, minute: int
) -> None:
    clock.now = datetime(2026, 3, 4, hour, minute, tzinfo=CHINA).astimezone(UTC)
    with platform.database.unit_of_work() as uow:
        owner = builders.user(uow, platform.passwords)
        actor, today = actor_of(uow.session.get_one(User, owner.id)), day_of(uow.now)
        assert today == date(2026, 3, 4)
        cleaned = clean_demand({"title": "一项技术需求"}, chains={}, regions={})
        yesterday = replace(cleaned, expires_on=today - timedelta(days=1))
        with pytest.raises(InvalidFields):
            record.create(uow, actor, "demand", yesterday)
        record.create(uow, actor, "demand", replace(cleaned, expires_on=today))
        assert urgency(uow.now, uow.now, today) == 1


def _listed(uow: UnitOfWork) -> int:
    return catalogue.counts(uow, VISITOR, "demand", Filters(), states=False).total
