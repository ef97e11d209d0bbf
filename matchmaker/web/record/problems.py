"""What is wrong with a field or a record, in the language of the request."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from matchmaker.domain.errors import Invalid
from matchmaker.domain.fields import FieldProblem
from matchmaker.web.i18n import gettext as _


def problem_text(problem: FieldProblem) -> str:
    """A problem of a field."""
    values = dict(problem.values)
    texts: Mapping[str, Callable[[], str]] = {
        "missing": lambda: _("This is missing."),
        "missing_to_submit": lambda: _("This is needed before the record can be submitted."),
        "too_long": lambda: _(
            "%(length)s characters are too many; at most %(most)s are possible.", **values
        ),
        "too_many": lambda: _(
            "%(count)s entries are too many; at most %(most)s are possible.", **values
        ),
        "unclean": lambda: _(
            "There is a control character (%(character)s) at position %(position)s. Remove it.",
            **values,
        ),
        "unknown_code": lambda: _("This is not one of the choices."),
        "not_a_number": lambda: _("Write a number here."),
        "out_of_range": lambda: _("Write a number from %(low)s to %(high)s.", **values),
        "not_in_order": lambda: _("This must not be less than the lower value."),
        "not_a_date": lambda: _("Write the date as 2026-12-31."),
        "in_the_past": lambda: _("This day is over. Choose a later one."),
        "wrong_shape": lambda: _("This is not in the form that is expected here."),
        "not_directed": lambda: _("Recipients may be named for a directed demand only."),
        "no_recipients": lambda: _("A directed demand needs at least one institution."),
        "unknown_institution": lambda: _("No institution is registered under this name."),
    }
    return texts[problem.code]() if problem.code in texts else problem.message


def refusal_text(error: Invalid) -> str:
    """Why something about a whole record was refused."""
    texts: Mapping[tuple[str, str], Callable[[], str]] = {
        ("organisation", "not_verified"): lambda: _(
            "Your organisation has not been verified yet. The draft is kept; submit it once the "
            "bureau has verified the organisation."
        ),
        ("organisation", "missing"): lambda: _(
            "Your membership of an organisation has to be confirmed first."
        ),
        ("note", "missing"): lambda: _(
            "Say what has to be changed, so that the author knows what to do."
        ),
        ("note", "too_long"): lambda: _("The reasons are too long."),
        ("note", "unclean"): lambda: _("The reasons hold characters that cannot be kept."),
    }
    found: list[Any] = [texts[item]() for item in error.fields.items() if item in texts]
    return " ".join(found) or str(error)
