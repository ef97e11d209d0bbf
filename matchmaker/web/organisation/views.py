"""Organisations: public page, verification, members."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, flash, g, redirect, request, url_for
from werkzeug.wrappers import Response

from matchmaker.domain.errors import Invalid, NotFound
from matchmaker.domain.permissions import may, require
from matchmaker.domain.vocabulary import VERIFICATIONS
from matchmaker.services import organisation as service
from matchmaker.store.database import UnitOfWork
from matchmaker.store.organisation import Organisation
from matchmaker.store.queries import organisation as query
from matchmaker.store.queries import response as response_query
from matchmaker.store.queries.pack import KINDS as BROKERING
from matchmaker.web.catalogue.address import read_query
from matchmaker.web.i18n import gettext as _
from matchmaker.web.organisation.forms import OrganisationForm, RejectForm, particulars_text
from matchmaker.web.organisation.pages import (
    MembersPage,
    OrganisationFormPage,
    OrganisationPage,
    OrganisationsPage,
    OrganisationView,
)
from matchmaker.web.pages import Numbered, render
from matchmaker.web.platform import matchmaker
from matchmaker.web.response import response_text
from matchmaker.web.version import version_of

blueprint = Blueprint("organisation", __name__, url_prefix="/organisations")
_RECORDS_SHOWN = 50


@blueprint.get("/")
def listing() -> Response:
    """The bureau's list, those that wait first."""
    require(g.actor, "organisation", "review")
    state = request.args.get("state", "")
    state = state if state in VERIFICATIONS else ""
    text = read_query(request.args.get("text", ""))[:100]
    pages = Numbered.from_request()
    with matchmaker().reading() as uow:
        rows, total = query.organisations(
            uow, state=state or None, text=text, limit=pages.size, offset=pages.offset
        )
    return render(
        OrganisationsPage(rows=rows, total=total, state=state, text=text, **pages.of(total))
    )


@blueprint.get("/<public_id>")
def show(public_id: str) -> Response:
    """One organisation."""
    return _show(public_id)


@blueprint.route("/<public_id>/edit", methods=["GET", "POST"])
def edit(public_id: str) -> Response:
    """Change what an organisation says of itself."""
    form = OrganisationForm()
    with matchmaker().reading() as uow:
        organisation = service.load(uow, public_id)
        require(g.actor, "organisation", "edit", organisation)
        view, renames = _view(organisation), service.may_rename(g.actor, organisation)
        form.offer(matchmaker().plan, organisation.kind)
        if not form.is_submitted():
            form.process(obj=organisation, region=organisation.region_code or "")
    page = OrganisationFormPage(organisation=view, form=form, renames=renames)
    if not form.is_submitted():
        return render(page)
    if not form.validate():
        return render(page, 422)
    try:
        _save(public_id, form)
    except Invalid as error:
        for name, code in error.fields.items():
            form[name].errors = [particulars_text(code)]
        return render(page, 422)
    flash(_("Saved."), "success")
    return redirect(url_for(".show", public_id=public_id), code=303)


@blueprint.post("/<public_id>/verify")
def verify(public_id: str) -> Response:
    """Confirm an organisation."""
    with matchmaker().unit_of_work() as uow:
        service.verify(uow, g.actor, service.load(uow, public_id, lock=True))
    flash(_("Verified."), "success")
    return redirect(url_for(".listing", state="pending"), code=303)


@blueprint.post("/<public_id>/reject")
def reject(public_id: str) -> Response:
    """Refuse to confirm an organisation."""
    form = RejectForm()
    if not form.validate():
        return _show(public_id, form)
    try:
        with matchmaker().unit_of_work() as uow:
            organisation = service.load(uow, public_id, lock=True)
            service.reject(uow, g.actor, organisation, note=form.note.data or "")
    except Invalid:
        form.note.errors = [_("Say why, so that the organisation can correct it.")]
        return _show(public_id, form)
    flash(_("Not verified; its managers have been told why."), "success")
    return redirect(url_for(".listing", state="pending"), code=303)


@blueprint.get("/<public_id>/members")
def members(public_id: str) -> Response:
    """The people of an organisation."""
    with matchmaker().reading() as uow:
        organisation = service.load(uow, public_id)
        require(g.actor, "organisation", "edit", organisation)
        page = MembersPage(
            organisation=_view(organisation),
            rows=query.members(uow, organisation.id),
            own_id=g.signed_in.user_public_id,
        )
    return render(page)


@blueprint.post("/<public_id>/members/<user_id>/approve")
def approve_member(public_id: str, user_id: str) -> Response:
    """Confirm a member."""
    return _change_member(public_id, user_id, service.approve_member)


@blueprint.post("/<public_id>/members/<user_id>/remove")
def remove_member(public_id: str, user_id: str) -> Response:
    """Take a membership away."""
    return _change_member(public_id, user_id, service.remove_member)


@blueprint.post("/<public_id>/members/<user_id>/make-manager")
def make_manager(public_id: str, user_id: str) -> Response:
    """Make a confirmed member a manager too."""
    return _change_member(public_id, user_id, service.make_manager)


def _change_member(public_id: str, user_id: str, change: Callable[..., None]) -> Response:
    try:
        with matchmaker().unit_of_work() as uow:
            change(uow, g.actor, service.load(uow, public_id), user_id)
    except Invalid as error:
        messages = {
            "self": _("You cannot remove yourself; ask another manager or the bureau."),
            "unconfirmed": _("Confirm the person first."),
        }
        flash(messages[error.fields["member"]], "error")
    else:
        flash(_("Saved."), "success")
    return redirect(url_for(".members", public_id=public_id), code=303)


def _save(public_id: str, form: OrganisationForm) -> None:
    with matchmaker().unit_of_work() as uow:
        service.edit(
            uow,
            g.actor,
            service.load(uow, public_id, lock=True),
            service.Particulars(
                name=form.name.data or "",
                name_en=form.name_en.data or "",
                region_code=form.region.data or None,
                ladder_level=form.ladder_level.data or None,
                summary=form.summary.data or "",
            ),
            version=version_of(form.version.data),
        )


def _show(public_id: str, rejection: RejectForm | None = None) -> Response:
    with matchmaker().reading() as uow:
        organisation = service.load(uow, public_id)
        _require_visible(uow, organisation)
        names = ("edit", "resubmit", "verify", "reject")
        page = OrganisationPage(
            organisation=_view(organisation),
            records=query.published(uow, g.actor, organisation.id, limit=_RECORDS_SHOWN),
            response=response_text(response_query.of_organisation(uow, organisation.id)),
            actions=frozenset(
                name for name in names if may(g.actor, "organisation", name, organisation)
            ),
            rejection=rejection or RejectForm(formdata=None),
            pack=organisation.kind in BROKERING and may(g.actor, "pack", "view", organisation),
        )
    return render(page, 422 if rejection else 200)


def _require_visible(uow: UnitOfWork, organisation: Organisation) -> None:
    """An organisation is public once verified, or once a record of its own can be seen."""
    if organisation.state == "verified" or g.actor.role in {"bureau", "administrator", "broker"}:
        return
    if g.actor.organisation_id == organisation.id:
        return
    records = query.published(uow, g.actor, organisation.id, limit=1)
    if any(found.total for found in records.values()):
        return
    msg = "There is no such organisation."
    raise NotFound(msg)


def _view(organisation: Organisation) -> OrganisationView:
    return OrganisationView(
        public_id=organisation.public_id,
        name=organisation.name,
        name_en=organisation.name_en,
        kind=organisation.kind,
        region=organisation.region_code,
        ladder_level=organisation.ladder_level,
        summary=organisation.summary,
        state=organisation.state,
        decision_note=organisation.decision_note,
        origin=organisation.origin,
    )
