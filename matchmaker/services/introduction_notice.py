"""Telling both sides and the broker how an introduction stands: whom, and of what."""

from __future__ import annotations

from datetime import datetime

from matchmaker.domain.introduction import ANSWERING
from matchmaker.domain.vocabulary import REASONS, SIDES
from matchmaker.domain.working_days import day_of
from matchmaker.services.notification import notify
from matchmaker.services.notification_kinds import KINDS
from matchmaker.services.party import people
from matchmaker.store.database import UnitOfWork
from matchmaker.store.introduction import Introduction


def tell(
    uow: UnitOfWork, introduction: Introduction, event: str, *, side: str = "", base_url: str = ""
) -> None:
    """Tell the people of an event; ``side`` is the side whose answer it was."""
    for audience in ANSWERING.values():
        if audience == side:
            continue
        if event == "reminded" and getattr(introduction, f"{audience}_answer") is not None:
            continue
        _tell(uow, introduction, event, audience, side, base_url)
    _tell(uow, introduction, event, "broker", side, base_url)


def _tell(
    uow: UnitOfWork,
    introduction: Introduction,
    event: str,
    audience: str,
    side: str,
    base_url: str,
) -> None:
    kind = f"introduction_{'broker' if audience == 'broker' else 'side'}_{event}"
    if kind not in KINDS:
        return
    demand, outcome = introduction.demand, introduction.outcome
    own, other = (outcome, demand) if audience == "institution" else (demand, outcome)
    broker = people(uow, introduction.parties, "broker", None)
    for reader in people(uow, introduction.parties, audience, own.author_id):
        values = {
            "other": other.title,
            "demand": demand.title,
            "outcome": outcome.title,
            "broker": broker[0].name if broker else "",
            "due": _day(introduction.due_at),
            "message": getattr(introduction, f"{audience}_message", ""),
        }
        if side:
            code = getattr(introduction, f"{side}_reason")
            values["side"] = SIDES[side].text(reader.locale)
            values["reason"] = REASONS[code].text(reader.locale) if code else ""
            values["note"] = getattr(introduction, f"{side}_note")
        notify(
            uow,
            kind=kind,
            readers=[reader.id],
            noun="introduction",
            record=introduction,
            values=values,
            base_url=base_url,
        )


def _day(moment: datetime) -> str:
    return day_of(moment).isoformat()
