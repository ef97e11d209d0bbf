"""Logging in and out, registering, passwords, one's own data."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, request, url_for
from werkzeug.wrappers import Response

from matchmaker.domain.account import KINDS_OF_ROLE, OPEN_ROLES
from matchmaker.domain.errors import Conflict, Invalid
from matchmaker.services import account, registration
from matchmaker.store.queries import account as query
from matchmaker.store.queries import organisation as organisation_query
from matchmaker.web import sessions
from matchmaker.web.account import data
from matchmaker.web.account.forms import (
    ChangePasswordForm,
    ForgottenForm,
    LogInForm,
    NewPasswordForm,
    ProfileForm,
    RegisterForm,
    password_text,
)
from matchmaker.web.account.pages import (
    ForgottenPage,
    LogInPage,
    ProfilePage,
    RegisterPage,
    ResetPage,
    SentPage,
)
from matchmaker.web.i18n import gettext as _
from matchmaker.web.i18n import locale
from matchmaker.web.pages import render
from matchmaker.web.platform import matchmaker
from matchmaker.web.record.forms import readable
from matchmaker.web.record.pages import Difference
from matchmaker.web.security import limiter
from matchmaker.web.site.views import local_target
from matchmaker.web.version import version_of

blueprint = Blueprint("account", __name__)
data.install(blueprint)
_SUGGESTED_NAMES = 500


def _rate() -> str:
    return matchmaker().settings.log_in_rate


@blueprint.route("/log-in", methods=["GET", "POST"])
@limiter.limit(_rate, methods=["POST"])
def log_in() -> Response:
    """Show the log-in form, or check it and begin a session."""
    form = LogInForm()
    target = request.values.get("next", "")
    if not form.validate_on_submit():
        return render(LogInPage(form=form, next=target), 422 if form.is_submitted() else 200)
    platform = matchmaker()
    try:
        with platform.unit_of_work() as uow:
            token = account.log_in(
                uow,
                platform.passwords,
                email=form.email.data or "",
                password=form.password.data or "",
                agent=request.user_agent.string,
                days=platform.settings.session_days,
                replaced=sessions.held(),
            )
    except Invalid:
        form.password.errors = [_("E-mail address or password is wrong.")]
        return render(LogInPage(form=form, next=target), 422)
    sessions.begin(token)
    return redirect(local_target(target), code=303)


@blueprint.post("/log-out")
def log_out() -> Response:
    """End the session."""
    with matchmaker().unit_of_work() as uow:
        account.log_out(uow, g.actor, g.signed_in.session_id)
    sessions.end()
    return redirect(url_for("site.home"), code=303)


@blueprint.route("/register", methods=["GET", "POST"])
@limiter.limit(_rate, methods=["POST"])
def register() -> Response:
    """Show the registration form, or register."""
    platform = matchmaker()
    form = RegisterForm()
    form.offer(platform.plan)
    if not form.validate_on_submit():
        return _registration_page(form, 422 if form.is_submitted() else 200)
    given = registration.Registration(
        email=form.email.data or "",
        password=form.password.data or "",
        name=form.name.data or "",
        role=form.role.data,
        organisation=form.organisation.data or "",
        region=form.region.data,
        locale=locale(),
    )
    try:
        with platform.unit_of_work() as uow:
            registration.register(
                uow, platform.passwords, given, base_url=platform.settings.base_url
            )
    except Invalid as error:
        for name, code in error.fields.items():
            form[name].errors = [_registration_text(name, code)]
        return _registration_page(form, 422)
    return render(SentPage(registered=True))


@blueprint.route("/account/forgotten", methods=["GET", "POST"])
@limiter.limit(_rate, methods=["POST"])
def forgotten() -> Response:
    """Ask for a link by mail; the answer does not tell whether the address is known."""
    form = ForgottenForm()
    if not form.validate_on_submit():
        return render(ForgottenPage(form=form), 422 if form.is_submitted() else 200)
    platform = matchmaker()
    with platform.unit_of_work() as uow:
        account.request_reset(uow, email=form.email.data or "", base_url=platform.settings.base_url)
    return render(SentPage(registered=False))


@blueprint.route("/account/reset/<token>", methods=["GET", "POST"])
@limiter.limit(_rate, methods=["POST"])
def reset(token: str) -> Response:
    """Set a new password with the link of a mail."""
    form = NewPasswordForm()
    platform = matchmaker()
    if not form.validate_on_submit():
        with platform.reading() as uow:
            account.user_of_token(uow, token)
        return render(ResetPage(form=form), 422 if form.is_submitted() else 200)
    try:
        with platform.unit_of_work() as uow:
            account.reset_password(uow, platform.passwords, token=token, new=form.new.data or "")
    except Invalid as error:
        form.new.errors = [password_text(error.fields["new"])]
        return render(ResetPage(form=form), 422)
    sessions.end()
    flash(_("The password is set. Log in with it."), "success")
    return redirect(url_for("account.log_in"), code=303)


@blueprint.get("/account")
def profile() -> Response:
    """One's own data."""
    return _profile_page(None, None)


@blueprint.post("/account")
def edit_profile() -> Response:
    """Change one's own data."""
    form = ProfileForm(prefix="profile")
    form.offer()
    if not form.validate():
        return _profile_page(form, None)
    try:
        with matchmaker().unit_of_work() as uow:
            account.edit_profile(
                uow,
                g.actor,
                name=form.name.data or "",
                phone=form.phone.data or "",
                locale=form.locale.data,
                version=version_of(form.version.data),
            )
    except Conflict:
        return _profile_page(form, None, 409)
    except Invalid as error:
        for name, code in error.fields.items():
            form[name].errors = [_registration_text(name, code)]
        return _profile_page(form, None)
    sessions.choose_language(form.locale.data)
    flash(_("Saved."), "success")
    return redirect(url_for("account.profile"), code=303)


@blueprint.post("/account/password")
@limiter.limit(_rate)
def change_password() -> Response:
    """Change one's password; other devices are logged out."""
    form = ChangePasswordForm(prefix="password")
    if not form.validate():
        return _profile_page(None, form)
    platform = matchmaker()
    try:
        with platform.unit_of_work() as uow:
            account.change_password(
                uow,
                platform.passwords,
                g.actor,
                g.signed_in.session_id,
                present=form.present.data or "",
                new=form.new.data or "",
            )
    except Invalid as error:
        for name, code in error.fields.items():
            form[name].errors = [password_text(code)]
        return _profile_page(None, form)
    flash(_("The password is changed. Other devices have been logged out."), "success")
    return redirect(url_for("account.profile"), code=303)


@blueprint.post("/account/sessions/<session_id>/revoke")
def revoke(session_id: str) -> Response:
    """Log one of one's own devices out."""
    with matchmaker().unit_of_work() as uow:
        account.revoke(uow, g.actor, session_id)
    flash(_("That device has been logged out."), "success")
    return redirect(url_for("account.profile"), code=303)


def _profile_page(
    profile: ProfileForm | None, password: ChangePasswordForm | None, status: int | None = None
) -> Response:
    with matchmaker().reading() as uow:
        person = query.profile(uow, g.actor.user_id)
        stored = ProfileForm(prefix="profile", formdata=None, obj=person)
        stored.offer()
        page = ProfilePage(
            profile=profile or stored,
            conflict=_take_over(profile, stored) if profile and status else (),
            password=password or ChangePasswordForm(prefix="password", formdata=None),
            person=person,
            sessions=query.sessions(uow, g.actor.user_id),
            session_id=g.signed_in.session_id,
        )
    return render(page, status or (422 if profile or password else 200))


def _take_over(typed: ProfileForm, stored: ProfileForm) -> tuple[Difference, ...]:
    """Where what was typed differs from what is stored; the form goes on from there."""
    typed.version.data = stored.version.data
    fields = ((one, typed[one.short_name]) for one in (stored.name, stored.phone, stored.locale))
    return tuple(
        Difference(label=mine.label.text, theirs=readable(mine), yours=readable(other))
        for mine, other in fields
        if readable(mine) != readable(other)
    )


def _registration_page(form: RegisterForm, status: int) -> Response:
    kinds = {kind for role in OPEN_ROLES for kind in KINDS_OF_ROLE[role]}
    with matchmaker().reading() as uow:
        names = organisation_query.names(uow, kinds, limit=_SUGGESTED_NAMES)
    return render(RegisterPage(form=form, organisations=names), status)


def _registration_text(name: str, code: str) -> str:
    if name == "password":
        return password_text(code)
    return {
        "missing": _("This is missing."),
        "unclean": _("There is a character here that cannot be kept. Type it anew."),
        "no_phone": _(
            "A telephone number has at least seven digits; blanks and + - ( ) may stand between."
        ),
        "unknown": _("This is not one of the choices."),
        "wrong_kind": _(
            "This organisation is registered as another kind than the role you chose belongs to."
        ),
    }[code]
