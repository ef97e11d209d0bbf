"""What changed in a record since it was returned to its author, for whoever reviews it again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select

from matchmaker.domain.indicator import Indicator
from matchmaker.domain.permissions import Actor
from matchmaker.domain.visibility import CONFIDENTIAL_FIELDS
from matchmaker.store.database import UnitOfWork
from matchmaker.store.demand import Demand
from matchmaker.store.organisation import Organisation
from matchmaker.store.outcome import Outcome
from matchmaker.store.record import IndicatorColumns
from matchmaker.store.revision import ReturnedVersion

# Not what an author writes.
_SKIPPED: Final = CONFIDENTIAL_FIELDS | {
    "id", "public_id", "version", "created_at", "updated_at", "published_at", "state",
    "state_note", "author_id", "organisation_id", "origin", "source_id",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """A record as it was returned, why, and when."""

    at: datetime
    note: str
    content: Mapping[str, Any]


def keep(uow: UnitOfWork, actor: Actor, noun: str, record: Demand | Outcome, *, note: str) -> None:
    """Remember a record as it is returned now, in place of an earlier return."""
    uow.session.merge(
        ReturnedVersion(
            noun=noun,
            record_id=record.id,
            returned_at=uow.now,
            returned_by=actor.user_id,
            note=note,
            content=content_of(uow, record),
        )
    )


def returned(uow: UnitOfWork, noun: str, record_id: int) -> Returned | None:
    """The version that was last returned, if there is one."""
    kept = uow.session.get(ReturnedVersion, (noun, record_id))
    if kept is None:
        return None
    return Returned(at=kept.returned_at, note=kept.note, content=dict(kept.content))


def content_of(uow: UnitOfWork, record: Demand | Outcome) -> dict[str, Any]:
    """Public and redacted values of a record by field, as texts and lists of texts."""
    found: dict[str, Any] = {
        column.key: _plain(getattr(record, column.key))
        for column in type(record).__table__.columns
        if column.key not in _SKIPPED
    }
    found["indicators"] = [_indicator(row) for row in record.indicators]
    found["chains"] = [row.chain_code for row in record.chains]
    if isinstance(record, Outcome):
        found["conversion_modes"] = sorted(row.mode for row in record.modes)
        return found
    ids = [row.organisation_id for row in record.recipients]
    if ids:
        names = select(Organisation.name).where(Organisation.id.in_(ids))
        found["recipients"] = sorted(uow.session.scalars(names))
    else:
        found["recipients"] = []
    return found


def _indicator(row: IndicatorColumns) -> str:
    return Indicator(
        name=row.name,
        comparator=row.comparator,
        value=row.value,
        value_high=row.value_high,
        unit=row.unit,
        condition=row.condition,
    ).text


def _plain(value: object) -> object:
    """A value as JSON holds it: nothing, a flag, a text, or a list of texts."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, list):
        return [
            " ".join(filter(None, map(str, part.values()))) if isinstance(part, dict) else str(part)
            for part in value
        ]
    return str(value)
