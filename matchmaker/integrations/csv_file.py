"""Tables for spreadsheets."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import Final

# Spreadsheets take a file without it for one in the local code page.
MARK: Final = "\ufeff"
# A spreadsheet takes a text that begins so for a formula.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def csv_text(rows: Iterable[Iterable[object]]) -> str:
    """Rows as lines of a CSV file, without the mark."""
    written = io.StringIO()
    csv.writer(written).writerows(rows)
    return written.getvalue()


def plain_cell(text: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text
