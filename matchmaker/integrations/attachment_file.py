"""What an uploaded file really is, found in its content and never in its name.

Uploads are hostile: a file passes only as one of six kinds, and office files only without macros
and within the bounds of what they may unpack to.
"""

from __future__ import annotations

import io
import zipfile
from typing import Final

MOST_BYTES: Final = 10 * 1024 * 1024
_MOST_UNPACKED: Final = 200 * 1024 * 1024
_MOST_ENTRIES: Final = 5_000
_MOST_RATIO: Final = 200
_MACROS: Final = ("vbaproject.bin", "vbadata.xml")
MEDIA_TYPES: Final = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "png": "image/png",
    "jpg": "image/jpeg",
    "txt": "text/plain; charset=utf-8",
}
_MAGIC: Final = ((b"%PDF-", "pdf"), (b"\x89PNG\r\n\x1a\n", "png"), (b"\xff\xd8\xff", "jpg"))


def kind_of(content: bytes) -> str | None:
    """The kind of a file, or ``None`` where it is none of those that are taken."""
    for magic, kind in _MAGIC:
        if content.startswith(magic):
            return kind
    if content.startswith(b"PK\x03\x04"):
        return _office_kind(content)
    return "txt" if _is_text(content) else None


def _office_kind(content: bytes) -> str | None:
    """``docx`` or ``xlsx`` when the archive is one, whole, modest and without macros."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError):
        return None
    unpacked = sum(entry.file_size for entry in entries)
    modest = unpacked <= min(_MOST_UNPACKED, _MOST_RATIO * len(content))
    names = {entry.filename for entry in entries}
    unsafe = any(name.lower().endswith(_MACROS) or ".." in name.split("/") for name in names)
    if len(entries) > _MOST_ENTRIES or not modest or unsafe or "[Content_Types].xml" not in names:
        return None
    if "word/document.xml" in names:
        return "docx"
    return "xlsx" if "xl/workbook.xml" in names else None


def _is_text(content: bytes) -> bool:
    """Whether it is text in UTF-8 without control characters other than line ends and tabs."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return all(character.isprintable() or character in "\r\n\t\u3000\u00a0" for character in text)
