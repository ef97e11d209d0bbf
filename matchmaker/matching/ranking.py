"""From features to a probability: what a model was fitted to say about a pair.

The likeness of a pair is a weighted sum of its features, no weight below zero. A rising curve turns
it into evidence in log odds, so that more likeness never lowers it. The level follows by
proportional odds (McCullagh 1980), ``P(level >= k) = 1 / (1 + exp(cut_k - evidence))``. Facts
beside the text move the evidence by a bounded amount.

The numbers lie in ``ranking.json`` beside the encoder that they were fitted with.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field, fields
from functools import cached_property, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from matchmaker.domain.errors import DomainError
from matchmaker.matching.features import NAMES, Features
from matchmaker.matching.lexical import Background

# P(usable) from which on a pair is called weak, usable and strong. Below the first nothing is
# suggested at all. What lies behind the numbers is told in docs/decisions/0006.
THRESHOLDS: Final = (0.15, 0.45, 0.65)
# Gain of a pair by level, as the rankings are measured: 2^level - 1.
GAINS: Final = (0, 1, 3, 7)
USABLE: Final = 2
RANKING_FILE: Final = "ranking.json"
BACKGROUND_FILE: Final = "background.npz"
SHIPPED: Final = Path(__file__).resolve().parents[2] / "embeddings" / "model"

Values = NDArray[np.float64]


class RankingError(DomainError):
    """The numbers of a ranking cannot be read; the message says where and what to do."""

    code = "ranking"


@dataclass(frozen=True, kw_only=True)
class Ranking:
    """Weights (4,) of the features, the curve from likeness to evidence, and the cuts (3,).

    ``across`` are constant and weight by which ``meaning`` stands for likeness across scripts. The
    curve runs through ``(likeness[i], evidence[i])``, outside as steep as at its ends.
    ``fitted_on`` is the checksum of the labelled pairs, so that an evaluation on the very same ones
    knows to fit anew without what it measures on.
    """

    weights: tuple[float, ...]
    across: tuple[float, float]
    likeness: tuple[float, ...]
    evidence: tuple[float, ...]
    cuts: tuple[float, float, float]
    fitted_on: str = ""
    background: Background = field(default_factory=Background)

    def __post_init__(self) -> None:
        """Refuse weights under which more likeness would lower the evidence."""
        if len(self.weights) != len(NAMES) or min(*self.weights, self.across[1]) < 0:
            msg = f"A ranking needs {len(NAMES)} weights, none below zero."
            raise RankingError(msg)
        rising = all(a < b for row in (self.likeness, self.evidence) for a, b in pairwise(row))
        if len(self.likeness) != len(self.evidence) or len(self.likeness) < 2 or not rising:  # noqa: PLR2004 - a line has two ends
            msg = "The curve of a ranking needs two points or more, rising."
            raise RankingError(msg)
        if not self.cuts[0] <= self.cuts[1] <= self.cuts[2]:
            msg = "The cuts of a ranking must ascend with the levels."
            raise RankingError(msg)

    def weigh(self, features: Features) -> Values:
        """The evidence (n,) in log odds; across scripts from ``meaning`` alone."""
        values = features.values.astype(np.float64)
        # Row by row, not by a matrix product: a pair's last digits must not depend on the others.
        alike = np.einsum("ij,j->i", values, np.array(self.weights))
        across = self.across[0] + self.across[1] * values[:, NAMES.index("meaning")]
        return self._curve(np.where(features.comparable, alike, np.maximum(alike, across)))

    def _curve(self, likeness: Values) -> Values:
        """The evidence of a likeness (n,)."""
        x, y = np.array(self.likeness), np.array(self.evidence)
        first, last = (y[1] - y[0]) / (x[1] - x[0]), (y[-1] - y[-2]) / (x[-1] - x[-2])
        below, above = np.minimum(likeness - x[0], 0), np.maximum(likeness - x[-1], 0)
        curve: Values = np.interp(likeness, x, y) + first * below + last * above
        return curve

    def at_least(self, evidence: Values) -> Values:
        """P(level >= 1), P(level >= 2) and P(level >= 3) for each evidence: (n, 3)."""
        return 1 / (1 + np.exp(np.array(self.cuts) - evidence[:, None]))

    def usable(self, evidence: Values) -> Values:
        """P(usable) = P(level >= 2) (n,)."""
        return self.at_least(evidence)[:, USABLE - 1]

    def expected_gain(self, evidence: Values) -> Values:
        """The expected gain (n,): what a shortlist is ordered by."""
        return self.at_least(evidence) @ np.diff(np.array(GAINS, dtype=np.float64))

    @cached_property
    def checksum(self) -> str:
        """Eight hex digits over everything that decides evidence and probabilities."""
        numbers = (one.name for one in fields(self) if one.name != "background")
        told = {name: getattr(self, name) for name in numbers}
        digest = hashlib.sha256(json.dumps(told, sort_keys=True).encode())
        told_of = sorted((self.background.frequency or {}).items())
        digest.update(repr([(gram, int(count)) for gram, count in told_of]).encode())
        return digest.hexdigest()[:8]

    def write(self, folder: Path) -> None:
        """Write the numbers and the background beside an encoder."""
        told: dict[str, Any] = {
            "features": dict(zip(NAMES, self.weights, strict=True)),
            "across_scripts": {"constant": self.across[0], "meaning": self.across[1]},
            "likeness": list(self.likeness),
            "evidence": list(self.evidence),
            "cuts": list(self.cuts),
            "fitted_on": self.fitted_on,
        }
        text = json.dumps(told, indent=2, ensure_ascii=False)
        (folder / RANKING_FILE).write_text(f"{text}\n", encoding="utf-8")
        frequency = sorted((self.background.frequency or {}).items())
        np.savez_compressed(
            folder / BACKGROUND_FILE,
            texts=np.array(self.background.texts),
            grams=np.frombuffer("\n".join(gram for gram, _ in frequency).encode(), dtype=np.uint8),
            counts=np.array([count for _, count in frequency], dtype=np.int32),
        )


def level_of(usable: float) -> int:
    """The level 0–3 that a probability of being usable is called."""
    return sum(usable >= threshold for threshold in THRESHOLDS)


def has_ranking(folder: Path) -> bool:
    """Whether a model's folder holds a ranking of its own."""
    return (folder / RANKING_FILE).is_file()


def read_ranking(folder: Path) -> Ranking:
    """The ranking in a model's folder; raises :class:`RankingError`."""
    path = folder / RANKING_FILE
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        features, across = told["features"], told["across_scripts"]
        return Ranking(
            weights=tuple(float(features[name]) for name in NAMES),
            across=(float(across["constant"]), float(across["meaning"])),
            likeness=tuple(map(float, told["likeness"])),
            evidence=tuple(map(float, told["evidence"])),
            cuts=_three(told["cuts"]),
            fitted_on=str(told["fitted_on"]),
            background=read_background(folder / BACKGROUND_FILE),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        msg = (
            f"The ranking in {path} cannot be read ({error}). Restore the file from the project, "
            "or fit it anew with `python -m embeddings.recipe.rank`."
        )
        raise RankingError(msg) from error


@lru_cache(maxsize=8)
def ranking_of(encoder_name: str) -> Ranking:
    """The ranking that goes with an encoder: its own, else the shipped one."""
    own = Path(encoder_name)
    return read_ranking(own if has_ranking(own) else SHIPPED)


def read_background(path: Path) -> Background:
    """The n-grams of titles outside the collection."""
    with np.load(path, allow_pickle=False) as arrays:
        grams = arrays["grams"].tobytes().decode().split("\n")
        counts = arrays["counts"].tolist()
        return Background(int(arrays["texts"]), dict(zip(grams, counts, strict=True)))


def _three(values: Any) -> tuple[float, float, float]:
    first, second, third = (float(value) for value in values)
    return first, second, third
