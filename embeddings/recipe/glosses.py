"""First vectors of words: the meaning that an English sentence encoder gives to their glosses.

A Chinese, Japanese or Korean word starts where its English gloss lies, an English word where it
lies itself, so that the four languages share one space before training begins.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from embeddings.recipe.pairs import gloss
from embeddings.recipe.sources import rows


def glosses(corpus: Path, words: list[str]) -> dict[str, str]:
    """An English gloss for each word that some dictionary knows; English words gloss themselves."""
    known: dict[str, str] = {}
    for row in rows(corpus / "lexicon" / "cedict.tsv"):
        known.setdefault(row["simplified"].lower(), gloss(row["english_defs"]))
    for row in rows(corpus / "chinaxiv" / "zh_en_term_pairs.tsv"):
        known.setdefault(row["zh"].lower(), row["en"])
    for row in rows(corpus / "lexicon" / "wordnet_zh_en_ja_ko.tsv"):
        english = row["en"].split("|")[0].strip()
        if english:
            for language in ("zh", "ja", "ko"):
                for lemma in row[language].split("|"):
                    known.setdefault(lemma.strip().lower(), english)
    return {
        word: word if word.isascii() and word.isalpha() else known[word]
        for word in words
        if (word.isascii() and word.isalpha() and len(word) > 1) or known.get(word)
    }


def first_vectors(
    teacher: Path, glossed: dict[str, str], words: list[str], dimension: int, seed: int
) -> NDArray[np.float32]:
    """Unit vectors (len(words), dimension) by PCA of the teacher's vectors of the glosses.

    A word without a gloss gets the mean of its characters' vectors, else a small random one.
    """
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(teacher), device="cpu")
    texts = sorted(set(glossed.values()))
    place = {text: index for index, text in enumerate(texts)}
    vectors = model.encode(
        texts, batch_size=256, normalize_embeddings=True, show_progress_bar=True
    ).astype(np.float32)
    vectors -= vectors.mean(axis=0)
    _values, basis = np.linalg.eigh(vectors.T @ vectors)
    reduced = vectors @ basis[:, ::-1][:, :dimension]
    reduced /= np.linalg.norm(reduced, axis=1, keepdims=True) + 1e-9

    generator = np.random.default_rng(seed)
    made = generator.normal(0, 0.1 / np.sqrt(dimension), (len(words), dimension))
    index = {word: position for position, word in enumerate(words)}
    for word, text in glossed.items():
        # Dimensions beyond the teacher's keep a little noise: training fills them.
        made[index[word], : reduced.shape[1]] = reduced[place[text]]
    for word in words:
        parts = [index[char] for char in word if char in glossed] if word not in glossed else []
        if parts:
            made[index[word]] = made[parts].mean(axis=0)
    return made.astype(np.float32)
