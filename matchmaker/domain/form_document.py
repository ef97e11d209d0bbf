"""Reading a filled-in collection form: which text stands under which heading.

A document is a list of lines; each line is a tuple of cells, one for a paragraph and several for a
row of a table. Headings stand before their text in the same cell, in the cell to the left, in the
line above, or at the head of a column.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from matchmaker.domain.form_labels import DROPPED, field_of, introduces, split_label

Line = tuple[str, ...]
_FIRST: Final = re.compile(r"[^。；;\n]*[。；;\n]*")
_FORM_NAME: Final = re.compile(
    r"(?:征集|登记|申报|调查|信息|需求|汇总|采集|填报|申请|推荐)表$|collection form$",
    re.IGNORECASE,
)


def read_form(noun: str, lines: Sequence[Line]) -> dict[str, str]:
    """The texts under known headings by field; what belongs to contact data is left out.

    Text before the first heading comes back under ``""``, which is all of a document without any.
    """
    parts: dict[str, list[str]] = {}
    current: str | None = None
    columns: list[str | None] = []
    loose: list[str] = []
    for line in lines:
        cells = _distinct(line)
        if not any(cell.strip() for cell in cells):
            continue
        if columns and len(line) > 1 and not _headings(noun, cells):
            for field, cell in zip(columns, line, strict=False):
                if field and field not in parts:
                    _keep(parts, field, cell)
            current, columns = None, []
            continue
        columns = [field_of(noun, cell) for cell in line] if _headings(noun, cells) else []
        if columns:
            current = next((field for field in reversed(columns) if field is not None), None)
            continue
        current = _read_cells(noun, cells, current, parts, loose)
    found = {field: "\n".join(texts).strip() for field, texts in parts.items() if field}
    rest = "\n".join(line for line in loose if line and not _FORM_NAME.search(line.strip()))
    return found | ({"": rest} if rest.strip() else {})


def _read_cells(
    noun: str,
    cells: Sequence[str],
    current: str | None,
    parts: dict[str, list[str]],
    loose: list[str],
) -> str | None:
    """Keep the cells of a line; returns the field that the next line continues."""
    for cell in cells:
        text = cell.strip()
        if not text:
            continue
        field, rest = split_label(noun, text)
        if field is not None:
            current = field
            if rest and field == DROPPED and len(cells) == 1 and not introduces(text):
                loose.append(
                    _FIRST.sub("", rest, count=1)
                )  # a name or a number, and the text goes on
                current = None
            elif rest:
                _keep(parts, field, rest)
        elif current is None:
            loose.append(text)
        else:
            _keep(parts, current, text)
    if len(cells) > 1 and current == DROPPED:
        return None  # the next row starts afresh: a contact's row does not swallow a text
    return current


def _headings(noun: str, cells: Sequence[str]) -> bool:
    """Whether a row is nothing but headings, of columns then."""
    written = [cell for cell in cells if cell.strip()]
    return len(written) > 1 and all(field_of(noun, cell) is not None for cell in written)


def _distinct(line: Line) -> list[str]:
    """The cells without the repetitions that merged cells come as."""
    return [cell for place, cell in enumerate(line) if place == 0 or cell != line[place - 1]]


def _keep(parts: dict[str, list[str]], field: str, text: str) -> None:
    if text.strip():
        parts.setdefault(field, []).append(text.strip())
