"""The form of baselines and targets: a year's on one page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from matchmaker.domain.fields import FieldProblem
from matchmaker.domain.figure_target import NAMES, TARGETED, counts_money
from matchmaker.store.queries.figure import TargetRow
from matchmaker.web.figure.pages import TargetField, TargetsPage
from matchmaker.web.figure.wording import figure_text
from matchmaker.web.i18n import gettext as _
from matchmaker.web.version import version_of


def targets_page(
    year: int,
    stored: Mapping[str, TargetRow],
    typed: Mapping[str, str] | None = None,
    problems: Sequence[FieldProblem] = (),
) -> TargetsPage:
    """The form as stored, or as typed with what is wrong."""
    wrong = {problem.field: _problem(problem) for problem in problems}
    fields = []
    for code in TARGETED:
        row = stored.get(code)
        values = {name: _text(getattr(row, name)) if row else "" for name in NAMES}
        if typed is not None:
            values = {name: typed.get(f"{name}-{code}", "") for name in NAMES}
        fields.append(
            TargetField(
                code=code,
                label=figure_text(code),
                unit=_("10,000 yuan") if counts_money(code) else "",
                version=(
                    version_of(typed.get(f"version-{code}")) if typed else row.version if row else 0
                ),
                errors=tuple(
                    (name, wrong[f"{name}-{code}"]) for name in NAMES if f"{name}-{code}" in wrong
                ),
                **values,
            )
        )
    return TargetsPage(year=year, fields=tuple(fields), failed=bool(problems))


def _text(value: Decimal | str | None) -> str:
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value or ""


def _problem(problem: FieldProblem) -> str:
    return {
        "not_a_number": _("Write a number."),
        "out_of_range": _("The number is too large, or below 0."),
        "too_long": _("The text is too long."),
    }.get(problem.code, _("This cannot be stored."))
