"""The two nouns' forms and cleaners."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from matchmaker.domain.demand import clean_demand
from matchmaker.domain.outcome import clean_outcome
from matchmaker.services.record import Fields
from matchmaker.web.demand.forms import DemandForm
from matchmaker.web.outcome.forms import OutcomeForm

FORMS: Final[dict[str, type[DemandForm | OutcomeForm]]] = {
    "demand": DemandForm,
    "outcome": OutcomeForm,
}
CLEANERS: Final[dict[str, Callable[..., Fields]]] = {
    "demand": clean_demand,
    "outcome": clean_outcome,
}
