"""How fast the engine is and how much it holds, beside what a user could pick instead.

Records are synthetic, made of real text: the first half of one title with the second half of
another, and the same with texts. Every row is measured in a process of its own, so that nothing is
shared but the machine, and with vectors made once. Peers are imported only here.
"""

from __future__ import annotations

import random
import resource
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from matchmaker.domain.matchable import Matchable
from matchmaker.matching.encoder import Encoder, load_encoder
from matchmaker.matching.engine import Engine
from matchmaker.matching.lexical import grams
from matchmaker.matching.snapshot import read_snapshot, write_snapshot
from matchmaker.matching.vectors import encode_records

TOP: Final = 10
SYSTEMS: Final = ("matchmaker", "faiss", "numpy", "bm25s", "txtai")
# Peers that take hours, or more memory than there is, on more records than this.
LARGEST: Final = {"txtai": 100_000, "bm25s": 100_000}
_TITLE_CHARACTERS: Final = 60
_ORGANISATION_SHARE: Final = 5
_ADDED: Final = 20
_TOGETHER: Final = 50_000

Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What was measured of one system; ``None`` where it has no such thing.

    Times in milliseconds, memory in megabytes, rates a second.
    """

    system: str
    records: int
    imported: float
    added_ms: float | None
    p50_ms: float
    p99_ms: float
    pairs: float
    memory_mb: float
    start_s: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What every system is asked: the demands, the records, their vectors and what those cost.

    Records are made where they are needed: a process that was sent a million of them would hold
    what it took to receive them.
    """

    encoder: str
    texts: Sequence[tuple[str, str]]  # real titles and texts that records are made of
    count: int
    demands: Sequence[Matchable]
    vectors: Path
    encoding_s: float

    def outcomes(self) -> list[Matchable]:
        """The records, made anew."""
        return synthetic(self.texts, self.count)


def synthetic(texts: Sequence[tuple[str, str]], count: int, seed: int = 0) -> list[Matchable]:
    """``count`` outcomes made of halves of real titles and texts."""
    chance = random.Random(seed)  # noqa: S311 - reproducible, not secret
    made = []
    for key in range(count):
        (title, text), (other_title, other_text) = chance.choice(texts), chance.choice(texts)
        made.append(
            Matchable(
                id=key,
                title=_halves(title, other_title)[:_TITLE_CHARACTERS],
                text=_halves(text, other_text),
                organisation_id=10**9 + key // _ORGANISATION_SHARE,
            )
        )
    return made


def _halves(one: str, other: str) -> str:
    return one[: len(one) // 2] + other[len(other) // 2 :]


def measure(system: str, task: Task) -> Row:
    """Measure one system; to be called in a process of its own."""
    import faiss

    faiss.omp_set_num_threads(1)
    # Mapped, so that a system holds them only if it needs them.
    vectors: Vectors = np.load(task.vectors, mmap_mode="r")
    encoder = load_encoder(task.encoder)
    queries = encode_records(encoder, task.demands)
    made = {
        "matchmaker": _matchmaker,
        "faiss": _faiss,
        "numpy": _numpy,
        "bm25s": _bm25s,
        "txtai": _txtai,
    }[system]
    return made(task, encoder, vectors, queries)


def _matchmaker(task: Task, encoder: Encoder, vectors: Vectors, queries: Vectors) -> Row:
    engine = Engine(encoder)
    outcomes = task.outcomes()
    begun = time.perf_counter()
    engine.apply(
        [("outcome", record, vector) for record, vector in zip(outcomes, vectors, strict=True)],
        [],
        1,
    )
    indexing = time.perf_counter() - begun
    del outcomes
    asked = list(zip(task.demands, queries, strict=True))
    spent = timed(
        lambda one: engine.suggest(one[0], "demand", vector=one[1], top=TOP, explained=False), asked
    )
    begun = time.perf_counter()
    engine.suggest_many(asked, "demand", top=TOP, explained=False)
    all_s = time.perf_counter() - begun
    memory = memory_mb()

    def add(number: int) -> None:
        demand = task.demands[number % len(task.demands)]
        fresh = Matchable(
            id=10**9 + number, title=demand.title, text=demand.text, organisation_id=10**12
        )
        vector = encode_records(encoder, [fresh])[0]
        engine.apply([("outcome", fresh, vector)], [], number + 2)
        engine.suggest(demand, "demand", vector=vector, top=TOP, explained=False)

    added = timed(add, range(_ADDED))
    with TemporaryDirectory() as folder:
        path = Path(folder) / "index"
        write_snapshot(engine, path)
        begun = time.perf_counter()
        again = Engine(load_encoder(task.encoder))
        read_snapshot(again, path)
        start_s = time.perf_counter() - begun
    return _row(
        "matchmaker", task, task.encoding_s + indexing, spent, all_s, memory, (added, start_s)
    )


def _faiss(task: Task, _encoder: Encoder, vectors: Vectors, queries: Vectors) -> Row:
    """FAISS alone: an exact scan of the vectors, the limit of the index."""
    import faiss

    begun = time.perf_counter()
    index: Any = faiss.IndexFlatIP(vectors.shape[1])
    for start in range(0, len(vectors), _TOGETHER):
        index.add(np.array(vectors[start : start + _TOGETHER]))
    indexing = time.perf_counter() - begun
    spent = timed(lambda query: index.search(query[None], TOP), queries)
    begun = time.perf_counter()
    index.search(queries, TOP)
    all_s = time.perf_counter() - begun
    return _row("faiss", task, task.encoding_s + indexing, spent, all_s, memory_mb(), None)


def _numpy(task: Task, _encoder: Encoder, vectors: Vectors, queries: Vectors) -> Row:
    """A brute-force product: as fast as memory gives the vectors."""
    held = np.array(vectors)

    def scan(query: Vectors) -> NDArray[np.int64]:
        return np.argpartition(-(held @ query), TOP)[:TOP]

    spent = timed(scan, queries)
    begun = time.perf_counter()
    for query in queries:
        scan(query)
    all_s = time.perf_counter() - begun
    return _row("numpy", task, task.encoding_s, spent, all_s, memory_mb(), None)


def _bm25s(task: Task, _encoder: Encoder, _vectors: Vectors, _queries: Vectors) -> Row:
    """Lexical search alone, over the same n-grams of whole contents."""
    import bm25s

    begun = time.perf_counter()
    known: dict[str, int] = {}
    tokens = [
        [known.setdefault(gram, len(known)) for gram in grams(one.content).elements()]
        for one in task.outcomes()
    ]
    model = bm25s.BM25()
    model.index((tokens, known), show_progress=False)
    indexing = time.perf_counter() - begun
    asked = [
        [known[gram] for gram in grams(one.content).elements() if gram in known]
        for one in task.demands
    ]

    def search(query: list[int]) -> Any:
        return model.retrieve([query], k=TOP, show_progress=False, n_threads=1)

    spent = timed(search, asked)
    begun = time.perf_counter()
    for query in asked:
        search(query)
    all_s = time.perf_counter() - begun
    return _row("bm25s", task, indexing, spent, all_s, memory_mb(), None)


def _txtai(task: Task, _encoder: Encoder, _vectors: Vectors, _queries: Vectors) -> Row:
    """The nearest open-source whole: dense and lexical search fused, with the same encoder."""
    from txtai import Embeddings

    begun = time.perf_counter()
    model = Embeddings(
        path=task.encoder, method="sentence-transformers", hybrid=True, content=False
    )
    model.index((one.id, one.content) for one in task.outcomes())
    importing = time.perf_counter() - begun
    texts = [one.content for one in task.demands]
    spent = timed(lambda text: model.search(text, TOP), texts)
    begun = time.perf_counter()
    model.batchsearch(texts, TOP)
    all_s = time.perf_counter() - begun
    memory = memory_mb()

    def add(number: int) -> None:
        text = texts[number % len(texts)]
        model.upsert([(10**9 + number, text)])
        model.search(text, TOP)

    return _row("txtai", task, importing, spent, all_s, memory, (timed(add, range(_ADDED)), None))


def timed(run: Callable[[Any], object], inputs: Iterable[Any]) -> list[float]:
    """Milliseconds of each run."""
    spent = []
    for one in inputs:
        begun = time.perf_counter()
        run(one)
        spent.append(1e3 * (time.perf_counter() - begun))
    return spent


def memory_mb() -> float:
    """What this process holds for itself now; its peak where the system does not tell."""
    try:
        told = Path("/proc/self/statm").read_text(encoding="ascii").split()
        pages = int(told[1]) - int(told[2])  # resident, less what is mapped from files
    except (OSError, ValueError, IndexError):
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak / (1e6 if sys.platform == "darwin" else 1e3)
    return pages * resource.getpagesize() / 1e6


def _row(
    system: str,
    task: Task,
    import_s: float,
    spent: Sequence[float],
    all_s: float,
    memory: float,
    more: tuple[Sequence[float], float | None] | None,
) -> Row:
    count = task.count
    return Row(
        system=system,
        records=count,
        imported=count / import_s,
        added_ms=None if more is None else float(np.median(more[0])),
        p50_ms=float(np.percentile(spent, 50)),
        p99_ms=float(np.percentile(spent, 99)),
        pairs=len(task.demands) * count / all_s,
        memory_mb=memory,
        start_s=None if more is None else more[1],
    )
