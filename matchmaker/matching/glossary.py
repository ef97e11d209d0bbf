"""Korean texts read together with the Chinese words of what they name.

The shipped encoder was trained on few Korean texts of technology: most of their words are cut into
syllables that mean nothing. A lexicon (``data/lexicon``) gives the Chinese word beside the Korean
one; compounds are found in whatever way they are spaced.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

from matchmaker.matching.script import script_of

LEXICON: Final = Path(__file__).resolve().parents[2] / "data" / "lexicon" / "korean.tsv"
# What may follow a word of one syllable, so that it is one.
_PARTICLES: Final = "을를은는이가의에도와과로"


def glossed(text: str) -> str:
    """A Korean text followed by the Chinese words of what it names; any other as it is."""
    if script_of(text) != "hangul":
        return text
    together = "".join(text.split())
    found = (chinese for word, chinese in _words().items() if _names(word, text, together))
    return " ".join((text, *found))


def _names(word: str, text: str, together: str) -> bool:
    if len(word) > 1:
        return word in together
    return re.search(rf"(?<![가-힣]){word}[{_PARTICLES}]?(?![가-힣])", text) is not None


@cache
def _words() -> Mapping[str, str]:
    lines = LEXICON.read_text(encoding="utf-8").splitlines()
    return dict(line.split("\t") for line in lines)
