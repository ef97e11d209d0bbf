"""How well and how quickly near-duplicates are found. Measured by hand, never asserted:

python -m tests.benchmarks.duplicates --shared ../shared [--records 100000]

Prints precision and recall of copies injected into real records, in all and by kind of alteration,
then the time for many records: synthetic ones, each put together of clauses of real outcomes, with
an altered copy of every fiftieth.
"""

# ruff: noqa: T201, S311 - a benchmark prints, and repeats the same draws

from __future__ import annotations

import argparse
import json
import re
import statistics
import time
from collections import Counter
from pathlib import Path
from random import Random

from matchmaker.matching.duplicate_index import DuplicateIndex, find_pairs
from matchmaker.matching.duplicates import Content, likeness
from tests.unit.matching.alterations import ALTERATIONS

Record = tuple[str, str]
Truth = dict[tuple[int, int], str]


def read(path: Path) -> list[Record]:
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return list(dict.fromkeys((row["title"], row["text"]) for row in rows))


def inject(records: list[Record], count: int, rng: Random) -> tuple[list[Record], Truth]:
    """The records with altered copies of some, and which pairs are which kind's."""
    kinds, made, truth = list(ALTERATIONS), list(records), Truth()
    for turn, place in enumerate(rng.sample(range(len(records)), count)):
        kind = kinds[turn % len(kinds)]
        truth[place, len(made)] = kind
        made.append(ALTERATIONS[kind](*records[place], rng))
    return made, truth


def synthetic(records: list[Record], count: int, rng: Random) -> list[Record]:
    """Records of about 230 characters from clauses, two in a row, of several real ones."""
    clauses = [
        [part for part in re.split("(?<=[，。；])", text) if 0 < len(part) <= 40]
        for _, text in records
    ]
    clauses = [parts for parts in clauses if parts]
    made = []
    for _ in range(count):
        chosen: list[str] = []
        while sum(map(len, chosen)) < 230:
            parts = rng.choice(clauses)
            begin = rng.randrange(len(parts))
            chosen += parts[begin : begin + 2]
        first, second = rng.choice(records)[0], rng.choice(records)[0]
        made.append((first[: len(first) // 2] + second[len(second) // 2 :], "".join(chosen)))
    return made


def quality(name: str, records: list[Record], count: int) -> None:
    made, truth = inject(records, count, Random(12))
    began = time.perf_counter()
    found = {(pair.first, pair.second) for pair in find_pairs(made)}
    took = time.perf_counter() - began
    right = found & truth.keys()
    new = sum(other >= len(records) for _, other in found - truth.keys())
    print(f"{name}: {len(records):,} records, {count:,} copies, {took:.1f} s")
    print(f"  precision {len(right) / len(found):.4f}  recall {len(right) / len(truth):.4f}")
    print(f"  {len(found) - len(right)} pairs were not injected, {new} of them with a copy")
    asked, met = Counter(truth.values()), Counter(truth[pair] for pair in right)
    for kind, number in asked.items():
        print(f"  {kind:20} {met[kind] / number:.3f} of {number}")


def speed(records: list[Record], count: int) -> None:
    rng = Random(1)
    made, truth = inject(synthetic(records, count, rng), count // 50, rng)
    began = time.perf_counter()
    found = {(pair.first, pair.second) for pair in find_pairs(made)}
    print(f"{len(made):,} synthetic records in bulk: {time.perf_counter() - began:.1f} s")
    right = len(found & truth.keys())
    print(f"  precision {right / len(found):.4f}  recall {right / len(truth):.4f}")
    began = time.perf_counter()
    index = DuplicateIndex((key, Content(*record)) for key, record in enumerate(made))
    print(f"  index made in {time.perf_counter() - began:.1f} s")
    times = []
    for place in rng.sample(range(len(made)), min(500, len(made))):
        began = time.perf_counter()
        content = Content(*made[place])
        for key in index.candidates(content):
            likeness(content, Content(*made[key]))
        times.append(1e3 * (time.perf_counter() - began))
    times.sort()
    last = times[int(0.99 * len(times))]
    print(f"  one record: p50 {statistics.median(times):.1f} ms, p99 {last:.1f} ms")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--records", type=int, default=100_000)
    options = parser.parse_args()
    outcomes = read(options.shared / "bench" / "real-outcomes.jsonl")
    demands = read(options.shared / "bench" / "real-demands.jsonl")
    quality("outcomes", outcomes, 1_500)
    quality("demands", demands, len(demands))
    speed(outcomes, options.records)


if __name__ == "__main__":
    main()
