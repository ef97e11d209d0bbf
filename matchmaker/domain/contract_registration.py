"""Signing and registering a contract: days in order, and the sixteen digits of the number."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from matchmaker.domain.fields import Cleaner

NUMBER_LENGTH: Final = 16
OFFICE_LENGTH: Final = 100
_SHA256: Final = re.compile(r"[0-9a-f]{64}")
# First two digits of the national codes of administrative divisions.
_PROVINCES: Final = frozenset(
    str(code)
    for codes in (range(11, 16), range(21, 24), range(31, 38), range(41, 47), range(50, 55))
    for code in codes
) | {"61", "62", "63", "64", "65", "71", "81", "82", "99"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """When a contract was signed, and the checksum of its scanned copy if there is one."""

    signed_on: date
    scan_sha256: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """What the registration office's certificate says."""

    number: str
    registered_on: date
    office: str


def clean_signature(raw: Mapping[str, object], *, today: date) -> Signature:
    """Clean what is entered about the signatures; raises ``InvalidFields``."""
    read = Cleaner({**raw, "scan_sha256": str(raw.get("scan_sha256") or "").strip().lower()})
    signed_on = _past_day(read, "signed_on", today)
    scan = read.shaped("scan_sha256", _SHA256, "SHA-256 checksum", 64)
    read.finish(("signed_on", "scan_sha256"))
    assert signed_on is not None  # a missing day is a problem, and problems were raised
    return Signature(signed_on=signed_on, scan_sha256=scan)


def clean_registration(
    raw: Mapping[str, object], *, signed_on: date | None, today: date
) -> Registration:
    """Clean what is entered about a registration; raises ``InvalidFields``."""
    read = Cleaner({**raw, "number": plain_number(str(raw.get("number") or ""))})
    number = read.text("number", 200, single_line=True)
    if not number:
        read.problem("number", "missing", "is missing.")
    elif not is_number(number):
        message = f"has {len(number)} characters; a registration number has 16 digits."
        read.problem("number", "not_sixteen_digits", message, length=len(number))
    registered_on = _past_day(read, "registered_on", today)
    if registered_on and signed_on and registered_on < signed_on:
        read.problem("registered_on", "before_signed", "lies before the day of the signatures.")
    office = read.text("office", OFFICE_LENGTH, single_line=True)
    if not office:
        read.problem("office", "missing", "is missing.")
    read.finish(("number", "registered_on", "office"))
    assert registered_on is not None  # as above
    return Registration(number=number, registered_on=registered_on, office=office)


def plain_number(written: str) -> str:
    """A registration number as people type it, without blanks and hyphens, in ASCII digits."""
    folded = unicodedata.normalize("NFKC", written)
    return "".join(one for one in folded if not one.isspace() and one not in "-‐‑–—·.")


def is_number(number: str) -> bool:
    """Whether a registration number has its sixteen digits: the one rule that refuses."""
    return len(number) == NUMBER_LENGTH and number.isascii() and number.isdigit()


def number_doubts(number: str, registered_on: date) -> tuple[str, ...]:
    """What looks unusual about a number: a reason to look again, never to refuse it.

    Numbers usually begin with the year of registration and the code of a province; no published
    rule was found that says they must.
    """
    found = []
    if number[:4] != str(registered_on.year):
        found.append("year")
    if number[4:6] not in _PROVINCES:
        found.append("region")
    return tuple(found)


def _past_day(read: Cleaner, name: str, today: date) -> date | None:
    """A day that has come; a missing one is a problem."""
    before = len(read.problems)
    day = read.day(name)
    if day is None and len(read.problems) == before:
        read.problem(name, "missing", "is missing.")
    if day is not None and day > today:
        read.problem(name, "in_the_future", "has not come yet.")
    return day
