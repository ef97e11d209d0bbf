"""``bench``: measure speed and size beside peers."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from importlib.util import find_spec
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

from matchmaker.bootstrap import Matchmaker
from matchmaker.cli.progress import bar
from matchmaker.domain.errors import Invalid

if TYPE_CHECKING:
    from matchmaker.matching.benchmark import Row, Task

_SIZES = (10_000, 100_000)
_SYSTEMS = ("matchmaker", "faiss", "numpy", "bm25s", "txtai")
_COLUMNS = (
    ("imported", "records/s", ",.0f"),
    ("added_ms", "new one ms", ".1f"),
    ("p50_ms", "p50 ms", ".2f"),
    ("p99_ms", "p99 ms", ".2f"),
    ("pairs", "pairs/s", ".2e"),
    ("memory_mb", "memory MB", ",.0f"),
    ("start_s", "start s", ".2f"),
)


@click.command()
@click.option(
    "--outcomes",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    required=True,
    help="JSON Lines with title and text: what synthetic records are made of.",
)
@click.option(
    "--demands",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    required=True,
    help="JSON Lines with title and text: what is asked.",
)
@click.option(
    "--size", "sizes", type=click.IntRange(min=1_000), multiple=True, help="Records (repeatable)."
)
@click.option(
    "--system",
    "systems",
    type=click.Choice(_SYSTEMS),
    multiple=True,
    help="What to measure (repeatable); all that are installed when left out.",
)
@click.option("--asked", type=click.IntRange(min=10), default=200, help="How many demands to ask.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def bench(
    platform: Matchmaker,
    *,
    outcomes: Path,
    demands: Path,
    sizes: Sequence[int],
    systems: Sequence[str],
    asked: int,
    as_json: bool,
) -> None:
    """Measure import, suggestions, memory and start-up beside what could be used instead.

    Records are halves of real titles and texts put together anew. Every row is measured in its own
    process. Peers come with `pip install -r requirements-bench.txt`.
    """
    from matchmaker.matching import benchmark

    chosen = list(systems) or [one for one in _SYSTEMS if one in ("matchmaker", "numpy")]
    if not systems:
        chosen += [one for one in ("faiss", "bm25s", "txtai") if find_spec(one)]
    rows: list[Row] = []
    planned = [
        (size, system)
        for size in (sizes or _SIZES)
        for system in chosen
        if size <= benchmark.LARGEST.get(system, size)
    ]
    location = str(platform.settings.encoder_location)
    with TemporaryDirectory() as folder, bar(len(planned), "Measuring") as progress:
        task: Task | None = None
        for size, system in planned:
            if task is None or task.count != size:
                task = _prepared(location, (outcomes, demands), size, asked, Path(folder))
            rows.append(_in_its_own_process(system, task))
            progress.update(1)
    if as_json:
        click.echo(json.dumps([asdict(row) for row in rows], indent=1))
        return
    click.echo(f"{'records':>10} {'system':11}" + "".join(f"{name:>12}" for _, name, _ in _COLUMNS))
    for row in rows:
        cells = [_cell(getattr(row, field), form) for field, _, form in _COLUMNS]
        click.echo(f"{row.records:>10,} {row.system:11}" + "".join(f"{one:>12}" for one in cells))


def _cell(value: float | None, form: str) -> str:
    return "–" if value is None else format(value, form)


def _prepared(location: str, files: tuple[Path, Path], size: int, asked: int, folder: Path) -> Task:
    """Make the records and their vectors, once for all systems."""
    import numpy as np

    from matchmaker.domain.matchable import Matchable
    from matchmaker.matching.benchmark import Task, synthetic
    from matchmaker.matching.encoder import load_encoder
    from matchmaker.matching.vectors import encode_records

    texts = _texts(files[0])
    questions = [
        Matchable(id=key, title=title, text=text, organisation_id=key + 1)
        for key, (title, text) in enumerate(_texts(files[1])[:asked])
    ]
    encoder = load_encoder(location)
    made = synthetic(texts, size)
    begun = time.perf_counter()
    vectors = encode_records(encoder, made)
    spent = time.perf_counter() - begun
    path = folder / "vectors.npy"
    np.save(path, vectors)
    return Task(
        encoder=location,
        texts=texts,
        count=size,
        demands=questions,
        vectors=path,
        encoding_s=spent,
    )


def _in_its_own_process(system: str, task: Task) -> Row:
    from matchmaker.matching.benchmark import measure

    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(measure, system, task).result()


def _texts(path: Path) -> list[tuple[str, str]]:
    """Title and text of each line."""
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            value = json.loads(line)
            found.append((str(value["title"]), str(value.get("text") or "")))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            msg = f"{path}, line {number}: expected a JSON object with title and text."
            raise Invalid(msg) from error
    if not found:
        msg = f"{path} holds no records."
        raise Invalid(msg)
    return found
