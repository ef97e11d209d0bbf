"""What matching reads: progress, changes, published records, vectors, stored shortlists."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

from sqlalchemy import Select, and_, bindparam, case, func, select
from sqlalchemy.orm import joinedload

from matchmaker.domain.permissions import Actor
from matchmaker.store.change import Change, Embedding, Progress
from matchmaker.store.database import UnitOfWork
from matchmaker.store.demand import Demand
from matchmaker.store.match import Match
from matchmaker.store.organisation import Organisation
from matchmaker.store.outcome import Outcome
from matchmaker.store.queries.match import PairSide
from matchmaker.store.queries.statement import kept, keys_of, row_of, rows_of
from matchmaker.store.queries.visibility import MODELS, matched, named, seen

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# Databases limit the parameters of one statement; SQLite's limit was 999 for long.
_PARAMETERS: Final = 900


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgressRow:
    """How far indexes and shortlists have come; see :class:`matchmaker.store.change.Progress`."""

    last_change: int
    matched_through: int
    ranked_through: int
    encoder_checksum: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPair:
    """A stored match as far as matching compares it."""

    id: int
    demand_id: int
    outcome_id: int
    state: str
    current: bool
    rank: int
    score: float
    level: int
    engine_version: str
    assigned_to: int | None


def progress(uow: UnitOfWork, *, lock: bool = False) -> ProgressRow:
    """The one row of progress; ``lock`` keeps further changes waiting until the commit."""
    statement = select(
        Progress.last_change,
        Progress.matched_through,
        Progress.ranked_through,
        Progress.encoder_checksum,
    )
    row = uow.session.execute(statement.with_for_update() if lock else statement).one()
    return row_of(ProgressRow, row)


def changed_since(uow: UnitOfWork, sequence: int) -> list[tuple[str, int]]:
    """The distinct ``(noun, id)`` of every record changed after a sequence number."""
    statement = select(Change.noun, Change.record_id).where(Change.sequence > sequence).distinct()
    return [(noun, key) for noun, key in uow.session.execute(statement)]


def change_mark(uow: UnitOfWork, sequence: int) -> str | None:
    """What tells one history of changes from another at a number, or ``None`` if none has it."""
    if sequence == 0:
        return "beginning"
    row = uow.session.execute(
        select(Change.noun, Change.record_id, Change.at).where(Change.sequence == sequence)
    ).one_or_none()
    return None if row is None else f"{row.noun} {row.record_id} {row.at.isoformat()}"


def matched_records(
    uow: UnitOfWork, noun: str, keys: Collection[int] | None = None
) -> list[Demand | Outcome]:
    """Records that take part in matching with their organisations, by id; all or some ``keys``."""
    model = MODELS[noun]
    statement = (
        select(model)
        .where(matched(noun))
        .options(joinedload(model.organisation))
        .order_by(model.id)
    )
    if keys is None:
        return cast("list[Demand | Outcome]", uow.session.scalars(statement).all())
    found: list[Demand | Outcome] = []
    for part in _parts(sorted(keys)):
        found += cast(
            "list[Demand | Outcome]",
            uow.session.scalars(statement.where(model.id.in_(part))).all(),
        )
    return found


def matched_keys(uow: UnitOfWork, noun: str) -> set[int]:
    """The ids of every record of a noun that takes part in matching."""
    return keys_of(uow, select(MODELS[noun].id).where(matched(noun)))


def matched_among(uow: UnitOfWork, noun: str, keys: Collection[int]) -> list[int]:
    """The ids among ``keys`` whose records take part in matching, ascending."""
    model = MODELS[noun]
    return [
        key
        for part in _parts(sorted(keys))
        for key in uow.session.scalars(
            select(model.id).where(model.id.in_(part), matched(noun)).order_by(model.id)
        )
    ]


def matched_count(uow: UnitOfWork, noun: str) -> int:
    """How many records of a noun take part in matching."""
    model = MODELS[noun]
    count = select(func.count()).select_from(model).where(matched(noun))
    return uow.session.scalar(count) or 0


def matched_seen(uow: UnitOfWork, actor: Actor, noun: str) -> set[int]:
    """The ids of the records of a noun that take part in matching and that the actor may see."""
    return keys_of(uow, keys_seen(actor, noun))


@kept
def keys_seen(actor: Actor, noun: str) -> Select[int]:
    """The statement of :func:`matched_seen`, which may be narrowed further."""
    return select(MODELS[noun].id).where(matched(noun), seen(actor, noun))


def pair_sides(
    uow: UnitOfWork, actor: Actor, noun: str, keys: Collection[int]
) -> dict[int, PairSide]:
    """Records as one side of a pair by id; the organisation's name only where it may be told."""
    if not keys:
        return {}
    found = uow.session.execute(_pair_sides(actor, noun), {"keys": list(keys)})
    return {side.id: side for side in rows_of(PairSide, found)}


@kept
def _pair_sides(actor: Actor, noun: str) -> Select[*tuple[Any, ...]]:
    model = MODELS[noun]
    name = case((named(actor, noun), Organisation.name), else_=None)
    trl = Demand.lowest_trl if noun == "demand" else Outcome.trl
    return (
        select(
            model.id,
            model.public_id,
            model.title,
            name.label("organisation_name"),
            trl.label("trl"),
            model.origin,
            model.state,
        )
        .join(Organisation, model.organisation_id == Organisation.id)
        .where(model.id.in_(bindparam("keys", expanding=True)), seen(actor, noun))
    )


def open_matches(uow: UnitOfWork) -> int:
    """How many matches wait for a decision."""
    count = select(func.count()).select_from(Match)
    count = count.where(Match.state == "suggested", Match.current)
    return uow.session.scalar(count) or 0


def times_suggested(uow: UnitOfWork) -> list[int]:
    """How many shortlists each matched outcome stands in, those in none included."""
    counted = (
        select(func.count(Match.id))
        .select_from(Outcome)
        .outerjoin(Match, and_(Match.outcome_id == Outcome.id, Match.current))
        .where(matched("outcome"))
        .group_by(Outcome.id)
    )
    return list(uow.session.scalars(counted))


def record_key(uow: UnitOfWork, noun: str, given: str) -> int | None:
    """The key of the record with a public id, else with an id it was imported with."""
    model = MODELS[noun]
    for column in (model.public_id, model.source_id):
        key = uow.session.scalar(select(model.id).where(column == given))
        if key is not None:
            return key
    return None


def vectors(
    uow: UnitOfWork, checksum: str, hashes: Collection[str], *, dimension: int
) -> dict[str, NDArray[np.float32]]:
    """The stored vectors of an encoder by content hash; one of another length counts as absent."""
    import numpy as np  # not before a vector is read: pages are served without it

    wanted = set(hashes)
    columns = select(Embedding.content_hash, Embedding.vector).where(
        Embedding.encoder_checksum == checksum
    )
    found: dict[str, NDArray[np.float32]] = {}
    # Beyond a part of the table's size, reading it whole is quicker than asking for each.
    statements = (
        [columns]
        if len(wanted) > 10 * _PARAMETERS
        else [columns.where(Embedding.content_hash.in_(part)) for part in _parts(sorted(wanted))]
    )
    for statement in statements:
        for content_hash, blob in uow.session.execute(statement):
            if content_hash in wanted and len(blob) == 4 * dimension:
                found[content_hash] = np.frombuffer(blob, dtype="<f4").astype(np.float32)
    return found


def vector_hashes(uow: UnitOfWork, checksum: str, among: Collection[str] | None = None) -> set[str]:
    """The content hashes of an encoder's stored vectors, all or those among some."""
    statement = select(Embedding.content_hash).where(Embedding.encoder_checksum == checksum)
    if among is None or len(among) > 10 * _PARAMETERS:
        return set(uow.session.scalars(statement))
    return {
        key
        for part in _parts(sorted(among))
        for key in uow.session.scalars(statement.where(Embedding.content_hash.in_(part)))
    }


def count_vectors(uow: UnitOfWork, checksum: str) -> tuple[int, int]:
    """How many vectors are stored of an encoder, and how many of others."""
    counted = select(func.count()).select_from(Embedding)
    ours = uow.session.scalar(counted.where(Embedding.encoder_checksum == checksum)) or 0
    return ours, (uow.session.scalar(counted) or 0) - ours


def demands_with_outcomes(uow: UnitOfWork, outcome_ids: Sequence[int]) -> set[int]:
    """The demands that hold one of the outcomes in their stored shortlists."""
    found: set[int] = set()
    for part in _parts(outcome_ids):
        found |= set(
            uow.session.scalars(
                select(Match.demand_id).where(Match.outcome_id.in_(part)).distinct()
            )
        )
    return found


def demands_with_matches(uow: UnitOfWork) -> set[int]:
    """The demands that have a stored match, published or not."""
    return set(uow.session.scalars(select(Match.demand_id).distinct()))


def stored_pairs(uow: UnitOfWork, demand_ids: Collection[int]) -> list[StoredPair]:
    """The stored matches of demands."""
    columns: tuple[Any, ...] = tuple(
        getattr(Match, name) for name in StoredPair.__dataclass_fields__
    )
    found: list[StoredPair] = []
    for part in _parts(sorted(demand_ids)):
        rows = uow.session.execute(select(*columns).where(Match.demand_id.in_(part)))
        found += rows_of(StoredPair, rows)
    return found


def _parts(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(values), _PARAMETERS):
        yield values[start : start + _PARAMETERS]
