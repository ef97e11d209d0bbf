"""Measure an encoder: ``python -m embeddings.recipe.evaluate --bench DIR --corpus DIR``.

Prints what the model card claims: ranking on labelled pairs by the dense similarity alone, finding
translations across languages on texts that were never trained on, and speed.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from embeddings.recipe.sources import rows, trains
from matchmaker.matching.encoder import Encoder, load_encoder
from matchmaker.matching.evaluation import evaluate, read_bench

Vectors = NDArray[np.float32]
_LENGTH = 200


def recall(queries: Vectors, answers: Vectors, top: int = 10) -> float:
    """Share of queries (n, d) whose own answer is among the ``top`` nearest of answers (n, d)."""
    scores = queries @ answers.T
    own = np.diag(scores)[:, None]
    return float(((scores > own).sum(axis=1) < top).mean())


def across_languages(encoder: Encoder, corpus: Path) -> dict[str, float]:
    """recall@10 from English, Japanese and Korean to Chinese, on held-out texts."""
    held = [
        row
        for row in rows(corpus / "chinaxiv" / "zh_en_title_abstract_parallel.tsv")
        if not trains(row) and row["abstract_zh"] and row["abstract_en"]
    ]
    news = list(rows(corpus / "parallel" / "ntrex_en_zh_ja_ko.tsv"))
    chinese = encoder.encode([row["zh_cn"] for row in news])
    found = {
        f"en → zh, {len(held)} abstracts": recall(
            encoder.encode([row["abstract_en"] for row in held]),
            encoder.encode([row["abstract_zh"] for row in held]),
        )
    }
    for language in ("en", "ja", "ko"):
        queries = encoder.encode([row[language] for row in news])
        found[f"{language} → zh, {len(news)} sentences"] = recall(queries, chinese)
    return found


def texts_a_second(encoder: Encoder, corpus: Path) -> tuple[float, int]:
    """Texts of 200 characters encoded in a second, and of how many that was measured.

    Beginnings of abstracts, no two alike: of repeated texts the library remembers the words.
    """
    abstracts = (row["abstract"] for row in rows(corpus / "chinaxiv" / "zh_title_abstract.tsv"))
    texts = sorted({text[:_LENGTH] for text in abstracts if len(text) >= _LENGTH})
    encoder.encode(texts[:100])  # what is made ready once is not counted
    start = time.perf_counter()
    encoder.encode(texts)
    return len(texts) / (time.perf_counter() - start), len(texts)


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description="Measure an encoder.")
    parser.add_argument("--encoder", default="embeddings/model")
    parser.add_argument("--bench", type=Path, help="labelled pairs in the BEIR layout")
    parser.add_argument("--corpus", type=Path, help="folder of the training corpus")
    args = parser.parse_args()
    encoder = load_encoder(args.encoder)
    if args.bench:
        print("ranking by dense similarity alone")
        for name, value in evaluate(read_bench(args.bench), encoder, systems=["dense"])[
            "dense"
        ].items():
            print(f"  {name:32} {value:.4f}")
    if args.corpus:
        print("recall@10 across languages")
        for name, value in across_languages(encoder, args.corpus).items():
            print(f"  {name:32} {value:.4f}")
        speed, count = texts_a_second(encoder, args.corpus)
        print(f"texts of {_LENGTH} characters a second   {speed:,.0f} ({count:,} real ones)")


if __name__ == "__main__":
    main()
