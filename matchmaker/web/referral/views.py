"""Addresses of referrals, for the association, its members and brokers."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, request, url_for
from werkzeug.wrappers import Response

from matchmaker.domain.engagement import CLOSED
from matchmaker.domain.errors import Invalid, WrongState
from matchmaker.domain.permissions import available_actions, require
from matchmaker.services import introduction
from matchmaker.services import referral as service
from matchmaker.store.queries import association as query
from matchmaker.store.queries.association import ReferralRow
from matchmaker.web.i18n import gettext as _
from matchmaker.web.pages import render
from matchmaker.web.platform import matchmaker
from matchmaker.web.referral.pages import ReferralEntry, ReferralsPage

blueprint = Blueprint("referral", __name__, url_prefix="/referrals")


@blueprint.get("/")
def listing() -> Response:
    """The referrals that concern the reader."""
    return _list()


@blueprint.post("/<public_id>/want")
def want(public_id: str) -> Response:
    """Say for the firm that a broker shall look into it."""
    return _answer(public_id, "want", _("Brokers are asked to look into it."))


@blueprint.post("/<public_id>/decline")
def decline(public_id: str) -> Response:
    """Decline it for the firm."""
    return _answer(public_id, "decline", _("Declined; the association is told."))


@blueprint.post("/<public_id>/dismiss")
def dismiss(public_id: str) -> Response:
    """Decline it as a broker, with a reason."""
    return _answer(public_id, "dismiss", _("Declined; the association is told."))


@blueprint.post("/<public_id>/take")
def take(public_id: str) -> Response:
    """Take it up as a broker, and go on to ask both sides."""
    try:
        with matchmaker().unit_of_work() as uow:
            match = service.take(uow, g.actor, matchmaker().index, referral_id=public_id)
            accepted, match_id = match.state == "accepted", match.public_id
            underway = introduction.is_open(uow, match)
    except WrongState:
        return _list(_("One of the two is no longer open to matching, or not known yet."), 409)
    if underway:
        flash(_("Taken up. Both sides have been asked already, or are talking."), "success")
        return redirect(url_for(".listing"), code=303)
    if accepted:
        flash(_("Taken up. Now ask both sides whether they want to talk."), "success")
        return redirect(url_for("introduction.new", match_id=match_id), code=303)
    flash(_("This pair is at the desk already; decide on it there."), "info")
    return redirect(url_for("match_review.show", public_id=match_id), code=303)


def _answer(public_id: str, action: str, told: str) -> Response:
    try:
        with matchmaker().unit_of_work() as uow:
            service.answer(
                uow,
                g.actor,
                referral_id=public_id,
                action=action,
                answer=request.form.get("answer", ""),
            )
    except Invalid:
        return _list(_("Say in at most 500 characters why it is declined."), 422)
    flash(told, "success")
    return redirect(url_for(".listing"), code=303)


def _underway(row: ReferralRow) -> bool:
    """Whether both sides are asked already, or are talking."""
    talking = row.engagement_state is not None and row.engagement_state not in CLOSED
    return talking or row.introduction_state == "asked"


def _list(error: str = "", status: int = 200) -> Response:
    require(g.actor, "referral", "list")
    with matchmaker().reading() as uow:
        rows = query.referrals(uow, g.actor)
    entries = tuple(
        ReferralEntry(
            row=row,
            underway=_underway(row),
            actions=available_actions(g.actor, "referral", row),
        )
        for row in rows
    )
    return render(ReferralsPage(role=g.actor.role or "", entries=entries, error=error), status)
