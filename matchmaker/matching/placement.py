"""On which chains of the plan a record stands, by its text: a probability each, and for none.

Three things speak for a chain: that the record means what the chain's description says (cosine in
the encoder's space), that it uses the chain's words, each by its grade, and what a reader of whole
sentences makes of it, where there is one for the plan. Fields outside the plan are described in the
same way as chains, so that "on none" is not merely what is left over. The three are weighed, and a
softmax turns them into probabilities that were fitted to labelled records.

What persons confirmed or corrected moves the log odds by a linear function of the record's vector,
which ``placement_learning`` fits; without any it is zero.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from matchmaker.domain.matchable import Matchable
from matchmaker.domain.plan import Plan, Words
from matchmaker.matching.encoder import Encoder
from matchmaker.matching.lexical import folded
from matchmaker.matching.reader import Reads
from matchmaker.matching.script import script_of
from matchmaker.matching.vectors import encode_records

Values = NDArray[np.float64]

# Read so far: what comes first says what a record is about.
_READ: Final = 1_200
# A word of the title counts so often; one of the text once, however often it stands there.
_IN_TITLE: Final = 3.0
# What a word of each grade counts; fitted with WEIGHING.
_COUNTS: Final = {"decisive": 1.5, "usual": 1.0, "hints": 0.5}
_START: Final = 2
# So many words tell a person why.
_REASONS: Final = 4
# What describes a topic: name and description, its own words, the same in English.
_PASSAGES: Final = 3


@dataclass(frozen=True, slots=True)
class Weighing:
    """How much meaning, words and the reader count, and the log odds of standing outside the plan.

    ``outside`` is added to each field outside, ``nothing`` stands for whatever has no description.
    """

    meaning: float
    words: float
    outside: float
    nothing: float
    reading: float = 0.0


# Fitted with the shipped encoder and reader to labelled records with texts that the reader was not
# taught (docs/decisions/0025); `evaluate-chains` says what a fit gives.
WEIGHING: Final = Weighing(
    meaning=4.666, words=2.366, outside=-0.315, nothing=-11.832, reading=0.502
)
# Where no reader knows the plan's chains; fitted to the demo world and 3,253 records (0016).
WITHOUT_READER: Final = Weighing(meaning=9.483, words=4.368, outside=-0.081, nothing=5.925)
# For texts in another script than the plan's words, which can only be read by their meaning.
ACROSS: Final = Weighing(meaning=25.951, words=0.0, outside=-0.513, nothing=-2.824)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What was read of records: (n, topics) each, and their vectors (n, dimension).

    ``reading`` (n, chains + 1) are the reader's log probabilities, 0 where nothing was read;
    ``chinese`` (n,): whether a record is written in the script of the plan's words.
    """

    meaning: Values
    words: Values
    reading: Values
    vectors: NDArray[np.float32]
    chinese: NDArray[np.bool_]

    def __len__(self) -> int:
        """The number of records."""
        return len(self.vectors)

    def take(self, rows: NDArray[np.int64]) -> Evidence:
        """Some of the records."""
        return Evidence(
            meaning=self.meaning[rows],
            words=self.words[rows],
            reading=self.reading[rows],
            vectors=self.vectors[rows],
            chinese=self.chinese[rows],
        )


class Lexicon:
    """The words of every topic, found in a text from left to right, the longest first."""

    def __init__(self, topics: Sequence[Mapping[str, float]]) -> None:
        """``topics``: the folded words of each, and how much each tells of it."""
        self._topics = len(topics)
        tells: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for number, words in enumerate(topics):
            for word, weight in words.items():
                tells[word].append((number, weight))
        self._tells = dict(tells)
        lengths: dict[str, set[int]] = defaultdict(set)
        for word in tells:
            lengths[word[:_START]].add(len(word))
        self._lengths = {start: sorted(found)[::-1] for start, found in lengths.items()}

    def read(self, title: str, text: str) -> Values:
        """How strongly each topic's words speak (topics,), more slowly the more there are."""
        sums = np.zeros(self._topics)
        for word, count in sorted(self._counted(title, text).items()):
            for topic, weight in self._tells[word]:
                sums[topic] += count * weight
        spoken: Values = np.log1p(sums)
        return spoken

    def telling(self, title: str, text: str, topics: Collection[int], most: int) -> list[str]:
        """The words that speak loudest for any of some topics, folded, the loudest first."""
        loud = {
            word: count * max(weight for topic, weight in told)
            for word, count in self._counted(title, text).items()
            if (told := [one for one in self._tells[word] if one[0] in topics])
        }
        return sorted(loud, key=lambda word: (-loud[word], word))[:most]

    def _counted(self, title: str, text: str) -> dict[str, float]:
        """The words of a record, and how often each counts."""
        counted = dict.fromkeys(self._found(folded(title)), _IN_TITLE)
        for word in set(self._found(folded(text[:_READ]))):
            counted[word] = counted.get(word, 0.0) + 1
        return counted

    def _found(self, text: str) -> list[str]:
        """The words of a folded text that do not overlap; Latin ones only as whole words."""
        found: list[str] = []
        place, end = 0, len(text)
        while place < end:
            word = self._longest(text, place)
            if word:
                found.append(word)
            place += len(word) or 1
        return found

    def _longest(self, text: str, place: int) -> str:
        """The longest word that stands at a place and is no part of another; empty if none does."""
        start = text[place : place + _START]
        for length in self._lengths.get(start, ()):
            word = text[place : place + length]
            if word in self._tells and not _inside_word(text, place, place + len(word)):
                return word
        return ""


def _counts(words: Words) -> dict[str, float]:
    """What each word of a topic counts, folded; all at once, for there are many."""
    return {
        word: count
        for grade, count in _COUNTS.items()
        for word in folded(" ".join(getattr(words, grade))).split()
    }


def _as_written(word: str, text: str) -> str:
    """A folded word as the text writes it."""
    found = re.search(re.escape(word), text, re.IGNORECASE)
    return found.group() if found else word


def _inside_word(text: str, start: int, end: int) -> bool:
    """Whether a stretch that is Latin at an edge goes on there."""
    before, after = text[start - 1 : start], text[end : end + 1]
    return (text[start].isascii() and before.isascii() and before.isalnum()) or (
        text[end - 1].isascii() and after.isascii() and after.isalnum()
    )


class PlanWords:
    """The words of a plan's chains, and after them of the fields outside: a placer's topics."""

    def __init__(self, plan: Plan) -> None:
        """Read the words of a plan; :func:`plan_words` keeps them."""
        self.codes: tuple[str, ...] = tuple(plan.chain_by_code)
        words = [one.words for one in plan.chain_by_code.values()]
        words += [one.words for one in plan.outside]
        self._topics = len(words)
        self.lexicon = Lexicon([_counts(one) for one in words])

    def reasons(self, title: str, text: str, code: str) -> tuple[str, ...]:
        """The words of a record that speak loudest for a chain, or, without a code, for none.

        Empty where no word is known, or none in the record's script.
        """
        if script_of(title) != "han":
            return ()
        topics = (self.codes.index(code),) if code else range(len(self.codes), self._topics)
        words = self.lexicon.telling(title, text, topics, _REASONS)
        return tuple(_as_written(word, f"{title}\n{text}") for word in words)


@lru_cache(maxsize=1)
def plan_words(plan: Plan) -> PlanWords:
    """The words of a plan, read once."""
    return PlanWords(plan)


class Placer:
    """Places records on the chains of one plan."""

    def __init__(self, plan: Plan, encoder: Encoder, reader: Reads | None) -> None:
        """Encode the descriptions of chains and of the fields outside."""
        words = plan_words(plan)
        self.reader = reader
        self.codes = words.codes
        self._lexicon = words.lexicon
        self._encoder = encoder
        passages = [
            (
                f"{one.zh}。{one.description_zh}",
                "、".join(one.words.decisive),
                f"{one.en}. {one.description_en}",
            )
            for one in plan.chain_by_code.values()
        ]
        passages += [(one.zh, "、".join(one.words.decisive), one.en) for one in plan.outside]
        self._topics = len(passages)
        self._passages = encoder.encode([text for row in passages for text in row])

    def reading_with(self, reader: Reads | None) -> Placer:
        """The same placer with another reader of the same answers."""
        other = copy(self)
        other.reader = reader
        return other

    @property
    def chains(self) -> int:
        """The number of chains; the topics after them are outside the plan."""
        return len(self.codes)

    def read(
        self, records: Sequence[Matchable], *, progress: Callable[[int], None] | None = None
    ) -> Evidence:
        """What records' texts say of every topic."""
        vectors = encode_records(self._encoder, records)
        alike = (
            (vectors @ self._passages.T).reshape(len(records), self._topics, _PASSAGES).max(axis=2)
        )
        words = np.array([self._lexicon.read(one.title, one.text) for one in records])
        chinese = np.array([script_of(one.title) == "han" for one in records], dtype=bool)
        return Evidence(
            meaning=alike.astype(np.float64),
            words=words.reshape(len(records), self._topics),
            reading=self._read(records, chinese, progress),
            vectors=vectors,
            chinese=chinese,
        )

    def log_odds(self, evidence: Evidence, weighing: Weighing | None = None) -> Values:
        """Unscaled log odds (n, chains + 1) without corrections; the last column is "on none"."""
        weighing = weighing or (WEIGHING if self.reader else WITHOUT_READER)
        read = evidence.chinese[:, None]
        return np.where(read, self._weigh(evidence, weighing), self._weigh(evidence, ACROSS))

    def _read(
        self,
        records: Sequence[Matchable],
        chinese: NDArray[np.bool_],
        progress: Callable[[int], None] | None,
    ) -> Values:
        """What the reader says of the records in the plan's script; it takes most of the time."""
        said = np.zeros((len(records), self.chains + 1))
        known = [one for one, read in zip(records, chinese, strict=True) if read and self.reader]
        if progress:
            progress(len(records) - len(known))
        if self.reader:
            said[chinese] = self.reader.read(known, progress=progress)
        return said

    def _weigh(self, evidence: Evidence, weighing: Weighing) -> Values:
        told = weighing.meaning * evidence.meaning + weighing.words * evidence.words
        outside = told[:, self.chains :] + weighing.outside
        nothing = np.full((len(evidence), 1), weighing.nothing)
        none = np.logaddexp.reduce(np.hstack([outside, nothing]), axis=1)
        weighed = np.column_stack([told[:, : self.chains], none])
        return weighed + weighing.reading * evidence.reading


def softmax(log_odds: Values) -> Values:
    """Probabilities (n, classes) whose rows sum to 1."""
    raised = np.exp(log_odds - log_odds.max(axis=1, keepdims=True))
    shares: Values = raised / raised.sum(axis=1, keepdims=True)
    return shares
