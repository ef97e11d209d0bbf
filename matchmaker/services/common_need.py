"""Common needs: grouping what nothing fits, and asking firms whether they may be named.

The platform groups; a need has no life-cycle of its own. What a firm has said stays with its demand,
however demands are grouped the next time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.orm import selectinload

from matchmaker.domain.common_need import STABLE, kept_public_id
from matchmaker.domain.errors import Conflict, NotFound
from matchmaker.domain.permissions import SYSTEM, Actor, may, require
from matchmaker.domain.visibility import MATCHED_STATES
from matchmaker.services import audit, party
from matchmaker.services import record as records
from matchmaker.services.index import EngineFollower
from matchmaker.services.notification import notify
from matchmaker.services.transition import transition
from matchmaker.store.base import new_public_id
from matchmaker.store.common_need import CommonNeed, CommonNeedDemand, NeedConsent, NeedRun
from matchmaker.store.database import Database, UnitOfWork
from matchmaker.store.demand import Demand
from matchmaker.store.queries import common_need as query
from matchmaker.store.queries import gap_map

# The latest so many unmet demands are grouped: every pair of them is compared.
_MOST: Final = 5_000
_CHANGED: Final = "Your answer was not stored: somebody of your company has answered meanwhile."


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
    """Store the groups in place of the earlier ones; each keeps the address of what it continues."""
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


def ask(uow: UnitOfWork, actor: Actor, *, need_id: str, base_url: str = "") -> int:
    """Ask the firms of a need whether they may be named; returns how many demands are new.

    Whoever has been asked once is not asked again.
    """
    require(actor, "need_consent", "ask")
    need = uow.session.scalars(
        select(CommonNeed)
        .where(CommonNeed.public_id == need_id)
        .options(selectinload(CommonNeed.members))
    ).one_or_none()
    if need is None:
        msg = "There is no such common need, or it has been grouped anew."
        raise NotFound(msg, noun="common_need")
    keys = [one.demand_id for one in need.members]
    asked = set(
        uow.session.scalars(select(NeedConsent.demand_id).where(NeedConsent.demand_id.in_(keys)))
    )
    wanted = select(Demand).where(
        Demand.id.in_(sorted(set(keys) - asked)), Demand.state.in_(sorted(MATCHED_STATES["demand"]))
    )
    demands = uow.session.scalars(wanted.order_by(Demand.id)).all()
    for demand in demands:
        _asked(uow, actor, demand)
        notify(
            uow,
            kind="need_consent_asked",
            readers=[
                one.id
                for one in party.of_company(uow, demand.organisation_id, demand.author_id)
            ],
            noun="demand",
            record=demand,
            values={"terms": "、".join(need.terms)},
            base_url=base_url,
        )
    return len(demands)


def answer(
    uow: UnitOfWork, actor: Actor, *, demand_id: str, named: bool, version: int
) -> NeedConsent:
    """Say for one's company whether it may be named; it can be changed at any time, unasked too.

    ``version`` is that of the answer which the person saw, 0 for none.
    """
    demand = records.load(uow, actor, "demand", demand_id)
    consent = uow.session.scalars(
        select(NeedConsent).where(NeedConsent.demand_id == demand.id).with_for_update()
    ).one_or_none()
    if not may(actor, "need_consent", "list") or actor.organisation_id != demand.organisation_id:
        msg = "There is no such demand of yours."
        raise NotFound(msg, noun="demand")
    if (consent.version if consent else 0) != version:
        raise Conflict(_CHANGED)
    if consent is None:
        assert isinstance(demand, Demand)
        consent = _asked(uow, actor, demand)
    transition(uow, actor, "need_consent", consent, "give" if named else "decline")
    consent.answered_by, consent.answered_at = actor.user_id, uow.now
    uow.flush()
    return consent


def _asked(uow: UnitOfWork, actor: Actor, demand: Demand) -> NeedConsent:
    consent = NeedConsent(
        public_id=new_public_id(),
        demand_id=demand.id,
        organisation_id=demand.organisation_id,
        state="asked",
        asked_by=actor.user_id,
        asked_at=uow.now,
    )
    uow.session.add(consent)
    uow.flush()
    noted: dict[str, object] = {"demand": demand.id}
    audit.record(
        uow, actor, "need_consent", consent.id, "ask", states=(None, "asked"), after=noted
    )
    return consent
