"""Parts of forms for demands and outcomes.

A form only carries what was typed; what is right and wrong about it is decided by the domain's
cleaners, the same for a form and for an imported file. Their problems are put back on the fields.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from decimal import Decimal
from typing import Any, ClassVar, Final

from flask_wtf import FlaskForm
from wtforms import (
    Field,
    FieldList,
    FileField,
    Form,
    HiddenField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.widgets import CheckboxInput, DateInput, ListWidget

from matchmaker.domain.fields import FieldProblem
from matchmaker.domain.indicator import Indicator
from matchmaker.domain.plan import Plan
from matchmaker.domain.term import Vocabulary
from matchmaker.domain.vocabulary import COMPARATORS
from matchmaker.web.i18n import gettext as _
from matchmaker.web.i18n import joined, locale
from matchmaker.web.i18n import lazy_gettext as _l
from matchmaker.web.record.problems import problem_text

MORE_ROWS: Final = 3
_NOT_TYPED: Final = frozenset({"csrf_token", "version"})


class Checks(SelectMultipleField):
    """Several choices as check boxes; ``render_as_list`` tells the field component."""

    render_as_list = True
    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def pre_validate(self, form: Any) -> None:
        """Leave checking to the domain, which knows the codes."""

    def grouped(self) -> list[tuple[str, list[Any]]]:
        """The check boxes under the headings of their groups."""
        boxes = iter(self)
        assert isinstance(self.choices, dict)
        return [(label, [next(boxes) for _one in part]) for label, part in self.choices.items()]


class Choice(SelectField):
    """One choice of a list, or none; unknown values are kept for the domain to refuse."""

    def pre_validate(self, form: Any) -> None:
        """Leave checking to the domain."""


class Day(StringField):
    """A date as typed: what is no date is kept and shown again."""

    widget = DateInput()


class Lines(TextAreaField):
    """A list of short texts, one a line."""

    def process_data(self, value: object) -> None:
        """Show a list as lines."""
        self.data = "\n".join(value) if isinstance(value, list | tuple) else str(value or "")


class Rows(FieldList):  # type: ignore[type-arg]  # generic in its stubs only
    """A table of rows; blank ones are left out, and ``numbers`` tells which rows were kept."""

    render_as_rows = True

    def typed(self) -> list[dict[str, str]]:
        """The rows in which something was typed."""
        kept = [
            (number, row)
            for number, row in enumerate(self._texts(), 1)
            if any(text for name, text in row.items() if name != "comparator")
        ]
        self.numbers = [number for number, _row in kept]
        return [row for _number, row in kept]

    def show_problem(self, problem: FieldProblem) -> str:
        """A problem with the row and the column it is about, as they stand on the page."""
        number, column = problem.values.get("number"), str(problem.values.get("column", ""))
        if not isinstance(number, int):
            return problem_text(problem)
        entry = self.entries[self.numbers[number - 1] - 1]
        label = entry.form[column].label.text if column in entry.form else ""
        return str(
            _(
                "Row %(number)s %(column)s: %(problem)s",
                number=self.numbers[number - 1],
                column=label,
                problem=problem_text(problem),
            )
        )

    def offer(self, choices: Mapping[str, list[tuple[str, str]]]) -> None:
        """Fill the lists of choices of every row by the names of their columns."""
        for entry in self.entries:
            for name, options in choices.items():
                entry.form[name].choices = options

    def grow(self, count: int) -> None:
        """Add blank rows."""
        for _number in range(count):
            self.append_entry()

    def _texts(self) -> Iterable[dict[str, str]]:
        for entry in self.entries:
            yield {
                field.short_name: str(field.data or "").strip()
                for field in entry.form
                if field.short_name != "csrf_token"
            }


class IndicatorRow(Form):
    """One indicator."""

    name = StringField(_l("Indicator"))
    comparator = Choice(_l("Sign"), default="ge")
    value = StringField(_l("Value"))
    value_high = StringField(_l("Upper value"))
    unit = StringField(_l("Unit"))
    condition = StringField(_l("Condition"))


class StartForm(FlaskForm):
    """A text or a document to start from."""

    text = TextAreaField(_l("Your text"))
    document = FileField(_l("Your document"))


class RecordForm(FlaskForm):
    """Base of both forms: what was typed, as the cleaners read it."""

    # Fields that a stored record fills in its own way.
    money: ClassVar[frozenset[str]] = frozenset()
    numbers: ClassVar[frozenset[str]] = frozenset()
    own_way: ClassVar[frozenset[str]] = frozenset()

    version = HiddenField()

    def raw(self) -> dict[str, object]:
        """What was typed, by the names of the domain's fields."""
        return {
            name: field.typed() if isinstance(field, Rows) else field.data
            for name, field in self._fields.items()
            if name not in _NOT_TYPED
        }

    def show(self, problems: Sequence[FieldProblem]) -> list[str]:
        """Put problems on their fields; returns those that concern no field of the form."""
        general = []
        for problem in problems:
            field: Field | None = self._fields.get(problem.field)
            if field is None:
                general.append(f"{problem.field}: {problem_text(problem)}")
                continue
            shown = field.show_problem(problem) if isinstance(field, Rows) else None
            field.errors = [*field.errors, shown or problem_text(problem)]
        return general

    def fill_columns(self, record: object) -> None:
        """Show the stored values that are columns."""
        for name in self._fields:
            if name in _NOT_TYPED | self.own_way:
                continue
            value = getattr(record, name)
            if name in self.money:
                value = amount(value)
            elif name in self.numbers:
                value = "" if value is None else str(value)
            self[name].process_data("" if value is None else value)

    def grow_rows(self) -> None:
        """Add blank rows to every table of rows."""
        for field in self._fields.values():
            if isinstance(field, Rows):
                field.grow(MORE_ROWS)

    def add_indicator(self, one: Indicator) -> None:
        """Put an indicator into the first row that is free."""
        rows = self["indicators"]
        kept = [*rows.typed(), *indicator_texts([one])]
        rows.process(None, kept)
        rows.grow(1)

    def changes(self, other: RecordForm) -> list[tuple[str, str, str]]:
        """Where two forms differ: label, this one's value, the other's, as people read them."""
        found = []
        for name, field in self._fields.items():
            mine, theirs = readable(field), readable(other[name])
            if name not in _NOT_TYPED and mine != theirs:
                found.append((field.label.text, mine, theirs))
        return found


def readable(field: Field) -> str:
    """What a field holds, in words."""
    if isinstance(field, Rows):
        field.typed()
        forms = [field.entries[number - 1].form for number in field.numbers]
        return "\n".join(" ".join(filter(None, map(readable, form))) for form in forms)
    if isinstance(field, SelectField | SelectMultipleField):
        chosen = field.data if isinstance(field.data, list) else [field.data]
        labels = {choice[0]: choice[1] for choice in field.iter_choices()}
        return joined(labels.get(code, code) for code in chosen if code)
    if isinstance(field.data, bool):
        return str(_("Yes") if field.data else _("No"))
    return str(field.data or "").replace("\r\n", "\n").strip()


def term_choices(vocabulary: Vocabulary) -> list[tuple[str, str]]:
    """A vocabulary as choices, an empty one first."""
    language = locale()
    terms = [(term.code, term.text(language)) for term in vocabulary.values()]
    return [("", _("Please choose")), *terms]


def chain_choices(plan: Plan) -> dict[str, list[tuple[str, str]]]:
    """The chains, grouped by their clusters."""
    language = locale()
    return {
        cluster.text(language): [(chain.code, chain.text(language)) for chain in cluster.chains]
        for cluster in plan.clusters
    }


def amount(value: Decimal | None) -> str:
    """A decimal as people write it."""
    if value is None:
        return ""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def texts(row: Mapping[str, Any]) -> dict[str, str]:
    """A stored row's values as texts of a form."""
    return {
        key: amount(value) if isinstance(value, Decimal) else str(value or "")
        for key, value in row.items()
    }


def indicator_texts(indicators: Sequence[Indicator]) -> list[dict[str, str]]:
    """Indicators as rows of a form."""
    return [texts(asdict(one)) for one in indicators]


def sign_choices() -> dict[str, list[tuple[str, str]]]:
    """The signs of indicators; the same in every language, but for the one in words."""
    signs = [(term.code, term.zh) for term in COMPARATORS.values() if term.code != "between"]
    return {"comparator": [*signs, ("between", COMPARATORS["between"].text(locale()))]}
