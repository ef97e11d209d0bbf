"""Who keeps the confidential tier of a record, as permissions look at it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol, runtime_checkable


@dataclass(frozen=True, slots=True, kw_only=True)
class Custody:
    """Who keeps the confidential tier of a record, and to whom a grant opens it."""

    noun: str
    organisation_id: int
    author_id: int | None
    grantee_id: int | None = None


@runtime_checkable
class Kept(Protocol):
    """A record with a confidential tier, and a grant that opens one."""

    @property
    def custody(self) -> Custody:
        """Who keeps it."""


# The role in which people keep the confidential tier of a record, and read that of the other noun.
KEEPERS: Final = {"demand": "company", "outcome": "researcher"}
