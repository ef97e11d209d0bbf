"""The activity record of the reader, or of an agency for its manager: page, table and PDF."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, g, request, url_for
from werkzeug.wrappers import Response

from matchmaker.domain.activity import COUNTED
from matchmaker.domain.figure import PERIOD
from matchmaker.domain.permissions import require
from matchmaker.integrations.csv_file import MARK, csv_text, plain_cell
from matchmaker.integrations.report_pdf import Report, ReportTable, draw_report
from matchmaker.store.database import UnitOfWork
from matchmaker.store.queries import activity as query
from matchmaker.store.queries.activity import Activity, Scope
from matchmaker.web.activity.pages import ActivityCount, ActivityLine, ActivityPage
from matchmaker.web.figure.wording import closed_text, event_text
from matchmaker.web.i18n import gettext as _
from matchmaker.web.i18n import locale, term, write_date, write_datetime, write_number
from matchmaker.web.local_time import local_day
from matchmaker.web.pack.contents import periods
from matchmaker.web.pages import Numbered, render
from matchmaker.web.platform import matchmaker

blueprint = Blueprint("activity", __name__, url_prefix="/activity")

# Of what has more events, a PDF holds the first so many and says so; the table holds all.
_MOST_ON_PAPER: Final = 2_000
_WIDTHS: Final = (0.17, 0.19, 0.4, 0.12, 0.12)


@blueprint.get("/")
def show() -> Response:
    """The record of a year or quarter."""
    pages = Numbered.from_request()
    with matchmaker().reading() as uow:
        scope = _scope(uow)
        counts = query.counts(uow, scope)
        total = sum(counts.values())
        rows = query.listing(uow, scope, limit=pages.size, offset=pages.offset)
        page = ActivityPage(
            whose=_whose(scope),
            agency=scope.agency,
            has_agency=_has_agency(),
            period=scope.period,
            periods=periods(uow, scope.period),
            counts=_counts(counts),
            total=total,
            lines=tuple(_line(row) for row in rows),
            document=_address(".document", scope),
            table=_address(".table", scope),
            **pages.of(total),
        )
    return render(page)


@blueprint.get("/record.csv")
def table() -> Response:
    """The same for a spreadsheet, whole."""
    with matchmaker().reading() as uow:
        scope = _scope(uow)
        lines = [_line(row) for row in query.listing(uow, scope, limit=None)]
    rows = ([plain_cell(cell) for cell in _cells(one)] for one in lines)
    answer = Response(MARK + csv_text([_headings(), *rows]), mimetype="text/csv")
    return _file(answer, f"activity-{scope.period}.csv")


@blueprint.get("/record.pdf")
def document() -> Response:
    """The same on paper."""
    with matchmaker().reading() as uow:
        scope = _scope(uow)
        counts = query.counts(uow, scope)
        lines = [_line(row) for row in query.listing(uow, scope, limit=_MOST_ON_PAPER)]
        now = uow.now
    total, name = sum(counts.values()), _("Activity record")
    notes = [_("Every line is an event of the platform's audit, with its number there.")]
    if total > len(lines):
        more = _("The first %(shown)s of %(total)s events; the table holds all.",
                 shown=len(lines), total=total)  # fmt: skip
        notes.append(more)
    report = Report(
        name=name,
        above=f"{_whose(scope)} · {scope.period}",
        title=name,
        notes=notes,
        tables=(
            ReportTable(
                heading=_("In numbers"),
                columns=("", _("How many")),
                rows=[(one.label, write_number(one.count)) for one in _counts(counts)],
            ),
            ReportTable(
                heading=_("Event by event"),
                columns=_headings(),
                rows=[_cells(one) for one in lines],
                widths=_WIDTHS,
            ),
        ),
        footer=f"{name} · {_whose(scope)} · {_('printed on %(date)s', date=write_date(now))}",
        language="en" if locale() == "en" else "zh-CN",
    )
    answer = Response(draw_report(report), mimetype="application/pdf")
    return _file(answer, f"activity-{scope.period}.pdf")


def _scope(uow: UnitOfWork) -> Scope:
    require(g.actor, "activity", "view")
    asked = request.args.get("period", "")
    return Scope(
        actor=g.actor,
        agency=_has_agency() and request.args.get("whose") == "agency",
        period=asked if PERIOD.fullmatch(asked) else f"{local_day(uow.now).year}",
    )


def _has_agency() -> bool:
    """Whether there are colleagues whose activity the reader may see: an agency's manager."""
    return bool(g.actor.role == "broker" and g.actor.manager and g.actor.organisation_id)


def _whose(scope: Scope) -> str:
    """Whose record it is: a person's, or an organisation's where the reader sees all of it.

    Who only says that he belongs to an organisation does not read its name here.
    """
    actor = g.actor
    sees_all = actor.role == "company" or (actor.role == "researcher" and actor.manager)
    whole = scope.agency or (actor.verified and sees_all)
    return str(g.signed_in.organisation_name if whole else g.signed_in.name)


def _counts(counts: dict[tuple[str, str], int]) -> tuple[ActivityCount, ...]:
    return tuple(
        ActivityCount(label=event_text(*kind), count=counts[kind])
        for kind in COUNTED
        if counts.get(kind)
    )


def _line(row: Activity) -> ActivityLine:
    # Of a colleague's, an agency's manager reads what happened and opens nothing.
    own = row.led_by == g.actor.user_id or g.actor.role != "broker"
    titles = [one for one in (row.demand, row.outcome) if one]
    return ActivityLine(
        id=row.event_id,
        at=row.at,
        what=closed_text(row.noun) if row.closed else event_text(row.noun, row.action),
        about=row.title or " ↔ ".join(titles),
        role=term(row.role, "role") if row.role != "system" else _("The platform"),
        href=_href(row) if own else "",
    )


def _href(row: Activity) -> str:
    if row.noun == "event_party":
        return url_for("event.invitation", party_id=row.public_id)
    return url_for(f"{row.noun}.show", public_id=row.public_id)


def _headings() -> tuple[str, ...]:
    return (_("When"), _("What"), _("About"), _("Who acted"), _("No. in the audit"))


def _cells(line: ActivityLine) -> tuple[str, ...]:
    about = line.about.replace("↔", "—")  # the font on paper has no arrow
    return (write_datetime(line.at), line.what, about, line.role, str(line.id))


def _address(endpoint: str, scope: Scope) -> str:
    return url_for(endpoint, period=scope.period, whose="agency" if scope.agency else None)


def _file(answer: Response, name: str) -> Response:
    answer.headers["Content-Disposition"] = f"attachment; filename={name}"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
