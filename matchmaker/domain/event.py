"""Events 对接会: a day of short meetings at tables, in slots of one length."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from matchmaker.domain.errors import Invalid
from matchmaker.domain.text import one_line, tidy, unclean_character

TITLE_LENGTH: Final = 100
PLACE_LENGTH: Final = 200
ABOUT_LENGTH: Final = 500
# How much there may be of what.
LIMITS: Final = {"slots": (1, 24), "tables": (1, 200), "most": (1, 24), "slot_minutes": (5, 120)}
# Pairs less likely to be usable than this are not put at a table; in thousandths.
LEAST_VALUE: Final = 150
MOST_OF_A_SIDE: Final = 300
# How far ahead an event is planned at most.
FARTHEST: Final = timedelta(days=731)
# States of an event in which invitations are answered, and in which its plan stands and is told.
ANSWERABLE: Final = frozenset({"inviting", "planned"})
TOLD: Final = frozenset({"announced", "held"})
# What a table plan rests on: once one of these is another, the plan has to be made anew.
PLANNED_ON: Final = ("starts_at", "slot_minutes", "slots", "tables", "most")


@dataclass(frozen=True, slots=True, kw_only=True)
class EventFields:
    """What an organiser says of an event."""

    title: str
    place: str
    about: str
    starts_at: datetime
    slot_minutes: int
    slots: int
    tables: int
    most: int  # meetings of one party

    def checked(self, now: datetime) -> EventFields:
        """The fields with tidy texts; ``Invalid`` names each that cannot be."""
        problems: dict[str, str] = {}
        texts = {"title": TITLE_LENGTH, "place": PLACE_LENGTH, "about": ABOUT_LENGTH}
        made = {"title": one_line(self.title), "place": one_line(self.place)}
        made["about"] = tidy(self.about)
        for name, longest in texts.items():
            if name != "about" and not made[name]:
                problems[name] = "missing"
            elif unclean_character(made[name]) is not None:
                problems[name] = "unclean"
            elif len(made[name]) > longest:
                problems[name] = "too_long"
        for name, (low, high) in LIMITS.items():
            if not low <= getattr(self, name) <= high:
                problems[name] = "out_of_limits"
        if self.starts_at < now:
            problems["starts_at"] = "time_over"
        elif self.starts_at > now + FARTHEST:
            problems["starts_at"] = "too_far"
        if problems:
            msg = f"These fields of the event cannot be kept: {', '.join(sorted(problems))}."
            raise Invalid(msg, problems)
        return EventFields(
            **made,
            starts_at=self.starts_at.replace(second=0, microsecond=0),  # as the form shows it
            slot_minutes=self.slot_minutes,
            slots=self.slots,
            tables=self.tables,
            most=min(self.most, self.slots),
        )


def may_take_back(state: str, answer: str, starts_at: datetime, now: datetime) -> bool:
    """Whether who comes to an announced event may still say otherwise: until it begins."""
    return state == "announced" and answer == "coming" and now < starts_at


def slot_start(starts_at: datetime, slot_minutes: int, slot: int) -> datetime:
    """When a slot begins; slots follow each other."""
    return starts_at + timedelta(minutes=slot_minutes * slot)


def free_slots(chosen: Iterable[int], slots: int) -> list[int]:
    """The slots of a calendar, ascending; those that the event does not have are left out."""
    return sorted({slot for slot in chosen if 0 <= slot < slots})


def still_free(free: Iterable[int], before: EventFields, after: EventFields) -> list[int]:
    """The slots of an event as it is now that lie within the time given when it was as before."""
    given = [
        (
            slot_start(before.starts_at, before.slot_minutes, slot),
            slot_start(before.starts_at, before.slot_minutes, slot + 1),
        )
        for slot in free_slots(free, before.slots)
    ]
    found = []
    for slot in range(after.slots):
        reached = slot_start(after.starts_at, after.slot_minutes, slot)
        for begin, end in given:
            if begin <= reached < end:
                reached = end
        if reached >= slot_start(after.starts_at, after.slot_minutes, slot + 1):
            found.append(slot)
    return found


def seated(meetings: Sequence[tuple[int, int, int]]) -> list[int]:
    """The table of each meeting (slot, firm, team), numbered from 1.

    Firms keep their table from one slot to the next where it is free, and teams walk.
    """
    tables: dict[int, int] = {}  # by place in `meetings`
    home: dict[int, int] = {}
    order = sorted(range(len(meetings)), key=lambda place: meetings[place])
    for slot in sorted({one[0] for one in meetings}):
        here = [place for place in order if meetings[place][0] == slot]
        taken: set[int] = set()
        settled = [
            place for place in here if home.get(meetings[place][1], 0) in range(1, len(here) + 1)
        ]
        for place in [*settled, *(place for place in here if place not in settled)]:
            firm = meetings[place][1]
            wanted = home.get(firm, 1)
            if wanted in taken or wanted > len(here):
                wanted = next(n for n in range(1, len(here) + 1) if n not in taken)
            taken.add(wanted)
            tables[place] = home[firm] = wanted
    return [tables[place] for place in range(len(meetings))]
