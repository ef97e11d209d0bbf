"""What an actor is to a record, and what the table of permissions entitles him to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from matchmaker.domain.custody import KEEPERS, Custody
from matchmaker.domain.errors import NotAllowed, WrongState
from matchmaker.domain.permission_table import RULES, Relation, Rule

__all__ = [
    "PLATFORM",
    "RULES",
    "SYSTEM",
    "VISITOR",
    "Actor",
    "Bare",
    "Parties",
    "Relation",
    "Rule",
    "Subject",
    "available_actions",
    "may",
    "next_state",
    "parties_of",
    "relations",
    "require",
    "rule_of",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who acts: a signed-in person, a visitor or the platform itself.

    ``role`` is None for a visitor, and for a person whose role gives no rights yet.
    """

    user_id: int | None = None
    role: str | None = None
    organisation_id: int | None = None
    verified: bool = False
    manager: bool = False
    placed_with: frozenset[int] = frozenset()  # firms that a specialist acts for today
    confided_by: frozenset[int] = frozenset()  # members that opened anonymous demands to it

    @property
    def signed_in(self) -> bool:
        """Whether a person is behind the actor."""
        return self.user_id is not None


VISITOR = Actor()
SYSTEM = Actor(role="system")


class Subject(Protocol):
    """The part of a record that permissions look at."""

    @property
    def state(self) -> str | None:
        """State in the noun's life-cycle, or None where it has none."""

    @property
    def organisation_id(self) -> int | None:
        """The organisation the record belongs to."""

    @property
    def author_id(self) -> int | None:
        """The user who wrote it."""

    @property
    def recipient_ids(self) -> frozenset[int]:
        """Organisations it is directed to; empty unless directed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parties:
    """The two sides that a broker brought together, and the broker."""

    company_id: int
    institution_id: int
    researcher_id: int | None  # the outcome's author
    broker_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Bare:
    """A subject without life-cycle or owner: the platform's own pages and lists."""

    state: str | None = None
    organisation_id: int | None = None
    author_id: int | None = None
    recipient_ids: frozenset[int] = frozenset()


PLATFORM = Bare()


def parties_of(subject: Subject) -> Parties | None:
    """Who stands on which side of a record between two organisations; ``None`` for any other.

    An introduction, an engagement and what belongs to it are bilateral.
    """
    return getattr(subject, "parties", None)


def relations(actor: Actor, subject: Subject) -> frozenset[Relation]:
    """Every relation the actor has to the subject."""
    if actor.role == "system":
        return frozenset({Relation.SYSTEM})
    found = {Relation.ANYONE}
    if not actor.signed_in:
        return frozenset(found)
    found.add(Relation.SIGNED_IN)
    if actor.role is not None:
        found.add(Relation(actor.role))
    if actor.verified:
        found.add(Relation.VERIFIED)
    if actor.user_id == subject.author_id:
        found.add(Relation.AUTHOR)
    if actor.organisation_id is not None:
        if actor.organisation_id == subject.organisation_id:
            found.add(Relation.MEMBER)
            if actor.manager:
                found.add(Relation.MANAGER)
        if actor.verified and actor.organisation_id in subject.recipient_ids:
            found.add(Relation.RECIPIENT)
    judging = {Relation.JUDGE} if actor.user_id in _judges(subject) else set()
    return frozenset(
        found
        | judging
        | _standing(actor, subject)
        | _keeping(actor, subject)
        | _assisting(actor, subject)
    )


def _judges(subject: Subject) -> frozenset[int]:
    """The people who may score a challenge's bid; of any other record, nobody."""
    found: frozenset[int] = getattr(subject, "judge_ids", frozenset())
    return found


def _standing(actor: Actor, subject: Subject) -> set[Relation]:
    """On which side of a bilateral record the actor stands; nowhere with any other record.

    A side counts only while its organisation is verified; a researcher only while he belongs to the
    institution, so that whoever leaves leaves the talks behind.
    """
    parties = parties_of(subject)
    if parties is None:
        return set()
    found = set()
    if actor.role == "company" and actor.verified and actor.organisation_id == parties.company_id:
        found.add(Relation.PARTY_COMPANY)
    if (
        actor.role == "researcher"
        and actor.verified
        and actor.organisation_id == parties.institution_id
        and (actor.manager or actor.user_id == parties.researcher_id)
    ):
        found.add(Relation.PARTY_INSTITUTION)
    if actor.role == "broker" and actor.user_id == parties.broker_id:
        found.add(Relation.OWN_BROKER)
    return found


def _assisting(actor: Actor, subject: Subject) -> set[Relation]:
    """Who helps a firm: its specialist, an association it belongs to, the broker's partner.

    A secondment and what belongs to it are of one specialist; a firm's demands of all it has.
    """
    found = set()
    of_specialist = getattr(subject, "specialist_id", actor.user_id)
    if subject.organisation_id in actor.placed_with and of_specialist == actor.user_id:
        found.add(Relation.PLACED)
    if subject.organisation_id in actor.confided_by:
        found.add(Relation.CONFIDANT)
    hosted = actor.role == "association" and actor.verified
    if hosted and getattr(subject, "association_id", None) == actor.organisation_id:
        found.add(Relation.HOST)
    if actor.role == "broker" and getattr(subject, "partner_id", None) == actor.user_id:
        found.add(Relation.CO_BROKER)
    return found


def _keeping(actor: Actor, subject: Subject) -> set[Relation]:
    """Whether the actor keeps the confidential tier of a record, or belongs to whom it opens.

    An outcome's is kept by its author and the managers of his institution, not by colleagues.
    """
    custody: Custody | None = getattr(subject, "custody", None)
    if custody is None or actor.organisation_id is None:
        return set()
    found = set()
    if actor.organisation_id == custody.organisation_id and actor.role == KEEPERS[custody.noun]:
        own = actor.manager or actor.user_id == custody.author_id
        if custody.noun == "demand" or own:
            found.add(Relation.OWNER)
    if (
        actor.verified
        and actor.organisation_id == custody.grantee_id
        and actor.role in KEEPERS.values()
    ):
        found.add(Relation.GRANTEE)
    return found


_BY_ACTION = {(rule.noun, rule.action): rule for rule in RULES}
_BY_NOUN = {
    noun: [rule for rule in RULES if rule.noun == noun] for noun in {one.noun for one in RULES}
}


def rule_of(noun: str, action: str) -> Rule:
    """The row of an action; ``KeyError`` (a programming error) when there is none."""
    return _BY_ACTION[noun, action]


def may(actor: Actor, noun: str, action: str, subject: Subject = PLATFORM) -> bool:
    """Whether the actor is entitled to the action on the subject in its present state."""
    rule = rule_of(noun, action)
    in_state = not rule.sources or subject.state in rule.sources
    return in_state and bool(rule.who & relations(actor, subject))


def available_actions(actor: Actor, noun: str, subject: Subject) -> tuple[str, ...]:
    """The actions on the subject that the actor could take now, in the table's order."""
    possible = [rule for rule in _BY_NOUN.get(noun, ()) if subject.state in rule.sources]
    found = relations(actor, subject) if possible else frozenset()
    return tuple(rule.action for rule in possible if rule.who & found)


def require(actor: Actor, noun: str, action: str, subject: Subject = PLATFORM) -> None:
    """Refuse the action with :class:`NotAllowed` or :class:`WrongState`, or do nothing."""
    rule = rule_of(noun, action)
    if not rule.who & relations(actor, subject):
        msg = f"You may not {action.replace('_', ' ')} this {noun}."
        raise NotAllowed(msg, noun=noun, action=action)
    if rule.sources and subject.state not in rule.sources:
        msg = (
            f"This {noun} is {str(subject.state).replace('_', ' ')}; "
            f"{action.replace('_', ' ')} is possible only when it is "
            f"{' or '.join(sorted(state.replace('_', ' ') for state in rule.sources))}."
        )
        raise WrongState(msg, noun=noun, action=action, state=subject.state)


def next_state(noun: str, action: str, state: str, earlier: str | None = None) -> str:
    """The state an action leads to; :class:`WrongState` when it does not start from ``state``.

    ``earlier`` is the state the record had before, for the actions that lead back to it.
    """
    rule = rule_of(noun, action)
    if rule.sources and state not in rule.sources:
        msg = f"{action.replace('_', ' ')} does not start from {state.replace('_', ' ')}."
        raise WrongState(msg, noun=noun, action=action, state=state)
    if rule.returns:
        if earlier is None:
            msg = f"{action} leads back, and the {noun} does not say to where"
            raise ValueError(msg)
        return earlier
    return rule.target or state
