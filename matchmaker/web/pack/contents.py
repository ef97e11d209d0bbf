"""Putting a pack together: everything in it comes from two lists of events and the brokers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from flask import request, url_for

from matchmaker.domain.contract_vocabulary import CONTRACT_TYPES
from matchmaker.domain.figure import PERIOD
from matchmaker.domain.figure_count import CONVERTING
from matchmaker.domain.pack import MEASURES, ThresholdSet, Verdict, judge
from matchmaker.domain.permissions import Actor, require
from matchmaker.store.database import UnitOfWork
from matchmaker.store.organisation import Organisation
from matchmaker.store.queries import figure as figures
from matchmaker.store.queries import pack as query
from matchmaker.store.queries.pack import PackBroker, PackContract, PackIntroduction
from matchmaker.web.i18n import gettext as _
from matchmaker.web.i18n import locale, term
from matchmaker.web.local_time import local_day
from matchmaker.web.pack.pages import (
    BrokerLine,
    MeasureLine,
    PackPage,
    Period,
    ThresholdGroup,
    ThresholdLine,
    TypeLine,
)
from matchmaker.web.pack.wording import meaning_text, measure_text, standing_text, value_text
from matchmaker.web.platform import matchmaker

RELATED: Final = "related"
_YEARS_OFFERED: Final = 3


@dataclass(frozen=True, kw_only=True)
class Pack:
    """What an agency's brokers brought about in a period."""

    agency: Organisation
    period: str
    brokers: tuple[PackBroker, ...]
    contracts: tuple[PackContract, ...]  # those that count
    related: tuple[PackContract, ...]  # those that never do
    introductions: tuple[PackIntroduction, ...]
    mutual: tuple[PackIntroduction, ...]

    def behind(self, code: str) -> Sequence[PackContract | PackIntroduction]:
        """The events that a measure counts; brokers are counted without any."""
        by_code: Mapping[str, Sequence[PackContract | PackIntroduction]] = {
            "conversions": [one for one in self.contracts if one.type in CONVERTING],
            "cooperation": [one for one in self.contracts if one.type not in CONVERTING],
            "introductions": self.introductions,
            "mutual": self.mutual,
            "companies": [*self.mutual, *self.contracts],
            "brokers": (),
            RELATED: self.related,
        }
        return by_code.get(code, self.contracts)

    def values(self) -> dict[str, Decimal]:
        """Every measure, exactly."""
        counts = {code: Decimal(len(self.behind(code))) for code in MEASURES}
        return counts | {
            "turnover": sum((one.amount for one in self.contracts), Decimal(0)),
            "technical": sum((one.technical for one in self.contracts), Decimal(0)),
            "companies": Decimal(len({one.company_id for one in self.behind("companies")})),
            "brokers": Decimal(len(self.brokers)),
        }


def load(uow: UnitOfWork, actor: Actor, public_id: str) -> Pack:
    """The pack of an agency for the period of the address, this year unless another is asked."""
    agency = query.agency(uow, public_id)
    require(actor, "pack", "view", agency)
    asked = request.args.get("period", "")
    period = asked if PERIOD.fullmatch(asked) else f"{local_day(uow.now).year}"
    contracts = query.contracts(uow, agency.id, period)
    introductions = query.introductions(uow, agency.id, period)
    return Pack(
        agency=agency,
        period=period,
        brokers=query.brokers(uow, agency.id),
        contracts=tuple(one for one in contracts if not one.related),
        related=tuple(one for one in contracts if one.related),
        introductions=tuple(one for one in introductions if not one.mutual),
        mutual=tuple(one for one in introductions if one.mutual),
    )


def page_of(uow: UnitOfWork, pack: Pack) -> PackPage:
    """The pack as a page."""
    values = pack.values()
    year = pack.period[:4]
    return PackPage(
        name=pack.agency.name,
        public_id=pack.agency.public_id,
        particulars=_particulars(pack.agency),
        period=pack.period,
        periods=periods(uow, pack.period),
        whole_year=pack.period == year,
        year=year,
        brokers=tuple(_broker_lines(pack)),
        measures=tuple(measure_line(pack, code, values[code]) for code in MEASURES),
        related=measure_line(pack, RELATED, Decimal(len(pack.related))),
        types=tuple(_type_lines(pack.contracts)),
        groups=tuple(_group(pack, one, values) for one in matchmaker().thresholds)
        if pack.period == year
        else (),
    )


def measure_line(pack: Pack, code: str, value: Decimal) -> MeasureLine:
    """One measure in words."""
    events = tuple(one.event_id for one in pack.behind(code))
    return MeasureLine(
        code=code,
        label=measure_text(code),
        meaning=meaning_text(code),
        value=value_text(code, value),
        href=_href(pack, code) if events else "",
        events=events,
    )


def _particulars(agency: Organisation) -> tuple[tuple[str, str], ...]:
    region = matchmaker().plan.region_by_code.get(agency.region_code or "")
    found = (
        (_("Registered name"), agency.name),
        (_("English name"), agency.name_en),
        (_("Kind"), term(agency.kind, "organisation_kind")),
        (_("Unified social credit code"), agency.credit_code),
        (_("District"), region.text(locale()) if region else ""),
        (_("Verification"), term(agency.state, "verification")),
        (_("What it does"), agency.summary),
    )
    return tuple((label, text) for label, text in found if text)


def periods(uow: UnitOfWork, chosen: str) -> tuple[Period, ...]:
    """The latest years with their quarters, and whatever is chosen."""
    years = sorted({local_day(uow.now).year, *figures.years(uow)}, reverse=True)[:_YEARS_OFFERED]
    codes = [
        code for year in years for code in (f"{year}", *(f"{year}-Q{n}" for n in (1, 2, 3, 4)))
    ]
    if chosen not in codes:
        codes.append(chosen)
    return tuple(Period(code=code, current=code == chosen) for code in codes)


def _broker_lines(pack: Pack) -> Iterable[BrokerLine]:
    """Its brokers, then those who no longer are and stand behind something that is counted."""
    for one in pack.brokers:
        level = term(one.level, "broker_level") if one.level else _("not stated")
        yield _broker_line(pack, one.id, one.name, level)
    present = {one.id for one in pack.brokers}
    deeds: list[PackIntroduction | PackContract] = [*pack.introductions, *pack.contracts]
    former = {(one.broker, one.broker_id) for one in deeds if one.broker_id not in present}
    for name, key in sorted(former):
        yield _broker_line(pack, key, name, _("no longer its broker"))


def _broker_line(pack: Pack, key: int, name: str, level: str) -> BrokerLine:
    return BrokerLine(
        name=name,
        level=level,
        introductions=sum(asked.broker_id == key for asked in pack.introductions),
        contracts=sum(made.broker_id == key for made in pack.contracts),
    )


def _type_lines(contracts: Sequence[PackContract]) -> Iterable[TypeLine]:
    for code in CONTRACT_TYPES:
        of_type = [one for one in contracts if one.type == code]
        if of_type:
            yield TypeLine(
                label=term(code, "contract_type"),
                contracts=len(of_type),
                amount=sum((one.amount for one in of_type), Decimal(0)),
                technical=sum((one.technical for one in of_type), Decimal(0)),
            )


def _group(pack: Pack, one: ThresholdSet, values: Mapping[str, Decimal]) -> ThresholdGroup:
    return ThresholdGroup(
        label=one.text(locale()),
        source=one.source,
        verified=one.verified,
        lines=tuple(_threshold_line(pack, judge(each, values)) for each in one.thresholds),
    )


def _threshold_line(pack: Pack, verdict: Verdict) -> ThresholdLine:
    threshold = verdict.threshold
    code = threshold.measure
    known = verdict.value is not None
    events = tuple(one.event_id for one in pack.behind(code)) if known else ()
    return ThresholdLine(
        label=threshold.text(locale()),
        value="—" if verdict.value is None else value_text(code, verdict.value),
        least="—" if threshold.least is None else value_text(code, threshold.least),
        standing=verdict.standing,
        told=standing_text(verdict),
        lacking="" if verdict.lacking is None else value_text(code, verdict.lacking),
        href=_href(pack, code) if events else "",
        events=events,
    )


def _href(pack: Pack, code: str) -> str:
    return url_for("pack.events", public_id=pack.agency.public_id, code=code, period=pack.period)
