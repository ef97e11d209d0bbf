"""An event to which three firms and three teams are invited."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from matchmaker.bootstrap import Matchmaker
from matchmaker.store.match import Match
from matchmaker.store.organisation import User
from tests import builders
from tests.client import Client
from tests.integration.event.scene import FORM, MATTERS, Scene


@pytest.fixture
def scene(platform: Matchmaker) -> Scene:
    with platform.database.unit_of_work() as uow:
        firms = [builders.user(uow, platform.passwords, "company") for _ in MATTERS]
        teams = [builders.user(uow, platform.passwords, "researcher") for _ in MATTERS]
        demands = [
            builders.demand(uow, firm, title=f"{what}需求")
            for firm, what in zip(firms, MATTERS, strict=True)
        ]
        outcomes = [
            builders.outcome(uow, team, title=f"{what}技术")
            for team, what in zip(teams, MATTERS, strict=True)
        ]
        for demand, outcome in zip(demands, outcomes, strict=True):
            uow.session.add(
                Match(
                    demand_id=demand.id, outcome_id=outcome.id, score=0.8, level=3, rank=1,
                    explanation={}, engine_version="test", created_at=uow.now,
                )
            )  # fmt: skip
    return Scene(firms, teams, demands, outcomes)


@pytest.fixture
def organiser(browser: Callable[..., Client], people: dict[str, User]) -> Client:
    made = browser()
    made.log_in(people["broker"])
    return made


@pytest.fixture
def begun(organiser: Client, scene: Scene) -> str:
    """The public id of an event to which everybody whom the platform proposes is invited."""
    assert scene.firms
    answer = organiser.post_form("/events/new", FORM)
    public_id = answer.location.split("/")[2]
    page = organiser.get(f"/events/{public_id}/candidates")
    organiser.submit(page, form="/invite")
    return public_id
