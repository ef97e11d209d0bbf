"""Confidential fields and refusals in the language of the request."""

from __future__ import annotations

from collections.abc import Mapping

from matchmaker.domain.errors import Invalid
from matchmaker.web.i18n import gettext as _


def field_labels() -> Mapping[str, str]:
    """The confidential fields by name."""
    return {
        "current_state": _("Present state and what was tried"),
        "partner_wanted": _("Partner wanted"),
        "know_how": _("Know-how"),
    }


def field_help(name: str) -> str:
    """What belongs into a confidential field."""
    return {
        "current_state": _(
            "Present process, figures, what was tried with whom and why it was not enough."
        ),
        "partner_wanted": _("Whom you would like to work with, and whom not."),
        "know_how": _("Recipes, parameters, tricks: what makes it work and stands in no patent."),
    }[name]


def error_texts(error: Invalid) -> dict[str, str]:
    """What is wrong with each field."""
    said = {
        "missing": _("This is missing."),
        "unclean": _("There is a character in it that cannot be kept."),
        "too_long": _("This is too long."),
        "unknown": _("No verified company or institution is registered under this name."),
        "own": _("This is your own organisation."),
        "past": _("This day is over. Choose a later one."),
        "too_late": _("At most two years ahead; open it again when they are over."),
        "not_a_date": _("Write the date as 2026-12-31."),
    }
    return {name: said.get(code, str(error)) for name, code in error.fields.items()}
