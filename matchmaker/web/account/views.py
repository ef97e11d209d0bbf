"""Logging in and out."""

from __future__ import annotations

from flask import Blueprint, g, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from matchmaker.domain.errors import Invalid
from matchmaker.services import account
from matchmaker.web import sessions
from matchmaker.web.account.forms import LogInForm
from matchmaker.web.account.pages import LogInPage
from matchmaker.web.pages import render
from matchmaker.web.platform import matchmaker
from matchmaker.web.security import limiter
from matchmaker.web.site.views import local_target

blueprint = Blueprint("account", __name__)


@blueprint.route("/log-in", methods=["GET", "POST"])
@limiter.limit(lambda: matchmaker().settings.log_in_rate, methods=["POST"])
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
