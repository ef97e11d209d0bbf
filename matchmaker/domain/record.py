"""Rules that demands and outcomes share: lengths, counts, money, terms of life."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Final

TITLE_LENGTH: Final = 100
SHORT_LENGTH: Final = 500
# English takes some three letters where Chinese takes one.
ENGLISH_TITLE_LENGTH: Final = 150
ENGLISH_LENGTH: Final = 1_500
PRINCIPLE_LENGTH: Final = 2_000
DESCRIPTION_LENGTH: Final = 20_000
LINE_LENGTH: Final = 200
KEYWORDS_COUNT: Final = 5
LIST_COUNT: Final = 20
INDICATORS_COUNT: Final = 20
MONEY_HIGHEST: Final = Decimal("9999999.99")  # 万元: a hundred billion yuan

DEMAND_LIFE: Final = timedelta(days=183)
OUTCOME_LIFE: Final = timedelta(days=365)
EXPIRY_REMINDER: Final = timedelta(days=14)
UNDO_WINDOW: Final = timedelta(minutes=1)
SNOOZE_LENGTH: Final = timedelta(days=7)

# What a record must say before it may leave its author's hands.
REQUIRED_TO_SUBMIT: Final = {
    "demand": (
        "title",
        "kind",
        "problem",
        "target",
        "field",
        "chains",
        "solution_mode",
        "disclosure",
    ),
    "outcome": (
        "title",
        "summary",
        "problem_solved",
        "advantage",
        "stage",
        "trl",
        "field",
        "chains",
    ),
}
