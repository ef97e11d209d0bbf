"""From the trained reader to what is shipped: fewer tokens, ONNX, whole numbers.

Of the base model's 250,000 tokens nine in ten belong to languages that the platform does not hear,
and they are four fifths of its weights. Those that no text of ours has are cut away; single
characters stay, so that a word never seen is spelt and not lost.
"""

from __future__ import annotations

import json
import tempfile
import unicodedata
from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, Final

import torch
from tokenizers import Tokenizer

from embeddings.recipe.reader_base import Reading, base_tokenizer, tokenizer_parts

_SPECIAL: Final = 4  # begin, padding, end, unknown: the first tokens
_UNKNOWN: Final = 3
_BLANK: Final = "▁"  # how the tokenizer writes a space before a word
_LONGEST: Final = 4_000  # tokens of a text that are looked at
_TOGETHER: Final = 2_000
_FIRST_HAN, _LAST_HAN = "\u4e00", "\u9fff"
_KINDS: Final = frozenset("PSNZ")  # punctuation, symbols, numbers, separators
_TOKENS_SHOWN: Final = 500  # of the longest text that the exported model takes


class _Told(torch.nn.Module):
    """The reader as it is asked: one text's tokens in, log probabilities of chains and none out."""

    def __init__(self, reading: Reading, chains: int) -> None:
        """Of the first ``chains`` places each is told; the others are summed."""
        super().__init__()
        self.reading, self.chains = reading, chains

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        """Tokens (1, length) to log probabilities (1, chains + 1)."""
        told = self.reading(tokens, torch.ones_like(tokens, dtype=torch.bool)).log_softmax(1)
        none = torch.logsumexp(told[:, self.chains :], 1, keepdim=True)
        return torch.cat([told[:, : self.chains], none], 1)


def export(
    reading: Reading,
    codes: Sequence[str],
    texts: Iterable[str],
    folder: Path,
    *,
    characters: int,
    tokens: int,
) -> None:
    """Write ``model.onnx``, ``tokenizer.json`` and ``reader.json``; ``reading`` is pruned by it.

    ``texts`` choose the tokens that are kept; ``characters`` and ``tokens`` say how much of a
    record is read.
    """
    folder.mkdir(parents=True, exist_ok=True)
    parts = tokenizer_parts()
    kept = _kept(base_tokenizer(), parts["model"]["vocab"], texts)
    print(f"{len(kept)} of {len(parts['model']['vocab'])} tokens kept")
    _write(folder / "tokenizer.json", _pruned(parts, kept))
    reading.keep_tokens(kept)
    with tempfile.TemporaryDirectory() as between:
        exact = Path(between) / "exact.onnx"
        _save(_Told(reading, len(codes)).eval(), exact)
        _save_in_whole_numbers(exact, folder / "model.onnx")
    about = {"chains": list(codes), "characters": characters, "tokens": tokens}
    _write(folder / "reader.json", about, indent=1)


def _kept(tokenizer: Tokenizer, vocabulary: list[Any], texts: Iterable[str]) -> list[int]:
    """The numbers of the tokens that texts use, and of all characters that may come."""
    tokenizer.enable_truncation(_LONGEST)
    used = set(range(_SPECIAL))
    left = iter(texts)
    while some := list(islice(left, _TOGETHER)):
        for encoding in tokenizer.encode_batch(some):
            used.update(encoding.ids)
    used.update(number for number, (token, _) in enumerate(vocabulary) if _is_character(token))
    return sorted(used)


def _is_character(token: str) -> bool:
    """A single character of ASCII or Chinese, a mark or a number, with or without its blank."""
    bare = token.lstrip(_BLANK)
    if len(bare) != 1:
        return not bare
    if bare.isascii() or _FIRST_HAN <= bare <= _LAST_HAN:
        return True
    return unicodedata.category(bare)[0] in _KINDS


def _pruned(parts: dict[str, Any], kept: list[int]) -> dict[str, Any]:
    """The tokenizer with the kept tokens alone, numbered anew in their order."""
    number = {old: new for new, old in enumerate(kept)}
    vocabulary = parts["model"]["vocab"]
    special = [
        {**token, "id": number[token["id"]]}
        for token in parts["added_tokens"]
        if token["id"] in number
    ]
    framing = {
        name: {**frame, "ids": [number[old] for old in frame["ids"]]}
        for name, frame in parts["post_processor"]["special_tokens"].items()
    }
    return {
        **parts,
        "model": {
            **parts["model"],
            "vocab": [vocabulary[old] for old in kept],
            "unk_id": number[_UNKNOWN],
        },
        "added_tokens": special,
        "post_processor": {**parts["post_processor"], "special_tokens": framing},
    }


def _save(told: _Told, path: Path) -> None:
    """The reader in ONNX, for texts of any length up to :data:`_TOKENS_SHOWN` tokens."""
    told.reading.attend_plainly()
    example = torch.tensor([[0, 5, 6, 7, 8, 9, 2]])
    length = torch.export.Dim("length", min=2, max=_TOKENS_SHOWN)
    torch.onnx.export(
        told,
        (example,),
        str(path),
        input_names=["tokens"],
        output_names=["told"],
        dynamic_shapes={"tokens": {1: length}},
        dynamo=True,
        external_data=False,
    )


def _save_in_whole_numbers(exact: Path, path: Path) -> None:
    """Weights in eight bits, a scale a column: a fourth of the size.

    Their range is halved, because processors without VNNI add pairs of products in sixteen bits,
    which overflow otherwise: what is read must not depend on the machine that reads.
    """
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic

    quantize_dynamic(
        str(exact), str(path), weight_type=QuantType.QInt8, per_channel=True, reduce_range=True
    )
    model = onnx.load(str(path))
    _forget_origins(model.graph)
    onnx.save(model, str(path))


def _forget_origins(graph: Any) -> None:
    """Take out which lines of which files on this machine each step came from."""
    for part in (graph, *graph.node, *graph.value_info, *graph.input, *graph.output):
        del part.metadata_props[:]


def _write(path: Path, content: dict[str, Any], indent: int | None = None) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=indent), encoding="utf-8")
