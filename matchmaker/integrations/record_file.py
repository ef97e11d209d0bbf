"""Reading records from files that people made: JSON Lines or CSV, in UTF-8 or GB18030.

Every refusal is a :class:`RecordFileError` that names the file, the line, and what to do about it.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from matchmaker.domain.errors import DomainError

_LONGEST_LINE: Final = 1_000_000
_BOMS: Final = ((b"\xff\xfe", "UTF-16"), (b"\xfe\xff", "UTF-16"))


class RecordFileError(DomainError):
    """A file cannot be read as records; the message says where and what to do."""

    code = "file_problem"


@dataclass(frozen=True, slots=True)
class RecordFile:
    """A file read into memory and decoded."""

    name: str
    encoding: str
    text: str
    suffix: str

    def rows(self) -> Iterator[tuple[int, dict[str, object]]]:
        """Yield ``(line number from 1, raw record)``; raises :class:`RecordFileError` at the first
        line that is no record.
        """
        rows = _csv_rows(self) if self.suffix == ".csv" else _json_rows(self)
        empty = True
        for row in rows:
            empty = False
            yield row
        if empty:
            msg = f"{self.name} holds no records. Write one record a line and import it again."
            raise RecordFileError(msg)


def open_records(path: Path, *, most_bytes: int) -> RecordFile:
    """Read a ``.jsonl``, ``.ndjson``, ``.json`` (one object a line) or ``.csv`` file.

    Nothing is read from a file larger than ``most_bytes``.
    """
    suffix = path.suffix.lower()
    if suffix not in {".jsonl", ".ndjson", ".json", ".csv"}:
        msg = f"{path}: the name must end in .jsonl or .csv, so that its format is known."
        raise RecordFileError(msg)
    try:
        size = path.stat().st_size
        if not path.is_file():
            msg = f"{path} is not a file."
            raise RecordFileError(msg)
        if size > most_bytes:
            msg = (
                f"{path} has {size:,} bytes; at most {most_bytes:,} are read at once. "
                "Split it into several files, or raise the limit with --max-bytes."
            )
            raise RecordFileError(msg)
        data = path.read_bytes()
    except OSError as error:
        msg = f"{path} cannot be read: {error.strerror}."
        raise RecordFileError(msg) from error
    text, encoding = _decode(path.name, data)
    return RecordFile(path.name, encoding, text, ".csv" if suffix == ".csv" else ".jsonl")


def _decode(name: str, data: bytes) -> tuple[str, str]:
    """The text and the encoding it was in: UTF-8, else GB18030 where the whole file fits it.

    Almost any bytes can be read as GB18030, so a file with Chinese in UTF-8 before the first wrong
    byte is a damaged UTF-8 file, and private characters mean that it is no GB18030 either.
    """
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            msg = f"{name} is in {encoding}. Save it as UTF-8 and import it again."
            raise RecordFileError(msg)
    try:
        return data.decode("utf-8-sig"), "UTF-8"
    except UnicodeDecodeError as error:
        damaged = error
    line = data.count(b"\n", 0, damaged.start) + 1
    where = (
        f"{name}, line {line}: byte 0x{data[damaged.start]:02x} at offset {damaged.start:,} is not "
    )
    if any("\u4e00" <= character <= "\u9fff" for character in data[: damaged.start].decode()):
        msg = where + "UTF-8, while the text before it is. Repair the file and import it again."
        raise RecordFileError(msg)
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        msg = (
            f"{name}, line {line}: byte 0x{data[error.start]:02x} at offset {error.start:,} is "
            "neither UTF-8 nor GB18030. Save the file as UTF-8 and import it again."
        )
        raise RecordFileError(msg) from error
    if any(0xE000 <= ord(character) <= 0xF8FF for character in text):  # noqa: PLR2004 - private use
        msg = where + "UTF-8, and read as GB18030 the file makes no sense. Save it as UTF-8."
        raise RecordFileError(msg)
    return text, "GB18030"


def _json_rows(file: RecordFile) -> Iterator[tuple[int, dict[str, object]]]:
    for number, line in enumerate(file.text.split("\n"), start=1):
        stripped = line.strip()
        if not stripped:
            continue
        if number == 1 and stripped.startswith("["):
            msg = f"{file.name} is one JSON array. Write one JSON object a line (JSON Lines)."
            raise RecordFileError(msg)
        if len(line) > _LONGEST_LINE:
            msg = f"{file.name}, line {number}: longer than {_LONGEST_LINE:,} characters."
            raise RecordFileError(msg)
        yield number, _json_object(file.name, number, stripped)


def _json_object(name: str, number: int, line: str) -> dict[str, object]:
    """One line as an object without repeated or impossible values."""

    def unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
        made = dict(pairs)
        if len(made) < len(pairs):
            seen: set[str] = set()
            twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
            msg = f"{name}, line {number}: the field {twice!r} stands there twice."
            raise RecordFileError(msg)
        return made

    def impossible(constant: str) -> object:
        msg = f"{name}, line {number}: {constant} is not a value JSON knows."
        raise RecordFileError(msg)

    try:
        value = json.loads(line, object_pairs_hook=unique, parse_constant=impossible)
    except json.JSONDecodeError as error:
        msg = f"{name}, line {number}, column {error.colno}: not JSON ({error.msg})."
        raise RecordFileError(msg) from error
    except (RecursionError, ValueError) as error:
        msg = f"{name}, line {number}: nested too deeply or a number too long to read."
        raise RecordFileError(msg) from error
    if not isinstance(value, dict):
        msg = f"{name}, line {number}: a JSON object is expected, not {type(value).__name__}."
        raise RecordFileError(msg)
    return value


def _csv_rows(file: RecordFile) -> Iterator[tuple[int, dict[str, object]]]:
    if "\0" in file.text:
        line = file.text.count("\n", 0, file.text.index("\0")) + 1
        msg = f"{file.name}, line {line}: holds a NUL character. Remove it and import again."
        raise RecordFileError(msg)
    first = file.text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(file.text, newline=""), delimiter=delimiter, strict=True)
    try:
        header = [cell.strip() for cell in next(reader, [])]
        if len(set(header)) < len(header) or "" in header:
            msg = f"{file.name}, line 1: every column needs a name of its own in the header."
            raise RecordFileError(msg)
        before = reader.line_num
        for cells in reader:
            number, before = before + 1, reader.line_num
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(header):
                msg = (
                    f"{file.name}, line {number}: {len(cells)} cells where the header has "
                    f"{len(header)}. Quote cells that contain {delimiter!r} or line breaks."
                )
                raise RecordFileError(msg)
            yield (
                number,
                {name: cell for name, cell in zip(header, cells, strict=True) if cell.strip()},
            )
    except csv.Error as error:
        msg = f"{file.name}, line {reader.line_num}: not CSV ({error})."
        raise RecordFileError(msg) from error
