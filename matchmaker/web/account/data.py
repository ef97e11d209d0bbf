"""One's own data: a copy to take along, and leaving for good."""

from __future__ import annotations

from flask import Blueprint, Response, flash, g, redirect, url_for
from werkzeug.wrappers import Response as BaseResponse

from matchmaker.domain.errors import Invalid
from matchmaker.services import erasure, personal_data
from matchmaker.store.organisation import User
from matchmaker.web import sessions
from matchmaker.web.account.forms import EraseForm
from matchmaker.web.account.pages import ErasePage
from matchmaker.web.i18n import gettext as _
from matchmaker.web.pages import render
from matchmaker.web.platform import matchmaker
from matchmaker.web.security import limiter

_EXPORTS = "5 per hour"


def _whose() -> str:
    """Whoever asks, not the address they come from: colleagues share one."""
    return f"person-{g.actor.user_id}"


def install(blueprint: Blueprint) -> None:
    """Add the two addresses to those of the account."""
    blueprint.post("/account/export")(limiter.limit(_EXPORTS, key_func=_whose)(export))
    limited = limiter.limit("10 per hour", key_func=_whose, methods=["POST"])(erase)
    blueprint.route("/account/erase", methods=["GET", "POST"])(limited)


def export() -> BaseResponse:
    """A ZIP of everything the platform holds of the person; the audit notes it, hence no GET."""
    platform = matchmaker()
    with platform.unit_of_work() as uow:
        found = personal_data.export(uow, g.actor, platform.settings.timezone)
    return Response(
        found,
        mimetype="application/zip",
        headers={
            "Content-Disposition": "attachment; filename=my-data.zip",
            "Cache-Control": "private, no-store",
        },
    )


def erase() -> BaseResponse:
    """Leave for good, confirmed by the password."""
    form = EraseForm()
    platform = matchmaker()
    with platform.reading() as uow:
        user = uow.session.get_one(User, g.actor.user_id)
        heirs = erasure.successors(uow, user)
        needed = erasure.needs_successor(uow, user)
        form.successor.choices = [("", _("Please choose"))]
        form.successor.choices += [(one.public_id, one.name) for one in heirs]
    page = ErasePage(form=form, needs_successor=needed, has_successors=bool(heirs))
    if not form.is_submitted():
        return render(page)
    if not form.validate():
        return render(page, 422)
    try:
        with platform.unit_of_work() as uow:
            erasure.leave(
                uow,
                platform.passwords,
                g.actor,
                password=form.password.data or "",
                successor=form.successor.data or "",
            )
    except Invalid as error:
        if "password" in error.fields:
            form.password.errors = [_("The present password is wrong.")]
        else:
            form.successor.errors = [_("Choose who will manage from now on.")]
        return render(page, 422)
    sessions.end()
    flash(_("Your account has been erased. Thank you for having been here."), "success")
    return redirect(url_for("site.home"), code=303)
