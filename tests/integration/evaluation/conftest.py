"""Small real models made of the shipped one, and a platform with records."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from matchmaker.bootstrap import Matchmaker, bootstrap
from matchmaker.settings import Settings
from tests.integration.matching.conftest import fill

SHIPPED = Path(Settings().encoder_location)
_WEIGHTS = "model.safetensors"
_NAME = "embedding.weight"


def _model(folder: Path, table: np.ndarray) -> Path:
    """The shipped model with other word vectors and no ranking of its own."""
    left = shutil.ignore_patterns(_WEIGHTS, "ranking.json", "background.npz")
    shutil.copytree(SHIPPED, folder, ignore=left)
    save_file({_NAME: np.ascontiguousarray(table)}, folder / _WEIGHTS, metadata={"format": "pt"})
    return folder


@pytest.fixture(scope="session")
def alike(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model that differs from the shipped one by a little noise: as good, other vectors."""
    table = load_file(SHIPPED / _WEIGHTS)[_NAME]
    noise = np.random.default_rng(0).normal(0, 1e-3, size=table.shape)
    return _model(tmp_path_factory.mktemp("models") / "alike", (table + noise).astype(table.dtype))


@pytest.fixture(scope="session")
def ruined(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small model whose words have changed their meanings at random."""
    table = load_file(SHIPPED / _WEIGHTS)[_NAME]
    mixed = np.random.default_rng(0).permutation(table)[:, :32]
    return _model(tmp_path_factory.mktemp("models") / "ruined", mixed)


@pytest.fixture
def world(platform: Matchmaker) -> Matchmaker:
    """A few records, matched with the shipped model."""
    with platform.unit_of_work() as uow:
        fill(uow, demands=4, outcomes=8)
    platform.catch_up()
    return platform


@pytest.fixture
def again(platform: Matchmaker) -> Callable[[], Matchmaker]:
    """The platform as another process sees it."""
    return lambda: bootstrap(platform.settings, clock=platform.clock)
