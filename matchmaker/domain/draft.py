"""A record while it is written: its values by field, whether typed in a form or stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from matchmaker.domain.indicator import Indicator

# The public text that readers see, in the order of the forms.
PUBLIC_TEXTS: Final = {
    "demand": (
        "title",
        "problem",
        "key_technology",
        "target",
        "indicators",
        "constraints",
        "description",
        "keywords",
        "ip_expectation",
        "title_en",
        "summary_en",
        "target_en",
        "description_en",
    ),
    "outcome": (
        "title",
        "summary",
        "problem_solved",
        "advantage",
        "economics",
        "indicators",
        "scenes",
        "description",
        "deployments",
        "keywords",
        "title_en",
        "summary_en",
        "advantage_en",
        "description_en",
    ),
}
# The long ones. A demand's problem tells what is, not what is wanted: its figures do not count.
FIGURES: Final = {
    "demand": ("key_technology", "target", "constraints", "description"),
    "outcome": ("summary", "problem_solved", "advantage", "economics", "description"),
}
PROSE: Final = {
    "demand": ("problem", "key_technology", "target", "constraints", "description"),
    "outcome": ("summary", "problem_solved", "advantage", "economics", "description"),
}


def plain_text(value: object) -> str:
    """A value as text: lists as lines, an indicator by the words its author wrote."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, Indicator):
        return " ".join(filter(None, (value.name, value.unit, value.condition)))
    if isinstance(value, Mapping):
        words = (str(value.get(key) or "") for key in ("name", "unit", "condition"))
        return " ".join(filter(None, words))
    if isinstance(value, Sequence):
        return "\n".join(filter(None, map(plain_text, value)))
    return str(value)


def public_texts(noun: str, values: Mapping[str, object]) -> dict[str, str]:
    """The public texts of a record by field, without the empty ones."""
    found = {name: plain_text(values.get(name)).strip() for name in PUBLIC_TEXTS[noun]}
    return {name: text for name, text in found.items() if text}


def prose(noun: str, values: Mapping[str, object]) -> str:
    """The long public texts as one."""
    return _joined(PROSE[noun], values)


def figures_text(noun: str, values: Mapping[str, object]) -> str:
    """The texts in which indicators are looked for."""
    return _joined(FIGURES[noun], values)


def _joined(names: Sequence[str], values: Mapping[str, object]) -> str:
    texts = (plain_text(values.get(name)) for name in names)
    return "\n".join(filter(None, texts))
