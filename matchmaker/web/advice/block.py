"""The block on a record's page that tells its people what brokers said, and what would help."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for

from matchmaker.domain.advice import returned
from matchmaker.store.database import UnitOfWork
from matchmaker.store.queries import advice as query
from matchmaker.web.advice.wording import improvement, sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """One reason: how often, in kind words, what to improve, and where to edit it."""

    reason: str
    count: int
    sentence: str
    improvement: str
    href: str


def advice_for(uow: UnitOfWork, noun: str, record_id: int, public_id: str) -> tuple[Advice, ...]:
    """What may be returned to the people of a record; never who said it, nor of which pair."""
    found = []
    for reason, count in returned(query.dismissals(uow, noun, record_id), uow.now):
        text, field = improvement(noun, reason)
        href = url_for(f"{noun}.edit", public_id=public_id, _anchor=field) if field else ""
        found.append(
            Advice(
                reason=reason, count=count, sentence=sentence(reason), improvement=text, href=href
            )
        )
    return tuple(found)
