"""What the engine may know of one record: its public text and the fields that rules compare."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Final

from matchmaker.domain.indicator import Indicator

# How Korean texts are read; raise it whenever ``data/lexicon/korean.tsv`` changes.
KOREAN_READING: Final = 1
_HANGUL: Final = re.compile("[\uac00-\ud7a3]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Matchable:
    """One demand or outcome as the engine sees it.

    Only the public tier enters ``title`` and ``text``: an explanation, an index file or a log drawn
    from a ``Matchable`` therefore cannot carry a redacted or confidential word.
    ``trl`` is the level reached (outcome) or the lowest acceptable (demand); ``modes`` are codes of
    ``SOLUTION_MODES`` for a demand and of ``CONVERSION_MODES`` for an outcome; money is in 万元.
    """

    id: int
    title: str
    text: str
    organisation_id: int
    chains: frozenset[str] = frozenset()
    field: str | None = None
    region: str | None = None
    preferred_region: str | None = None
    trl: int | None = None
    modes: frozenset[str] = frozenset()
    money_min: float | None = None
    money_max: float | None = None
    indicators: tuple[Indicator, ...] = ()
    keywords: tuple[str, ...] = ()

    @property
    def content(self) -> str:
        """Title and text as one string, the title on the first line."""
        return f"{self.title}\n{self.text}"

    @property
    def content_hash(self) -> str:
        """SHA-256 (hex) of :attr:`content`: the key under which its vector is stored.

        Of a text with Korean words, of how it is read too: a vector read otherwise is made anew.
        """
        read = f"{KOREAN_READING}\n" if _HANGUL.search(self.content) else ""
        return hashlib.sha256(f"{read}{self.content}".encode()).hexdigest()
