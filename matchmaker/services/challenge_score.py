"""Scoring: experts appointed, conflicts of interest kept apart, scores that stay sealed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select

from matchmaker.domain.challenge import (
    COMPETING,
    LONGEST_CALL,
    NOTE_LENGTH,
    check_points,
)
from matchmaker.domain.challenge_vocabulary import CHALLENGE_CRITERIA
from matchmaker.domain.errors import Invalid, NotFound, WrongState
from matchmaker.domain.permissions import Actor, may, require
from matchmaker.services import audit, challenge_notice
from matchmaker.services.challenge import load as load_challenge
from matchmaker.services.challenge_bid import load_any
from matchmaker.services.clean_text import clean
from matchmaker.services.transition import transition
from matchmaker.store.challenge import (
    Challenge,
    ChallengeBid,
    ChallengeConflict,
    ChallengeExpert,
    ChallengeScore,
)
from matchmaker.store.database import UnitOfWork
from matchmaker.store.organisation import Organisation, User
from matchmaker.store.queries import challenge_judging as query

_ROLES = frozenset({"researcher", "broker"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A bid as permissions look at it, with who may judge it."""

    state: str
    organisation_id: int
    author_id: int
    judge_ids: frozenset[int]
    recipient_ids: frozenset[int] = frozenset()


def appoint(
    uow: UnitOfWork, actor: Actor, *, challenge_id: str, user_id: str, base_url: str = ""
) -> None:
    """Make a verified researcher or broker an expert of this challenge."""
    challenge = load_challenge(uow, actor, challenge_id, lock=True)
    require(actor, "challenge", "appoint", challenge)
    person = uow.session.scalars(
        select(User)
        .join(Organisation, User.organisation_id == Organisation.id)
        .where(
            User.public_id == user_id,
            User.active.is_(True),
            User.approved.is_(True),
            User.role.in_(sorted(_ROLES)),
            Organisation.state == "verified",
        )
    ).one_or_none()
    if person is None:
        msg = "Only researchers and brokers of verified organisations can be experts."
        raise Invalid(msg, {"expert": "unknown"})
    if uow.session.get(ChallengeExpert, (challenge.id, person.id)) is not None:
        return
    uow.session.add(
        ChallengeExpert(
            challenge_id=challenge.id,
            user_id=person.id,
            appointed_by=actor.user_id,
            appointed_at=uow.now,
        )
    )
    uow.flush()
    audit.record(uow, actor, "challenge", challenge.id, "appoint", after={"expert": person.id})
    if challenge.state == "scoring":
        _note_conflicts(uow, challenge)
    challenge_notice.tell_expert(uow, challenge, person.id, base_url=base_url)


def dismiss(uow: UnitOfWork, actor: Actor, *, challenge_id: str, user_id: str) -> None:
    """Take an appointment back before scoring has begun."""
    challenge = load_challenge(uow, actor, challenge_id, lock=True)
    require(actor, "challenge", "dismiss", challenge)
    person = uow.session.scalar(select(User.id).where(User.public_id == user_id))
    uow.session.execute(
        delete(ChallengeExpert).where(
            ChallengeExpert.challenge_id == challenge.id, ChallengeExpert.user_id == person
        )
    )
    audit.record(uow, actor, "challenge", challenge.id, "dismiss", before={"expert": person})


def begin(
    uow: UnitOfWork,
    actor: Actor,
    *,
    challenge_id: str,
    scores_until: datetime,
    base_url: str = "",
) -> Challenge:
    """Let experts score; refused while some bid has too few of them without a conflict."""
    challenge = load_challenge(uow, actor, challenge_id, lock=True)
    require(actor, "challenge", "score", challenge)
    if not uow.now < scores_until <= uow.now + LONGEST_CALL:
        msg = "Name a time within a year."
        raise Invalid(msg, {"scores_until": "in_the_past"})
    standing = [one for one in query.bids(uow, challenge.id) if one.state == "submitted"]
    if not standing:
        msg = "There is no bid to score."
        raise Invalid(msg, {"experts": "no_bids"})
    if any(one.judges < challenge.scores_needed for one in standing):
        msg = "Some bid has too few experts without a conflict of interest."
        raise Invalid(msg, {"experts": "too_few"})
    _note_conflicts(uow, challenge)
    challenge.scores_until = scores_until
    transition(uow, actor, "challenge", challenge, "score")
    challenge_notice.tell_experts(uow, challenge, base_url=base_url)
    return challenge


def case_of(uow: UnitOfWork, actor: Actor, bid: ChallengeBid) -> Case:
    """The bid with the actor among its judges, if he is one and nothing stands in his way."""
    appointed = uow.session.get(ChallengeExpert, (bid.challenge_id, actor.user_id or 0))
    judges: frozenset[int] = frozenset()
    if appointed is not None and actor.verified and actor.user_id is not None:
        apart = query.conflicts_found(uow, bid.challenge_id)
        if (bid.id, actor.user_id) not in apart:
            judges = frozenset({actor.user_id})
    return Case(
        state=bid.state,
        organisation_id=bid.organisation_id,
        author_id=bid.author_id,
        judge_ids=judges,
    )


def open_bid(uow: UnitOfWork, actor: Actor, bid_id: str) -> ChallengeBid:
    """A bid for who may read it: its own people; once the call is closed, bureau and judges."""
    bid = load_any(uow, bid_id)
    home = bid.organisation_id == actor.organisation_id
    if home and may(actor, "challenge_bid", "view", bid):
        return bid
    if bid.state in COMPETING and may(actor, "challenge", "open_bids", bid.challenge):
        return bid
    scoring = bid.challenge.state == "scoring"
    if scoring and may(actor, "challenge_bid", "judge", case_of(uow, actor, bid)):
        return bid
    msg = "There is no such bid, or none that you may open."
    raise NotFound(msg, noun="challenge_bid")


def judged(
    uow: UnitOfWork, actor: Actor, bid_id: str, *, lock: bool = False
) -> tuple[ChallengeBid, ChallengeScore | None]:
    """A bid with the actor's own score of it; ``NotFound`` for who does not judge it."""
    bid = load_any(uow, bid_id)
    if not may(actor, "challenge_bid", "judge", case_of(uow, actor, bid)):
        msg = "There is no such bid, or none that you score."
        raise NotFound(msg, noun="challenge_bid")
    if bid.challenge.state != "scoring":
        msg = "Bids are scored between the beginning and the end of scoring."
        raise WrongState(msg, noun="challenge", action="save", state=bid.challenge.state)
    statement = select(ChallengeScore).where(
        ChallengeScore.bid_id == bid.id, ChallengeScore.expert_id == actor.user_id
    )
    if lock:
        statement = statement.with_for_update()
    return bid, uow.session.scalars(statement).one_or_none()


def save(
    uow: UnitOfWork,
    actor: Actor,
    *,
    bid_id: str,
    points: Mapping[str, int | None],
    comment: str,
    submit: bool = False,
    base_url: str = "",
) -> ChallengeScore:
    """Keep an expert's points, and submit them for good if wanted; the audit holds none of them."""
    bid, score = judged(uow, actor, bid_id, lock=True)
    check_points(points, whole=submit)
    text = clean("comment", comment, NOTE_LENGTH)
    if score is None:
        score = ChallengeScore(bid_id=bid.id, expert_id=actor.user_id, state="draft")
        uow.session.add(score)
    require(actor, "challenge_score", "save", score)
    for name in CHALLENGE_CRITERIA:
        setattr(score, name, points.get(name))
    score.comment, score.saved_at = text, uow.now
    uow.flush()
    if submit:
        transition(uow, actor, "challenge_score", score, "submit")
        uow.flush()
        if enough(uow, bid.challenge):
            challenge_notice.tell_bureau(uow, bid.challenge, "scored", base_url=base_url)
    else:
        audit.record(uow, actor, "challenge_score", score.id, "save")
    return score


def declare(uow: UnitOfWork, actor: Actor, *, bid_id: str, reason: str) -> ChallengeBid:
    """Say that one cannot judge a bid; whatever was scored of it no longer counts."""
    bid, _score = judged(uow, actor, bid_id, lock=True)
    require(actor, "challenge_conflict", "declare", case_of(uow, actor, bid))
    uow.session.add(
        ChallengeConflict(
            bid_id=bid.id,
            expert_id=actor.user_id or 0,
            kind="declared",
            reason=clean("reason", reason, NOTE_LENGTH, required=True),
            noted_at=uow.now,
        )
    )
    uow.flush()
    audit.record(uow, actor, "challenge_bid", bid.id, "declare")
    return bid


def enough(uow: UnitOfWork, challenge: Challenge) -> bool:
    """Whether every bid has the scores it needs."""
    standing = [one for one in query.bids(uow, challenge.id) if one.state == "submitted"]
    return bool(standing) and all(one.scores >= challenge.scores_needed for one in standing)


def _note_conflicts(uow: UnitOfWork, challenge: Challenge) -> None:
    """Write down what the platform finds, so that it holds though people move on."""
    for (bid_id, expert_id), kind in query.conflicts_found(uow, challenge.id).items():
        if uow.session.get(ChallengeConflict, (bid_id, expert_id)) is None:
            uow.session.add(
                ChallengeConflict(bid_id=bid_id, expert_id=expert_id, kind=kind, noted_at=uow.now)
            )
    uow.flush()
