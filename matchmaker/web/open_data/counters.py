"""The public counters by year."""

from __future__ import annotations

from matchmaker.domain.figure import FIGURES, quarter_of
from matchmaker.domain.open_data import COUNTERS, told
from matchmaker.store.database import UnitOfWork
from matchmaker.store.queries import figure as query
from matchmaker.web.figure.wording import figure_text, meaning_text
from matchmaker.web.i18n import gettext as _
from matchmaker.web.local_time import local_day
from matchmaker.web.open_data.pages import CounterGroup, CounterLine

_YEARS_SHOWN = 5


def counted(uow: UnitOfWork) -> tuple[tuple[str, ...], dict[str, tuple[int | None, ...]]]:
    """The latest years of which something is told, and every counter in each."""
    sums: dict[str, dict[str, int]] = {}
    for quarter, figures in query.over(uow, this_quarter(uow), COUNTERS).items():
        for code, events in figures.items():
            if events:
                year = sums.setdefault(quarter[:4], {})
                year[code] = year.get(code, 0) + events
    years = tuple(sorted(sums, reverse=True)[:_YEARS_SHOWN])
    return years, {
        code: tuple(told(sums[year].get(code, 0)) for year in years) for code in COUNTERS
    }


def this_quarter(uow: UnitOfWork) -> str:
    """The quarter that is not over yet: nothing that happened in it is told."""
    return quarter_of(local_day(uow.now))


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
