"""The administrator's list of users."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, request, url_for
from werkzeug.wrappers import Response

from matchmaker.domain.errors import Invalid, NotFound
from matchmaker.domain.permissions import require
from matchmaker.domain.vocabulary import ROLES
from matchmaker.services import user as service
from matchmaker.store.queries import user as query
from matchmaker.web.catalogue.address import read_query
from matchmaker.web.i18n import gettext as _
from matchmaker.web.pages import Numbered, render
from matchmaker.web.platform import matchmaker
from matchmaker.web.user.forms import RoleForm
from matchmaker.web.user.pages import UserPage, UsersPage
from matchmaker.web.version import version_of

blueprint = Blueprint("user", __name__, url_prefix="/users")


@blueprint.get("/")
def listing() -> Response:
    """Users by name, address, organisation or role."""
    require(g.actor, "user", "administer")
    text = read_query(request.args.get("text", ""))[:100]
    role = request.args.get("role", "")
    role = role if role in ROLES else ""
    pages = Numbered.from_request()
    with matchmaker().reading() as uow:
        rows, total = query.users(uow, text=text, role=role, limit=pages.size, offset=pages.offset)
    return render(
        UsersPage(
            rows=rows, total=total, text=text, role=role, roles=tuple(ROLES), **pages.of(total)
        )
    )


@blueprint.route("/<public_id>", methods=["GET", "POST"])
def edit(public_id: str) -> Response:
    """One person: another role, or whether they manage."""
    require(g.actor, "user", "administer")
    form = RoleForm()
    with matchmaker().reading() as uow:
        user = query.person(uow, public_id)
    if user is None:
        msg = "There is no such user."
        raise NotFound(msg)
    form.offer(user.organisation_kind)
    if not form.is_submitted():
        form.process(obj=user, manager=user.is_manager)
        return _page(user, form, 200)
    if not form.validate():
        return _page(user, form, 422)
    try:
        with matchmaker().unit_of_work() as uow:
            service.set_role(
                uow,
                g.actor,
                service.load(uow, public_id, lock=True),
                role=form.role.data,
                manager=form.manager.data,
                version=version_of(form.version.data),
            )
    except Invalid as error:
        form.role.errors = [
            {
                "self": _("You cannot change your own role."),
                "wrong_kind": _("The role does not fit the kind of the organisation."),
            }[error.fields["role"]]
        ]
        return _page(user, form, 422)
    flash(_("Saved. The person has to log in again."), "success")
    return redirect(url_for(".listing"), code=303)


@blueprint.post("/<public_id>/deactivate")
def deactivate(public_id: str) -> Response:
    """Bar a person from logging in."""
    return _set_active(public_id, active=False)


@blueprint.post("/<public_id>/activate")
def activate(public_id: str) -> Response:
    """Let a person log in again."""
    return _set_active(public_id, active=True)


def _set_active(public_id: str, *, active: bool) -> Response:
    try:
        with matchmaker().unit_of_work() as uow:
            user = service.load(uow, public_id, lock=True)
            service.set_active(uow, g.actor, user, active=active)
    except Invalid:
        erased = _("This person has been erased and cannot be let in again.")
        flash(erased if active else _("You cannot bar yourself."), "error")
    else:
        flash(_("Saved."), "success")
    return redirect(url_for(".edit", public_id=public_id), code=303)


def _page(person: query.PersonRow, form: RoleForm, status: int) -> Response:
    own = person.public_id == g.signed_in.user_public_id
    return render(UserPage(person=person, own=own, form=form), status)
