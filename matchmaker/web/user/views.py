"""The administrator's list of users."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from matchmaker.domain.errors import Invalid, NotFound
from matchmaker.domain.permissions import require
from matchmaker.services import organisation as service
from matchmaker.store.organisation import User
from matchmaker.store.queries import organisation as query
from matchmaker.web.pages import Numbered, render
from matchmaker.web.platform import matchmaker
from matchmaker.web.user.pages import UsersPage

blueprint = Blueprint("user", __name__, url_prefix="/users")


@blueprint.get("/")
def listing() -> Response:
    """Users by name or address."""
    require(g.actor, "user", "administer")
    text = " ".join(request.args.get("text", "").replace("\0", "").split())[:100]
    pages = Numbered.from_request()
    with matchmaker().reading() as uow:
        rows, total = query.users(uow, text=text, limit=pages.size, offset=pages.offset)
    return render(
        UsersPage(
            rows=rows,
            total=total,
            text=text,
            own_id=g.signed_in.user_public_id,
            **pages.of(total),
        )
    )


@blueprint.post("/<public_id>/deactivate")
def deactivate(public_id: str) -> Response:
    """Bar a person from logging in."""
    return _set_active(public_id, active=False)


@blueprint.post("/<public_id>/activate")
def activate(public_id: str) -> Response:
    """Let a person log in again."""
    return _set_active(public_id, active=True)


def _set_active(public_id: str, *, active: bool) -> Response:
    require(g.actor, "user", "administer")
    try:
        with matchmaker().unit_of_work() as uow:
            user = uow.session.scalars(
                select(User).where(User.public_id == public_id)
            ).one_or_none()
            if user is None:
                msg = "There is no such user."
                raise NotFound(msg)
            service.set_active(uow, g.actor, user, active=active)
    except Invalid:
        flash(_("You cannot bar yourself."), "error")
    else:
        flash(_("Saved."), "success")
    return redirect(url_for(".listing"), code=303)
