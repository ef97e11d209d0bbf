"""A firm's consent to be named holds while its demand is as open as it was when the firm agreed."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select

from matchmaker.domain.permissions import SYSTEM
from matchmaker.services.transition import transition
from matchmaker.store.common_need import NeedConsent
from matchmaker.store.database import UnitOfWork
from matchmaker.store.demand import Demand
from matchmaker.store.outcome import Outcome


def follow(uow: UnitOfWork, record: Demand | Outcome, before: Mapping[str, object]) -> None:
    """Take a consent for a demand that has become anonymous or directed as not answered yet.

    ``before`` are the record's values before it was edited.
    """
    if not isinstance(record, Demand):
        return
    if record.disclosure in ("public", before["disclosure"]):
        return
    consent = uow.session.scalars(
        select(NeedConsent)
        .where(NeedConsent.demand_id == record.id, NeedConsent.state == "given")
        .with_for_update()
    ).one_or_none()
    if consent is None:
        return
    consent.answered_by, consent.answered_at = None, None
    transition(uow, SYSTEM, "need_consent", consent, "lapse")
    uow.flush()
