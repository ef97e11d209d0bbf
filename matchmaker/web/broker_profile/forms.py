"""The form of a broker's profile."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import DateField, HiddenField, IntegerField, SelectField
from wtforms.validators import InputRequired, NumberRange, Optional

from matchmaker.domain.assignment import MOST_CAPACITY
from matchmaker.domain.plan import Plan
from matchmaker.domain.vocabulary import BROKER_LEVELS, FIELDS
from matchmaker.web.i18n import gettext as _
from matchmaker.web.i18n import lazy_gettext as _l
from matchmaker.web.i18n import locale
from matchmaker.web.record.forms import Checks


class BrokerProfileForm(FlaskForm):
    """What a broker knows and can take in a week."""

    version = HiddenField()
    level = SelectField(_l("Level"))
    weekly_capacity = IntegerField(
        _l("Matches a week"), [InputRequired(), NumberRange(min=0, max=MOST_CAPACITY)]
    )
    away_until = DateField(_l("Away until (last day)"), [Optional()])
    fields = Checks(_l("Technical fields"))
    clusters = Checks(_l("Clusters"))
    regions = Checks(_l("Districts"))

    def offer(self, plan: Plan) -> None:
        """Fill the choices in the language of the request."""
        language = locale()
        self.level.choices = [(one.code, one.text(language)) for one in BROKER_LEVELS.values()]
        self.fields.choices = [(one.code, one.text(language)) for one in FIELDS.values()]
        self.clusters.choices = [(one.code, one.text(language)) for one in plan.clusters]
        self.regions.choices = [(one.code, one.text(language)) for one in plan.regions]


def profile_problem(code: str) -> str:
    """What is wrong with a field, in the language of the request."""
    return {
        "unknown": _("Choose from the list."),
        "out_of_range": _("Choose a number between 0 and %(most)s.", most=MOST_CAPACITY),
        "past": _("That day is over: leave the field empty if you are there."),
    }[code]
