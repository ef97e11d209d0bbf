"""What a broker sends when deciding."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import Length

from matchmaker.domain.question import TEXT_LENGTH
from matchmaker.services.match_review import NOTE_LENGTH
from matchmaker.web.i18n import gettext as _
from matchmaker.web.i18n import lazy_gettext as _l
from matchmaker.web.validators import Clean


class DecisionForm(FlaskForm):
    """A decision: the queue it was made in, and for a dismissal the reason.

    ``reason`` is the value of the button pressed, so that a dismissal is one key.
    """

    queue = HiddenField()
    after = HiddenField()
    reason = HiddenField()
    note = StringField(_l("Note (optional)"), [Clean(), Length(max=NOTE_LENGTH)])


class QuestionForm(FlaskForm):
    """A question to one side."""

    queue = HiddenField()
    side = StringField(_l("Whom to ask"))
    text = TextAreaField(_l("Question"), [Clean(), Length(max=TEXT_LENGTH)])


class BulkForm(FlaskForm):
    """Several pairs of the queue at once; ``verb`` is the value of the button pressed."""

    queue = HiddenField()
    verb = HiddenField()
    reason = StringField(_l("Reason of the dismissal"))
    chosen = SelectMultipleField(validate_choice=False)


def wrong_text(code: str) -> str:
    """What is wrong with a decision or question, in the language of the request."""
    return {
        "unknown": _("Choose a reason from the list."),
        "missing": _("Say in the note which other reason it is."),
        "unclean": _("The note holds characters that cannot be kept."),
        "too_long": _("The note is too long."),
        "names_company": _("The question names a company that wants to stay anonymous."),
    }[code]


def wrong_question_text(fields: dict[str, str]) -> str:
    """What is wrong with a question."""
    if "side" in fields:
        return _("Choose whom to ask.")
    code = next(iter(fields.values()))
    if code == "missing":
        return _("Write the question.")
    if code == "too_long":
        return _("The question is too long: at most %(count)s characters.", count=TEXT_LENGTH)
    return wrong_text(code)
