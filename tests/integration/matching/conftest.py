"""Records with varied texts, and the shipped encoder loaded once."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from matchmaker.bootstrap import Matchmaker, bootstrap
from matchmaker.integrations.passwords import Argon2Passwords
from matchmaker.matching.encoder import Encoder, load_encoder
from matchmaker.services.index import EngineFollower
from matchmaker.settings import Settings
from matchmaker.store.database import UnitOfWork
from tests import builders
from tests.conftest import Seeded

THINGS = (
    "碳纤维预浸料", "海参多糖", "轮胎胎面胶", "激光切割头", "渔船主机", "医用导管", "伺服电机",
    "光通信模块", "水性涂料", "低温冷库", "钓竿", "葡萄酒酵母", "海带肥料", "复合材料气瓶",
)  # fmt: skip
WORKS = (
    "快速固化",
    "高效提取",
    "在线检测",
    "耐磨改性",
    "节能控制",
    "表面处理",
    "寿命预测",
    "自动装配",
)
ENDS = ("工艺", "技术", "装备", "方法")


def sentence(numbers: random.Random) -> str:
    """A title such as records have."""
    thing, work, end = (numbers.choice(words) for words in (THINGS, WORKS, ENDS))
    return f"{thing}{work}{end}{numbers.randint(1, 9)}型"


def demand_texts(numbers: random.Random) -> dict[str, str]:
    return {
        "title": sentence(numbers),
        "problem": f"目前{sentence(numbers)}成本高，合格率低。",
        "target": f"实现{sentence(numbers)}国产化。",
    }


def outcome_texts(numbers: random.Random) -> dict[str, str]:
    return {
        "title": sentence(numbers),
        "summary": f"一种{sentence(numbers)}，已完成中试。",
        "advantage": f"优于{sentence(numbers)}。",
    }


def fill(uow: UnitOfWork, *, demands: int, outcomes: int, seed: int = 1) -> None:
    """Published records of two organisations."""
    numbers = random.Random(seed)  # noqa: S311 - texts, not secrets
    company, institution = builders.organisation(uow), builders.organisation(uow, "institution")
    for _ in range(demands):
        builders.demand(uow, company, **demand_texts(numbers))
    for _ in range(outcomes):
        builders.outcome(uow, institution, **outcome_texts(numbers))


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    return load_encoder(Settings().encoder_location)


@pytest.fixture
def follower_of(encoder: Encoder) -> Callable[[Matchmaker], EngineFollower]:
    """Another process's engine on the same files, without its start-up time."""

    def make(platform: Matchmaker) -> EngineFollower:
        return EngineFollower(platform.database, lambda: encoder, platform.settings.index_dir)

    return make


@pytest.fixture
def filled(seeded: Seeded, tmp_path: Path) -> Settings:
    """A platform with 150 demands and 200 outcomes, not matched yet, for other processes."""
    folder = tmp_path / "var"
    folder.mkdir()
    settings = seeded(folder, "filled")
    platform = bootstrap(settings)
    with platform.database.unit_of_work() as uow:
        fill(uow, demands=150, outcomes=200)
    platform.database.dispose()
    return settings


@pytest.fixture(scope="session")
def fresh_platform(
    seeded: Seeded, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[], AbstractContextManager[Matchmaker]]:
    """A new platform at each call, for tests that draw many examples."""

    @contextmanager
    def make() -> Iterator[Matchmaker]:
        folder = tmp_path_factory.mktemp("example")
        cheap = Argon2Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        made = bootstrap(seeded(folder, "example"), passwords=cheap)
        yield made
        made.close()
        shutil.rmtree(folder)

    return make
