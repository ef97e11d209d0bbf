"""Validators that forms of several features share."""

from __future__ import annotations

from typing import Any

from wtforms import Field, Form
from wtforms.validators import StopValidation

from matchmaker.domain.text import unclean_character
from matchmaker.web.i18n import gettext as _


class Clean:
    """Refuses control characters, and shows the text again without them: no page may hold them."""

    def __call__(self, _form: Form, field: Field) -> None:
        """Raise ``StopValidation`` for a text that cannot be kept."""
        text: Any = field.data
        if not isinstance(text, str):
            return
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        if unclean_character(text):
            field.data = "".join(one for one in text if unclean_character(one) is None)
            raise StopValidation(_("There is a character here that cannot be kept. Type it anew."))
