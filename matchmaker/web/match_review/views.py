"""The broker's desk: one pair at a time, or several at once, by keyboard or by button."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, flash, g, redirect, request, url_for
from werkzeug.wrappers import Response

from matchmaker.domain.errors import Conflict, Invalid, NotFound, WrongState
from matchmaker.domain.permissions import require
from matchmaker.services import match_review as service
from matchmaker.store.database import UnitOfWork
from matchmaker.store.queries import match_review as query
from matchmaker.web.i18n import gettext as _
from matchmaker.web.i18n import ngettext
from matchmaker.web.match_review.desk import Sent, desk_page, filters_from, queue_string, with_view
from matchmaker.web.match_review.forms import (
    BulkForm,
    DecisionForm,
    QuestionForm,
    wrong_question_text,
    wrong_text,
)
from matchmaker.web.pages import render
from matchmaker.web.platform import matchmaker

blueprint = Blueprint("match_review", __name__, url_prefix="/match-review")
_BULK_VERBS = frozenset({"dismiss", "snooze", "take"})


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


@blueprint.post("/<public_id>/inquire")
def inquire(public_id: str) -> Response:
    """Ask one side, put the pair aside until the answer, and go on to the next."""
    form, platform = QuestionForm(), matchmaker()

    def decision(uow: UnitOfWork) -> object:
        return service.inquire(
            uow,
            g.actor,
            match_id=public_id,
            side=form.side.data or "",
            text=form.text.data or "",
            calendar=platform.calendar,
            base_url=platform.settings.base_url,
        )

    return _decide(public_id, form, decision)


@blueprint.post("/<public_id>/release")
def release(public_id: str) -> Response:
    """Give a pair back to the pool and go on to the next."""
    return _decide(
        public_id,
        DecisionForm(),
        lambda uow: service.release(uow, g.actor, match_id=public_id),
    )


@blueprint.post("/<public_id>/take")
def take(public_id: str) -> Response:
    """Take a pair of the pool into one's own queue, and stay with it."""
    calendar = matchmaker().calendar
    return _reopen(
        public_id,
        lambda uow, actor, match_id: service.take(uow, actor, match_id=match_id, calendar=calendar),
    )


@blueprint.post("/<public_id>/undo")
def undo(public_id: str) -> Response:
    """Take a decision back, with all made at the same moment, and show its pair again."""
    return _reopen(public_id, service.undo)


@blueprint.post("/<public_id>/wake")
def wake(public_id: str) -> Response:
    """Put a pair that sleeps or waits back into the queue."""
    return _reopen(public_id, service.wake)


@blueprint.post("/bulk")
def bulk() -> Response:
    """Dismiss, snooze or take several pairs of the queue at once."""
    form, platform = BulkForm(), matchmaker()
    filters = filters_from(request.values, g.actor)
    verb = form.verb.data or ""
    if not form.validate() or verb not in _BULK_VERBS:
        return _desk(None, Sent(bulk=form, error=_("Choose what to do."), wrong="bulk"))
    try:
        with platform.unit_of_work() as uow:
            found = service.decide_many(
                uow,
                g.actor,
                match_ids=form.chosen.data or [],
                action=verb,
                reason=form.reason.data or "",
                calendar=platform.calendar,
            )
    except Invalid as error:
        text = _("Choose at least one pair.")
        if "chosen" not in error.fields:
            text = wrong_text(next(iter(error.fields.values())))
        return _desk(None, Sent(bulk=form, error=text, wrong="bulk"))
    if found.left:
        text = ngettext(
            "%(num)s pair was left: it was decided, assigned or gone meanwhile.",
            "%(num)s pairs were left: they were decided, assigned or gone meanwhile.",
            found.left,
        )
        flash(text, "info")
    return redirect(f"{url_for('.queue')}?{queue_string(filters)}", code=303)


def _desk(public_id: str | None, sent: Sent | None = None, status: int = 0) -> Response:
    """The desk with one pair; 422 when what was sent could not be accepted."""
    require(g.actor, "match", "review")
    filters = filters_from(request.values, g.actor)
    sent = sent or Sent()
    with matchmaker().reading() as uow:
        page = desk_page(uow, g.actor, filters, public_id, sent)
    if public_id is not None and page.pair is None:
        if not sent.error:
            # A new ranking may take a pair away between two requests: the work goes on.
            flash(_gone())
            return redirect(f"{url_for('.queue')}?{queue_string(filters)}", code=303)
        return _desk(None, sent, status)
    return render(page, status or (422 if sent.error else 200))


def _decide(
    public_id: str,
    form: DecisionForm | QuestionForm,
    decision: Callable[[UnitOfWork], object],
) -> Response:
    """Decide; then the pair that followed it in the queue, or the same one with what was wrong."""
    if not form.validate():
        return _desk(public_id, _refused(form, " ".join(_errors(form))))
    with matchmaker().reading() as uow:
        filters = with_view(uow, filters_from(request.values, g.actor))
        _before, after, _place = query.neighbours(uow, filters, public_id)
    try:
        with matchmaker().unit_of_work() as uow:
            decision(uow)
    except Invalid as error:
        asked = isinstance(form, QuestionForm)
        text = (
            wrong_question_text(error.fields)
            if asked
            else wrong_text(next(iter(error.fields.values())))
        )
        return _desk(public_id, _refused(form, text))
    except (WrongState, Conflict):
        text = _("Somebody else has decided this pair in the meantime.")
        return _desk(public_id, Sent(error=text), 409)
    except NotFound:
        text = _gone()
        return _desk(None, Sent(error=text), 404)
    if after is not None:
        return redirect(f"{url_for('.show', public_id=after)}?{queue_string(filters)}", code=303)
    return redirect(f"{url_for('.queue')}?{queue_string(filters)}", code=303)


def _gone() -> str:
    return _(
        "This pair is gone: a better one has taken its place in the shortlist, or one of its "
        "records is not published any more."
    )


def _refused(form: DecisionForm | QuestionForm, error: str) -> Sent:
    """The page's forms with the one that was refused as it was filled."""
    if isinstance(form, QuestionForm):
        return Sent(question=form, error=error, wrong="question")
    return Sent(form=form, error=error, wrong="dismissal")


def _errors(form: DecisionForm | QuestionForm) -> list[str]:
    return [str(one) for errors in form.errors.values() for one in errors]


def _reopen(public_id: str, action: Callable[..., object]) -> Response:
    filters = filters_from(request.values, g.actor)
    try:
        with matchmaker().unit_of_work() as uow:
            action(uow, g.actor, match_id=public_id)
    except (WrongState, Conflict):
        text = _("That is not possible any more.")
        return _desk(public_id, Sent(error=text), 409)
    return redirect(f"{url_for('.show', public_id=public_id)}?{queue_string(filters)}", code=303)
