"""Turning what people typed or sent into clean values, with every problem found at once.

A cleaner reads raw values (text of a form, cells of a table, JSON) field by field. Problems are
collected, never only the first; a record with any is not accepted.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from matchmaker.domain.errors import Invalid
from matchmaker.domain.indicator import Indicator, parse_indicator
from matchmaker.domain.record import INDICATORS_COUNT, LINE_LENGTH, LIST_COUNT, MONEY_HIGHEST
from matchmaker.domain.term import Vocabulary
from matchmaker.domain.text import one_line, tidy, unclean_character
from matchmaker.domain.vocabulary import COMPARATORS

_SEPARATORS: Final = re.compile(r"[;；、\n]|,(?=\D)|，")
_TRUE: Final = frozenset({"true", "yes", "y", "1", "是", "on"})
_FALSE: Final = frozenset({"false", "no", "n", "0", "否", "off", ""})


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """One thing that is wrong with one field; ``message`` says what and what to do, in English."""

    field: str
    code: str
    message: str
    values: Mapping[str, object] = dataclasses.field(default_factory=dict)


class InvalidFields(Invalid):
    """A record has problems; ``problems`` lists them all."""

    def __init__(self, problems: list[FieldProblem]) -> None:
        """Keep the problems; the message joins theirs."""
        super().__init__(
            " ".join(f"{problem.field}: {problem.message}" for problem in problems),
            {problem.field: problem.code for problem in problems},
        )
        self.problems = tuple(problems)


class Cleaner:
    """Reads the fields of one raw record and remembers what was wrong."""

    def __init__(self, raw: Mapping[str, object]) -> None:
        """Start with raw values; a field that is missing reads as empty."""
        self._raw = raw
        self.problems: list[FieldProblem] = []

    def problem(self, name: str, code: str, message: str, **values: object) -> None:
        """Note a problem."""
        self.problems.append(FieldProblem(name, code, message, values))

    def finish(self, known: Container[str]) -> None:
        """Refuse unknown fields; raises :class:`InvalidFields` when there is any problem."""
        for name in self._raw:
            if name not in known:
                self.problem(name, "unknown_field", "there is no such field. Correct or remove it.")
        if self.problems:
            raise InvalidFields(self.problems)

    def text(self, name: str, longest: int, *, single_line: bool = False) -> str:
        """A text, tidied; too long or unclean ones are problems."""
        value = self._raw.get(name)
        if value is None:
            return ""
        if not isinstance(value, str | int | float):
            self.problem(name, "not_text", "must be a text.")
            return ""
        return self._checked(name, str(value), longest, single_line=single_line)

    def code(self, name: str, vocabulary: Vocabulary) -> str | None:
        """A code of a vocabulary, given as code or as term in either language."""
        written = self.text(name, LINE_LENGTH, single_line=True)
        if not written:
            return None
        code = vocabulary.code_of(written)
        if code is None:
            self.problem(
                name,
                "unknown_code",
                f"{written!r} is not known. Use one of: {', '.join(vocabulary)}.",
                allowed=tuple(vocabulary),
            )
        return code

    def codes(self, name: str, vocabulary: Vocabulary) -> tuple[str, ...]:
        """Several codes of a vocabulary, without repetition, in the vocabulary's order."""
        found = set()
        for written in self.lines(name, longest=LINE_LENGTH, most=len(vocabulary)):
            code = vocabulary.code_of(written)
            if code is None:
                self.problem(
                    name,
                    "unknown_code",
                    f"{written!r} is not known. Use some of: {', '.join(vocabulary)}.",
                    allowed=tuple(vocabulary),
                )
            else:
                found.add(code)
        return tuple(code for code in vocabulary if code in found)

    def member(self, name: str, allowed: Container[str], what: str) -> str | None:
        """A code of a set that grows: a region or a chain."""
        written = self.text(name, LINE_LENGTH, single_line=True)
        if written and written not in allowed:
            self.problem(name, "unknown_code", f"{written!r} is no {what} of the plan.")
            return None
        return written or None

    def members(self, name: str, allowed: Container[str], what: str) -> tuple[str, ...]:
        """Several codes of a set that grows, sorted, without repetition."""
        found = []
        for written in self.lines(name, longest=LINE_LENGTH, most=LIST_COUNT):
            if written in allowed:
                found.append(written)
            else:
                self.problem(name, "unknown_code", f"{written!r} is no {what} of the plan.")
        return tuple(sorted(set(found)))

    def lines(self, name: str, *, longest: int = LINE_LENGTH, most: int) -> tuple[str, ...]:
        """A list of short texts: a JSON list, or a text parted by semicolons or lines."""
        value = self._raw.get(name)
        if value is None:
            return ()
        if isinstance(value, str):
            parts: list[object] = list(_SEPARATORS.split(value))
        elif isinstance(value, list | tuple):
            parts = list(value)
        else:
            self.problem(name, "not_a_list", "must be a list of texts.")
            return ()
        found: list[str] = []
        for part in parts:
            if not isinstance(part, str):
                self.problem(name, "not_a_list", "must be a list of texts.")
                return ()
            line = self._checked(name, part, longest, single_line=True)
            if line and line not in found:
                found.append(line)
        if len(found) > most:
            self.problem(
                name,
                "too_many",
                f"has {len(found)} entries; at most {most} are possible.",
                count=len(found),
                most=most,
            )
        return tuple(found)

    def number(self, name: str, low: int, high: int) -> int | None:
        """A whole number within bounds."""
        written = self._plain(name)
        if not written:
            return None
        value = _decimal(written)
        if value is None or value != value.to_integral_value():
            self.problem(name, "not_a_number", f"{written!r} is no whole number.")
            return None
        if not low <= value <= high:
            self.problem(
                name, "out_of_range", f"must lie between {low} and {high}.", low=low, high=high
            )
            return None
        return int(value)

    def money(self, name: str) -> Decimal | None:
        """An amount in 万元, not negative, to the yuan."""
        written = self._plain(name).removesuffix("万元").removesuffix("万").strip()
        if not written:
            return None
        value = _decimal(written)
        if value is None:
            self.problem(name, "not_a_number", f"{written!r} is no amount in 万元.")
            return None
        if not 0 <= value <= MONEY_HIGHEST:
            self.problem(
                name, "out_of_range", f"must lie between 0 and {MONEY_HIGHEST:,} 万元.",
                low=0, high=MONEY_HIGHEST,
            )  # fmt: skip
            return None
        return value.quantize(Decimal("0.0001"))

    def in_order(self, low_name: str, low: Any, high_name: str, high: Any) -> None:
        """Note a problem when a lower bound lies above its upper one."""
        if low is not None and high is not None and low > high:
            self.problem(high_name, "not_in_order", f"must not be less than {low_name}.")

    def flag(self, name: str) -> bool:
        """A yes or no; empty is no."""
        value = self._raw.get(name)
        if isinstance(value, bool) or value is None:
            return bool(value)
        written = self._plain(name).lower()
        if written in _TRUE:
            return True
        if written not in _FALSE:
            self.problem(name, "not_yes_or_no", f"{written!r} is neither yes nor no.")
        return False

    def day(self, name: str) -> date | None:
        """A date as ISO writes it."""
        written = self._plain(name)
        if not written:
            return None
        try:
            return date.fromisoformat(written)
        except ValueError:
            self.problem(name, "not_a_date", f"{written!r} is no date. Write it as 2026-12-31.")
            return None

    def shaped(self, name: str, pattern: re.Pattern[str], what: str, longest: int) -> str:
        """A text of a fixed shape."""
        written = self.text(name, longest, single_line=True)
        if written and not pattern.fullmatch(written):
            self.problem(name, "wrong_shape", f"{written!r} is no {what}.")
        return written

    def indicators(self, name: str) -> tuple[Indicator, ...]:
        """Indicators as objects, or as texts like ``抗冲击韧性≥67%（常温）``."""
        value = self._raw.get(name)
        parts: list[object]
        if value is None or value == "":
            return ()
        if isinstance(value, str):
            parts = [part for part in re.split(r"[;；\n]", value) if part.strip()]
        elif isinstance(value, list | tuple):
            parts = list(value)
        else:
            self.problem(name, "not_a_list", "must be a list of indicators.")
            return ()
        found = [self._indicator(name, number, part) for number, part in enumerate(parts, 1)]
        if len(found) > INDICATORS_COUNT:
            self.problem(
                name,
                "too_many",
                f"has {len(found)} entries; at most {INDICATORS_COUNT} are possible.",
                count=len(found),
                most=INDICATORS_COUNT,
            )
        return tuple(one for one in found if one is not None)

    def objects(
        self, name: str, keys: Container[str], read: Callable[[Cleaner], Any], most: int
    ) -> tuple[Any, ...]:
        """A list of objects, each read by a cleaner of its own; problems keep the list's name."""
        value = self._raw.get(name) or ()
        if not isinstance(value, list | tuple):
            self.problem(name, "not_a_list", "must be a list of objects.")
            return ()
        found = []
        for number, part in enumerate(value, 1):
            if not isinstance(part, Mapping):
                self.problem(name, "not_a_list", f"entry {number} is no object.")
                continue
            inner = Cleaner(part)
            found.append(read(inner))
            for key in part:
                if key not in keys:
                    inner.problem(str(key), "unknown_field", "there is no such field.")
            for problem in inner.problems:
                self._of_entry(name, number, problem)
        if len(found) > most:
            self.problem(
                name, "too_many", f"has {len(found)} entries; at most {most} are possible.",
                count=len(found), most=most,
            )  # fmt: skip
        return tuple(found)

    def _indicator(self, name: str, number: int, part: object) -> Indicator | None:
        if isinstance(part, str):
            found = parse_indicator(part)
            if found is None:
                self.problem(
                    name, "not_an_indicator",
                    f"entry {number}, {part.strip()!r}: write it as name, sign, value and unit, "
                    "for example 抗拉强度≥4900 MPa.",
                    number=number,
                )  # fmt: skip
            return found
        if not isinstance(part, Mapping):
            self.problem(
                name, "not_an_indicator", f"entry {number} is no indicator.", number=number
            )
            return None
        inner = Cleaner(part)
        made = _indicator_of(inner)
        for problem in inner.problems:
            self._of_entry(name, number, problem)
        return made

    def _of_entry(self, name: str, number: int, problem: FieldProblem) -> None:
        """Note a problem of one entry of a list under the list's name."""
        values = {**problem.values, "number": number, "column": problem.field}
        message = f"entry {number}, {problem.field}: {problem.message}"
        self.problem(name, problem.code, message, **values)

    def _plain(self, name: str) -> str:
        """A number, date or flag as one short line."""
        value = self._raw.get(name)
        if isinstance(value, bool):
            self.problem(name, "not_text", "must not be true or false.")
            return ""
        return self.text(name, LINE_LENGTH, single_line=True)

    def _checked(self, name: str, value: str, longest: int, *, single_line: bool) -> str:
        tidied = one_line(value) if single_line else tidy(value)
        # Controls are looked for in what was sent: tidying one line would hide some as blanks.
        unclean = unclean_character(value.replace("\r\n", "\n").replace("\r", "\n"))
        if unclean:
            offset, shown = unclean
            self.problem(
                name, "unclean",
                f"holds the control character {shown} at position {offset + 1}. Remove it.",
                character=shown, position=offset + 1,
            )  # fmt: skip
            return ""
        if len(tidied) > longest:
            self.problem(
                name, "too_long",
                f"has {len(tidied):,} characters; at most {longest:,} are possible.",
                length=len(tidied), most=longest,
            )  # fmt: skip
        return tidied


def _indicator_of(cleaner: Cleaner) -> Indicator | None:
    name = cleaner.text("name", 100, single_line=True)
    comparator = cleaner.code("comparator", COMPARATORS)
    written = [cleaner.text(key, 40, single_line=True) for key in ("value", "value_high")]
    value, high = (_decimal(text) if text else None for text in written)
    unit = cleaner.text("unit", 40, single_line=True)
    condition = cleaner.text("condition", 200, single_line=True)
    if not name:
        cleaner.problem("name", "missing", "is missing.")
    if value is None:
        cleaner.problem("value", "not_a_number", "must be a number.")
    if written[1] and high is None:
        cleaner.problem("value_high", "not_a_number", "must be a number.")
    if comparator == "between" and (high is None or value is None or high < value):
        cleaner.problem("value_high", "not_in_order", "must be given and not be less than value.")
    if not name or value is None or cleaner.problems:
        return None
    return Indicator(
        name=name,
        comparator=comparator or "eq",
        value=value,
        value_high=high if comparator == "between" else None,
        unit=unit,
        condition=condition,
    )


def _decimal(written: str) -> Decimal | None:
    """A finite number with or without separators, in any width of digits."""
    try:
        value = Decimal(written.replace(",", "").replace("，", ""))
    except InvalidOperation:
        return None
    return value if value.is_finite() and abs(value.adjusted()) <= 15 else None  # noqa: PLR2004 - beyond measurement
