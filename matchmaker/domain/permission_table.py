"""Who may do what: one table for every action on every noun, read by services, pages and tests.

A row says which action leads a noun from which states to which state, and which relations to the
record entitle to it. A row without states concerns a noun that has no life-cycle, or an action that
leaves the state alone. Anything that has no row is refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


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
    JUDGE = "judge"  # appointed to score a challenge's bids, and without a conflict about this one
    GRANTEE = "grantee"  # member of the organisation that a confidential tier is opened to
    PLACED = "placed"  # technology specialist with a current secondment to the record's firm
    CONFIDANT = "confidant"  # association to which a member has opened its anonymous demands
    HOST = "host"  # of the association that a membership or a referral is of
    CO_BROKER = "co_broker"  # with whom an introduction's broker wants to share it
    COMPANY = "company"
    RESEARCHER = "researcher"
    BROKER = "broker"
    ASSOCIATION = "association"
    SPECIALIST = "specialist"
    BUREAU = "bureau"
    ADMINISTRATOR = "administrator"
    SYSTEM = "system"


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
_BEFORE_SCORES = "draft argued published closed scoring"  # of a challenge are known
_UNSEALED = "publicity awarded midterm accepted not_accepted failed"


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
    # demand: draft → submitted → published | returned → engaged → contracted → resolved; withdrawn;
    # expired; challenge, and back when that fails. What its talks and its challenge make of it is
    # the platform's doing.
    _rule("demand", "create", "company"),
    _rule("demand", "edit", "member", "draft returned published engaged"),
    _rule("demand", "submit", "member", "draft returned", "submitted"),
    _rule("demand", "publish", "broker bureau", "submitted", "published"),
    _rule("demand", "return", "broker bureau", "submitted", "returned"),
    _rule("demand", "withdraw", "member", "submitted published returned engaged", "withdrawn"),
    _rule("demand", "reopen", "member", "withdrawn expired resolved", "draft"),
    _rule("demand", "engage", "system", "published contracted", "engaged"),
    _rule("demand", "relist", "system", "engaged contracted challenge", "published"),
    _rule("demand", "challenge", "system", "published", "challenge"),
    _rule("demand", "contract", "system", "published engaged", "contracted"),
    _rule("demand", "resolve", "member system", "published engaged contracted", "resolved"),
    _rule("demand", "answer", "system", "challenge", "resolved"),
    _rule("demand", "delete", "member", "draft"),
    _rule("demand", "expire", "system", "published", "expired"),
    _rule("demand", "review", "broker bureau"),
    _rule("demand", "reuse", "member"),
    # a specialist writes for the firm he is placed with; that it is submitted is the firm's doing
    _rule("demand", "draft", "placed"),
    _rule("demand", "amend", "placed", "draft returned"),
    _rule("diagnosis", "give", "placed"),
    _rule("diagnosis", "view", "member placed"),
    # secondment: proposed by the bureau → active with the firm's consent | declined; ended
    _rule("secondment", "list", "company specialist bureau"),
    _rule("secondment", "propose", "bureau"),
    _rule("secondment", "view", "member placed"),
    _rule("secondment", "accept", "member", "proposed", "active"),
    _rule("secondment", "decline", "member", "proposed", "declined"),
    _rule("secondment", "end", "member author bureau", "proposed active", "ended"),
    _rule("visit", "write", "placed"),
    _rule("visit", "view", "member placed"),
    # outcome: draft → institution_review → published | changes_requested → reserved → transferred;
    # withdrawn; expired
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
        "institution_review published reserved transferred changes_requested",
        "withdrawn",
    ),
    _rule("outcome", "reopen", "author manager", "withdrawn expired", "draft"),
    _rule("outcome", "delete", "author manager", "draft"),
    _rule("outcome", "reserve", "system", "published transferred", "reserved"),
    _rule("outcome", "relist", "system", "reserved transferred", "published"),
    _rule("outcome", "transfer", "system", "published reserved", "transferred"),
    _rule("outcome", "expire", "system", "published", "expired"),
    _rule("outcome", "review", "manager bureau"),
    _rule("outcome", "reuse", "author manager"),
    # match: suggested → accepted | dismissed | snoozed | needs_information; undo leads back within
    # a minute. Who it is assigned to is a field, not a state: it entitles to nothing.
    _rule("match", "accept", "broker", "suggested snoozed needs_information", "accepted"),
    _rule("match", "dismiss", "broker", "suggested snoozed needs_information", "dismissed"),
    _rule("match", "snooze", "broker", "suggested", "snoozed"),
    _rule("match", "inquire", "broker", "suggested snoozed", "needs_information"),
    _rule("match", "wake", "broker system", "snoozed needs_information", "suggested"),
    _rule("match", "undo", "broker", "accepted dismissed snoozed needs_information", "suggested"),
    _rule("match", "assign", "system bureau", "suggested"),
    _rule("match", "escalate", "system", "suggested"),
    _rule("match", "take", "broker", "suggested snoozed"),
    _rule("match", "release", "broker", "suggested snoozed"),
    _rule("match", "review", "broker"),
    _rule("match", "suggest", "system"),
    _rule("match", "propose", "broker"),  # of a consortium; accepted with that
    # consortium: the outcomes that together answer a demand, as its own people and brokers see it
    _rule("consortium", "form", "member broker"),
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
    # question: a broker asks one side of a match; open → answered | lapsed | withdrawn
    _rule("question", "ask", "broker"),
    _rule("question", "answer", "member", "open", "answered"),
    _rule("question", "lapse", "system", "open", "lapsed"),
    _rule("question", "withdraw", "broker", "open", "withdrawn"),
    _rule("question", "list", "company researcher"),
    # broker_profile: what a broker knows and can take in a week; assignment: who has how much
    _rule("broker_profile", "edit", "author bureau"),
    _rule("assignment", "review", "bureau"),
    _rule("assignment", "run", "system bureau"),
    # contract: draft → confirmed by both sides → signed → registered; void; a change resets consent
    _rule("contract", "draft", _ENGAGED),
    _rule("contract", "view", _ENGAGED),
    _rule("contract", "oversee", "bureau", "registered"),
    _rule("contract", "count", "bureau"),
    _rule("contract", "reward", "party_institution"),
    _rule("contract", "edit", _ENGAGED, "draft confirmed", "draft"),
    _rule("contract", "confirm", _PARTIES, "draft"),
    _rule("contract", "conclude", "system", "draft", "confirmed"),
    _rule("contract", "sign", _ENGAGED, "confirmed", "signed"),
    _rule("contract", "register", _ENGAGED, "signed", "registered"),
    _rule("contract", "correct", _ENGAGED, "registered"),
    _rule("contract", "withdraw", _ENGAGED, "registered", "void"),
    _rule("contract", "abandon", _ENGAGED, "draft confirmed signed", "void"),
    _rule("contract", "reopen", _ENGAGED, "signed void", "draft"),
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
    # event: draft → inviting → planned → announced → held; cancelled. Brokers, the bureau,
    # and an association for its members organise.
    _rule("event", "list", "company researcher broker association bureau"),
    _rule("event", "create", "broker association bureau"),
    _rule("event", "manage", "author bureau"),
    _rule("event", "edit", "author bureau", "draft inviting planned"),
    _rule("event", "invite", "author bureau", "draft inviting planned", "inviting"),
    _rule("event", "plan", "author bureau", "inviting planned", "planned"),
    _rule("event", "reopen", "author bureau", "planned", "inviting"),
    _rule("event", "announce", "author bureau", "planned", "announced"),
    _rule("event", "note", "author bureau", "announced held"),
    _rule("event", "close", "author bureau", "announced", "held"),
    _rule("event", "cancel", "author bureau", "draft inviting planned announced", "cancelled"),
    # event_party: invited → coming | declined, and from one to the other; a party says what it saw
    _rule("event_party", "view", "member author"),
    _rule("event_party", "accept", "member author", "invited coming declined", "coming"),
    _rule("event_party", "decline", "member author", "invited coming declined", "declined"),
    _rule("event_party", "note", "member author", "coming"),
    # challenge: draft → argued → published → closed → scoring → publicity → awarded → midterm →
    # accepted | not_accepted; failed without an eligible bid; withdrawn
    _rule("challenge", "create", "bureau"),
    _rule("challenge", "manage", "bureau"),
    _rule("challenge", "edit", "bureau", "draft argued", "draft"),
    _rule("challenge", "argue", "bureau", "draft argued", "argued"),
    _rule("challenge", "appoint", "bureau", _BEFORE_SCORES),
    _rule("challenge", "dismiss", "bureau", _BEFORE_SCORES.removesuffix(" scoring")),
    _rule("challenge", "publish", "bureau", "argued", "published"),
    _rule("challenge", "extend", "bureau", "published"),
    _rule("challenge", "close", "system bureau", "published", "closed"),
    _rule("challenge", "open_bids", "bureau", f"closed scoring {_UNSEALED}"),
    _rule("challenge", "score", "bureau", "closed", "scoring"),
    _rule("challenge", "announce", "bureau", "scoring publicity", "publicity"),
    _rule("challenge", "unseal", "bureau", _UNSEALED),
    _rule("challenge", "award", "bureau", "publicity", "awarded"),
    _rule("challenge", "correct", "bureau", "awarded midterm"),
    _rule("challenge", "assess", "bureau", "awarded", "midterm"),
    _rule("challenge", "accept", "bureau", "midterm", "accepted"),
    _rule("challenge", "refuse", "bureau", "awarded midterm", "not_accepted"),
    _rule("challenge", "fail", "system bureau", "closed scoring publicity", "failed"),
    _rule("challenge", "withdraw", "bureau", f"{_BEFORE_SCORES} publicity", "withdrawn"),
    # challenge_demand: whether a firm lets its demand's words become a challenge's
    _rule("challenge_demand", "view", "member"),
    _rule("challenge_demand", "consent", "member", "asked refused", "given"),
    _rule("challenge_demand", "refuse", "member", "asked given", "refused"),
    # challenge_bid: draft → submitted → awarded | declined | barred; withdrawn. Nobody but its own
    # people opens it before the call is closed.
    _rule("challenge_bid", "create", "company researcher"),
    _rule("challenge_bid", "view", "author manager"),
    _rule("challenge_bid", "judge", "judge", "submitted"),
    _rule("challenge_bid", "edit", "author", "draft submitted"),
    _rule("challenge_bid", "submit", "author", "draft", "submitted"),
    _rule("challenge_bid", "withdraw", "author", "draft submitted", "withdrawn"),
    _rule("challenge_bid", "reopen", "author", "withdrawn", "draft"),
    _rule("challenge_bid", "bar", "bureau", "submitted", "barred"),
    _rule("challenge_bid", "award", "bureau", "submitted", "awarded"),
    _rule("challenge_bid", "decline", "bureau", "submitted", "declined"),
    _rule("challenge_bid", "report", "author manager", "awarded"),
    # challenge_score: an expert's own, sealed until scoring ends; challenge_objection: open →
    # upheld | dismissed
    _rule("challenge_score", "save", "author", "draft"),
    _rule("challenge_score", "submit", "author", "draft", "submitted"),
    _rule("challenge_conflict", "declare", "judge"),
    _rule("challenge_objection", "raise", "verified"),
    _rule("challenge_objection", "uphold", "bureau", "open", "upheld"),
    _rule("challenge_objection", "dismiss", "bureau", "open", "dismissed"),
    # membership of a firm in an association: requested | invited → active | declined; left
    _rule("membership", "list", "company association bureau"),
    _rule("membership", "request", "company"),
    _rule("membership", "invite", "association"),
    _rule("membership", "admit", "host", "requested", "active"),
    _rule("membership", "join", "member", "invited", "active"),
    _rule("membership", "decline", "member host", "requested invited", "declined"),
    _rule("membership", "leave", "member host", "active", "left"),
    _rule("membership", "request_again", "member", "declined left", "requested"),
    _rule("membership", "invite_again", "host", "declined left", "invited"),
    _rule("membership", "open_anonymous", "member", "active"),
    _rule("membership", "close_anonymous", "member", "active"),
    _rule("membership", "remind", "host", "active"),
    _rule("association", "desk", "association"),
    # referral: an association's word for a pair; recommended to its member → wanted, and so put to
    # brokers → taken; declined
    _rule("referral", "list", "company association broker"),
    _rule("referral", "recommend", "host"),
    _rule("referral", "propose", "host"),
    _rule("referral", "want", "member", "recommended", "wanted"),
    _rule("referral", "decline", "member", "recommended", "declined"),
    _rule("referral", "take", "broker", "wanted", "taken"),
    _rule("referral", "dismiss", "broker", "wanted", "declined"),
    # share of an introduction between two brokers: proposed → agreed | declined; withdrawn
    _rule("share", "list", "broker"),
    _rule("share", "propose", "own_broker"),
    _rule("share", "accept", "co_broker", "proposed", "agreed"),
    _rule("share", "decline", "co_broker", "proposed", "declined"),
    _rule("share", "withdraw", "author", "proposed", "withdrawn"),
    _rule("share", "change", "author", "agreed declined withdrawn", "proposed"),
    _rule("agency", "desk", "manager"),
    # placement: on which chains the machine proposes a record; proposed → confirmed | corrected.
    # Its own people, and the specialist who writes for them, decide by editing the record.
    _rule("placement", "confirm", "broker bureau member placed", "proposed", "confirmed"),
    _rule("placement", "correct", "broker bureau member placed", "proposed", "corrected"),
    _rule("placement", "review", "broker bureau"),
    _rule("placement", "propose", "system"),
    # next_step: what a company asks for when nothing fits; open → answered | accepted | declined
    _rule("next_step", "ask", "member"),
    _rule("next_step", "answer", "broker bureau", "open", "answered"),
    _rule("next_step", "adopt", "bureau", "open", "accepted"),
    _rule("next_step", "decline", "bureau", "open", "declined"),
    _rule("next_step", "review", "broker bureau"),
    # alert: a company is told when something usable turns up
    _rule("alert", "switch", "member"),
    _rule("alert", "send", "system"),
    # notification, saved_search, and what people keep and take along: their own alone
    _rule("notification", "read", "author"),
    _rule("notification", "set", "signed_in"),
    _rule("notification", "send", "system"),
    _rule("saved_search", "save", "signed_in"),
    _rule("saved_search", "edit", "author"),
    _rule("saved_search", "delete", "author"),
    _rule("work_record", "view", "broker"),
    _rule("activity", "view", "company researcher broker"),
    _rule("user", "export", "signed_in"),
    _rule("user", "leave", "signed_in"),
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
    # common_need: what the platform groups; need_consent: whether a firm is named beside one,
    # asked → given | declined, and from one to the other when the firm thinks again; what a firm
    # without an account has said in writing is noted by the bureau; given → asked when its demand
    # is named openly no more
    _rule("common_need", "group", "system"),
    _rule("need_consent", "ask", "bureau"),
    _rule("need_consent", "list", "company"),
    _rule("need_consent", "give", "member", "asked declined", "given"),
    _rule("need_consent", "decline", "member", "asked given", "declined"),
    _rule("need_consent", "note_given", "bureau", "asked declined", "given"),
    _rule("need_consent", "note_declined", "bureau", "asked given", "declined"),
    _rule("need_consent", "lapse", "system", "given", "asked"),
    # figure: what the bureau answers for, counted from the audit; its targets
    _rule("figure", "view", "bureau"),
    _rule("figure", "set_target", "bureau"),
    _rule("figure", "rebuild", "system"),
    # profile: a record on one page in English, from its public tier, naming nobody
    _rule("profile", "export", "member broker bureau"),
    # pack: what an agency is filed and evaluated by, of its brokers' introductions and contracts
    _rule("pack", "view", "manager bureau"),
    _rule("index", "view", "administrator"),
    _rule("evaluation", "view", "bureau administrator"),
    _rule("evaluation", "keep", "administrator"),
    _rule("model", "adopt", "administrator"),
    _rule("model", "restore", "administrator"),
)
