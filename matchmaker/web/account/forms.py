"""Forms of the account pages."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import EmailField, HiddenField, PasswordField, SelectField, StringField
from wtforms.validators import Email, InputRequired, Length

from matchmaker.domain.account import OPEN_ROLES
from matchmaker.domain.plan import Plan
from matchmaker.domain.vocabulary import ROLES
from matchmaker.web.i18n import LANGUAGES, locale
from matchmaker.web.i18n import gettext as _
from matchmaker.web.i18n import lazy_gettext as _l
from matchmaker.web.validators import Clean

_MISSING = _l("This is missing.")


class LogInForm(FlaskForm):
    """E-mail address and password."""

    email = EmailField(_l("E-mail address"), [Clean(), InputRequired(_MISSING), Length(max=254)])
    password = PasswordField(_l("Password"), [InputRequired(_MISSING), Length(max=200)])


class RegisterForm(FlaskForm):
    """A new account."""

    role = SelectField(_l("I am"))
    name = StringField(_l("Name"), [Clean(), InputRequired(_MISSING), Length(max=80)])
    email = EmailField(
        _l("E-mail address"),
        [
            Clean(),
            InputRequired(_MISSING),
            Length(max=254),
            Email(_l("This is not an e-mail address.")),
        ],
    )
    password = PasswordField(_l("Password"), [InputRequired(_MISSING), Length(max=200)])
    organisation = StringField(
        _l("Organisation"),
        [Clean(), InputRequired(_MISSING), Length(max=200)],
        render_kw={"list": "organisations"},
    )
    region = SelectField(_l("District"))

    def offer(self, plan: Plan) -> None:
        """Fill the choices in the language of the request."""
        language = locale()
        self.role.choices = [(code, ROLES[code].text(language)) for code in OPEN_ROLES]
        regions = [(region.code, region.text(language)) for region in plan.regions]
        self.region.choices = [("", _("Please choose")), *regions]


class ForgottenForm(FlaskForm):
    """Where to send a link."""

    email = EmailField(_l("E-mail address"), [Clean(), InputRequired(_MISSING), Length(max=254)])


class NewPasswordForm(FlaskForm):
    """A new password."""

    new = PasswordField(_l("New password"), [InputRequired(_MISSING), Length(max=200)])


class ChangePasswordForm(NewPasswordForm):
    """A new password and the present one."""

    present = PasswordField(_l("Present password"), [InputRequired(_MISSING), Length(max=200)])


class ProfileForm(FlaskForm):
    """What a person says of themselves."""

    version = HiddenField()
    name = StringField(_l("Name"), [Clean(), InputRequired(_MISSING), Length(max=80)])
    phone = StringField(_l("Telephone"), [Clean(), Length(max=40)])
    locale = SelectField(_l("Language of mail and pages"))

    def offer(self) -> None:
        """Fill the choices."""
        self.locale.choices = list(LANGUAGES.items())


class EraseForm(FlaskForm):
    """Leaving for good: the password, and who manages from then on where that is needed."""

    password = PasswordField(_l("Present password"), [InputRequired(_MISSING), Length(max=200)])
    successor = SelectField(
        _l("Who manages the organisation from now on"), validate_choice=False
    )  # the service knows who may follow


def password_text(code: str) -> str:
    """What is wrong with a password, in the language of the request."""
    return {
        "too_short": _("Use at least ten characters."),
        "too_long": _("Use at most two hundred characters."),
        "common": _("This password is too common. Use a few words that nobody would guess."),
        "like_email": _("The password must not be like the e-mail address."),
        "wrong": _("The present password is wrong."),
    }[code]
