"""The engine's contents as one file, so that a process starts without reading every record.

The file is a copy of what the database says at a change sequence, never truth itself: whatever is
wrong with it, it is ignored and made anew. It appears by renaming, whole or not at all. It holds
what ``Matchable`` holds: public text only.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
from collections.abc import Mapping
from dataclasses import asdict
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from matchmaker.domain.indicator import Indicator
from matchmaker.domain.matchable import Matchable
from matchmaker.matching.engine import Engine, Kind

_FORMAT: Final = "matchmaker-index-4"
_KINDS: Final[tuple[Kind, ...]] = ("demand", "outcome")


def write_snapshot(engine: Engine, path: Path) -> None:
    """Write the engine's records and vectors; a reader sees the old file or the new one.

    A kill at any moment leaves at most a file beside, whose name begins with a dot.
    """
    arrays: dict[str, Any] = {}
    sequence, contents = engine.contents()
    for kind in _KINDS:
        rows = contents[kind]
        # In half precision, as the engine holds them.
        vectors = np.zeros((max(len(rows), 1), engine.encoder.dimension), dtype=np.float16)
        for row, (_, vector) in enumerate(rows):
            vectors[row] = vector
        arrays[f"{kind}_vectors"] = vectors
        lines = [json.dumps(_plain(record), ensure_ascii=False) for record, _ in rows]
        arrays[f"{kind}_records"] = np.frombuffer("\n".join(lines).encode(), dtype=np.uint8)
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    body = buffer.getvalue()
    header = {
        "format": _FORMAT,
        "encoder": engine.encoder.checksum,
        "sequence": sequence,
        "counts": {kind: len(contents[kind]) for kind in _KINDS},
    }
    header["sha256"] = _digest(header, body)
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with beside.open("wb") as file:
            file.write(json.dumps(header).encode() + b"\n")
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
        _sync_folder(path.parent)
    finally:
        beside.unlink(missing_ok=True)


def snapshot_state(path: Path) -> dict[str, Any] | None:
    """The header of a snapshot (encoder, sequence), or ``None`` when there is none to read."""
    try:
        with path.open("rb") as file:
            header = json.loads(file.readline(4_096))
    except (OSError, ValueError):
        return None
    return header if isinstance(header, dict) and header.get("format") == _FORMAT else None


def read_snapshot(engine: Engine, path: Path) -> str | None:
    """Fill an empty engine; returns why the file could not be used, or ``None`` when it was."""
    header = snapshot_state(path)
    if header is None:
        return "absent or unreadable"
    if header.get("encoder") != engine.encoder.checksum:
        return "made with another encoder"
    try:
        body = path.read_bytes().split(b"\n", 1)[1]
    except (OSError, IndexError):
        return "absent or unreadable"
    if header.pop("sha256", None) != _digest(header, body):
        return "damaged"
    upserts: list[tuple[Kind, Matchable, NDArray[np.float32]]] = []
    with np.load(io.BytesIO(body), allow_pickle=False) as arrays:
        for kind in _KINDS:
            text = arrays[f"{kind}_records"].tobytes().decode()
            records = [_matchable(json.loads(line)) for line in text.split("\n") if line]
            # Without records there is one row of zeros, which goes with none.
            vectors = arrays[f"{kind}_vectors"][: len(records)].astype(np.float32)
            upserts += [
                (kind, record, vector) for record, vector in zip(records, vectors, strict=True)
            ]
    engine.apply(upserts, [], int(header["sequence"]))
    return None


def _digest(header: Mapping[str, Any], body: bytes) -> str:
    """SHA-256 (hex) over everything in the file but itself."""
    digest = hashlib.sha256(json.dumps(header, sort_keys=True).encode())
    digest.update(body)
    return digest.hexdigest()


def _sync_folder(folder: Path) -> None:
    """Make a renaming last, where the system lets folders be synchronised."""
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _plain(record: Matchable) -> dict[str, Any]:
    data = asdict(record)
    for name in ("chains", "modes"):
        data[name] = sorted(data[name])
    for indicator in data["indicators"]:
        for name in ("value", "value_high"):
            indicator[name] = None if indicator[name] is None else str(indicator[name])
    return data


def _matchable(data: dict[str, Any]) -> Matchable:
    indicators = tuple(
        Indicator(
            **{
                **one,
                "value": Decimal(one["value"]),
                "value_high": None if one["value_high"] is None else Decimal(one["value_high"]),
            }
        )
        for one in data.pop("indicators")
    )
    return Matchable(
        **{
            **data,
            "chains": frozenset(data["chains"]),
            "modes": frozenset(data["modes"]),
            "keywords": tuple(data["keywords"]),
        },
        indicators=indicators,
    )
