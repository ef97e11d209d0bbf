"""Who may do what: one table for every action on every noun, read by services, pages and tests.

A row says which action leads a noun from which states to which state, and which relations to the
record entitle to it. A row without states concerns a noun that has no life-cycle, or an action that
leaves the state alone. Anything that has no row is refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, runtime_checkable

from matchmaker.domain.custody import KEEPERS, Kept
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
    PARTY_COMPANY = "party_company"  # member of the company that is introduced or engaged
    PARTY_INSTITUTION = "party_institution"  # author of its outcome, or manager of his institution
    OWN_BROKER = "own_broker"  # brought the two sides together
    OWNER = "owner"  # keeps a confidential tier: a demand's company; an outcome's author, manager
    GRANTEE = "grantee"  # member of the organisation that a confidential tier is opened to
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
class Parties:
    """The two sides that a broker brought together, and the broker."""

    company_id: int
    institution_id: int
    researcher_id: int | None  # the outcome's author
    broker_id: int


@runtime_checkable
class Bilateral(Protocol):
    """A record between two organisations: an introduction, an engagement and what belongs to it."""

    @property
    def parties(self) -> Parties:
        """Who stands on which side."""


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
    return frozenset(found | _standing(actor, subject) | _keeping(actor, subject))


def _standing(actor: Actor, subject: Subject) -> set[Relation]:
    """On which side of a bilateral record the actor stands; nowhere with any other record.

    A side counts only while its organisation is verified; a researcher only while he belongs to the
    institution, so that whoever leaves leaves the talks behind.
    """
    if not isinstance(subject, Bilateral):
        return set()
    found, parties = set(), subject.parties
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


def _keeping(actor: Actor, subject: Subject) -> set[Relation]:
    """Whether the actor keeps the confidential tier of a record, or belongs to whom it opens.

    An outcome's is kept by its author and the managers of his institution, not by colleagues.
    """
    if not isinstance(subject, Kept) or actor.organisation_id is None:
        return set()
    found, custody = set(), subject.custody
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One row of the table."""

    noun: str
    action: str
    who: frozenset[Relation]
    sources: frozenset[str] = frozenset()  # empty: any state
    target: str | None = None  # None: the state stays
    returns: bool = False  # leads back to the state it had before


_PARTIES = "party_company party_institution"
_ENGAGED = "own_broker party_company party_institution"
_TALKS = "mutual nda disclosed meeting validation term_sheet drafting publicity signed"
_OPEN = f"{_TALKS} registered performing dormant"


def _rule(
    noun: str,
    action: str,
    who: str,
    sources: str = "",
    target: str | None = None,
    *,
    returns: bool = False,
) -> Rule:
    """A row from words: ``who`` and ``sources`` are separated by blanks."""
    return Rule(
        noun=noun,
        action=action,
        who=frozenset(Relation(word) for word in who.split()),
        sources=frozenset(sources.split()),
        target=target,
        returns=returns,
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
    # match: suggested → accepted | dismissed | snoozed; undo leads back within a minute
    _rule("match", "accept", "broker", "suggested snoozed", "accepted"),
    _rule("match", "dismiss", "broker", "suggested snoozed", "dismissed"),
    _rule("match", "snooze", "broker", "suggested", "snoozed"),
    _rule("match", "wake", "broker system", "snoozed", "suggested"),
    _rule("match", "undo", "broker", "accepted dismissed snoozed", "suggested"),
    _rule("match", "review", "broker"),
    _rule("match", "suggest", "system"),
    # introduction: asked → mutual when both sides have accepted | declined | lapsed | withdrawn
    _rule("introduction", "ask", "broker"),
    _rule("introduction", "view", _ENGAGED),
    _rule("introduction", "accept", _PARTIES, "asked"),
    _rule("introduction", "decline", _PARTIES, "asked", "declined"),
    _rule("introduction", "withdraw", "own_broker", "asked", "withdrawn"),
    _rule("introduction", "conclude", "system", "asked", "mutual"),
    _rule("introduction", "lapse", "system", "asked", "lapsed"),
    _rule("introduction", "remind", "system"),
    # engagement: mutual → nda → … → completed; validation, term sheet and notice may be skipped
    _rule("engagement", "view", _ENGAGED),
    _rule("engagement", "oversee", "bureau"),
    _rule("engagement", "write", _ENGAGED),
    _rule("engagement", "accept_nda", _PARTIES, "mutual"),
    _rule("engagement", "conclude_nda", "system", "mutual", "nda"),
    _rule("engagement", "disclose", _ENGAGED, "nda", "disclosed"),
    _rule("engagement", "meet", _ENGAGED, "disclosed", "meeting"),
    _rule("engagement", "validate", "own_broker party_company", "meeting", "validation"),
    _rule("engagement", "agree_terms", _ENGAGED, "meeting validation", "term_sheet"),
    _rule("engagement", "draft", _ENGAGED, "meeting validation term_sheet", "drafting"),
    _rule("engagement", "publicise", "own_broker party_institution", "drafting", "publicity"),
    _rule("engagement", "sign", _ENGAGED, "drafting publicity", "signed"),
    _rule("engagement", "register", _ENGAGED, "signed", "registered"),
    _rule("engagement", "perform", _ENGAGED, "registered", "performing"),
    _rule("engagement", "complete", "own_broker party_company", "performing", "completed"),
    _rule("engagement", "plan_next", _ENGAGED, _OPEN.removesuffix(" dormant")),
    _rule("engagement", "lose", _ENGAGED, _OPEN, "lost"),
    _rule("engagement", "wake", _ENGAGED, "dormant", returns=True),
    _rule("engagement", "rest", "system", _TALKS, "dormant"),
    # meeting: planned → held | cancelled
    _rule("meeting", "plan", _ENGAGED),
    _rule("meeting", "move", _ENGAGED, "planned"),
    _rule("meeting", "hold", _ENGAGED, "planned", "held"),
    _rule("meeting", "cancel", _ENGAGED, "planned", "cancelled"),
    _rule("meeting", "remind", "system"),
    # disclosure of a confidential tier: asked → granted | refused; granted → revoked | lapsed
    _rule("disclosure", "write", "owner"),
    _rule("disclosure", "give", "owner"),
    _rule("disclosure", "oversee", "owner"),
    _rule("disclosure", "ask", _PARTIES),
    _rule("disclosure", "grant", "owner", "asked", "granted"),
    _rule("disclosure", "refuse", "owner", "asked", "refused"),
    _rule("disclosure", "revoke", "owner", "granted", "revoked"),
    _rule("disclosure", "open", "grantee", "granted"),
    _rule("disclosure", "lapse", "system", "granted", "lapsed"),
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
