"""What a company can do when nothing fits, and the desk where it is answered."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, flash, g, redirect, request, url_for
from werkzeug.wrappers import Response

from matchmaker.domain.errors import Invalid, NotFound, WrongState
from matchmaker.domain.permissions import may, require
from matchmaker.services import alert as alert_service
from matchmaker.services import next_step as service
from matchmaker.services import record as record_service
from matchmaker.store.database import UnitOfWork
from matchmaker.store.demand import Demand
from matchmaker.store.queries import next_step as query
from matchmaker.web.i18n import gettext as _
from matchmaker.web.next_step.pages import AlertOffPage, NextStepsPage
from matchmaker.web.pages import Numbered, Tab, render
from matchmaker.web.platform import matchmaker

blueprint = Blueprint("next_step", __name__, url_prefix="/next-steps")
_PLACE: Final = "next-steps"


@blueprint.post("/demands/<public_id>/ask")
def ask(public_id: str) -> Response:
    """Put a demand to an expert, or propose it as a challenge."""
    kind, note = request.form.get("kind", ""), request.form.get("note", "")
    try:
        with matchmaker().unit_of_work() as uow:
            service.ask(uow, g.actor, _demand(uow, public_id), kind=kind, note=note)
    except WrongState:
        flash(_("This was asked already and waits for an answer."), "error")
    except Invalid:
        flash(_("Not sent: write at most 500 characters of plain text."), "error")
    else:
        flash(_("Sent. You get a mail when it is answered."), "success")
    return redirect(url_for("demand.show", public_id=public_id, _anchor=_PLACE), code=303)


@blueprint.post("/demands/<public_id>/alert")
def alert(public_id: str) -> Response:
    """Switch the alert of a demand on or off."""
    on = request.form.get("on") == "1"
    with matchmaker().unit_of_work() as uow:
        alert_service.switch(uow, g.actor, _demand(uow, public_id), on=on)
    told = _("You get a mail as soon as something usable turns up.")
    flash(told if on else _("No more alerts for this demand."), "success")
    return redirect(url_for("demand.show", public_id=public_id, _anchor=_PLACE), code=303)


@blueprint.route("/alerts/<token>", methods=["GET", "POST"])
def alert_off(token: str) -> Response:
    """Switch an alert off from the link of a mail, without logging in."""
    with matchmaker().unit_of_work() as uow:
        title = alert_service.title_of(uow, token)
        done = request.method == "POST" and alert_service.switch_off(uow, token)
    if title is None:
        msg = "This link belongs to no alert."
        raise NotFound(msg)
    # Whoever holds the link holds the mail, in which the title stands.
    return render(AlertOffPage(title=title, done=done))


@blueprint.get("/")
def listing(*, error: str = "", status: int = 200) -> Response:
    """Requests that wait, or those closed."""
    require(g.actor, "next_step", "review")
    closed = request.args.get("state") == "closed"
    pages = Numbered.from_request()
    with matchmaker().reading() as uow:
        counts = query.counts(uow, g.actor)
        rows = query.listing(uow, g.actor, closed=closed, limit=pages.size, offset=pages.offset)
    tabs = tuple(
        Tab(
            label=label,
            href=url_for(".listing", state="closed" if over else None),
            count=counts.get(over, 0),
            current=over is closed,
        )
        for over, label in ((False, _("Waiting")), (True, _("Closed")))
    )
    page = NextStepsPage(
        rows=rows,
        tabs=tabs,
        may_adopt=g.actor.role == "bureau",
        error=error,
        **pages.of(counts.get(closed, 0)),
    )
    return render(page, status)


@blueprint.post("/<step_id>/answer")
def answer(step_id: str) -> Response:
    """Answer a question."""
    return _close(step_id, "answer")


@blueprint.post("/<step_id>/adopt")
def adopt(step_id: str) -> Response:
    """Take a proposal up."""
    return _close(step_id, "adopt")


@blueprint.post("/<step_id>/decline")
def decline(step_id: str) -> Response:
    """Decline a proposal with a reason."""
    return _close(step_id, "decline")


def _close(step_id: str, action: str) -> Response:
    platform = matchmaker()
    try:
        with platform.unit_of_work() as uow:
            service.close(
                uow,
                g.actor,
                step_id=step_id,
                action=action,
                answer=request.form.get("answer", ""),
                base_url=platform.settings.base_url,
            )
    except Invalid:
        return listing(
            error=_("Write an answer of at most 500 characters: the company reads it."), status=422
        )
    flash(_("Recorded; the company has been mailed."), "success")
    return redirect(url_for(".listing"), code=303)


def _demand(uow: UnitOfWork, public_id: str) -> Demand:
    record = record_service.load(uow, g.actor, "demand", public_id)
    if not isinstance(record, Demand) or not may(g.actor, "next_step", "ask", record):
        msg = "There is no such demand of yours."
        raise NotFound(msg)
    return record
