"""Forms about contracts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from flask_wtf import FlaskForm
from wtforms import Field, Form, FormField, HiddenField, StringField, TextAreaField

from matchmaker.domain.contract import NAMES, ContractTerms
from matchmaker.domain.contract_reward import RewardTerms, bases_of
from matchmaker.domain.contract_vocabulary import (
    CONTRACT_TYPES,
    DEVELOPMENT_KINDS,
    IP_OWNERSHIPS,
    PAYMENT_MODES,
    RELATED_DECLARATIONS,
    REWARD_BASES,
)
from matchmaker.domain.fields import FieldProblem
from matchmaker.web.contract.wording import problem_text
from matchmaker.web.i18n import lazy_gettext as _l
from matchmaker.web.record.forms import Choice, Day, RecordForm, Rows, amount, term_choices

SIGNATURE: Final = ("signed_on", "scan_sha256")
REGISTRATION: Final = ("number", "registered_on", "office")
_MONEY: Final = frozenset(
    {
        *("amount_total", "deducted_equipment", "deducted_materials", "deducted_other"),
        "amount_royalty",
    }
)
_CHOICES: Final = (
    ("type", CONTRACT_TYPES),
    ("development_kind", DEVELOPMENT_KINDS),
    ("ip_ownership", IP_OWNERSHIPS),
    ("payment_mode", PAYMENT_MODES),
    ("related", RELATED_DECLARATIONS),
)


class ProblemForm(FlaskForm):
    """A form that shows the domain's problems on its fields."""

    def typed(self, *names: str) -> dict[str, object]:
        """What was typed in some fields, as the cleaners read it."""
        return {name: self[name].data for name in names}

    def show(self, problems: Sequence[FieldProblem]) -> list[str]:
        """Put problems on their fields; returns those that concern no field of the form."""
        return show_problems(self, problems)


class PaymentRow(Form):
    """One payment of the schedule."""

    label = StringField(_l("For what"))
    due_on = Day(_l("By which day"))
    amount = StringField(_l("Amount (10,000 yuan)"))


class ContractForm(RecordForm):
    """The terms of a contract."""

    title = StringField(_l("Name of the contract"))
    type = Choice(_l("Type of contract"))
    development_kind = Choice(_l("Kind of development"))
    subject = TextAreaField(_l("Subject matter"))
    acceptance = TextAreaField(_l("Acceptance criteria"))
    starts_on = Day(_l("Performed from"))
    ends_on = Day(_l("Performed until"))
    amount_total = StringField(_l("Contract amount (10,000 yuan)"))
    deducted_equipment = StringField(_l("Of it equipment and instruments"))
    deducted_materials = StringField(_l("Of it parts and materials"))
    deducted_other = StringField(_l("Of it other non-technical costs"))
    deduction_note = StringField(_l("What is deducted"))
    payment_mode = Choice(_l("Mode of payment"))
    payments = Rows(FormField(PaymentRow), _l("Schedule of payments"), min_entries=3)
    amount_royalty = StringField(_l("Royalties expected (10,000 yuan)"))
    royalty_terms = TextAreaField(_l("Rate and base of the royalties"))
    ip_ownership = Choice(_l("Who owns the resulting intellectual property"))
    ip_clause = TextAreaField(_l("Clause on intellectual property"))
    related = Choice(_l("Related parties"))
    related_note = StringField(_l("How they are related"))

    def offer(self) -> None:
        """Fill the lists of choices in the language of the request."""
        for name, vocabulary in _CHOICES:
            self[name].choices = term_choices(vocabulary)

    def raw_terms(self) -> dict[str, object]:
        """What was typed about the terms, by the names of the domain's fields."""
        return {name: value for name, value in self.raw().items() if name in NAMES}

    def fill(self, terms: ContractTerms) -> None:
        """Show terms."""
        for name in NAMES - {"payments"}:
            value = getattr(terms, name)
            if name in _MONEY:
                value = amount(value) if value else ""
            self[name].process_data(_text(value))
        rows = [
            {"label": one.label, "due_on": _text(one.due_on), "amount": amount(one.amount)}
            for one in terms.payments
        ]
        self.payments.process(None, rows)
        self.payments.grow(1)

    def show(self, problems: Sequence[FieldProblem]) -> list[str]:
        """Put problems on their fields; returns those that concern no field of the form."""
        return show_problems(self, problems)


class CorrectionForm(ContractForm):
    """Everything that was registered, and why it is corrected."""

    signed_on = Day(_l("Signed on"))
    scan_sha256 = StringField(_l("Checksum of the scanned copy (SHA-256)"))
    number = StringField(_l("Registration number"))
    registered_on = Day(_l("Registered on"))
    office = StringField(_l("Registration office"))
    reason = TextAreaField(_l("Why it is corrected"))

    def typed(self, *names: str) -> dict[str, object]:
        """What was typed in some fields."""
        return {name: self[name].data for name in names}


class SignForm(ProblemForm):
    """When the contract was signed."""

    version = HiddenField()
    signed_on = Day(_l("Signed on"))
    scan_sha256 = StringField(_l("Checksum of the scanned copy (SHA-256)"))


class RegisterForm(ProblemForm):
    """What the registration certificate says."""

    version = HiddenField()
    number = StringField(_l("Registration number"))
    registered_on = Day(_l("Registered on"))
    office = StringField(_l("Registration office"))


class ReasonForm(FlaskForm):
    """Why a contract is given up, withdrawn or drafted anew."""

    reason = TextAreaField(_l("Reason"))


class RewardForm(ProblemForm):
    """What a reward is computed from."""

    basis = Choice(_l("Computed from"))
    costs = StringField(_l("Direct costs of the transfer (10,000 yuan)"))
    share = StringField(_l("The institution's own share (%)"))
    stake = StringField(_l("Share of the company that the outcome became (%)"))
    profit = StringField(_l("Operating profit a year (10,000 yuan)"))
    years = StringField(_l("For how many years (3 to 5)"))

    def offer(self, kind: str | None) -> None:
        """The ways of computing that fit the type of contract."""
        fitting = bases_of(kind)
        self.basis.choices = [one for one in term_choices(REWARD_BASES) if one[0] in fitting]

    def fill(self, entered: RewardTerms) -> None:
        """Show what was entered."""
        for name in ("basis", "costs", "share", "stake", "profit", "years"):
            value = getattr(entered, name)
            shown = value if name in ("basis", "years") else amount(value)
            self[name].process_data("" if shown in (None, "0") else str(shown))


def show_problems(form: Any, problems: Sequence[FieldProblem]) -> list[str]:
    """Put problems on the fields of a form; returns those that concern none of them."""
    general = []
    for problem in problems:
        field: Field | None = form._fields.get(problem.field)
        if field is None:
            general.append(problem_text(problem))
            continue
        if isinstance(field, Rows) and "number" in problem.values:
            shown = field.show_problem(problem)
        else:
            shown = problem_text(problem)
        field.errors = [*field.errors, shown]
    return general


def _text(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value)
