"""A profile in words: call within ``speaking("en")``, for the sheet is read abroad."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from matchmaker.domain.profile import BLOT
from matchmaker.integrations.pdf import Document, Section
from matchmaker.services.profile import Profile, ProfileText
from matchmaker.services.record import noun_of
from matchmaker.store.demand import Demand
from matchmaker.store.outcome import Outcome
from matchmaker.web.i18n import gettext as _
from matchmaker.web.i18n import money, term, write_date
from matchmaker.web.platform import matchmaker
from matchmaker.web.profile.pages import ProfileSection, ProfileSheet

_INDICATORS = 10


def sheet_of(profile: Profile, now: datetime) -> ProfileSheet:
    """The sheet of a record."""
    record = profile.record
    noun = noun_of(record)
    missing = [one for one in (profile.title, *profile.texts) if not one.english]
    request = _("Technology request") if noun == "demand" else _("Technology offer")
    return ProfileSheet(
        above=f"{request} · {_('Reference')} {profile.reference}",
        title=profile.title.text,
        title_lang=_lang(profile.title),
        facts=tuple((label, value) for label, value in _facts(profile) if value),
        sections=tuple(
            ProfileSection(heading=heading_text(noun, one.code), text=one.text, lang=_lang(one))
            for one in profile.texts
        ),
        indicators_heading=_("Indicators"),
        indicators=profile.indicators[:_INDICATORS],
        note=_(
            "The author has not written these parts in English; they stand in the language of the "
            "record: %(parts)s.",
            parts=", ".join(heading_text(noun, one.code) for one in missing),
        )
        if missing
        else "",
        footer=_(
            "Printed on %(date)s from public particulars. Names of organisations, persons and "
            "places are left out; %(blot)s marks where. Contact goes through the platform, with "
            "the reference: %(link)s",
            date=write_date(now),
            blot=BLOT,
            link=matchmaker().settings.base_url,
        ),
    )


def heading_text(noun: str, code: str) -> str:
    """What a text of a profile is about."""
    demand = noun == "demand"
    return {
        "title": _("Title"),
        "abstract": _("Abstract"),
        "description": _("Description"),
        "advantage": _("Technical specification sought")
        if demand
        else _("Advantages and innovations"),
    }[code]


def held_text(kind: str, count: int) -> str:
    """How much of a kind was held back."""
    names = {
        "organisation": _("names of organisations"),
        "person": _("names of persons"),
        "place": _("places smaller than the city"),
        "contact": _("contact data"),
        "number": _("numbers of rights or registers"),
    }
    return f"{names[kind]}: {count}"


def document_of(sheet: ProfileSheet) -> Document:
    """The sheet as a page of PDF."""
    sections = [Section(heading=one.heading, paragraphs=[one.text]) for one in sheet.sections]
    if sheet.indicators:
        sections.append(Section(heading=sheet.indicators_heading, lines=sheet.indicators))
    if sheet.note:
        sections.append(Section(heading=_("Language"), paragraphs=[sheet.note]))
    return Document(
        name=sheet.above,
        above=sheet.above,
        title=sheet.title,
        facts=sheet.facts,
        sections=sections,
        footer=sheet.footer,
        language="en",
    )


def _lang(text: ProfileText) -> str:
    return "en" if text.english else "zh-Hans"


def _facts(profile: Profile) -> Sequence[tuple[str, str]]:
    record, plan = profile.record, matchmaker().plan
    chains = ", ".join(plan.chain_by_code[one.chain_code].en for one in record.chains)
    common = [
        (_("Country"), _origin(profile)),
        (_("Technical field"), term(record.field, "field")),
        (_("Chains"), chains),
    ]
    if isinstance(record, Outcome):
        stage = " · ".join(
            filter(None, (term(record.stage, "stage"), f"TRL {record.trl}" if record.trl else ""))
        )
        return [
            *common,
            (_("Stage of development"), stage),
            (_("IPR status"), _rights(record)),
            (_("Partner sought"), _partner(record)),
            (_("Price"), _span(record.price_min, record.price_max)),
        ]
    return [
        *common,
        (_("Kind of demand"), term(record.kind, "demand_kind")),
        (_("Lowest acceptable TRL"), f"TRL {record.lowest_trl}" if record.lowest_trl else ""),
        (_("Expectation about intellectual property"), profile.expectation),
        (_("Partner sought"), term(record.solution_mode, "solution_mode")),
        (_("Budget"), _span(record.budget_min, record.budget_max)),
        (
            _("Time allowed"),
            _("%(count)s months", count=record.period_months) if record.period_months else "",
        ),
    ]


def _origin(profile: Profile) -> str:
    """The country, and the city unless that would tell of an anonymous company."""
    record = profile.record
    region = matchmaker().plan.region_by_code.get(record.organisation.region_code or "")
    local = region is not None and region.kind != "outside"
    hidden = isinstance(record, Demand) and record.disclosure == "anonymous"
    return _("China") if hidden or not local else _("China, Weihai")


def _rights(outcome: Outcome) -> str:
    """Kinds and standing of the rights, without numbers and owners."""
    counts = Counter(
        " · ".join(
            filter(None, (term(one.get("kind"), "ip_kind"), term(one.get("status"), "ip_status")))
        )
        for one in outcome.ip
    )
    return "; ".join(f"{what} ({count})" if count > 1 else what for what, count in counts.items())


def _partner(outcome: Outcome) -> str:
    modes = ", ".join(term(one.mode, "conversion_mode") for one in outcome.modes)
    licence = term(outcome.licence_kind, "licence_kind") if outcome.licence_kind else ""
    return " · ".join(filter(None, (modes, licence)))


def _span(low: Decimal | None, high: Decimal | None) -> str:
    ends = [money(one) for one in (low, high) if one is not None]
    return " – ".join(dict.fromkeys(ends))
