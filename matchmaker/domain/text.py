"""What counts as clean text, wherever it comes from: a form, a file, a command line."""

from __future__ import annotations

import unicodedata

_ALLOWED_CONTROLS = frozenset("\n\t")


def unclean_character(text: str) -> tuple[int, str] | None:
    """The first character that no text may hold, as ``(offset, "U+0000")``, or ``None``.

    Refused are control characters other than line feed and tab, and lone surrogates: they break
    databases, spreadsheets and XML exports. Expects line ends already made line feeds.
    """
    for offset, character in enumerate(text):
        if character in _ALLOWED_CONTROLS:
            continue
        if unicodedata.category(character) in ("Cc", "Cs"):
            return offset, f"U+{ord(character):04X}"
    return None


def tidy(text: str) -> str:
    """The text with one kind of line end, NFC composition and no blank edges.

    A text of spaces, ideographic or zero-width ones included, becomes empty.
    """
    unified = text.replace("\r\n", "\n").replace("\r", "\n")
    composed = unicodedata.normalize("NFC", unified)
    return composed.strip().strip("\u200b\u200c\u200d\u2060\ufeff").strip()


def one_line(text: str) -> str:
    """:func:`tidy`, with every run of white space made a single blank."""
    return " ".join(tidy(text).split())
