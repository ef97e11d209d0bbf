"""The fields of an outcome and how raw values become them."""

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
    LIST_COUNT,
    PRINCIPLE_LENGTH,
    SHORT_LENGTH,
    TITLE_LENGTH,
)
from matchmaker.domain.vocabulary import (
    CONVERSION_MODES,
    FIELDS,
    IP_KINDS,
    IP_STATUSES,
    LICENCE_KINDS,
    PRICE_MODES,
    PROVENANCES,
    STAGES,
)

# IPC: section, class, subclass, and perhaps group: C01B or C01B32/05.
_IPC: Final = re.compile(r"[A-H]\d{2}[A-Z](?:\s?\d{1,4}/\d{2,6})?")
_IP_KEYS: Final = frozenset({"kind", "number", "status", "owners"})


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeFields:
    """An outcome's clean values; names are the columns' names."""

    title: str
    summary: str
    problem_solved: str
    advantage: str
    economics: str
    description: str
    indicators: tuple[Indicator, ...]
    principle: str
    know_how: str
    stage: str | None
    trl: int | None
    trl_evidence: tuple[str, ...]
    scenes: tuple[str, ...]
    deployments: tuple[str, ...]
    keywords: tuple[str, ...]
    field: str | None
    ipc: tuple[str, ...]
    chains: tuple[str, ...]
    ip: tuple[dict[str, str], ...]
    ownership: str
    conversion_modes: tuple[str, ...]
    licence_kind: str | None
    price_mode: str | None
    price_min: Decimal | None
    price_max: Decimal | None
    use_before_pay: bool
    team: tuple[str, ...]
    registration_number: str
    provenance: str
    title_en: str
    summary_en: str
    advantage_en: str
    description_en: str
    expires_on: date | None


NAMES: Final = frozenset(OutcomeFields.__dataclass_fields__)


def clean_outcome(
    raw: Mapping[str, object],
    *,
    chains: Container[str],
    regions: Container[str],  # noqa: ARG001 - one signature for both nouns
) -> OutcomeFields:
    """Clean the raw values of an outcome; raises ``InvalidFields`` with everything that is wrong.

    ``text`` is read as ``description``. Only the title is required: a draft may lack the rest.
    """
    raw = dict(raw)
    if "text" in raw:
        raw.setdefault("description", raw.pop("text"))
    read = Cleaner(raw)
    title = read.text("title", TITLE_LENGTH, single_line=True)
    if not title and not any(problem.field == "title" for problem in read.problems):
        read.problem("title", "missing", "is missing. Say in one line what is offered.")
    price_min, price_max = read.money("price_min"), read.money("price_max")
    read.in_order("price_min", price_min, "price_max", price_max)
    made = OutcomeFields(
        title=title,
        summary=read.text("summary", SHORT_LENGTH),
        problem_solved=read.text("problem_solved", SHORT_LENGTH),
        advantage=read.text("advantage", SHORT_LENGTH),
        economics=read.text("economics", SHORT_LENGTH),
        description=read.text("description", DESCRIPTION_LENGTH),
        indicators=read.indicators("indicators"),
        principle=read.text("principle", PRINCIPLE_LENGTH),
        know_how=read.text("know_how", DESCRIPTION_LENGTH),
        stage=read.code("stage", STAGES),
        trl=read.number("trl", 1, 9),
        trl_evidence=read.lines("trl_evidence", most=LIST_COUNT),
        scenes=read.lines("scenes", most=LIST_COUNT),
        deployments=read.lines("deployments", most=LIST_COUNT),
        keywords=read.lines("keywords", longest=30, most=KEYWORDS_COUNT),
        field=read.code("field", FIELDS),
        ipc=_symbols(read),
        chains=read.members("chains", chains, "chain"),
        ip=read.objects("ip", _IP_KEYS, _right, LIST_COUNT),
        ownership=read.text("ownership", LINE_LENGTH, single_line=True),
        conversion_modes=read.codes("conversion_modes", CONVERSION_MODES),
        licence_kind=read.code("licence_kind", LICENCE_KINDS),
        price_mode=read.code("price_mode", PRICE_MODES),
        price_min=price_min,
        price_max=price_max,
        use_before_pay=read.flag("use_before_pay"),
        team=read.lines("team", longest=80, most=LIST_COUNT),
        registration_number=read.text("registration_number", 40, single_line=True),
        provenance=read.code("provenance", PROVENANCES) or "local",
        title_en=read.text("title_en", ENGLISH_TITLE_LENGTH, single_line=True),
        summary_en=read.text("summary_en", ENGLISH_LENGTH),
        advantage_en=read.text("advantage_en", ENGLISH_LENGTH),
        description_en=read.text("description_en", ENGLISH_LENGTH),
        expires_on=read.day("expires_on"),
    )
    read.finish(NAMES)
    return made


def _symbols(read: Cleaner) -> tuple[str, ...]:
    found = read.lines("ipc", longest=20, most=LIST_COUNT)
    for symbol in found:
        if not _IPC.fullmatch(symbol):
            read.problem("ipc", "wrong_shape", f"{symbol!r} is no IPC symbol such as C01B 32/05.")
    return found


def _right(read: Cleaner) -> dict[str, str]:
    """One IP right: kind, number, legal status, owners."""
    kind = read.code("kind", IP_KINDS)
    if kind is None and not read.problems:
        read.problem("kind", "missing", "is missing.")
    return {
        "kind": kind or "",
        "number": read.text("number", 60, single_line=True),
        "status": read.code("status", IP_STATUSES) or "",
        "owners": read.text("owners", LINE_LENGTH, single_line=True),
    }
