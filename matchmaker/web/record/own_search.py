"""What the search box above one's own records asks for."""

from __future__ import annotations

from typing import Final

from flask import request

from matchmaker.web.catalogue.address import STATES, read_query

_LENGTH: Final = 100


def own_terms(noun: str) -> tuple[str, str]:
    """The words and the state asked for; what no list offers is left out."""
    state = request.args.get("state", "")
    known = state in STATES[noun] or state == "expiring"
    return own_text(), state if known else ""


def own_text() -> str:
    """The words alone."""
    return read_query(request.args.get("text", ""))[:_LENGTH]
