"""Progress bars on standard error, only where somebody is looking."""

from __future__ import annotations

import sys
from typing import Any

import click


def bar(length: int, label: str) -> Any:
    """A progress bar for a ``with`` statement; hidden when standard error is no terminal."""
    return click.progressbar(
        length=length, label=label, file=sys.stderr, hidden=not sys.stderr.isatty()
    )
