"""Questions that brokers ask one's organisation, and answering them."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, request, url_for
from werkzeug.wrappers import Response

from matchmaker.domain.errors import Invalid
from matchmaker.domain.permissions import require
from matchmaker.services import question as service
from matchmaker.store.queries import question as query
from matchmaker.web.i18n import gettext as _
from matchmaker.web.match_review.clocks import clock_of
from matchmaker.web.pages import Numbered, Tab, render
from matchmaker.web.platform import matchmaker
from matchmaker.web.question.forms import AnswerForm, answer_problem
from matchmaker.web.question.pages import QuestionsPage

blueprint = Blueprint("question", __name__, url_prefix="/questions")


@blueprint.get("/")
def listing(*, error: str = "", status: int = 200) -> Response:
    """The questions to one's organisation: those that wait, or those closed."""
    require(g.actor, "question", "list")
    closed = request.args.get("state") == "closed"
    pages, calendar = Numbered.from_request(), matchmaker().calendar
    with matchmaker().reading() as uow:
        found = query.of_organisation(
            uow, g.actor, closed=closed, limit=pages.size, offset=pages.offset
        )
        clocks = {
            row.public_id: clock
            for row in found.rows
            if row.state == "open" and (clock := clock_of(calendar, uow.now, row.lapses_at))
        }
    tabs = tuple(
        Tab(
            label=label,
            href=url_for(".listing", state="closed" if over else None),
            count=count,
            current=over is closed,
        )
        for over, label, count in (
            (False, _("Waiting"), found.open),
            (True, _("Closed"), found.closed),
        )
    )
    total = found.closed if closed else found.open
    page = QuestionsPage(rows=found.rows, clocks=clocks, tabs=tabs, error=error, **pages.of(total))
    return render(page, status)


@blueprint.post("/<question_id>/answer")
def answer(question_id: str) -> Response:
    """Answer a question."""
    form, platform = AnswerForm(), matchmaker()
    try:
        with platform.unit_of_work() as uow:
            service.answer(
                uow,
                g.actor,
                question_id=question_id,
                text=form.answer.data or "",
                base_url=platform.settings.base_url,
            )
    except Invalid as error:
        return listing(error=answer_problem(error.fields["answer"]), status=422)
    flash(_("Answered; the broker has been told."), "success")
    return redirect(url_for(".listing"), code=303)
