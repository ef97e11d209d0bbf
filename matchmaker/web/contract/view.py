"""A stored contract as its pages show it."""

from __future__ import annotations

from matchmaker.domain.contract import DEDUCTIONS, ContractTerms, is_counted, lacking, paid
from matchmaker.domain.contract_check import Standing, pre_check
from matchmaker.domain.contract_registration import number_doubts
from matchmaker.services.contract import terms_of
from matchmaker.store.contract import Contract
from matchmaker.store.database import UnitOfWork
from matchmaker.store.queries import contract as query
from matchmaker.web.contract.pages import (
    CheckLine,
    Confirmation,
    ContractView,
    Lack,
    RevisionLine,
)
from matchmaker.web.contract.wording import check_text, doubt_text, field_text, problem_text
from matchmaker.web.i18n import joined


def view_of(uow: UnitOfWork, contract: Contract) -> ContractView:
    """Everything a party sees of a contract."""
    terms = terms_of(contract)
    company, institution = query.party_names(uow, contract.engagement)
    number, registered_on = contract.number, contract.registered_on
    doubts = number_doubts(number, registered_on) if number and registered_on else ()
    return ContractView(
        public_id=contract.public_id,
        version=contract.version,
        revision=contract.revision,
        state=contract.state,
        title=contract.title,
        type=contract.type,
        development_kind=contract.development_kind,
        company=company,
        institution=institution,
        demand_title=contract.engagement.demand.title,
        outcome_title=contract.engagement.outcome.title,
        subject=contract.subject,
        acceptance=contract.acceptance,
        ip_ownership=contract.ip_ownership,
        ip_clause=contract.ip_clause,
        starts_on=contract.starts_on,
        ends_on=contract.ends_on,
        payment_mode=contract.payment_mode,
        amount_total=contract.amount_total,
        amount_technical=contract.amount_technical,
        deductions=tuple(
            (field_text(name), getattr(terms, name)) for name in DEDUCTIONS if getattr(terms, name)
        ),
        deduction_note=contract.deduction_note,
        amount_royalty=contract.amount_royalty,
        royalty_terms=contract.royalty_terms,
        payments=terms.payments,
        planned=paid(terms),
        related_declared=contract.related_declared,
        related_note=contract.related_note,
        related=contract.related,
        counted=is_counted(contract.state, related=contract.related),
        confirmations=_confirmations(uow, contract),
        signed_on=contract.signed_on,
        scan_sha256=contract.scan_sha256,
        number=number,
        registered_on=registered_on,
        office=contract.office,
        doubts=tuple(doubt_text(code) for code in doubts),
        void_reason=contract.void_reason,
    )


def lacks_of(terms: ContractTerms) -> tuple[Lack, ...]:
    """What the sides cannot confirm without, in words."""
    return tuple(
        Lack(label=field_text(one.field), text=problem_text(one), field=one.field)
        for one in lacking(terms)
    )


def checks_of(contract: Contract) -> tuple[CheckLine, ...]:
    """What registration will ask for, in words."""
    standing = Standing(
        company_confirmed=contract.company_confirmed is not None,
        institution_confirmed=contract.institution_confirmed is not None,
        signed_on=contract.signed_on,
        scan=bool(contract.scan_sha256),
        related=contract.related,
    )
    lines = []
    for item in pre_check(terms_of(contract), standing):
        label, text = check_text(item.code)
        lines.append(CheckLine(label=label, text=text, state=item.state, field=item.field))
    return tuple(lines)


def revisions_of(
    uow: UnitOfWork, contract_id: int, *, registered_only: bool = False
) -> tuple[RevisionLine, ...]:
    """The versions of a contract, the latest first, with what changed in words."""
    return tuple(
        RevisionLine(row=row, changed=joined(map(field_text, row.changed)))
        for row in query.revisions(uow, contract_id, registered_only=registered_only)
    )


def _confirmations(uow: UnitOfWork, contract: Contract) -> tuple[Confirmation, ...]:
    people = query.names(uow, contract.company_confirmed_by, contract.institution_confirmed_by)
    return tuple(
        Confirmation(
            side=side,
            given=getattr(contract, f"{side}_confirmed") is not None,
            name=people.get(getattr(contract, f"{side}_confirmed_by"), ""),
            at=getattr(contract, f"{side}_confirmed_at"),
        )
        for side in ("company", "institution")
    )
