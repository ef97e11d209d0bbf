"""A ZIP of tables, each as JSON and as CSV."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from matchmaker.integrations.csv_file import MARK, csv_text, plain_cell

Rows = Sequence[Mapping[str, Any]]


def zip_of(tables: Mapping[str, Rows], *, readme: str, at: datetime) -> bytes:
    """The archive; every table is ``NAME.json`` and ``NAME.csv``, empty ones included."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        _add(archive, "README.txt", readme, at)
        for name, rows in tables.items():
            whole = json.dumps(list(rows), ensure_ascii=False, indent=1, default=str)
            _add(archive, f"{name}.json", whole + "\n", at)
            _add(archive, f"{name}.csv", _csv(rows), at)
    return file.getvalue()


def _add(archive: zipfile.ZipFile, name: str, text: str, at: datetime) -> None:
    stamp = zipfile.ZipInfo(name, at.timetuple()[:6])
    stamp.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(stamp, text.encode())


def _csv(rows: Rows) -> str:
    """UTF-8 with a mark that spreadsheets know it by; no cell is taken for a formula."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    lines = ([_cell(row.get(name)) for name in names] for row in rows)
    return MARK + csv_text([names, *lines])


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool | int | float):
        return str(value)
    text = (
        json.dumps(value, ensure_ascii=False, default=str)
        if isinstance(value, list | tuple | dict)
        else str(value)
    )
    return plain_cell(text)
