"""Filling a record's fields from a text or a filled-in form, for its author to correct.

Nothing is guessed that the text does not say, and nothing is lost: what finds no field of its own
stays in the description. Telephone numbers, addresses and names of contact persons are left out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from matchmaker.domain import extraction_facts as facts
from matchmaker.domain.contact_data import without_contacts
from matchmaker.domain.extraction_roles import Roles, demand_roles, outcome_roles, title_of
from matchmaker.domain.form_document import Line, read_form
from matchmaker.domain.indicator import Indicator
from matchmaker.domain.indicator_text import find_indicators
from matchmaker.domain.plan import Plan
from matchmaker.domain.record import (
    DESCRIPTION_LENGTH,
    INDICATORS_COUNT,
    KEYWORDS_COUNT,
    LINE_LENGTH,
    LIST_COUNT,
    SHORT_LENGTH,
    TITLE_LENGTH,
)
from matchmaker.domain.text import one_line, tidy, unclean_character
from matchmaker.domain.vocabulary import DEMAND_KINDS, FIELDS, SOLUTION_MODES, STAGES

_SHORT: Final = frozenset(
    {"problem", "key_technology", "target", "constraints", "summary", "problem_solved",
     "advantage", "economics"}
)  # fmt: skip
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Extracted:
    """Raw values as a form would send them, the fields filled, and whether contact data went."""

    values: Mapping[str, object]
    indicators: tuple[Indicator, ...] = ()
    filled: tuple[str, ...] = field(default=())
    contacts_left_out: bool = False


def extract(noun: str, lines: Sequence[Line], plan: Plan) -> Extracted:
    """What a document says about a new record; empty when it holds no text."""
    cleaned = [tuple(_clean(cell) for cell in line) for line in lines]
    left_out = any(cell != without_contacts(cell) for line in cleaned for cell in line)
    cleaned = [_prose(line) for line in cleaned]
    texts = {name: tidy(without_contacts(t)) for name, t in read_form(noun, cleaned).items()}
    loose = texts.pop("", "")
    if loose:
        roles = demand_roles(loose) if noun == "demand" else outcome_roles(loose)
        _spread(texts, roles)
    whole = "\n".join(text for text in texts.values() if text)
    if not whole.strip():
        return Extracted({}, contacts_left_out=left_out)
    raw = _values(noun, texts, whole, plan)
    indicators = _indicators(noun, texts, whole)
    filled = tuple(raw) + (("indicators",) if indicators else ())
    return Extracted(raw, indicators, filled, left_out)


def _prose(line: Line) -> Line:
    """A paragraph that begins with contact data and goes on, without that data.

    One that is nothing else stays: its heading tells what it is.
    """
    left = without_contacts(line[0]) if len(line) == 1 else ""
    return (left,) if left.strip() else line


def _spread(texts: dict[str, str], roles: Roles) -> None:
    """Put loose sentences under the fields that no heading filled."""
    for name, text in roles.texts.items():
        if name in texts:
            texts["description"] = _joined(texts.get("description", ""), text)
        elif text:
            texts[name] = text
    if roles.title and "title" not in texts:
        texts["title"] = roles.title


def _values(noun: str, texts: dict[str, str], whole: str, plan: Plan) -> dict[str, object]:
    found: dict[str, object] = {}
    main = texts.get("problem") or texts.get("summary") or texts.get("target") or whole
    found["title"] = one_line(texts.get("title") or title_of(main))[:TITLE_LENGTH]
    rest = [texts.get("description", "")]
    for name in _names(noun):
        text = texts.get(name, "")
        if len(text) > SHORT_LENGTH:
            text, over = _cut(text)
            rest.append(over)
        found[name] = text
    if noun == "outcome" and texts.get("target"):
        rest.append(texts["target"])
    found["description"] = "\n".join(filter(None, rest))[:DESCRIPTION_LENGTH]
    words = facts.keywords(texts.get("keywords", ""), found["title"], whole, plan)
    found["keywords"] = "\n".join(words[:KEYWORDS_COUNT])
    found["chains"] = facts.chains(str(found["title"]), whole, plan)
    found["field"] = facts.term(texts.get("field", ""), FIELDS) or facts.guess_field(whole)
    if noun == "demand":
        found |= _demand_facts(texts, whole)
    else:
        found["stage"] = facts.term(texts.get("stage", ""), STAGES) or facts.guess_stage(whole)
        found["scenes"] = "\n".join(facts.listed(texts.get("scenes", ""))[:LIST_COUNT])
    return {name: value for name, value in found.items() if value}


def _demand_facts(texts: Mapping[str, str], whole: str) -> dict[str, object]:
    low, high = facts.money(texts.get("budget", "") or facts.money_sentence(whole))
    months = facts.months(texts.get("period", "") or facts.period_sentence(whole))
    return {
        "kind": facts.term(texts.get("kind", ""), DEMAND_KINDS)
        or facts.guess_kind(f"{texts.get('title', '')}\n{whole}"),
        "solution_mode": facts.term(texts.get("solution_mode", ""), SOLUTION_MODES)
        or facts.guess_mode(whole),
        "budget_min": low,
        "budget_max": high,
        "period_months": months,
        "ip_expectation": one_line(texts.get("ip_expectation", ""))[:LINE_LENGTH],
        "current_state": texts.get("current_state", "")[:DESCRIPTION_LENGTH],
    }


def _names(noun: str) -> tuple[str, ...]:
    if noun == "demand":
        return ("problem", "key_technology", "target", "constraints")
    return ("summary", "problem_solved", "advantage", "economics")


def _indicators(noun: str, texts: Mapping[str, str], whole: str) -> tuple[Indicator, ...]:
    """The figures that are wanted; those of a demand's problem tell what is, not what shall be."""
    read = whole
    if noun == "demand" and texts.get("problem"):
        read = "\n".join(text for name, text in texts.items() if name not in {"problem", "title"})
    return tuple(found.indicator for found in find_indicators(read))[:INDICATORS_COUNT]


def _cut(text: str) -> tuple[str, str]:
    """A text within the limit, cut at the end of a sentence where there is one, and the rest."""
    ends = [match.end() for match in re.finditer(r"[。！？；!?;\n]", text[:SHORT_LENGTH])]
    place = ends[-1] if ends and ends[-1] > SHORT_LENGTH // 2 else SHORT_LENGTH
    return text[:place].strip(), text[place:].strip()


def _clean(text: str) -> str:
    """A cell without what no text may hold."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x0b", "\n").replace("\x07", " ")
    if unclean_character(text):
        text = _CONTROLS.sub(" ", text.replace("\t", " "))
    return text


def _joined(*texts: str) -> str:
    return "\n".join(text for text in texts if text)
