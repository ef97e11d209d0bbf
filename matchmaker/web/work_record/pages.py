"""The page of a broker's record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import ClassVar

from matchmaker.web.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordLine:
    """One line of the table: a count for each month, and their sum."""

    label: str
    counts: tuple[Decimal, ...]
    total: Decimal


@dataclass(frozen=True, kw_only=True)
class WorkRecordPage(Page):
    """What a broker did, month by month."""

    template: ClassVar = "work_record/show.html"

    name: str
    organisation_name: str
    months: tuple[str, ...]
    lines: tuple[RecordLine, ...]
    responses: tuple[str, ...]
    response: str
    made_at: datetime
