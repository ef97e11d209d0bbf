"""What the assignment reads: brokers with room, matches that wait, and what stands where."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import aliased

from matchmaker.domain.assignment import USABLE, Reviewer, Task, difficulty, urgency
from matchmaker.domain.working_days import day_of, start_of_week
from matchmaker.store.assignment import BrokerProfile, PastAssignment
from matchmaker.store.database import UnitOfWork
from matchmaker.store.demand import Demand, DemandChain
from matchmaker.store.match import Match
from matchmaker.store.organisation import Organisation, User
from matchmaker.store.outcome import Outcome, OutcomeChain
from matchmaker.store.plan import ChainRow
from matchmaker.store.queries.statement import rows_of
from matchmaker.store.queries.visibility import matched

# Tasks of one run, the likeliest first; the rest waits for the next run.
MOST_TASKS: Final = 4_000
_PARAMETERS: Final = 900
UNDER_REVIEW: Final = ("suggested", "snoozed", "needs_information")
_LAPSES_SHOWN: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """Everything an assignment follows from, so that two readings can be compared."""

    reviewers: tuple[Reviewer, ...]
    tasks: tuple[Task, ...]
    of_company: Mapping[int, int]
    of_outcome: Mapping[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokerLoad:
    """A broker as the bureau sees them."""

    public_id: str
    name: str
    organisation_name: str
    level: str | None
    weekly_capacity: int | None
    away_until: date | None
    held: int
    open: int
    overdue: int
    taken_back: int


def situation(uow: UnitOfWork) -> Situation:
    """Brokers with room, the usable matches that nobody has, and how much stands in queues."""
    reviewers = _reviewers(uow)
    return Situation(
        reviewers=reviewers,
        tasks=_tasks(uow) if reviewers else (),
        of_company=_standing(uow, Demand.organisation_id),
        of_outcome=_standing(uow, Match.outcome_id),
    )


def has_profiles(uow: UnitOfWork) -> bool:
    """Whether any broker wants matches assigned."""
    return uow.session.scalar(select(BrokerProfile.user_id).limit(1)) is not None


def held_this_week(now: datetime) -> ColumnElement[bool]:
    """Matches that count against a week's capacity: assigned in it, or still open from before."""
    return or_(Match.assigned_at >= start_of_week(now), Match.state == "suggested")


def overdue_matches(uow: UnitOfWork) -> list[Match]:
    """The matches whose time is over, for escalation."""
    return list(
        uow.session.scalars(
            select(Match)
            .where(
                Match.state == "suggested",
                Match.assigned_to.is_not(None),
                Match.due_at <= uow.now,
            )
            .order_by(Match.id)
            .with_for_update()
        )
    )


def loads(uow: UnitOfWork) -> tuple[BrokerLoad, ...]:
    """Every active broker with capacity, queue and what went wrong in the last month."""
    open_ones = case((Match.state == "suggested", 1), else_=0)
    late = case((and_(Match.state == "suggested", Match.due_at <= uow.now), 1), else_=0)
    held = case((held_this_week(uow.now), 1), else_=0)
    queues = (
        select(
            Match.assigned_to.label("user_id"),
            func.sum(held).label("held"),
            func.sum(open_ones).label("open"),
            func.sum(late).label("overdue"),
        )
        .where(Match.assigned_to.is_not(None))
        .group_by(Match.assigned_to)
        .subquery()
    )
    lapsed = (
        select(PastAssignment.user_id, func.count().label("taken_back"))
        .where(
            PastAssignment.because == "overdue", PastAssignment.ended_at > uow.now - _LAPSES_SHOWN
        )
        .group_by(PastAssignment.user_id)
        .subquery()
    )
    rows = uow.session.execute(
        select(
            User.public_id,
            User.name,
            Organisation.name.label("organisation_name"),
            BrokerProfile.level,
            BrokerProfile.weekly_capacity,
            BrokerProfile.away_until,
            func.coalesce(queues.c.held, 0).label("held"),
            func.coalesce(queues.c.open, 0).label("open"),
            func.coalesce(queues.c.overdue, 0).label("overdue"),
            func.coalesce(lapsed.c.taken_back, 0).label("taken_back"),
        )
        .join(Organisation, User.organisation_id == Organisation.id)
        .outerjoin(BrokerProfile, BrokerProfile.user_id == User.id)
        .outerjoin(queues, queues.c.user_id == User.id)
        .outerjoin(lapsed, lapsed.c.user_id == User.id)
        .where(User.role == "broker", User.active.is_(True))
        .order_by(func.coalesce(queues.c.overdue, 0).desc(), User.name, User.id)
    )
    return rows_of(BrokerLoad, rows)


def left_by_reason(uow: UnitOfWork) -> Mapping[str, int]:
    """How many matches of the pool were left for which reason."""
    rows = uow.session.execute(
        _waiting(select(Match.unassigned_because, func.count()))
        .where(Match.unassigned_because.is_not(None))
        .group_by(Match.unassigned_because)
    )
    return {reason: count for reason, count in rows}  # noqa: C416 - a row is no pair to dict()


def _reviewers(uow: UnitOfWork) -> tuple[Reviewer, ...]:
    held = (
        select(Match.assigned_to.label("user_id"), func.count().label("held"))
        .where(Match.assigned_to.is_not(None), held_this_week(uow.now))
        .group_by(Match.assigned_to)
        .subquery()
    )
    today = day_of(uow.now)
    rows = uow.session.execute(
        select(
            BrokerProfile.user_id,
            User.organisation_id,
            BrokerProfile.level,
            BrokerProfile.fields,
            BrokerProfile.clusters,
            BrokerProfile.regions,
            (BrokerProfile.weekly_capacity - func.coalesce(held.c.held, 0)).label("free"),
        )
        .join(User, BrokerProfile.user_id == User.id)
        .join(Organisation, User.organisation_id == Organisation.id)
        .outerjoin(held, held.c.user_id == User.id)
        .where(
            User.role == "broker",
            User.active.is_(True),
            User.approved.is_(True),
            Organisation.state == "verified",
            or_(BrokerProfile.away_until.is_(None), BrokerProfile.away_until < today),
        )
        .order_by(BrokerProfile.user_id)
    )
    return tuple(
        Reviewer(
            user_id=row.user_id,
            organisation_id=row.organisation_id,
            level=row.level,
            fields=frozenset(row.fields),
            clusters=frozenset(row.clusters),
            regions=frozenset(row.regions),
            free=max(0, row.free),
        )
        for row in rows
    )


def _tasks(uow: UnitOfWork) -> tuple[Task, ...]:
    company = aliased(Organisation)
    rows = uow.session.execute(
        _waiting(
            select(
                Match.id,
                Match.score,
                Match.created_at,
                Match.demand_id,
                Match.outcome_id,
                Demand.organisation_id.label("company_id"),
                Outcome.organisation_id.label("institution_id"),
                Demand.field.label("demand_field"),
                Outcome.field.label("outcome_field"),
                Demand.budget_max,
                Demand.expires_on,
                company.region_code,
            )
        )
        .join(company, Demand.organisation_id == company.id)
        .where(Match.level >= USABLE)
        .order_by(Match.score.desc(), Match.id)
        .limit(MOST_TASKS)
    ).all()
    demands = _clusters(uow, DemandChain.demand_id, DemandChain, {row.demand_id for row in rows})
    outcomes = _clusters(
        uow, OutcomeChain.outcome_id, OutcomeChain, {row.outcome_id for row in rows}
    )
    barred = _barred(uow)
    nothing: frozenset[str] = frozenset()
    return tuple(
        Task(
            match_id=row.id,
            company_id=row.company_id,
            institution_id=row.institution_id,
            outcome_id=row.outcome_id,
            worth=row.score,
            fields=frozenset(one for one in (row.demand_field, row.outcome_field) if one),
            clusters=demands.get(row.demand_id, nothing) | outcomes.get(row.outcome_id, nothing),
            region=row.region_code,
            difficulty=difficulty(row.budget_max),
            urgency=urgency(uow.now, row.created_at, row.expires_on),
            barred=barred.get(row.id, frozenset()),
        )
        for row in sorted(rows, key=lambda row: row.id)
    )


def _waiting(statement: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """Matches of the pool: to decide, in a shortlist, both records published, nobody's."""
    return (
        statement.select_from(Match)
        .join(Demand, Match.demand_id == Demand.id)
        .join(Outcome, Match.outcome_id == Outcome.id)
        .where(
            Match.state == "suggested",
            Match.assigned_to.is_(None),
            Match.current.is_(True),
            matched("demand"),
            matched("outcome"),
        )
    )


def _standing(uow: UnitOfWork, key: Any) -> dict[int, int]:
    """How many matches of each company or outcome stand in queues."""
    rows = uow.session.execute(
        select(key, func.count())
        .select_from(Match)
        .join(Demand, Match.demand_id == Demand.id)
        .where(Match.assigned_to.is_not(None), Match.state.in_(UNDER_REVIEW))
        .group_by(key)
    )
    return {one: count for one, count in rows}  # noqa: C416 - as above


def _clusters(
    uow: UnitOfWork, key: Any, model: Any, keys: Collection[int]
) -> dict[int, frozenset[str]]:
    found: dict[int, set[str]] = {}
    ordered = sorted(keys)
    for start in range(0, len(ordered), _PARAMETERS):
        rows = uow.session.execute(
            select(key, ChainRow.cluster_code)
            .join(ChainRow, model.chain_code == ChainRow.code)
            .where(key.in_(ordered[start : start + _PARAMETERS]))
        )
        for record, cluster in rows:
            found.setdefault(record, set()).add(cluster)
    return {record: frozenset(clusters) for record, clusters in found.items()}


def _barred(uow: UnitOfWork) -> dict[int, frozenset[int]]:
    """Who had each match of the pool before."""
    rows = uow.session.execute(
        select(PastAssignment.match_id, PastAssignment.user_id)
        .join(Match, PastAssignment.match_id == Match.id)
        .where(Match.state == "suggested", Match.assigned_to.is_(None))
    )
    found: dict[int, set[int]] = {}
    for match, user in rows:
        found.setdefault(match, set()).add(user)
    return {match: frozenset(users) for match, users in found.items()}
