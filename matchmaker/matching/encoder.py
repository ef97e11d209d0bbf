"""Encoders: texts in, unit vectors out.

The shipped model is static: a text's vector is the normalised mean of its words' vectors. It is
served by ``tokenizers`` and NumPy, which give the library's vectors (tested against it) at a
fraction of its memory and start-up time; many texts are cut into words together. Anything else is
loaded by ``sentence_transformers``, imported only then: the import alone takes seconds.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Hashable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from matchmaker.domain.errors import DomainError
from matchmaker.matching.segmentation import Segmenter, segmenter
from matchmaker.matching.trie import Ids

if TYPE_CHECKING:
    from tokenizers import Tokenizer

_BATCH: Final = 1_024
_CHARACTERS: Final = 100_000  # of the texts that are cut together
_FEW: Final = 32  # texts that are cut sooner one by one
_STATIC_TYPES: Final = ("StaticEmbedding", "Normalize")
# Files that do not decide the vectors.
_INERT: Final = frozenset(
    {
        "README.md",
        ".gitattributes",
        "config_sentence_transformers.json",
        "ranking.json",
        "background.npz",
    }
)


class EncoderError(DomainError):
    """An encoder cannot be loaded; the message says which, why, and what to do."""

    code = "encoder"


class Encoder(Hashable, Protocol):
    """Turns texts into unit vectors."""

    @property
    def name(self) -> str:
        """Where it came from, for people."""

    @property
    def checksum(self) -> str:
        """SHA-256 (hex) over the files that decide the vectors."""

    @property
    def dimension(self) -> int:
        """Length of a vector."""

    def encode(
        self, texts: Sequence[str], *, progress: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        """Vectors (len(texts), dimension) of unit length; a text of unknown words gives zeros.

        ``progress`` is called with the number of texts done since the last call.
        """

    def words(self, text: str) -> list[tuple[str, int, int]]:
        """The words of a text as ``(word, start, end)`` with character offsets."""


def load_encoder(location: str | Path) -> Encoder:
    """Load the encoder at a path, or by its hub name; raises :class:`EncoderError`."""
    folder = Path(location)
    if folder.is_dir():
        if _is_static(folder):
            return StaticEncoder(folder)
        return LibraryEncoder(str(folder), checksum=_checksum(folder))
    if folder.is_absolute() or str(location).startswith((".", "~")) or folder.exists():
        msg = (
            f"No encoder at {location}: the folder does not exist. Set MATCHMAKER_ENCODER to a "
            "folder saved by sentence-transformers, or leave it empty for the shipped encoder."
        )
        raise EncoderError(msg)
    return LibraryEncoder(str(location), checksum=None)


class StaticEncoder:
    """A sentence-transformers folder of a StaticEmbedding, served without the library."""

    def __init__(self, folder: Path) -> None:
        """Read the tokenizer and the table of vectors; raises :class:`EncoderError`."""
        from safetensors.numpy import load_file
        from tokenizers import Tokenizer

        self.name = str(folder)
        part = folder / str(_modules(folder)[0].get("path", ""))
        try:
            self._tokenizer: Tokenizer = Tokenizer.from_file(str(part / "tokenizer.json"))
            self._table = load_file(part / "model.safetensors")["embedding.weight"].astype(
                np.float32, copy=False
            )
        except Exception as error:
            msg = (
                f"The encoder in {folder} cannot be read ({error}). Restore the folder from the "
                "project, or train it anew with `make train`."
            )
            raise EncoderError(msg) from error
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self.dimension = int(self._table.shape[1])
        self.checksum = _checksum(folder)

    def encode(
        self, texts: Sequence[str], *, progress: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        """Mean of the words' vectors, normalised, for each text."""
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        batches = list(_batches(texts))
        start = 0
        for batch, means in zip(batches, self._all_means(batches), strict=True):
            vectors[start : start + len(batch)] = means
            start += len(batch)
            if progress:
                progress(len(batch))
        return _unit(vectors)

    def _all_means(self, batches: list[list[str]]) -> Iterator[NDArray[np.float32]]:
        """The mean vectors of each batch, several batches at a time on as many cores."""
        if len(batches) <= 1 or self._segmenter is None:
            yield from map(self._means, batches)
        else:
            with ThreadPoolExecutor(os.cpu_count()) as pool:
                yield from pool.map(self._means, batches)

    def _means(self, texts: list[str]) -> NDArray[np.float32]:
        """The mean vector of each text's words; zeros where there are none."""
        from scipy import sparse

        cut = self._cut(texts)
        lengths = np.array([len(ids) for ids in cut])
        starts = np.concatenate([[0], np.cumsum(lengths)])
        flat = np.concatenate(cut).astype(np.int32)
        shares = np.repeat(1 / np.maximum(lengths, 1), lengths).astype(np.float32)
        # Row by row through the table, without a copy of every word's vector.
        counted = sparse.csr_array((shares, flat, starts), shape=(len(texts), len(self._table)))
        means: NDArray[np.float32] = counted @ self._table
        return means

    def _cut(self, texts: list[str]) -> list[Ids]:
        """The ids of each text's words."""
        if len(texts) >= _FEW and self._segmenter:
            return self._segmenter.cut(texts)
        encodings = self._tokenizer.encode_batch_fast(texts, add_special_tokens=False)
        return [np.array(encoding.ids, dtype=np.int64) for encoding in encodings]

    @cached_property
    def _segmenter(self) -> Segmenter | None:
        """Made ready when many texts come for the first time: that takes a third of a second."""
        return segmenter(self._tokenizer)

    def words(self, text: str) -> list[tuple[str, int, int]]:
        """The words of a text as ``(word, start, end)`` with character offsets."""
        encoding = self._tokenizer.encode(text, add_special_tokens=False)
        return [
            (token, start, end)
            for token, (start, end) in zip(encoding.tokens, encoding.offsets, strict=True)
        ]


class LibraryEncoder:
    """Any other model, through ``sentence_transformers``."""

    def __init__(self, location: str, *, checksum: str | None) -> None:
        """Load a folder or a hub model; raises :class:`EncoderError`."""
        import torch
        from sentence_transformers import SentenceTransformer

        self.name = location
        try:
            self._model: Any = SentenceTransformer(location, device="cpu")
        except Exception as error:
            msg = (
                f"The encoder {location} cannot be loaded ({type(error).__name__}). A hub name "
                "needs a connection to the hub or a copy in the cache; without one, set "
                "MATCHMAKER_ENCODER to a local folder or leave it empty for the shipped encoder."
            )
            raise EncoderError(msg) from error
        # Models saved in half precision: processors add those slowly and roughly.
        self._model.float()
        torch.set_num_threads(max(1, (os.cpu_count() or 1)))
        self.dimension = int(self._model.get_embedding_dimension() or 0)
        self.checksum = checksum or _weights_checksum(self._model)

    def encode(
        self, texts: Sequence[str], *, progress: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        """The model's vectors, normalised."""
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for start in range(0, len(texts), _BATCH):
            batch = list(texts[start : start + _BATCH])
            vectors[start : start + len(batch)] = self._model.encode(
                batch, batch_size=32, show_progress_bar=False, convert_to_numpy=True
            )
            if progress:
                progress(len(batch))
        return _unit(vectors)

    def words(self, text: str) -> list[tuple[str, int, int]]:
        """The tokens of a text, the parts of a word joined, with character offsets."""
        encoded = self._model.tokenizer(text, return_offsets_mapping=True, truncation=True)
        spans: list[list[int]] = []
        for start, end in encoded["offset_mapping"]:
            if start == end:
                continue
            inside_word = text[start].isascii() and text[start].isalnum()
            if spans and inside_word and spans[-1][1] == start and text[start - 1].isascii():
                spans[-1][1] = end
            else:
                spans.append([start, end])
        return [(text[start:end], start, end) for start, end in spans]


def _batches(texts: Sequence[str]) -> Iterator[list[str]]:
    """The texts in their order, as many together as are worth it and fit into little memory."""
    batch: list[str] = []
    size = 0
    for text in texts:
        if batch and size + len(text) > _CHARACTERS:
            yield batch
            batch, size = [], 0
        batch.append(text)
        size += len(text)
    if batch:
        yield batch


def _modules(folder: Path) -> list[dict[str, Any]]:
    try:
        listed = json.loads((folder / "modules.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        msg = f"{folder} is no sentence-transformers model: its modules.json cannot be read."
        raise EncoderError(msg) from error
    if not isinstance(listed, list) or not listed:
        msg = f"{folder}/modules.json lists no modules."
        raise EncoderError(msg)
    return listed


def _is_static(folder: Path) -> bool:
    """Whether the model is a StaticEmbedding, with or without a Normalize after it."""
    kinds = tuple(str(module.get("type", "")).rsplit(".", 1)[-1] for module in _modules(folder))
    return kinds in (_STATIC_TYPES[:1], _STATIC_TYPES)


def _checksum(folder: Path) -> str:
    """SHA-256 over names and contents of the files that decide the vectors, in a fixed order."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name not in _INERT:
            digest.update(path.relative_to(folder).as_posix().encode() + b"\0")
            with path.open("rb") as file:
                digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()


def _weights_checksum(model: Any) -> str:
    """SHA-256 over the names and values of a loaded model's weights."""
    digest = hashlib.sha256()
    for name, tensor in sorted(model.state_dict().items()):
        digest.update(name.encode() + b"\0")
        digest.update(tensor.contiguous().cpu().numpy().tobytes())
    return digest.hexdigest()


def _unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Rows scaled to unit length; rows of zeros stay zeros."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    np.divide(vectors, lengths, out=vectors, where=lengths > 0)
    return vectors
