"""Measures and verdicts in words."""

from __future__ import annotations

from decimal import Decimal

from matchmaker.domain.pack import KNOWN, Verdict
from matchmaker.web.i18n import exact_money, write_number
from matchmaker.web.i18n import gettext as _


def measure_text(code: str) -> str:
    """The name of a measure."""
    return {
        "turnover": _("Contract amount"),
        "technical": _("Technical amount"),
        "contracts": _("Registered contracts"),
        "conversions": _("Contracts of transfer or licence"),
        "cooperation": _("Contracts of development, consulting or service"),
        "introductions": _("Introductions made"),
        "mutual": _("Introductions accepted by both sides"),
        "companies": _("Companies served"),
        "brokers": _("Technology brokers"),
        "related": _("Contracts between related parties"),
        "service_income": _("Income from transfer services"),
    }[code]


def meaning_text(code: str) -> str:
    """How a measure is counted, where its name does not say it."""
    return {
        "turnover": _("Registered in the period, not between related parties."),
        "technical": _("Of these contracts, after deducting what is not technical."),
        "contracts": _("Registered in the period, not between related parties."),
        "introductions": _("Both sides asked in the period."),
        "companies": _("Each once: accepted an introduction, or had a contract registered."),
        "brokers": _("Confirmed members today."),
        "related": _("Registered, but never in a statistic: in none of the figures here."),
    }.get(code, "")


def value_text(measure: str, value: Decimal) -> str:
    """A value as people write it."""
    money = KNOWN.get(measure, False)
    return exact_money(value) if money else write_number(value)


def standing_text(verdict: Verdict) -> str:
    """What comes of a threshold."""
    return {
        "met": _("Met"),
        "not_met": _("Not met"),
        "unmeasured": _("Not known to the platform; to be shown otherwise"),
        "open": _("No number is known; the office decides"),
    }[verdict.standing]
