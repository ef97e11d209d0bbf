"""Which model the platform uses: the gate before a new one, and the way back.

A model is a folder: the encoder's files, and beside them the numbers of its ranking, if it has its
own. Adopting copies it among the adopted models, writes down the change, and rebuilds the index;
the change counts from the very transaction that makes the new vectors the ones that count. A kill
at any moment leaves one model and its own vectors in use, the old or the new.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sqlalchemy import inspect
from sqlalchemy.exc import OperationalError, ProgrammingError

from matchmaker.domain.errors import DomainError
from matchmaker.domain.permissions import Actor, require
from matchmaker.matching.encoder import Encoder, load_encoder
from matchmaker.matching.evaluation import Bench, Evaluation, measure, run_systems
from matchmaker.matching.statistics import Comparison
from matchmaker.services import audit, index, matching
from matchmaker.services.evaluation import comparison_of
from matchmaker.services.index import EngineFollower, Progressed
from matchmaker.store.adoption import NAME_LENGTH, SOURCE_LENGTH, ModelAdoption
from matchmaker.store.database import Database, UnitOfWork
from matchmaker.store.queries import adoption as query
from matchmaker.store.queries import matching as matching_query

GATE: Final = "ndcg@10"
# What the platform does, and the encoder alone: where shared words decide, the first hides what an
# encoder has unlearnt.
JUDGED: Final = ("default", "dense")
_NAME_LENGTH: Final = 12
_ABANDONED_AFTER: Final = 600.0  # seconds


class ModelError(DomainError):
    """A model cannot be adopted or put back; nothing was changed."""

    code = "model"


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a new model compares with the one in use on a bench, by system and metric."""

    bench_name: str
    bench_checksum: str
    comparisons: Mapping[str, Mapping[str, Comparison]]

    @property
    def lost(self) -> str:
        """The system in which the new model ranks significantly worse; empty if in none.

        An encoder that is worse alone is let through where all together it is significantly better.
        """
        whole, alone = (self.comparisons[name][GATE] for name in JUDGED)
        if whole.lost:
            return JUDGED[0]
        won = whole.significant and not whole.lost
        return JUDGED[1] if alone.lost and not won else ""

    @property
    def figures(self) -> dict[str, Any]:
        """What is written down."""
        return {
            "bench": self.bench_name,
            "checksum": self.bench_checksum,
            "systems": {
                name: {metric: comparison_of(one) for metric, one in row.items()}
                for name, row in self.comparisons.items()
            },
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Workshop:
    """What a change of model works on: the database and the folders of models and index."""

    database: Database
    models: Path
    index: Path
    shipped: Path

    def location(self, folder: str) -> Path:
        """Where a model lies; an empty name is the shipped one's."""
        return self.models / folder if folder else self.shipped


@dataclass(frozen=True, slots=True, kw_only=True)
class _Change:
    """A change of model that is to be made."""

    action: str
    source: str
    folder: str
    figures: Mapping[str, Any]
    forced: bool
    by: str


def active_folder(database: Database) -> str:
    """The folder of the model in use among the adopted ones; empty for the shipped one.

    A database that is not there yet, or without the table, has adopted none.
    """
    if not _is_there(database):
        return ""
    try:
        with database.reading() as uow:
            return query.active_folder(uow)
    except (OperationalError, ProgrammingError):
        with database.engine.connect() as connection:
            if inspect(connection).has_table(ModelAdoption.__tablename__):
                raise
        return ""


def _is_there(database: Database) -> bool:
    """Whether there is a database; asking SQLite for a missing file would make one."""
    file = database.url.database
    sqlite = database.url.get_backend_name() == "sqlite"
    return not sqlite or not file or file == ":memory:" or Path(file).exists()


def judge(
    bench: Bench,
    active: Encoder,
    candidate: Encoder,
    *,
    progress: Callable[[str], None] | None = None,
) -> Verdict:
    """Compare a new model with the one in use, each with its own ranking."""
    systems = [*JUDGED, *(f"{name}@new" for name in JUDGED)]
    made = run_systems(bench, active, {"new": candidate}, systems=systems, progress=progress)
    measured: Evaluation = measure(bench, made, progress=progress)
    compared = {name: measured.compare(f"{name}@new", name) for name in JUDGED}
    return Verdict(bench.name, bench.checksum, compared)


def folder_checksum(folder: Path) -> str:
    """SHA-256 over names and contents of every file of a model."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            digest.update(path.relative_to(folder).as_posix().encode() + b"\0")
            with path.open("rb") as file:
                digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()


def adopt(
    workshop: Workshop,
    actor: Actor,
    source: Path,
    *,
    verdict: Verdict,
    forced: bool,
    by: str,
    progressed: Progressed | None = None,
) -> str:
    """Put a model in use and rebuild the index with it; returns the name of its folder.

    Raises :class:`ModelError` if it is in use already, or lost significantly and is not forced.
    """
    _require(actor, "adopt")
    if verdict.lost and not forced:
        one = verdict.comparisons[verdict.lost][GATE]
        msg = (
            f"The model in {source} ranks significantly worse on {verdict.bench_name}: nDCG@10 of "
            f"{verdict.lost} {one.first:.4f} against {one.second:.4f} of the model in use "
            f"(difference {one.difference.value:+.4f}, 95 % interval {one.difference.low:+.4f} to "
            f"{one.difference.high:+.4f}, p = {one.p:.2g}). Nothing was changed. Adopt it all the "
            "same with --force."
        )
        raise ModelError(msg)
    if same_as_active(workshop, source):
        msg = f"The model in {source} is the one in use already."
        raise ModelError(msg)
    change = _Change(
        action="adopt",
        source=str(source.resolve())[-SOURCE_LENGTH:],
        folder=_copied(source, workshop.models),
        figures=verdict.figures,
        forced=bool(verdict.lost),
        by=by,
    )
    _make(workshop, actor, change, progressed)
    return change.folder


def restore(
    workshop: Workshop, actor: Actor, *, by: str, progressed: Progressed | None = None
) -> str:
    """Put the model before the present one back; returns its folder, empty for the shipped one."""
    _require(actor, "restore")
    with workshop.database.reading() as uow:
        standing = query.adoptions(uow).in_use
    if not standing:
        msg = "The shipped model is in use; there is none before it to put back."
        raise ModelError(msg)
    before = standing[-2] if len(standing) > 1 else None
    folder = before.folder if before else ""
    if not workshop.location(folder).is_dir():
        msg = (
            f"The model before this one is gone: {workshop.location(folder)} does not exist. Put "
            "the folder back from a copy, or adopt another model."
        )
        raise ModelError(msg)
    change = _Change(
        action="restore",
        source=before.source if before else str(workshop.shipped),
        folder=folder,
        figures={},
        forced=False,
        by=by,
    )
    _make(workshop, actor, change, progressed)
    return folder


def same_as_active(workshop: Workshop, source: Path) -> bool:
    """Whether a folder holds the model in use, file by file."""
    active = workshop.location(active_folder(workshop.database))
    return active.is_dir() and folder_checksum(active) == folder_checksum(source)


def _make(workshop: Workshop, actor: Actor, change: _Change, progressed: Progressed | None) -> None:
    """Write a change down, rebuild the index with its model, and say that it is complete."""
    encoder = load_encoder(workshop.location(change.folder))
    follower = EngineFollower(workshop.database, lambda: encoder, workshop.index)
    with workshop.database.unit_of_work() as uow:
        _complete(uow)
        row = _written(uow, actor, change, encoder)
    if row.completed_at is None:
        index.rebuild(workshop.database, follower, progressed=progressed)
        with workshop.database.unit_of_work() as uow:
            _complete(uow)
    matching.match_all(workshop.database, follower)
    follower.save()


def _written(uow: UnitOfWork, actor: Actor, change: _Change, encoder: Encoder) -> ModelAdoption:
    """The row of a change; complete at once where the stored vectors are this encoder's."""
    stored = matching_query.progress(uow).encoder_checksum
    row = ModelAdoption(
        action=change.action,
        source=change.source,
        folder=change.folder,
        encoder_checksum=encoder.checksum,
        figures=dict(change.figures),
        forced=change.forced,
        created_at=uow.now,
        created_by=change.by[:NAME_LENGTH],
        completed_at=uow.now if stored == encoder.checksum else None,
    )
    uow.session.add(row)
    uow.flush()
    after = {"folder": change.folder, "source": change.source, "forced": change.forced}
    audit.record(uow, actor, "model", row.id, f"{change.action}_model", after=after)
    return row


def _complete(uow: UnitOfWork) -> None:
    """Say of the newest change that it is complete, if the index holds its vectors."""
    known = query.adoptions(uow)
    if known.effective and known.effective[-1].completed_at is None:
        known.effective[-1].completed_at = uow.now


def _copied(source: Path, models: Path) -> str:
    """Copy a model among the adopted ones under its checksum; it appears whole or not at all."""
    name = folder_checksum(source)[:_NAME_LENGTH]
    target = models / name
    beside = models / f".{name}.{os.getpid()}.part"
    try:
        models.mkdir(parents=True, exist_ok=True)
        _tidy(models)
        if target.is_dir() and folder_checksum(target)[:_NAME_LENGTH] == name:
            return name
        shutil.rmtree(target, ignore_errors=True)  # somebody has changed it
        shutil.copytree(source, beside)
        beside.rename(target)
    except OSError as error:
        msg = f"The model cannot be copied to {target}: {error.strerror}. Nothing was changed."
        raise ModelError(msg) from error
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return name


def _tidy(models: Path) -> None:
    """Remove what a killed process left half copied."""
    for path in models.glob(".*.part"):
        if time.time() - path.stat().st_mtime > _ABANDONED_AFTER:
            shutil.rmtree(path, ignore_errors=True)


def _require(actor: Actor, action: str) -> None:
    """Only the command line (the platform itself) and administrators change the model."""
    if actor.role != "system":
        require(actor, "model", action)
