"""Common needs as lists show them: demands that are still open and that the reader may see.

A need of which fewer than two such demands are left is shown no more, until it is grouped anew.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, SQLColumnExpression, exists, func, or_, select

from matchmaker.domain.common_need import FEWEST_DEMANDS, NeedDemand
from matchmaker.domain.gap_map import NO_CHAIN
from matchmaker.domain.permissions import Actor
from matchmaker.store.common_need import CommonNeed, CommonNeedDemand, NeedConsent, NeedRun
from matchmaker.store.database import UnitOfWork
from matchmaker.store.demand import Demand, DemandChain
from matchmaker.store.organisation import Organisation, User
from matchmaker.store.queries.gap_map import reader
from matchmaker.store.queries.visibility import matched, seen

# The first run of a day comes some hours after that of the day before.
_GROUPED_EVERY: Final = timedelta(hours=20)


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A demand of a need, with its firm's name for those who may tell it."""

    public_id: str
    title: str
    firm: str
    version: int  # of the firm's consent, 0 where there is none
    region_code: str | None
    facts: NeedDemand
    chains: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """A common need with its open demands.

    ``chains`` are those of its demands; ``NO_CHAIN`` where some stand on none.
    """

    public_id: str
    terms: tuple[str, ...]
    stability: float
    found_at: datetime
    members: tuple[Member, ...]
    chains: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnDemand:
    """A firm's own demand in a common need, or asked about, and what the firm says of its name.

    ``need_id`` is empty while the demand stands in none that is shown.
    """

    public_id: str
    title: str
    anonymous: bool
    state: str | None
    need_id: str
    terms: tuple[str, ...]
    version: int


def listing(
    uow: UnitOfWork,
    actor: Actor,
    *,
    public_id: str | None = None,
    chain: str | None = None,
    firm_id: int | None = None,
) -> tuple[Need, ...]:
    """Needs with their demands, most demands first; of one public id, chain or firm where given."""
    wanted = [] if public_id is None else [CommonNeed.public_id == public_id]
    if chain is not None:
        wanted.append(CommonNeed.id.in_(_on_chain(chain)))
    if firm_id is not None:
        wanted.append(CommonNeed.id.in_(_of_firm(firm_id)))
    rows = uow.session.execute(
        select(CommonNeed, Demand, Organisation, NeedConsent.state)
        .join(CommonNeedDemand, CommonNeedDemand.common_need_id == CommonNeed.id)
        .join(Demand, CommonNeedDemand.demand_id == Demand.id)
        .join(Organisation, Demand.organisation_id == Organisation.id)
        .outerjoin(NeedConsent, NeedConsent.demand_id == Demand.id)
        .where(matched("demand"), seen(reader(actor), "demand"), *wanted)
        .order_by(CommonNeed.id, CommonNeedDemand.position)
        .with_only_columns(
            *(CommonNeed.public_id, CommonNeed.terms, CommonNeed.stability, CommonNeed.found_at),
            *(Demand.id.label("demand_id"), Demand.public_id.label("demand"), Demand.title),
            *(Demand.disclosure, Organisation.id.label("firm_id"), Organisation.name),
            *(Organisation.region_code, NeedConsent.state, NeedConsent.version),
        )
    ).all()
    chains = _chains(uow, [row.demand_id for row in rows])
    grouped: dict[str, list[Member]] = defaultdict(list)
    told = {}
    for row in rows:
        told[row.public_id] = row
        facts = NeedDemand(
            organisation_id=row.firm_id,
            anonymous=row.disclosure == "anonymous",
            consent=row.state,
        )
        member = Member(
            public_id=row.demand,
            title=row.title,
            firm=row.name,
            version=row.version or 0,
            region_code=row.region_code,
            facts=facts,
            chains=tuple(chains[row.demand_id]),
        )
        grouped[row.public_id].append(member)
    needs = [
        _need(told[public_id], tuple(members))
        for public_id, members in grouped.items()
        if len(members) >= FEWEST_DEMANDS
    ]
    return tuple(sorted(needs, key=lambda one: (-len(one.members), one.public_id)))


def reachable_firms(uow: UnitOfWork, need: Need) -> frozenset[int]:
    """The firms of a need of which somebody can be asked on the platform."""
    firms = {one.facts.organisation_id for one in need.members}
    found = select(Organisation.id).where(Organisation.id.in_(firms), reachable(Organisation.id))
    return frozenset(uow.session.scalars(found))


def reachable(organisation_id: SQLColumnExpression[int]) -> ColumnElement[bool]:
    """Whether somebody of a company can be told on the platform."""
    at_home = (User.organisation_id == organisation_id, User.role == "company")
    return exists().where(*at_home, User.approved, User.active)


def _need(row: Row[*tuple[Any, ...]], members: tuple[Member, ...]) -> Need:
    return Need(
        public_id=row.public_id,
        terms=tuple(row.terms),
        stability=row.stability,
        found_at=row.found_at,
        members=members,
        chains=frozenset(code for one in members for code in one.chains or (NO_CHAIN,)),
    )


def last_run(uow: UnitOfWork) -> NeedRun | None:
    """The latest grouping."""
    return uow.session.scalars(select(NeedRun).order_by(NeedRun.id.desc()).limit(1)).one_or_none()


def is_due(uow: UnitOfWork) -> bool:
    """Whether demands have been grouped before, but not within the last day."""
    last = last_run(uow)
    return last is not None and last.at <= uow.now - _GROUPED_EVERY


def own(uow: UnitOfWork, actor: Actor) -> tuple[OwnDemand, ...]:
    """The demands of the actor's company in needs that are shown, those asked about first.

    Those of which the company was asked, or has said something, stand among them whatever became
    of demand and need: what was said can be taken back at any time.
    """
    firm_id = actor.organisation_id or 0
    needs = {
        member.public_id: need
        for need in listing(uow, actor, firm_id=firm_id)
        for member in need.members
    }
    rows = uow.session.execute(
        select(
            *(Demand.public_id, Demand.title, Demand.disclosure),
            *(NeedConsent.state, NeedConsent.version),
        )
        .outerjoin(NeedConsent, NeedConsent.demand_id == Demand.id)
        .where(
            Demand.organisation_id == firm_id,
            or_(NeedConsent.id.is_not(None), Demand.public_id.in_(sorted(needs))),
        )
        .order_by(Demand.published_at.desc(), Demand.id)
    ).all()
    found = [
        OwnDemand(
            public_id=row.public_id,
            title=row.title,
            anonymous=row.disclosure == "anonymous",
            state=row.state,
            need_id=need.public_id if need else "",
            terms=need.terms if need else (),
            version=row.version or 0,
        )
        for row in rows
        for need in (needs.get(row.public_id),)
    ]
    return tuple(sorted(found, key=lambda one: one.state != "asked"))


def _of_firm(firm_id: int) -> Select[int]:
    """The needs with a demand of a firm."""
    return (
        select(CommonNeedDemand.common_need_id)
        .join(Demand, CommonNeedDemand.demand_id == Demand.id)
        .where(Demand.organisation_id == firm_id)
    )


def _on_chain(chain: str) -> Select[int]:
    """The needs with a demand on a chain, or with one on none."""
    code = func.coalesce(DemandChain.chain_code, NO_CHAIN)
    return (
        select(CommonNeedDemand.common_need_id)
        .outerjoin(DemandChain, DemandChain.demand_id == CommonNeedDemand.demand_id)
        .where(code == chain)
    )


def _chains(uow: UnitOfWork, keys: Collection[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    rows = select(DemandChain.demand_id, DemandChain.chain_code).where(
        DemandChain.demand_id.in_(sorted(set(keys)))
    )
    for key, code in uow.session.execute(rows.order_by(DemandChain.chain_code)):
        found[key].append(code)
    return found
