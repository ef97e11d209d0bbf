"""A small deterministic encoder and records, for tests whose subject is not the encoder."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from matchmaker.domain.matchable import Matchable
from matchmaker.matching.engine import Engine, Kind
from matchmaker.matching.vectors import encode_records

TITLES = (
    "碳纤维预浸料快速固化工艺",
    "轮胎用橡胶组合物",
    "海参多糖提取方法",
    "激光焊接高强钢板",
    "碳纤维钓竿及其制造方法",
    "伺服电机控制器",
    "海带肥料制备技术",
    "医用导管表面涂层",
    "船舶焊缝激光检测",
    "carbon fibre prepreg curing",
)


class HashEncoder:
    """Each character pair has a pseudo-random direction; a text is the mean of its pairs."""

    name = "hash"
    dimension = 16

    def __init__(self, salt: str = "") -> None:
        self.checksum = hashlib.sha256(f"hash encoder {salt}".encode()).hexdigest()
        self._known: dict[str, NDArray[np.float32]] = {}

    def encode(
        self, texts: Sequence[str], *, progress: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        made = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            for place in range(len(text) - 1):
                made[row] += self._direction(text[place : place + 2])
            length = np.linalg.norm(made[row])
            if length:
                made[row] /= length
        if progress:
            progress(len(texts))
        return made

    def words(self, text: str) -> list[tuple[str, int, int]]:
        """Latin words whole, everything else cut into pairs."""
        found: list[tuple[str, int, int]] = []
        start = 0
        while start < len(text):
            end = start + 1
            if text[start].isascii() and text[start].isalnum():
                while end < len(text) and text[end].isascii() and text[end].isalnum():
                    end += 1
            elif text[start].isalpha() and end < len(text) and text[end].isalpha():
                end += 1
            found.append((text[start:end], start, end))
            start = end
        return found

    def _direction(self, pair: str) -> NDArray[np.float32]:
        if pair not in self._known:
            seed = int.from_bytes(hashlib.sha256(pair.encode()).digest()[:8], "big")
            numbers = np.random.default_rng(seed)
            self._known[pair] = numbers.standard_normal(self.dimension).astype(np.float32)
        return self._known[pair]


def record(key: int, title: str = "", text: str = "", **fields: Any) -> Matchable:
    """A record of an organisation of its own."""
    values: dict[str, Any] = {"organisation_id": 1_000 + key} | fields
    return Matchable(id=key, title=title or TITLES[key % len(TITLES)], text=text, **values)


def engine_of(
    encoder: HashEncoder, demands: Sequence[Matchable], outcomes: Sequence[Matchable]
) -> Engine:
    """An engine that holds these records."""
    engine = Engine(encoder)
    sides: list[tuple[Kind, Sequence[Matchable]]] = [("demand", demands), ("outcome", outcomes)]
    engine.apply(
        [
            (kind, one, vector)
            for kind, records in sides
            for one, vector in zip(records, encode_records(encoder, records), strict=True)
        ],
        [],
        1,
    )
    return engine


@pytest.fixture
def encoder() -> HashEncoder:
    return HashEncoder()
