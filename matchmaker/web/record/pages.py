"""Pages that demands and outcomes share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, ClassVar

from matchmaker.domain.revision import Piece
from matchmaker.store.queries.challenge import CallOfDemand
from matchmaker.store.queries.match import Suggestion
from matchmaker.store.queries.record import OwnRecords, OwnRow, Step
from matchmaker.web.pages import Page
from matchmaker.web.record.firm import Firm
from matchmaker.web.record.forms import RecordForm, StartForm

if TYPE_CHECKING:
    from matchmaker.services.duplicate import Near
    from matchmaker.services.suggestion import LiveSuggestion
    from matchmaker.web.advice.block import Advice
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


@dataclass(frozen=True, slots=True)
class StepLine:
    """A step of a form: what it is about, and how much of it is missing or to be changed."""

    code: str
    label: str
    missing: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something about a field, with a link to it."""

    href: str
    label: str
    text: str
    required: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LeakLine:
    """Words of an anonymous record that would name somebody."""

    key: str
    href: str
    label: str
    words: str
    kind: str
    certain: bool
    confirmed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """An indicator found in the text, as a row of the form would hold it."""

    text: str
    name: str
    comparator: str
    value: str
    value_high: str
    unit: str
    condition: str


@dataclass(frozen=True, slots=True)
class ChainOffer:
    """A chain that the text speaks for and that is not chosen yet, and by which words."""

    code: str
    percent: int
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Assistance:
    """What helps an author while writing."""

    steps: tuple[StepLine, ...]
    percent: int
    lacks: tuple[Finding, ...]
    complaints: tuple[Finding, ...]
    leaks: tuple[LeakLine, ...]
    anonymous: bool
    offers: tuple[Offer, ...]
    chains: tuple[ChainOffer, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeLine:
    """A field that changed since the record was returned, in pieces of old and new text."""

    label: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Resubmission:
    """Why a record was returned, when, and what has changed since."""

    at: datetime
    note: str
    changes: tuple[ChangeLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewCheck:
    """What the check finds in a record that waits for this reviewer."""

    complaints: tuple[Finding, ...]
    leaks: tuple[LeakLine, ...]


@dataclass(frozen=True, kw_only=True)
class RecordPage(Page):
    """One demand or outcome; ``suggestions`` are None while it takes no part in matching.

    ``next_steps`` are there for the people of a published demand, ``check`` for who reviews it.
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
    advice: tuple[Advice, ...]
    response: str
    resubmission: Resubmission | None
    check: ReviewCheck | None
    diagnosable: bool
    reusable: bool
    confidential: ConfidentialCard | None
    consortium: bool
    call: CallOfDemand | None
    challengeable: bool
    profile: bool
    note: str
    error: str


@dataclass(frozen=True, kw_only=True)
class DemandFormPage(Page):
    """Writing a demand."""

    template: ClassVar = "demand/form.html"

    firm: Firm | None  # for which a specialist writes it
    form: RecordForm
    public_id: str | None
    submittable: bool
    verified: bool
    reasons: str
    general: tuple[str, ...]
    conflict: tuple[Difference, ...]
    filled: tuple[str, ...]
    assistance: Assistance


@dataclass(frozen=True, kw_only=True)
class OutcomeFormPage(Page):
    """Writing an outcome."""

    template: ClassVar = "outcome/form.html"

    form: RecordForm
    public_id: str | None
    submittable: bool
    verified: bool
    reasons: str
    general: tuple[str, ...]
    conflict: tuple[Difference, ...]
    filled: tuple[str, ...]
    assistance: Assistance


@dataclass(frozen=True, kw_only=True)
class AssistancePage(Page):
    """The parts of a form page that follow what is typed, alone."""

    template: ClassVar = "record/assistance.html"

    assistance: Assistance


@dataclass(frozen=True, kw_only=True)
class SavedPage(Page):
    """What became of saving in the background; ``problem`` is empty where it went well."""

    template: ClassVar = "record/saved.html"

    address: str
    version: str
    at: datetime
    problem: str


@dataclass(frozen=True, kw_only=True)
class StartPage(Page):
    """Ways to start: a paragraph, a document, an earlier record."""

    template: ClassVar = "record/start.html"

    noun: str
    form: StartForm
    earlier: tuple[OwnRow, ...]
    size_limit: int


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
    text: str
    state: str
    states: tuple[str, ...]
    number: int
    count: int
    previous: str
    next: str


@dataclass(frozen=True, kw_only=True)
class WaitingPage(Page):
    """Records that wait for review."""

    template: ClassVar = "record/waiting.html"

    demands: OwnRecords
    outcomes: OwnRecords
