"""What would widen a demand, told from the weak suggestions it has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from matchmaker.store.queries.match import Suggestion
from matchmaker.web.i18n import gettext as _
from matchmaker.web.i18n import joined

# A constraint is worth a hint when it speaks against so many of the suggestions.
_OFTEN: Final = 2
_WORDS: Final = 4


def hints_for(rows: Sequence[Suggestion]) -> tuple[str, ...]:
    """Sentences about what stands in the way, each true of several suggestions shown."""
    against: Counter[str] = Counter()
    missing: Counter[str] = Counter()
    for row in rows:
        for fact in row.explanation.get("facts", []):
            if fact["stance"] == "against":
                against[fact["code"]] += 1
                if fact["code"] == "missing":
                    missing.update(fact["values"].get("terms", []))
    found = []
    absent = [term for term, count in missing.most_common(_WORDS) if count == len(rows)]
    if absent:
        found.append(
            _(
                "None of them mentions: %(terms)s. Other words for it may help.",
                terms=joined(absent),
            )
        )
    texts = {
        "region": _("A preferred region speaks against several of them: allow others."),
        "trl": _("The lowest acceptable TRL speaks against several of them: accept a lower one."),
        "budget": _("The budget lies below what several of them ask: raise it or leave it open."),
        "mode": _("The wanted way of solving speaks against several of them: allow others."),
    }
    found += [text for code, text in texts.items() if against[code] >= _OFTEN]
    return tuple(found)
