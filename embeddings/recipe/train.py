"""Train the shipped encoder: ``python -m embeddings.recipe.train --corpus ../shared/corpus``.

A static model: a text's vector is the normalised mean of its words' vectors. While it is trained a
word is the sum of its own vector and those of its characters and character bigrams, so that rare
words learn from their kin; the sums are folded into one vector a word when it is saved. The length
of a word's vector is its weight. Training draws the two texts of a pair together and apart from the
other texts of the batch (InfoNCE, van den Oord et al. 2018, arXiv:1807.03748, eq. 4).
"""

from __future__ import annotations

import argparse
import random
from collections import Counter
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from tqdm import tqdm

from embeddings.recipe import pairs, save, words
from embeddings.recipe.glosses import first_vectors, glosses

_LONGEST = 160  # words of a text that training looks at
_TEMPERATURE = 0.05
_OVERLAP_DROPOUT = 0.8


class Composed(torch.nn.Module):
    """Word vectors that are sums of a word's own vector and its n-grams', times a weight."""

    def __init__(
        self, vocabulary: list[str], first: NDArray[np.float32], weight: NDArray[np.float32]
    ) -> None:
        """Start from ``first`` (words, dimension) and positive ``weight`` (words,)."""
        super().__init__()
        self.gram_ids: torch.Tensor
        self.gram_starts: torch.Tensor
        grams = Counter(gram for word in vocabulary for gram in _grams(word))
        self.gram_index = {gram: i for i, (gram, n) in enumerate(sorted(grams.items())) if n > 1}
        listed = [
            [self.gram_index[gram] for gram in _grams(word) if gram in self.gram_index]
            for word in vocabulary
        ]
        self.register_buffer("gram_ids", torch.tensor([i for row in listed for i in row]))
        lengths = torch.tensor([len(row) for row in listed])
        self.register_buffer("gram_starts", torch.cat([torch.zeros(1).long(), lengths.cumsum(0)]))
        self.words = torch.nn.Embedding.from_pretrained(
            torch.from_numpy(first), freeze=False, sparse=True
        )
        self.grams = torch.nn.EmbeddingBag(len(grams), first.shape[1], mode="mean", sparse=True)
        torch.nn.init.zeros_(self.grams.weight)
        self.weights = torch.nn.Embedding.from_pretrained(
            torch.from_numpy(np.log(weight))[:, None], freeze=False, sparse=True
        )

    def vectors(self, ids: torch.Tensor) -> torch.Tensor:
        """The folded vectors (n, dimension) of words."""
        starts = self.gram_starts[ids]
        lengths = self.gram_starts[ids + 1] - starts
        offsets = torch.cat([torch.zeros(1).long(), lengths.cumsum(0)[:-1]])
        within = torch.arange(int(lengths.sum())) - offsets.repeat_interleave(lengths)
        gram_ids = self.gram_ids[starts.repeat_interleave(lengths) + within]
        composed = self.words(ids) + self.grams(gram_ids, offsets)
        folded: torch.Tensor = composed * self.weights(ids).exp()
        return folded

    def forward(self, flat: torch.Tensor, offsets: torch.Tensor) -> torch.Tensor:
        """Unit vectors of texts given as the concatenation of their word ids."""
        distinct, inverse = torch.unique(flat, return_inverse=True)
        table = self.vectors(distinct)
        summed = torch.nn.functional.embedding_bag(inverse, table, offsets, mode="mean")
        return torch.nn.functional.normalize(summed, dim=1)


def _grams(word: str) -> list[str]:
    """The characters and character bigrams of a word of several characters."""
    if len(word) == 1:
        return [word]
    return [*word, *(word[i : i + 2] for i in range(len(word) - 1))]


def _bags(texts: list[list[int]]) -> tuple[torch.Tensor, torch.Tensor]:
    lengths = [len(text) for text in texts]
    flat = torch.tensor([index for text in texts for index in text], dtype=torch.long)
    return flat, torch.tensor([0, *np.cumsum(lengths)[:-1]], dtype=torch.long)


def _without_overlap(a: list[int], b: list[int], rng: random.Random) -> tuple[list[int], list[int]]:
    """Remove shared words from one side with a probability.

    The lexical ranker sees shared words anyway; the encoder is to learn what it cannot see.
    """
    shared = set(a) & set(b)
    for word in shared:
        if rng.random() < _OVERLAP_DROPOUT:
            if rng.random() < 0.5:  # noqa: PLR2004 - either side
                a = [index for index in a if index != word]
            else:
                b = [index for index in b if index != word]
    return a, b


def _train(
    model: Composed, groups: dict[str, list[tuple[list[int], list[int]]]], args: argparse.Namespace
) -> None:
    """Run the epochs; every batch is of one kind of pair, so that its negatives are alike."""
    rng = random.Random(args.seed)  # noqa: S311 - reproducible, not secret
    optimiser = torch.optim.SparseAdam(model.parameters(), lr=args.rate)
    plan_length = sum(len(group) // args.batch for group in groups.values()) * args.epochs
    schedule = torch.optim.lr_scheduler.LinearLR(optimiser, 1.0, 0.05, plan_length)
    with tqdm(total=plan_length, desc="training", unit="batch") as progress:
        for _epoch in range(args.epochs):
            batches = []
            for name, group in sorted(groups.items()):
                rng.shuffle(group)
                batches += [
                    (name, group[i : i + args.batch])
                    for i in range(0, len(group) - args.batch + 1, args.batch)
                ]
            rng.shuffle(batches)
            for name, batch in batches:
                if name == "monolingual":
                    batch = [_without_overlap(a, b, rng) for a, b in batch]  # noqa: PLW2901 - the batch as trained on
                batch = [(a, b) for a, b in batch if a and b]  # noqa: PLW2901 - as above
                left = model(*_bags([a for a, _ in batch]))
                right = model(*_bags([b for _, b in batch]))
                scores = left @ right.T / _TEMPERATURE
                truth = torch.arange(len(batch))
                loss = (
                    torch.nn.functional.cross_entropy(scores, truth)
                    + torch.nn.functional.cross_entropy(scores.T, truth)
                ) / 2
                optimiser.zero_grad()
                loss.backward()
                optimiser.step()
                schedule.step()
                progress.update()
                progress.set_postfix(kind=name, loss=f"{loss.item():.3f}")


def _encode(
    tokenizer: Tokenizer, group: list[tuple[str, str]]
) -> list[tuple[list[int], list[int]]]:
    flat = [text[:600] for pair in group for text in pair]
    ids = [encoding.ids[:_LONGEST] for encoding in tokenizer.encode_batch(flat)]
    return [(a, b) for a, b in zip(ids[::2], ids[1::2], strict=True) if a and b]


def main() -> None:
    """Train and save."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--corpus", type=Path, required=True, help="folder of the training corpus")
    parser.add_argument(
        "--bench", type=Path, help="folder whose patents and demands are read as text"
    )
    parser.add_argument("--teacher", type=Path, help="English sentence encoder (default: MiniLM)")
    parser.add_argument("--output", type=Path, default=Path("embeddings/model"))
    parser.add_argument("--size", type=int, default=44_000, help="words of the vocabulary")
    parser.add_argument("--dimension", type=int, default=256)
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--batch", type=int, default=512)
    parser.add_argument("--rate", type=float, default=5e-3)
    parser.add_argument("--seed", type=int, default=20)
    args = parser.parse_args()
    torch.manual_seed(args.seed)
    torch.use_deterministic_algorithms(mode=True)

    kinds = {
        "monolingual": pairs.monolingual(args.corpus, args.bench),
        "parallel": pairs.parallel(args.corpus),
        "terms": pairs.terms(args.corpus),
    }
    print({name: len(group) for name, group in kinds.items()})
    texts = sorted({text for group in kinds.values() for pair in group for text in pair})
    tokenizer = words.build(args.corpus, texts, args.size)
    vocabulary = [
        word for word, _ in sorted(tokenizer.get_vocab().items(), key=lambda item: item[1])
    ]
    counts = np.bincount(
        np.concatenate([encoding.ids for encoding in tokenizer.encode_batch(texts)]),
        minlength=len(vocabulary),
    )
    # Smooth inverse frequency (Arora et al. 2017, eq. 3) as the first weight of a word.
    weight = (1e-3 / (1e-3 + counts / counts.sum())).astype(np.float32)
    first = first_vectors(
        args.teacher or save.minilm(),
        glosses(args.corpus, vocabulary),
        vocabulary,
        args.dimension,
        args.seed,
    )
    model = Composed(vocabulary, first, weight)
    _train(model, {name: _encode(tokenizer, group) for name, group in kinds.items()}, args)
    with torch.no_grad():
        table = model.vectors(torch.arange(len(vocabulary))).numpy()
    table[0] = 0  # an unknown character says nothing
    save.save(args.output, tokenizer, table)
    print(f"saved to {args.output}")


if __name__ == "__main__":
    main()
