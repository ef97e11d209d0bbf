"""Common needs: grouping what nothing fits.

The platform groups; a need has no life-cycle of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.orm import selectinload

from matchmaker.domain.common_need import STABLE, kept_public_id
from matchmaker.domain.permissions import SYSTEM, require
from matchmaker.services import audit
from matchmaker.services.index import EngineFollower
from matchmaker.store.base import new_public_id
from matchmaker.store.common_need import CommonNeed, CommonNeedDemand, NeedRun
from matchmaker.store.database import Database, UnitOfWork
from matchmaker.store.queries import gap_map

# The latest so many unmet demands are grouped: every pair of them is compared.
_MOST: Final = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a run found: unmet demands, groups that are stable and of several firms, agreement."""

    demands: int
    needs: int
    grouped: int
    agreement: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fresh:
    """A group that may be shown."""

    demands: tuple[int, ...]
    terms: list[str]
    stability: float


def run(database: Database, follower: EngineFollower) -> Report:
    """Group the demands that nothing fits anew; needs that go on keep their address."""
    from matchmaker.matching import common_need as matching

    require(SYSTEM, "common_need", "group")
    with database.reading() as uow:
        keys = gap_map.unmet(uow, limit=_MOST)
    engine = follower.current(wait=True)
    found, weights = engine.found("demand", keys)
    rows = found.columns.records
    grouping = matching.group(matching.distances(found, weights))
    fresh = []
    for one in grouping.groups:
        members = [rows[row] for row in one.rows]
        # An anonymous demand counts as a firm of its own: a group tells nothing about whose it is.
        firms = {member.organisation_id for member in members}
        if one.stability >= STABLE and len(firms) > 1:
            terms = matching.telling_terms(members, engine.encoder, weights)
            made = _Fresh(
                demands=tuple(member.id for member in members),
                terms=terms,
                stability=round(one.stability, 3),
            )
            fresh.append(made)
    report = Report(
        demands=len(rows),
        needs=len(fresh),
        grouped=sum(len(one.demands) for one in fresh),
        agreement=round(grouping.agreement, 3),
    )
    with database.unit_of_work() as uow:
        _keep(uow, fresh)
        run_row = NeedRun(
            at=uow.now,
            demands=report.demands,
            agreement=report.agreement,
            engine_version=engine.version,
        )
        uow.session.add(run_row)
        uow.flush()
        noted: dict[str, object] = {"demands": report.demands, "needs": report.needs}
        audit.record(uow, SYSTEM, "common_need", None, "group", after=noted)
    return report


def _keep(uow: UnitOfWork, fresh: list[_Fresh]) -> None:
    """Store the groups in place of the earlier ones; each keeps the address that it continues."""
    stored = {
        one.public_id: one
        for one in uow.session.scalars(
            select(CommonNeed).options(selectinload(CommonNeed.members)).order_by(CommonNeed.id)
        )
    }
    earlier = {
        public_id: frozenset(member.demand_id for member in one.members)
        for public_id, one in stored.items()
    }
    uow.session.execute(delete(CommonNeedDemand))
    uow.session.expire_all()
    taken: set[str] = set()
    for group in fresh:
        known = kept_public_id(group.demands, earlier, taken)
        need = stored[known] if known else CommonNeed(public_id=new_public_id(), found_at=uow.now)
        taken.add(need.public_id)
        need.terms, need.stability = group.terms, group.stability
        need.members = [
            CommonNeedDemand(demand_id=key, position=place)
            for place, key in enumerate(group.demands)
        ]
        uow.session.add(need)
    for public_id in stored.keys() - taken:
        uow.session.delete(stored[public_id])
    uow.flush()
