"""The broker's desk: one pair at a time, decided by keyboard or by button."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, g, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from matchmaker.domain.errors import Conflict, Invalid, NotFound, WrongState
from matchmaker.domain.permissions import require
from matchmaker.services import match_review as service
from matchmaker.store.database import UnitOfWork
from matchmaker.store.queries import match_review as query
from matchmaker.web.match_review.desk import desk_page, filters_from, queue_string
from matchmaker.web.match_review.forms import DecisionForm
from matchmaker.web.pages import render
from matchmaker.web.platform import matchmaker

blueprint = Blueprint("match_review", __name__, url_prefix="/match-review")


@blueprint.get("/")
def queue() -> Response:
    """The first pair of the queue."""
    return _desk(None)


@blueprint.get("/<public_id>")
def show(public_id: str) -> Response:
    """One pair of the queue."""
    return _desk(public_id)


@blueprint.post("/<public_id>/accept")
def accept(public_id: str) -> Response:
    """Accept a pair and go on to the next."""
    form = DecisionForm()
    return _decide(
        public_id,
        form,
        lambda uow: service.accept(uow, g.actor, match_id=public_id, note=form.note.data or ""),
    )


@blueprint.post("/<public_id>/dismiss")
def dismiss(public_id: str) -> Response:
    """Dismiss a pair for a reason and go on to the next."""
    form = DecisionForm()
    return _decide(
        public_id,
        form,
        lambda uow: service.dismiss(
            uow,
            g.actor,
            match_id=public_id,
            reason=form.reason.data or "",
            note=form.note.data or "",
        ),
    )


@blueprint.post("/<public_id>/snooze")
def snooze(public_id: str) -> Response:
    """Put a pair aside for a week and go on to the next."""
    return _decide(
        public_id,
        DecisionForm(),
        lambda uow: service.snooze(uow, g.actor, match_id=public_id),
    )


@blueprint.post("/<public_id>/undo")
def undo(public_id: str) -> Response:
    """Take a decision back and show its pair again."""
    return _reopen(public_id, service.undo)


@blueprint.post("/<public_id>/wake")
def wake(public_id: str) -> Response:
    """Put a snoozed pair back into the queue."""
    return _reopen(public_id, service.wake)


def _desk(public_id: str | None, form: DecisionForm | None = None, error: str = "") -> Response:
    """The desk with one pair; 422 when what was sent could not be accepted."""
    require(g.actor, "match", "review")
    filters = filters_from(request.values, g.actor)
    with matchmaker().reading() as uow:
        page = desk_page(uow, g.actor, filters, public_id, form or DecisionForm(), error)
    if public_id is not None and page.pair is None:
        msg = "There is no such match."
        raise NotFound(msg)
    return render(page, 422 if error else 200)


def _decide(
    public_id: str, form: DecisionForm, decision: Callable[[UnitOfWork], object]
) -> Response:
    """Decide; then the pair that followed it in the queue, or the same one with what was wrong."""
    filters = filters_from(request.values, g.actor)
    if not form.validate():
        return _desk(public_id, form, " ".join(str(one) for one in form.note.errors))
    with matchmaker().reading() as uow:
        _before, after, _place = query.neighbours(uow, filters, public_id)
    try:
        with matchmaker().unit_of_work() as uow:
            decision(uow)
    except Invalid as error:
        texts = {
            "unknown": _("Choose a reason from the list."),
            "missing": _("Say in the note which other reason it is."),
            "unclean": _("The note holds characters that cannot be kept."),
            "too_long": _("The note is too long."),
        }
        return _desk(public_id, form, texts[next(iter(error.fields.values()))])
    except (WrongState, Conflict):
        return _already_decided(public_id, form)
    if after is not None:
        return redirect(f"{url_for('.show', public_id=after)}?{queue_string(filters)}", code=303)
    return redirect(f"{url_for('.queue')}?{queue_string(filters)}", code=303)


def _already_decided(public_id: str, form: DecisionForm) -> Response:
    """The pair as it stands now: somebody else was quicker."""
    response = _desk(public_id, form, _("Somebody else has decided this pair in the meantime."))
    response.status_code = 409
    return response


def _reopen(public_id: str, action: Callable[..., object]) -> Response:
    filters = filters_from(request.values, g.actor)
    with matchmaker().unit_of_work() as uow:
        action(uow, g.actor, match_id=public_id)
    return redirect(f"{url_for('.show', public_id=public_id)}?{queue_string(filters)}", code=303)
