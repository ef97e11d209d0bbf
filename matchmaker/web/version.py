"""The version of a record that a form was made from: a lost race is told, never overwritten."""

from __future__ import annotations

from typing import Final

from flask import request

NONE_TOLD: Final = -1  # no record has it
_DIGITS: Final = 9


def version_of(written: str | None) -> int:
    """A version as a form sends it; :data:`NONE_TOLD` where that is no number."""
    told = written or ""
    if told.isascii() and told.isdigit() and len(told) <= _DIGITS:
        return int(told)
    return NONE_TOLD


def version_from_form(name: str = "version") -> int:
    """That of the form that was sent."""
    return version_of(request.form.get(name))
