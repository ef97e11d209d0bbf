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
from dataclasses import asdict
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import numpy as np

from matchmaker.domain.indicator import Indicator
from matchmaker.domain.matchable import Matchable
from matchmaker.matching.engine import Engine, Kind

_FORMAT: Final = "matchmaker-index-1"
_KINDS: Final[tuple[Kind, ...]] = ("demand", "outcome")


def write_snapshot(engine: Engine, path: Path) -> None:
    """Write the engine's records and vectors; a reader sees the old file or the new one."""
    arrays: dict[str, Any] = {}
    sequence, contents = engine.contents()
    for kind in _KINDS:
        rows = contents[kind]
        arrays[f"{kind}_vectors"] = np.stack(
            [vector for _, vector in rows] or [np.zeros(engine.encoder.dimension, np.float32)]
        )
        lines = [json.dumps(_plain(record), ensure_ascii=False) for record, _ in rows]
        arrays[f"{kind}_records"] = np.frombuffer("\n".join(lines).encode(), dtype=np.uint8)
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    body = buffer.getvalue()
    header = {
        "format": _FORMAT,
        "encoder": engine.encoder.checksum,
        "sequence": sequence,
        "sha256": hashlib.sha256(body).hexdigest(),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with beside.open("wb") as file:
            file.write(json.dumps(header).encode() + b"\n")
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
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
    with path.open("rb") as file:
        file.readline()
        body = file.read()
    if hashlib.sha256(body).hexdigest() != header.get("sha256"):
        return "damaged"
    upserts = []
    with np.load(io.BytesIO(body), allow_pickle=False) as arrays:
        for kind in _KINDS:
            text = arrays[f"{kind}_records"].tobytes().decode()
            records = [_matchable(json.loads(line)) for line in text.split("\n") if line]
            vectors = arrays[f"{kind}_vectors"]
            upserts += [(kind, record, vectors[row]) for row, record in enumerate(records)]
    engine.apply(upserts, [], int(header["sequence"]))
    return None


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
