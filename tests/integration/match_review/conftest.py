"""A queue of suggested pairs."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from sqlalchemy import select

from matchmaker.bootstrap import Matchmaker
from matchmaker.store.demand import Demand
from matchmaker.store.match import Match
from matchmaker.store.organisation import User
from matchmaker.store.outcome import Outcome
from tests import builders


@dataclass(frozen=True)
class Desk:
    """Two demands with two suggested outcomes each, and who is concerned."""

    platform: Matchmaker
    people: dict[str, User]
    demands: tuple[Demand, ...]
    outcomes: tuple[Outcome, ...]
    matches: tuple[str, ...]

    def match(self, number: int = 0) -> Match:
        with self.platform.reading() as uow:
            return uow.session.scalars(
                select(Match).where(Match.public_id == self.matches[number])
            ).one()


@pytest.fixture
def desk(platform: Matchmaker, people: dict[str, User]) -> Desk:
    with platform.database.unit_of_work() as uow:
        demands = tuple(
            builders.demand(uow, people["company"], title=title, disclosure=disclosure)
            for title, disclosure in (("储氢气瓶树脂", "public"), ("匿名的成型需求", "anonymous"))
        )
        outcomes = tuple(
            builders.outcome(uow, people["researcher"], title=title)
            for title in ("增韧环氧树脂", "快速模压工艺")
        )
        matches = []
        for demand in demands:
            for rank, outcome in enumerate(outcomes, start=1):
                text = f"{demand.title}\n{demand.problem}"
                match = Match(
                    demand_id=demand.id,
                    outcome_id=outcome.id,
                    score=0.9 - 0.2 * rank - 0.01 * demand.id,
                    level=3 if rank == 1 else 1,
                    rank=rank,
                    explanation={
                        "terms": [{"text": "模压", "demand": [9, 11], "outcome": [2, 4]}],
                        "alignment": {
                            "demand": {"text": demand.problem, "start": 7, "end": len(text)},
                            "outcome": {"text": outcome.summary, "start": 7, "end": 30},
                            "similarity": 0.71,
                        },
                        "facts": [
                            {"code": "trl", "stance": "for", "values": {"wanted": 5, "reached": 6}},
                            {
                                "code": "region",
                                "stance": "neutral",
                                "values": {"demand": "wendeng", "outcome": "rongcheng"},
                            },
                            {"code": "from-a-later-version", "stance": "for", "values": {}},
                        ],
                    },
                    engine_version="test",
                    created_at=uow.now,
                )
                uow.session.add(match)
                uow.session.flush()
                matches.append(match.public_id)
    return Desk(platform, people, demands, outcomes, tuple(matches))
