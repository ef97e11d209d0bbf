"""The page of a demand's diagnosis."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from matchmaker.store.queries.secondment import DiagnosisRow
from matchmaker.web.engagement.problems import Filled
from matchmaker.web.pages import Page
from matchmaker.web.record.pages import Finding, ReviewCheck


@dataclass(frozen=True, kw_only=True)
class DiagnosisPage(Page):
    """What a demand lacks, what the check finds, and what specialists said of it."""

    template: ClassVar = "diagnosis/show.html"

    public_id: str
    title: str
    state: str
    firm: str
    percent: int
    lacks: tuple[Finding, ...]
    check: ReviewCheck
    rows: tuple[DiagnosisRow, ...]
    gives: bool
    amends: bool
    edits: bool
    submits: bool
    filled: Filled
