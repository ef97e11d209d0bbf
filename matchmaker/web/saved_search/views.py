"""Saving a search of the catalogue, and looking after those saved."""

from __future__ import annotations

from urllib.parse import parse_qsl

from flask import Blueprint, abort, flash, g, redirect, request, url_for
from sqlalchemy import select
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from matchmaker.domain.errors import Invalid
from matchmaker.services import saved_search as service
from matchmaker.store.saved_search import SavedSearch
from matchmaker.web.catalogue.address import ENDPOINTS, Address, read_address
from matchmaker.web.catalogue.facets import chips
from matchmaker.web.i18n import gettext as _
from matchmaker.web.pages import render
from matchmaker.web.platform import matchmaker
from matchmaker.web.saved_search.pages import Kept, SavedSearchesPage

blueprint = Blueprint("saved_search", __name__, url_prefix="/saved-searches")
_ARGUMENTS_LENGTH = 4_000


@blueprint.get("/")
def listing(*, error: str = "", status: int = 200) -> Response:
    """One's own searches."""
    with matchmaker().reading() as uow:
        found = uow.session.scalars(
            select(SavedSearch)
            .where(SavedSearch.user_id == g.actor.user_id)
            .order_by(SavedSearch.name, SavedSearch.id)
        ).all()
        rows = tuple(_kept(one) for one in found)
    return render(SavedSearchesPage(rows=rows, error=error), status)


@blueprint.get("/<public_id>")
def show(public_id: str) -> Response:
    """The list of the catalogue that a saved search stands for."""
    with matchmaker().reading() as uow:
        address = _address(service.load(uow, g.actor, public_id))
    return redirect(address.href(), code=303)


@blueprint.post("/")
def save() -> Response:
    """Keep the search of a page of the catalogue."""
    noun = request.form.get("noun", "")
    if noun not in ENDPOINTS:
        abort(400)
    pairs = parse_qsl(request.form.get("arguments", "")[:_ARGUMENTS_LENGTH])
    address = read_address(noun, matchmaker().plan, MultiDict(pairs))
    try:
        with matchmaker().unit_of_work() as uow:
            service.save(
                uow,
                g.actor,
                name=request.form.get("name", ""),
                noun=noun,
                text=address.query,
                chosen=address.chosen,
                sort=address.sort,
                alert=request.form.get("alert") == "1",
            )
    except Invalid as error:
        return listing(error=_problem(error), status=422)
    flash(_("Saved. You are told of what is newly published, if you asked for it."), "success")
    return redirect(url_for(".listing"), code=303)


@blueprint.post("/<public_id>/rename")
def rename(public_id: str) -> Response:
    """Give it another name."""
    try:
        with matchmaker().unit_of_work() as uow:
            search = service.load(uow, g.actor, public_id)
            service.rename(uow, g.actor, search, request.form.get("name", ""))
    except Invalid as error:
        return listing(error=_problem(error), status=422)
    flash(_("Saved."), "success")
    return redirect(url_for(".listing"), code=303)


@blueprint.post("/<public_id>/alert")
def alert(public_id: str) -> Response:
    """Switch telling of news on or off."""
    on = request.form.get("on") == "1"
    with matchmaker().unit_of_work() as uow:
        service.set_alert(uow, g.actor, service.load(uow, g.actor, public_id), on=on)
    flash(_("You are told of what is newly published.") if on else _("No more news."), "success")
    return redirect(url_for(".listing"), code=303)


@blueprint.post("/<public_id>/delete")
def delete(public_id: str) -> Response:
    """Forget it."""
    with matchmaker().unit_of_work() as uow:
        service.delete(uow, g.actor, service.load(uow, g.actor, public_id))
    flash(_("Deleted."), "success")
    return redirect(url_for(".listing"), code=303)


def _address(search: SavedSearch) -> Address:
    """The address that a saved search means today; codes that no longer exist are left out."""
    pairs = [(facet, code) for facet, codes in search.chosen.items() for code in codes]
    pairs += [("q", search.text), ("sort", search.sort)]
    return read_address(search.noun, matchmaker().plan, MultiDict(pairs))


def _kept(search: SavedSearch) -> Kept:
    return Kept(
        public_id=search.public_id,
        name=search.name,
        noun=search.noun,
        filters=tuple(chip.label for chip in chips(_address(search), matchmaker().plan)),
        alert=search.alert,
        created_at=search.created_at,
    )


def _problem(error: Invalid) -> str:
    return {
        "missing": _("Give the search a name."),
        "unclean": _("Use a name of at most eighty ordinary characters."),
        "taken": _("Another of your searches has this name."),
        "too_many": _("You keep fifty searches already; delete one first."),
    }[error.fields["name"]]
