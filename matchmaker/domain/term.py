"""What a vocabulary is: stored codes with their terms in both languages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Term:
    """One entry of a vocabulary: a stored code with its Chinese and English term."""

    code: str
    zh: str
    en: str

    def text(self, locale: str) -> str:
        """The term in a locale: English for ``en*``, Chinese otherwise."""
        return self.en if locale.startswith("en") else self.zh


class Vocabulary(Mapping[str, Term]):
    """An ordered, read-only set of terms, looked up by code."""

    def __init__(self, name: str, *rows: tuple[str, str, str]) -> None:
        """Build from ``(code, zh, en)`` rows; a repeated code is a programming error."""
        self.name = name
        self._terms = {code: Term(code, zh, en) for code, zh, en in rows}
        if len(self._terms) != len(rows):
            msg = f"vocabulary {name} repeats a code"
            raise ValueError(msg)

    def __getitem__(self, code: str) -> Term:
        """Return the term of a code; ``KeyError`` when the vocabulary has none."""
        return self._terms[code]

    def __iter__(self) -> Iterator[str]:
        """Iterate over the codes in their official order."""
        return iter(self._terms)

    def __len__(self) -> int:
        """Return the number of terms."""
        return len(self._terms)

    def code_of(self, written: str) -> str | None:
        """The code meant by a code or by a term in either language, else ``None``."""
        wanted = written.strip().casefold()
        for term in self._terms.values():
            if wanted in (term.code.casefold(), term.zh.casefold(), term.en.casefold()):
                return term.code
        return None
