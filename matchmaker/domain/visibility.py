"""Which tier of which record an actor may read.

The SQL form lives in ``store/queries/visibility.py``; a property test holds both together.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final, Protocol

from matchmaker.domain.custody import KEEPERS
from matchmaker.domain.permissions import Actor, Relation, Subject, parties_of, relations


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

_BEFORE_INTEREST: Final = frozenset({"asked", "declined", "lapsed", "withdrawn"})
_SIDES: Final = frozenset({Relation.PARTY_COMPANY, Relation.PARTY_INSTITUTION, Relation.OWN_BROKER})

# Who learns which company stands behind an anonymous demand that he may see.
_NAMED_TO: Final = frozenset(
    {
        *(Relation.MEMBER, Relation.SYSTEM, Relation.BROKER, Relation.BUREAU),
        *(Relation.PLACED, Relation.CONFIDANT),
    }
)
_REVIEWERS = {
    "demand": frozenset({Relation.BROKER, Relation.BUREAU}),
    "outcome": frozenset({Relation.BROKER, Relation.BUREAU}),
}
# States in which reviewers see a record that is not (or no longer) published.
REVIEW_STATES = {
    "demand": frozenset({"submitted"}),
    "outcome": frozenset({"institution_review"}),
}
# States in which everybody may know of a record, and those in which it is matched: a demand that is
# talked about may find a better outcome, one with a contract asks for nothing any more, and one in
# a challenge asks for bids.
LISTED_STATES: Final = {
    "demand": frozenset({"published", "engaged", "contracted", "challenge"}),
    "outcome": frozenset({"published", "reserved", "transferred"}),
}
MATCHED_STATES: Final = {
    "demand": frozenset({"published", "engaged"}),
    "outcome": frozenset({"published"}),
}


def may_see(actor: Actor, noun: str, subject: Disclosed) -> bool:
    """Whether the actor may know the record at all (its public tier)."""
    found = relations(actor, subject)
    if found & {Relation.MEMBER, Relation.SYSTEM, Relation.PLACED}:
        return True
    if _REVIEWERS[noun] & found:
        return subject.state in REVIEW_STATES[noun] | LISTED_STATES[noun]
    if subject.state not in LISTED_STATES[noun]:
        return False
    return subject.disclosure != "directed" or Relation.RECIPIENT in found


def may_name_organisation(actor: Actor, noun: str, subject: Disclosed) -> bool:
    """Whether the actor may learn which organisation stands behind the record."""
    if subject.disclosure != "anonymous":
        return may_see(actor, noun, subject)
    found = relations(actor, subject)
    return bool(found & _NAMED_TO) and may_see(actor, noun, subject)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What opens the confidential tier of a record to an organisation.

    ``nda`` says whether both organisations have accepted one text of the confidentiality agreement.
    """

    organisation_id: int
    state: str  # DISCLOSURE_STATES code
    until: date | None  # its last day
    nda: bool

    def opens_to(self, actor: Actor, today: date) -> bool:
        """Whether the grant opens the tier to the actor on a day."""
        return (
            self.state == "granted"
            and self.nda
            and self.until is not None
            and today <= self.until
            and actor.verified
            and actor.role in KEEPERS.values()
            and actor.organisation_id == self.organisation_id
        )


def may_read(
    actor: Actor,
    noun: str,
    subject: Disclosed,
    tier: Tier,
    *,
    grants: Collection[Grant] = (),
    today: date | None = None,
) -> bool:
    """Whether the actor may read a tier of the record.

    The confidential tier opens to those who keep it and to whom one of the record's ``grants``
    opens it ``today``; without grants passed in, to nobody else, reviewers and operators included.
    """
    if tier is Tier.CONFIDENTIAL:
        if Relation.OWNER in relations(actor, subject):
            return True
        opened = today is not None and any(grant.opens_to(actor, today) for grant in grants)
        return opened and may_see(actor, noun, subject)
    if not may_see(actor, noun, subject):
        return False
    if tier is Tier.PUBLIC:
        return True
    return bool(
        relations(actor, subject)
        & {Relation.MEMBER, Relation.VERIFIED, Relation.BUREAU, Relation.SYSTEM}
    )


def may_contact(actor: Actor, subject: Subject) -> bool:
    """Whether an introduction or engagement shows the actor its people's addresses and telephones.

    They open at mutual interest, to both sides and to the broker who brought them together, and
    stay open when the talks are over.
    """
    if parties_of(subject) is None or subject.state in _BEFORE_INTEREST:
        return False
    return bool(relations(actor, subject) & _SIDES)


def may_know_person(
    actor: Actor, *, user_id: int | None, organisation_id: int | None, role: str | None = None
) -> bool:
    """Whether a page outside an engagement may name a person.

    Known are oneself and colleagues; the bureau and the administrator look after accounts; brokers
    and officers act in the open. Nobody else learns who wrote or decided something for a company or
    an institution before there is mutual interest.
    """
    if not actor.signed_in:
        return False
    if actor.role in ("bureau", "administrator") or actor.user_id == user_id:
        return True
    if role is not None and role not in KEEPERS.values():
        return True
    return actor.organisation_id is not None and actor.organisation_id == organisation_id


def anonymised(explanation: Mapping[str, Any]) -> dict[str, Any]:
    """A stored explanation without the facts that tell where an anonymous company sits."""
    facts = [fact for fact in explanation.get("facts", ()) if fact["code"] not in _TELLING_FACTS]
    return {**explanation, "facts": facts}
