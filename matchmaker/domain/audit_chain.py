"""The chain of audit events: what every hash is computed from.

Canonical form: a JSON array in ASCII without blanks, keys of objects sorted, a time in UTC as ISO
8601 with six decimals of a second, ``null`` for what is absent. Each array begins with the name of
its form, so that no hash of one kind is one of another. With ``H`` for SHA-256 in hexadecimal:

* what changed: ``H(["matchmaker-audit-changes-1", salt, changes])``. The salt is random for each
  event: nobody guesses a name or a telephone number from the hash, and an erasure can take the
  words out of an event without touching the chain.
* an event: ``H(["matchmaker-audit-event-1", previous hash, position, id, at, actor_id, actor_role,
  noun, record_id, action, state_from, state_to, hash of what changed])``. The hash before the first
  event is 64 zeros, its position 1.
* the root of a day: ``H(["matchmaker-audit-root-1", day, position, events, hash])`` of the last
  event that it covers; ``events`` is how many came since the root before.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any, Final, NamedTuple, Protocol

GENESIS: Final = "0" * 64
_CHANGES: Final = "matchmaker-audit-changes-1"
_EVENT: Final = "matchmaker-audit-event-1"
_ROOT: Final = "matchmaker-audit-root-1"
# ``default``: whatever else a database holds after somebody wrote into it has a form, no match.
_encode: Final = json.JSONEncoder(separators=(",", ":"), sort_keys=True, default=repr).encode


class Audited(Protocol):
    """What an audit event says, its changes aside."""

    @property
    def id(self) -> int: ...  # noqa: D102 - as the table says
    @property
    def at(self) -> datetime | None: ...  # noqa: D102 - likewise, all of them
    @property
    def actor_id(self) -> int | None: ...  # noqa: D102
    @property
    def actor_role(self) -> str: ...  # noqa: D102
    @property
    def noun(self) -> str: ...  # noqa: D102
    @property
    def record_id(self) -> int | None: ...  # noqa: D102
    @property
    def action(self) -> str: ...  # noqa: D102
    @property
    def state_from(self) -> str | None: ...  # noqa: D102
    @property
    def state_to(self) -> str | None: ...  # noqa: D102


class SealedEvent(NamedTuple):
    """An event as it stands in the database with its place in the chain, whatever stands there."""

    id: int
    at: datetime | None  # None: no time can be read out of what is stored
    actor_id: int | None
    actor_role: str
    noun: str
    record_id: int | None
    action: str
    state_from: str | None
    state_to: str | None
    changes: Any  # None: likewise
    changes_salt: str | None
    changes_hash: str | None
    position: int
    previous_hash: str | None
    hash: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Root:
    """The end of the chain on a day, to be published or filed outside."""

    day: date
    position: int
    events: int
    hash: str


def changes_digest(salt: str | None, changes: Mapping[str, Any] | None) -> str:
    """The hash of what changed, which tells nothing of it without the salt."""
    return _digest([_CHANGES, salt, changes])


def event_digest(
    previous: str | None, position: int, changes_hash: str | None, event: Audited
) -> str:
    """The hash of an event at a position of the chain, after the event with hash ``previous``."""
    at = event.at
    return _digest(
        [
            _EVENT,
            previous,
            position,
            event.id,
            None if at is None else at.astimezone(UTC).isoformat(timespec="microseconds"),
            event.actor_id,
            event.actor_role,
            event.noun,
            event.record_id,
            event.action,
            event.state_from,
            event.state_to,
            changes_hash,
        ]
    )


def root_digest(day: date, position: int, events: int, last_hash: str | None) -> str:
    """The root of a day whose last event has the hash ``last_hash``."""
    return _digest([_ROOT, day.isoformat(), position, events, last_hash])


def _digest(values: list[Any]) -> str:
    return sha256(_encode(values).encode("ascii")).hexdigest()
