"""Shingles: the overlapping stretches of a text that resemblance is counted in (Broder 1997).

A shingle is measured in Chinese characters. A Latin letter or a digit says about a third of what a
character says, a kana or a Hangul syllable a half: a shingle of three is three characters, six
syllables, or nine letters, so that unrelated English texts share as few of them as Chinese ones.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from matchmaker.matching.lexical import folded

Hashes = NDArray[np.uint32]

_DROPPED: Final = re.compile(r"(?:(?!(?<=[0-9])\.(?=[0-9]))[\W_])+")

CHARACTER: Final = 6  # what a Chinese character weighs
_SYLLABLE: Final = 3
_LETTER: Final = 2
# Letters end here, and syllables stand in these blocks: kana, Hangul.
_LAST_LETTER: Final = 0x052F
_SYLLABLES: Final = ((0x3041, 0x30FF), (0xAC00, 0xD7AF))

# An odd multiplier and its inverse modulo 2^64: a window's hash is a difference of prefix sums.
_BASE: Final = np.uint64(0x9E3779B97F4A7C15)
_INVERSE: Final = np.uint64(pow(0x9E3779B97F4A7C15, -1, 1 << 64))
_MIX: Final = (np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))


def compact(text: str) -> str:
    """The letters and digits of a text, folded: width, case, punctuation and white space are gone.

    A point between digits stays: 1.5 is not 15.
    """
    return _DROPPED.sub("", folded(text))


def weights(letters: str) -> NDArray[np.int64]:
    """What each letter (n,) weighs; a Chinese character weighs :data:`CHARACTER`."""
    points = _points(letters)
    found = np.full(len(points), CHARACTER, dtype=np.int64)
    found[points <= _LAST_LETTER] = _LETTER
    for first, last in _SYLLABLES:
        found[(points >= first) & (points <= last)] = _SYLLABLE
    return found


def shingles(letters: str, size: int) -> tuple[Hashes, NDArray[np.int64]]:
    """The hashes (m,) of the shingles of ``size`` characters in their order, and where each ends.

    The shingle with index ``i`` begins at letter ``i``. A text shorter than one shingle is one.
    """
    points = _points(letters).astype(np.uint64)
    count = len(points)
    if not count:
        return np.zeros(0, dtype=np.uint32), np.zeros(0, dtype=np.int64)
    reached = np.concatenate([[0], np.cumsum(weights(letters))])
    ends = np.searchsorted(reached, reached[:-1] + size * CHARACTER)
    ends = ends[ends <= count]
    if not len(ends):
        ends = np.array([count])
    power, inverse = _powers(1 << (count - 1).bit_length())
    sums = np.concatenate([np.zeros(1, np.uint64), np.cumsum(points * power[:count])])
    windows = (sums[ends] - sums[: len(ends)]) * inverse[: len(ends)]
    return _mixed(windows), ends


def _points(letters: str) -> NDArray[np.uint32]:
    return np.frombuffer(letters.encode("utf-32-le", "surrogatepass"), dtype="<u4")


@lru_cache(maxsize=32)
def _powers(count: int) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """Powers 0 to ``count - 1`` of the multiplier and of its inverse, modulo 2^64."""
    found = []
    for base in (_BASE, _INVERSE):
        powers = np.full(count, base, dtype=np.uint64)
        powers[0] = 1
        found.append(np.multiply.accumulate(powers))
    return found[0], found[1]


def _mixed(values: NDArray[np.uint64]) -> Hashes:
    """Well spread 32 bits of each value, by the last steps of SplitMix64."""
    spread = (values ^ (values >> np.uint64(30))) * _MIX[0]
    spread = (spread ^ (spread >> np.uint64(27))) * _MIX[1]
    return (spread >> np.uint64(32)).astype(np.uint32)
