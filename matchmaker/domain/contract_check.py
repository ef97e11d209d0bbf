"""What the registration office will ask for, looked at before anybody goes there.

The list follows the national measures and rules on determining and registering technical contracts;
what an office asks for besides, and what it accepts, it decides itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final

from matchmaker.domain.contract import ContractTerms, lacking
from matchmaker.domain.contract_vocabulary import CONTRACT_TYPES, DEVELOPMENT_KINDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How far a contract has come besides its terms."""

    company_confirmed: bool = False
    institution_confirmed: bool = False
    signed_on: date | None = None
    scan: bool = False
    related: bool = False


@dataclass(frozen=True, slots=True)
class CheckItem:
    """One thing that is asked for: its code, how it stands, and the field where it is mended."""

    code: str
    state: str  # CHECK_STATES code
    field: str = ""


def pre_check(terms: ContractTerms, standing: Standing) -> tuple[CheckItem, ...]:
    """Everything that is asked for, in the order of the form, then of the papers."""
    absent = {problem.field for problem in lacking(terms)}

    def stated(*fields: str) -> str:
        return "missing" if absent & set(fields) else "met"

    both = standing.company_confirmed and standing.institution_confirmed
    items = [
        CheckItem("type", stated("type", "development_kind"), "type"),
        CheckItem("named", "met" if names_its_type(terms) else "doubt", "title"),
        CheckItem("subject", stated("subject"), "subject"),
        CheckItem("acceptance", stated("acceptance"), "acceptance"),
        CheckItem("period", stated("starts_on", "ends_on"), "starts_on"),
        CheckItem("amounts", stated("amount_total"), "amount_total"),
        CheckItem("deductions", stated("deduction_note", "amount_total"), "deduction_note"),
        CheckItem("payments", stated(*_PAYING), "payments"),
        CheckItem("ip", stated("ip_ownership", "ip_clause"), "ip_ownership"),
        CheckItem("related", _related(standing, stated("related", "related_note")), "related"),
        CheckItem("confirmed", "met" if both else "missing"),
        CheckItem("signed", "met" if standing.signed_on else "missing"),
        CheckItem("scan", "met" if standing.scan else "bring"),
        *(CheckItem(code, "bring") for code, applies in _PAPERS if applies(terms)),
    ]
    return tuple(items)


def names_its_type(terms: ContractTerms) -> bool:
    """Whether the title uses the name of its type, as the rules want it."""
    title = terms.title.casefold()
    names = [CONTRACT_TYPES[terms.type]] if terms.type else []
    if terms.development_kind:
        names.append(DEVELOPMENT_KINDS[terms.development_kind])
    return any(name.zh in title or name.en.casefold() in title for name in names)


_PAYING: Final = (*("payment_mode", "payments", "amount_total", "amount_royalty", "royalty_terms"),)


def _always(_terms: ContractTerms) -> bool:
    return True


def _of_known_technology(terms: ContractTerms) -> bool:
    return terms.type in ("transfer", "licence")


def _deducting(terms: ContractTerms) -> bool:
    return bool(terms.deducted)


_PAPERS: Final[tuple[tuple[str, Callable[[ContractTerms], bool]], ...]] = (
    ("applicant", _always),
    ("authorisation", _always),
    ("rights", _of_known_technology),
    ("purchases", _deducting),
    ("invoices", _always),
)


def _related(standing: Standing, stated: str) -> str:
    """Declared and unrelated is met; related parties are a doubt: nothing will be counted."""
    return "doubt" if standing.related and stated == "met" else stated
