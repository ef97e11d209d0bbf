"""The text of an uploaded document: Word, Excel, PDF or plain text, told by its content.

The work is done by :mod:`document_reader` in a process with limits on memory and time; only text
comes back, and nothing of the document is kept.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Final

from matchmaker.integrations.document_reader import SECONDS, Line, Trouble, UnreadableError

_ROOT: Final = Path(__file__).resolve().parents[2]
_PATIENCE: Final = 2 * SECONDS


def read_document(data: bytes) -> list[Line]:
    """Lines of cells of a document; :class:`UnreadableError` with a code when there are none."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", "matchmaker.integrations.document_reader"],
            input=data,
            capture_output=True,
            timeout=_PATIENCE,
            cwd=_ROOT,
            env={"PYTHONDONTWRITEBYTECODE": "1", "PYTHONUTF8": "1", "OPENBLAS_NUM_THREADS": "1"},
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise UnreadableError(Trouble.TOO_HEAVY) from error
    if done.returncode != 0:
        raise UnreadableError(Trouble.TOO_HEAVY)  # stopped by one of its limits
    answer = json.loads(done.stdout)
    if "error" in answer:
        raise UnreadableError(Trouble(answer["error"]), answer["where"])
    return [tuple(line) for line in answer["lines"]]
