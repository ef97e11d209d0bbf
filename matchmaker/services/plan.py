"""Loading the plan's taxonomy into the database."""

from __future__ import annotations

from sqlalchemy import select

from matchmaker.domain.permissions import SYSTEM
from matchmaker.domain.plan import Plan
from matchmaker.services import audit
from matchmaker.store.database import UnitOfWork
from matchmaker.store.plan import ChainRow, RegionRow


def install(uow: UnitOfWork, plan: Plan) -> int:
    """Add the chains and regions that the database does not know yet; returns how many.

    Codes that the plan no longer has stay: records may point at them.
    """
    chains = set(uow.session.scalars(select(ChainRow.code)))
    regions = set(uow.session.scalars(select(RegionRow.code)))
    fresh: list[ChainRow | RegionRow] = [
        ChainRow(code=chain.code, cluster_code=chain.cluster)
        for chain in plan.chain_by_code.values()
        if chain.code not in chains
    ]
    fresh += [
        RegionRow(code=region.code, kind=region.kind)
        for region in plan.regions
        if region.code not in regions
    ]
    if fresh:
        uow.session.add_all(fresh)
        audit.record(
            uow, SYSTEM, "plan", None, "install", after={"added": [row.code for row in fresh]}
        )
    return len(fresh)
