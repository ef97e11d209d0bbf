"""Asking firms whether they may be named beside a common need, and what they answer.

What a firm has said stays with its demand, however demands are grouped the next time.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from matchmaker.domain.errors import Conflict, Invalid, NotFound
from matchmaker.domain.permissions import Actor, may, require
from matchmaker.domain.visibility import MATCHED_STATES
from matchmaker.domain.working_days import day_of
from matchmaker.services import audit, party
from matchmaker.services import record as records
from matchmaker.services.clean_text import clean
from matchmaker.services.notification import notify
from matchmaker.services.transition import transition
from matchmaker.store.base import new_public_id
from matchmaker.store.common_need import CommonNeed, CommonNeedDemand, NeedConsent
from matchmaker.store.database import UnitOfWork
from matchmaker.store.demand import Demand
from matchmaker.store.queries import common_need as query

REFERENCE_LENGTH: Final = 100
_CHANGED: Final = "Your answer was not stored: somebody of your company has answered meanwhile."


def ask(uow: UnitOfWork, actor: Actor, *, need_id: str, base_url: str = "") -> int:
    """Ask the firms of a need whether they may be named; returns how many firms.

    Whoever has been asked once is not asked again, and a firm without an account is not asked here.
    """
    require(actor, "need_consent", "ask")
    need = uow.session.scalars(
        select(CommonNeed)
        .where(CommonNeed.public_id == need_id)
        .options(selectinload(CommonNeed.members))
    ).one_or_none()
    if need is None:
        msg = "There is no such common need, or it has been grouped anew."
        raise NotFound(msg, noun="common_need")
    keys = [one.demand_id for one in need.members]
    asked = set(
        uow.session.scalars(select(NeedConsent.demand_id).where(NeedConsent.demand_id.in_(keys)))
    )
    wanted = select(Demand).where(
        Demand.id.in_(sorted(set(keys) - asked)),
        Demand.state.in_(sorted(MATCHED_STATES["demand"])),
        query.reachable(Demand.organisation_id),
    )
    demands = uow.session.scalars(wanted.order_by(Demand.id)).all()
    for demand in demands:
        _asked(uow, actor, demand)
        notify(
            uow,
            kind="need_consent_asked",
            readers=[
                one.id for one in party.of_company(uow, demand.organisation_id, demand.author_id)
            ],
            noun="demand",
            record=demand,
            values={"terms": "、".join(need.terms)},
            base_url=base_url,
        )
    return len({one.organisation_id for one in demands})


def answer(
    uow: UnitOfWork, actor: Actor, *, demand_id: str, named: bool, version: int
) -> NeedConsent:
    """Say for one's company whether it may be named; it can be changed at any time, unasked too.

    ``version`` is that of the answer which the person saw, 0 for none.
    """
    demand = records.load(uow, actor, "demand", demand_id)
    consent = uow.session.scalars(
        select(NeedConsent).where(NeedConsent.demand_id == demand.id).with_for_update()
    ).one_or_none()
    if not may(actor, "need_consent", "list") or actor.organisation_id != demand.organisation_id:
        msg = "There is no such demand of yours."
        raise NotFound(msg, noun="demand")
    if (consent.version if consent else 0) != version:
        raise Conflict(_CHANGED)
    if consent is None:
        assert isinstance(demand, Demand)
        consent = _asked(uow, actor, demand)
    transition(uow, actor, "need_consent", consent, "give" if named else "decline")
    consent.answered_by, consent.answered_at = actor.user_id, uow.now
    uow.flush()
    return consent


def note(
    uow: UnitOfWork,
    actor: Actor,
    *,
    demand_id: str,
    named: bool,
    written_on: date | None,
    reference: str,
    version: int,
) -> NeedConsent:
    """Note what a firm without an account has said in writing; its paper stands in the audit.

    A firm that has an account answers for itself.
    """
    require(actor, "need_consent", "ask")
    demand = uow.session.scalars(
        select(Demand)
        .join(CommonNeedDemand, CommonNeedDemand.demand_id == Demand.id)
        .where(Demand.public_id == demand_id, ~query.reachable(Demand.organisation_id))
    ).one_or_none()
    if demand is None:
        msg = "There is no such demand of a firm without an account."
        raise NotFound(msg, noun="demand")
    reference = clean("reference", reference, REFERENCE_LENGTH, required=True, single_line=True)
    if written_on is None or written_on > day_of(uow.now):
        msg = "Name the day of the document, which is not to come."
        raise Invalid(msg, {"written_on": "no_day" if written_on is None else "still_to_come"})
    consent = uow.session.scalars(
        select(NeedConsent).where(NeedConsent.demand_id == demand.id).with_for_update()
    ).one_or_none()
    if (consent.version if consent else 0) != version:
        raise Conflict(_CHANGED)
    if consent is None:
        consent = _asked(uow, actor, demand)
    noted: dict[str, object] = {"written_on": written_on.isoformat(), "reference": reference}
    action = "note_given" if named else "note_declined"
    transition(uow, actor, "need_consent", consent, action, noted=noted)
    consent.answered_by, consent.answered_at = actor.user_id, uow.now
    uow.flush()
    return consent


def _asked(uow: UnitOfWork, actor: Actor, demand: Demand) -> NeedConsent:
    consent = NeedConsent(
        public_id=new_public_id(),
        demand_id=demand.id,
        organisation_id=demand.organisation_id,
        state="asked",
        asked_by=actor.user_id,
        asked_at=uow.now,
    )
    uow.session.add(consent)
    uow.flush()
    noted: dict[str, object] = {"demand": demand.id}
    audit.record(uow, actor, "need_consent", consent.id, "ask", states=(None, "asked"), after=noted)
    return consent
