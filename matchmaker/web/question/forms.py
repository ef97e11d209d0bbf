"""What an asked side sends."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import TextAreaField

from matchmaker.domain.question import TEXT_LENGTH
from matchmaker.web.i18n import gettext as _
from matchmaker.web.i18n import lazy_gettext as _l


class AnswerForm(FlaskForm):
    """An answer; the rules of its text are the domain's."""

    answer = TextAreaField(_l("Answer"))


def answer_problem(code: str) -> str:
    """What is wrong with an answer, in the language of the request."""
    return {
        "missing": _("Write an answer."),
        "unclean": _("The answer holds characters that cannot be kept."),
        "too_long": _("The answer is too long: at most %(count)s characters.", count=TEXT_LENGTH),
    }[code]
