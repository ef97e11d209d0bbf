"""Learning where records stand: few numbers from labelled records, and a site's own corrections.

The weighing of meaning, words and reader is five numbers, fitted by maximum likelihood. Corrections
are learnt on top of it: a multinomial logistic regression on the record's vector with the weighed
log odds as its offset, so that with few examples, or far away from all of them, the descriptions of
the plan still decide (ridge, i.e. a normal prior around them).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from matchmaker.matching.placement import WEIGHING, Evidence, Placer, Values, Weighing, softmax

# Chosen on the development records and the demo world (docs/decisions/0016).
RIDGE: Final = 1.0
_SMALLEST: Final = 1e-12


@dataclass(frozen=True, slots=True)
class Lean:
    """How a record's vector moves the log odds: (classes, dimension).

    There is no constant: records that persons placed are no sample of all records (authors choose
    chains, hardly anybody says "none"), and a constant would learn that share.
    """

    slopes: Values

    def of(self, vectors: NDArray[np.float32]) -> Values:
        """What is added to the log odds (n, classes)."""
        moved: Values = vectors.astype(np.float64) @ self.slopes.T
        return moved


def targets(placer: Placer, chains: Sequence[Sequence[str]]) -> Values:
    """What labelled records should be given (n, chains + 1): equal shares, or none."""
    place = {code: number for number, code in enumerate(placer.codes)}
    wanted = np.zeros((len(chains), placer.chains + 1))
    for row, codes in enumerate(chains):
        known = [place[code] for code in codes if code in place]
        wanted[row, known or [placer.chains]] = 1 / max(len(known), 1)
    return wanted


def fit_weighing(placer: Placer, evidence: Evidence, wanted: Values) -> Weighing:
    """The weighing under which labelled records are the most probable."""
    from scipy.optimize import minimize

    def loss(numbers: Values) -> float:
        return _surprise(softmax(placer.log_odds(evidence, Weighing(*numbers))), wanted)

    bounds = [(0, None), (0, None), (None, None), (None, None), (0, None)]
    found = minimize(loss, np.array(astuple(WEIGHING)), method="L-BFGS-B", bounds=bounds).x
    return Weighing(*(round(float(number), 3) for number in found))


def learn(
    placer: Placer, evidence: Evidence, chains: Sequence[Sequence[str]], ridge: float = RIDGE
) -> Lean:
    """What records placed by persons teach beyond what the plan's descriptions say anyway."""
    from scipy.optimize import minimize

    log_odds, wanted = placer.log_odds(evidence), targets(placer, chains)
    vectors = evidence.vectors.astype(np.float64)
    shape = wanted.shape[1], vectors.shape[1]

    def loss(numbers: Values) -> tuple[float, Values]:
        slopes = numbers.reshape(shape)
        given = softmax(log_odds + vectors @ slopes.T)
        surprise = len(wanted) * _surprise(given, wanted) + ridge / 2 * float(numbers @ numbers)
        gradient = (given - wanted).T @ vectors + ridge * slopes
        return surprise, gradient.ravel()

    if not len(wanted):
        return Lean(np.zeros(shape))
    found = minimize(loss, np.zeros(shape[0] * shape[1]), jac=True, method="L-BFGS-B").x
    return Lean(found.reshape(shape))


def _surprise(given: Values, wanted: Values) -> float:
    """The mean cross-entropy of what was given."""
    return float(-np.sum(wanted * np.log(np.maximum(given, _SMALLEST))) / len(wanted))
