"""What the map says in words."""

from __future__ import annotations

from typing import Final

from matchmaker.domain.gap_map import NO_CHAIN, NO_REGION, Counts
from matchmaker.domain.gap_vocabulary import CHAIN_CALLS
from matchmaker.web.i18n import gettext as _
from matchmaker.web.i18n import lazy_gettext as _l
from matchmaker.web.i18n import locale, term
from matchmaker.web.platform import matchmaker

REASONS: Final = {
    "build": _l("Firms ask, and no outcome stands on the chain, from anywhere."),
    "fill": _l("Firms ask, and every outcome on the chain comes from outside the city."),
    "strengthen": _l(
        "There is local supply, but fewer than half of the demands have a usable outcome."
    ),
    "extend": _l("Outcomes wait and no firm asks: supply without demand."),
    "balanced": _l("At least half of the demands have a usable outcome, and some supply is local."),
    "serves": _l("No firm asks here; firms elsewhere on the chain do."),
    "none": _l("Nothing stands here yet."),
}
_NOTHING_CALLED: Final = frozenset({"balanced", "serves", "none"})


def reason_text(call: str) -> str:
    """Why a place calls for something."""
    return str(REASONS[call])


def letter_of(call: str) -> str:
    """The first letter or character of a call, for the picture."""
    return "" if call in _NOTHING_CALLED else CHAIN_CALLS[call].text(locale())[0]


def chain_text(code: str) -> str:
    """A chain's name, or that there is none."""
    if code == NO_CHAIN:
        return str(_("On none of the chains"))
    return matchmaker().plan.chain_by_code[code].text(locale())


def region_text(code: str) -> str:
    """A district's name, or that it is none of the city's or not told."""
    if code == NO_REGION:
        return str(_("Elsewhere or not told"))
    return matchmaker().plan.region_by_code[code].text(locale())


def counts_text(counts: Counts, call: str) -> str:
    """The counts of a place in words, with what it calls for."""
    said: str = _(
        "demands %(demands)s, without a usable outcome %(unmet)s; outcomes %(supply)s, "
        "local %(local)s; %(call)s",
        demands=counts.demands,
        unmet=counts.unmet,
        supply=counts.supply,
        local=counts.local,
        call=term(call, "chain_call"),
    )
    return said
