"""One engine in each process, kept in step with the database.

Vectors in the database are truth, keyed by content and encoder; an engine is derived from them,
starts from a file when there is a fitting one, and follows the change sequence. Whatever is wrong
with the file, it is ignored: deleting it loses nothing.
"""

from __future__ import annotations

import hashlib
import logging
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final, cast

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import delete, update

from matchmaker import __version__
from matchmaker.domain.errors import DomainError
from matchmaker.domain.matchable import Matchable
from matchmaker.matching.encoder import Encoder
from matchmaker.matching.engine import Engine, Kind
from matchmaker.matching.snapshot import read_snapshot, write_snapshot
from matchmaker.matching.vectors import encode_records
from matchmaker.services.matchable import matchable
from matchmaker.store.change import Embedding, Progress, keep_vectors
from matchmaker.store.database import Database, UnitOfWork
from matchmaker.store.queries import matching as query

REBUILD: Final = "python -m matchmaker index rebuild"
KINDS: Final[tuple[Kind, ...]] = ("demand", "outcome")
_BATCH: Final = 256
# With more changes than this, an engine made beside the old one is as quick and blocks no reader.
_MANY: Final = 500
_ABANDONED_AFTER: Final = 600.0  # seconds
_LOG: Final = logging.getLogger(__name__)

Progressed = Callable[[int], None]
Vector = NDArray[np.float32]


class EncoderMismatchError(DomainError):
    """The loaded encoder is not the one that the stored vectors come from."""

    code = "encoder_mismatch"


class EngineFollower:
    """This process's engine. Safe to use from several threads."""

    def __init__(self, database: Database, load: Callable[[], Encoder], folder: Path) -> None:
        """Follow ``database``; ``load`` gives the encoder, ``folder`` holds index files."""
        self._database = database
        self._load = load
        self.folder = folder
        self._engine: Engine | None = None
        self._mark: str | None = None
        self._lock = threading.Lock()

    @cached_property
    def encoder(self) -> Encoder:
        """The configured encoder, loaded once."""
        return self._load()

    @property
    def version(self) -> str:
        """The engine's version, which tells the encoder too."""
        return Engine(self.encoder).version

    @property
    def at_hand(self) -> Engine | None:
        """The engine as it is, however old; None where it was never brought up."""
        return self._engine

    def current(self, *, wait: bool = False) -> Engine:
        """The engine, up to the last committed change: one small query where it is there already.

        While another thread brings it up, the engine is given as it is, unless ``wait``.
        Raises :class:`EncoderMismatchError` rather than mix vectors of two encoders.
        """
        with self._database.reading() as uow:
            row = query.progress(uow)
        engine = self._engine
        if engine is not None:
            require_encoder(row.encoder_checksum, engine.encoder)
            if engine.sequence == row.last_change:
                return engine
            if not wait and self._lock.locked():
                return engine
        with self._lock:
            return self._advance()

    def save(self) -> None:
        """Write the engine to its file, unless a file of the same change is there.

        A file that cannot be written is logged: the next start reads the database instead.
        """
        self.current(wait=True)
        with self._lock:
            if self._engine is None or self._mark is None:
                return
            path = self._path(self._engine.sequence, self._mark)
            try:
                if not path.exists():
                    write_snapshot(self._engine, path)
                self._tidy(path)
            except OSError as error:
                _LOG.warning("index file %s cannot be written: %s", path, error)

    def saved_sequence(self) -> int | None:
        """The change that the newest index file follows, if there is a file."""
        return next((sequence for sequence, _ in self._files()), None)

    def forget(self) -> None:
        """Drop engine and files, so that the next use reads the database."""
        with self._lock:
            self._engine, self._mark = None, None
            for _, path in self._files():
                path.unlink(missing_ok=True)

    def _advance(self) -> Engine:
        """Load or bring up the engine; the lock is held."""
        encoder = self.encoder
        with self._database.reading() as uow:
            row = query.progress(uow)
            require_encoder(row.encoder_checksum, encoder)
            engine = self._engine
            if engine is None:
                engine = self._from_file(uow)
            elif query.change_mark(uow, engine.sequence) != self._mark:
                engine = None  # the database was replaced by another
            changed = None if engine is None else query.changed_since(uow, engine.sequence)
            if engine is None or changed is None or len(changed) > _MANY:
                engine, changed = Engine(encoder), None
            upserts = _with_vectors(uow, encoder, read_published(uow, changed))
            mark = query.change_mark(uow, row.last_change)
        present = {(kind, record.id) for kind, record, _ in upserts}
        gone = [(cast("Kind", noun), key) for noun, key in changed or ()]
        engine.apply(upserts, [one for one in gone if one not in present], row.last_change)
        self._engine, self._mark = engine, mark
        return engine

    def _from_file(self, uow: UnitOfWork) -> Engine | None:
        """An engine from the newest file that belongs to this database's history, if any."""
        for sequence, path in self._files():
            mark = query.change_mark(uow, sequence)
            if mark is None or path != self._path(sequence, mark):
                continue
            engine = Engine(self.encoder)
            try:
                reason = read_snapshot(engine, path)
            except (OSError, ValueError, KeyError, TypeError) as error:
                reason = str(error)
            if reason is None and engine.sequence == sequence:
                return engine
            _LOG.warning("index file %s is not used: %s", path, reason)
        return None

    def _path(self, sequence: int, mark: str) -> Path:
        """A name that tells version, encoder and history, so that no file is taken for another."""
        told = f"{__version__} {self.encoder.checksum} {sequence} {mark}"
        return self.folder / f"{sequence}-{hashlib.sha256(told.encode()).hexdigest()[:24]}.index"

    def _files(self) -> list[tuple[int, Path]]:
        """The index files with their change numbers, newest change first."""
        found = []
        for path in self.folder.glob("*.index"):
            number = path.name.split("-")[0]
            if number.isdigit():
                found.append((int(number), path))
        return sorted(found, reverse=True)

    def _tidy(self, kept: Path) -> None:
        """Remove older files, and those that a killed process left half written."""
        for sequence, path in self._files():
            if path != kept and sequence <= int(kept.name.split("-")[0]):
                path.unlink(missing_ok=True)
        for path in self.folder.glob(".*.index.*"):
            if time.time() - path.stat().st_mtime > _ABANDONED_AFTER:
                path.unlink(missing_ok=True)


def require_encoder(stored: str, encoder: Encoder) -> None:
    """Refuse an encoder that is not the one of the stored vectors."""
    if stored and stored != encoder.checksum:
        msg = (
            f"The stored vectors were made by another encoder ({stored[:12]}) than the one "
            f"configured ({encoder.checksum[:12]}, {encoder.name}). Set MATCHMAKER_ENCODER back, "
            f"or encode everything anew with `{REBUILD}`."
        )
        raise EncoderMismatchError(msg)


def read_published(
    uow: UnitOfWork, changed: Iterable[tuple[str, int]] | None = None
) -> list[tuple[Kind, Matchable]]:
    """The published records, all or those among the changed, as the engine may see them."""
    named = None if changed is None else list(changed)
    found: list[tuple[Kind, Matchable]] = []
    for kind in KINDS:
        keys = None if named is None else [key for noun, key in named if noun == kind]
        found += [
            (kind, matchable(record, record.organisation.region_code))
            for record in query.matched_records(uow, kind, keys)
        ]
    return found


def ensure_vectors(
    database: Database,
    encoder: Encoder,
    changed: Iterable[tuple[str, int]] | None = None,
    *,
    progressed: Progressed | None = None,
) -> int:
    """Encode and store the vectors that published records lack; returns how many were made.

    Works in batches, each stored at once, so that what was done before a kill need not be repeated.
    ``progressed`` is told of every record, whether it had a vector or not.
    """
    with database.reading() as uow:
        require_encoder(query.progress(uow).encoder_checksum, encoder)
        records = _distinct(read_published(uow, changed))
        known = query.vector_hashes(uow, encoder.checksum, [one.content_hash for one in records])
    missing = [record for record in records if record.content_hash not in known]
    if progressed:
        progressed(len(records) - len(missing))
    for start in range(0, len(missing), _BATCH):
        batch = missing[start : start + _BATCH]
        vectors = _stored_form(batch, encode_records(encoder, batch))
        with database.unit_of_work() as uow:
            stored = query.progress(uow, lock=True).encoder_checksum
            require_encoder(stored, encoder)
            keep_vectors(uow, encoder.checksum, vectors)
            if not stored:
                uow.session.execute(update(Progress).values(encoder_checksum=encoder.checksum))
        if progressed:
            progressed(len(batch))
    return len(missing)


def rebuild(
    database: Database, follower: EngineFollower, *, progressed: Progressed | None = None
) -> int:
    """Encode every published record anew and drop all other vectors; returns how many records.

    New vectors stand beside the old ones until the last transaction makes them the ones that count:
    a kill before it leaves the old state usable. With another encoder than before, that transaction
    also says that nothing has been matched yet.
    """
    encoder = follower.encoder
    done: set[str] = set()
    while True:
        with database.reading() as uow:
            sequence = query.progress(uow).last_change
            records = _distinct(read_published(uow))
        fresh = [record for record in records if record.content_hash not in done]
        for start in range(0, len(fresh), _BATCH):
            batch = fresh[start : start + _BATCH]
            vectors = _stored_form(batch, encode_records(encoder, batch))
            with database.unit_of_work() as uow:
                keep_vectors(uow, encoder.checksum, vectors, replace=True)
            done |= vectors.keys()
            if progressed:
                progressed(len(batch))
        with database.unit_of_work() as uow:
            if query.progress(uow, lock=True).last_change == sequence:
                _switch(uow, encoder, {record.content_hash for record in records})
                break
    follower.forget()
    follower.save()
    return len(records)


def _switch(uow: UnitOfWork, encoder: Encoder, hashes: set[str]) -> None:
    """Make an encoder's vectors the ones that count; the rest goes."""
    if query.progress(uow).encoder_checksum != encoder.checksum:
        uow.session.execute(
            update(Progress).values(
                encoder_checksum=encoder.checksum, matched_through=0, ranked_through=0
            )
        )
    uow.session.execute(delete(Embedding).where(Embedding.encoder_checksum != encoder.checksum))
    unused = sorted(query.vector_hashes(uow, encoder.checksum) - hashes)
    for start in range(0, len(unused), _BATCH):
        uow.session.execute(
            delete(Embedding).where(Embedding.content_hash.in_(unused[start : start + _BATCH]))
        )


def _with_vectors(
    uow: UnitOfWork, encoder: Encoder, records: Sequence[tuple[Kind, Matchable]]
) -> list[tuple[Kind, Matchable, Vector]]:
    """Records with their stored vectors; one that is not stored yet is made, not kept.

    Whoever changed the record stores it a moment later; a reader writes nothing.
    """
    hashed = [(kind, record, record.content_hash) for kind, record in records]
    found = query.vectors(
        uow, encoder.checksum, [key for _, _, key in hashed], dimension=encoder.dimension
    )
    missing = {key: record for _, record, key in hashed if key not in found}
    if missing:
        made = encode_records(encoder, list(missing.values()))
        found |= dict(zip(missing, made, strict=True))
    return [(kind, record, found[key]) for kind, record, key in hashed]


def _distinct(records: Iterable[tuple[Kind, Matchable]]) -> list[Matchable]:
    """One record of each content."""
    return list({record.content_hash: record for _, record in records}.values())


def _stored_form(records: Sequence[Matchable], vectors: Vector) -> dict[str, bytes]:
    return {
        record.content_hash: vector.astype("<f4").tobytes()
        for record, vector in zip(records, vectors, strict=True)
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexStatus:
    """What is indexed, by which encoder, and how far everything has come."""

    encoder_name: str
    encoder_checksum: str
    dimension: int
    stored_checksum: str
    demands: int
    outcomes: int
    vectors: int
    vectors_missing: int
    vectors_of_others: int
    last_change: int
    matched_through: int
    ranked_through: int
    file_sequence: int | None

    @property
    def fits(self) -> bool:
        """Whether the stored vectors are the configured encoder's."""
        return self.stored_checksum in ("", self.encoder_checksum)


def status(database: Database, follower: EngineFollower) -> IndexStatus:
    """Look at the index without changing anything."""
    encoder = follower.encoder
    with database.reading() as uow:
        row = query.progress(uow)
        ours, others = query.count_vectors(uow, encoder.checksum)
        wanted = {record.content_hash for _, record in read_published(uow)}
        return IndexStatus(
            encoder_name=encoder.name,
            encoder_checksum=encoder.checksum,
            dimension=encoder.dimension,
            stored_checksum=row.encoder_checksum,
            demands=query.matched_count(uow, "demand"),
            outcomes=query.matched_count(uow, "outcome"),
            vectors=ours,
            vectors_missing=len(wanted - query.vector_hashes(uow, encoder.checksum)),
            vectors_of_others=others,
            last_change=row.last_change,
            matched_through=row.matched_through,
            ranked_through=row.ranked_through,
            file_sequence=follower.saved_sequence(),
        )
