"""iCalendar files (RFC 5545): one meeting, or everything that is due."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

_WIDTH: Final = 75  # octets a line


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """An entry; without ``starts_at`` it takes the whole day."""

    uid: str
    summary: str
    day: date
    starts_at: datetime | None = None
    minutes_long: int = 0
    place: str = ""
    description: str = ""
    url: str = ""
    sequence: int = 0
    cancelled: bool = False


def write(events: Sequence[Event], now: datetime) -> str:
    """A calendar of the events, with the line ends and folding that the format asks for."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Matchmaker//Matchmaker//ZH"]
    lines += ["CALSCALE:GREGORIAN", "METHOD:PUBLISH"]
    for event in events:
        lines += _event(event, now)
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line))


def _event(event: Event, now: datetime) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{event.uid}"
    yield f"DTSTAMP:{_utc(now)}"
    yield f"SEQUENCE:{event.sequence}"
    if event.starts_at is None:
        yield f"DTSTART;VALUE=DATE:{event.day:%Y%m%d}"
        yield f"DTEND;VALUE=DATE:{event.day + timedelta(days=1):%Y%m%d}"
    else:
        yield f"DTSTART:{_utc(event.starts_at)}"
        yield f"DTEND:{_utc(event.starts_at + timedelta(minutes=event.minutes_long))}"
    for name, text in (
        ("SUMMARY", event.summary),
        ("LOCATION", event.place),
        ("DESCRIPTION", event.description),
    ):
        if text:
            yield f"{name}:{_escaped(text)}"
    if event.url:
        yield f"URL:{event.url}"
    yield f"STATUS:{'CANCELLED' if event.cancelled else 'CONFIRMED'}"
    yield "END:VEVENT"


def _utc(value: datetime) -> str:
    return value.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _escaped(text: str) -> str:
    """A text as a value: separators escaped, line ends written out, nothing else that controls."""
    for plain, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        text = text.replace(plain, written)
    return "".join(one for one in text if one.isprintable())


def _folded(line: str) -> Iterator[str]:
    """Lines of at most 75 octets, broken between characters; the rest begins with a blank."""
    part, size = "", 0
    for one in line:
        width = len(one.encode())
        if size + width > _WIDTH:
            yield part
            part, size = " ", 1
        part += one
        size += width
    yield part
