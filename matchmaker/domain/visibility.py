"""Which tier of which record an actor may read.

The SQL form lives in ``store/queries/visibility.py``; a property test holds both together.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final, Protocol

from matchmaker.domain.permissions import Actor, Relation, Subject, relations


class Tier(StrEnum):
    """The three tiers inside one record."""

    PUBLIC = "public"
    REDACTED = "redacted"
    CONFIDENTIAL = "confidential"


class Disclosed(Subject, Protocol):
    """A demand or outcome as visibility looks at it."""

    @property
    def disclosure(self) -> str:
        """``public``, ``anonymous`` or ``directed``; outcomes are always public."""


# Facts of an explanation that would tell where an anonymous company sits.
_TELLING_FACTS: Final = frozenset({"region"})

# Columns by tier, wherever they stand: the one list that pages, exports, audit and index obey.
REDACTED_FIELDS = frozenset({"principle"})
CONFIDENTIAL_FIELDS = frozenset({"know_how", "current_state", "partner_wanted"})

_REVIEWERS = {
    "demand": frozenset({Relation.BROKER, Relation.BUREAU}),
    "outcome": frozenset({Relation.BROKER, Relation.BUREAU}),
}
# States in which reviewers see a record that is not (or no longer) published.
REVIEW_STATES = {
    "demand": frozenset({"submitted"}),
    "outcome": frozenset({"institution_review"}),
}


def may_see(actor: Actor, noun: str, subject: Disclosed) -> bool:
    """Whether the actor may know the record at all (its public tier)."""
    found = relations(actor, subject)
    if Relation.MEMBER in found or Relation.SYSTEM in found:
        return True
    if _REVIEWERS[noun] & found:
        return subject.state in REVIEW_STATES[noun] | {"published"}
    if subject.state != "published":
        return False
    return subject.disclosure != "directed" or Relation.RECIPIENT in found


def may_name_organisation(actor: Actor, noun: str, subject: Disclosed) -> bool:
    """Whether the actor may learn which organisation stands behind the record."""
    if subject.disclosure != "anonymous":
        return may_see(actor, noun, subject)
    found = relations(actor, subject)
    return bool(
        found & {Relation.MEMBER, Relation.SYSTEM, Relation.BROKER, Relation.BUREAU}
    ) and may_see(actor, noun, subject)


def may_read(actor: Actor, noun: str, subject: Disclosed, tier: Tier) -> bool:
    """Whether the actor may read a tier of the record.

    The confidential tier opens to nobody: it needs a grant by its owner, and there are none yet.
    """
    if tier is Tier.CONFIDENTIAL or not may_see(actor, noun, subject):
        return False
    if tier is Tier.PUBLIC:
        return True
    return bool(
        relations(actor, subject)
        & {Relation.MEMBER, Relation.VERIFIED, Relation.BUREAU, Relation.SYSTEM}
    )


def anonymised(explanation: Mapping[str, Any]) -> dict[str, Any]:
    """A stored explanation without the facts that tell where an anonymous company sits."""
    facts = [fact for fact in explanation.get("facts", ()) if fact["code"] not in _TELLING_FACTS]
    return {**explanation, "facts": facts}
