"""Giving suggested matches to brokers, taking back what is overdue, and telling them once a day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, cast

from sqlalchemy import Table, bindparam, case, delete, exists, func, select, update

from matchmaker.domain import assignment as rules
from matchmaker.domain.permissions import SYSTEM, Actor, require
from matchmaker.domain.working_days import WorkingDays, start_of_day, start_of_week
from matchmaker.services import assignment_mail, audit, question
from matchmaker.services.assignment_mail import Digest
from matchmaker.services.match_reopening import reopen
from matchmaker.services.match_review import unassign
from matchmaker.store.assignment import BrokerProfile, PastAssignment
from matchmaker.store.database import Database, UnitOfWork
from matchmaker.store.demand import Demand
from matchmaker.store.match import Match
from matchmaker.store.organisation import User
from matchmaker.store.outcome import Outcome
from matchmaker.store.queries import assignment as query
from matchmaker.store.queries.assignment import Situation
from matchmaker.store.queries.matching import progress
from matchmaker.store.queries.notification import paces_of
from matchmaker.store.question import Question

if TYPE_CHECKING:
    from matchmaker.matching.assignment import Network

# A situation that changes while it is solved is solved anew so often; then changes have to wait.
_ATTEMPTS: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How many matches of one company, and of one outcome, stand in queues at a time."""

    of_company: int
    of_outcome: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a run did: how many matches were assigned, and why others were left."""

    assigned: int = 0
    left: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Decision:
    """Who gets which match, and the reasons of the others."""

    given: Mapping[int, int]
    left: Mapping[int, str]


def run(database: Database, actor: Actor, *, limits: Limits, calendar: WorkingDays) -> Report:
    """Assign what waits, to the highest total value; solved without a lock, written under one.

    Does nothing where no broker has a profile.
    """
    require(actor, "assignment", "run")
    with database.reading() as uow:
        if not query.has_profiles(uow):
            return Report()
    for _ in range(_ATTEMPTS):
        with database.reading() as uow:
            read = query.situation(uow)
        decision = solve(read, limits)
        with database.unit_of_work() as uow:
            progress(uow, lock=True)
            if query.situation(uow) == read:
                return _write(uow, actor, decision, calendar)
    with database.unit_of_work() as uow:
        progress(uow, lock=True)
        return _write(uow, actor, solve(query.situation(uow), limits), calendar)


def solve(situation: Situation, limits: Limits) -> _Decision:
    """The best assignment of a situation, and for every other match why it was left."""
    tasks, reviewers = situation.tasks, situation.reviewers
    if not tasks or not reviewers:
        return _Decision(given={}, left={task.match_id: "no_broker" for task in tasks})
    import numpy as np

    from matchmaker.matching.assignment import assign

    companies = sorted({task.company_id for task in tasks})
    outcomes = sorted({task.outcome_id for task in tasks})
    company_room = {
        key: max(0, limits.of_company - situation.of_company.get(key, 0)) for key in companies
    }
    outcome_room = {
        key: max(0, limits.of_outcome - situation.of_outcome.get(key, 0)) for key in outcomes
    }
    network = _network(situation, company_room, outcome_room)
    found = assign(network)
    given: dict[int, int] = {}
    for task, place in zip(tasks, found.tolist(), strict=True):
        if place >= 0:
            given[task.match_id] = reviewers[place].user_id
            company_room[task.company_id] -= 1
            outcome_room[task.outcome_id] -= 1
    fitting: list[bool] = np.any(network.values > 0, axis=1).tolist()
    left = {
        task.match_id: rules.why_unassigned(
            task, fitting=fits, company_room=company_room, outcome_room=outcome_room
        )
        for task, fits in zip(tasks, fitting, strict=True)
        if task.match_id not in given
    }
    return _Decision(given=given, left=left)


def escalate(uow: UnitOfWork) -> int:
    """Take overdue matches out of their queues; the next run gives them to the next best broker.

    What has left its shortlist meanwhile is no longer suggested at all. Returns how many.
    """
    found = query.overdue_matches(uow)
    for match in found:
        unassign(uow, SYSTEM, match, "escalate", "overdue")
    asked = exists().where(Question.match_id == Match.id)
    uow.session.execute(
        delete(Match).where(
            Match.state == "suggested",
            Match.current.is_(False),
            Match.assigned_to.is_(None),
            ~asked,
        )
    )
    return len(found)


def wake_due(uow: UnitOfWork) -> int:
    """Wake matches whose week of sleep is over; returns how many."""
    found = uow.session.scalars(
        select(Match)
        .where(Match.state == "snoozed", Match.snoozed_until <= uow.now)
        .order_by(Match.id)
        .with_for_update()
    ).all()
    for match in found:
        reopen(uow, SYSTEM, match, "wake")
    return len(found)


def follow_clocks(uow: UnitOfWork, base_url: str) -> Mapping[str, int]:
    """Everything that happens by the clock: sleep ends, questions lapse, queues are emptied."""
    return {
        "woken": wake_due(uow),
        "lapsed": question.lapse_due(uow, base_url),
        "escalated": escalate(uow),
    }


def send_digests(uow: UnitOfWork, base_url: str) -> int:
    """Mail each broker who has news, at most once a day; returns how many mails.

    Whoever chose a weekly mail is told once in a week, and whoever chose none not at all: what was
    new meanwhile is not told later either.
    """
    today, week = start_of_day(uow.now), start_of_week(uow.now)
    profiles = uow.session.execute(
        select(BrokerProfile, User)
        .join(User, BrokerProfile.user_id == User.id)
        .where((BrokerProfile.digested_at.is_(None)) | (BrokerProfile.digested_at < today))
        .where(User.active.is_(True))
        .order_by(BrokerProfile.user_id)
        .with_for_update(of=BrokerProfile)
    ).all()
    if not profiles:
        return 0
    news, losses = _news(uow), _lost(uow)
    paces = paces_of(uow, assignment_mail.GROUP)
    sent = 0
    for profile, user in profiles:
        since, pace = profile.digested_at, paces.get(user.id, "at_once")
        if pace == "weekly" and since is not None and since >= week:
            continue
        rows = news.get(user.id, [])
        pairs = [
            (d, o) for at, d, o, _due in rows if at is not None and (since is None or at > since)
        ]
        lost = losses.get(user.id, 0)
        due = sum(due for _at, _demand, _outcome, due in rows)
        if pairs or lost or due:
            digest = Digest(pairs=pairs, due=due, lost=lost)
            profile.digested_at = uow.now
            if pace != "off":
                assignment_mail.tell(uow, user, digest, base_url)
                sent += 1
    return sent


def _network(
    situation: Situation, company_room: Mapping[int, int], outcome_room: Mapping[int, int]
) -> Network:
    """The values of every match with every broker, put together from what they depend on."""
    import numpy as np

    from matchmaker.matching.assignment import Network

    tasks, reviewers = situation.tasks, situation.reviewers

    def part(keys: list[Any], rule: Any) -> Any:
        """A rule's values for each distinct key and broker, spread over the tasks."""
        distinct = sorted(set(keys), key=repr)
        place = {key: number for number, key in enumerate(distinct)}
        table = np.array([[rule(key, one) for one in reviewers] for key in distinct])
        return table[[place[key] for key in keys]]

    expertise = np.maximum(
        part([task.fields for task in tasks], lambda key, one: rules.share(key, one.fields)),
        part([task.clusters for task in tasks], lambda key, one: rules.share(key, one.clusters)),
    )
    expertise[[rules.is_unknown(task) for task in tasks], :] = rules.UNKNOWN
    expertise[:, [rules.is_generalist(one) for one in reviewers]] = rules.GENERALIST
    near = part([task.region for task in tasks], rules.closeness)
    senior = part([task.difficulty for task in tasks], rules.seniority)
    base = np.array([rules.base_value(task) for task in tasks])[:, None]
    values = np.where(expertise > 0, base + expertise + near + senior, 0)
    organisations = np.array([one.organisation_id or 0 for one in reviewers])[None, :]
    for sides in ("company_id", "institution_id"):
        values[np.array([getattr(task, sides) for task in tasks])[:, None] == organisations] = 0
    places = {one.user_id: number for number, one in enumerate(reviewers)}
    for row, task in enumerate(tasks):
        for user in task.barred & places.keys():
            values[row, places[user]] = 0
    company = {key: number for number, key in enumerate(company_room)}
    outcome = {key: number for number, key in enumerate(outcome_room)}
    return Network(
        values=values.astype(np.int64),
        capacity=np.array([one.free for one in reviewers]),
        company=np.array([company[task.company_id] for task in tasks]),
        company_room=np.array(list(company_room.values())),
        outcome=np.array([outcome[task.outcome_id] for task in tasks]),
        outcome_room=np.array(list(outcome_room.values())),
    )


def _write(uow: UnitOfWork, actor: Actor, decision: _Decision, calendar: WorkingDays) -> Report:
    """Store who got what and why others were left.

    Versions of rows stay: a broker who decides on a match meanwhile loses no race.
    """
    table = cast("Table", Match.__table__)
    due = calendar.due(uow.now, rules.DECISION_DAYS)
    free = (table.c.id == bindparam("key"), table.c.assigned_to.is_(None))
    connection = uow.session.connection()
    if decision.given:
        connection.execute(
            update(table)
            .where(*free, table.c.state == "suggested")
            .values(
                assigned_to=bindparam("broker"),
                assigned_by=actor.user_id,
                assigned_at=uow.now,
                due_at=due,
                unassigned_because=None,
            ),
            [{"key": key, "broker": broker} for key, broker in decision.given.items()],
        )
        for key, broker in decision.given.items():
            audit.record(uow, actor, "match", key, "assign", after={"assigned_to": broker})
    if decision.left:
        connection.execute(
            update(table).where(*free).values(unassigned_because=bindparam("because")),
            [{"key": key, "because": because} for key, because in decision.left.items()],
        )
    uow.session.execute(
        update(Match)
        .where(
            Match.state == "suggested",
            Match.assigned_to.is_(None),
            Match.level < rules.USABLE,
            Match.unassigned_because.is_distinct_from("weak"),
        )
        .values(unassigned_because="weak")
        .execution_options(synchronize_session=False)
    )
    return Report(assigned=len(decision.given), left=Counter(decision.left.values()))


def _news(uow: UnitOfWork) -> dict[int, list[tuple[Any, str, str, bool]]]:
    """The open matches of every queue: when assigned by others, both titles, whether due today."""
    tomorrow = start_of_day(uow.now) + timedelta(days=1)
    rows = uow.session.execute(
        select(
            Match.assigned_to,
            case((Match.assigned_by.is_distinct_from(Match.assigned_to), Match.assigned_at)),
            Demand.title,
            Outcome.title,
            Match.due_at,
        )
        .join(Demand, Match.demand_id == Demand.id)
        .join(Outcome, Match.outcome_id == Outcome.id)
        .where(Match.state == "suggested", Match.assigned_to.is_not(None))
        .order_by(Match.due_at, Match.score.desc(), Match.id)
    )
    found: dict[int, list[tuple[Any, str, str, bool]]] = {}
    for user, at, demand, outcome, due in rows:
        found.setdefault(user, []).append((at, demand, outcome, due <= tomorrow))
    return found


def _lost(uow: UnitOfWork) -> dict[int, int]:
    """How many matches each broker lost since the last digest of theirs."""
    rows = uow.session.execute(
        select(PastAssignment.user_id, func.count())
        .join(BrokerProfile, BrokerProfile.user_id == PastAssignment.user_id)
        .where(
            PastAssignment.because == "overdue",
            PastAssignment.ended_at > BrokerProfile.digested_at,
        )
        .group_by(PastAssignment.user_id)
    )
    return {user: count for user, count in rows}  # noqa: C416 - a row is no pair to dict()
