"""Whoever reads for one side of a match, without being anybody in particular."""

from __future__ import annotations

from typing import Final

from matchmaker.domain.permissions import Actor
from matchmaker.store.demand import Demand
from matchmaker.store.outcome import Outcome

ROLES_OF_SIDES: Final = {"demand": "company", "outcome": "researcher"}
_NOBODY: Final = -1  # no user has this key: nothing is shown because it is somebody's own


def side_reader(side: str, record: Demand | Outcome) -> Actor:
    """A plain member of the organisation on one side: what they may not see, the side may not."""
    return Actor(
        user_id=_NOBODY,
        role=ROLES_OF_SIDES[side],
        organisation_id=record.organisation_id,
        verified=record.organisation.state == "verified",
    )
