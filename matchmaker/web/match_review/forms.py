"""What a broker sends when deciding."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField
from wtforms.validators import Length

from matchmaker.services.match_review import NOTE_LENGTH


class DecisionForm(FlaskForm):
    """A decision: the queue it was made in, and for a dismissal the reason.

    ``reason`` is the value of the button pressed, so that a dismissal is one key.
    """

    queue = HiddenField()
    after = HiddenField()
    reason = HiddenField()
    note = StringField(_l("Note (optional)"), [Length(max=NOTE_LENGTH)])
