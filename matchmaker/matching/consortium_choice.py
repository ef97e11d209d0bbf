"""Which outcomes together cover most of a demand, as few as possible: exactly.

A weighted set cover with an order of aims: first the weight of what is covered, then the fewest
organisations, then the fewest outcomes, then the strongest evidence, then the oldest records. Each
aim is a mixed-integer programme that keeps what the aims before it have reached. Greedy choice and
the single best outcome are solutions of the same programme, so that neither can be better.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Real = NDArray[np.float64]

_EVIDENCE_STEPS: Final = 1_000
_TIES: Final = 0.4  # what all that orders equals may add up to, in steps of evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """What is to be covered: one row a part, one column an outcome, in ascending order of ids."""

    weights: NDArray[np.int64]  # of each part
    covers: NDArray[np.bool_]  # part × outcome
    evidence: Real  # part × outcome, 0 to 1
    organisations: NDArray[np.int64]  # of each outcome


def covered(cover: Cover, columns: list[int]) -> NDArray[np.bool_]:
    """Which parts some outcomes cover together."""
    found: NDArray[np.bool_] = np.logical_or.reduce(cover.covers[:, columns], axis=1)
    return found


def weight(cover: Cover, columns: list[int]) -> int:
    """The weight of what some outcomes cover together."""
    return int(cover.weights[covered(cover, columns)].sum())


def strengths(cover: Cover) -> NDArray[np.int64]:
    """How strong each outcome's evidence is for what it covers, in whole steps."""
    told = np.where(cover.covers, cover.evidence, 0.0) * cover.weights[:, None]
    steps: NDArray[np.int64] = np.rint(told.sum(axis=0) * _EVIDENCE_STEPS).astype(np.int64)
    return steps


def single_best(cover: Cover) -> int | None:
    """The outcome that alone covers most; None where none covers anything."""
    if not cover.covers.any():
        return None
    alone = cover.weights @ cover.covers
    order = np.lexsort((np.arange(len(alone)), -strengths(cover), -alone))
    return int(order[0])


def choose(cover: Cover, most: int) -> list[int]:
    """The columns of the best consortium of at most ``most`` outcomes, ascending."""
    best = single_best(cover)
    if best is None or most < 1:
        return []
    useful = np.flatnonzero(cover.covers.any(axis=0))
    whole = weight(cover, useful.tolist())
    if whole and weight(cover, [best]) == whole:
        return [best]  # alone, it is the fewest; and it is the strongest of those
    programme = _Programme(cover, useful, most)
    worth = programme.reach(programme.of_parts, most=True)
    if worth == 0:
        return []
    programme.reach(programme.of_organisations, most=False)
    programme.reach(programme.of_outcomes, most=False)
    taken = programme.strongest()
    return [int(column) for column in useful[taken]]


class _Programme:
    """Variables: whether each outcome is in, each part is covered, each organisation takes part."""

    def __init__(self, cover: Cover, useful: NDArray[np.int64], most: int) -> None:
        """Set the limits: what is covered is covered by one who is in, who brings his house in."""
        covers = cover.covers[:, useful]
        self.parts, self.outcomes = covers.shape
        houses, self._house = np.unique(cover.organisations[useful], return_inverse=True)
        self.size = self.outcomes + self.parts + len(houses)
        self._strength = strengths(cover)[useful]
        self.of_outcomes = self._aim(slice(0, self.outcomes), 1)
        parts = slice(self.outcomes, self.outcomes + self.parts)
        self.of_parts = self._aim(parts, cover.weights)
        self.of_organisations = self._aim(slice(self.outcomes + self.parts, self.size), 1)
        self._rows = [self.of_outcomes]
        self._low, self._high = [-np.inf], [float(most)]
        for part in range(self.parts):
            row = np.zeros(self.size)
            row[: self.outcomes] -= covers[part]
            row[self.outcomes + part] = 1
            self._limit(row, high=0)
        for outcome in range(self.outcomes):
            row = np.zeros(self.size)
            row[outcome] = 1
            row[self.outcomes + self.parts + self._house[outcome]] = -1
            self._limit(row, high=0)

    def reach(self, aim: Real, *, most: bool) -> int:
        """The most or the least of an aim that is possible, which from now on must be kept."""
        reached = int(np.rint(aim @ self._solve(-aim if most else aim)))
        self._limit(aim, low=reached, high=reached)
        return reached

    def strongest(self) -> NDArray[np.bool_]:
        """Which outcomes are in, of all that is still possible, by evidence and then by order."""
        order = (self.outcomes - np.arange(self.outcomes)) / self.outcomes**2
        aim = np.zeros(self.size)
        aim[: self.outcomes] = self._strength + _TIES * order
        found: NDArray[np.bool_] = self._solve(-aim)[: self.outcomes] > 0.5  # noqa: PLR2004 - nearly 0 or 1
        return found

    def _aim(self, place: slice, value: NDArray[np.int64] | int) -> Real:
        aim = np.zeros(self.size)
        aim[place] = value
        return aim

    def _limit(self, row: Real, *, high: float, low: float = -np.inf) -> None:
        self._rows.append(row)
        self._low.append(low)
        self._high.append(high)

    def _solve(self, costs: Real) -> Real:
        from scipy.optimize import Bounds, LinearConstraint, milp
        from scipy.sparse import csr_array

        solved = milp(
            costs,
            constraints=LinearConstraint(csr_array(np.array(self._rows)), self._low, self._high),
            integrality=np.ones(self.size, dtype=np.int64),
            bounds=Bounds(0, 1),
            options={"mip_rel_gap": 0.0},
        )
        return np.rint(np.asarray(solved.x, dtype=np.float64))
