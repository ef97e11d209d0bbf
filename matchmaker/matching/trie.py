"""Words as paths through one array: where many words begin, all that begin there are found at once.

A state stands at an index of the array; the next state after a character stands at the state's base
plus the character's code, if that one names the first as the state before it (Aoe 1989,
doi:10.1109/32.31365). A step of any number of searches is therefore three look-ups.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

Ids = NDArray[np.int64]

NONE: Final = -1
_TRIED_TOGETHER: Final = np.arange(64)[:, None]


class Trie:
    """Words as rows (n, longest) of character codes from 1 on, filled up with zeros."""

    def __init__(self, words: Ids) -> None:
        """Place the states of all words in one array; a word's number is its row."""
        letters = int(words.max()) + 1
        before, codes, last = _states(words, letters)
        base = _bases(before, codes, letters)
        index = np.concatenate([[0], base[before] + codes])
        size = int(index.max()) + letters
        self._base: Ids = np.zeros(size, dtype=np.int64)
        self._before: Ids = np.full(size, NONE, dtype=np.int64)
        self.word: Ids = np.full(size, NONE, dtype=np.int64)  # the number of the word ending here
        self._base[index] = base
        self._before[index[1:]] = index[before]
        self.word[index[last]] = np.arange(len(words))

    def step(self, states: Ids, codes: Ids) -> tuple[Ids, Ids]:
        """Which searches (rows of ``states``) go on with the next code, and their next states.

        A search begins with the code of its first character as its state.
        """
        following = self._base.take(states) + codes
        going = np.flatnonzero(self._before.take(following) == states)
        return going, following.take(going)


def _states(words: Ids, letters: int) -> tuple[Ids, Ids, Ids]:
    """The state before each state but the first, the code between, and each word's last state.

    States are numbered by length, then by the state before: those after one stand together.
    """
    last = np.zeros(len(words), dtype=np.int64)
    before, codes, count = [], [], 1
    for column in words.T:
        longer = np.flatnonzero(column)
        paths, found = np.unique(last[longer] * letters + column[longer], return_inverse=True)
        last[longer] = count + found
        before.append(paths // letters)
        codes.append(paths % letters)
        count += len(paths)
    return np.concatenate(before), np.concatenate(codes), last


def _bases(before: Ids, codes: Ids, letters: int) -> Ids:
    """For each state a base from which none of its codes leads to an index already taken."""
    fans = np.bincount(before, minlength=len(codes) + 1)
    ends = np.cumsum(fans)
    base = np.zeros(len(fans), dtype=np.int64)
    taken = np.zeros(4 * (len(codes) + letters) + len(_TRIED_TOGETHER), dtype=bool)
    taken[codes[: ends[0]]] = True  # the first state's base is zero: its codes are states
    tried = 0
    for state in np.argsort(-fans[1:], kind="stable") + 1:
        if fans[state] == 1:
            break
        own = codes[ends[state] - fans[state] : ends[state]]
        while (clashes := taken[tried + _TRIED_TOGETHER + own].any(axis=1)).all():
            tried += len(_TRIED_TOGETHER)
        base[state] = tried + clashes.argmin()
        taken[base[state] + own] = True
    single = np.flatnonzero(fans[1:] == 1) + 1
    free = np.flatnonzero(~taken[letters:])[: len(single)] + letters
    base[single] = free - codes[ends[single] - 1]
    return base
