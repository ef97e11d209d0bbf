"""Measure consortia: ``python -m tests.benchmarks.consortium``. No test: figures.

Planted cases: the texts of three demands of the demo world, each of which has an outcome written
for it, make one demand that no single outcome covers; the outcomes stand among thousands of others
of mixed texts. The real engine and encoder find the consortium; the weight that it covers is
compared with that of a greedy choice and of the single best outcome.
"""

# ruff: noqa: T201, S311 - a benchmark prints, and repeats the same draws

from __future__ import annotations

import argparse
import json
import random
import statistics
import time
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np

from matchmaker.domain.consortium import MOST_MEMBERS
from matchmaker.domain.indicator import Indicator, parse_indicator
from matchmaker.domain.matchable import Matchable
from matchmaker.matching import consortium, consortium_choice, consortium_parts
from matchmaker.matching.benchmark import synthetic
from matchmaker.matching.consortium import Consortium, Survey
from matchmaker.matching.consortium_choice import Cover
from matchmaker.matching.encoder import Encoder, load_encoder
from matchmaker.matching.engine import Engine
from matchmaker.matching.vectors import encode_records
from matchmaker.settings import Settings

DEMO: Final = Path(__file__).resolve().parents[2] / "data" / "demo"
STRONG: Final = 3
OUTCOME_TEXTS: Final = ("summary", "problem_solved", "advantage")


def rows(name: str) -> list[dict[str, object]]:
    lines = (DEMO / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def indicators(row: dict[str, object]) -> tuple[Indicator, ...]:
    texts = row.get("indicators", [])
    assert isinstance(texts, list)
    return tuple(found for text in texts if (found := parse_indicator(text)))


def outcome_of(key: int, row: dict[str, object]) -> Matchable:
    text = "\n".join(str(row[name]) for name in OUTCOME_TEXTS if row.get(name))
    return Matchable(
        id=key,
        title=str(row["title"]),
        text=text,
        organisation_id=1_000 + key,
        indicators=indicators(row),
    )


def greedy(cover: Cover, most: int) -> list[int]:
    """Take again and again whoever adds most."""
    taken: list[int] = []
    while len(taken) < most:
        gains = [
            consortium_choice.weight(cover, [*taken, column])
            for column in range(cover.covers.shape[1])
        ]
        before = consortium_choice.weight(cover, taken)
        if not gains or max(gains) == before:
            break
        taken.append(int(np.argmax(gains)))
    return taken


def filled(encoder: Encoder, count: int, texts: Path | None) -> tuple[Engine, dict[str, Matchable]]:
    """An engine with the demo world's outcomes among others mixed of texts, and those by id."""
    written = {str(row["id"]): outcome_of(key, row) for key, row in enumerate(rows("outcomes"))}
    source = [(one.title, one.text) for one in written.values()]
    if texts:
        told = map(json.loads, texts.read_text(encoding="utf-8").splitlines())
        source = [(row["title"], row["text"]) for row in told]
    others = [
        replace(one, id=10_000 + key, organisation_id=90_000 + key)
        for key, one in enumerate(synthetic(source, count - len(written), seed=1))
    ]
    outcomes = [*written.values(), *others]
    vectors = encode_records(encoder, outcomes)
    engine = Engine(encoder)
    engine.apply(
        [("outcome", one, vector) for one, vector in zip(outcomes, vectors, strict=True)], [], 1
    )
    return engine, written


def ask(engine: Engine, three: list[dict[str, object]]) -> tuple[Survey, Consortium, float]:
    """The consortium for the texts of three demands as one, and how long it took."""
    texts = {
        kind: "。".join(str(row.get(kind, "")) for row in three)
        for kind in ("problem", "key_technology", "target")
    }
    stated = tuple(one for row in three for one in indicators(row))
    demand = Matchable(
        id=1,
        title="、".join(str(row["title"]) for row in three)[:100],
        text="\n".join(texts.values()),
        organisation_id=-1,
        indicators=stated,
    )
    begun = time.perf_counter()
    vector = encode_records(engine.encoder, [demand])[0]
    parts = consortium_parts.split(demand.title, texts, stated, engine.encoder)
    seen = consortium.survey(engine, demand, vector, parts)
    made = consortium.find(engine.encoder, seen)
    return seen, made, time.perf_counter() - begun


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--outcomes", type=int, default=10_000)
    asked.add_argument("--cases", type=int, default=40)
    asked.add_argument("--texts", type=Path, help="JSON lines with title and text to mix from")
    options = asked.parse_args()
    encoder = load_encoder(Settings().encoder_location)
    engine, written = filled(encoder, options.outcomes, options.texts)
    demands = {str(row["id"]): row for row in rows("demands")}
    pairs = [row for row in rows("pairs") if row["level"] == STRONG]
    draw = random.Random(5)
    spent: list[float] = []
    totals = np.zeros(4)
    planted = found = worse = solo = 0
    for _ in range(options.cases + 1):
        chosen = draw.sample(pairs, 3)
        seen, made, took = ask(engine, [demands[str(pair["demand"])] for pair in chosen])
        spent.append(took)
        by_greedy = consortium_choice.weight(seen.cover, greedy(seen.cover, MOST_MEMBERS))
        alone = made.single.weight if made.single else 0
        totals += (made.weight, by_greedy, alone, made.whole)
        worse += made.weight < max(by_greedy, alone)
        solo += made.weight == alone
        wanted = {written[str(pair["outcome"])].id for pair in chosen}
        planted += len(wanted)
        found += len(wanted & {member.id for member in made.members})
    spent = spent[1:]  # the first call imports SciPy
    share = totals[:3] / totals[3]
    print(f"{options.outcomes} outcomes, {options.cases} planted cases of three demands each")
    print(f"time: median {1e3 * statistics.median(spent):.0f} ms, worst {1e3 * max(spent):.0f} ms")
    print(f"weight covered: exact {share[0]:.3f}, greedy {share[1]:.3f}, single {share[2]:.3f}")
    print(f"worse than greedy or single: {worse}; no better than single: {solo}")
    print(f"outcomes written for one of the three that are members: {found} of {planted}")


if __name__ == "__main__":
    main()
