"""A pack on paper and as a table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Final

from matchmaker.integrations.csv_file import plain_cell
from matchmaker.integrations.report_pdf import Report, ReportTable
from matchmaker.store.queries.pack import PackContract, PackIntroduction
from matchmaker.web.i18n import exact_money, locale, term, write_date, write_number
from matchmaker.web.i18n import gettext as _
from matchmaker.web.pack.contents import Pack
from matchmaker.web.pack.pages import PackPage, ThresholdGroup

# So many numbers of events stand beside a condition; the lists behind hold all of them.
_NUMBERS: Final = 12


def report_of(page: PackPage, pack: Pack, now: datetime) -> Report:
    """The pack as a report; every event stands in it with its number in the audit."""
    name = _("Material for filing and evaluation")
    printed = _("printed on %(date)s", date=write_date(now))
    return Report(
        name=name,
        above=f"{page.name} · {page.period}",
        title=name,
        notes=(decides_text(), counted_text(), related_text(page)),
        tables=(
            ReportTable(heading=_("The agency"), columns=("", ""), rows=page.particulars),
            *(_conditions(group) for group in page.groups),
            ReportTable(
                heading=_("What it brought about"),
                columns=(_("Measure"), _("Value"), _("Events")),
                rows=[(one.label, one.value, _numbers(one.events)) for one in page.measures],
            ),
            _types(page),
            _brokers(page),
            _contracts(_("Registered contracts"), pack.contracts),
            _contracts(_("Contracts between related parties, not counted"), pack.related),
            _introductions([*pack.introductions, *pack.mutual]),
        ),
        footer=f"{name} · {page.name} · {page.period} · {printed}",
        language="en" if locale() == "en" else "zh-CN",
    )


def decides_text() -> str:
    """Who decides."""
    return _(
        "The competent office decides on filing and evaluation; conditions are as read in the "
        "document named and have to be verified with the office."
    )


def counted_text() -> str:
    """What counts for the agency."""
    return _(
        "Counted from the audit's events of its people who are or were its brokers; registered "
        "contracts alone, by the day of registration."
    )


def related_text(page: PackPage) -> str:
    """How many contracts are left out."""
    return _(
        "Contracts between related parties are in no figure. Registered and left out: %(count)s.",
        count=page.related.value,
    )


def table_rows(page: PackPage, pack: Pack) -> Iterator[Sequence[str]]:
    """The pack as lines of one table: what it is about, what it is, value, condition, events."""
    yield (_("Part"), _("Item"), _("Value"), _("At least"), _("Standing"), _("Events of the audit"))
    for label, text in page.particulars:
        yield _line(_("The agency"), label, text)
    yield _line(_("The agency"), _("Period"), page.period)
    for group in page.groups:
        for one in group.lines:
            yield _line(group.label, one.label, one.value, one.least, one.told, _all(one.events))
        yield _line(group.label, _("Source document"), group.source, "", _verified(group))
    for line in (*page.measures, page.related):
        yield _line(_("Measures"), line.label, line.value, "", "", _all(line.events))
    for kind in page.types:
        shown = f"{kind.contracts}; {kind.amount:f}; {kind.technical:f}"
        yield _line(
            _("Contracts by type: number; contract amount; technical amount"), kind.label, shown
        )
    for broker in page.brokers:
        yield _line(_("Technology brokers"), broker.name, broker.level)
    for made in (*pack.contracts, *pack.related):
        standing = _("no, related parties") if made.related else _("yes")
        of_type = term(made.type, "contract_type")
        shown = f"{made.day.isoformat()}; {of_type}; {made.amount:f}; {made.technical:f}"
        part = _("Contracts: day; type; contract amount; technical amount (10,000 yuan)")
        yield _line(part, made.number, shown, "", standing, str(made.event_id))


def _line(*cells: str) -> tuple[str, ...]:
    return tuple(plain_cell(cell) for cell in (*cells, *[""] * (6 - len(cells))))


def _verified(group: ThresholdGroup) -> str:
    return "" if group.verified else _("to be verified with the competent office")


def _conditions(group: ThresholdGroup) -> ReportTable:
    note = _("Source: %(source)s.", source=group.source)
    return ReportTable(
        heading=group.label,
        columns=(_("Condition"), _("Value"), _("At least"), _("Standing"), _("Events")),
        rows=[
            (
                one.label,
                one.value,
                one.least,
                _standing(one.told, one.lacking),
                _numbers(one.events),
            )
            for one in group.lines
        ],
        note=note if group.verified else f"{note} {_('To be verified with the competent office.')}",
    )


def _standing(told: str, lacking: str) -> str:
    return f"{told} · {_('lacking %(amount)s', amount=lacking)}" if lacking else told


def _types(page: PackPage) -> ReportTable:
    return ReportTable(
        heading=_("Contracts by type"),
        columns=(_("Type of contract"), _("How many"), _("Contract amount"), _("Technical amount")),
        rows=[
            (one.label, write_number(one.contracts), *map(exact_money, (one.amount, one.technical)))
            for one in page.types
        ],
    )  # fmt: skip


def _brokers(page: PackPage) -> ReportTable:
    return ReportTable(
        heading=_("Technology brokers"),
        columns=(_("Name"), _("Level"), _("Introductions"), _("Contracts")),
        rows=[
            (one.name, one.level, write_number(one.introductions), write_number(one.contracts))
            for one in page.brokers
        ],
    )


def _contracts(heading: str, contracts: Iterable[PackContract]) -> ReportTable:
    return ReportTable(
        heading=heading,
        columns=(
            _("Registration number"),
            _("Registered on"),
            _("Type of contract"),
            _("Contract amount"),
            _("Technical amount"),
            _("Audit event"),
        ),
        rows=[
            (
                one.number,
                one.day.isoformat(),
                term(one.type, "contract_type"),
                exact_money(one.amount),
                exact_money(one.technical),
                str(one.event_id),
            )
            for one in contracts
        ],
    )


def _introductions(introductions: Iterable[PackIntroduction]) -> ReportTable:
    return ReportTable(
        heading=_("Introductions"),
        columns=(_("Audit event"), _("When"), _("What"), _("Broker")),
        rows=[
            (
                str(one.event_id),
                one.day.isoformat(),
                _("Accepted by both sides") if one.mutual else _("Both sides asked"),
                one.broker,
            )
            for one in introductions
        ],
    )


def _numbers(events: Sequence[int]) -> str:
    """The first numbers of events, and how many more the lists hold."""
    shown = _all(events[:_NUMBERS])
    more = len(events) - _NUMBERS
    return f"{shown} … +{more}" if more > 0 else shown or "—"


def _all(events: Iterable[int]) -> str:
    return ", ".join(map(str, events))
