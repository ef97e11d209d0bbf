"""What each figure counts: a function from the events of one thread to the entries it makes.

A thread is a demand with everything that came of it, an outcome, an organisation with what it
published, a broker with the introductions he asked for, a match that waited too long, or a
question. District and chains are the ones that the record has today: where it belongs
is no event. Everything else is read off events.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from matchmaker.domain.contract import is_counted
from matchmaker.domain.figure import STEPS, Entry, firms_of, quarter_of

# Contract types that hand an outcome over; the others are work done together.
CONVERTING: Final = frozenset({"transfer", "licence"})
# Records that were loaded in a state to which only a decision leads.
_DECIDED: Final = frozenset({"published", "returned", "expired"})
_CLOSING: Final = {"decline": "introductions_declined", "lapse": "introductions_lapsed"}
# What counts a question, by the last that was done about it.
_QUESTIONS: Final = {
    "ask": "questions_waiting",
    "answer": "questions_answered",
    "lapse": "questions_lapsed",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """An audit event as figures read it; ``day`` is the day that it notes itself, if any.

    ``because`` is what else closed something that nobody let lapse.
    """

    id: int
    at: datetime
    noun: str
    record_id: int
    action: str
    state_to: str | None = None
    day: date | None = None
    because: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The latest revision of a contract, and where its seller is."""

    type: str | None
    amount: Decimal
    related: bool
    seller: str = ""
    seller_local: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """What belongs together: its events in order, and where it belongs."""

    noun: str  # demand | outcome | organisation | user | match | question
    id: int
    events: Sequence[Event]
    region: str = ""
    local: bool = False
    chains: tuple[str, ...] = ()
    kind: str = ""  # of an organisation
    level: str | None = None  # its step on the ladder
    terms: Mapping[int, Terms] = field(default_factory=dict)  # by contract


def entries(thread: Thread, zone: ZoneInfo) -> tuple[Entry, ...]:
    """Everything that the figures count in a thread."""
    return tuple(_COUNTS[thread.noun](_Reader(thread, zone)))


def published(event: Event) -> bool:
    """Whether an event makes a record public."""
    decided = event.action in ("publish", "approve", "import")
    return decided or (event.action == "load" and event.state_to == "published")


class _Reader:
    """A thread with shorthands for making entries of it."""

    def __init__(self, thread: Thread, zone: ZoneInfo) -> None:
        self.thread = thread
        self.events = thread.events
        self._zone = zone

    def day(self, event: Event) -> date:
        """The day of an event, in the platform's zone."""
        return event.at.astimezone(self._zone).date()

    def entry(self, figure: str, event: Event, *, since: Event | None = None) -> Entry:
        """An entry of the day on which the event happened."""
        day = self.day(event)
        return Entry(
            figure=figure,
            event_id=event.id,
            day=day,
            quarter=quarter_of(day),
            region=self.thread.region,
            chains=self.thread.chains,
            waited=int((event.at - since.at).total_seconds()) if since else None,
        )

    def first(self, wanted: Callable[[Event], bool]) -> Event | None:
        """The first event of a kind."""
        return next(filter(wanted, self.events), None)

    def all(self, noun: str, *actions: str) -> Iterator[Event]:
        """All events of a noun with one of some actions."""
        return (one for one in self.events if one.noun == noun and one.action in actions)

    def each(self, noun: str) -> Mapping[int, list[Event]]:
        """The events of every record of a noun, by record."""
        found: dict[int, list[Event]] = {}
        for one in self.events:
            if one.noun == noun:
                found.setdefault(one.record_id, []).append(one)
        return found


def _demand(read: _Reader) -> Iterator[Entry]:
    yield from _funnel(read)
    yield from _contracts(read)
    yield from _life(read, "demand", "submitted")
    yield from _answers(read)
    for noun, action, figure in (
        ("engagement", "rest", "talks_dormant"),
        ("engagement", "lose", "talks_lost"),
        ("next_step", "ask", "none_found"),
    ):
        for one in read.all(noun, action):
            yield read.entry(figure, one)


def _outcome(read: _Reader) -> Iterator[Entry]:
    yield from _life(read, "outcome", "institution_review")


def _organisation(read: _Reader) -> Iterator[Entry]:
    first = read.first(published)
    if first is None:
        return
    if read.thread.kind == "company":
        yield read.entry("firms", first)
        yield read.entry(firms_of(read.thread.level), first)
    elif read.thread.kind == "institution":
        yield read.entry("institutions", first)


def _user(read: _Reader) -> Iterator[Entry]:
    first = next(read.all("introduction", "ask"), None)
    if first is not None:
        yield read.entry("brokers", first)


def _match(read: _Reader) -> Iterator[Entry]:
    for one in read.all("match", "escalate"):
        yield read.entry("reviews_overdue", one)


def _question(read: _Reader) -> Iterator[Entry]:
    last = read.events[-1] if read.events else None
    if last is not None and last.action in _QUESTIONS and not last.because:
        since = read.events[0] if last.action == "answer" else None
        yield read.entry(_QUESTIONS[last.action], last, since=since)


_COUNTS: Final[Mapping[str, Callable[[_Reader], Iterator[Entry]]]] = {
    "demand": _demand,
    "outcome": _outcome,
    "organisation": _organisation,
    "user": _user,
    "match": _match,
    "question": _question,
}


def _funnel(read: _Reader) -> Iterator[Entry]:
    """The steps that the demand has come to, without a gap, under the quarter of the first."""
    contracts = _standing(read)
    found = (
        read.first(_submitted),
        read.first(_triaged),
        next(read.all("introduction", "ask"), None),
        next(read.all("introduction", "conclude"), None),
        min((signed for signed, _ in contracts), key=_place, default=None),
        min((done for _, done in contracts if done), key=_place, default=None),
    )
    start = before = found[0]
    for step, event in zip(STEPS, found, strict=True):
        if start is None or event is None:
            return
        since = before if step != STEPS[0] else None
        yield replace(read.entry(step, event, since=since), quarter=quarter_of(read.day(start)))
        before = event


def _submitted(event: Event) -> bool:
    if event.noun != "demand":
        return False
    in_review = event.action == "load" and event.state_to == "submitted"
    return event.action == "submit" or in_review or _triaged(event)


def _triaged(event: Event) -> bool:
    if event.noun != "demand":
        return False
    loaded = event.action == "load" and event.state_to in _DECIDED
    return event.action in ("publish", "return", "import") or loaded


def _place(event: Event) -> int:
    return event.id


def _standing(read: _Reader) -> list[tuple[Event, Event | None]]:
    """The contracts that stand between unrelated parties: how signed, and how registered."""
    found = []
    for key, events in read.each("contract").items():
        terms, state = read.thread.terms.get(key), _state(events)
        if terms is None or terms.related or state not in ("signed", "registered"):
            continue
        counted = is_counted(state, related=terms.related)
        signed, done = _last(events, "sign"), _last(events, "register") if counted else None
        if signed is not None:
            found.append((signed, done))
    return found


def _contracts(read: _Reader) -> Iterator[Entry]:
    """Turnover of what counts, by the day of registration; and how many do not count."""
    for key, events in read.each("contract").items():
        terms, state, event = read.thread.terms.get(key), _state(events), _last(events, "register")
        if terms is None or event is None or state != "registered":
            continue
        days = [one.day for one in events if one.day is not None]
        day = days[-1] if days else read.day(event)
        made = replace(read.entry("related", event), day=day, quarter=quarter_of(day))
        if not is_counted(state, related=terms.related):
            yield made
            continue
        made = replace(made, amount=terms.amount)
        yield replace(made, figure="turnover")
        if terms.seller_local:
            yield replace(made, figure="turnover_out", region=terms.seller)
        if read.thread.local:
            yield replace(made, figure="turnover_in")
        yield replace(made, figure="conversions" if terms.type in CONVERTING else "cooperation")


def _life(read: _Reader, noun: str, in_review: str) -> Iterator[Entry]:
    """When a record was first public, how often it expired, and whether it waits for a decision."""
    events = [one for one in read.events if one.noun == noun]
    first = next(filter(published, events), None)
    if first is not None:
        yield read.entry(f"{noun}s_published", first)
    for one in read.all(noun, "expire"):
        yield read.entry(f"{noun}s_expired", one)
    if events and _state(events) == in_review:
        asked = [one for one in events if one.state_to == in_review]
        yield read.entry(f"{noun}s_waiting", asked[-1])


def _answers(read: _Reader) -> Iterator[Entry]:
    """What was asked of a side: answered and how quickly, declined, lapsed, still waiting."""
    for events in read.each("introduction").values():
        asked = events[0]
        for one in events[1:]:
            answered = one.action in ("accept", "decline")
            if answered:
                yield read.entry("introductions_answered", one, since=asked)
            if one.action in _CLOSING and not one.because:
                yield read.entry(_CLOSING[one.action], one)
        if _state(events) == "asked":
            yield read.entry("introductions_waiting", asked)
    for events in read.each("next_step").values():
        if _state(events) == "open":
            yield read.entry("requests_waiting", events[0])


def _state(events: Sequence[Event]) -> str | None:
    """The state that the last of some events has led to."""
    return next((one.state_to for one in reversed(events) if one.state_to), None)


def _last(events: Sequence[Event], action: str) -> Event | None:
    return next((one for one in reversed(events) if one.action == action), None)
