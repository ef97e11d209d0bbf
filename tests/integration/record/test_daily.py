"""Expiry happens by the calendar even where nobody runs a timer."""

from __future__ import annotations

from sqlalchemy import select

from matchmaker.bootstrap import Matchmaker
from matchmaker.store.demand import Demand
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
