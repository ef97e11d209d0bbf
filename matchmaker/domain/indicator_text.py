"""Finding indicators in prose, Chinese or English: ``孔隙率不高于1%``, ``at least 500 MPa``.

Every number is looked at with what stands before and after it in its clause: a sign or words that
compare, a unit, a condition, and the words that say what is measured. What has no name, or counts
money, people, papers or dates, is no indicator. The parts are only offered: a person decides.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from matchmaker.domain.indicator import SIGNS, Indicator
from matchmaker.domain.indicator_words import (
    CHANGES,
    CIRCUMSTANCE,
    CLAUSE_ENDS,
    CONDITION_BEFORE,
    CONDITION_CLAUSE,
    COUNTED,
    ENGLISH_LEAD,
    ENGLISH_NAME_AFTER,
    ENGLISH_TAIL,
    LEAD,
    NAME_AFTER,
    NOT_MEASURED,
    NOT_MEASURING,
    POST_WORDS,
    QUANTITY,
    QUANTITY_NAME,
    RELATIVE,
    TAIL,
    WEAK_WORDS,
    WORDS,
)

_LONGEST_NAME: Final = 20
_LONGEST_ENGLISH_NAME: Final = 60
_SHORTEST_NAME: Final = 2
_MOST: Final = 40
_WORDS_REACH: Final = 24
_CLAUSE_REACH: Final = 100
_READ: Final = 8_000  # some pages: more than people write figures on
_OPENING: Final = re.compile(r"[（(][^（）()]*$")
_CLOSED: Final = re.compile(r"\s*[（(](?P<condition>[^（）()]{1,40})[）)]\s*$")
_HAN: Final = re.compile(r"[\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True)
class Found:
    """An indicator and where in the text it stands."""

    indicator: Indicator
    start: int
    end: int


def find_indicators(text: str) -> tuple[Found, ...]:
    """The indicators of a text in its order, each name, comparator and value once."""
    text = text[:_READ]
    found: list[Found] = []
    seen: set[tuple[str, str, Decimal, str]] = set()
    taken = 0
    for match in _matches(text):
        if match.start() < taken:
            continue
        made = _measured(text, match) if match.re is QUANTITY else _changed(text, match)
        if made is None:
            continue
        taken = made.end
        one = made.indicator
        key = (one.name, one.comparator, one.value, one.unit)
        if key not in seen:
            seen.add(key)
            found.append(made)
        if len(found) == _MOST:
            break
    return tuple(found)


def not_listed(text: str, listed: tuple[Indicator, ...]) -> tuple[Indicator, ...]:
    """The indicators of a text whose values nothing in the list has under such a name."""
    return tuple(
        found.indicator
        for found in find_indicators(text)
        if not any(_same(found.indicator, one) for one in listed)
    )


def _same(one: Indicator, other: Indicator) -> bool:
    names = _folded(one.name), _folded(other.name)
    alike = names[0] in names[1] or names[1] in names[0]
    return alike and one.value == other.value and one.value_high == other.value_high


def _folded(name: str) -> str:
    return "".join(name.casefold().split())


def _matches(text: str) -> list[re.Match[str]]:
    """What may be an indicator, changes before the plain numbers that they are made of."""
    found = [match for one in (*CHANGES, QUANTITY) for match in one.finditer(text)]
    return sorted(found, key=lambda match: (match.start(), match.re is QUANTITY))


def _changed(text: str, match: re.Match[str]) -> Found | None:
    """``由15分钟缩短到8分钟以内``: the value that is aimed at, by the verb's direction."""
    name, condition = _name_before(text, match.start())
    if not _measurable(name):
        return None
    rises = match["up"] is not None
    made = Indicator(
        name=name,
        comparator="ge" if rises else "le",
        value=_number(match["to"]),
        unit=_unit(match["unit"] or match["unit_from"] or ""),
        condition=condition,
    )
    return Found(made, match.start(), match.end())


def _measured(text: str, match: re.Match[str]) -> Found | None:
    since = max(0, match.start() - _WORDS_REACH)
    word = WORDS.search(text[since : match.start()])
    sign = SIGNS.get((match["sign"] or "").replace("⩾", "≥").replace("⩽", "≤"), "")
    code = sign or _code_of(word)
    start = since + word.start() if word and not sign else match.start()
    name, condition = _name_before(text, start)
    end = match.end()
    told = bool(code) or bool(match["post"])
    if not name:
        name, end = _name_after(text, match.end()) if told else ("", end)
    if not _measurable(name) or _counts(text, match, compared=bool(code) and code != "eq"):
        return None
    named = bool(QUANTITY_NAME.search(name)) or not _HAN.search(name)
    has_unit = bool(match["unit"] or match["unit_low"] or match["pre"])
    ranged = bool(match["high"] or match["tolerance"])
    sure = bool(sign) or (code not in {"", "eq"} and not (word and WEAK_WORDS.match(word[0])))
    if not (sure and end == match.end()) and not (named and (told or ranged or has_unit)):
        return None
    made = _indicator(match, code, name)
    if made is None:
        return None
    return Found(
        replace(made, condition=condition or (match["condition"] or "").strip()), start, end
    )


def _counts(text: str, match: re.Match[str], *, compared: bool) -> bool:
    """Whether a number is a date, an amount of money, a count, or how much something differs."""
    if NOT_MEASURING.search(text[match.start() : match.end() + 1]):
        return True
    if not match["unit"] and COUNTED.match(text, match.end()):
        return True
    return not compared and bool(RELATIVE.match(text, match.end()))


def _indicator(match: re.Match[str], code: str, name: str) -> Indicator | None:
    """The value or range of a match under a name."""
    value, high = _number(match["low"]), None
    unit = _unit(match["unit"] or match["unit_low"] or match["pre"] or "")
    comparator = POST_WORDS.get((match["post"] or "").casefold().strip(), "") or code or "eq"
    if match["around"] and not match["high"]:
        comparator = "le"
    elif match["tolerance"]:
        middle, off = value, _number(match["tolerance"])
        value, high, comparator = middle - off, middle + off, "between"
    elif match["high"]:
        high, comparator = _number(match["high"]), "between"
        if high < value:
            return None
    if high is not None and abs(high - value) == 0:
        return None
    return Indicator(name=name, comparator=comparator, value=value, value_high=high, unit=unit)


def _code_of(word: re.Match[str] | None) -> str:
    if word is None:
        return ""
    return next((code for code in ("ge", "le", "gt", "lt", "eq") if word[code] is not None), "")


def _name_before(text: str, end: int) -> tuple[str, str]:
    """What is measured and under which condition, from the clause that ends at a place."""
    since = max(0, end - _CLAUSE_REACH)
    start = max((match.end() for match in CLAUSE_ENDS.finditer(text, since, end)), default=since)
    clause, condition = text[start:end], ""
    previous = CONDITION_CLAUSE.search(text[max(0, start - 40) : start])
    if previous:
        condition = previous["condition"]
    clause = TAIL.sub("", clause.strip())
    closed = _CLOSED.search(clause)
    if closed:
        condition, clause = closed["condition"].strip(), clause[: closed.start()]
    clause = _OPENING.split(clause)[-1] if _OPENING.search(clause) else clause
    if _HAN.search(clause):
        return _chinese_name(clause, condition)
    words = ENGLISH_TAIL.sub("", clause.strip(" :-"))
    parts = ENGLISH_LEAD.split(words)
    name = next((part.strip(" :,-") for part in reversed(parts) if part.strip(" :,-")), "")
    return name[-_LONGEST_ENGLISH_NAME:], condition


def _chinese_name(clause: str, condition: str) -> tuple[str, str]:
    found = CONDITION_BEFORE.match(clause)
    if found and len(clause) - found.end() >= _SHORTEST_NAME:
        condition, clause = found["condition"], clause[found.end() :]
    clause = TAIL.sub("", re.split(r"[:：]", clause.rstrip(" :：的"))[-1].strip())
    whole = clause
    clause = CIRCUMSTANCE.sub("", clause).rpartition("的")[2]
    if len(clause) < _SHORTEST_NAME:
        clause = whole
    before = None
    while before != clause:
        before, clause = clause, LEAD.sub("", clause)
    name = clause.strip(" “”\"'*·-—")
    return ("" if len(name) > _LONGEST_NAME else name), condition


def _name_after(text: str, start: int) -> tuple[str, int]:
    """``不低于500MPa的抗拉强度``, ``at least 500 MPa tensile strength``."""
    for pattern in (NAME_AFTER, ENGLISH_NAME_AFTER):
        found = pattern.match(text, start)
        if found:
            return found["name"].strip(), found.end("name")
    return "", start


def _measurable(name: str) -> bool:
    if len(name) < _SHORTEST_NAME or NOT_MEASURED.search(name):
        return False
    return bool(re.search(r"[A-Za-z\u4e00-\u9fff]", name))


def _number(written: str) -> Decimal:
    return Decimal(written.replace(",", "").replace("，", "").replace("−", "-").replace(" ", ""))


def _unit(written: str) -> str:
    return " ".join(written.split())
