"""What the platform holds of a person in challenges, for their copy: their own words and deeds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import Select, case, or_, select

from matchmaker.domain.permissions import Actor
from matchmaker.store.challenge import (
    Challenge,
    ChallengeBid,
    ChallengeConflict,
    ChallengeDemand,
    ChallengeExpert,
    ChallengeObjection,
    ChallengeScore,
)
from matchmaker.store.database import UnitOfWork
from matchmaker.store.demand import Demand
from matchmaker.store.queries.visibility import seen

_Rows = list[dict[str, Any]]
_Columns = list[Any]
_TITLE: Final = Challenge.title.label("challenge")


def tables(uow: UnitOfWork, actor: Actor) -> Mapping[str, _Rows]:
    """The tables of a person's copy that tell of challenges."""
    key = actor.user_id or 0
    return {
        "challenges": _rows(uow, _drafted(key)),
        "challenge_consents": _rows(uow, _consents(actor, key)),
        "challenge_bids": _rows(uow, _bids(key)),
        "challenge_appointments": _rows(uow, _appointments(key)),
        "challenge_scores": _rows(uow, _scores(key)),
        "challenge_conflicts": _rows(uow, _conflicts(key)),
        "challenge_objections": _rows(uow, _objections(key)),
    }


def _drafted(key: int) -> Select[Any]:
    columns: _Columns = [Challenge.title, Challenge.state, Challenge.created_at.label("begun")]
    return select(*columns).where(Challenge.author_id == key).order_by(Challenge.id)


def _consents(actor: Actor, key: int) -> Select[Any]:
    columns: _Columns = [
        case((seen(actor, "demand"), Demand.title), else_=None).label("demand"),
        ChallengeDemand.state.label("answer"),
        ChallengeDemand.answered_at.label("answered"),
    ]
    return (
        select(*columns)
        .join(Demand, ChallengeDemand.demand_id == Demand.id)
        .where(ChallengeDemand.answered_by == key)
        .order_by(ChallengeDemand.id)
    )


def _bids(key: int) -> Select[Any]:
    names = ("state", "plan", "base", "indicators", "effect", "funds", "team", "state_note")
    return (
        select(
            _TITLE,
            *(getattr(ChallengeBid, name) for name in names),
            ChallengeBid.submitted_at.label("submitted"),
        )
        .join(Challenge, ChallengeBid.challenge_id == Challenge.id)
        .where(ChallengeBid.author_id == key)
        .order_by(ChallengeBid.id)
    )


def _appointments(key: int) -> Select[Any]:
    columns: _Columns = [_TITLE, ChallengeExpert.appointed_at.label("appointed")]
    return (
        select(*columns)
        .join(Challenge, ChallengeExpert.challenge_id == Challenge.id)
        .where(ChallengeExpert.user_id == key)
        .order_by(ChallengeExpert.appointed_at)
    )


def _scores(key: int) -> Select[Any]:
    """The person's own points and words; whose bid it was is the bidder's."""
    names = ("state", "drive", "base", "technical", "financial", "comment")
    return (
        select(
            _TITLE,
            *(getattr(ChallengeScore, name) for name in names),
            ChallengeScore.saved_at.label("saved"),
        )
        .join(ChallengeBid, ChallengeScore.bid_id == ChallengeBid.id)
        .join(Challenge, ChallengeBid.challenge_id == Challenge.id)
        .where(ChallengeScore.expert_id == key)
        .order_by(ChallengeScore.id)
    )


def _conflicts(key: int) -> Select[Any]:
    columns: _Columns = [
        *(_TITLE, ChallengeConflict.kind, ChallengeConflict.reason),
        ChallengeConflict.noted_at.label("noted"),
    ]
    return (
        select(*columns)
        .join(ChallengeBid, ChallengeConflict.bid_id == ChallengeBid.id)
        .join(Challenge, ChallengeBid.challenge_id == Challenge.id)
        .where(ChallengeConflict.expert_id == key)
        .order_by(ChallengeConflict.noted_at)
    )


def _objections(key: int) -> Select[Any]:
    """Those that the person raised, and those that the person answered."""
    columns: _Columns = [
        *(_TITLE, ChallengeObjection.reason, ChallengeObjection.raised_at.label("raised")),
        *(ChallengeObjection.state, ChallengeObjection.answer),
    ]
    return (
        select(*columns)
        .join(Challenge, ChallengeObjection.challenge_id == Challenge.id)
        .where(or_(ChallengeObjection.author_id == key, ChallengeObjection.decided_by == key))
        .order_by(ChallengeObjection.id)
    )


def _rows(uow: UnitOfWork, statement: Select[Any]) -> _Rows:
    found = uow.session.execute(statement)
    return [dict(row._mapping) for row in found]  # noqa: SLF001 - SQLAlchemy's public name
