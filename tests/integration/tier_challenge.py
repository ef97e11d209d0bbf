"""Challenges of the tier world: one open, one being scored, one in publicity, each with a bid."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Final

from matchmaker.domain.permissions import Actor
from matchmaker.store.challenge import (
    Challenge,
    ChallengeBid,
    ChallengeDemand,
    ChallengeExpert,
    ChallengeObjection,
    ChallengeScore,
)
from matchmaker.store.database import UnitOfWork
from tests.integration.tier_world import Marker, World

JUDGE: Final = "own broker"
# Who bids in which state of a challenge.
BIDDERS: Final = {
    "published": "author",
    "scoring": "outsider researcher",
    "publicity": "recipient researcher",
}


def add(uow: UnitOfWork, world: World) -> None:
    """Make them; the open one of an anonymous demand."""
    _challenge(uow, world, "draft")
    for state, who in BIDDERS.items():
        made = _challenge(uow, world, state)
        bidder = world.users[who]
        of = {
            "organisation_id": bidder.organisation_id,
            "user_id": bidder.id,
            "role": state,
            "judge_id": world.users[JUDGE].id,
        }
        bid = ChallengeBid(
            challenge_id=made.id,
            organisation_id=bidder.organisation_id or 0,
            author_id=bidder.id,
            state="submitted",
            plan=world.mark("bid", **of),
            base=world.mark("bid", **of),
            indicators=world.mark("bid", **of),
            effect=world.mark("bid", **of),
            funds=Decimal(10),
            team=[{"name": world.mark("bid", **of), "organisation": "某所", "part": "工艺"}],
            submitted_at=uow.now,
            proposed_at=uow.now if state == "publicity" else None,
            created_at=uow.now,
        )
        uow.session.add(bid)
        uow.session.flush()
        world.bids.append(bid.public_id)
        if state != "published":
            _judged(uow, world, made, bid)


def _challenge(uow: UnitOfWork, world: World, state: str) -> Challenge:
    until = uow.now + timedelta(days=9 if state == "published" else -2)
    out = state != "draft"
    made = Challenge(
        organisation_id=world.organisations["bureau"].id,
        author_id=world.users["bureau"].id,
        state=state,
        title="公开张榜",
        problem="周期长",
        target="缩短周期",
        indicators="周期≤8 min",
        chains=["carbon-fibre"],
        months=12,
        scores_needed=2,
        publicity_days=5,
        weight_drive=25,
        weight_base=25,
        weight_technical=25,
        weight_financial=25,
        opinion="值得",
        argued_by="五位专家",
        argued_at=uow.now,
        published_at=uow.now - timedelta(days=9) if out else None,
        bids_until=until if out else None,
        scores_until=uow.now + timedelta(days=3),
        announced_at=uow.now if state == "publicity" else None,
        publicity_until=uow.now + timedelta(days=5) if state == "publicity" else None,
        created_at=uow.now,
    )
    uow.session.add(made)
    uow.session.flush()
    world.challenges.append(made.public_id)
    if state == "published":
        kept = next(
            one
            for one in world.records
            if (one.noun, one.row.state) == ("demand", "challenge")
            and one.row.disclosure == "anonymous"
        )
        link = ChallengeDemand(
            challenge_id=made.id, demand_id=kept.row.id, state="given", asked_at=uow.now,
            answered_at=uow.now,
        )  # fmt: skip
        uow.session.add(link)
        uow.session.flush()
        world.consents.append(link.public_id)
    return made


def _judged(uow: UnitOfWork, world: World, made: Challenge, bid: ChallengeBid) -> None:
    """The broker's points, with a comment, and in publicity somebody's objection."""
    judge = world.users[JUDGE]
    of = {"organisation_id": bid.organisation_id, "user_id": judge.id, "role": made.state}
    uow.session.add(ChallengeExpert(challenge_id=made.id, user_id=judge.id, appointed_at=uow.now))
    uow.session.add(
        ChallengeScore(
            bid_id=bid.id, expert_id=judge.id, state="submitted", drive=80, base=80, technical=80,
            financial=80, comment=world.mark("score", **of), saved_at=uow.now,
        )
    )  # fmt: skip
    if made.state == "publicity":
        rival = world.users["rival"]
        mark = world.mark("objection", user_id=rival.id)
        uow.session.add(
            ChallengeObjection(
                challenge_id=made.id, bid_id=bid.id, author_id=rival.id, reason=mark,
                raised_at=uow.now, state="open",
            )
        )  # fmt: skip


def bid_open(actor: Actor, marker: Marker) -> bool:
    """A bid: for who leads it and who manages his house; closed, for the bureau and its judge."""
    if actor.role == "bureau":
        return marker.role != "published"
    judge = marker.judge_id is not None and actor.user_id == marker.judge_id
    return _own(actor, marker) or (marker.role == "scoring" and judge)


def score_open(actor: Actor, marker: Marker) -> bool:
    """A score: for who gave it; after scoring for the bureau, and for the bid's own people."""
    if actor.signed_in and actor.user_id == marker.user_id:
        return True
    home = actor.organisation_id == marker.organisation_id and actor.role == "researcher"
    return marker.role == "publicity" and (actor.role == "bureau" or home)


def objection_open(actor: Actor, marker: Marker) -> bool:
    """An objection: for who raised it, and the bureau."""
    return actor.signed_in and (actor.role == "bureau" or actor.user_id == marker.user_id)


def leader_known(world: World, actor: Actor, marker: Marker, room: str) -> bool:
    """Whether a judge meets who leads the bid before him."""
    bidder = world.users[BIDDERS["scoring"]]
    judge = actor.user_id == world.users[JUDGE].id
    return room == "challenge" and judge and marker.user_id == bidder.id


def _own(actor: Actor, marker: Marker) -> bool:
    home = actor.signed_in and actor.organisation_id == marker.organisation_id
    return home and (actor.manager or actor.user_id == marker.user_id)
