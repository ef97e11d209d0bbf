"""How long the engine takes. Measured by hand, never asserted:

python -m tests.benchmarks.engine --shared ../shared [--copies 24]

``--copies`` repeats the real outcomes, cut at another place each time, to see a province's size.
"""

# ruff: noqa: T201 - a benchmark prints

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

from matchmaker.domain.matchable import Matchable
from matchmaker.matching.encoder import load_encoder
from matchmaker.matching.engine import Engine
from matchmaker.matching.vectors import encode_records
from matchmaker.settings import Settings

_QUERIES = ("碳纤维", "钓竿", "激光焊接", "海参", "水处理膜", "锂离子电池", "corrosion", "高压")


def read(path: Path, copies: int, first_organisation: int) -> list[Matchable]:
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [
        Matchable(
            id=copy * len(rows) + row,
            title=one["title"] if not copy else one["title"][copy % 7 :] + one["title"][:4],
            text=one["text"][copy * 3 :],
            organisation_id=first_organisation + copy * len(rows) + row,
        )
        for copy in range(copies)
        for row, one in enumerate(rows)
    ]


def timed(name: str, runs: Iterable[Callable[[], object]]) -> None:
    """Print median and 95th percentile of the runs in milliseconds."""
    spent = []
    for run in runs:
        start = time.perf_counter()
        run()
        spent.append(1e3 * (time.perf_counter() - start))
    spent.sort()
    print(
        f"{name:34} n={len(spent):4} median {statistics.median(spent):9.2f} ms"
        f"   p95 {spent[int(0.95 * (len(spent) - 1))]:9.2f} ms"
    )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--shared", type=Path, required=True)
    parser.add_argument("--copies", type=int, default=1)
    given = parser.parse_args()
    encoder = load_encoder(Settings().encoder_location)
    demands = read(given.shared / "bench" / "real-demands.jsonl", 1, 1)
    outcomes = read(given.shared / "bench" / "real-outcomes.jsonl", given.copies, 10**6)
    print(f"{len(demands):,} demands, {len(outcomes):,} outcomes, {encoder.dimension} dimensions")
    start = time.perf_counter()
    wanted, offered = encode_records(encoder, demands), encode_records(encoder, outcomes)
    print(f"{'encode all':34} {time.perf_counter() - start:.2f} s")
    engine = Engine(encoder)
    start = time.perf_counter()
    engine.apply(
        [("demand", one, vector) for one, vector in zip(demands, wanted, strict=True)]
        + [("outcome", one, vector) for one, vector in zip(outcomes, offered, strict=True)],
        [],
        1,
    )
    print(f"{'put all in at once':34} {time.perf_counter() - start:.2f} s")
    queries = list(zip(demands, wanted, strict=True))
    for name, explained in (("suggest, ranking alone", False), ("suggest, explained", True)):
        suggest = partial(engine.suggest, kind="demand", explained=explained)
        timed(name, [partial(suggest, one, vector=vector) for one, vector in queries[:200]])
    timed("search", [partial(engine.search, "outcome", text, top=50) for text in _QUERIES * 5])
    changes = [[("outcome", outcomes[row], offered[row])] for row in range(5)]
    timed("put one in", [partial(engine.apply, change, [], 2) for change in changes])
    timed("suggest_many, all, explained", [partial(engine.suggest_many, queries, "demand")])


if __name__ == "__main__":
    main()
