"""A demand's diagnosis, for its firm and the firm's specialists."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, request, url_for
from werkzeug.wrappers import Response

from matchmaker.domain.errors import Invalid
from matchmaker.domain.permissions import may
from matchmaker.services import diagnosis as service
from matchmaker.store.queries import secondment as query
from matchmaker.web.diagnosis.pages import DiagnosisPage
from matchmaker.web.engagement.problems import EMPTY, Filled, refused
from matchmaker.web.i18n import gettext as _
from matchmaker.web.pages import render
from matchmaker.web.platform import matchmaker
from matchmaker.web.record.pages import Finding
from matchmaker.web.record.review import check, labels_of

blueprint = Blueprint("diagnosis", __name__, url_prefix="/demands")


@blueprint.get("/<public_id>/diagnosis")
def show(public_id: str) -> Response:
    """What a demand lacks and what was said of it."""
    return _page(public_id, EMPTY)


@blueprint.post("/<public_id>/diagnosis")
def give(public_id: str) -> Response:
    """Tell the firm what to add, or that it is ready."""
    ready = request.form.get("ready") == "yes"
    try:
        with matchmaker().unit_of_work() as uow:
            service.give(
                uow, g.actor, demand_id=public_id, note=request.form.get("note", ""), ready=ready
            )
    except Invalid as error:
        return _page(public_id, refused("give", error), 422)
    told = _("The firm is asked to look at it and submit it.") if ready else _("The firm is told.")
    flash(told, "success")
    return redirect(url_for(".show", public_id=public_id), code=303)


def _page(public_id: str, filled: Filled, status: int = 200) -> Response:
    with matchmaker().reading() as uow:
        demand = service.load(uow, g.actor, public_id)
        measured = service.measure(demand)
        labels = labels_of("demand")
        page = DiagnosisPage(
            public_id=demand.public_id,
            title=demand.title,
            state=demand.state,
            firm=demand.organisation.name,
            percent=measured.percent,
            lacks=tuple(
                Finding(
                    href="",
                    label=labels[lack.field],
                    text=_("say a little more") if lack.short else "",
                    required=lack.required,
                )
                for lack in measured.lacks
            ),
            check=check(demand),
            rows=query.diagnoses(uow, demand.id),
            gives=may(g.actor, "diagnosis", "give", demand),
            amends=may(g.actor, "demand", "amend", demand),
            edits=may(g.actor, "demand", "edit", demand),
            submits=may(g.actor, "demand", "submit", demand),
            filled=filled,
        )
    return render(page, status)
