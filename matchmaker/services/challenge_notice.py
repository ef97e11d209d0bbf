"""Telling bidders, firms, experts and the bureau what has happened to a challenge."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import select

from matchmaker.domain.working_days import CHINA
from matchmaker.services.notification import notify
from matchmaker.services.party import bureau
from matchmaker.store.challenge import (
    Challenge,
    ChallengeBid,
    ChallengeDemand,
    ChallengeExpert,
)
from matchmaker.store.database import UnitOfWork
from matchmaker.store.demand import Demand
from matchmaker.store.organisation import User

_PLAYING: Final = frozenset({"draft", "submitted", "awarded"})


def ask_firms(
    uow: UnitOfWork, asked: Sequence[tuple[ChallengeDemand, Demand]], *, base_url: str
) -> None:
    """Ask the firms of demands for their consent."""
    for link, demand in asked:
        _tell(uow, "asked", _people_of(uow, demand), "challenge_demand", link, base_url)


def tell_firms(
    uow: UnitOfWork, challenge: Challenge, what: str, *, base_url: str, answer: str = ""
) -> None:
    """Tell the firms whose demands the challenge is made of."""
    links = uow.session.execute(
        select(Demand)
        .join(ChallengeDemand, ChallengeDemand.demand_id == Demand.id)
        .where(ChallengeDemand.challenge_id == challenge.id, ChallengeDemand.state == "given")
    ).scalars()
    readers = {reader for demand in links for reader in _people_of(uow, demand)}
    _tell(uow, what, readers, "challenge", challenge, base_url, **_values(challenge, answer))


def tell_bidders(
    uow: UnitOfWork,
    challenge: Challenge,
    what: str,
    *,
    base_url: str,
    states: Collection[str] = _PLAYING,
    answer: str = "",
) -> None:
    """Tell everybody whose bid is in one of some states."""
    bids = uow.session.scalars(
        select(ChallengeBid)
        .where(ChallengeBid.challenge_id == challenge.id, ChallengeBid.state.in_(sorted(states)))
        .order_by(ChallengeBid.id)
    )
    for bid in bids:
        tell_bidder(uow, challenge, bid, what, base_url=base_url, answer=answer)


def tell_bidder(
    uow: UnitOfWork,
    challenge: Challenge,
    bid: ChallengeBid,
    what: str,
    *,
    base_url: str,
    answer: str = "",
) -> None:
    """Tell who leads a bid."""
    values = _values(challenge, answer)
    _tell(uow, what, [bid.author_id], "challenge_bid", bid, base_url, **values)


def tell_experts(uow: UnitOfWork, challenge: Challenge, *, base_url: str) -> None:
    """Tell the experts that scoring has begun."""
    experts = uow.session.scalars(
        select(ChallengeExpert.user_id).where(ChallengeExpert.challenge_id == challenge.id)
    )
    when = _time(challenge.scores_until)
    _tell(uow, "scoring", experts.all(), "challenge", challenge, base_url, when=when)


def tell_expert(uow: UnitOfWork, challenge: Challenge, user_id: int, *, base_url: str) -> None:
    """Tell somebody that he is appointed."""
    _tell(uow, "appointed", [user_id], "challenge", challenge, base_url)


def tell_bureau(uow: UnitOfWork, challenge: Challenge, what: str, *, base_url: str) -> None:
    """Tell the officers."""
    readers = [officer.id for officer in bureau(uow)]
    _tell(uow, what, readers, "challenge", challenge, base_url, **_values(challenge))


def tell_one(
    uow: UnitOfWork, challenge: Challenge, user_id: int, what: str, *, base_url: str, answer: str
) -> None:
    """Tell one person something about the challenge, with an answer."""
    _tell(uow, what, [user_id], "challenge", challenge, base_url, answer=answer)


def _tell(
    uow: UnitOfWork,
    what: str,
    readers: Iterable[int],
    noun: str,
    record: Challenge | ChallengeBid | ChallengeDemand,
    base_url: str,
    **values: str,
) -> None:
    notify(
        uow,
        kind=f"challenge_{what}",
        readers=readers,
        noun=noun,
        record=record,
        values={"when": "", "answer": "", **values},
        base_url=base_url,
    )


def _values(challenge: Challenge, answer: str = "") -> dict[str, str]:
    told = challenge.state == "publicity"
    when = challenge.publicity_until if told else challenge.bids_until
    return {"when": _time(when), "answer": answer or challenge.end_note or challenge.midterm_note}


def _time(moment: datetime | None) -> str:
    return moment.astimezone(CHINA).strftime("%Y-%m-%d %H:%M") if moment else ""


def _people_of(uow: UnitOfWork, demand: Demand) -> list[int]:
    """Who wrote a demand while he is there, else its firm's managers, else all of its people."""
    found = uow.session.scalars(
        select(User).where(
            User.organisation_id == demand.organisation_id,
            User.active.is_(True),
            User.approved.is_(True),
        )
    ).all()
    for chosen in (
        [user.id for user in found if user.id == demand.author_id],
        [user.id for user in found if user.is_manager],
    ):
        if chosen:
            return chosen
    return [user.id for user in found]
