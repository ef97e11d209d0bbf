"""Addresses of memberships: asked for, answered, left."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from flask import Blueprint, flash, g, redirect, request, url_for
from werkzeug.wrappers import Response

from matchmaker.domain.errors import Invalid, WrongState
from matchmaker.domain.permissions import available_actions, may, require
from matchmaker.services import membership as service
from matchmaker.store.database import UnitOfWork
from matchmaker.store.queries import membership as query
from matchmaker.store.queries import organisation as organisation_query
from matchmaker.web.engagement.problems import EMPTY, Filled, refused
from matchmaker.web.i18n import gettext as _
from matchmaker.web.membership.pages import MembershipEntry, MembershipsPage
from matchmaker.web.pages import Numbered, render
from matchmaker.web.platform import matchmaker

blueprint = Blueprint("membership", __name__, url_prefix="/memberships")
_NAMES_OFFERED: Final = 1000
# What each side may choose from: a firm asks associations, an association invites firms.
_ASKED_KIND: Final = {"company": "association", "association": "company"}


@blueprint.get("/")
def listing() -> Response:
    """The memberships that concern the reader."""
    return _list(EMPTY)


@blueprint.post("/")
def ask() -> Response:
    """Ask an association to be taken in, or invite a firm."""
    name = request.form.get("name", "")
    try:
        with matchmaker().unit_of_work() as uow:
            if g.actor.role == "association":
                service.invite(uow, g.actor, firm=name)
            else:
                service.request(uow, g.actor, association=name)
    except Invalid as error:
        (code,) = error.fields.values()
        return _list(refused("ask", Invalid(str(error), {"name": code})), status=422)
    except WrongState:
        return _list(EMPTY, _("You are members of each other, or one of you has asked."), 409)
    flash(_("Asked; the other side answers."), "success")
    return redirect(url_for(".listing"), code=303)


@blueprint.post("/<public_id>/accept")
def accept(public_id: str) -> Response:
    """Accept what the other side asked."""
    action = "admit" if g.actor.role == "association" else "join"
    return _answer(public_id, action, _("Accepted."))


@blueprint.post("/<public_id>/decline")
def decline(public_id: str) -> Response:
    """Decline it, or take back what one has asked."""
    return _answer(public_id, "decline", _("Declined."))


@blueprint.post("/<public_id>/leave")
def leave(public_id: str) -> Response:
    """End the membership."""
    return _answer(public_id, "leave", _("The membership has ended."))


@blueprint.post("/<public_id>/anonymous")
def anonymous(public_id: str) -> Response:
    """Open one's anonymous demands to the association, or close them."""
    opens = request.form.get("opens") == "yes"
    told = (
        _("The association now reads whose these demands are.")
        if opens
        else _("Your anonymous demands are anonymous to the association again.")
    )
    return _act(
        lambda uow: service.open_anonymous(uow, g.actor, membership_id=public_id, opens=opens),
        told,
    )


def _answer(public_id: str, action: str, told: str) -> Response:
    return _act(
        lambda uow: service.answer(uow, g.actor, membership_id=public_id, action=action), told
    )


def _act(act: Callable[[UnitOfWork], object], told: str) -> Response:
    with matchmaker().unit_of_work() as uow:
        act(uow)
    flash(told, "success")
    return redirect(url_for(".listing"), code=303)


def _list(filled: Filled, error: str = "", status: int = 200) -> Response:
    require(g.actor, "membership", "list")
    pages = Numbered.from_request()
    asks = may(g.actor, "membership", "request") or may(g.actor, "membership", "invite")
    with matchmaker().reading() as uow:
        rows = query.listing(uow, g.actor, limit=pages.size, offset=pages.offset)
        total = query.count(uow, g.actor)
        names: tuple[str, ...] = ()
        if asks:
            kinds = [_ASKED_KIND[g.actor.role]]
            names = organisation_query.names(uow, kinds, limit=_NAMES_OFFERED)
    entries = tuple(
        MembershipEntry(row=row, actions=available_actions(g.actor, "membership", row))
        for row in rows
    )
    page = MembershipsPage(
        role=g.actor.role or "",
        entries=entries,
        total=total,
        names=names,
        asks=asks,
        filled=filled,
        error=error,
        **pages.of(total),
    )
    return render(page, status)
