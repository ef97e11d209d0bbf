"""Fit the ranking: ``python -m embeddings.recipe.rank --corpus DIR --bench DIR``.

Counts the n-grams of titles outside any collection, fits weights, curve and cuts to labelled pairs,
and writes both beside the encoder. Deterministic; takes seconds.
"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

from embeddings.recipe.sources import json_lines, rows, trains
from matchmaker.matching.encoder import load_encoder
from matchmaker.matching.evaluation import read_bench
from matchmaker.matching.fitting import fit_ranking
from matchmaker.matching.lexical import Background, grams
from matchmaker.matching.systems import compare_all, labelled_demands, labels_checksum

_RAREST = 3  # n-grams of fewer titles say little about their language


def background(corpus: Path, bench: Path | None) -> Background:
    """How many research and patent titles hold each n-gram."""
    titles = [
        row["title"] for row in rows(corpus / "chinaxiv" / "zh_title_abstract.tsv") if trains(row)
    ]
    titles += [row["title"] for row in rows(corpus / "csl" / "csl_bench_train_title_category.tsv")]
    if bench is not None:
        titles += [row["title"] for row in json_lines(bench / "real-outcomes.jsonl")]
    counted = Counter(gram for title in titles for gram in set(grams(title)))
    kept = {gram: float(count) for gram, count in counted.items() if count >= _RAREST}
    return Background(len(titles), kept)


def main() -> None:
    """Fit and write."""
    parser = argparse.ArgumentParser(description="Fit the ranking.")
    parser.add_argument("--corpus", type=Path, required=True, help="folder of the training corpus")
    parser.add_argument("--bench", type=Path, required=True, help="folder with bdci-dev/ in it")
    parser.add_argument("--model", type=Path, default=Path("embeddings/model"))
    args = parser.parse_args()
    known = background(args.corpus, args.bench)
    bench = read_bench(args.bench / "bdci-dev")
    features = compare_all(bench.demands, bench.outcomes, load_encoder(args.model), known)
    labelled = labelled_demands(features, bench.labels, bench.demand_ids, bench.outcome_ids)
    ranking = fit_ranking(list(labelled.values()), known, labels_checksum(bench.labels))
    ranking.write(args.model)
    print(f"{len(known.frequency or {}):,} n-grams of {known.texts:,} titles; {ranking.weights}")


if __name__ == "__main__":
    main()
