"""The public counters by year."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from matchmaker.domain.figure import FIGURES, quarter_of
from matchmaker.domain.open_data import COUNTERS, told
from matchmaker.store.database import UnitOfWork
from matchmaker.store.queries import figure as query
from matchmaker.store.queries.figure import FigureFilters
from matchmaker.web.figure.wording import figure_text, meaning_text
from matchmaker.web.i18n import gettext as _
from matchmaker.web.open_data.pages import CounterGroup, CounterLine
from matchmaker.web.platform import matchmaker

_YEARS_SHOWN = 5


def counted(uow: UnitOfWork) -> tuple[tuple[str, ...], dict[str, tuple[int | None, ...]]]:
    """The latest years in which closed quarters count something, and every counter in each."""
    present = this_quarter(uow)
    sums: dict[str, dict[str, int]] = {}
    for quarter, figures in query.by(uow, "quarter", FigureFilters(), COUNTERS).items():
        if quarter < present:
            year = sums.setdefault(quarter[:4], {})
            for code, one in figures.items():
                year[code] = year.get(code, 0) + one.events
    years = tuple(sorted(sums, reverse=True)[:_YEARS_SHOWN])
    return years, {
        code: tuple(told(sums[year].get(code, 0)) for year in years) for code in COUNTERS
    }


def this_quarter(uow: UnitOfWork) -> str:
    """The quarter that is not over yet: nothing of it is told."""
    return quarter_of(uow.now.astimezone(ZoneInfo(matchmaker().settings.timezone)).date())


def groups(counts: dict[str, tuple[int | None, ...]]) -> tuple[CounterGroup, ...]:
    """The counters under headings."""
    headings = {
        "plan": _("Taking part"),
        "funnel": _("From demand to registered contract"),
        "fresh": _("Freshness"),
        "response": _("Responses"),
    }
    return tuple(
        CounterGroup(
            heading=heading,
            lines=tuple(
                CounterLine(
                    code=code,
                    label=_("Registered contracts") if code == "turnover" else figure_text(code),
                    meaning="" if code == "turnover" else meaning_text(code),
                    counts=counts[code],
                )
                for code in COUNTERS
                if FIGURES[code].group == group
            ),
        )
        for group, heading in headings.items()
    )
