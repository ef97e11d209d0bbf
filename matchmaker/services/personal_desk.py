"""What a copy of one's data holds of desks: secondments, visits, diagnoses, referrals, shares."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, or_, select

from matchmaker.domain.permissions import Actor
from matchmaker.store.database import UnitOfWork
from matchmaker.store.membership import Referral
from matchmaker.store.organisation import Organisation
from matchmaker.store.secondment import Diagnosis, Secondment, Visit
from matchmaker.store.share import Share

_Rows = list[dict[str, Any]]


def tables(uow: UnitOfWork, actor: Actor) -> Mapping[str, _Rows]:
    """The tables of a person's copy that tell of what they did for firms, or with other brokers.

    What a specialist wrote for a firm stands in his copy while he acts for it.
    """
    key = actor.user_id or 0
    return {
        "secondments": _rows(uow, _secondments(key)),
        "visits": _rows(uow, _visits(actor, key)),
        "diagnoses": _rows(uow, _diagnoses(actor, key)),
        "referrals": _rows(uow, _referrals(key)),
        "shares": _rows(uow, _shares(key)),
    }


def _secondments(key: int) -> Select[*tuple[Any, ...]]:
    """Those of a specialist, and those that the person proposed or answered."""
    columns: tuple[Any, ...] = (
        Organisation.name.label("firm"),
        *(Secondment.begins_on, Secondment.ends_on, Secondment.purpose, Secondment.state),
        *(Secondment.proposed_at, Secondment.answered_at, Secondment.ended_at),
    )
    return (
        select(*columns)
        .join(Organisation, Secondment.organisation_id == Organisation.id)
        .where(
            or_(
                Secondment.specialist_id == key,
                Secondment.proposed_by == key,
                Secondment.answered_by == key,
            )
        )
        .order_by(Secondment.id)
    )


def _visits(actor: Actor, key: int) -> Select[*tuple[Any, ...]]:
    return (
        select(Visit.visited_on, Visit.note, Visit.created_at.label("written"))
        .where(
            Visit.specialist_id == key,
            Visit.organisation_id.in_(sorted(actor.placed_with)),
        )
        .order_by(Visit.id)
    )


def _diagnoses(actor: Actor, key: int) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Diagnosis.note, Diagnosis.percent, Diagnosis.ready,
            Diagnosis.created_at.label("given"),
        )
        .where(
            Diagnosis.specialist_id == key,
            Diagnosis.organisation_id.in_(sorted(actor.placed_with)),
        )
        .order_by(Diagnosis.id)
    )  # fmt: skip


def _referrals(key: int) -> Select[*tuple[Any, ...]]:
    """The person's own words: why a pair fits."""
    return (
        select(Referral.note, Referral.state, Referral.referred_at.label("put_forward"))
        .where(Referral.referred_by == key)
        .order_by(Referral.id)
    )


def _shares(key: int) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Share.lead_percent, Share.partner_percent, Share.state,
            Share.proposed_at.label("proposed"), Share.answered_at.label("answered"),
        )
        .where(or_(Share.lead_id == key, Share.partner_id == key))
        .order_by(Share.id)
    )  # fmt: skip


def _rows(uow: UnitOfWork, statement: Select[*tuple[Any, ...]]) -> _Rows:
    return [dict(row._mapping) for row in uow.session.execute(statement)]  # noqa: SLF001 - SQLAlchemy's public name
