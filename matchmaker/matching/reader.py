"""A reader of whole sentences: how likely a Chinese text speaks of each chain of the plan.

Words are counted one by one and cannot tell a vehicle's rubber seal from a seal of rubber; a
contextual encoder reads them together. The shipped one is small (twelve layers of 384 numbers),
fine-tuned by ``embeddings/recipe/reader.py`` and served by ONNX Runtime in whole numbers, so that
no page waits for torch. It answers for the chains it was taught and no others: under a plan with
other chains there is no reader, and meaning and words decide alone.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from matchmaker.domain.errors import DomainError
from matchmaker.domain.matchable import Matchable
from matchmaker.domain.plan import Plan
from matchmaker.matching.arrays import write_arrays

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

_MODEL: Final = "model.onnx"
_TOKENIZER: Final = "tokenizer.json"
_ABOUT: Final = "reader.json"
# Somebody waits while a form is read: two halve the wait.
_THREADS: Final = 2


class ReaderError(DomainError):
    """The reader cannot be loaded; the message says where it should lie and what to do."""

    code = "reader"


def text_of(title: str, text: str, characters: int) -> str:
    """What is read of a record: its title, then the beginning of its text without the title."""
    said, more = (" ".join(part.split()) for part in (title, text))
    if more.startswith(said):
        more = more[len(said) :].lstrip("。")
    return f"query: {said}。{more[:characters]}"


class Reads(Protocol):
    """Whatever says how likely records stand on each chain."""

    @property
    def checksum(self) -> str:
        """SHA-256 (hex) over what decides the answers."""

    def read(
        self, records: Sequence[Matchable], *, progress: Callable[[int], None] | None = None
    ) -> NDArray[np.float64]:
        """Log probabilities (n, chains + 1); the last column is "on none"."""


class Reader:
    """A fine-tuned contextual encoder, read from a folder."""

    def __init__(self, folder: Path) -> None:
        """Load model and tokenizer; raises :class:`ReaderError`."""
        try:
            about = json.loads((folder / _ABOUT).read_text(encoding="utf-8"))
            self.codes: tuple[str, ...] = tuple(about["chains"])
            self._characters = int(about["characters"])
            self._tokenizer = _tokenizer(folder / _TOKENIZER, int(about["tokens"]))
            self._session = _session(folder / _MODEL)
            self.checksum = _checksum(folder)
        except Exception as error:
            msg = (
                f"The reader in {folder} cannot be loaded ({error}). Restore the folder from the "
                "project, or train it anew with `make reader`."
            )
            raise ReaderError(msg) from error

    def text_of(self, record: Matchable) -> str:
        """What this reader reads of a record."""
        return text_of(record.title, record.text, self._characters)

    def read(
        self, records: Sequence[Matchable], *, progress: Callable[[int], None] | None = None
    ) -> NDArray[np.float64]:
        """Log probabilities (n, chains + 1) of the own chain; the last column is "on none".

        One by one: whole numbers are scaled by what is read at once, and a record must not be
        read otherwise for the company it is in. ``progress`` is called after each with 1.
        """
        read = np.zeros((len(records), len(self.codes) + 1))
        for row, record in enumerate(records):
            tokens = np.array([self._tokenizer.encode(self.text_of(record)).ids], dtype=np.int64)
            read[row] = self._session.run(None, {"tokens": tokens})[0][0]
            if progress:
                progress(1)
        return read


class KeptReader:
    """A reader that knows what it said of the same texts before, from a file of figures.

    To read a record takes some 60 ms, and a run reads thousands that have not changed. The file
    holds digests of texts, never the texts; a foreign or broken one is not used.
    """

    def __init__(self, reader: Reader, path: Path) -> None:
        """Look up what was kept by a reader that answers alike."""
        self._reader, self._path = reader, path
        self._asked: dict[bytes, NDArray[np.float64]] = {}
        self._kept: dict[bytes, NDArray[np.float64]] = {}
        try:
            with np.load(path, allow_pickle=False) as kept:
                if str(kept["reader"]) == reader.checksum:
                    rows = zip(kept["digests"], kept["said"], strict=True)
                    self._kept = {digest.tobytes(): said for digest, said in rows}
        except (OSError, ValueError, KeyError, BadZipFile):
            pass  # nothing kept: everything is read anew

    @property
    def checksum(self) -> str:
        """The reader's own: the answers are the same."""
        return self._reader.checksum

    def read(
        self, records: Sequence[Matchable], *, progress: Callable[[int], None] | None = None
    ) -> NDArray[np.float64]:
        """What :meth:`Reader.read` says, read once a text."""
        read = np.zeros((len(records), len(self._reader.codes) + 1))
        for row, record in enumerate(records):
            digest = hashlib.sha256(self._reader.text_of(record).encode()).digest()
            said = self._asked.get(digest, self._kept.get(digest))
            self._asked[digest] = self._reader.read([record])[0] if said is None else said
            read[row] = self._asked[digest]
            if progress:
                progress(1)
        return read

    def keep(self) -> None:
        """Keep what was asked for, and nothing else, for the next run."""
        if not self._asked:
            return
        digests = np.array([np.frombuffer(one, np.uint8) for one in self._asked])
        said = np.array(list(self._asked.values()))
        write_arrays(self._path, digests=digests, said=said, reader=np.array(self.checksum))


def reader_of(plan: Plan, folder: Path) -> Reader | None:
    """The reader in a folder, if it knows the plan's chains; raises :class:`ReaderError`."""
    reader = Reader(folder)
    return reader if reader.codes == tuple(plan.chain_by_code) else None


def _tokenizer(path: Path, tokens: int) -> Tokenizer:
    from tokenizers import Tokenizer

    tokenizer: Tokenizer = Tokenizer.from_file(str(path))
    tokenizer.no_padding()
    tokenizer.enable_truncation(tokens)
    return tokenizer


def _session(path: Path) -> InferenceSession:
    """A session of two threads, which sleep meanwhile; processes that serve make it once forked."""
    from onnxruntime import InferenceSession, SessionOptions

    options = SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = _THREADS, 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return InferenceSession(path, options, providers=["CPUExecutionProvider"])


def _checksum(folder: Path) -> str:
    """SHA-256 (hex) over what decides the answers."""
    digest = hashlib.sha256()
    for name in (_ABOUT, _TOKENIZER, _MODEL):
        digest.update((folder / name).read_bytes())
    return digest.hexdigest()
