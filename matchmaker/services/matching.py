"""Keeping every engine and the stored shortlists in step with the records.

Vectors in the database are truth, keyed by content and encoder; an engine is derived from them and
follows the change sequence. Shortlists follow the same sequence: whatever was published, edited or
taken down after ``matched_through`` is matched by whoever comes next, so that a crash between a
change and its matching loses nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Final, cast

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import delete, select, update

from matchmaker.domain.errors import DomainError
from matchmaker.domain.matchable import Matchable
from matchmaker.domain.permissions import SYSTEM, require
from matchmaker.matching.encoder import Encoder
from matchmaker.matching.engine import Engine, Kind, Suggestion
from matchmaker.matching.vectors import encode_records
from matchmaker.services.record import matchable
from matchmaker.store.base import new_public_id
from matchmaker.store.change import Embedding, Progress
from matchmaker.store.database import Database, UnitOfWork
from matchmaker.store.match import Match
from matchmaker.store.queries import matching as query

SHORTLIST_LENGTH: Final = 10
_AFFECTED_DEMANDS: Final = 50
_BATCH: Final = 500
REBUILD: Final = "python -m matchmaker index rebuild"

Progressed = Callable[[int], None]


class EncoderMismatchError(DomainError):
    """The loaded encoder is not the one that the stored vectors come from."""

    code = "encoder_mismatch"


def follow(database: Database, engine: Engine, *, progressed: Progressed | None = None) -> None:
    """Bring an engine up to the last committed change; costs one small query when it is there.

    Raises :class:`EncoderMismatchError` rather than mix vectors of two encoders.
    """
    with database.reading() as uow:
        row = query.progress(uow)
        _require_encoder(row.encoder_checksum, engine.encoder)
        if engine.sequence == row.last_change:
            return
        fresh = engine.sequence == 0 or engine.sequence > row.last_change
        changed = query.changed_since(uow, engine.sequence)
        records = _read(uow, None if fresh else changed)
        gone: list[tuple[Kind, int]] = []
        if fresh:
            _sequence, present = engine.contents()
            gone = [(kind, record.id) for kind in present for record, _ in present[kind]]
        else:
            gone = [(cast("Kind", noun), key) for noun, key in changed]
    ready = {(kind, record.id) for kind, record in records}
    vectors = ensure_vectors(
        database, engine.encoder, [record for _, record in records], progressed=progressed
    )
    engine.apply(
        [(kind, record, vectors[record.content_hash]) for kind, record in records],
        [one for one in gone if one not in ready],
        row.last_change,
    )


def ensure_vectors(
    database: Database,
    encoder: Encoder,
    records: Sequence[Matchable],
    *,
    progressed: Progressed | None = None,
) -> Mapping[str, NDArray[np.float32]]:
    """The vectors of records by content hash; missing ones are encoded and stored in batches."""
    hashes = {record.content_hash: record for record in records}
    with database.reading() as uow:
        found = query.vectors(uow, encoder.checksum, hashes)
    if progressed:
        progressed(len(found))
    missing = [record for key, record in hashes.items() if key not in found]
    for start in range(0, len(missing), _BATCH):
        batch = missing[start : start + _BATCH]
        made = encode_records(encoder, batch)
        with database.unit_of_work() as uow:
            known = query.vectors(uow, encoder.checksum, [one.content_hash for one in batch])
            uow.session.add_all(
                Embedding(
                    content_hash=record.content_hash,
                    encoder_checksum=encoder.checksum,
                    vector=vector.astype("<f4").tobytes(),
                )
                for record, vector in zip(batch, made, strict=True)
                if record.content_hash not in known
            )
            _claim(uow, encoder)
        found.update(
            (record.content_hash, vector) for record, vector in zip(batch, made, strict=True)
        )
        if progressed:
            progressed(len(batch))
    return found


def catch_up(database: Database, engine: Engine) -> int:
    """Match whatever changed since the last time; returns how many demands were matched anew."""
    follow(database, engine)
    with database.reading() as uow:
        row = query.progress(uow)
        if row.matched_through >= row.last_change:
            return 0
        changed = query.changed_since(uow, row.matched_through)
        outcomes = [key for noun, key in changed if noun == "outcome"]
        demands = {key for noun, key in changed if noun == "demand"}
        demands |= query.demands_with_outcomes(uow, outcomes)
    for key in outcomes:
        demands |= _demands_near(engine, key)
    return match_demands(database, engine, demands, through=row.last_change)


def match_all(database: Database, engine: Engine, *, progressed: Progressed | None = None) -> int:
    """Match every published demand anew; returns how many."""
    follow(database, engine)
    with database.reading() as uow:
        through = query.progress(uow).last_change
        demands = query.published_keys(uow, "demand")
        stale = set(uow.session.scalars(select(Match.demand_id).distinct())) - demands
    return match_demands(
        database, engine, demands | stale, through=through, progressed=progressed
    ) - len(stale)


def match_demands(
    database: Database,
    engine: Engine,
    keys: Collection[int],
    *,
    through: int,
    progressed: Progressed | None = None,
) -> int:
    """Suggest outcomes for demands and store the shortlists; returns how many demands.

    Nothing is locked while the engine works. Decisions are never touched; a demand that is not
    published any more loses its open suggestions.
    """
    ordered = sorted(keys)
    for start in range(0, len(ordered), _BATCH):
        batch = ordered[start : start + _BATCH]
        entries = {key: engine.entry("demand", key) for key in batch}
        queries = [entry for entry in entries.values() if entry is not None]
        found = engine.suggest_many(queries, "demand", top=SHORTLIST_LENGTH, progress=progressed)
        shortlists: dict[int, list[Suggestion]] = {key: [] for key in batch}
        shortlists |= {
            record.id: suggestions for (record, _), suggestions in zip(queries, found, strict=True)
        }
        with database.unit_of_work() as uow:
            _store(uow, shortlists, engine.version)
    with database.unit_of_work() as uow:
        uow.session.execute(
            update(Progress)
            .where(Progress.matched_through < through)
            .values(matched_through=through)
        )
    return len(ordered)


def rebuild(database: Database, engine: Engine, *, progressed: Progressed | None = None) -> int:
    """Encode every published record with the engine's encoder and drop the vectors of others.

    Until the last step the old encoder's vectors stay, so that a kill in between changes nothing.
    Returns how many records were encoded or found encoded.
    """
    with database.reading() as uow:
        through = query.progress(uow).last_change
        records = _read(uow, None)
    checksum = engine.encoder.checksum
    plain = [record for _, record in records]
    for start in range(0, len(plain), _BATCH):
        batch = plain[start : start + _BATCH]
        made = encode_records(engine.encoder, batch)
        with database.unit_of_work() as uow:
            known = query.vectors(uow, checksum, [record.content_hash for record in batch])
            fresh = {
                record.content_hash: vector.astype("<f4").tobytes()
                for record, vector in zip(batch, made, strict=True)
                if record.content_hash not in known
            }
            uow.session.add_all(
                Embedding(content_hash=key, encoder_checksum=checksum, vector=vector)
                for key, vector in fresh.items()
            )
        if progressed:
            progressed(len(batch))
    with database.unit_of_work() as uow:
        uow.session.execute(update(Progress).values(encoder_checksum=checksum))
        uow.session.execute(delete(Embedding).where(Embedding.encoder_checksum != checksum))
    vectors = ensure_vectors(database, engine.encoder, plain)
    _sequence, present = engine.contents()
    gone = [(kind, record.id) for kind in present for record, _ in present[kind]]
    ready = {(kind, record.id) for kind, record in records}
    engine.apply(
        [(kind, record, vectors[record.content_hash]) for kind, record in records],
        [one for one in gone if one not in ready],
        through,
    )
    return len(records)


def _read(
    uow: UnitOfWork, changed: Sequence[tuple[str, int]] | None
) -> list[tuple[Kind, Matchable]]:
    """The published records, all or the changed ones, as the engine may see them."""
    kinds: tuple[Kind, ...] = ("demand", "outcome")
    found: list[tuple[Kind, Matchable]] = []
    for kind in kinds:
        keys = None if changed is None else [key for noun, key in changed if noun == kind]
        found += [
            (kind, matchable(record, record.organisation.region_code))
            for record in query.published(uow, kind, keys)
        ]
    return found


def _demands_near(engine: Engine, outcome_id: int) -> set[int]:
    """The demands that an outcome lies nearest to: those whose shortlists it may enter."""
    entry = engine.entry("outcome", outcome_id)
    if entry is None:
        return set()
    record, vector = entry
    near = engine.suggest(record, "outcome", vector=vector, top=_AFFECTED_DEMANDS, explained=False)
    return {one.id for one in near}


def _store(uow: UnitOfWork, shortlists: Mapping[int, Sequence[Suggestion]], version: str) -> None:
    """Write shortlists: update what is open, keep what is decided, delete what fell out."""
    require(SYSTEM, "match", "suggest")
    # The lock on the one row of progress lets one writer of shortlists in at a time.
    uow.session.execute(select(Progress.id).with_for_update())
    present: dict[tuple[int, int], Match] = {
        (match.demand_id, match.outcome_id): match
        for match in uow.session.scalars(select(Match).where(Match.demand_id.in_(shortlists)))
    }
    demands = query.published_keys(uow, "demand") & shortlists.keys()
    outcomes = query.published_keys(uow, "outcome")
    kept: set[tuple[int, int]] = set()
    for demand_id in demands:
        ranked = [one for one in shortlists[demand_id] if one.id in outcomes]
        for rank, one in enumerate(ranked, start=1):
            kept.add((demand_id, one.id))
            match = present.get((demand_id, one.id))
            if match is None:
                uow.session.add(_match(uow, demand_id, one, rank, version))
            elif match.state == "suggested":
                _refresh(match, one, rank, version)
            elif not match.current:
                match.current = True
    for key, match in present.items():
        if key in kept:
            continue
        if match.state == "suggested":
            uow.session.delete(match)
        elif match.current:
            match.current = False
    uow.flush()


def _match(uow: UnitOfWork, demand_id: int, one: Suggestion, rank: int, version: str) -> Match:
    explanation = one.explanation
    return Match(
        public_id=new_public_id(),
        demand_id=demand_id,
        outcome_id=one.id,
        score=one.score,
        level=one.level,
        rank=rank,
        explanation=explanation.to_dict() if explanation else {},
        engine_version=version,
        created_at=uow.now,
    )


def _refresh(match: Match, one: Suggestion, rank: int, version: str) -> None:
    """Update an open match; equal values are not assigned, so that nothing is written for them."""
    explanation = one.explanation.to_dict() if one.explanation else {}
    for name, value in (
        ("score", one.score),
        ("level", one.level),
        ("rank", rank),
        ("explanation", explanation),
        ("engine_version", version),
        ("current", True),
    ):
        if getattr(match, name) != value:
            setattr(match, name, value)


def _claim(uow: UnitOfWork, encoder: Encoder) -> None:
    """Note the encoder of the first vectors stored."""
    stored = uow.session.scalar(select(Progress.encoder_checksum).with_for_update())
    _require_encoder(stored or "", encoder)
    if not stored:
        uow.session.execute(update(Progress).values(encoder_checksum=encoder.checksum))


def _require_encoder(stored: str, encoder: Encoder) -> None:
    if stored and stored != encoder.checksum:
        msg = (
            f"The stored vectors were made by another encoder ({stored[:12]}) than the one "
            f"configured ({encoder.checksum[:12]}, {encoder.name}). Set MATCHMAKER_ENCODER back, "
            f"or encode everything anew with `{REBUILD}`."
        )
        raise EncoderMismatchError(msg)
