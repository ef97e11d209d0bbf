"""Reading the text out of an uploaded document, in a process of its own.

Run as ``python -m matchmaker.integrations.document_reader``: the document on standard input, lines
of cells as JSON on standard output. The process limits its own memory and time before it looks at
the first byte, writes no file, and is thrown away; whatever a hostile file does, it does there.
"""

from __future__ import annotations

import io
import json
import re
import resource
import sys
import warnings
import zipfile
from collections.abc import Callable, Iterator
from enum import StrEnum
from typing import Final

MEMORY: Final = 480 * 1024 * 1024
SECONDS: Final = 3
UNPACKED: Final = 30 * 1024 * 1024
MARKUP: Final = 10 * 1024 * 1024  # of that, what has to be parsed
PARTS: Final = 2_000
PAGES: Final = 40
CELLS: Final = 20_000
GAP: Final = 1_000  # empty rows in succession
CHARACTERS: Final = 60_000

Line = tuple[str, ...]
_OLD_OFFICE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_DECLARATION: Final = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_HEAD: Final = 4_096


class Trouble(StrEnum):
    """Why a document cannot be read."""

    DAMAGED = "damaged"
    EMPTY = "empty"
    ENCRYPTED = "encrypted"
    HOSTILE = "hostile"
    MACROS = "macros"
    NO_TEXT = "no_text"
    OLD_OFFICE = "old_office"
    TOO_HEAVY = "too_heavy"
    TOO_MANY_CELLS = "too_many_cells"
    TOO_MANY_PAGES = "too_many_pages"
    TOO_MUCH_TEXT = "too_much_text"
    UNKNOWN_KIND = "unknown_kind"
    UNPACKS_TOO_LARGE = "unpacks_too_large"


class UnreadableError(Exception):
    """The document cannot be read; ``code`` says why, ``where`` the place in it."""

    def __init__(self, code: Trouble, where: str = "") -> None:
        """Keep both."""
        super().__init__(code)
        self.code = code
        self.where = where


def kind_of(data: bytes) -> str:
    """What a document is by its content: ``docx``, ``xlsx``, ``pdf`` or ``text``."""
    if b"%PDF-" in data[:1_024]:
        return "pdf"
    if data.startswith(_OLD_OFFICE):
        raise UnreadableError(Trouble.OLD_OFFICE)
    if data.startswith(b"PK\x03\x04"):
        names = _parts_of(data)
        if "word/document.xml" in names:
            return "docx"
        if "xl/workbook.xml" in names:
            return "xlsx"
        raise UnreadableError(Trouble.UNKNOWN_KIND)
    _text_of(data)
    return "text"


def read(data: bytes) -> list[Line]:
    """The lines of a document; :class:`UnreadableError` says what is wrong with it."""
    if not data.strip():
        raise UnreadableError(Trouble.EMPTY)
    readers: dict[str, Callable[[bytes], Iterator[Line]]] = {
        "docx": _docx,
        "xlsx": _xlsx,
        "pdf": _pdf,
        "text": lambda text: ((line,) for line in _text_of(text).splitlines()),
    }
    kind = kind_of(data)
    try:
        found = _within_limits(readers[kind](data))
    except (UnreadableError, MemoryError):
        raise
    except Exception as error:
        raise UnreadableError(Trouble.DAMAGED) from error
    if not any(cell.strip() for line in found for cell in line):
        raise UnreadableError(Trouble.NO_TEXT if kind == "pdf" else Trouble.EMPTY)
    return found


def _within_limits(lines: Iterator[Line]) -> list[Line]:
    """The lines, as long as they are not too many."""
    found: list[Line] = []
    characters = 0
    for number, line in enumerate(lines, 1):
        characters += sum(map(len, line))
        if characters > CHARACTERS:
            raise UnreadableError(Trouble.TOO_MUCH_TEXT, str(number))
        found.append(line)
    return found


def _parts_of(data: bytes) -> frozenset[str]:
    """The names in an archive that is not larger than it should be and declares no entities."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except zipfile.BadZipFile as error:
        raise UnreadableError(Trouble.DAMAGED) from error
    with archive:
        parts = archive.infolist()
        if len(parts) > PARTS or sum(part.file_size for part in parts) > UNPACKED:
            raise UnreadableError(Trouble.UNPACKS_TOO_LARGE)
        if any(part.flag_bits & 1 for part in parts):
            raise UnreadableError(Trouble.ENCRYPTED)
        if any(part.filename.lower().endswith("vbaproject.bin") for part in parts):
            raise UnreadableError(Trouble.MACROS)
        markup = [one for one in parts if one.filename.lower().endswith((".xml", ".rels"))]
        if sum(part.file_size for part in markup) > MARKUP:
            raise UnreadableError(Trouble.TOO_HEAVY)
        for part in markup:
            _refuse_declarations(archive, part)
        return frozenset(part.filename for part in parts)


def _refuse_declarations(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """No Office document declares a document type; one that does means to attack the reader."""
    try:
        with archive.open(part) as stream:
            head = stream.read(_HEAD)
    except (zipfile.BadZipFile, RuntimeError, EOFError, OSError) as error:
        raise UnreadableError(Trouble.DAMAGED, part.filename[:80]) from error
    if _DECLARATION.search(head.replace(b"\0", b"")):
        raise UnreadableError(Trouble.HOSTILE, part.filename[:80])


def _docx(data: bytes) -> Iterator[Line]:
    """Paragraphs and rows of tables in their order."""
    from docx import Document
    from docx.table import Table

    cells = 0
    for block in Document(io.BytesIO(data)).iter_inner_content():
        if not isinstance(block, Table):
            yield (block.text,)
            continue
        for row in block.rows:
            texts = tuple(cell.text.strip() for cell in row.cells)
            cells += len(texts)
            if cells > CELLS:
                raise UnreadableError(Trouble.TOO_MANY_CELLS)
            yield texts


def _xlsx(data: bytes) -> Iterator[Line]:
    """Rows of the visible sheets that hold something; a long gap ends a sheet.

    Who formats whole columns, or strays to the last row, has a million rows and none to read.
    """
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    cells = 0
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            continue
        gap = 0
        for row in sheet.iter_rows(values_only=True):
            held = sum(value is not None for value in row)
            gap = 0 if held else gap + 1
            if gap > GAP:
                break
            cells += held
            if cells > CELLS:
                raise UnreadableError(Trouble.TOO_MANY_CELLS, sheet.title[:40])
            if held:
                yield tuple("" if value is None else str(value) for value in row)


def _pdf(data: bytes) -> Iterator[Line]:
    """Lines of the pages."""
    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(data))
    if reader.is_encrypted and not reader.decrypt(""):
        raise UnreadableError(Trouble.ENCRYPTED)
    if len(reader.pages) > PAGES:
        raise UnreadableError(Trouble.TOO_MANY_PAGES, str(len(reader.pages)))
    for page in reader.pages:
        for line in page.extract_text().splitlines():
            yield (line,)


def _text_of(data: bytes) -> str:
    """Plain text in UTF-8, UTF-16 with a mark, or GB18030."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        codecs: tuple[str, ...] = ("utf-16",)
    else:
        codecs = ("utf-8-sig", "gb18030")
        if b"\0" in data:
            raise UnreadableError(Trouble.UNKNOWN_KIND)
    for codec in codecs:
        try:
            text = data.decode(codec)
        except UnicodeDecodeError:
            continue
        controls = sum(letter < " " and letter not in "\r\n\t\f" for letter in text[:10_000])
        if controls <= len(text) // 100:
            return text
    raise UnreadableError(Trouble.UNKNOWN_KIND)


def main() -> None:
    """Read standard input, answer on standard output."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    warnings.simplefilter("ignore")
    answer: dict[str, object]
    try:
        answer = {"lines": read(sys.stdin.buffer.read())}
    except UnreadableError as error:
        answer = {"error": error.code, "where": error.where}
    except (MemoryError, RecursionError):
        answer = {"error": Trouble.TOO_HEAVY, "where": ""}
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
