"""Records of which some are nearly the same."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from sqlalchemy import select

from matchmaker.bootstrap import Matchmaker
from matchmaker.store.demand import Demand
from matchmaker.store.duplicate import Duplicate
from matchmaker.store.organisation import User
from tests import builders

PROBLEM = (
    "热敏打印头表面在砂粒和高温下磨穿，返修频繁，每年更换费用超过百万元，客户投诉集中在沿海高湿"
    "地区。现有氧氮化硅保护层硬度不足，加厚后热响应变慢，打印边缘发虚。"
)
KEY = "低温沉积高硬度薄膜，膜厚均匀性与热阻的平衡，以及与现有产线真空腔体的兼容。"
NEARLY = PROBLEM.replace("热敏打印头", "热敏打印头元件").replace("，返修频繁", "、返修很频繁")
UNLIKE = (
    "海参育苗池水质波动大，夏季高温期成活率只有三成；人工换水劳动强度高，缺少在线监测和自动调控"
    "的办法，药物使用受限后病害更难控制。"
)


@dataclass(frozen=True)
class World:
    """Demands by name, and one person of each role."""

    platform: Matchmaker
    people: dict[str, User]
    demands: dict[str, str]

    def address(self, one: str, other: str) -> str:
        return f"/duplicates/demand/{self.demands[one]}/{self.demands[other]}"

    def pairs(self) -> dict[frozenset[str], str]:
        """The states of the stored pairs by the names of both records."""
        names = {public_id: name for name, public_id in self.demands.items()}
        with self.platform.reading() as uow:
            rows = uow.session.execute(select(Demand.id, Demand.public_id))
            keys = {row.id: row.public_id for row in rows}
            return {
                frozenset(
                    names.get(keys[key], keys[key]) for key in (pair.first_id, pair.second_id)
                ): pair.state
                for pair in uow.session.scalars(select(Duplicate))
            }


@pytest.fixture
def world(platform: Matchmaker, people: dict[str, User]) -> World:
    """A demand, its copy by another company, a directed copy, and one about something else."""
    with platform.database.unit_of_work() as uow:
        rival = builders.organisation(uow, name="虚构同行公司")
        made = {
            name: builders.demand(
                uow,
                owner,
                title=title,
                problem=problem,
                key_technology=KEY if problem != UNLIKE else "在线监测与自动换水。",
                target="",
                disclosure=disclosure,
            ).public_id
            for name, owner, title, problem, disclosure in (
                ("first", people["company"], "热敏打印头耐磨保护膜", PROBLEM, "public"),
                ("copy", rival, "一种热敏打印头耐磨保护膜", NEARLY, "anonymous"),
                ("directed", rival, "热敏打印头耐磨保护膜的研发", PROBLEM, "directed"),
                ("other", rival, "海参育苗水质调控", UNLIKE, "public"),
            )
        }
    return World(platform, people, made)
