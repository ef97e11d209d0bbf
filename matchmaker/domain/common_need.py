"""Common needs: unmet demands of several firms that ask for nearly the same.

Which demands belong together is found by ``matching/common_need.py``; what may be shown of a group,
and to whom, is said here.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

# A group that is found again as well as this in samples drawn anew is shown (Hennig 2007).
STABLE: Final = 0.75
FEWEST_DEMANDS: Final = 2
# With fewer firms, whoever knows one of them could tell the others.
FEWEST_FIRMS: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedDemand:
    """A demand of a common need as far as naming its firm goes."""

    organisation_id: int
    anonymous: bool
    consent: str | None  # NEED_CONSENT_STATES code; None where nobody has asked


def firms_told(demands: Sequence[NeedDemand], *, reviews: bool) -> int | None:
    """How many firms share a need, as a reader may know it; None where it is not told.

    Whoever reviews demands knows every firm. For everybody else the number is told from
    ``FEWEST_FIRMS`` on, and only where no demand is anonymous: beside the firms that the public
    demands name, it would tell whether the anonymous one is one of them.
    """
    firms = len({one.organisation_id for one in demands})
    if reviews:
        return firms
    if firms < FEWEST_FIRMS or any(one.anonymous for one in demands):
        return None
    return firms


def named_firms(demands: Sequence[NeedDemand]) -> frozenset[int]:
    """The firms that everybody may read beside a need: those that have agreed."""
    return frozenset(one.organisation_id for one in demands if one.consent == "given")


def kept_public_id(
    members: Collection[int], earlier: dict[str, frozenset[int]], taken: Collection[str]
) -> str | None:
    """The public id of the need that a fresh group continues, if it continues one.

    ``earlier`` are the demands of each stored need. A group continues the one with which it shares
    most, and at least half of both together, so that links to it stay good.
    """
    wanted = frozenset(members)
    shares = {
        public_id: len(wanted & known) / len(wanted | known)
        for public_id, known in earlier.items()
        if public_id not in taken
    }
    best = max(shares, key=lambda one: (shares[one], one), default=None)
    return best if best is not None and shares[best] >= 1 / 2 else None
