"""The fields of a demand and how raw values become them."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from matchmaker.domain.fields import Cleaner
from matchmaker.domain.indicator import Indicator
from matchmaker.domain.record import (
    DESCRIPTION_LENGTH,
    ENGLISH_LENGTH,
    ENGLISH_TITLE_LENGTH,
    KEYWORDS_COUNT,
    LINE_LENGTH,
    SHORT_LENGTH,
    TITLE_LENGTH,
)
from matchmaker.domain.vocabulary import (
    CLARITIES,
    DEMAND_KINDS,
    DISCLOSURES,
    FIELDS,
    SOLUTION_MODES,
)

_INDUSTRY: Final = re.compile(r"[A-T]|[A-T]?\d{2,4}")  # GB/T 4754: section, or 2 to 4 digits


@dataclass(frozen=True, slots=True, kw_only=True)
class DemandFields:
    """A demand's clean values; names are the columns' names."""

    title: str
    kind: str | None
    problem: str
    key_technology: str
    target: str
    description: str
    indicators: tuple[Indicator, ...]
    current_state: str
    constraints: str
    keywords: tuple[str, ...]
    field: str | None
    industry: str
    chains: tuple[str, ...]
    solution_mode: str | None
    budget_min: Decimal | None
    budget_max: Decimal | None
    period_months: int | None
    lowest_trl: int | None
    region_preference: str | None
    partner_wanted: str
    ip_expectation: str
    disclosure: str
    recipients: tuple[str, ...]
    clarity: str | None
    title_en: str
    summary_en: str
    target_en: str
    description_en: str
    expires_on: date | None


NAMES: Final = frozenset(DemandFields.__dataclass_fields__)


def clean_demand(
    raw: Mapping[str, object], *, chains: Container[str], regions: Container[str]
) -> DemandFields:
    """Clean the raw values of a demand; raises ``InvalidFields`` with everything that is wrong.

    ``text`` is read as ``description``. Only the title is required: a draft may lack the rest.
    """
    raw = dict(raw)
    if "text" in raw:
        raw.setdefault("description", raw.pop("text"))
    read = Cleaner(raw)
    title = read.text("title", TITLE_LENGTH, single_line=True)
    if not title and not any(problem.field == "title" for problem in read.problems):
        read.problem("title", "missing", "is missing. Say in one line what is wanted.")
    budget_min, budget_max = read.money("budget_min"), read.money("budget_max")
    read.in_order("budget_min", budget_min, "budget_max", budget_max)
    disclosure = read.code("disclosure", DISCLOSURES) or "public"
    recipients = read.lines("recipients", longest=LINE_LENGTH, most=50)
    if recipients and disclosure != "directed":
        read.problem("recipients", "not_directed", "may be named for a directed demand only.")
    made = DemandFields(
        title=title,
        kind=read.code("kind", DEMAND_KINDS),
        problem=read.text("problem", SHORT_LENGTH),
        key_technology=read.text("key_technology", SHORT_LENGTH),
        target=read.text("target", SHORT_LENGTH),
        description=read.text("description", DESCRIPTION_LENGTH),
        indicators=read.indicators("indicators"),
        current_state=read.text("current_state", DESCRIPTION_LENGTH),
        constraints=read.text("constraints", SHORT_LENGTH),
        keywords=read.lines("keywords", longest=30, most=KEYWORDS_COUNT),
        field=read.code("field", FIELDS),
        industry=read.shaped("industry", _INDUSTRY, "GB/T 4754 code", 5),
        chains=read.members("chains", chains, "chain"),
        solution_mode=read.code("solution_mode", SOLUTION_MODES),
        budget_min=budget_min,
        budget_max=budget_max,
        period_months=read.number("period_months", 1, 240),
        lowest_trl=read.number("lowest_trl", 1, 9),
        region_preference=read.member("region_preference", regions, "region"),
        partner_wanted=read.text("partner_wanted", SHORT_LENGTH),
        ip_expectation=read.text("ip_expectation", LINE_LENGTH, single_line=True),
        disclosure=disclosure,
        recipients=recipients,
        clarity=read.code("clarity", CLARITIES),
        title_en=read.text("title_en", ENGLISH_TITLE_LENGTH, single_line=True),
        summary_en=read.text("summary_en", ENGLISH_LENGTH),
        target_en=read.text("target_en", ENGLISH_LENGTH),
        description_en=read.text("description_en", ENGLISH_LENGTH),
        expires_on=read.day("expires_on"),
    )
    read.finish(NAMES)
    return made
