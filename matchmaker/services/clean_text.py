"""Texts that people type into small forms: tidied, checked, and refused by field."""

from __future__ import annotations

from matchmaker.domain.errors import Invalid
from matchmaker.domain.text import one_line, tidy, unclean_character


def clean(
    field: str, text: str, longest: int, *, required: bool = False, single_line: bool = False
) -> str:
    """The tidied text; ``Invalid`` names the field and says missing, unclean or too_long."""
    made = one_line(text) if single_line else tidy(text)
    if required and not made:
        msg = f"{field} is missing."
        raise Invalid(msg, {field: "missing"})
    if unclean_character(made) is not None:
        msg = f"{field} holds characters that cannot be kept."
        raise Invalid(msg, {field: "unclean"})
    if len(made) > longest:
        msg = f"{field} has {len(made)} characters; at most {longest} are possible."
        raise Invalid(msg, {field: "too_long"})
    return made
