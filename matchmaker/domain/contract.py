"""Rules of technical contracts: amounts, payments, what both sides must have agreed.

The amounts follow the national rules on determining technical contracts: the technical amount is
the contract's amount without what is paid for equipment, materials and other things that are no
technology. What counts in the end is decided by the registration office.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from matchmaker.domain.contract_vocabulary import (
    CONTRACT_TYPES,
    DEVELOPMENT_KINDS,
    IP_OWNERSHIPS,
    PAYMENT_MODES,
    RELATED_DECLARATIONS,
)
from matchmaker.domain.fields import Cleaner, FieldProblem
from matchmaker.domain.record import LINE_LENGTH, TITLE_LENGTH

TEXT_LENGTH: Final = 2_000
REASON_LENGTH: Final = 500
PAYMENTS_COUNT: Final = 24
DEDUCTIONS: Final = ("deducted_equipment", "deducted_materials", "deducted_other")
# Stages of an engagement in which a contract is drafted, confirmed, signed and registered.
WORKED_ON_IN: Final = frozenset(
    {"term_sheet", "drafting", "publicity", "signed", "registered", "performing"}
)
# Stages of an engagement whose next step is possible once its contract has come so far.
STAGE_BEHIND: Final[Mapping[str, tuple[str, ...]]] = {
    "signed": ("drafting", "publicity"),
    "registered": ("drafting", "publicity", "signed"),
}
# Kinds of ownership that say nothing without a clause.
_CLAUSE_NEEDED: Final = frozenset({"joint", "separate"})
_ZERO: Final = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """One payment of the schedule."""

    label: str = ""
    due_on: date | None = None
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractTerms:
    """What the two sides agree on; amounts in 万元."""

    title: str
    type: str | None = None
    development_kind: str | None = None
    subject: str = ""
    acceptance: str = ""
    ip_ownership: str | None = None
    ip_clause: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    payment_mode: str | None = None
    amount_total: Decimal | None = None
    deducted_equipment: Decimal = _ZERO
    deducted_materials: Decimal = _ZERO
    deducted_other: Decimal = _ZERO
    deduction_note: str = ""
    amount_royalty: Decimal = _ZERO
    royalty_terms: str = ""
    payments: tuple[Payment, ...] = ()
    related: str | None = None
    related_note: str = ""

    @property
    def deducted(self) -> Decimal:
        """What is paid for things that are no technology."""
        return self.deducted_equipment + self.deducted_materials + self.deducted_other

    @property
    def amount_technical(self) -> Decimal | None:
        """The technical amount: the whole less what is deducted."""
        return None if self.amount_total is None else self.amount_total - self.deducted


NAMES: Final = frozenset(ContractTerms.__dataclass_fields__)


def clean_contract(raw: Mapping[str, object]) -> ContractTerms:
    """Clean the raw values of a contract; raises ``InvalidFields`` with everything that is wrong.

    Only the title is required: a draft may lack the rest, but what stands in it must be possible.
    """
    read = Cleaner(raw)
    title = read.text("title", TITLE_LENGTH, single_line=True)
    if not title and not any(problem.field == "title" for problem in read.problems):
        read.problem("title", "missing", "is missing. Name the contract as its text does.")
    kind = read.code("type", CONTRACT_TYPES)
    development_kind = read.code("development_kind", DEVELOPMENT_KINDS)
    starts_on, ends_on = read.day("starts_on"), read.day("ends_on")
    read.in_order("starts_on", starts_on, "ends_on", ends_on)
    total, deducted = read.money("amount_total"), _deductions(read)
    mode = read.code("payment_mode", PAYMENT_MODES)
    royalty = read.money("amount_royalty") or _ZERO
    payments = _payments(read)
    if total is not None and mode == "lump_sum" and not payments:
        payments = (Payment(amount=total),) if total else ()
    if total is not None and mode == "royalty" and not royalty:
        royalty = total
    if total is not None and sum(deducted.values()) > total:
        message = "is more than the whole contract, together with the other deductions."
        read.problem(_last_used(deducted), "more_than_total", message)
    made = ContractTerms(
        title=title,
        type=kind,
        development_kind=development_kind if kind == "development" else None,
        subject=read.text("subject", TEXT_LENGTH),
        acceptance=read.text("acceptance", TEXT_LENGTH),
        ip_ownership=read.code("ip_ownership", IP_OWNERSHIPS),
        ip_clause=read.text("ip_clause", TEXT_LENGTH),
        starts_on=starts_on,
        ends_on=ends_on,
        payment_mode=mode,
        amount_total=total,
        **deducted,
        deduction_note=read.text("deduction_note", LINE_LENGTH, single_line=True),
        amount_royalty=royalty,
        royalty_terms=read.text("royalty_terms", TEXT_LENGTH),
        payments=payments,
        related=read.code("related", RELATED_DECLARATIONS),
        related_note=read.text("related_note", LINE_LENGTH, single_line=True),
    )
    if total is None and made.deducted:
        read.problem("amount_total", "missing", "is missing, though something is deducted.")
    read.finish(NAMES)
    return made


def lacking(terms: ContractTerms) -> tuple[FieldProblem, ...]:
    """What still has to be agreed before the sides can confirm."""
    needed = [
        *("type", "subject", "acceptance", "ip_ownership", "starts_on", "ends_on"),
        *("payment_mode", "related"),
    ]
    if terms.type == "development":
        needed.append("development_kind")
    if terms.ip_ownership in _CLAUSE_NEEDED:
        needed.append("ip_clause")
    if terms.related == "related":
        needed.append("related_note")
    found = [_needed(name) for name in needed if not getattr(terms, name)]
    if not terms.amount_total:
        found.append(_needed("amount_total"))
    if terms.deducted and not terms.deduction_note:
        found.append(_needed("deduction_note"))
    return (*found, *schedule_problems(terms))


def schedule_problems(terms: ContractTerms) -> tuple[FieldProblem, ...]:
    """Why the payments do not fit the mode of payment, or do not add up to the whole."""
    mode, total = terms.payment_mode, terms.amount_total
    if mode is None or not total:
        return ()
    with_royalty = mode in ("royalty", "mixed")
    found = []
    if with_royalty and not terms.royalty_terms:
        found.append(_needed("royalty_terms"))
    if mode == "mixed" and not terms.amount_royalty:
        found.append(_needed("amount_royalty"))
    if not with_royalty and terms.amount_royalty:
        message = "is given, but nothing is paid as a royalty."
        found.append(FieldProblem("amount_royalty", "no_royalty", message))
    fewest, most = _COUNTS[mode]
    if not fewest <= len(terms.payments) <= most:
        message = f"this mode of payment has {fewest} to {most} payments."
        found.append(FieldProblem("payments", f"count_{mode}", message))
    planned = paid(terms)
    if planned != total:
        message = f"payments and royalties come to {planned}, the contract to {total} 万元."
        values = {"planned": planned, "total": total, "rest": total - planned}
        found.append(FieldProblem("payments", "not_adding_up", message, values))
    return tuple(found)


def paid(terms: ContractTerms) -> Decimal:
    """What the schedule and the expected royalties come to."""
    return sum((payment.amount for payment in terms.payments), terms.amount_royalty)


def is_related(terms: ContractTerms, company: Identity, institution: Identity) -> bool:
    """Whether the parties are related: declared so, or one and the same organisation."""
    same = company.organisation_id == institution.organisation_id
    same_code = bool(company.credit_code) and company.credit_code == institution.credit_code
    return terms.related == "related" or same or same_code


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """What tells whether two parties are the same organisation."""

    organisation_id: int
    credit_code: str = ""


def is_counted(state: str, *, related: bool) -> bool:
    """Whether statistics count a contract: registered, and not between related parties."""
    return state == "registered" and not related


_COUNTS: Final[Mapping[str, tuple[int, int]]] = {
    "lump_sum": (1, 1),
    "instalments": (2, PAYMENTS_COUNT),
    "royalty": (0, 0),
    "mixed": (1, PAYMENTS_COUNT),
}


def _needed(name: str) -> FieldProblem:
    return FieldProblem(name, "missing_to_confirm", "is needed before the sides can confirm.")


def _deductions(read: Cleaner) -> dict[str, Decimal]:
    return {name: read.money(name) or _ZERO for name in DEDUCTIONS}


def _last_used(deducted: Mapping[str, Decimal]) -> str:
    return [name for name, amount in deducted.items() if amount][-1]


def _payments(read: Cleaner) -> tuple[Payment, ...]:
    rows = read.objects("payments", ("label", "due_on", "amount"), _payment, PAYMENTS_COUNT)
    return tuple(row for row in rows if row is not None)


def _payment(read: Cleaner) -> Payment | None:
    label = read.text("label", LINE_LENGTH, single_line=True)
    due_on, amount = read.day("due_on"), read.money("amount")
    if not amount:
        if not read.problems:
            read.problem("amount", "missing", "is missing.")
        return None
    return Payment(label=label, due_on=due_on, amount=amount)
