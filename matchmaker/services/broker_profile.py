"""What a broker says of themselves, so that the right matches come to them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from sqlalchemy import select

from matchmaker.domain.assignment import DEFAULT_CAPACITY, MOST_CAPACITY
from matchmaker.domain.errors import Conflict, Invalid, NotFound
from matchmaker.domain.permissions import SYSTEM, Actor, require
from matchmaker.domain.plan import Plan
from matchmaker.domain.vocabulary import BROKER_LEVELS, FIELDS
from matchmaker.domain.working_days import CHINA, day_of
from matchmaker.services import audit
from matchmaker.services.match_review import unassign
from matchmaker.store.assignment import BrokerProfile
from matchmaker.store.database import UnitOfWork
from matchmaker.store.match import Match
from matchmaker.store.organisation import User

_TOLD: Final = ("level", "fields", "clusters", "regions", "weekly_capacity", "away_until")


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """The fields of a profile as a form sends them."""

    level: str
    fields: Sequence[str]
    clusters: Sequence[str]
    regions: Sequence[str]
    weekly_capacity: int
    away_until: date | None


def profile_of(uow: UnitOfWork, user: User) -> BrokerProfile:
    """The stored profile, or a new one that is not stored yet: open to every field."""
    found = uow.session.get(BrokerProfile, user.id)
    if found is not None:
        return found
    return BrokerProfile(
        user_id=user.id,
        level="middle",
        fields=[],
        clusters=[],
        regions=[],
        weekly_capacity=DEFAULT_CAPACITY,
        away_until=None,
        updated_at=uow.now,
        version=0,
    )


def edit(
    uow: UnitOfWork, actor: Actor, *, user: User, given: Profile, plan: Plan, version: int
) -> BrokerProfile:
    """Store a profile, one's own or as the bureau any broker's."""
    if user.role != "broker":
        msg = "There is no such broker."
        raise NotFound(msg, noun="user")
    profile = profile_of(uow, user)
    require(actor, "broker_profile", "edit", profile)
    if (profile.version or 0) != version:
        msg = "Somebody else changed this profile since you opened it."
        raise Conflict(msg)
    _check(given, plan, day_of(uow.now))
    before = {name: getattr(profile, name) for name in _TOLD} if version else {}
    profile.level = given.level
    profile.fields = sorted(given.fields)
    profile.clusters = sorted(given.clusters)
    profile.regions = sorted(given.regions)
    profile.weekly_capacity = given.weekly_capacity
    profile.away_until = given.away_until
    profile.updated_at = uow.now
    if not version:
        profile.version = None  # type: ignore[assignment] # the mapper counts from here
        uow.session.add(profile)
    uow.flush()
    after = {name: getattr(profile, name) for name in _TOLD}
    audit.record(uow, actor, "broker_profile", user.id, "edit", before=before, after=after)
    if given.away_until is not None:
        _give_back(uow, user, given.away_until + timedelta(days=1))
    return profile


def _give_back(uow: UnitOfWork, user: User, returns_on: date) -> None:
    """Give what falls due during an absence to others at once, not when it is overdue."""
    back = datetime.combine(returns_on, time(), CHINA)
    for match in uow.session.scalars(
        select(Match)
        .where(Match.assigned_to == user.id, Match.state == "suggested", Match.due_at < back)
        .order_by(Match.id)
        .with_for_update()
    ).all():
        unassign(uow, SYSTEM, match, "escalate", "released")


def _check(given: Profile, plan: Plan, today: date) -> None:
    """Raise ``Invalid`` with everything that is wrong."""
    wrong: dict[str, str] = {}
    known: dict[str, tuple[Sequence[str], Collection[str]]] = {
        "level": ([given.level], BROKER_LEVELS),
        "fields": (given.fields, FIELDS),
        "clusters": (given.clusters, {one.code for one in plan.clusters}),
        "regions": (given.regions, plan.region_by_code),
    }
    for name, (values, allowed) in known.items():
        if any(value not in allowed for value in values):
            wrong[name] = "unknown"
    if not 0 <= given.weekly_capacity <= MOST_CAPACITY:
        wrong["weekly_capacity"] = "out_of_range"
    if given.away_until is not None and given.away_until < today:
        wrong["away_until"] = "past"
    if wrong:
        msg = "The profile cannot be stored so."
        raise Invalid(msg, wrong)
