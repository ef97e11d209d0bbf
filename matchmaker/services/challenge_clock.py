"""Challenges by the clock: calls close, drafts are reminded. Repeating it is safe."""

from __future__ import annotations

from sqlalchemy import exists, select

from matchmaker.domain.challenge import CLOSING_REMINDER
from matchmaker.domain.permissions import SYSTEM, Actor
from matchmaker.services import audit, challenge_notice
from matchmaker.services.challenge import end
from matchmaker.services.challenge import load as load_challenge
from matchmaker.services.transition import transition
from matchmaker.store.challenge import Challenge, ChallengeBid
from matchmaker.store.database import UnitOfWork

NO_BIDS = "截止时没有收到揭榜方案。 No bid came in by the deadline."


def close_due(uow: UnitOfWork, *, base_url: str = "") -> int:
    """Close every call whose deadline is over; without a bid it has failed. Returns how many."""
    due = _published(uow, Challenge.bids_until <= uow.now)
    for challenge in due:
        _close(uow, SYSTEM, challenge, base_url)
    return len(due)


def close(uow: UnitOfWork, actor: Actor, *, challenge_id: str, base_url: str = "") -> Challenge:
    """Close a call whose deadline is over at once, without waiting for the timer."""
    challenge = load_challenge(uow, actor, challenge_id, lock=True)
    over = challenge.bids_until is not None and challenge.bids_until <= uow.now
    if challenge.state == "published" and over:
        _close(uow, actor, challenge, base_url)
    return challenge


def remind_due(uow: UnitOfWork, *, base_url: str = "") -> int:
    """Remind, once, whose bid is a draft when the deadline is near; returns how many calls."""
    near = _published(
        uow,
        Challenge.reminded_at.is_(None),
        Challenge.bids_until > uow.now,
        Challenge.bids_until <= uow.now + CLOSING_REMINDER,
    )
    for challenge in near:
        challenge.reminded_at = uow.now
        audit.record(uow, SYSTEM, "challenge", challenge.id, "remind")
        challenge_notice.tell_bidders(
            uow, challenge, "closing", base_url=base_url, states={"draft"}
        )
    uow.flush()
    return len(near)


def _close(uow: UnitOfWork, actor: Actor, challenge: Challenge, base_url: str) -> None:
    transition(uow, actor, "challenge", challenge, "close")
    challenge.closed_at = uow.now
    uow.flush()
    standing = select(
        exists().where(ChallengeBid.challenge_id == challenge.id, ChallengeBid.state == "submitted")
    )
    if not uow.session.scalar(standing):
        end(uow, actor, challenge, "fail", NO_BIDS)
        challenge_notice.tell_firms(uow, challenge, challenge.state, base_url=base_url)
    challenge_notice.tell_bureau(
        uow, challenge, "failed" if challenge.state == "failed" else "opened", base_url=base_url
    )


def _published(uow: UnitOfWork, *wanted: object) -> list[Challenge]:
    statement = (
        select(Challenge)
        .where(Challenge.state == "published", *wanted)  # type: ignore[arg-type]  # column expressions
        .order_by(Challenge.id)
        .with_for_update()
    )
    return list(uow.session.scalars(statement))
