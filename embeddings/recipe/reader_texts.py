"""What the reader is taught: the plan's words first, then labelled and written texts.

Labels lie in ``data/gold``, most of them without their texts, which are other people's and lie in
the folders of the corpus and the bench. The part ``test`` of ``chains.jsonl`` is opened for its
titles alone: whatever has one of them is taught nowhere, so that it stays fit to measure with.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from embeddings.recipe.sources import CorpusError, rows
from matchmaker.matching.placement_evaluation import demo_labels, read_labels
from matchmaker.matching.reader import text_of

CHARACTERS: Final = 600  # of a text, beside its title; the rest seldom says another place
_CHARACTERS_OF_ABSTRACTS: Final = 130  # their labels were read from no more
_ABSTRACTS_OF_NONE: Final = 2  # every second one: papers of the world outside are too many
RECORDS_HELD: Final = ("dev", "late", "check")

_TAUGHT_PARTS: Final = ("more", "rest")
_NONE: Final = "none"
_GRADES: Final = (("decisive", 1.0), ("usual", 0.5))
_PLACES_OF_A_WORD: Final = 3  # one that speaks of more speaks of none
_KEY_LENGTH: Final = 16  # hexadecimal digits
# A text that somebody made up for a place, or an abstract that only resembles what firms are
# offered, counts for less than a record; half of that where its reader hesitated.
_RECORD_WEIGHT: Final = 1.0
_LIKENESS_WEIGHT: Final = 0.8
_DOUBT: Final = 0.5

_TITLED: Final = (
    "chinaxiv/zh_title_abstract.tsv",
    "csl/csl_bench_title_abstract.tsv",
    "csl/csl_bench_train_title_category.tsv",
)
_UNTITLED: Final = (
    "csl/fewclue_csl_abstract_keywords.tsv",
    "csl/fewclue_csldcp_abstract_discipline.tsv",
)


@dataclass(frozen=True, slots=True)
class Example:
    """A text with the places that are right for it, any of them, and how much it counts."""

    text: str
    places: tuple[int, ...]
    weight: float = 1.0


class Places:
    """The plan's chains, then the named fields outside it, then all the rest of the world.

    Fields outside are told apart in training because they are as unlike one another as chains are;
    what is told in the end is their sum.
    """

    def __init__(self, plan: Path) -> None:
        """Read them from the plan's file."""
        content = json.loads(plan.read_text(encoding="utf-8"))
        self._chains = [chain for cluster in content["clusters"] for chain in cluster["chains"]]
        self._fields = content["outside"]
        self.codes = tuple(chain["code"] for chain in self._chains)
        labels = [*self.codes, *(f"{_NONE}:{field['zh']}" for field in self._fields)]
        self.count = len(labels) + 1
        self._by_label: dict[str, tuple[int, ...]] = {
            label: (number,) for number, label in enumerate(labels)
        }
        self._by_label[_NONE] = tuple(range(len(self.codes), self.count))

    def of(self, label: str) -> tuple[int, ...]:
        """The places of a label: a chain's code, ``none``, or ``none:`` and a field's name."""
        try:
            return self._by_label[label]
        except KeyError:
            msg = f"The plan has no place {label}: data/gold and data/plan do not go together."
            raise CorpusError(msg) from None

    def own(self, chains: Sequence[str]) -> tuple[int, ...]:
        """The places of a record by its chains, of which the first is its own."""
        return self.of(chains[0] if chains else _NONE)

    def words(self) -> list[Example]:
        """The plan's graded words, its sentences and its names, each with its places.

        A word counts on the places that grade it highest.
        """
        grades: dict[str, dict[int, float]] = defaultdict(dict)
        places = [*self._chains, *self._fields]
        for number, place in enumerate(places):
            for grade, weight in _GRADES:
                for word in place["words"][grade].split():
                    grades[word][number] = max(grades[word].get(number, 0.0), weight)
        found: list[Example] = []
        for word, graded in grades.items():
            highest = max(graded.values())
            best = tuple(number for number, weight in graded.items() if weight == highest)
            if len(best) <= _PLACES_OF_A_WORD:
                found.append(Example(_asked(word), best, highest))
        for number, place in enumerate(places):
            said = (*place.get("description_zh", "").split("。"), place["zh"])
            found += [Example(_asked(text), (number,)) for text in said if text]
        return found

    def all_words(self) -> list[str]:
        """Every word of the plan, however it is graded."""
        return [
            word
            for place in (*self._chains, *self._fields)
            for group in place["words"].values()
            for word in group.split()
        ]


@dataclass(frozen=True)
class Sources:
    """Where labels and texts lie."""

    places: Places
    data: Path
    corpus: Path
    bench: Path

    def taught(self) -> list[Example]:
        """All labelled and written texts to train on."""
        found = [one for part in _TAUGHT_PARTS for one in self._records(part)]
        found += self._written()
        found += self._demo()
        found += self._titles("train")
        found += self._abstracts("train")
        return found

    def held(self) -> dict[str, list[Example]]:
        """Texts that are measured with after each epoch, by the name of their part."""
        found = {part: self._records(part) for part in RECORDS_HELD}
        found["titles"] = self._titles("held")
        found["abstracts"] = self._abstracts("held")
        return found

    def unlabelled(self) -> Iterator[str]:
        """Texts of every kind that the reader may meet: they choose the tokens that are kept."""
        for name in ("real-demands.jsonl", "real-outcomes.jsonl"):
            for row in _objects(self.bench / name):
                if self._may_be_read(row["title"]):
                    yield text_of(row["title"], row.get("text") or "", len(row.get("text") or ""))
        yield from filter(self._may_be_read, self._offered.values())
        for name in (*_TITLED, *_UNTITLED):
            for row in rows(self.corpus / name):
                if not self._may_be_read(row.get("title", "")):
                    continue
                yield " ".join(row.get(column, "") for column in ("title", "abstract", "keywords"))
        yield from self.places.all_words()
        yield from (example.text for example in self._demo())

    def _records(self, part: str) -> list[Example]:
        labelled = read_labels(self._gold / "chains.jsonl", self.bench, part)
        return [
            Example(text_of(record.title, record.text, CHARACTERS), self.places.own(chains))
            for record, chains in zip(labelled.records, labelled.chains, strict=True)
            if self._may_be_read(record.title)
        ]

    def _written(self) -> list[Example]:
        """Texts that were written for a place, in the manner of patents and papers."""
        return [
            Example(
                text_of(row["title"], row["text"], CHARACTERS),
                self.places.of(row["place"]),
                _LIKENESS_WEIGHT,
            )
            for row in rows(self._gold / "written.tsv")
            if self._may_be_read(row["title"])
        ]

    def _demo(self) -> list[Example]:
        labelled = demo_labels(self.data / "demo")
        return [
            Example(text_of(record.title, record.text, CHARACTERS), self.places.own(chains))
            for record, chains in zip(labelled.records, labelled.chains, strict=True)
            if self._may_be_read(record.title)
        ]

    def _titles(self, part: str) -> list[Example]:
        """Titles of outcomes that stand in the bench without a text."""
        labels = [row for row in _objects(self._gold / "titles.jsonl") if row["part"] == part]
        _all_there(labels, "id", self._offered, self.bench)
        return [
            Example(
                text_of(self._offered[row["id"]], "", CHARACTERS),
                self.places.own(row["chains"]),
                _weight(_RECORD_WEIGHT, row),
            )
            for row in labels
            if self._may_be_read(self._offered[row["id"]])
        ]

    def _abstracts(self, part: str) -> list[Example]:
        """Papers of the corpus, most of them with their abstract."""
        labels = [row for row in _objects(self._gold / "abstracts.jsonl") if row["part"] == part]
        _all_there(labels, "key", self._papers, self.corpus)
        chains = [row for row in labels if row["chains"]]
        none = [row for row in labels if not row["chains"]][::_ABSTRACTS_OF_NONE]
        return [
            Example(
                text_of(*self._papers[row["key"]], _CHARACTERS_OF_ABSTRACTS),
                self.places.own(row["chains"]),
                _weight(_LIKENESS_WEIGHT, row),
            )
            for row in (*chains, *none)
            if self._may_be_read(self._papers[row["key"]][0])
        ]

    @property
    def _gold(self) -> Path:
        return self.data / "gold"

    @cached_property
    def _kept_out(self) -> frozenset[str]:
        """The titles of the part ``test``, to keep them out; its labels are not looked at."""
        labelled = read_labels(self._gold / "chains.jsonl", self.bench, "test")
        return frozenset(_squeezed(record.title) for record in labelled.records)

    def _may_be_read(self, title: str) -> bool:
        return _squeezed(title) not in self._kept_out

    @cached_property
    def _offered(self) -> dict[str, str]:
        """Titles of the bench's second collection by id."""
        return {
            row["_id"]: row["title"] for row in _objects(self.bench / "bdci-dev" / "corpus.jsonl")
        }

    @cached_property
    def _papers(self) -> dict[str, tuple[str, str]]:
        """Titles and texts of the corpus by key; an abstract without a title stands as one."""
        found: dict[str, tuple[str, str]] = {}
        for name in _TITLED:
            for row in rows(self.corpus / name):
                found.setdefault(key_of(row["title"]), (row["title"], row.get("abstract", "")))
        for name in _UNTITLED:
            for row in rows(self.corpus / name):
                text = row["abstract"]
                found.setdefault(key_of(text), (text[:_CHARACTERS_OF_ABSTRACTS], ""))
        return found


def key_of(text: str) -> str:
    """What ``abstracts.jsonl`` calls a paper: a digest of its title, or without one its text."""
    return hashlib.sha256(_squeezed(text).encode()).hexdigest()[:_KEY_LENGTH]


def _asked(words: str) -> str:
    """Words as the base model expects them; they are not sentences, so no full stop follows."""
    return f"query: {words}"


def _weight(weight: float, row: dict[str, Any]) -> float:
    return weight * (_DOUBT if row["doubtful"] else 1.0)


def _squeezed(text: str) -> str:
    """Without white space: sources differ in that."""
    return "".join(text.split())


def _all_there(
    labels: Iterable[dict[str, Any]], name: str, known: dict[str, Any], folder: Path
) -> None:
    """Refuse to train on less than the recipe says."""
    missing = sum(row[name] not in known for row in labels)
    if missing:
        msg = f"{folder} does not hold {missing} of the texts that are labelled: not the same one."
        raise CorpusError(msg)


def _objects(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a JSON Lines file that has to be there."""
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except OSError as error:
        msg = f"{path} cannot be read ({error.strerror}). Name its folder with --bench or --data."
        raise CorpusError(msg) from error
    yield from (json.loads(line) for line in lines if line.strip())
