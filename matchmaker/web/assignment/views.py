"""Who has how much: the bureau's page, and assigning now."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, url_for
from werkzeug.wrappers import Response

from matchmaker.domain.permissions import require
from matchmaker.store.queries import assignment as query
from matchmaker.web.assignment.pages import AssignmentsPage
from matchmaker.web.i18n import gettext as _
from matchmaker.web.i18n import ngettext
from matchmaker.web.pages import render
from matchmaker.web.platform import matchmaker

blueprint = Blueprint("assignment", __name__, url_prefix="/assignments")


@blueprint.get("/")
def overview() -> Response:
    """Brokers, their queues, and what is overdue."""
    require(g.actor, "assignment", "review")
    with matchmaker().reading() as uow:
        brokers = query.loads(uow)
        left = query.left_by_reason(uow)
    overdue = sum(one.overdue for one in brokers)
    return render(AssignmentsPage(brokers=brokers, left=left, overdue=overdue))


@blueprint.post("/run")
def run() -> Response:
    """Assign what waits now."""
    report = matchmaker().assign(g.actor)
    text = ngettext("%(num)s match assigned.", "%(num)s matches assigned.", report.assigned)
    left = sum(report.left.values())
    if left:
        text = f"{text} {_('%(count)s left in the pool; the reasons stand below.', count=left)}"
    flash(text, "success")
    return redirect(url_for(".overview"), code=303)
