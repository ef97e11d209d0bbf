"""Pages that demands and outcomes share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, ClassVar

from matchmaker.store.queries.match import Suggestion
from matchmaker.store.queries.record import OwnRow, Step
from matchmaker.web.pages import Page
from matchmaker.web.record.forms import RecordForm

if TYPE_CHECKING:
    from matchmaker.services.duplicate import Near
    from matchmaker.services.suggestion import LiveSuggestion
    from matchmaker.web.disclosure.pages import ConfidentialCard
    from matchmaker.web.next_step.pages import NextSteps


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A text of a record under its heading."""

    heading: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One line of a record's facts."""

    label: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorRow:
    """An indicator as a table shows it."""

    name: str
    requirement: str
    condition: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordView:
    """A demand or outcome as its page shows it; only what this reader may see is in it.

    ``texts`` come before the indicators and ``more`` after them; ``lead`` are the facts that decide
    whether to read on, ``facts`` the others.
    """

    noun: str
    public_id: str
    title: str
    state: str
    state_note: str
    origin: str
    organisation_name: str | None
    organisation_id: str | None
    disclosure: str
    chains: tuple[str, ...]
    keywords: tuple[str, ...]
    texts: tuple[Text, ...]
    more: tuple[Text, ...]
    redacted: tuple[Text, ...]
    lead: tuple[Fact, ...]
    facts: tuple[Fact, ...]
    indicators: tuple[IndicatorRow, ...]
    published_at: datetime | None
    expires_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A field in which two editors differ: what the other saved, what was typed here."""

    label: str
    theirs: str
    yours: str


@dataclass(frozen=True, kw_only=True)
class RecordPage(Page):
    """One demand or outcome; ``suggestions`` are None while it takes no part in matching.

    ``next_steps`` are there for the people of a published demand.
    """

    template: ClassVar = "record/show.html"

    record: RecordView
    actions: tuple[str, ...]
    is_own: bool
    steps: tuple[Step, ...]
    suggestions: tuple[Suggestion, ...] | None
    live: tuple[LiveSuggestion, ...]
    near: tuple[Near, ...]
    next_steps: NextSteps | None
    confidential: ConfidentialCard | None
    note: str
    error: str


@dataclass(frozen=True, kw_only=True)
class DemandFormPage(Page):
    """Writing a demand."""

    template: ClassVar = "demand/form.html"

    form: RecordForm
    public_id: str | None
    submittable: bool
    verified: bool
    general: tuple[str, ...]
    conflict: tuple[Difference, ...]


@dataclass(frozen=True, kw_only=True)
class OutcomeFormPage(Page):
    """Writing an outcome."""

    template: ClassVar = "outcome/form.html"

    form: RecordForm
    public_id: str | None
    submittable: bool
    verified: bool
    general: tuple[str, ...]
    conflict: tuple[Difference, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnEntry:
    """One of one's own records, what can be done with it, and whether a reviewer is to act."""

    row: OwnRow
    actions: tuple[str, ...]
    in_review: bool


@dataclass(frozen=True, kw_only=True)
class OwnPage(Page):
    """One's own demands or outcomes."""

    template: ClassVar = "record/own.html"

    noun: str
    entries: tuple[OwnEntry, ...]
    may_create: bool


@dataclass(frozen=True, kw_only=True)
class WaitingPage(Page):
    """Records that wait for review."""

    template: ClassVar = "record/waiting.html"

    demands: tuple[OwnRow, ...]
    outcomes: tuple[OwnRow, ...]
