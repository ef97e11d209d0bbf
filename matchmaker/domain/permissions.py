"""Who may do what: one table for every action on every noun, read by services, pages and tests.

A row says which action leads a noun from which states to which state, and which relations to the
record entitle to it. A row without states concerns a noun that has no life-cycle, or an action that
leaves the state alone. Anything that has no row is refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from matchmaker.domain.errors import NotAllowed, WrongState


class Relation(StrEnum):
    """What an actor is to a record."""

    ANYONE = "anyone"  # also signed-out visitors
    SIGNED_IN = "signed_in"
    VERIFIED = "verified"  # belongs to a verified organisation
    MEMBER = "member"  # of the organisation the record belongs to, in that organisation's role
    AUTHOR = "author"  # wrote the record
    MANAGER = "manager"  # manages the organisation the record belongs to
    RECIPIENT = "recipient"  # of a directed demand
    COMPANY = "company"
    RESEARCHER = "researcher"
    BROKER = "broker"
    BUREAU = "bureau"
    ADMINISTRATOR = "administrator"
    SYSTEM = "system"


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
class Bare:
    """A subject without life-cycle or owner: the platform's own pages and lists."""

    state: str | None = None
    organisation_id: int | None = None
    author_id: int | None = None
    recipient_ids: frozenset[int] = frozenset()


PLATFORM = Bare()


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
    return frozenset(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One row of the table."""

    noun: str
    action: str
    who: frozenset[Relation]
    sources: frozenset[str] = frozenset()  # empty: any state
    target: str | None = None  # None: the state stays


def _rule(noun: str, action: str, who: str, sources: str = "", target: str | None = None) -> Rule:
    """A row from words: ``who`` and ``sources`` are separated by blanks."""
    return Rule(
        noun=noun,
        action=action,
        who=frozenset(Relation(word) for word in who.split()),
        sources=frozenset(sources.split()),
        target=target,
    )


RULES: tuple[Rule, ...] = (
    # demand: draft → submitted → published | returned; withdrawn; expired
    _rule("demand", "create", "company"),
    _rule("demand", "edit", "member", "draft returned published"),
    _rule("demand", "submit", "member", "draft returned", "submitted"),
    _rule("demand", "publish", "broker bureau", "submitted", "published"),
    _rule("demand", "return", "broker bureau", "submitted", "returned"),
    _rule("demand", "withdraw", "member", "submitted published returned", "withdrawn"),
    _rule("demand", "reopen", "member", "withdrawn expired", "draft"),
    _rule("demand", "delete", "member", "draft"),
    _rule("demand", "expire", "system", "published", "expired"),
    _rule("demand", "review", "broker bureau"),
    _rule("demand", "reuse", "member"),
    # outcome: draft → institution_review → published | changes_requested; withdrawn; expired
    _rule("outcome", "create", "researcher"),
    _rule("outcome", "edit", "author manager", "draft changes_requested published"),
    _rule("outcome", "submit", "author manager", "draft changes_requested", "institution_review"),
    _rule("outcome", "approve", "manager bureau", "institution_review", "published"),
    _rule(
        "outcome", "request_changes", "manager bureau", "institution_review", "changes_requested"
    ),
    _rule(
        "outcome",
        "withdraw",
        "author manager",
        "institution_review published changes_requested",
        "withdrawn",
    ),
    _rule("outcome", "reopen", "author manager", "withdrawn expired", "draft"),
    _rule("outcome", "delete", "author manager", "draft"),
    _rule("outcome", "expire", "system", "published", "expired"),
    _rule("outcome", "review", "manager bureau"),
    _rule("outcome", "reuse", "author manager"),
    # match: suggested → accepted | dismissed | snoozed; undo leads back within a minute
    _rule("match", "accept", "broker", "suggested snoozed", "accepted"),
    _rule("match", "dismiss", "broker", "suggested snoozed", "dismissed"),
    _rule("match", "snooze", "broker", "suggested", "snoozed"),
    _rule("match", "wake", "broker system", "snoozed", "suggested"),
    _rule("match", "undo", "broker", "accepted dismissed snoozed", "suggested"),
    _rule("match", "review", "broker"),
    _rule("match", "suggest", "system"),
    # duplicate: open → different | same, and from one to the other when somebody thinks again
    _rule("duplicate", "separate", "broker bureau administrator", "open same", "different"),
    _rule("duplicate", "equate", "broker bureau administrator", "open different", "same"),
    _rule("duplicate", "review", "broker bureau administrator"),
    _rule("duplicate", "find", "system"),
    # next_step: what a company asks for when nothing fits; open → answered | accepted | declined
    _rule("next_step", "ask", "member"),
    _rule("next_step", "answer", "broker bureau", "open", "answered"),
    _rule("next_step", "adopt", "bureau", "open", "accepted"),
    _rule("next_step", "decline", "bureau", "open", "declined"),
    _rule("next_step", "review", "broker bureau"),
    # alert: a company is told when something usable turns up
    _rule("alert", "switch", "member"),
    _rule("alert", "send", "system"),
    # organisation and people
    _rule("organisation", "create", "anyone"),
    _rule("organisation", "edit", "manager bureau"),
    _rule("organisation", "rename", "manager", "pending rejected"),
    _rule("organisation", "resubmit", "manager", "rejected", "pending"),
    _rule("organisation", "verify", "bureau", "pending rejected", "verified"),
    _rule("organisation", "reject", "bureau", "pending verified", "rejected"),
    _rule("organisation", "review", "bureau"),
    _rule("user", "administer", "administrator"),
    _rule("audit", "view", "bureau administrator"),
    _rule("index", "view", "administrator"),
    _rule("evaluation", "view", "bureau administrator"),
    _rule("evaluation", "keep", "administrator"),
    _rule("model", "adopt", "administrator"),
    _rule("model", "restore", "administrator"),
)

_BY_ACTION = {(rule.noun, rule.action): rule for rule in RULES}


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
    return tuple(
        rule.action
        for rule in RULES
        if rule.noun == noun and rule.sources and may(actor, noun, rule.action, subject)
    )


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


def next_state(noun: str, action: str, state: str) -> str:
    """The state an action leads to; :class:`WrongState` when it does not start from ``state``."""
    rule = rule_of(noun, action)
    if rule.sources and state not in rule.sources:
        msg = f"{action.replace('_', ' ')} does not start from {state.replace('_', ' ')}."
        raise WrongState(msg, noun=noun, action=action, state=state)
    return rule.target or state
