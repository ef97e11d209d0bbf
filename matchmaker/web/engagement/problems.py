"""What is wrong with a small form, in words; and who is on which side."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from flask import request

from matchmaker.domain.errors import Invalid
from matchmaker.web.i18n import gettext as _


@dataclass(frozen=True, slots=True)
class Filled:
    """What was typed into the forms of a page, and what is wrong with it.

    ``form`` names the form that was sent; both mappings are keyed by its field names.
    """

    form: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)

    def value(self, form: str, name: str, default: str = "") -> str:
        """What stands in a field."""
        return self.values.get(name, default) if form == self.form else default

    def error(self, form: str, name: str) -> str:
        """What is wrong with a field, or an empty text."""
        return self.errors.get(name, "") if form == self.form else ""


EMPTY = Filled()


def refused(form: str, error: Invalid) -> Filled:
    """The form as it was sent, with what is wrong; of several files with each."""
    texts = _texts()
    errors = {name: texts.get(code, texts["other"]) for name, code in error.fields.items()}
    if files := error.values.get("files"):
        assert isinstance(files, tuple)
        errors["files"] = " ".join(f"{name}{_(': ')}{texts[code]}" for name, code in files)
    return Filled(form=form, values=request.form.to_dict(), errors=errors)


def refuse_unread(problems: Mapping[str, str], checked: Callable[[], object]) -> None:
    """Refuse what cannot be read of a form together with what the rules find in the rest of it.

    Whoever fills a long form is told everything at once. ``checked`` applies the rules.
    """
    if not problems:
        return
    found: Mapping[str, str] = {}
    try:
        checked()
    except Invalid as error:
        found = error.fields
    msg = f"These fields cannot be read: {', '.join(sorted(problems))}."
    raise Invalid(msg, {**found, **problems})


def _texts() -> Mapping[str, str]:
    return {
        "missing": _("This is needed."),
        "unclean": _("It holds characters that cannot be kept."),
        "too_long": _("It is too long."),
        "unknown": _("Choose one from the list."),
        "in_the_past": _("Name a day that is not over."),
        "time_over": _("Name a time that is still to come."),
        "no_day": _("Choose a day."),
        "still_to_come": _("This day is still to come."),
        "before_begin": _("The last day lies before the first."),
        "out_of_period": _("Name a day of the secondment that is not to come."),
        "too_far": _("This lies too far away."),
        "out_of_range": _("A meeting takes between a minute and a day."),
        "no_time": _("Write a date and a time, for example 2026-03-09 14:00."),
        "out_of_limits": _("This number is too small or too large."),
        "no_whole": _("Write a whole number."),
        "no_number": _("Write a number of minutes."),
        "too_many": _("At most five files go with a message."),
        "empty": _("The file is empty."),
        "too_large": _("The file is larger than 10 MB."),
        "unknown_kind": _(
            "Only PDF, Word (docx), Excel (xlsx), PNG, JPEG and plain text in UTF-8 are taken, "
            "without macros."
        ),
        "too_soon": _("Name a later time: bidders need at least a day."),
        "not_whole": _("The four weights must be 100 together."),
        "no_amount": _("Write an amount above 0 in 万元, for example 50 or 12.5."),
        "no_outcome": _("This is not the address of an outcome that is open to you."),
        "nothing_changed": _("Nothing was changed."),
        "above_call": _("This is more than the funds of the call."),
        "nameless": _("Every member needs a name and an organisation."),
        "out_of_points": _("Give 0 to 100 points."),
        "too_few": _("A bid has too few scores, or too few experts without a conflict."),
        "no_consent": _(
            "Every firm must consent first. Wait for its answer, or leave its demand out."
        ),
        "no_bids": _("There is no bid for this."),
        "bids_stand": _("A bid still stands: bar it with a reason, or withdraw the call."),
        "no_report": _("The winner has not reported yet."),
        "not_published": _("A demand of this call cannot go out with it any more: leave it out."),
        "names_company": _("This company is anonymous: do not name it to the other side."),
        "other": _("This cannot be kept."),
    }
