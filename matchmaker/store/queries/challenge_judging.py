"""What stands between experts and the bids of a challenge, and what they found."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, select

from matchmaker.domain.challenge import (
    COMPETING,
    Contender,
    Judge,
    Member,
    Standing,
    conflict,
    ranking,
)
from matchmaker.domain.challenge_vocabulary import CHALLENGE_CRITERIA
from matchmaker.domain.permissions import Actor
from matchmaker.store.challenge import (
    Challenge,
    ChallengeBid,
    ChallengeConflict,
    ChallengeDemand,
    ChallengeExpert,
    ChallengeScore,
)
from matchmaker.store.database import UnitOfWork
from matchmaker.store.demand import Demand
from matchmaker.store.organisation import Organisation, User
from matchmaker.store.outcome import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class BidRow:
    """A bid as the bureau and experts list it; nothing of scores but how many are in."""

    id: int
    public_id: str
    state: str
    bidder: str
    leader: str
    funds: Decimal | None
    submitted_at: datetime | None
    proposed: bool
    scores: int
    judges: int
    conflicts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskRow:
    """A bid before one expert: his own score's state, or why he does not score it."""

    public_id: str
    bidder: str
    leader: str
    score: str
    conflict: str


def conflicts_found(uow: UnitOfWork, challenge_id: int) -> dict[tuple[int, int], str]:
    """Every conflict between a bid and an expert that the platform knows, by both keys."""
    judges = _judges(uow, challenge_id)
    bids = _contenders(uow, challenge_id)
    demanders = frozenset(
        uow.session.scalars(
            select(Demand.organisation_id)
            .join(ChallengeDemand, ChallengeDemand.demand_id == Demand.id)
            .where(ChallengeDemand.challenge_id == challenge_id)
        )
    )
    found = {
        (bid.bid_id, judge.user_id): conflict(judge, bid, demanders, bids)
        for bid in bids
        for judge in judges
    }
    rows = uow.session.execute(
        select(ChallengeConflict.bid_id, ChallengeConflict.expert_id, ChallengeConflict.kind)
        .join(ChallengeBid, ChallengeConflict.bid_id == ChallengeBid.id)
        .where(ChallengeBid.challenge_id == challenge_id)
    )
    noted: dict[tuple[int, int], str | None] = {(bid, expert): kind for bid, expert, kind in rows}
    return {key: kind for key, kind in (found | noted).items() if kind is not None}


def _judges(uow: UnitOfWork, challenge_id: int) -> list[Judge]:
    people = uow.session.execute(
        select(User.id, User.name, User.organisation_id, Organisation.name.label("home"))
        .join(ChallengeExpert, ChallengeExpert.user_id == User.id)
        .outerjoin(Organisation, User.organisation_id == Organisation.id)
        .where(ChallengeExpert.challenge_id == challenge_id)
        .order_by(User.id)
    ).all()
    beside = _beside(uow, challenge_id, {row.id: row.name for row in people})
    return [
        Judge(
            user_id=row.id,
            name=row.name,
            organisation_id=row.organisation_id,
            organisation=row.home or "",
            worked_with=frozenset(beside[row.id]),
        )
        for row in people
    ]


def _beside(uow: UnitOfWork, challenge_id: int, names: Mapping[int, str]) -> dict[int, set[str]]:
    """Names in the teams of an expert's outcomes, and leaders of bids in whose teams he stands."""
    bidding = uow.session.execute(
        select(ChallengeBid.author_id, User.name)
        .join(User, ChallengeBid.author_id == User.id)
        .where(ChallengeBid.challenge_id == challenge_id)
    )
    leaders = {author_id: name for author_id, name in bidding}  # noqa: C416 - a row is no pair
    rows = uow.session.execute(
        select(Outcome.author_id, Outcome.team).where(
            Outcome.author_id.in_([*names, *leaders]), Outcome.state != "draft"
        )
    )
    found: dict[int, set[str]] = defaultdict(set)
    for author_id, team in rows:
        for expert, name in names.items():
            if author_id == expert:
                found[expert] |= set(team) - {name}
            elif author_id in leaders and name in team:
                found[expert].add(leaders[author_id])
    return found


def _contenders(uow: UnitOfWork, challenge_id: int) -> list[Contender]:
    rows = uow.session.execute(
        select(ChallengeBid, User.name)
        .join(User, ChallengeBid.author_id == User.id)
        .where(ChallengeBid.challenge_id == challenge_id, ChallengeBid.state.in_(sorted(COMPETING)))
        .order_by(ChallengeBid.id)
    )
    return [
        Contender(
            bid_id=bid.id,
            author_id=bid.author_id,
            author=name,
            organisation_id=bid.organisation_id,
            team=tuple(Member(**one) for one in bid.team),
        )
        for bid, name in rows
    ]


def bids(uow: UnitOfWork, challenge_id: int) -> tuple[BidRow, ...]:
    """The bids that stand to be judged, in the order in which they came in."""
    rows = uow.session.execute(
        select(ChallengeBid, Organisation.name, User.name)
        .join(Organisation, ChallengeBid.organisation_id == Organisation.id)
        .join(User, ChallengeBid.author_id == User.id)
        .where(ChallengeBid.challenge_id == challenge_id, ChallengeBid.state.in_(sorted(COMPETING)))
        .order_by(ChallengeBid.submitted_at, ChallengeBid.id)
    ).all()
    people = uow.session.execute(
        select(User.id, User.name)
        .join(ChallengeExpert, ChallengeExpert.user_id == User.id)
        .where(ChallengeExpert.challenge_id == challenge_id)
    )
    names = {user_id: name for user_id, name in people}  # noqa: C416 - as above
    apart = conflicts_found(uow, challenge_id)
    given = counted(uow, challenge_id)
    return tuple(
        BidRow(
            id=bid.id,
            public_id=bid.public_id,
            state=bid.state,
            bidder=home,
            leader=leader,
            funds=bid.funds,
            submitted_at=bid.submitted_at,
            proposed=bid.proposed_at is not None,
            scores=len(given.get(bid.id, ())),
            judges=sum((bid.id, expert) not in apart for expert in names),
            conflicts=tuple(
                (name, apart[bid.id, expert])
                for expert, name in names.items()
                if (bid.id, expert) in apart
            ),
        )
        for bid, home, leader in rows
    )


def counted(uow: UnitOfWork, challenge_id: int) -> dict[int, list[dict[str, int]]]:
    """The submitted points of each bid, less those of experts found to have an interest in it.

    SEALED: for counting, and for whom the use case has let through.
    """
    rows = uow.session.execute(
        select(ChallengeScore, ChallengeBid.id)
        .join(ChallengeBid, ChallengeScore.bid_id == ChallengeBid.id)
        .where(ChallengeBid.challenge_id == challenge_id, *_counts())
        .order_by(ChallengeScore.id)
    )
    found: dict[int, list[dict[str, int]]] = defaultdict(list)
    for score, bid_id in rows:
        found[bid_id].append({name: getattr(score, name) for name in CHALLENGE_CRITERIA})
    return found


def _counts() -> tuple[ColumnElement[bool], ...]:
    """Whether a score counts: submitted, by an expert without an interest in the bid."""
    return (
        ChallengeScore.state == "submitted",
        ~exists().where(
            ChallengeConflict.bid_id == ChallengeScore.bid_id,
            ChallengeConflict.expert_id == ChallengeScore.expert_id,
        ),
    )


def standings(uow: UnitOfWork, challenge: Challenge) -> tuple[Standing, ...]:
    """All bids by what experts found; SEALED as :func:`counted`."""
    weights = {name: getattr(challenge, f"weight_{name}") for name in CHALLENGE_CRITERIA}
    ids = uow.session.scalars(
        select(ChallengeBid.id).where(
            ChallengeBid.challenge_id == challenge.id, ChallengeBid.state.in_(sorted(COMPETING))
        )
    )
    given = counted(uow, challenge.id)
    return ranking(weights, {bid_id: given.get(bid_id, []) for bid_id in ids})


def comments(uow: UnitOfWork, bid_id: int) -> tuple[str, ...]:
    """What the experts whose points count wrote of a bid, without their names; SEALED as those."""
    return tuple(
        uow.session.scalars(
            select(ChallengeScore.comment)
            .where(ChallengeScore.bid_id == bid_id, ChallengeScore.comment != "", *_counts())
            .order_by(ChallengeScore.id)
        )
    )


def tasks(uow: UnitOfWork, actor: Actor, challenge_id: int) -> tuple[TaskRow, ...]:
    """The bids of a challenge before the actor as expert; a barred one is scored no more."""
    apart = conflicts_found(uow, challenge_id)
    rows = uow.session.execute(
        select(
            ChallengeBid.id,
            ChallengeBid.public_id,
            Organisation.name.label("bidder"),
            User.name.label("leader"),
            ChallengeScore.state.label("score"),
        )
        .join(Organisation, ChallengeBid.organisation_id == Organisation.id)
        .join(User, ChallengeBid.author_id == User.id)
        .outerjoin(
            ChallengeScore,
            and_(
                ChallengeScore.bid_id == ChallengeBid.id,
                ChallengeScore.expert_id == (actor.user_id or 0),
            ),
        )
        .where(ChallengeBid.challenge_id == challenge_id, ChallengeBid.state == "submitted")
        .order_by(ChallengeBid.submitted_at, ChallengeBid.id)
    )
    return tuple(
        TaskRow(
            public_id=row.public_id,
            bidder=row.bidder,
            leader=row.leader,
            score=row.score or "",
            conflict=apart.get((row.id, actor.user_id or 0), ""),
        )
        for row in rows
    )


def duties(uow: UnitOfWork, actor: Actor) -> tuple[tuple[str, str, int], ...]:
    """The challenges whose expert the actor is: public id, title, how many bids wait for him."""
    if not actor.signed_in or not actor.verified:
        return ()
    rows = uow.session.execute(
        select(
            Challenge.public_id,
            Challenge.title,
            func.count(ChallengeBid.id).label("left"),
        )
        .join(ChallengeExpert, ChallengeExpert.challenge_id == Challenge.id)
        .outerjoin(
            ChallengeBid,
            and_(ChallengeBid.challenge_id == Challenge.id, *_to_score(actor)),
        )
        .where(
            ChallengeExpert.user_id == actor.user_id,
            Challenge.state.in_(("closed", "published", "scoring")),
        )
        .group_by(Challenge.id)
        .order_by(Challenge.id)
    )
    return tuple((row.public_id, row.title, row.left) for row in rows)


def waiting(actor: Actor) -> Select[Any]:
    """How many bids wait for the actor's score."""
    return (
        select(func.count(ChallengeBid.id).label("number"))
        .join(Challenge, ChallengeBid.challenge_id == Challenge.id)
        .join(ChallengeExpert, ChallengeExpert.challenge_id == Challenge.id)
        .where(ChallengeExpert.user_id == (actor.user_id or 0), *_to_score(actor))
    )


def _to_score(actor: Actor) -> tuple[Any, ...]:
    """Whether a bid still waits for the actor's score; conflicts stand in rows by then."""
    mine = actor.user_id or 0
    return (
        Challenge.state == "scoring",
        ChallengeBid.state == "submitted",
        ~exists().where(
            ChallengeScore.bid_id == ChallengeBid.id,
            ChallengeScore.expert_id == mine,
            ChallengeScore.state == "submitted",
        ),
        ~exists().where(
            ChallengeConflict.bid_id == ChallengeBid.id, ChallengeConflict.expert_id == mine
        ),
    )
