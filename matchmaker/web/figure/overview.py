"""Putting the page of figures together: every figure with the address of its events."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from datetime import timedelta
from decimal import Decimal
from typing import Final

from flask import request, url_for

from matchmaker.domain.figure import FIGURES, PERIOD, STEPS, reached
from matchmaker.domain.figure_target import counts_money
from matchmaker.store.database import UnitOfWork
from matchmaker.store.queries import figure as query
from matchmaker.store.queries.figure import FigureFilters, Sum, TargetRow
from matchmaker.web.figure.pages import (
    Breakdown,
    Cell,
    FiguresPage,
    Option,
    Part,
    PlanLine,
    Shown,
    Step,
)
from matchmaker.web.figure.wording import figure_text, meaning_text, wait_text
from matchmaker.web.i18n import exact_money, locale, write_number
from matchmaker.web.i18n import gettext as _
from matchmaker.web.local_time import local_day
from matchmaker.web.platform import matchmaker

# The columns of the breakdowns; the first is an amount.
COLUMNS: Final = (
    *("turnover", "conversions", "cooperation", "firms", "demands_published"),
    *("outcomes_published", "none_found"),
)
_STEP_HEIGHT: Final = 34
_WIDEST: Final = 100


def overview(uow: UnitOfWork, filters: FigureFilters) -> FiguresPage:
    """The page under some filters."""
    counted = query.sums(uow, filters)
    waited = query.medians(uow, filters, counted)
    year = int(filters.period) if filters.period.isdigit() else None
    whole = year is not None and not filters.region and not filters.chain
    targets = query.targets(uow, year) if whole and year else {}
    shown = {code: _shown(code, counted[code], filters, waited.get(code)) for code in FIGURES}
    return FiguresPage(
        period_options=_periods(uow, filters.period),
        region_options=_options(region_labels(), filters.region),
        chain_options=_options(chain_labels(), filters.chain),
        scope=scope_text(filters),
        report=address("figure.report", filters),
        year=year if whole else None,
        steps=_steps(shown),
        height=_STEP_HEIGHT * len(STEPS),
        plan=tuple(_line(shown[code], targets.get(code)) for code in _group("plan", "related")),
        related=shown["related"],
        fresh=tuple(shown[code] for code in _group("fresh")),
        response=tuple(shown[code] for code in _group("response")),
        columns=tuple(figure_text(code) for code in COLUMNS),
        breakdowns=_breakdowns(uow, filters),
    )


def shown_one(uow: UnitOfWork, code: str, filters: FigureFilters) -> Shown:
    """One figure, for the page of its events."""
    counted = query.sums(uow, filters)
    return _shown(code, counted[code], filters, query.medians(uow, filters, counted).get(code))


def filters_of_request(default: str = "") -> FigureFilters:
    """The filters of the address; what is none filters nothing. ``default`` is the period."""
    period = request.args.get("period", default)
    region = request.args.get("region", "")
    chain = request.args.get("chain", "")
    return FigureFilters(
        period=period if PERIOD.fullmatch(period) else "",
        region=region if region in region_labels() else "",
        chain=chain if chain in chain_labels() else "",
    )


def scope_text(filters: FigureFilters) -> str:
    """What the figures are of, in words."""
    parts = [
        filters.period or _("all years"),
        region_labels().get(filters.region) or _("whole city and partners outside"),
    ]
    if filters.chain:
        parts.append(chain_labels()[filters.chain])
    return " · ".join(str(part) for part in parts)


def address(endpoint: str, filters: FigureFilters, **values: str) -> str:
    """An address with filters; an empty period is said, because the page has one by itself."""
    chosen = {name: value for name, value in asdict(filters).items() if value}
    return url_for(endpoint, **{**chosen, "period": filters.period, **values})


def region_labels() -> dict[str, str]:
    """Every district by its code, and that there is none."""
    regions = {one.code: one.text(locale()) for one in matchmaker().plan.regions}
    return {**regions, "none": _("No district")}


def chain_labels() -> dict[str, str]:
    """Every chain by its code."""
    return {code: one.text(locale()) for code, one in matchmaker().plan.chain_by_code.items()}


def _group(group: str, *without: str) -> Iterable[str]:
    wanted = (one.code for one in FIGURES.values() if one.group == group)
    return (code for code in wanted if code not in without)


def _shown(code: str, counted: Sum, filters: FigureFilters, waited: timedelta | None) -> Shown:
    return Shown(
        code=code,
        label=figure_text(code),
        meaning=meaning_text(code),
        events=counted.events,
        amount=counted.amount,
        money=FIGURES[code].money,
        href=address("figure.events", filters, code=code),
        waited=wait_text(waited),
    )


def _line(shown: Shown, row: TargetRow | None) -> PlanLine:
    actual = shown.amount if counts_money(shown.code) else Decimal(shown.events)
    share = reached(actual, row.baseline, row.target) if row else None
    return PlanLine(
        shown=shown,
        baseline=_value(shown.code, row.baseline if row else None),
        target=_value(shown.code, row.target if row else None),
        reached=share,
        length=min(max(share or 0, 0), _WIDEST),
        source=row.source if row else "",
    )


def _value(code: str, value: Decimal | None) -> str:
    if value is None:
        return "—"
    return exact_money(value) if counts_money(code) else write_number(value)


def _steps(shown: Mapping[str, Shown]) -> tuple[Step, ...]:
    """The funnel; bars are as long as their share of all that was submitted."""
    found = []
    first = before = shown[STEPS[0]].events
    for place, code in enumerate(STEPS):
        events = shown[code].events
        found.append(
            Step(
                shown=shown[code],
                top=place * _STEP_HEIGHT,
                length=round(_WIDEST * events / first, 1) if first else 0,
                of_before=_share(events, before) if place else None,
                of_all=_share(events, first) if place else None,
            )
        )
        before = events
    return tuple(found)


def _share(part: int, whole: int) -> int | None:
    return round(100 * part / whole) if whole else None


def _breakdowns(uow: UnitOfWork, filters: FigureFilters) -> tuple[Breakdown, ...]:
    quarters = query.by(uow, "quarter", filters, COLUMNS)
    labels = {one: one for one in sorted(quarters, reverse=True)}
    found = [_breakdown(_("By quarter"), "period", quarters, labels, filters)]
    regions = query.by(uow, "region", filters, COLUMNS)
    regions["none"] = regions.pop("", {})
    found.append(_breakdown(_("By district"), "region", regions, region_labels(), filters))
    chains = query.by(uow, "chain", filters, COLUMNS)
    found.append(_breakdown(_("By chain"), "chain", chains, chain_labels(), filters))
    return tuple(found)


def _breakdown(
    heading: str,
    name: str,
    counted: Mapping[str, Mapping[str, Sum]],
    labels: Mapping[str, str],
    filters: FigureFilters,
) -> Breakdown:
    """A row for each value that has figures, or is asked for by name."""
    parts = []
    for code, label in labels.items():
        own = counted.get(code) or {}
        narrowed = replace(filters, **{name: code})
        cells = tuple(_cell(column, own.get(column, Sum()), narrowed) for column in COLUMNS)
        if own or name == "chain":
            href = address("figure.overview", narrowed)
            parts.append(Part(label=label, href=href, cells=cells))
    return Breakdown(heading=heading, parts=tuple(parts))


def _cell(code: str, counted: Sum, filters: FigureFilters) -> Cell:
    money = counts_money(code)
    text = exact_money(counted.amount) if money else write_number(counted.events)
    href = address("figure.events", filters, code=code) if counted.events else ""
    return Cell(text=text if counted.events else "0", href=href)


def _periods(uow: UnitOfWork, current: str) -> tuple[Option, ...]:
    """The years in which something counts and this one, each with its quarters."""
    now = str(local_day(uow.now).year)
    years = sorted({*map(str, query.years(uow)), now, *([current[:4]] if current else [])})
    codes = [
        code
        for year in reversed(years)
        for code in (year, *(f"{year}-Q{quarter}" for quarter in range(4, 0, -1)))
    ]
    return _options({code: code for code in codes}, current)


def _options(labels: Mapping[str, str], current: str) -> tuple[Option, ...]:
    return tuple(
        Option(code=code, label=label, current=code == current) for code, label in labels.items()
    )
