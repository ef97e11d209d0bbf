"""A company and a researcher in talks, each with a record that has a confidential part."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from matchmaker.bootstrap import Matchmaker
from matchmaker.store.organisation import User
from tests import builders, engaged
from tests.engaged import BOTH

STATE_OF_THINGS = "机密现状：孔隙率四成"
KNOW_HOW = "机密诀窍：固化剂配比"


@dataclass(frozen=True)
class Talks:
    """Who talks, about which records."""

    platform: Matchmaker
    people: dict[str, User]
    demand: str
    outcome: str
    engagement: int


@pytest.fixture
def talks(platform: Matchmaker, people: dict[str, User]) -> Talks:
    with platform.unit_of_work() as uow:
        company, researcher = people["company"], people["researcher"]
        demand = builders.demand(
            uow,
            company,
            title="储氢气瓶树脂",
            current_state=STATE_OF_THINGS,
            disclosure="anonymous",
        )
        outcome = builders.outcome(uow, researcher, title="增韧环氧树脂", know_how=KNOW_HOW)
        made = engaged.engagement(uow, demand, outcome, people["broker"], company, nda=BOTH)
        return Talks(platform, people, demand.public_id, outcome.public_id, made.id)
