"""Facts of an explanation in words: codes come from ``matching/rules.py``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from matchmaker.web.i18n import gettext as _
from matchmaker.web.i18n import joined, locale, money, term
from matchmaker.web.platform import matchmaker


def fact_text(fact: Mapping[str, Any]) -> str:
    """A stored fact as a sentence; one of an unknown code says its code, never breaks a page."""
    values: Mapping[str, Any] = fact.get("values", {})
    writer = _WRITERS.get(str(fact.get("code")))
    return writer(str(fact.get("stance")), values) if writer else str(fact.get("code"))


def _chain(stance: str, values: Mapping[str, Any]) -> str:
    if stance == "for":
        return _("Both stand on the chain %(chains)s.", chains=_chains(values.get("chains", ())))
    return _("They stand on different chains.")


def _field(stance: str, values: Mapping[str, Any]) -> str:
    wanted, offered = term(values.get("demand"), "field"), term(values.get("outcome"), "field")
    if stance == "for":
        return _("Same technical field: %(field)s.", field=wanted)
    return _(
        "Different technical fields: %(wanted)s wanted, %(offered)s offered.",
        wanted=wanted,
        offered=offered,
    )


def _trl(stance: str, values: Mapping[str, Any]) -> str:
    wanted, reached = values.get("wanted"), values.get("reached")
    if stance == "for":
        return _(
            "Mature enough: TRL %(reached)s, at least %(wanted)s wanted.",
            reached=reached,
            wanted=wanted,
        )
    return _(
        "Not mature enough: TRL %(reached)s, at least %(wanted)s wanted.",
        reached=reached,
        wanted=wanted,
    )


def _budget(stance: str, values: Mapping[str, Any]) -> str:
    asked, offered = _amount(values.get("asked")), _amount(values.get("offered"))
    if stance == "for":
        return _(
            "Within the budget: asked from %(asked)s, budget up to %(offered)s.",
            asked=asked,
            offered=offered,
        )
    return _(
        "Above the budget: asked from %(asked)s, budget up to %(offered)s.",
        asked=asked,
        offered=offered,
    )


def _mode(stance: str, values: Mapping[str, Any]) -> str:
    wanted = _terms(values.get("wanted", ()), "solution_mode")
    offered = _terms(values.get("offered", ()), "conversion_mode")
    if stance == "for":
        return _(
            "The ways fit: %(wanted)s wanted, %(offered)s offered.",
            wanted=wanted,
            offered=offered,
        )
    return _(
        "The ways differ: %(wanted)s wanted, %(offered)s offered.", wanted=wanted, offered=offered
    )


def _region(stance: str, values: Mapping[str, Any]) -> str:
    regions = matchmaker().plan.region_by_code
    names = {
        key: regions[code].text(locale()) if code in regions else str(code)
        for key, code in values.items()
    }
    if "preferred" in names:
        if stance == "for":
            return _("From the preferred region: %(region)s.", region=names["outcome"])
        return _(
            "Not from the preferred region: %(preferred)s wanted, %(region)s offered.",
            preferred=names["preferred"],
            region=names.get("outcome", ""),
        )
    if stance == "for":
        return _("Both in the city: %(region)s.", region=names.get("outcome", ""))
    return _("From outside: %(region)s.", region=names.get("outcome", ""))


def _indicator(stance: str, values: Mapping[str, Any]) -> str:
    wanted, offered = values.get("wanted", ""), values.get("offered", "")
    if stance == "for":
        return _("Indicator met: %(offered)s (wanted %(wanted)s).", offered=offered, wanted=wanted)
    if stance == "against":
        return _(
            "Indicator missed: %(offered)s (wanted %(wanted)s).", offered=offered, wanted=wanted
        )
    return _(
        "Measured under other conditions: %(offered)s (wanted %(wanted)s).",
        offered=offered,
        wanted=wanted,
    )


def _missing(_stance: str, values: Mapping[str, Any]) -> str:
    terms = joined(values.get("terms", ()))
    return _("The outcome does not mention: %(terms)s.", terms=terms)


_WRITERS = {
    "chain": _chain,
    "field": _field,
    "trl": _trl,
    "budget": _budget,
    "mode": _mode,
    "region": _region,
    "indicator": _indicator,
    "missing": _missing,
}


def _chains(codes: Sequence[str]) -> str:
    known = matchmaker().plan.chain_by_code
    return joined(known[code].text(locale()) if code in known else code for code in codes)


def _terms(codes: Sequence[str], vocabulary: str) -> str:
    return joined(term(code, vocabulary) for code in codes)


def _amount(value: object) -> str:
    return money(Decimal(str(value))) if value is not None else ""
