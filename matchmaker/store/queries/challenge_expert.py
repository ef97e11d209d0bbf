"""Who judges the bids of a challenge, and who could."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import func, or_, select

from matchmaker.domain.challenge import COMPETING
from matchmaker.store.challenge import Challenge, ChallengeBid, ChallengeDemand, ChallengeExpert
from matchmaker.store.database import UnitOfWork
from matchmaker.store.demand import Demand
from matchmaker.store.organisation import Organisation, User
from matchmaker.store.outcome import Outcome, OutcomeChain

_ROLES: Final = ("researcher", "broker")
_OFFERED: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpertRow:
    """Somebody who is, or could be, an expert; ``own`` counts outcomes on its chains."""

    user_id: int
    public_id: str
    name: str
    organisation: str
    role: str
    own: int


def experts(uow: UnitOfWork, challenge: Challenge) -> tuple[ExpertRow, ...]:
    """The experts of a challenge, by name."""
    return _people(
        uow,
        challenge,
        User.id.in_(
            select(ChallengeExpert.user_id).where(ChallengeExpert.challenge_id == challenge.id)
        ),
    )


def candidates(uow: UnitOfWork, challenge: Challenge, wanted: str) -> tuple[ExpertRow, ...]:
    """Who could become an expert: by name or organisation, else who works on its chains.

    Nobody of a firm that demands; nobody who bids, once bids are open and may be known.
    """
    chosen = select(ChallengeExpert.user_id).where(ChallengeExpert.challenge_id == challenge.id)
    demanding = (
        select(Demand.organisation_id)
        .join(ChallengeDemand, ChallengeDemand.demand_id == Demand.id)
        .where(ChallengeDemand.challenge_id == challenge.id)
    )
    conditions: list[Any] = [
        User.id.not_in(chosen),
        User.organisation_id.not_in(demanding),
        User.role.in_(_ROLES),
        User.active.is_(True),
        User.approved.is_(True),
        Organisation.state == "verified",
    ]
    if challenge.state not in ("draft", "argued", "published"):
        bidding = select(ChallengeBid.author_id).where(
            ChallengeBid.challenge_id == challenge.id, ChallengeBid.state.in_(sorted(COMPETING))
        )
        conditions.append(User.id.not_in(bidding))
    if wanted:
        conditions.append(
            or_(
                User.name.icontains(wanted, autoescape=True),
                Organisation.name.icontains(wanted, autoescape=True),
            )
        )
    else:
        conditions.append(_outcomes_on(challenge) > 0)
    return _people(uow, challenge, *conditions)


def _outcomes_on(challenge: Challenge) -> Any:
    """How many published outcomes somebody has on the challenge's chains."""
    return (
        select(func.count(Outcome.id.distinct()))
        .join(OutcomeChain, OutcomeChain.outcome_id == Outcome.id)
        .where(
            Outcome.author_id == User.id,
            Outcome.state == "published",
            OutcomeChain.chain_code.in_(challenge.chains),
        )
        .correlate(User)
        .scalar_subquery()
    )


def _people(uow: UnitOfWork, challenge: Challenge, *where: Any) -> tuple[ExpertRow, ...]:
    own = _outcomes_on(challenge).label("own")
    rows = uow.session.execute(
        select(User.id, User.public_id, User.name, Organisation.name.label("home"), User.role, own)
        .join(Organisation, User.organisation_id == Organisation.id)
        .where(*where)
        .order_by(own.desc(), User.id)
        .limit(_OFFERED)
    )
    return tuple(
        ExpertRow(
            user_id=row.id,
            public_id=row.public_id,
            name=row.name,
            organisation=row.home,
            role=row.role,
            own=row.own,
        )
        for row in rows
    )
