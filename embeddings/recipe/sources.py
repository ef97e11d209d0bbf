"""Reading the training corpus: tab-separated files with a header, as its README describes them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path


class CorpusError(SystemExit):
    """The corpus is not where it was said to be, or not in the form expected."""


def rows(path: Path) -> Iterator[dict[str, str]]:
    """Yield the rows of a tab-separated file; fields are taken literally, quotes included."""
    try:
        file = path.open(encoding="utf-8")
    except OSError as error:
        msg = f"{path} cannot be read ({error.strerror}). Name the corpus with --corpus PATH."
        raise CorpusError(msg) from error
    with file:
        header = file.readline().rstrip("\n").split("\t")
        for line in file:
            cells = line.rstrip("\n").split("\t")
            if len(cells) == len(header):
                yield dict(zip(header, cells, strict=True))


def json_lines(path: Path) -> Iterator[dict[str, str]]:
    """Yield the objects of a JSON Lines file, or nothing when there is none."""
    if path.is_file():
        with path.open(encoding="utf-8") as file:
            yield from (json.loads(line) for line in file)


def trains(row: dict[str, str]) -> bool:
    """Whether a row may be trained on: dev and test splits are kept for measuring."""
    return row.get("split", "train") == "train"
