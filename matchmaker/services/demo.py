"""The demo world: invented organisations, people, demands and outcomes, marked as such."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from sqlalchemy import func, select

from matchmaker.domain.demand import clean_demand
from matchmaker.domain.errors import DomainError
from matchmaker.domain.outcome import clean_outcome
from matchmaker.domain.permissions import SYSTEM
from matchmaker.domain.plan import Plan
from matchmaker.domain.working_days import day_of
from matchmaker.integrations.passwords import Passwords
from matchmaker.services import audit
from matchmaker.services.record import LIFE, MODELS, Fields, write
from matchmaker.store.assignment import BrokerProfile
from matchmaker.store.change import record_changes
from matchmaker.store.database import UnitOfWork
from matchmaker.store.organisation import Organisation, User

DEMO_PASSWORD: Final = "matchmaker-demo"  # noqa: S105 - published on purpose, for invented people
DOMAIN: Final = "demo.matchmaker.example"
WELL_KNOWN: Final = tuple(
    f"{name}@{DOMAIN}"
    for name in (
        *("company", "researcher", "manager", "broker", "association", "specialist"),
        *("bureau", "administrator"),
    )
)
_CLEANERS: Final[dict[str, Callable[..., Fields]]] = {
    "demand": clean_demand,
    "outcome": clean_outcome,
}
_STATES_WITH_REASONS: Final = frozenset({"returned", "changes_requested"})


class DemoError(DomainError):
    """The demo world cannot be loaded."""

    code = "demo"


def is_empty(uow: UnitOfWork) -> bool:
    """Whether nobody is registered yet."""
    return not uow.session.scalar(select(func.count()).select_from(Organisation))


def load(uow: UnitOfWork, folder: Path, *, plan: Plan, passwords: Passwords) -> dict[str, int]:
    """Load the world from ``folder`` into a database that does not hold it yet; returns counts."""
    if uow.session.scalar(select(Organisation.id).where(Organisation.origin == "demo").limit(1)):
        msg = "The demo world is loaded already."
        raise DemoError(msg)
    organisations = _organisations(uow, folder)
    people = _people(uow, folder, organisations, passwords)
    counts = {"organisations": len(organisations), "people": len(people)}
    for noun in ("demand", "outcome"):
        path = folder / f"{noun}s.jsonl"
        counts[f"{noun}s"] = load_records(uow, noun, path, organisations, people, plan)
    audit.record(uow, SYSTEM, "demo", None, "load", after=counts)
    return counts


def _organisations(uow: UnitOfWork, folder: Path) -> dict[str, Organisation]:
    made = {}
    for row in lines(folder / "organisations.jsonl"):
        made[row["name"]] = Organisation(
            name=row["name"],
            name_en=row.get("name_en", ""),
            kind=row["kind"],
            region_code=row.get("region"),
            ladder_level=row.get("ladder_level") or ("none" if row["kind"] == "company" else None),
            summary=row.get("summary", ""),
            state=row.get("state", "verified"),
            decided_at=None if row.get("state") == "pending" else uow.now,
            origin="demo",
            created_at=uow.now,
        )
    uow.session.add_all(made.values())
    uow.flush()
    return made


def _people(
    uow: UnitOfWork,
    folder: Path,
    organisations: dict[str, Organisation],
    passwords: Passwords,
) -> dict[str, User]:
    hashed = passwords.hash(DEMO_PASSWORD)
    made = {}
    for row in lines(folder / "people.jsonl"):
        owner = organisations.get(row.get("organisation") or "")
        made[row["email"]] = User(
            email=row["email"],
            name=row["name"],
            password_hash=hashed,
            role=row["role"],
            organisation_id=owner.id if owner else None,
            is_manager=row.get("is_manager", False),
            locale=row.get("locale", "zh_Hans"),
            origin="demo",
            created_at=uow.now,
        )
    uow.session.add_all(made.values())
    uow.flush()
    for row in lines(folder / "people.jsonl"):
        if profile := row.get("broker_profile"):
            user_id = made[row["email"]].id
            uow.session.add(BrokerProfile(user_id=user_id, updated_at=uow.now, **profile))
    uow.flush()
    return made


def load_records(
    uow: UnitOfWork,
    noun: str,
    path: Path,
    organisations: Mapping[str, Organisation],
    people: Mapping[str, User],
    plan: Plan,
) -> int:
    """Load the records of a file for organisations by name and authors by address; how many."""
    records = []
    for number, raw in enumerate(lines(path)):
        values = dict(raw)
        state = values.pop("state", "published")
        author = people.get(values.pop("author", None) or "")
        source_id = values.pop("id")
        owner = organisations[values.pop("organisation")]
        # Spread over the past months, so that sorting by date shows something.
        created = uow.now - timedelta(days=number * 7 % 110, hours=number % 9)
        record = MODELS[noun](
            organisation_id=owner.id,
            author_id=author.id if author else None,
            state=state,
            state_note="示例：请补充量化指标与应用条件。" if state in _STATES_WITH_REASONS else "",
            origin="demo",
            source_id=source_id,
            created_at=created,
            updated_at=created,
            published_at=created if state in ("published", "withdrawn", "expired") else None,
        )
        write(
            uow,
            record,
            _CLEANERS[noun](values, chains=plan.chain_by_code, regions=plan.region_by_code),
        )
        if state == "published" and record.expires_on is None:
            record.expires_on = day_of(uow.now + LIFE[noun])
        records.append(record)
    uow.session.add_all(records)
    uow.flush()
    for record in records:
        audit.record(uow, SYSTEM, noun, record.id, "load", states=(None, record.state))
    published = [record.id for record in records if record.state == "published"]
    record_changes(uow, noun, published)
    return len(records)


def lines(path: Path) -> Iterator[dict[str, Any]]:
    """The rows of a file of the world."""
    try:
        with path.open(encoding="utf-8") as file:
            yield from (json.loads(line) for line in file if line.strip())
    except OSError as error:
        msg = f"{path} cannot be read: {error.strerror}."
        raise DemoError(msg) from error
