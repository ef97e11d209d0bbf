"""Pages about contracts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar

from matchmaker.domain.contract import Payment
from matchmaker.domain.contract_reward import Reward
from matchmaker.store.queries.contract import ContractRow, RevisionRow, Totals
from matchmaker.web.contract.forms import (
    ContractForm,
    CorrectionForm,
    ReasonForm,
    RegisterForm,
    RewardForm,
    SignForm,
)
from matchmaker.web.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """One side's consent to the present terms, if given."""

    side: str
    given: bool
    name: str
    at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractView:
    """A contract as its parties see it."""

    public_id: str
    version: int
    revision: int
    state: str
    title: str
    type: str | None
    development_kind: str | None
    company: str
    institution: str
    demand_title: str
    outcome_title: str
    subject: str
    acceptance: str
    ip_ownership: str | None
    ip_clause: str
    starts_on: date | None
    ends_on: date | None
    payment_mode: str | None
    amount_total: Decimal | None
    amount_technical: Decimal | None
    deductions: tuple[tuple[str, Decimal], ...]
    deduction_note: str
    amount_royalty: Decimal
    royalty_terms: str
    payments: tuple[Payment, ...]
    planned: Decimal
    related_declared: str | None
    related_note: str
    related: bool
    counted: bool
    confirmations: tuple[Confirmation, ...]
    signed_on: date | None
    scan_sha256: str
    number: str | None
    registered_on: date | None
    office: str
    doubts: tuple[str, ...]
    void_reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lack:
    """Something a contract still lacks, in words, with the field where it is entered."""

    label: str
    text: str
    field: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionLine:
    """One revision, with its changed fields in words."""

    row: RevisionRow
    changed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckLine:
    """One thing the office asks for, in words."""

    label: str
    text: str
    state: str
    field: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """One part of the sums, with the address of its list."""

    label: str
    totals: Totals
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One entry of a filter."""

    code: str
    label: str
    current: bool


@dataclass(frozen=True, kw_only=True)
class ContractPage(Page):
    """One contract, for its parties."""

    template: ClassVar = "contract/show.html"

    contract: ContractView
    engagement_id: str
    step_due: bool
    actions: tuple[str, ...]
    lacks: tuple[Lack, ...]
    confirmed: bool
    revisions: tuple[RevisionLine, ...]
    sign_form: SignForm
    reason_form: ReasonForm
    may_reward: bool
    error: str


@dataclass(frozen=True, kw_only=True)
class ContractFormPage(Page):
    """Writing or correcting the terms."""

    template: ClassVar = "contract/form.html"

    form: ContractForm | CorrectionForm
    heading: str
    back: str
    target: str
    corrects: bool
    general: tuple[str, ...]
    technical: Decimal | None
    planned: Decimal | None
    rest: Decimal | None
    consent: bool


@dataclass(frozen=True, kw_only=True)
class RegisterPage(Page):
    """Recording the registration."""

    template: ClassVar = "contract/register.html"

    contract: ContractView
    form: RegisterForm
    checks: tuple[CheckLine, ...]


@dataclass(frozen=True, kw_only=True)
class CheckPage(Page):
    """What registration will ask for."""

    template: ClassVar = "contract/check.html"

    contract: ContractView
    checks: tuple[CheckLine, ...]
    missing: int
    editable: bool


@dataclass(frozen=True, kw_only=True)
class SummaryPage(Page):
    """The contract on one sheet, to print."""

    template: ClassVar = "contract/summary.html"

    contract: ContractView
    printed_at: datetime


@dataclass(frozen=True, kw_only=True)
class RewardPage(Page):
    """The reward of the people behind the outcome."""

    template: ClassVar = "contract/reward.html"

    contract: ContractView
    form: RewardForm
    reward: Reward
    entered_basis: str
    formula: str
    source: str


@dataclass(frozen=True, kw_only=True)
class ContractsPage(Page):
    """The bureau's list with its sums."""

    template: ClassVar = "contract/list.html"

    rows: tuple[ContractRow, ...]
    total: int
    sums: Totals
    quarters: tuple[Group, ...]
    types: tuple[Group, ...]
    regions: tuple[Group, ...]
    quarter_options: tuple[Option, ...]
    type_options: tuple[Option, ...]
    region_options: tuple[Option, ...]
    counted_options: tuple[Option, ...]
    export: str
    number: int
    count: int
    previous: str
    next: str


@dataclass(frozen=True, kw_only=True)
class RegisteredPage(Page):
    """One registered contract, for the bureau."""

    template: ClassVar = "contract/registered.html"

    row: ContractRow
    revisions: tuple[RevisionLine, ...]
