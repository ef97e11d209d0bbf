"""Importing records from files: all of a file or nothing of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import select

from matchmaker.domain.demand import NAMES as DEMAND_NAMES
from matchmaker.domain.demand import DemandFields, clean_demand
from matchmaker.domain.draft import public_texts
from matchmaker.domain.errors import DomainError
from matchmaker.domain.fields import InvalidFields
from matchmaker.domain.leak import find_leaks, identity
from matchmaker.domain.outcome import clean_outcome
from matchmaker.domain.permissions import SYSTEM
from matchmaker.domain.plan import Plan
from matchmaker.domain.text import one_line, unclean_character
from matchmaker.domain.working_days import day_of
from matchmaker.services import audit
from matchmaker.services.record import LIFE, MODELS, Fields, Record, write
from matchmaker.store.change import record_changes
from matchmaker.store.database import UnitOfWork
from matchmaker.store.organisation import Organisation

_CLEANERS: Final[dict[str, Callable[..., Fields]]] = {
    "demand": clean_demand,
    "outcome": clean_outcome,
}
_HOME_KIND: Final = {"demand": "company", "outcome": "institution"}
_ID_LENGTH: Final = 100
_NAME_LENGTH: Final = 200
_SHOWN_PROBLEMS: Final = 20
_INSTITUTION_WORDS: Final = (
    "大学", "学院", "研究院", "研究所", "科学院", "医院", "实验室", "研究中心",
    "University", "Institute", "Academy", "Hospital", "College", "大学校", "연구원", "대학교",
)  # fmt: skip


class ImportRefusedError(DomainError):
    """A file has problems; nothing of it was stored. One line a problem, each with its place."""

    code = "import_refused"

    def __init__(self, problems: list[str]) -> None:
        """List the first problems and count the rest."""
        shown = problems[:_SHOWN_PROBLEMS]
        if len(problems) > len(shown):
            shown.append(f"... and {len(problems) - len(shown):,} more.")
        shown.append("Nothing was imported. Correct the file and import it again.")
        super().__init__("\n".join(shown))
        self.count = len(problems)


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did."""

    imported: int
    skipped: int
    organisations: int


@dataclass(frozen=True, slots=True)
class _Row:
    line: int
    source_id: str
    organisation: str
    fields: Fields


def import_records(
    uow: UnitOfWork,
    noun: str,
    rows: Iterable[tuple[int, Mapping[str, object]]],
    *,
    plan: Plan,
    file: str,
    organisation: str,
    skip_existing: bool = False,
) -> ImportReport:
    """Publish every record of a file, in one transaction.

    Organisations are found by name or registered (to be verified later); records without one belong
    to ``organisation``. An id that was imported before is refused, or skipped on request. Raises
    :class:`ImportRefusedError` with every problem of the file.
    """
    cleaned, problems = _clean(noun, rows, plan, file, organisation)
    model = MODELS[noun]
    existing = set(uow.session.scalars(select(model.source_id).where(model.source_id.is_not(None))))
    again = [row for row in cleaned if row.source_id in existing]
    if not skip_existing:
        problems += [
            f"{file}, line {row.line}, id: {row.source_id!r} was imported before. Remove the line, "
            "or skip such records with --skip-existing."
            for row in again
        ]
    if problems:
        raise ImportRefusedError(problems)
    fresh = [row for row in cleaned if row.source_id not in existing]
    organisations, added = _organisations(uow, noun, [row.organisation for row in fresh])
    records = []
    for row in fresh:
        record = _record(uow, noun, row, organisations[row.organisation])
        records.append(record)
    uow.session.add_all(records)
    uow.flush()
    for record in records:
        audit.record(uow, SYSTEM, noun, record.id, "import", states=(None, "published"))
    record_changes(uow, noun, [record.id for record in records])
    return ImportReport(len(fresh), len(again) if skip_existing else 0, added)


def _clean(
    noun: str,
    rows: Iterable[tuple[int, Mapping[str, object]]],
    plan: Plan,
    file: str,
    organisation: str,
) -> tuple[list[_Row], list[str]]:
    """The clean rows and, for those that are not, what is wrong with line and field."""
    cleaned: list[_Row] = []
    problems: list[str] = []
    seen: dict[str, int] = {}
    chains, regions = plan.chain_by_code, plan.region_by_code
    for line, given in rows:
        raw = dict(given)
        where = f"{file}, line {line}"
        source_id = _label(raw.pop("id", None), _ID_LENGTH)
        named = raw.pop("organisation", None)
        name = _label(named, _NAME_LENGTH) if named not in (None, "") else organisation
        if not source_id:
            problems.append(f"{where}, id: is missing, too long or no plain text.")
        elif source_id in seen:
            problems.append(f"{where}, id: {source_id!r} stands in line {seen[source_id]} already.")
        else:
            seen[source_id] = line
        if not name:
            problems.append(f"{where}, organisation: is too long or no plain text.")
        try:
            fields = _CLEANERS[noun](raw, chains=chains, regions=regions)
        except InvalidFields as error:
            problems += [f"{where}, {one.field}: {one.message}" for one in error.problems]
            continue
        problems += [f"{where}, {told}" for told in _named(fields, name)]
        cleaned.append(_Row(line, source_id, name, fields))
    return cleaned, problems


def _named(fields: Fields, organisation: str) -> list[str]:
    """What says beyond doubt who stands behind an anonymous demand; a file cannot confirm more."""
    if not isinstance(fields, DemandFields) or fields.disclosure != "anonymous":
        return []
    texts = public_texts("demand", {name: getattr(fields, name) for name in DEMAND_NAMES})
    return [
        f"{leak.field}: {leak.words!r} tells who stands behind an anonymous demand. Remove it."
        for leak in find_leaks(texts, identity(organisation))
        if leak.certain
    ]


def _label(value: object, longest: int) -> str:
    """An id or a name as one clean line, or nothing when it cannot be one."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    text = one_line(str(value))
    return "" if len(text) > longest or unclean_character(text) else text


def _organisations(
    uow: UnitOfWork, noun: str, names: list[str]
) -> tuple[dict[str, Organisation], int]:
    """Organisations by name; unknown ones are registered and wait for verification."""
    found = {
        one.name: one for one in uow.session.scalars(select(Organisation)) if one.name in set(names)
    }
    fresh = [
        Organisation(
            name=name,
            kind=_kind_of(name, noun),
            ladder_level="none" if _kind_of(name, noun) == "company" else None,
            state="pending",
            origin="import",
            created_at=uow.now,
        )
        for name in dict.fromkeys(names)
        if name not in found
    ]
    uow.session.add_all(fresh)
    uow.flush()
    for one in fresh:
        audit.record(uow, SYSTEM, "organisation", one.id, "import", states=(None, "pending"))
    return found | {one.name: one for one in fresh}, len(fresh)


def _kind_of(name: str, noun: str) -> str:
    """What an unknown organisation probably is; the bureau looks at it when verifying."""
    if any(word in name for word in _INSTITUTION_WORDS):
        return "institution"
    return "company" if noun == "demand" or "公司" in name or "厂" in name else _HOME_KIND[noun]


def _record(uow: UnitOfWork, noun: str, row: _Row, owner: Organisation) -> Record:
    values: dict[str, Any] = {
        "organisation_id": owner.id,
        "author_id": None,
        "state": "published",
        "origin": "import",
        "source_id": row.source_id,
        "created_at": uow.now,
        "updated_at": uow.now,
        "published_at": uow.now,
    }
    record = MODELS[noun](**values)
    write(uow, record, row.fields)
    if record.expires_on is None:
        record.expires_on = day_of(uow.now + LIFE[noun])
    return record
