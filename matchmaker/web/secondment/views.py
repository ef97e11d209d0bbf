"""Addresses of secondments: proposed, answered, ended; a firm's page for its specialist."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from flask import Blueprint, flash, g, redirect, request, url_for
from werkzeug.wrappers import Response

from matchmaker.domain.errors import Conflict, Invalid
from matchmaker.domain.permissions import available_actions, may, require
from matchmaker.domain.working_days import day_of
from matchmaker.services import secondment as service
from matchmaker.services import visit
from matchmaker.store.database import UnitOfWork
from matchmaker.store.queries import organisation as organisation_query
from matchmaker.store.queries import secondment as query
from matchmaker.store.queries.secondment import SecondmentRow
from matchmaker.web.engagement.problems import EMPTY, Filled, refused
from matchmaker.web.i18n import gettext as _
from matchmaker.web.local_time import read_day
from matchmaker.web.pages import render
from matchmaker.web.platform import matchmaker
from matchmaker.web.secondment.pages import SecondmentEntry, SecondmentPage, SecondmentsPage

blueprint = Blueprint("secondment", __name__, url_prefix="/secondments")
_FIRMS_OFFERED = 1000


@blueprint.get("/")
def listing() -> Response:
    """The secondments that concern the reader."""
    return _list(EMPTY)


@blueprint.post("/")
def propose() -> Response:
    """Place a specialist with a firm."""
    try:
        begins_on, ends_on = _days("begins_on", "ends_on")
        with matchmaker().unit_of_work() as uow:
            service.propose(
                uow,
                g.actor,
                firm=request.form.get("firm", ""),
                specialist_id=request.form.get("specialist", ""),
                begins_on=begins_on,
                ends_on=ends_on,
                purpose=request.form.get("purpose", ""),
            )
    except Invalid as error:
        return _list(refused("propose", error), status=422)
    except Conflict:
        told = _("This specialist is placed with this firm in these days already.")
        return _list(EMPTY, told, 409)
    flash(_("Proposed; the firm is asked for its consent."), "success")
    return redirect(url_for(".listing"), code=303)


@blueprint.post("/<public_id>/accept")
def accept(public_id: str) -> Response:
    """Consent for the firm."""
    told = _("Agreed: the specialist may draft and diagnose demands for you. You submit them.")
    return _act(lambda uow: service.accept(uow, g.actor, secondment_id=public_id), told)


@blueprint.post("/<public_id>/decline")
def decline(public_id: str) -> Response:
    """Decline for the firm."""
    return _act(lambda uow: service.decline(uow, g.actor, secondment_id=public_id), _("Declined."))


@blueprint.post("/<public_id>/end")
def end(public_id: str) -> Response:
    """End it now."""
    told = _("Ended: from now on the specialist sees nothing of the firm.")
    return _act(lambda uow: service.end(uow, g.actor, secondment_id=public_id), told)


@blueprint.get("/<public_id>")
def show(public_id: str) -> Response:
    """A firm's demands and visit notes."""
    return _page(public_id, EMPTY)


@blueprint.post("/<public_id>/visits")
def note_visit(public_id: str) -> Response:
    """Note a visit."""
    try:
        (visited_on,) = _days("visited_on")
        with matchmaker().unit_of_work() as uow:
            visit.write(
                uow,
                g.actor,
                secondment_id=public_id,
                visited_on=visited_on,
                note=request.form.get("note", ""),
            )
    except Invalid as error:
        return _page(public_id, refused("visit", error), 422)
    flash(_("Noted; the firm and you can read it."), "success")
    return redirect(url_for(".show", public_id=public_id, _anchor="visits"), code=303)


def entry_of(row: SecondmentRow) -> SecondmentEntry:
    """A secondment with what the reader may do about it."""
    return SecondmentEntry(
        row=row,
        actions=available_actions(g.actor, "secondment", row),
        opens=may(g.actor, "secondment", "view", row),
    )


def _act(act: Callable[[UnitOfWork], object], told: str) -> Response:
    with matchmaker().unit_of_work() as uow:
        act(uow)
    flash(told, "success")
    return redirect(url_for(".listing"), code=303)


def _list(filled: Filled, error: str = "", status: int = 200) -> Response:
    require(g.actor, "secondment", "list")
    proposes = may(g.actor, "secondment", "propose")
    with matchmaker().reading() as uow:
        rows = query.listing(uow, g.actor, day_of(uow.now))
        firms: tuple[str, ...] = ()
        specialists: tuple[tuple[str, str], ...] = ()
        if proposes:
            firms = organisation_query.names(uow, ["company"], limit=_FIRMS_OFFERED)
            specialists = query.specialists(uow)
    page = SecondmentsPage(
        entries=tuple(entry_of(row) for row in rows),
        proposes=proposes,
        firms=firms,
        specialists=specialists,
        filled=filled,
        error=error,
    )
    return render(page, status)


def _page(public_id: str, filled: Filled, status: int = 200) -> Response:
    with matchmaker().reading() as uow:
        found = service.opened(uow, g.actor, public_id)
        today = day_of(uow.now)
        demands = query.firm_demands(uow, g.actor, [found.organisation_id])
        page = SecondmentPage(
            entry=entry_of(query.row_of(uow, found.id, today)),
            demands=demands.get(found.organisation_id, ()),
            visits=query.visits(uow, found.id),
            writes=may(g.actor, "visit", "write", found),
            today=today.isoformat(),
            filled=filled,
        )
    return render(page, status)


def _days(*names: str) -> list[date]:
    """The days that fields hold; ``Invalid`` names all that hold none."""
    found = {name: read_day(request.form.get(name, "")) for name in names}
    missing = {name: "no_day" for name, day in found.items() if day is None}
    if missing:
        msg = f"These fields hold no day: {', '.join(sorted(missing))}."
        raise Invalid(msg, missing)
    return [day for day in found.values() if day is not None]
