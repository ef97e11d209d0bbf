"""What people are told, as frozen rows; titles are those that the reader may see now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, case, func, or_, select, true

from matchmaker.domain.permissions import Actor
from matchmaker.store.challenge import Challenge, ChallengeBid, ChallengeDemand
from matchmaker.store.database import UnitOfWork
from matchmaker.store.demand import Demand
from matchmaker.store.engagement import Engagement
from matchmaker.store.event import Event, EventParty
from matchmaker.store.introduction import Introduction
from matchmaker.store.match import Match
from matchmaker.store.membership import Membership, Referral
from matchmaker.store.notification import Notification, NotificationSetting
from matchmaker.store.organisation import Organisation
from matchmaker.store.outcome import Outcome
from matchmaker.store.queries.association import referrals_of
from matchmaker.store.queries.challenge import known, own_bids
from matchmaker.store.queries.event import own_parties
from matchmaker.store.queries.membership import shown as memberships
from matchmaker.store.queries.party import listed, party
from matchmaker.store.queries.secondment import shown as secondments
from matchmaker.store.queries.visibility import MODELS, member, pair_opened, reviews, seen
from matchmaker.store.question import Question
from matchmaker.store.saved_search import SavedSearch
from matchmaker.store.secondment import Secondment
from matchmaker.store.share import Share


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """The record that a notification is about: its id in addresses and its title."""

    public_id: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NotificationRow:
    """One notification; ``subject`` is None where its record is gone or may not be seen."""

    public_id: str
    kind: str
    noun: str
    subject: Subject | None
    values: Mapping[str, Any]
    created_at: datetime
    read: bool


_Found = Mapping[int, Subject]


def _records(noun: str) -> Callable[[UnitOfWork, Actor, Collection[int]], _Found]:
    def find(uow: UnitOfWork, actor: Actor, keys: Collection[int]) -> _Found:
        model = MODELS[noun]
        return _subjects(uow, model, model.title, model.id.in_(keys), seen(actor, noun))

    return find


def _organisations(uow: UnitOfWork, actor: Actor, keys: Collection[int]) -> _Found:
    open_to_all: ColumnElement[bool] = or_(
        Organisation.state == "verified", Organisation.id == (actor.organisation_id or 0)
    )
    if reviews(actor) or actor.role in {"administrator", "system"}:
        open_to_all = true()
    return _subjects(uow, Organisation, Organisation.name, Organisation.id.in_(keys), open_to_all)


def _searches(uow: UnitOfWork, actor: Actor, keys: Collection[int]) -> _Found:
    own = SavedSearch.user_id == (actor.user_id or 0)
    return _subjects(uow, SavedSearch, SavedSearch.name, SavedSearch.id.in_(keys), own)


def _matches(uow: UnitOfWork, actor: Actor, keys: Collection[int]) -> _Found:
    return _between(uow, actor, Match, Match.id.in_(keys), pair_opened(actor))


def _questions(uow: UnitOfWork, actor: Actor, keys: Collection[int]) -> _Found:
    """The questions to the actor's organisation, each under the title of the asked record."""
    own = Question.organisation_id == (actor.organisation_id or 0)
    title = case((Question.side == "demand", Demand.title), else_=Outcome.title)
    found = uow.session.execute(
        select(Question.id, Question.public_id, title.label("title"))
        .join(Match, Question.match_id == Match.id)
        .join(Demand, Match.demand_id == Demand.id)
        .join(Outcome, Match.outcome_id == Outcome.id)
        .where(Question.id.in_(keys), own)
    )
    return {row.id: Subject(public_id=row.public_id, title=row.title) for row in found}


def _introductions(uow: UnitOfWork, actor: Actor, keys: Collection[int]) -> _Found:
    return _between(uow, actor, Introduction, Introduction.id.in_(keys), party(actor, Introduction))


def _engagements(uow: UnitOfWork, actor: Actor, keys: Collection[int]) -> _Found:
    return _between(uow, actor, Engagement, Engagement.id.in_(keys), listed(actor, Engagement))


def _events(uow: UnitOfWork, actor: Actor, keys: Collection[int]) -> _Found:
    """The events that the actor leads."""
    found = uow.session.execute(
        select(Event.id, Event.public_id, Event.title).where(
            Event.id.in_(keys), Event.author_id == (actor.user_id or 0)
        )
    )
    return {row.id: Subject(public_id=row.public_id, title=row.title) for row in found}


def _event_parties(uow: UnitOfWork, actor: Actor, keys: Collection[int]) -> _Found:
    """Invitations of the actor, each under the title of its event."""
    found = uow.session.execute(
        select(EventParty.id, EventParty.public_id, Event.title.label("title"))
        .join(Event, EventParty.event_id == Event.id)
        .where(EventParty.id.in_(keys), own_parties(actor))
    )
    return {row.id: Subject(public_id=row.public_id, title=row.title) for row in found}


def _challenges(uow: UnitOfWork, actor: Actor, keys: Collection[int]) -> _Found:
    found = uow.session.execute(
        select(Challenge.id, Challenge.public_id, Challenge.title).where(
            Challenge.id.in_(keys), known(actor)
        )
    )
    return {row.id: Subject(public_id=row.public_id, title=row.title) for row in found}


def _secondments(uow: UnitOfWork, actor: Actor, keys: Collection[int]) -> _Found:
    """The secondments that concern the actor, each under its firm's name."""
    found = uow.session.execute(
        select(Secondment.id, Secondment.public_id, Organisation.name.label("title"))
        .join(Organisation, Secondment.organisation_id == Organisation.id)
        .where(Secondment.id.in_(keys), secondments(actor))
    )
    return {row.id: Subject(public_id=row.public_id, title=row.title) for row in found}


def _challenge_bids(uow: UnitOfWork, actor: Actor, keys: Collection[int]) -> _Found:
    """Bids of the actor, each under the title of its challenge."""
    found = uow.session.execute(
        select(ChallengeBid.id, ChallengeBid.public_id, Challenge.title)
        .join(Challenge, ChallengeBid.challenge_id == Challenge.id)
        .where(ChallengeBid.id.in_(keys), own_bids(actor))
    )
    return {row.id: Subject(public_id=row.public_id, title=row.title) for row in found}


def _memberships(uow: UnitOfWork, actor: Actor, keys: Collection[int]) -> _Found:
    """Memberships of the actor's side, each under the other side's name."""
    other = Membership.organisation_id if actor.role == "association" else Membership.association_id
    found = uow.session.execute(
        select(Membership.id, Membership.public_id, Organisation.name.label("title"))
        .join(Organisation, other == Organisation.id)
        .where(Membership.id.in_(keys), memberships(actor))
    )
    return {row.id: Subject(public_id=row.public_id, title=row.title) for row in found}


def _challenge_demands(uow: UnitOfWork, actor: Actor, keys: Collection[int]) -> _Found:
    """What the actor's firm is asked to consent to, under its own demand's title."""
    found = uow.session.execute(
        select(ChallengeDemand.id, ChallengeDemand.public_id, Demand.title)
        .join(Demand, ChallengeDemand.demand_id == Demand.id)
        .where(ChallengeDemand.id.in_(keys), member(actor, "demand"))
    )
    return {row.id: Subject(public_id=row.public_id, title=row.title) for row in found}


def _referrals(uow: UnitOfWork, actor: Actor, keys: Collection[int]) -> _Found:
    """Referrals that concern the actor, each under its demand's title."""
    found = uow.session.execute(
        select(Referral.id, Referral.public_id, Demand.title.label("title"))
        .join(Demand, Referral.demand_id == Demand.id)
        .where(Referral.id.in_(keys), referrals_of(actor), seen(actor, "demand"))
    )
    return {row.id: Subject(public_id=row.public_id, title=row.title) for row in found}


def _shares(uow: UnitOfWork, actor: Actor, keys: Collection[int]) -> _Found:
    """Shares of the actor, each under the title of its introduction's demand."""
    mine = or_(Share.lead_id == actor.user_id, Share.partner_id == actor.user_id)
    found = uow.session.execute(
        select(Share.id, Share.public_id, Demand.title.label("title"))
        .join(Introduction, Share.introduction_id == Introduction.id)
        .join(Demand, Introduction.demand_id == Demand.id)
        .where(Share.id.in_(keys), mine, seen(actor, "demand"))
    )
    return {row.id: Subject(public_id=row.public_id, title=row.title) for row in found}


# For each noun that a notification may be about: the records that an actor may see, by key.
SUBJECTS: Final[Mapping[str, Callable[[UnitOfWork, Actor, Collection[int]], _Found]]] = {
    "demand": _records("demand"),
    "outcome": _records("outcome"),
    "organisation": _organisations,
    "saved_search": _searches,
    "match": _matches,
    "question": _questions,
    "introduction": _introductions,
    "engagement": _engagements,
    "event": _events,
    "event_party": _event_parties,
    "challenge": _challenges,
    "challenge_bid": _challenge_bids,
    "challenge_demand": _challenge_demands,
    "secondment": _secondments,
    "membership": _memberships,
    "referral": _referrals,
    "share": _shares,
}


def subjects(
    uow: UnitOfWork, actor: Actor, wanted: Iterable[tuple[str, int | None]]
) -> Mapping[tuple[str, int], Subject]:
    """The records that the actor may see among ``(noun, key)``; one statement for each noun."""
    keys: dict[str, set[int]] = defaultdict(set)
    for noun, key in wanted:
        if key is not None:
            keys[noun].add(key)
    return {
        (noun, key): subject
        for noun, found in sorted(keys.items())
        for key, subject in SUBJECTS[noun](uow, actor, found).items()
    }


def listing(
    uow: UnitOfWork, actor: Actor, *, unread: bool, limit: int, offset: int
) -> tuple[NotificationRow, ...]:
    """What the actor was told, the latest first."""
    found = uow.session.scalars(
        select(Notification)
        .where(*_own(actor, unread=unread))
        .order_by(Notification.created_at.desc(), Notification.id.desc())
        .limit(limit)
        .offset(offset)
    ).all()
    return rows(uow, actor, found)


def rows(
    uow: UnitOfWork, actor: Actor, found: Sequence[Notification]
) -> tuple[NotificationRow, ...]:
    """Stored notifications as their reader may see them now."""
    known = subjects(uow, actor, [(one.noun, one.record_id) for one in found])
    return tuple(
        NotificationRow(
            public_id=one.public_id,
            kind=one.kind,
            noun=one.noun,
            subject=known.get((one.noun, one.record_id or 0)),
            values=one.values,
            created_at=one.created_at,
            read=one.read_at is not None,
        )
        for one in found
    )


def counts(uow: UnitOfWork, actor: Actor) -> tuple[int, int]:
    """How many notifications the actor has, and how many of them are unread."""
    row = uow.session.execute(
        select(func.count(), func.count().filter(Notification.read_at.is_(None)))
        .select_from(Notification)
        .where(*_own(actor, unread=False))
    ).one()
    return row[0], row[1]


def paces(uow: UnitOfWork, user_id: int) -> Mapping[str, str]:
    """How a person chose to be mailed, by group; what is missing is mailed at once."""
    found = uow.session.execute(
        select(NotificationSetting.topic, NotificationSetting.pace).where(
            NotificationSetting.user_id == user_id
        )
    )
    return {topic: pace for topic, pace in found}  # noqa: C416 - a row is no pair to dict()


def paces_of_all(uow: UnitOfWork, user_ids: Collection[int]) -> Mapping[tuple[int, str], str]:
    """How several people chose to be mailed, by user and group; what is missing, at once."""
    found = uow.session.execute(
        select(NotificationSetting).where(NotificationSetting.user_id.in_(user_ids))
    ).scalars()
    return {(one.user_id, one.topic): one.pace for one in found}


def paces_of(uow: UnitOfWork, topic: str) -> Mapping[int, str]:
    """How people chose to be mailed about a group, by user; who is missing is mailed at once."""
    found = uow.session.execute(
        select(NotificationSetting.user_id, NotificationSetting.pace).where(
            NotificationSetting.topic == topic
        )
    )
    return {user_id: pace for user_id, pace in found}  # noqa: C416 - as above


def _own(actor: Actor, *, unread: bool) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [Notification.user_id == (actor.user_id or 0)]
    if unread:
        found.append(Notification.read_at.is_(None))
    return found


def _subjects(
    uow: UnitOfWork, model: type[Any], title: Any, *conditions: ColumnElement[bool]
) -> _Found:
    found = uow.session.execute(
        select(model.id, model.public_id, title.label("title")).where(*conditions)
    )
    return {row.id: Subject(public_id=row.public_id, title=row.title) for row in found}


def _between(
    uow: UnitOfWork, actor: Actor, model: type[Any], *conditions: ColumnElement[bool]
) -> _Found:
    """What lies between a demand and an outcome, under the title of the actor's own side."""
    title = Outcome.title if actor.role == "researcher" else Demand.title
    found = uow.session.execute(
        select(model.id, model.public_id, title.label("title"))
        .join(Demand, model.demand_id == Demand.id)
        .join(Outcome, model.outcome_id == Outcome.id)
        .where(*conditions)
    )
    return {row.id: Subject(public_id=row.public_id, title=row.title) for row in found}
