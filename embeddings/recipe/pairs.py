"""The pairs that training draws together: two texts that say the same or belong together."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

from embeddings.recipe.sources import json_lines, rows, trains

Pair = tuple[str, str]
_LONGEST = 600  # characters of a text of a subject
_SENTENCES = 3  # of an abstract that stand for its subject beside the whole
_SHORTEST = 8
_FEWEST = 20  # texts of a subject worth telling from others
_OCR_DAMAGED = 0.02  # share of over-long English tokens from which spaces were lost

_SENTENCE_END = re.compile("[。；;.]")
_CODE_END = re.compile("[;；,， ]")


def monolingual(corpus: Path, bench: Path | None) -> list[Pair]:
    """Chinese titles, abstracts and keywords of the same work; patents and demands unlabelled."""
    found: list[Pair] = []
    for row in rows(corpus / "chinaxiv" / "zh_title_abstract.tsv"):
        if trains(row):
            found += _work(row["title"], row["abstract"], row["keywords"])
    for row in rows(corpus / "csl" / "csl_bench_title_abstract.tsv"):
        found += _work(row["title"], row["abstract"], row["keywords"])
    for row in rows(corpus / "csl" / "fewclue_csl_abstract_keywords.tsv"):
        if row["label"] == "1":
            found.append((row["keywords"], row["abstract"]))
    for row in rows(corpus / "csl" / "fewclue_csldcp_abstract_discipline.tsv"):
        found.append(_halves(row["abstract"]))
    if bench is not None:
        for record in json_lines(bench / "real-outcomes.jsonl"):
            found += [(record["title"], record["text"]), _halves(record["text"])]
        for record in json_lines(bench / "real-demands.jsonl"):
            found.append((record["title"], record["text"]))
    return _usable(found)


def domain(bench: Path | None) -> list[Pair]:
    """Titles and texts of patents and demands, unlabelled: what the platform is for."""
    if bench is None:
        return []
    found: list[Pair] = []
    for name in ("real-outcomes.jsonl", "real-demands.jsonl"):
        for record in json_lines(bench / name):
            title, text = record["title"], record["text"]
            first, second = _halves(text)
            found += [(title, text), (title, first), (title, second), (first, second)]
    return _usable(found)


def subjects(corpus: Path) -> list[dict[str, list[str]]]:
    """Texts by discipline, by library class and by category, each a way to cut the same world."""
    disciplines: dict[str, list[str]] = {}
    for row in rows(corpus / "csl" / "fewclue_csldcp_abstract_discipline.tsv"):
        if row["discipline"]:
            pieces = [one for one in _SENTENCE_END.split(row["abstract"]) if len(one) > _SHORTEST]
            told = [row["abstract"][:_LONGEST], *pieces[:_SENTENCES]]
            disciplines.setdefault(row["discipline"], []).extend(told)
    classes: dict[str, list[str]] = {}
    for row in rows(corpus / "chinaxiv" / "zh_title_abstract.tsv"):
        code = _CODE_END.split(row["clc"])[0][:2].strip()
        if trains(row) and len(code) == 2 and code[0].isalpha():  # noqa: PLR2004 - class and division
            classes.setdefault(code, []).extend([row["title"], row["abstract"][:_LONGEST]])
    categories: dict[str, list[str]] = {}
    for row in rows(corpus / "csl" / "csl_bench_train_title_category.tsv"):
        categories.setdefault(row["category"], []).append(row["title"])
    return [
        {name: texts for name, texts in sorted(family.items()) if len(texts) >= _FEWEST}
        for family in (disciplines, classes, categories)
    ]


def parallel(corpus: Path) -> list[Pair]:
    """The same sentence, title or abstract in two languages."""
    found: list[Pair] = []
    for row in rows(corpus / "chinaxiv" / "zh_en_title_abstract_parallel.tsv"):
        if trains(row) and float(row["en_long_token_ratio"] or 1) < _OCR_DAMAGED:
            found += [
                (row["title_zh"], row["title_en"]),
                (row["abstract_zh"], row["abstract_en"]),
                (row["title_zh"], row["abstract_en"]),
                (row["title_en"], row["abstract_zh"]),
            ]
    for row in rows(corpus / "sts" / "stsb_en_zh_ja_ko_aligned.tsv"):
        for number in ("1", "2"):
            texts = [row[language + number] for language in ("zh", "en", "ja", "ko")]
            found += list(combinations(texts, 2))
    for name, other in (("cmn", "eng"), ("jpn", "eng"), ("kor", "eng")):
        for row in rows(corpus / "parallel" / f"tatoeba_{name}_{other}.tsv"):
            found.append((row[name], row[other]))
    return _usable(found)


def terms(corpus: Path) -> list[Pair]:
    """Words and phrases that name the same thing in two languages."""
    found = [(row["zh"], row["en"]) for row in rows(corpus / "chinaxiv" / "zh_en_term_pairs.tsv")]
    for row in rows(corpus / "lexicon" / "wordnet_zh_en_ja_ko.tsv"):
        by_language = [_first(row[language]) for language in ("zh", "en", "ja", "ko")]
        found += list(combinations([text for text in by_language if text], 2))
    for row in rows(corpus / "lexicon" / "cedict.tsv"):
        found.append((row["simplified"], gloss(row["english_defs"])))
    return _usable(found)


def gloss(definitions: str) -> str:
    """The first definitions of a dictionary entry, without notes in brackets."""
    plain = "".join(_outside_brackets(definitions.replace("/", "; ")))
    return " ".join("; ".join(plain.split(";")[:3]).split())


def _outside_brackets(text: str) -> Iterator[str]:
    depth = 0
    for character in text:
        if character in "([":
            depth += 1
        elif character in ")]":
            depth = max(0, depth - 1)
        elif not depth:
            yield character


def _work(title: str, abstract: str, keywords: str) -> list[Pair]:
    return [(title, abstract), (keywords, abstract), (keywords, title)]


def _halves(text: str) -> Pair:
    """A text cut at the sentence end nearest to its middle."""
    ends = [index + 1 for index, character in enumerate(text) if character in "。.;；"]
    cut = min(ends, key=lambda end: abs(end - len(text) / 2), default=len(text) // 2)
    return text[:cut], text[cut:]


def _first(lemmas: str) -> str:
    return lemmas.split("|", maxsplit=1)[0].strip()


def _usable(pairs: list[Pair]) -> list[Pair]:
    return [(a.strip(), b.strip()) for a, b in pairs if a.strip() and b.strip()]
