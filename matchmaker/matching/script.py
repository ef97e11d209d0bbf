"""Which script a text is written in: letters of different ones are not compared."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

_SCRIPTS: Final = (
    ("kana", 0x3041, 0x30FA),
    ("hangul", 0xAC00, 0xD7AF),
    ("han", 0x4E00, 0x9FFF),
    ("latin", 0x41, 0x24F),
)
# A few kana make a text Japanese however many Chinese characters it has; so for the others.
_TELLING: Final = 0.05
# Titles are asked about again with each of their counterparts.
_KEPT: Final = 1_024


@lru_cache(maxsize=_KEPT)
def script_of(text: str) -> str:
    """``kana``, ``hangul``, ``han`` or ``latin``; ``latin`` for a text without letters."""
    counts = dict.fromkeys((name for name, _, _ in _SCRIPTS), 0)
    for character in text:
        point = ord(character)
        for name, low, high in _SCRIPTS:
            if low <= point <= high:
                counts[name] += 1
                break
    total = sum(counts.values())
    if not total:
        return "latin"
    for name in ("kana", "hangul"):
        if counts[name] > _TELLING * total:
            return name
    # A Chinese title full of model names is Chinese; a few characters in an English one are a name.
    return "han" if counts["han"] > _TELLING * total else "latin"
