"""Contracts in words: problems, what is checked, formulas and their sources."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

from matchmaker.domain.fields import FieldProblem
from matchmaker.web.i18n import exact_money
from matchmaker.web.i18n import gettext as _
from matchmaker.web.record.problems import problem_text as record_problem_text


def problem_text(problem: FieldProblem) -> str:
    """A problem of a field of a contract."""
    values = dict(problem.values)
    texts: Mapping[str, Callable[[], str]] = {
        "missing_to_confirm": lambda: _("This is needed before the sides can confirm."),
        "more_than_total": lambda: _("What is deducted is more than the whole contract."),
        "no_royalty": lambda: _(
            "With this mode of payment there are no royalties: leave it empty."
        ),
        "count_lump_sum": lambda: _("A lump sum is one payment."),
        "count_instalments": lambda: _("Instalments are at least two payments."),
        "count_royalty": lambda: _("A royalty alone has no fixed payments: leave the rows empty."),
        "count_mixed": lambda: _("Enter the entry fee as a payment."),
        "not_adding_up": lambda: _(
            "Payments and royalties come to %(planned)s, the contract to %(total)s: a difference "
            "of %(rest)s.",
            **{name: exact_money(_decimal(value)) for name, value in values.items()},
        ),
        "floor_avoided": lambda: _("For this type of contract the law's floor applies."),
        "below_floor": lambda: _("The law's floor is %(floor)s %%; more is possible.", **values),
        "not_sixteen_digits": lambda: _(
            "A registration number has 16 digits; this one has %(length)s characters.", **values
        ),
        "taken": lambda: _("Another contract is registered under this number. Compare them."),
        "in_the_future": lambda: _("This day has not come yet."),
        "before_signed": lambda: _("This lies before the day of the signatures."),
        "nothing_changed": lambda: _("Nothing was changed."),
    }
    if problem.code in texts:
        return texts[problem.code]()
    if problem.field == "scan_sha256":
        return _("A SHA-256 checksum has 64 characters: digits and letters from a to f.")
    return record_problem_text(problem)


def doubt_text(code: str) -> str:
    """What looks unusual about a registration number; never a refusal."""
    return {
        "year": _("It does not begin with the year of registration, as numbers usually do."),
        "region": _("Its fifth and sixth digits are no code of a province."),
    }[code]


def check_text(code: str) -> tuple[str, str]:
    """What is asked for, and what about it."""
    return (_term_checks() | _paper_checks())[code]


def _term_checks() -> dict[str, tuple[str, str]]:
    return {
        "type": (_("Type named"), _("One of the five types; a development says whether it is commissioned or joint.")),
        "named": (_("Name uses the type"), _("The name of the contract should use the type's own words, such as 技术开发合同.")),
        "subject": (_("Subject matter"), _("Clear enough for the office to see which technology it is.")),
        "acceptance": (_("Acceptance criteria"), _("Measurable, with the way of acceptance.")),
        "period": (_("Period of performance"), _("First and last day.")),
        "amounts": (_("Contract amount and technical amount"), _("Both are stated in the contract.")),
        "deductions": (_("What is deducted"), _("Equipment, parts, materials and other non-technical costs are stated apart.")),
        "payments": (_("Mode and schedule of payments"), _("The schedule adds up to the contract amount.")),
        "ip": (_("Clause on intellectual property"), _("Who owns what results, and who may use it.")),
        "related": (_("Related parties"), _("Declared. Contracts between related parties may be registered but never count in statistics.")),
        "confirmed": (_("Both sides confirmed the same version"), _("On the contract's page.")),
        "signed": (_("Signed by both sides"), _("Signatures or seals of the legal representatives or whom they authorise, with the day.")),
        "scan": (_("Complete written text with annexes"), _("Orally made contracts are not registered. A checksum of the scanned copy can be kept here.")),
    }  # fmt: skip


def _paper_checks() -> dict[str, tuple[str, str]]:
    return {
        "applicant": (_("The right applicant"), _("The developer, transferor, licensor or contractor applies, once, at the office of its own place.")),
        "authorisation": (_("Authorisation"), _("Where a department or project group signed: the written authorisation of its legal representative.")),
        "rights": (_("Proof of the rights"), _("Patent certificate and register extract, or what shows that a technical secret is held lawfully.")),
        "purchases": (_("List of what is bought"), _("Equipment, parts and materials with their prices.")),
        "invoices": (_("Invoices and receipts"), _("Asked for when tax relief or rewards are claimed: technical income is determined from what was received.")),
    }  # fmt: skip


def field_text(name: str) -> str:
    """A field of a contract, as the history of its versions names it."""
    return {
        "title": _("Name of the contract"),
        "type": _("Type of contract"),
        "development_kind": _("Kind of development"),
        "subject": _("Subject matter"),
        "acceptance": _("Acceptance criteria"),
        "ip_ownership": _("Who owns the resulting intellectual property"),
        "ip_clause": _("Clause on intellectual property"),
        "starts_on": _("Performed from"),
        "ends_on": _("Performed until"),
        "payment_mode": _("Mode of payment"),
        "amount_total": _("Contract amount"),
        "deducted_equipment": _("Of it equipment and instruments"),
        "deducted_materials": _("Of it parts and materials"),
        "deducted_other": _("Of it other non-technical costs"),
        "deduction_note": _("What is deducted"),
        "amount_royalty": _("Royalties expected"),
        "royalty_terms": _("Rate and base of the royalties"),
        "payments": _("Schedule of payments"),
        "related": _("Related parties"),
        "related_note": _("How they are related"),
        "number": _("Registration number"),
        "registered_on": _("Registered on"),
        "office": _("Registration office"),
        "signed_on": _("Signed on"),
        "scan_sha256": _("Checksum of the scanned copy (SHA-256)"),
    }.get(name, name)


def formula_text(basis: str) -> str:
    """How a reward is computed."""
    return {
        "net_income": _("Net income = contract amount − deducted − direct costs. Reward = net income × share."),
        "equity": _("Reward = share of the company that the outcome became × share."),
        "profit": _("Reward a year = operating profit of that year × share, for three to five years in a row after production has begun."),
        "agreed": _("Reward = (contract amount − deducted − direct costs) × share, as the institution's rules or an agreement say."),
    }[basis]  # fmt: skip


def source_text(basis: str) -> str:
    """Where a way of computing comes from."""
    law = _(
        "Law on Promoting the Transformation of Scientific and Technological Achievements, articles 44 and 45"
    )
    state = _("State Council document 国发〔2016〕16号")
    return {
        "net_income": _("%(law)s (1): at least 50 %% of the net income.", law=law),
        "equity": _("%(law)s (2): at least 50 %% of the shares.", law=law),
        "profit": _("%(law)s (3): at least 5 %% of the operating profit, three to five years.", law=law),
        "agreed": _("%(state)s lets rewards for development, consulting and services follow the same rules; there is no floor for them in article 45.", state=state),
    }[basis]  # fmt: skip


def _decimal(value: object) -> Decimal:
    return value if isinstance(value, Decimal) else Decimal(str(value))
