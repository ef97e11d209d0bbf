"""Addresses of shares: proposed, agreed, declined."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, request, url_for
from werkzeug.wrappers import Response

from matchmaker.domain.errors import Invalid, WrongState
from matchmaker.domain.permissions import available_actions, require
from matchmaker.services import introduction
from matchmaker.services import share as service
from matchmaker.store.queries import share as query
from matchmaker.web.engagement.problems import EMPTY, Filled, refused
from matchmaker.web.i18n import gettext as _
from matchmaker.web.pages import render
from matchmaker.web.platform import matchmaker
from matchmaker.web.share.pages import ShareEntry, SharePage, SharesPage

blueprint = Blueprint("share", __name__, url_prefix="/shares")


@blueprint.get("/")
def listing() -> Response:
    """The introductions that the broker shares."""
    require(g.actor, "share", "list")
    with matchmaker().reading() as uow:
        rows = query.listing(uow, g.actor)
    entries = tuple(
        ShareEntry(
            row=row,
            actions=() if row.fixed else available_actions(g.actor, "share", row),
            leads=row.lead_id == g.actor.user_id,
        )
        for row in rows
    )
    return render(SharesPage(entries=entries))


@blueprint.get("/introductions/<public_id>")
def new(public_id: str) -> Response:
    """An introduction to be shared."""
    return _form(public_id, EMPTY)


@blueprint.post("/introductions/<public_id>")
def propose(public_id: str) -> Response:
    """Propose to share it."""
    written = request.form.get("percent", "")
    percent = int(written) if written.isascii() and written.isdigit() and len(written) < 4 else 0  # noqa: PLR2004 - no part has four digits
    try:
        with matchmaker().unit_of_work() as uow:
            service.propose(
                uow,
                g.actor,
                introduction_id=public_id,
                partner_id=request.form.get("partner", ""),
                percent=percent,
            )
    except Invalid as error:
        return _form(public_id, refused("share", error), 422)
    except WrongState:
        return _form(public_id, EMPTY, 409)
    flash(_("Proposed; it counts once the other broker has agreed."), "success")
    return redirect(url_for(".listing"), code=303)


@blueprint.post("/<public_id>/<any(accept, decline, withdraw):action>")
def answer(public_id: str, action: str) -> Response:
    """Agree, decline, or take one's own proposal back."""
    with matchmaker().unit_of_work() as uow:
        service.answer(uow, g.actor, share_id=public_id, action=action)
    told = {
        "accept": _("Agreed. It is fixed once the contract is signed."),
        "decline": _("Declined."),
        "withdraw": _("Withdrawn."),
    }
    flash(told[action], "success")
    return redirect(url_for(".listing"), code=303)


def _form(public_id: str, filled: Filled, status: int = 200) -> Response:
    with matchmaker().reading() as uow:
        found = introduction.load(uow, g.actor, public_id)
        require(g.actor, "share", "propose", found)
        present = query.of_introduction(uow, found.id)
        fixed = query.is_fixed(uow, found.id)
        page = SharePage(
            introduction_id=found.public_id,
            demand=found.demand.title,
            present=query.told(uow, present) if present else ("", 0, ""),
            fixed=fixed,
            proposable=not fixed and (present is None or present.state != "proposed"),
            brokers=query.others(uow, g.actor),
            filled=filled,
        )
    return render(page, status)
