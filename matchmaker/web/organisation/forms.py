"""Forms about organisations."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import Length

from matchmaker.domain.plan import Plan
from matchmaker.domain.vocabulary import LADDER_LEVELS
from matchmaker.web.i18n import gettext as _
from matchmaker.web.i18n import lazy_gettext as _l
from matchmaker.web.i18n import locale
from matchmaker.web.validators import Clean


class OrganisationForm(FlaskForm):
    """What an organisation says of itself."""

    version = HiddenField()
    name = StringField(_l("Registered name"), [Clean(), Length(max=200)])
    name_en = StringField(_l("English name"), [Clean(), Length(max=200)])
    region = SelectField(_l("District"))
    ladder_level = SelectField(_l("Level on the ladder of technology companies"))
    summary = TextAreaField(_l("What it does"), [Clean(), Length(max=500)])

    def offer(self, plan: Plan, kind: str) -> None:
        """Fill the choices in the language of the request."""
        language = locale()
        regions = [(region.code, region.text(language)) for region in plan.regions]
        self.region.choices = [("", _("Please choose")), *regions]
        self.ladder_level.choices = (
            [(term.code, term.text(language)) for term in LADDER_LEVELS.values()]
            if kind == "company"
            else [("", "—")]
        )


class RejectForm(FlaskForm):
    """Why an organisation cannot be verified."""

    note = TextAreaField(_l("Why it cannot be verified"), [Clean(), Length(max=500)])


def particulars_text(code: str) -> str:
    """What is wrong with a field, in the language of the request."""
    return {
        "missing": _("This is missing."),
        "unclean": _("There is a character here that cannot be kept. Type it anew."),
        "taken": _("Another organisation is registered under this name."),
    }[code]
