"""The quarterly report: the page of figures on paper."""

from __future__ import annotations

from datetime import datetime

from matchmaker.integrations.report_pdf import Report, ReportTable
from matchmaker.web.figure.pages import Breakdown, FiguresPage, Shown
from matchmaker.web.i18n import exact_money, locale, write_date, write_number
from matchmaker.web.i18n import gettext as _


def report_of(page: FiguresPage, now: datetime) -> Report:
    """The figures of a page as a report with bars."""
    name = _("Report on technology transfer")
    printed = _("printed on %(date)s", date=write_date(now))
    return Report(
        name=name,
        above=page.scope,
        title=name,
        notes=(
            _("Every figure is counted from the audit's events and can be counted anew from them."),
            _(
                "Contracts between related parties are in no figure. Registered and left out: "
                "%(count)s.",
                count=page.related.events,
            ),
            _("Amounts and registration are decided by the competent registration office."),
        ),
        tables=(
            _funnel(page),
            _plan(page),
            _counters(_("Freshness"), page.fresh),
            _counters(_("Responses"), page.response),
            *(_breakdown(one, page.columns) for one in page.breakdowns if one.parts),
        ),
        footer=f"{name} · {page.scope} · {printed}",
        language="en" if locale() == "en" else "zh-CN",
    )


def _funnel(page: FiguresPage) -> ReportTable:
    rows = [
        (
            step.shown.label,
            write_number(step.shown.events),
            "—" if step.of_before is None else f"{step.of_before} %",
            step.shown.waited or "—",
        )
        for step in page.steps
    ]
    return ReportTable(
        heading=_("From demand to registered contract"),
        columns=(_("Step"), _("Demands"), _("Of the step before"), _("Median time")),
        rows=rows,
        bars=[step.length / 100 for step in page.steps],
        note=_("Each demand once, in the quarter in which it was first submitted."),
    )


def _plan(page: FiguresPage) -> ReportTable:
    columns = [_("Indicator"), _("How many"), _("Contract amount")]
    if page.year:
        columns += [_("Baseline"), _("Target value"), _("Reached")]
    rows = []
    for line in page.plan:
        shown = line.shown
        row = [shown.label, write_number(shown.events)]
        row.append(exact_money(shown.amount) if shown.money else "")
        if page.year:
            reached = "—" if line.reached is None else f"{line.reached} %"
            row += [line.baseline, line.target, reached]
        rows.append(row)
    return ReportTable(heading=_("The plan's indicators"), columns=columns, rows=rows)


def _counters(heading: str, counters: tuple[Shown, ...]) -> ReportTable:
    most = max((one.events for one in counters), default=0) or 1
    return ReportTable(
        heading=heading,
        columns=("", _("How many"), _("Median time")),
        rows=[(one.label, write_number(one.events), one.waited or "—") for one in counters],
        bars=[one.events / most for one in counters],
    )


def _breakdown(breakdown: Breakdown, columns: tuple[str, ...]) -> ReportTable:
    return ReportTable(
        heading=breakdown.heading,
        columns=("", *columns),
        rows=[(part.label, *(cell.text for cell in part.cells)) for part in breakdown.parts],
    )
