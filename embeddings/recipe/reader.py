"""Train the reader: ``python -m embeddings.recipe.reader --corpus DIR --bench DIR``.

Two courses on multilingual-e5-small. First the plan's graded words with their places, so that each
place's trade is known before any record is read; the lower layers stay as they are. Then labelled
and written texts through the upper half alone: what the lower half makes of a text is computed once
and kept. Needs requirements-train.txt, and hours of one core.
"""

from __future__ import annotations

import argparse
import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from tqdm import tqdm

from embeddings.recipe.reader_base import Reading, Upper, base_tokenizer
from embeddings.recipe.reader_export import export
from embeddings.recipe.reader_texts import (
    CHARACTERS,
    RECORDS_HELD,
    Example,
    Places,
    Sources,
)

_TOKENS: Final = 192  # of a text that is read: its title and some 300 characters
_CUT: Final = 6  # layers whose states are kept
_READ_TOGETHER: Final = 32
_ALIKE: Final = 16  # batches whose texts are sorted by length, so that little is padded
_WARM: Final = 0.06  # share of the steps in which the rate rises
_DECAY: Final = 0.01
_LONGEST_GRADIENT: Final = 1.0
_MASK: Final = "<mask>"
_QUICK: Final = 200

Inputs = list[torch.Tensor]  # a text each: its tokens, or the states of its lower layers
Held = dict[str, tuple[Inputs, NDArray[np.int64]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """How long and how fast something is learnt."""

    name: str
    epochs: int
    batch: int
    rate: float
    head_rate: float


_WORDS: Final = Course(name="words", epochs=2, batch=48, rate=1e-4, head_rate=2e-3)
_WORDS_FROZEN: Final = 5  # layers
_WORDS_HIDDEN: Final = 0.1  # share of tokens
_TEXTS: Final = Course(name="texts", epochs=2, batch=32, rate=1e-4, head_rate=1e-3)


class _Training:
    """One model, one optimiser, one schedule, one source of chance."""

    def __init__(
        self, model: Reading | Upper, inputs: Inputs, examples: Sequence[Example], course: Course
    ) -> None:
        """Plan the epochs; ``inputs`` are what ``model`` reads of ``examples``."""
        self.model, self.inputs, self.course = model, inputs, course
        self.right = torch.zeros(len(examples), model.head.out_features, dtype=torch.bool)
        for row, example in enumerate(examples):
            self.right[row, list(example.places)] = True
        self.weights = torch.tensor([example.weight for example in examples])
        head = set(model.head.parameters())
        body = [one for one in model.parameters() if one.requires_grad and one not in head]
        groups = [
            {"params": body, "lr": course.rate},
            {"params": list(model.head.parameters()), "lr": course.head_rate},
        ]
        self.optimiser = torch.optim.AdamW(groups, weight_decay=_DECAY)
        self.planned = course.epochs * math.ceil(len(inputs) / course.batch)
        self.schedule = torch.optim.lr_scheduler.LambdaLR(self.optimiser, self._share_of_rate)

    def run(self, held: Held, chains: int, rng: random.Random) -> None:
        """Run the epochs and say after each how well the held-out texts are told."""
        with tqdm(total=self.planned, desc=self.course.name, unit="batch") as progress:
            for epoch in range(self.course.epochs):
                self.model.train()
                for rows in self._batches(rng):
                    loss = self._step(rows)
                    progress.update()
                    progress.set_postfix(loss=f"{loss:.3f}")
                told = [f"{name} {_measured(self.model, *held[name], chains)}" for name in held]
                progress.write(f"{self.course.name}, epoch {epoch + 1}: " + " | ".join(told))

    def _share_of_rate(self, step: int) -> float:
        """Up for the first steps, then down to nothing."""
        rise = min(1.0, (step + 1) / max(1.0, self.planned * _WARM))
        return rise * max(0.0, 1 - step / self.planned)

    def _batches(self, rng: random.Random) -> list[list[int]]:
        """The epoch's batches of rows in random order, each of texts of about one length."""
        size = self.course.batch
        order = list(range(len(self.inputs)))
        rng.shuffle(order)
        found = []
        for start in range(0, len(order), size * _ALIKE):
            alike = sorted(order[start : start + size * _ALIKE], key=self._length)
            found += [alike[at : at + size] for at in range(0, len(alike), size)]
        rng.shuffle(found)
        return found

    def _length(self, row: int) -> int:
        return len(self.inputs[row])

    def _step(self, rows: list[int]) -> float:
        """Learn from a batch: the right places together should be sure, whichever of them."""
        told = self.model(*_padded([self.inputs[row] for row in rows])).log_softmax(1)
        missed = -told.masked_fill(~self.right[rows], -1e9).logsumexp(1)
        weights = self.weights[rows]
        loss = (missed * weights).sum() / weights.sum()
        self.optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), _LONGEST_GRADIENT)
        self.optimiser.step()
        self.schedule.step()
        return float(loss)


def _padded(some: Inputs) -> tuple[torch.Tensor, torch.Tensor]:
    """Texts as one tensor, and where they are not padded; what pads them is never looked at."""
    lengths = torch.tensor([len(one) for one in some])
    together = torch.nn.utils.rnn.pad_sequence(some, batch_first=True)
    seen = torch.arange(int(lengths.max())) < lengths[:, None]
    return together.float() if together.is_floating_point() else together, seen


def _by_length(inputs: Inputs) -> list[list[int]]:
    """Rows in batches of texts of about one length, to be read and not learnt from."""
    order = sorted(range(len(inputs)), key=lambda row: len(inputs[row]))
    return [order[at : at + _READ_TOGETHER] for at in range(0, len(order), _READ_TOGETHER)]


def _measured(model: Reading | Upper, inputs: Inputs, true: NDArray[np.int64], chains: int) -> str:
    """Macro-F1 and accuracy of the most probable place, all outside the plan being one."""
    model.eval()
    given = np.zeros(len(inputs), dtype=np.int64)
    with torch.no_grad():
        for rows in _by_length(inputs):
            told = model(*_padded([inputs[row] for row in rows])).log_softmax(1)
            none = told[:, chains:].logsumexp(1, keepdim=True)
            given[rows] = torch.cat([told[:, :chains], none], 1).argmax(1).numpy()
    scores = [
        2 * ((true == one) & (given == one)).sum() / ((true == one).sum() + (given == one).sum())
        for one in np.unique(true)
    ]
    return f"F1 {np.mean(scores):.3f} accuracy {(true == given).mean():.3f}"


def _tokens(tokenizer: Tokenizer, examples: Sequence[Example]) -> Inputs:
    tokenizer.enable_truncation(_TOKENS)
    encodings = tokenizer.encode_batch([example.text for example in examples])
    return [torch.tensor(encoding.ids) for encoding in encodings]


def _states(reading: Reading, inputs: Inputs) -> Inputs:
    """What the lower layers make of texts, in half precision: a gigabyte, not two."""
    reading.eval()
    found: Inputs = [torch.empty(0)] * len(inputs)
    with torch.no_grad():
        for rows in tqdm(_by_length(inputs), desc="lower layers", unit="batch"):
            states = reading.lower(*_padded([inputs[row] for row in rows]), _CUT)
            for row, own in zip(rows, states, strict=True):
                found[row] = own[: len(inputs[row])].half()
    return found


def _true(examples: Sequence[Example], chains: int) -> NDArray[np.int64]:
    """The chain of each example, or the number after the last one."""
    return np.array([min(example.places[0], chains) for example in examples])


def _train(
    reading: Reading,
    tokenizer: Tokenizer,
    words: Sequence[Example],
    taught: Sequence[Example],
    held: dict[str, list[Example]],
    chains: int,
    seed: int,
) -> None:
    """Both courses, each with the seed anew, so that the second does not hang on the first."""
    asked: Held = {}
    for name, examples in held.items():
        asked[name] = (_tokens(tokenizer, examples), _true(examples, chains))
    reading.hide(tokenizer.token_to_id(_MASK), _WORDS_HIDDEN)
    course = _Training(reading, _tokens(tokenizer, words), words, _WORDS)
    course.run({name: asked[name] for name in RECORDS_HELD[:2]}, chains, _chance(seed))

    states = _states(reading, _tokens(tokenizer, taught))
    known = {name: (_states(reading, inputs), true) for name, (inputs, true) in asked.items()}
    torch.manual_seed(seed)
    _Training(Upper(reading, _CUT), states, taught, _TEXTS).run(known, chains, _chance(seed))
    reading.eval()


def _chance(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 - reproducible, not secret


def _some(examples: list[Example], seed: int) -> list[Example]:
    """A few of them, for a quick run."""
    return _chance(seed).sample(examples, min(_QUICK, len(examples)))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--corpus", type=Path, required=True, help="folder of the training corpus")
    parser.add_argument("--bench", type=Path, required=True, help="folder of the labelled texts")
    parser.add_argument("--data", type=Path, default=Path("data"), help="plan, labels, demo world")
    parser.add_argument("--out", type=Path, default=Path("embeddings/reader"))
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--threads", type=int, default=1, help="sums over several differ in their last digits"
    )
    parser.add_argument(
        "--quick", action="store_true", help=f"{_QUICK} words and texts: does it run at all?"
    )
    return parser.parse_args()


def main() -> None:
    """Train and save."""
    args = _arguments()
    torch.manual_seed(args.seed)
    torch.use_deterministic_algorithms(mode=True)
    torch.set_num_threads(args.threads)

    places = Places(args.data / "plan" / "plan.json")
    sources = Sources(places, args.data, args.corpus, args.bench)
    words, taught, held = places.words(), sources.taught(), sources.held()
    print(f"{len(words)} words, {len(taught)} texts; held out:", {k: len(held[k]) for k in held})
    if args.quick:
        words, taught = _some(words, args.seed), _some(taught, args.seed)
        held = {name: _some(examples, args.seed) for name, examples in held.items()}
    reading = Reading(places.count, frozen=_WORDS_FROZEN)
    _train(reading, base_tokenizer(), words, taught, held, len(places.codes), args.seed)
    export(
        reading,
        places.codes,
        sources.unlabelled(),
        args.out,
        characters=CHARACTERS,
        tokens=_TOKENS,
    )
    print(f"saved to {args.out}")


if __name__ == "__main__":
    main()
