"""What a technology specialist notes of visits to a firm."""

from __future__ import annotations

from datetime import date

from matchmaker.domain.errors import Invalid
from matchmaker.domain.permissions import Actor, require
from matchmaker.domain.secondment import VISIT_LENGTH
from matchmaker.domain.working_days import day_of
from matchmaker.services import audit
from matchmaker.services.clean_text import clean
from matchmaker.services.secondment import opened
from matchmaker.store.database import UnitOfWork
from matchmaker.store.secondment import Visit


def write(
    uow: UnitOfWork, actor: Actor, *, secondment_id: str, visited_on: date, note: str
) -> Visit:
    """Note a visit, for the firm and oneself; the bureau learns that there was one."""
    found = opened(uow, actor, secondment_id)
    require(actor, "visit", "write", found)
    if not found.begins_on <= visited_on <= day_of(uow.now):
        msg = "The visit lies before the secondment or has not taken place yet."
        raise Invalid(msg, {"visited_on": "out_of_period"})
    made = Visit(
        secondment_id=found.id,
        organisation_id=found.organisation_id,
        specialist_id=found.specialist_id,
        visited_on=visited_on,
        note=clean("note", note, VISIT_LENGTH, required=True),
        created_at=uow.now,
    )
    uow.session.add(made)
    uow.flush()
    after = {"on_behalf_of": found.organisation_id, "visited_on": str(visited_on)}
    audit.record(uow, actor, "visit", made.id, "write", after=after)
    return made
