"""Rules for questions that a broker asks one side of a match."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from matchmaker.domain.errors import Invalid
from matchmaker.domain.text import tidy, unclean_character

ANSWER_DAYS: Final = 5  # working days until a question lapses by itself
TEXT_LENGTH: Final = 500
SIDES: Final = ("demand", "outcome")
# What stands at the ends of company names and tells nothing.
_FORMS: Final = (
    "集团股份有限公司",
    "股份有限公司",
    "有限责任公司",
    "集团有限公司",
    "有限公司",
    "公司",
    "集团",
)
_SHORTEST_NAME: Final = 3
_BLOT: Final = "＊＊＊"


def clean_text(text: str, field: str) -> str:
    """A question or answer, tidied; raises ``Invalid`` where it is empty, too long or unclean."""
    cleaned = tidy(text)
    if not cleaned:
        msg = "Write something."
        raise Invalid(msg, {field: "missing"})
    if unclean_character(cleaned):
        msg = "The text holds characters that cannot be kept."
        raise Invalid(msg, {field: "unclean"})
    if len(cleaned) > TEXT_LENGTH:
        msg = f"The text has {len(cleaned)} characters; at most {TEXT_LENGTH} are possible."
        raise Invalid(msg, {field: "too_long"})
    return cleaned


def names_one_of(text: str, names: Iterable[str]) -> bool:
    """Whether a text says one of the names of an organisation, whole or without its legal form."""
    return any(_pattern(form).search(text) for name in names for form in _forms(name))


def without_names(text: str, names: Iterable[str]) -> str:
    """A text in which the names of an organisation are blotted out."""
    for name in names:
        for form in _forms(name):
            text = _pattern(form).sub(_BLOT, text)
    return text


def _forms(name: str) -> list[str]:
    """A name, and the name without its legal form; nothing that is too short to tell."""
    whole = "".join(name.split())
    short = next((whole.removesuffix(form) for form in _FORMS if whole.endswith(form)), whole)
    return [one for one in dict.fromkeys((whole, short)) if len(one) >= _SHORTEST_NAME]


def _pattern(name: str) -> re.Pattern[str]:
    """A name however it is spaced and in whatever case."""
    return re.compile(r"\s*".join(map(re.escape, name)), re.IGNORECASE)
