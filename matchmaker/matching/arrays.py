"""Files of arrays: replaced whole or not at all, whoever else writes the same one."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np


def write_arrays(path: Path, **arrays: Any) -> None:
    """Write named arrays in place of a file; a reader sees the old file or the new one.

    Raises :class:`OSError` where it cannot be written; what was there stays then.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with beside.open("wb") as file:
            np.savez(file, **arrays)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
