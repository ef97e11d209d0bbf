"""Pages about questions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from matchmaker.store.queries.question import QuestionRow
from matchmaker.web.match_review.clocks import Clock
from matchmaker.web.pages import Page, Tab


@dataclass(frozen=True, kw_only=True)
class QuestionsPage(Page):
    """The questions to one's organisation, with a field for each answer."""

    template: ClassVar = "question/list.html"

    rows: tuple[QuestionRow, ...]
    clocks: Mapping[str, Clock]
    tabs: tuple[Tab, ...]
    error: str
    number: int
    count: int
    previous: str
    next: str
