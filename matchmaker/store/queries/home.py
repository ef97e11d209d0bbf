"""What the home pages show, each block in one statement whatever the number of rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import Select, case, func, literal, or_, select, union_all

from matchmaker.domain.permissions import VISITOR, Actor
from matchmaker.domain.record import EXPIRY_REMINDER
from matchmaker.domain.vocabulary import ROLES
from matchmaker.domain.working_days import day_of
from matchmaker.store.change import Embedding, Progress
from matchmaker.store.database import UnitOfWork
from matchmaker.store.demand import Demand, DemandChain
from matchmaker.store.match import Match
from matchmaker.store.organisation import Organisation, User
from matchmaker.store.outcome import Outcome, OutcomeChain
from matchmaker.store.plan import ChainRow
from matchmaker.store.queries.visibility import MODELS, matched, member, pair_opened, seen

_DECIDED: Final = ("accepted", "dismissed")
_UNDER_REVIEW: Final = ("suggested", "snoozed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """The platform in four numbers, of public records alone."""

    demands: int
    outcomes: int
    under_review: int
    decided: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterFigures:
    """How many published demands and outcomes stand on a cluster."""

    demands: int = 0
    outcomes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnRecord:
    """One of the actor's own records, with its suggestions counted by state."""

    id: int
    public_id: str
    title: str
    state: str
    state_note: str
    origin: str
    mine: bool
    updated_at: datetime
    expires_on: date | None
    expires_soon: bool
    under_review: int
    accepted: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A record or organisation that waits for somebody's decision."""

    public_id: str
    title: str
    by: str
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingList:
    """The longest waiting, and how many wait in all."""

    rows: tuple[Waiting, ...]
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexStatus:
    """How far matching has come: changes given and matched, vectors stored."""

    last_change: int
    matched_through: int
    encoder_checksum: str
    vectors: int


def figures(uow: UnitOfWork) -> Figures:
    """The counters of the public home page; nothing directed or unpublished is in them."""
    today = day_of(uow.now)

    def open_now(noun: str) -> Select[int]:
        last_day = MODELS[noun].expires_on
        return select(func.count()).where(seen(VISITOR, noun), matched(noun), last_day >= today)

    def pairs(*states: str) -> Select[int]:
        return (
            select(func.count())
            .select_from(Match)
            .join(Demand, Match.demand_id == Demand.id)
            .join(Outcome, Match.outcome_id == Outcome.id)
            .where(
                seen(VISITOR, "demand"),
                seen(VISITOR, "outcome"),
                Match.state.in_(states),
                or_(Match.current.is_(True), Match.state.in_(_DECIDED)),
            )
        )

    row = uow.session.execute(
        select(
            open_now("demand").scalar_subquery().label("demands"),
            open_now("outcome").scalar_subquery().label("outcomes"),
            pairs(*_UNDER_REVIEW).scalar_subquery().label("under_review"),
            pairs(*_DECIDED).scalar_subquery().label("decided"),
        )
    ).one()
    return Figures(
        demands=row.demands,
        outcomes=row.outcomes,
        under_review=row.under_review,
        decided=row.decided,
    )


def clusters(uow: UnitOfWork) -> Mapping[str, ClusterFigures]:
    """Public records by cluster; a record on two chains of a cluster counts once there."""
    today = day_of(uow.now)
    demands = (
        select(literal("demand"), ChainRow.cluster_code, func.count(Demand.id.distinct()))
        .join(DemandChain, DemandChain.chain_code == ChainRow.code)
        .join(Demand, Demand.id == DemandChain.demand_id)
        .where(seen(VISITOR, "demand"), Demand.expires_on >= today)
        .group_by(ChainRow.cluster_code)
    )
    outcomes = (
        select(literal("outcome"), ChainRow.cluster_code, func.count(Outcome.id.distinct()))
        .join(OutcomeChain, OutcomeChain.chain_code == ChainRow.code)
        .join(Outcome, Outcome.id == OutcomeChain.outcome_id)
        .where(seen(VISITOR, "outcome"), Outcome.expires_on >= today)
        .group_by(ChainRow.cluster_code)
    )
    found: dict[str, dict[str, int]] = {}
    for noun, cluster, number in uow.session.execute(union_all(demands, outcomes)):
        found.setdefault(cluster, {})[noun] = number
    return {
        cluster: ClusterFigures(
            demands=numbers.get("demand", 0), outcomes=numbers.get("outcome", 0)
        )
        for cluster, numbers in found.items()
    }


def own_records(uow: UnitOfWork, actor: Actor, noun: str, *, limit: int) -> tuple[OwnRecord, ...]:
    """The records of the actor's organisation, the actor's own first, then the latest changed."""
    model = MODELS[noun]
    key = Match.demand_id if noun == "demand" else Match.outcome_id
    matched = (
        select(
            key.label("record_id"),
            func.sum(case((Match.state.in_(_UNDER_REVIEW) & Match.current, 1), else_=0)).label(
                "under_review"
            ),
            func.sum(case((Match.state == "accepted", 1), else_=0)).label("accepted"),
        )
        .join(Demand, Match.demand_id == Demand.id)
        .join(Outcome, Match.outcome_id == Outcome.id)
        .where(pair_opened(actor))
        .group_by(key)
        .subquery()
    )
    mine = func.coalesce(model.author_id == actor.user_id, False)
    found = uow.session.execute(
        select(
            model.id,
            model.public_id,
            model.title,
            model.state,
            model.state_note,
            model.origin,
            mine.label("mine"),
            model.updated_at,
            model.expires_on,
            func.coalesce(matched.c.under_review, 0).label("under_review"),
            func.coalesce(matched.c.accepted, 0).label("accepted"),
        )
        .outerjoin(matched, matched.c.record_id == model.id)
        .where(member(actor, noun))
        .order_by(mine.desc(), model.updated_at.desc(), model.id.desc())
        .limit(limit)
    )
    soon = day_of(uow.now + EXPIRY_REMINDER)
    return tuple(
        OwnRecord(
            id=row.id,
            public_id=row.public_id,
            title=row.title,
            state=row.state,
            state_note=row.state_note,
            origin=row.origin,
            mine=bool(row.mine),
            updated_at=row.updated_at,
            expires_on=row.expires_on,
            expires_soon=row.state == "published"
            and row.expires_on is not None
            and row.expires_on <= soon,
            under_review=row.under_review,
            accepted=row.accepted,
        )
        for row in found
    )


def demands_to_review(uow: UnitOfWork, actor: Actor, *, limit: int) -> WaitingList:
    """The submitted demands that the actor may review, longest waiting first."""
    return _waiting(
        uow,
        select(
            Demand.public_id,
            Demand.title,
            Organisation.name.label("by"),
            Demand.updated_at.label("since"),
            func.count().over().label("total"),
        )
        .join(Organisation, Demand.organisation_id == Organisation.id)
        .where(Demand.state == "submitted", seen(actor, "demand"))
        .order_by(Demand.updated_at, Demand.id)
        .limit(limit),
    )


def outcomes_to_review(uow: UnitOfWork, actor: Actor, *, limit: int) -> WaitingList:
    """The outcomes of the actor's institution that wait for its approval, longest first."""
    return _waiting(
        uow,
        select(
            Outcome.public_id,
            Outcome.title,
            func.coalesce(User.name, Organisation.name).label("by"),
            Outcome.updated_at.label("since"),
            func.count().over().label("total"),
        )
        .join(Organisation, Outcome.organisation_id == Organisation.id)
        .outerjoin(User, Outcome.author_id == User.id)
        .where(Outcome.state == "institution_review", member(actor, "outcome"))
        .order_by(Outcome.updated_at, Outcome.id)
        .limit(limit),
    )


def organisations_to_verify(uow: UnitOfWork, *, limit: int) -> WaitingList:
    """The organisations that wait for the bureau, longest waiting first."""
    return _waiting(
        uow,
        select(
            Organisation.public_id,
            Organisation.name.label("title"),
            Organisation.kind.label("by"),
            Organisation.created_at.label("since"),
            func.count().over().label("total"),
        )
        .where(Organisation.state == "pending")
        .order_by(Organisation.created_at, Organisation.id)
        .limit(limit),
    )


def users_by_role(uow: UnitOfWork) -> Mapping[str, int]:
    """Active users by role, in the order in which roles are named everywhere."""
    rows = uow.session.execute(
        select(User.role, func.count()).where(User.active.is_(True)).group_by(User.role)
    )
    found = {role: number for role, number in rows}  # noqa: C416 - a row is no pair to dict()
    return {role: found[role] for role in ROLES if role in found}


def index_status(uow: UnitOfWork) -> IndexStatus:
    """How far the stored vectors and matches follow the records."""
    vectors = select(func.count()).select_from(Embedding).scalar_subquery()
    row = uow.session.execute(
        select(
            Progress.last_change, Progress.matched_through, Progress.encoder_checksum, vectors
        ).where(Progress.id == 1)
    ).one()
    return IndexStatus(
        last_change=row[0], matched_through=row[1], encoder_checksum=row[2], vectors=row[3]
    )


def _waiting(uow: UnitOfWork, statement: Select[str, str, str, datetime, int]) -> WaitingList:
    found = uow.session.execute(statement).all()
    return WaitingList(
        rows=tuple(
            Waiting(public_id=row.public_id, title=row.title, by=row.by, since=row.since)
            for row in found
        ),
        total=found[0].total if found else 0,
    )
