"""Cutting many texts at once into the words that the library cuts each of them into.

A Unigram tokenizer cuts a text at white space and around punctuation and Latin words into pieces,
and a piece into the words whose scores add up to most (Viterbi; Kudo 2018, arXiv:1804.10959). The
library does so character by character, one text after the other. Here step k looks at the k-th
character of every piece of a batch. Scores are added as the library adds them and of equal cuts
the one with the longer last word is kept, so that the words are the library's to the last one.
Texts with a character that is no word are left to the library.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from matchmaker.matching.trie import NONE, Ids, Trie

if TYPE_CHECKING:
    from tokenizers import Tokenizer

# The only way to make pieces that is known here: what the recipe of the shipped encoder writes.
_PIECES: Final = {
    "type": "Sequence",
    "pretokenizers": [
        {"type": "WhitespaceSplit"},
        {
            "type": "Split",
            "pattern": {"Regex": r"[a-z0-9]+(?:-[a-z0-9]+)*|\p{P}|\p{S}"},
            "behavior": "Isolated",
            "invert": False,
        },
    ],
}
_UNKNOWN, _SPACE, _FIRST = 0, 1, 2  # codes of characters
_SPACES: Final = " \t\n\r"
_ALONE, _LATIN, _OTHER = 0, 1, 2  # characters of the last two kinds stay together


class Segmenter:
    """The vocabulary of a Unigram tokenizer, made ready for batches."""

    def __init__(self, tokenizer: Tokenizer, vocabulary: Sequence[tuple[str, float]]) -> None:
        """Take over the vocabulary of a tokenizer that :func:`segmenter` found suitable."""
        self._tokenizer = tokenizer
        characters = "".join(word for word, _ in vocabulary if len(word) == 1 and word != "\0")
        self._codes: Ids = np.zeros(0x110000, dtype=np.int64)
        self._codes[_points(characters)] = np.arange(_FIRST, _FIRST + len(characters))
        words = np.array([word for word, _ in vocabulary])
        listed = self._codes[words.view(np.uint32).reshape(len(words), -1)]
        spelt = (listed != _UNKNOWN).sum(axis=1) == [len(word) for word, _ in vocabulary]
        self._ids = np.flatnonzero(spelt)
        self._scores = np.array([score for _, score in vocabulary])[spelt]
        self._trie = Trie(listed[spelt])
        self._codes[_points(_SPACES)] = _SPACE
        self._kinds = self._kinds_of(characters)

    def _kinds_of(self, characters: str) -> NDArray[np.int8]:
        """The kind of each code; the library tells what stands alone."""
        doubled = " ".join(one * 2 for one in characters)
        pieces = self._tokenizer.pre_tokenizer.pre_tokenize_str(doubled)
        alone = {piece for piece, _ in pieces if len(piece) == 1}
        kinds = [
            _ALONE if one in alone else _LATIN if one.isascii() else _OTHER for one in characters
        ]
        return np.array([_ALONE] * _FIRST + kinds, dtype=np.int8)

    def cut(self, texts: Sequence[str]) -> list[Ids]:
        """The ids of each text's words."""
        normal = [self._tokenizer.normalizer.normalize_str(text) for text in texts]
        codes = self._codes.take(_points(" ".join([*normal, ""])))
        text = np.repeat(np.arange(len(normal)), [len(one) + 1 for one in normal])
        strange = np.unique(text[codes == _UNKNOWN])
        codes[np.isin(text, strange)] = _SPACE

        kept = np.flatnonzero(codes != _SPACE)
        words = self._words(codes.take(kept), self._begins(codes).take(kept))
        begin = words != NONE
        counts = np.bincount(text.take(kept[begin]), minlength=len(normal))
        cut = np.split(self._ids.take(words[begin]), np.cumsum(counts))[:-1]
        for index in strange.tolist():
            encoding = self._tokenizer.encode(texts[index], add_special_tokens=False)
            cut[index] = np.array(encoding.ids, dtype=np.int64)
        return cut

    def _begins(self, codes: Ids) -> NDArray[np.bool_]:
        """Where pieces begin: a hyphen between letters or digits belongs to their piece."""
        kinds = self._kinds.take(codes)
        latin = kinds == _LATIN
        between = (codes[1:-1] == self._codes[ord("-")]) & latin[:-2] & latin[2:]
        kinds[1:-1][between] = _LATIN
        begins = np.ones(len(codes), dtype=bool)
        begins[1:] = (kinds[1:] != kinds[:-1]) | (kinds[1:] == _ALONE)
        return begins

    def _words(self, codes: Ids, begins: NDArray[np.bool_]) -> Ids:
        """For each character the word that begins with it, or none."""
        if not len(codes):
            return codes
        columns = _columns(codes, begins)
        words, origins = self._forwards(columns)
        found = np.full(len(columns.codes), NONE)
        ends = columns.ends
        while len(ends):
            starts = origins.take(ends)
            found[starts] = words.take(ends)
            ends = starts[starts >= columns.bounds[1]]
        return found.take(columns.places)

    def _forwards(self, columns: _Columns) -> tuple[Ids, Ids]:
        """For each place the last word of the best cut up to it, and where that begins."""
        candidates = list(self._candidates(columns))
        best = np.full(len(columns.codes), -np.inf)
        best[: columns.bounds[1]] = 0
        words, origins = np.empty_like(columns.codes), np.empty_like(columns.codes)
        for column in range(1, len(columns.bounds) - 1):
            for one in candidates:
                span = slice(*one.bounds[column : column + 2])
                if span.start == span.stop:
                    continue
                ends, starts = one.ends[span], one.starts[span]
                sums = best.take(starts) + one.scores[span]
                better = np.flatnonzero(sums >= best.take(ends))
                ends = ends.take(better)
                best[ends] = sums.take(better)
                words[ends] = one.words[span].take(better)
                origins[ends] = starts.take(better)
        return words, origins

    def _candidates(self, columns: _Columns) -> Iterator[_Candidates]:
        """The words that stand anywhere, by length."""
        starts = np.flatnonzero(columns.codes)
        states = columns.codes.take(starts)
        ends = columns.following.take(starts)
        while len(starts):
            words = self._trie.word.take(states)
            whole = np.flatnonzero(words != NONE)
            words, found = words.take(whole), ends.take(whole)
            bounds = np.searchsorted(found, columns.bounds).tolist()
            yield _Candidates(starts.take(whole), found, words, self._scores.take(words), bounds)
            going, states = self._trie.step(states, columns.codes.take(ends))
            starts, ends = starts.take(going), columns.following.take(ends.take(going))


@dataclass(frozen=True, slots=True)
class _Columns:
    """The places of a batch: the first of every piece, then the second, longest pieces first.

    A place stands before each character of a piece and one after the last.
    """

    bounds: Ids  # where each column begins and the last ends
    codes: Ids  # of the character at each place; zero at the end of a piece
    following: Ids  # the place after each
    places: Ids  # of each character of the texts, in their order
    ends: Ids  # of each piece


@dataclass(frozen=True, slots=True)
class _Candidates:
    """Words of one length: the places where they start and end, in order of the columns."""

    starts: Ids
    ends: Ids
    words: Ids
    scores: NDArray[np.float64]
    bounds: list[int]  # where those that end in each column begin


def _columns(codes: Ids, begins: NDArray[np.bool_]) -> _Columns:
    firsts = np.flatnonzero(begins)
    sizes = np.diff(firsts, append=len(codes))
    rows = np.empty_like(sizes)
    rows[np.argsort(-sizes, kind="stable")] = np.arange(len(sizes))
    heights = len(sizes) - np.cumsum(np.bincount(sizes + 1))[:-1]
    bounds = np.concatenate([[0], np.cumsum(heights)])
    within = np.arange(len(codes)) - np.repeat(firsts, sizes)
    places = bounds.take(within) + np.repeat(rows, sizes)
    at = np.zeros(bounds[-1], dtype=np.int64)
    at[places] = codes
    following = np.arange(len(at)) + np.repeat(heights, heights)
    return _Columns(bounds, at, following, places, bounds.take(sizes) + rows)


def segmenter(tokenizer: Tokenizer) -> Segmenter | None:
    """A quick way to cut as a tokenizer does, if it is one of the kind that is known here."""
    told = json.loads(tokenizer.to_str())
    known = (
        told["model"]["type"] == "Unigram"
        and told["pre_tokenizer"] == _PIECES
        and told["normalizer"]
        and not told["added_tokens"]
    )
    return Segmenter(tokenizer, told["model"]["vocab"]) if known else None


def _points(letters: str) -> NDArray[np.uint32]:
    return np.frombuffer(letters.encode("utf-32-le"), dtype="<u4")
