"""One index of near-duplicates in each process, kept in step with the database.

Published records are followed through the change sequence; the few that wait for a reviewer are
compared by their versions at every use. A large collection is sketched beside the request, once,
and kept in a file that the next start reads. The file is derived: deleting it loses nothing.
"""

from __future__ import annotations

import io
import json
import logging
import threading
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from matchmaker import __version__
from matchmaker.domain.visibility import REVIEW_STATES
from matchmaker.matching.arrays import write_arrays
from matchmaker.matching.duplicate_index import DuplicateIndex
from matchmaker.matching.duplicates import Content
from matchmaker.store.database import Database, UnitOfWork
from matchmaker.store.queries import duplicate as query
from matchmaker.store.queries import matching as changes
from matchmaker.store.queries.visibility import MODELS, listed

# A request sketches so many records itself (about a second); more are sketched beside it.
_AT_ONCE: Final = 10_000
_FILE: Final = "duplicates.npz"
_LOG: Final = logging.getLogger(__name__)


@dataclass(slots=True)
class _Published:
    """The sketches of everything published, up to a change and what that change was."""

    sequence: int
    mark: str | None
    indexes: dict[str, DuplicateIndex]


class _Waiting:
    """The sketches of the records of a noun that wait for review."""

    def __init__(self) -> None:
        self.index = DuplicateIndex()
        self.versions: dict[int, int] = {}


class DuplicateFollower:
    """Finds candidates among everything published or in review."""

    def __init__(self, database: Database, folder: Path, *, at_once: int = _AT_ONCE) -> None:
        """Nothing is read before the first question; ``folder`` is where the file lies.

        More than ``at_once`` records are sketched beside the question, not within it.
        """
        self._database = database
        self._at_once = at_once
        self._path = folder / _FILE
        self._lock = threading.Lock()
        self._published: _Published | None = None
        self._waiting = {noun: _Waiting() for noun in MODELS}
        self._making: threading.Thread | None = None

    def candidates(self, noun: str, content: Content) -> list[int]:
        """The keys of the records that could be nearly the same as a text.

        Sees what is committed, whatever transaction the caller is in. While a large collection is
        being sketched for the first time, only those in review are found.
        """
        with self._lock, self._database.reading() as uow:
            ready = self._advance(uow)
            waiting = self._wait(uow, noun)
            found = waiting.candidates(content)
            if ready is not None:
                known = set(found)
                found += [
                    key for key in ready.indexes[noun].candidates(content) if key not in known
                ]
        return found

    def finish(self) -> None:
        """Wait until a sketching that was begun beside a request is done."""
        if self._making is not None:
            self._making.join()

    def _advance(self, uow: UnitOfWork) -> _Published | None:
        """Bring the sketches of published records up to the last change; the lock is held."""
        last = changes.progress(uow).last_change
        held = self._published
        if held is not None and changes.change_mark(uow, held.sequence) != held.mark:
            held = None  # the database was replaced by another
        if held is None:
            held = self._from_file(uow)
        if held is None:
            if sum(changes.matched_count(uow, noun) for noun in MODELS) > self._at_once:
                self._make_beside()
                return None
            held = _sketched(uow)
        if held.sequence != last:
            changed = changes.changed_since(uow, held.sequence)
            for noun, index in held.indexes.items():
                keys = [key for one, key in changed if one == noun]
                for key in keys:
                    index.drop(key)
                for text in query.public_texts(uow, noun, _is_published(noun), keys):
                    index.put(text.id, Content(text.title, text.text))
            held.sequence, held.mark = last, changes.change_mark(uow, last)
        self._published = held
        return held

    def _wait(self, uow: UnitOfWork, noun: str) -> DuplicateIndex:
        """Bring the sketches of records in review up to their versions; the lock is held."""
        waiting = self._waiting[noun]
        condition = MODELS[noun].state.in_(REVIEW_STATES[noun])
        present = query.versions(uow, noun, condition)
        for key in waiting.versions.keys() - present.keys():
            waiting.index.drop(key)
        fresh = [key for key, version in present.items() if waiting.versions.get(key) != version]
        if fresh:
            for text in query.public_texts(uow, noun, condition, fresh):
                waiting.index.put(text.id, Content(text.title, text.text))
        waiting.versions = present
        return waiting.index

    def _make_beside(self) -> None:
        if self._making is None or not self._making.is_alive():
            self._making = threading.Thread(target=self._make, name="duplicates", daemon=True)
            self._making.start()

    def _make(self) -> None:
        """Sketch everything and write the file."""
        try:
            with self._database.reading() as uow:
                made = _sketched(uow)
        except Exception:  # noqa: BLE001 - a thread tells nobody else
            _LOG.exception("near-duplicates cannot be looked up yet; the next use tries again")
            return
        with self._lock:
            self._published = made
            self._write(made)

    def _from_file(self, uow: UnitOfWork) -> _Published | None:
        """The sketches of the file, if it belongs to this release and this database's history."""
        if not self._path.exists():
            return None
        try:
            # Read whole: of a broken file, numpy would leave the handle open.
            body = io.BytesIO(self._path.read_bytes())
            with np.load(body, allow_pickle=False) as stored:
                header = json.loads(stored["header"].tobytes())
                if header["release"] != __version__:
                    return None
                if changes.change_mark(uow, header["sequence"]) != header["mark"]:
                    return None
                indexes = {noun: DuplicateIndex.of_arrays(_of(stored, noun)) for noun in MODELS}
        except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile) as error:
            _LOG.warning("%s is not used: %s", self._path, error)
            return None
        return _Published(header["sequence"], header["mark"], indexes)

    def _write(self, made: _Published) -> None:
        """Write the file: whole or not at all. One that cannot be written is logged."""
        header = {"release": __version__, "sequence": made.sequence, "mark": made.mark}
        arrays: dict[str, Any] = {"header": np.frombuffer(json.dumps(header).encode(), np.uint8)}
        for noun, index in made.indexes.items():
            arrays |= {f"{noun}_{name}": array for name, array in index.arrays().items()}
        try:
            write_arrays(self._path, **arrays)
        except OSError as error:
            _LOG.warning("%s cannot be written: %s", self._path, error)


def _of(stored: Any, noun: str) -> dict[str, Any]:
    """The arrays of a noun."""
    start = f"{noun}_"
    return {name.removeprefix(start): stored[name] for name in stored if name.startswith(start)}


def _sketched(uow: UnitOfWork) -> _Published:
    """Sketches of everything published, read from the database."""
    last = changes.progress(uow).last_change
    indexes = {
        noun: DuplicateIndex(
            (text.id, Content(text.title, text.text))
            for text in query.public_texts(uow, noun, _is_published(noun))
        )
        for noun in MODELS
    }
    return _Published(last, changes.change_mark(uow, last), indexes)


def _is_published(noun: str) -> Any:
    return listed(noun)
