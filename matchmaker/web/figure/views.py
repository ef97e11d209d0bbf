"""Figures: the bureau's page, the events behind each figure, and targets."""

from __future__ import annotations

from flask import Blueprint, abort, flash, g, redirect, request, url_for
from werkzeug.wrappers import Response

from matchmaker.domain.fields import InvalidFields
from matchmaker.domain.figure import FIGURES
from matchmaker.domain.figure_target import TARGETED, clean_targets, clean_year
from matchmaker.domain.permissions import require
from matchmaker.integrations.report_pdf import draw_report
from matchmaker.services import figure as service
from matchmaker.store.queries import figure as query
from matchmaker.store.queries.figure import CountedEvent
from matchmaker.web.figure.overview import (
    address,
    filters_of_request,
    region_labels,
    scope_text,
    shown_one,
)
from matchmaker.web.figure.overview import (
    overview as overview_page,
)
from matchmaker.web.figure.pages import EventLine, EventsPage
from matchmaker.web.figure.report import report_of
from matchmaker.web.figure.targets import targets_page
from matchmaker.web.figure.wording import event_text, wait_text
from matchmaker.web.i18n import gettext as _
from matchmaker.web.local_time import local_day
from matchmaker.web.pages import Numbered, render
from matchmaker.web.platform import matchmaker
from matchmaker.web.version import version_from_form

blueprint = Blueprint("figure", __name__, url_prefix="/figures")


@blueprint.get("/")
def overview() -> Response:
    """Every figure, of this year unless another period is asked for."""
    require(g.actor, "figure", "view")
    with matchmaker().reading() as uow:
        page = overview_page(uow, filters_of_request(f"{local_day(uow.now).year}"))
    return render(page)


@blueprint.get("/report.pdf")
def report() -> Response:
    """The same on paper."""
    require(g.actor, "figure", "view")
    with matchmaker().reading() as uow:
        page = overview_page(uow, filters_of_request(f"{local_day(uow.now).year}"))
        written = draw_report(report_of(page, uow.now))
    answer = Response(written, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = "attachment; filename=figures.pdf"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@blueprint.get("/<code>")
def events(code: str) -> Response:
    """The events that a figure counts."""
    require(g.actor, "figure", "view")
    if code not in FIGURES:
        abort(404)
    filters, pages = filters_of_request(), Numbered.from_request()
    with matchmaker().reading() as uow:
        shown = shown_one(uow, code, filters)
        rows = query.listing(uow, g.actor, code, filters, limit=pages.size, offset=pages.offset)
    page = EventsPage(
        shown=shown,
        scope=scope_text(filters),
        back=address(".overview", filters),
        lines=tuple(_line(row) for row in rows),
        **pages.of(shown.events),
    )
    return render(page)


@blueprint.get("/targets")
def targets() -> Response:
    """Baselines and targets of a year."""
    require(g.actor, "figure", "set_target")
    with matchmaker().reading() as uow:
        year = clean_year(request.args.get("year", ""), local_day(uow.now).year)
        page = targets_page(year, query.targets(uow, year))
    return render(page)


@blueprint.post("/targets")
def set_targets() -> Response:
    """Store the targets of a year."""
    typed = request.form.to_dict()
    versions = {code: version_from_form(f"version-{code}") for code in TARGETED}
    with matchmaker().reading() as uow:
        year = clean_year(typed.get("year", ""), local_day(uow.now).year)
        stored = query.targets(uow, year)
    try:
        cleaned = clean_targets(typed)
    except InvalidFields as error:
        require(g.actor, "figure", "set_target")
        return render(targets_page(year, stored, typed, error.problems), 422)
    with matchmaker().unit_of_work() as uow:
        service.set_targets(
            uow,
            g.actor,
            year=year,
            targets=cleaned,
            versions=versions,
        )
    flash(_("Saved."), "success")
    return redirect(url_for(".overview", period=year), code=303)


def _line(row: CountedEvent) -> EventLine:
    links = {"contract": "contract.registered", "organisation": "organisation.show"}
    endpoint = links.get(row.about, f"{row.about}.show")
    return EventLine(
        id=row.id,
        day=row.day,
        at=row.at,
        what=event_text(row.noun, row.action),
        title=row.title,
        href=url_for(endpoint, public_id=row.public_id) if row.public_id else "",
        region=region_labels()[row.region_code] if row.region_code else "",
        amount=row.amount,
        waited=wait_text(row.waited),
    )
