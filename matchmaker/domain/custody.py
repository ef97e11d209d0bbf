"""Who keeps the confidential tier of a record, as permissions look at it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Custody:
    """Who keeps the confidential tier of a record, and to whom a grant opens it."""

    noun: str
    organisation_id: int
    author_id: int | None
    grantee_id: int | None = None


# The role in which people keep the confidential tier of a record, and read that of the other noun.
KEEPERS: Final = {"demand": "company", "outcome": "researcher"}
