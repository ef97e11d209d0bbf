"""Train the shipped encoder: ``python -m embeddings.recipe.train --corpus ../shared/corpus``.

A static model: a text's vector is the normalised mean of its words' vectors. While it is trained a
word is the sum of its own vector and those of its characters and character bigrams, so that rare
words learn from their kin; the sums are folded into one vector a word when it is saved. The length
of a word's vector is its weight. Training draws the two texts of a pair together and apart from the
other texts of the batch (InfoNCE, van den Oord et al. 2018, arXiv:1807.03748, eq. 4), and texts of
one subject together.
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

from embeddings.recipe import batches, pairs, save, words
from embeddings.recipe.batches import IdPair, Ids
from embeddings.recipe.finish import finished
from embeddings.recipe.glosses import first_vectors, glosses

_LONGEST = 160  # words of a text that training looks at
_CHARACTERS = 600
_THREADS = 1  # sums over several threads differ in their last digits
_TEMPERATURE = 0.05
_SUBJECT_TEMPERATURE = 0.1
_ENCODED_TOGETHER = 2_048
_DOMAIN_REPEATED = 2  # patents and demands lie nearest to what the platform is for
_CHINESE = ("domain", "monolingual")


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


def _contrast(
    left: torch.Tensor, right: torch.Tensor, same: torch.Tensor, temperature: float
) -> torch.Tensor:
    """Cross entropy between who is nearest and who belongs together, as shares of ``same``."""
    scores = left @ right.T / temperature
    wanted = same / same.sum(1, keepdim=True)
    loss: torch.Tensor = -(wanted * torch.log_softmax(scores, 1)).sum(1).mean()
    return loss


class _Trainer:
    """One optimiser, one schedule, one source of chance for all kinds of batches."""

    def __init__(
        self,
        model: Composed,
        groups: dict[str, list[IdPair]],
        families: list[dict[str, list[Ids]]],
        args: argparse.Namespace,
    ) -> None:
        """Plan the epochs."""
        self.model, self.groups, self.families, self.args = model, groups, families, args
        self.rng = random.Random(args.seed)  # noqa: S311 - reproducible, not secret
        self.optimiser = torch.optim.SparseAdam(model.parameters(), lr=args.rate)
        of_pairs = sum(len(group) // args.batch for group in groups.values())
        self.planned = (of_pairs + args.subjects) * args.epochs
        self.schedule = torch.optim.lr_scheduler.LinearLR(self.optimiser, 1.0, 0.05, self.planned)

    def run(self) -> None:
        """Run the epochs; every batch is of one kind of pair, so that its negatives are alike."""
        with tqdm(total=self.planned, desc="training", unit="batch") as progress:
            for epoch in range(self.args.epochs):
                for name, batch in self._batches(epoch):
                    loss = self._loss_of_subjects() if batch is None else self._loss(name, batch)
                    self.optimiser.zero_grad()
                    loss.backward()
                    self.optimiser.step()
                    self.schedule.step()
                    progress.update()
                    progress.set_postfix(kind=name, loss=f"{loss.item():.3f}")

    def _batches(self, epoch: int) -> list[tuple[str, list[IdPair] | None]]:
        """The epoch's batches in random order; ``None`` is one of subjects, drawn at its turn."""
        found: list[tuple[str, list[IdPair] | None]] = []
        for name, group in sorted(self.groups.items()):
            self.rng.shuffle(group)
            ordered = group
            if epoch and name in _CHINESE:
                ordered = batches.neighbours_together(group, self._encode, epoch)
            found += [(name, batch) for batch in batches.cut(ordered, self.args.batch)]
        found += [("subjects", None)] * self.args.subjects
        self.rng.shuffle(found)
        return found

    def _loss(self, name: str, batch: list[IdPair]) -> torch.Tensor:
        """InfoNCE both ways: each text's partner against the partners of the others."""
        if name in _CHINESE:
            batch = [batches.without_overlap(pair, self.rng) for pair in batch]
        batch = [(a, b) for a, b in batch if a and b]
        left = self.model(*_bags([a for a, _ in batch]))
        right = self.model(*_bags([b for _, b in batch]))
        own = torch.eye(len(batch))
        there = _contrast(left, right, own, _TEMPERATURE)
        return (there + _contrast(right, left, own, _TEMPERATURE)) / 2

    def _loss_of_subjects(self) -> torch.Tensor:
        """Texts of one subject together (Khosla et al. 2020, arXiv:2004.11362, eq. 2)."""
        batch, told = batches.of_subjects(self.families, self.args.batch, self.rng)
        numbers = {name: number for number, name in enumerate(sorted(set(told)))}
        subject = torch.tensor([numbers[name] for name in told])
        left = self.model(*_bags([a for a, _ in batch]))
        right = self.model(*_bags([b for _, b in batch]))
        return _contrast(left, right, (subject[:, None] == subject).float(), _SUBJECT_TEMPERATURE)

    def _encode(self, texts: list[Ids]) -> NDArray[np.float32]:
        """Vectors of texts under the model as it is now."""
        with torch.no_grad():
            parts = [
                self.model(*_bags(texts[start : start + _ENCODED_TOGETHER])).numpy()
                for start in range(0, len(texts), _ENCODED_TOGETHER)
            ]
        return np.concatenate(parts).astype(np.float32)


def _ids(tokenizer: Tokenizer, texts: list[str]) -> list[Ids]:
    cut = [text[:_CHARACTERS] for text in texts]
    return [encoding.ids[:_LONGEST] for encoding in tokenizer.encode_batch(cut)]


def _encode(tokenizer: Tokenizer, group: list[tuple[str, str]]) -> list[IdPair]:
    ids = _ids(tokenizer, [text for pair in group for text in pair])
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
    parser.add_argument("--dimension", type=int, default=512)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--batch", type=int, default=512)
    parser.add_argument("--subjects", type=int, default=100, help="batches of subjects an epoch")
    parser.add_argument("--rate", type=float, default=5e-3)
    parser.add_argument("--seed", type=int, default=20)
    args = parser.parse_args()
    torch.manual_seed(args.seed)
    torch.use_deterministic_algorithms(mode=True)
    torch.set_num_threads(_THREADS)

    kinds = {
        "monolingual": pairs.monolingual(args.corpus, args.bench),
        "parallel": pairs.parallel(args.corpus),
        "terms": pairs.terms(args.corpus),
    }
    print({name: len(group) for name, group in kinds.items()})
    texts = sorted({text for group in kinds.values() for pair in group for text in pair})
    kinds["domain"] = pairs.domain(args.bench) * _DOMAIN_REPEATED
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
    families = [
        {name: _ids(tokenizer, texts) for name, texts in family.items()}
        for family in pairs.subjects(args.corpus)
    ]
    groups = {name: _encode(tokenizer, group) for name, group in kinds.items() if group}
    _Trainer(model, groups, families, args).run()
    with torch.no_grad():
        table = model.vectors(torch.arange(len(vocabulary))).numpy()
    table[0] = 0  # an unknown character says nothing
    titles = [a for a, _ in pairs.domain(args.bench)] or [a for a, _ in kinds["monolingual"]]
    save.save(args.output, tokenizer, finished(table, tokenizer, sorted(set(titles))))
    print(f"saved to {args.output}")


if __name__ == "__main__":
    main()
