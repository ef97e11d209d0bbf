"""What a person says of where a record stands closes the machine's proposal for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlalchemy import select

from matchmaker.domain.permissions import Actor
from matchmaker.services.transition import transition
from matchmaker.store.database import UnitOfWork
from matchmaker.store.placement import Placement, forget

NONE: Final = "none"  # as forms and the audit name it; stored as an empty code


def settle(uow: UnitOfWork, actor: Actor, row: Placement, codes: Sequence[str]) -> None:
    """Confirm or correct a proposal: confirmed where its first stands among what was chosen."""
    first = row.proposed[0][0]
    same = first in codes if codes else first == ""
    row.decided_by, row.decided_at = actor.user_id, uow.now
    noted: dict[str, object] = {
        "record": f"{row.noun} {row.record_id}",
        "proposed": first or NONE,
        "chains": ", ".join(codes) or NONE,
    }
    transition(uow, actor, "placement", row, "confirm" if same else "correct", noted=noted)
    uow.flush()


def follow(
    uow: UnitOfWork,
    actor: Actor,
    key: tuple[str, int],
    *,
    before: Sequence[str],
    after: Sequence[str],
) -> None:
    """Close the proposal for a record (noun, id) whose own people say on which chains it stands.

    Who takes all chains away again has not said that it stands on none: what was decided goes, and
    the next run proposes anew.
    """
    noun, record_id = key
    row = uow.session.scalars(
        select(Placement).where(Placement.noun == noun, Placement.record_id == record_id)
    ).one_or_none()
    if row is None:
        return
    if after and row.state == "proposed":
        settle(uow, actor, row, after)
    elif before and not after and row.state != "proposed":
        forget(uow, noun, record_id)
