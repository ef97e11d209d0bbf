"""Measure matching across languages: ``python -m tests.benchmarks.languages``. No test: figures.

Twenty outcomes in Chinese, each with a demand that asks for it in Chinese, Japanese, Korean and
English, written for this (``languages.jsonl``); the outcomes stand among those of the demo world.
What is told is the share of demands whose outcome is among the first five, by language. Ten more
(``languages_later.jsonl``) in Chinese and Korean were written after the lexicon's first words.
"""

# ruff: noqa: T201 - a benchmark prints

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from matchmaker.domain.matchable import Matchable
from matchmaker.matching.encoder import load_encoder
from matchmaker.matching.engine import Engine
from matchmaker.matching.vectors import encode_records
from matchmaker.settings import Settings
from tests.benchmarks.consortium import outcome_of, rows

FILES: Final = ("languages.jsonl", "languages_later.jsonl")
LANGUAGES: Final = ("zh", "ja", "ko", "en")
FIRST: Final = (1, 5, 10)
_OWN: Final = 10_000  # keys of the outcomes written for this begin here


def cases(name: str) -> list[dict[str, list[str]]]:
    """Title and text by ``outcome`` and by language of the demand."""
    lines = (Path(__file__).parent / name).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def engine_of(written: list[dict[str, list[str]]]) -> Engine:
    """The shipped encoder and ranking over the outcomes of the demo world and those written."""
    encoder = load_encoder(Settings().encoder_location)
    outcomes = [outcome_of(key, row) for key, row in enumerate(rows("outcomes"))]
    outcomes += [
        Matchable(id=_OWN + key, title=title, text=text, organisation_id=_OWN + key)
        for key, (title, text) in enumerate(one["outcome"] for one in written)
    ]
    vectors = encode_records(encoder, outcomes)
    engine = Engine(encoder)
    engine.apply(
        [("outcome", one, vector) for one, vector in zip(outcomes, vectors, strict=True)], [], 1
    )
    return engine


def places(engine: Engine, written: list[dict[str, list[str]]], language: str) -> list[int]:
    """Where each demand's own outcome stands, from 1; a large number where it is not listed."""
    found = []
    for key, (title, text) in enumerate(one[language] for one in written):
        demand = Matchable(id=key, title=title, text=text, organisation_id=1)
        (vector,) = encode_records(engine.encoder, [demand])
        listed = engine.suggest(demand, "demand", vector=vector, top=max(FIRST), floor=0.0)
        ids = [one.id for one in listed]
        found.append(ids.index(_OWN + key) + 1 if _OWN + key in ids else 1_000)
    return found


def main() -> None:
    """Print a table for each file."""
    for name in FILES:
        tell(name)


def tell(name: str) -> None:
    """Print the table of a file."""
    written = cases(name)
    engine = engine_of(written)
    print(name, *(f"recall@{top}" for top in FIRST), "missed at 5")
    for language in (one for one in LANGUAGES if one in written[0]):
        found = places(engine, written, language)
        shares = [sum(place <= top for place in found) / len(found) for top in FIRST]
        missed = [written[key]["outcome"][0] for key, place in enumerate(found) if place > 5]
        print(language, *(f"{share:.2f}" for share in shares), "; ".join(missed))


if __name__ == "__main__":
    main()
