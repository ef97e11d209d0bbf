"""Asking firms whether they may be named beside a common need, and what they answer.

What a firm has said stays with its demand, however demands are grouped the next time.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from matchmaker.domain.errors import Conflict, NotFound
from matchmaker.domain.permissions import Actor, may, require
from matchmaker.domain.visibility import MATCHED_STATES
from matchmaker.services import audit, party
from matchmaker.services import record as records
from matchmaker.services.notification import notify
from matchmaker.services.transition import transition
from matchmaker.store.base import new_public_id
from matchmaker.store.common_need import CommonNeed, NeedConsent
from matchmaker.store.database import UnitOfWork
from matchmaker.store.demand import Demand

_CHANGED: Final = "Your answer was not stored: somebody of your company has answered meanwhile."


def ask(uow: UnitOfWork, actor: Actor, *, need_id: str, base_url: str = "") -> int:
    """Ask the firms of a need whether they may be named; returns how many demands are new.

    Whoever has been asked once is not asked again.
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
        Demand.id.in_(sorted(set(keys) - asked)), Demand.state.in_(sorted(MATCHED_STATES["demand"]))
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
    return len(demands)


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
