"""The audit's codes in words; a code without words stands as it is."""

from __future__ import annotations

from typing import Final

from matchmaker.domain.visibility import CONFIDENTIAL_FIELDS, REDACTED_FIELDS
from matchmaker.domain.vocabulary import ROLES
from matchmaker.store.queries.audit import EventRow
from matchmaker.web.audit.fields import field_text, value_text
from matchmaker.web.audit.pages import Line
from matchmaker.web.i18n import VOCABULARIES, term
from matchmaker.web.i18n import gettext as _
from matchmaker.web.i18n import lazy_gettext as _l

_STATES: Final = {
    "demand": "demand_state",
    "outcome": "outcome_state",
    "match": "match_state",
    "question": "question_state",
    "duplicate": "duplicate_state",
    "placement": "placement_state",
    "next_step": "next_step_state",
    "disclosure": "disclosure_state",
    "organisation": "verification",
    "introduction": "introduction_state",
    "engagement": "engagement_state",
    "meeting": "meeting_state",
    "contract": "contract_state",
    "event": "event_state",
    "event_party": "event_party_state",
    "need_consent": "need_consent_state",
    "challenge": "challenge_state",
    "challenge_demand": "challenge_consent",
    "challenge_bid": "challenge_bid_state",
    "challenge_score": "challenge_score_state",
    "challenge_objection": "challenge_objection_state",
    "secondment": "secondment_state",
    "membership": "membership_state",
    "referral": "referral_state",
    "share": "share_state",
}
_HIDDEN: Final = CONFIDENTIAL_FIELDS | REDACTED_FIELDS | {"password_hash", "phone", "person_name"}


# Translated one by one when they are shown: a page of fifty events needs few of them.
_NOUNS: Final = {
    "demand": _l("Demand"),
    "outcome": _l("Outcome"),
    "match": _l("Match"),
    "question": _l("Question"),
    "broker_profile": _l("Broker's profile"),
    "duplicate": _l("Near-duplicate"),
    "placement": _l("Placement on chains"),
    "next_step": _l("Request"),
    "disclosure": _l("Disclosure"),
    "organisation": _l("Organisation"),
    "contract": _l("Contract"),
    "user": _l("Person"),
    "plan": _l("Plan"),
    "demo": _l("Demo world"),
    "evaluation": _l("Evaluation"),
    "introduction": _l("Introduction"),
    "engagement": _l("Engagement"),
    "meeting": _l("Meeting"),
    "event": _l("Event"),
    "secondment": _l("Secondment"),
    "visit": _l("Visit to a firm"),
    "diagnosis": _l("Diagnosis"),
    "membership": _l("Membership of an association"),
    "referral": _l("Referral"),
    "share": _l("Share between brokers"),
    "event_party": _l("Invitation to an event"),
    "event_meeting": _l("Meeting at an event"),
    "challenge": _l("Challenge"),
    "challenge_demand": _l("Demand of a challenge"),
    "challenge_bid": _l("Bid"),
    "challenge_score": _l("Score of a bid"),
    "challenge_objection": _l("Objection"),
    "model": _l("Model"),
    "saved_search": _l("Saved search"),
    "figure": _l("Figure"),
    "common_need": _l("Common need"),
    "need_consent": _l("Consent to be named"),
}
_ACTIONS: Final = {
    "create": _l("created"),
    "edit": _l("edited"),
    "submit": _l("submitted"),
    "publish": _l("published"),
    "return": _l("returned"),
    "engage": _l("talks begun"),
    "contract": _l("contract signed"),
    "resolve": _l("closed as resolved"),
    "reserve": _l("reserved for a transfer"),
    "transfer": _l("transferred"),
    "relist": _l("open to matching again"),
    "withdraw": _l("withdrawn"),
    "reopen": _l("reopened"),
    "delete": _l("deleted"),
    "expire": _l("expired"),
    "remind": _l("reminded of expiry"),
    "approve": _l("approved"),
    "request_changes": _l("changes requested"),
    "accept": _l("accepted"),
    "dismiss": _l("dismissed"),
    "snooze": _l("snoozed"),
    "wake": _l("woken"),
    "undo": _l("undone"),
    "suggest": _l("suggested"),
    "assign": _l("assigned to a broker"),
    "take": _l("taken up by a broker"),
    "release": _l("given back"),
    "escalate": _l("taken back overdue"),
    "inquire": _l("asked a side"),
    "lapse": _l("lapsed"),
    "ask": _l("asked"),
    "answer": _l("answered"),
    "adopt": _l("accepted as a proposal"),
    "decline": _l("declined"),
    "alert_on": _l("alert switched on"),
    "alert_off": _l("alert switched off"),
    "confirm": _l("confirmed"),
    "correct": _l("corrected"),
    "abandon": _l("given up"),
    "reward": _l("reward computed"),
    "separate": _l("found to be different"),
    "equate": _l("found to be the same"),
    "propose": _l("proposed"),
    "place": _l("placed on chains"),
    "find": _l("searched for near-duplicates"),
    "find_duplicates": _l("compared with other records"),
    "give": _l("opened to an organisation"),
    "note_given": _l("noted a written consent"),
    "note_declined": _l("noted a written refusal"),
    "grant": _l("access granted"),
    "refuse": _l("refused"),
    "revoke": _l("access revoked"),
    "open": _l("confidential part read"),
    "import": _l("imported"),
    "load": _l("loaded"),
    "install": _l("installed"),
    "keep": _l("kept"),
    "adopt_model": _l("adopted"),
    "restore_model": _l("put back"),
    "register": _l("registered"),
    "verify": _l("verified"),
    "reject": _l("not verified"),
    "resubmit": _l("submitted again"),
    "log_in": _l("logged in"),
    "log_out": _l("logged out"),
    "change_password": _l("changed the password"),
    "request_reset": _l("asked for a new password"),
    "reset_password": _l("set a new password by mail"),
    "set_password": _l("password set by the operator"),
    "revoke_session": _l("logged a device out"),
    "approve_member": _l("confirmed a member"),
    "remove_member": _l("removed a member"),
    "make_manager": _l("made somebody a manager"),
    "set_role": _l("role changed"),
    "activate": _l("let in again"),
    "deactivate": _l("barred"),
    "set_mail": _l("chose what is mailed"),
    "export": _l("took a copy of their data"),
    "erase": _l("erased"),
    "conclude": _l("accepted by both sides"),
    "begin": _l("engagement begun"),
    "accept_nda": _l("confidentiality agreement accepted"),
    "conclude_nda": _l("confidentiality agreement concluded"),
    "disclose": _l("documents disclosed"),
    "meet": _l("first talk held"),
    "validate": _l("validation begun"),
    "agree_terms": _l("terms agreed"),
    "draft": _l("drafting begun"),
    "publicise": _l("public notice"),
    "sign": _l("contract signed"),
    "perform": _l("performance begun"),
    "complete": _l("completed"),
    "plan_next": _l("next action planned"),
    "lose": _l("ended"),
    "rest": _l("put to rest"),
    "write": _l("message written"),
    "plan": _l("planned"),
    "move": _l("meeting changed"),
    "hold": _l("minutes written"),
    "cancel": _l("cancelled"),
    "invite": _l("invitations sent"),
    "announce": _l("announced"),
    "close": _l("closed"),
    "challenge": _l("made a challenge"),
    "argue": _l("argued by experts"),
    "appoint": _l("expert appointed"),
    "extend": _l("deadline put off"),
    "score": _l("scoring begun"),
    "award": _l("contract noted"),
    "assess": _l("checked midway"),
    "fail": _l("failed"),
    "consent": _l("consent given"),
    "bar": _l("bid barred"),
    "report": _l("report written"),
    "save": _l("saved"),
    "declare": _l("conflict of interest declared"),
    "raise": _l("objection raised"),
    "uphold": _l("objection upheld"),
    "note": _l("result noted"),
    "make_feed": _l("calendar address made"),
    "end_feed": _l("calendar address ended"),
    "set_target": _l("target set"),
    "amend": _l("edited for the firm"),
    "end": _l("ended"),
    "request": _l("asked to join"),
    "request_again": _l("asked to join"),
    "invite_again": _l("invitations sent"),
    "admit": _l("accepted"),
    "join": _l("accepted"),
    "leave": _l("left"),
    "open_anonymous": _l("anonymous demands opened"),
    "close_anonymous": _l("anonymous demands closed"),
    "recommend": _l("recommended to a member"),
    "want": _l("put to brokers"),
    "change": _l("proposed"),
    "rebuild": _l("counted anew"),
    "group": _l("demands grouped"),
}
# Where the same action of another noun is told in other words.
_ACTIONS_OF: Final = {
    ("introduction", "ask"): _l("both sides are asked"),
    ("introduction", "accept"): _l("one side agrees"),
    ("introduction", "decline"): _l("one side declines"),
    ("engagement", "register"): _l("contract entered in the register"),
    ("contract", "register"): _l("contract entered in the register"),
    ("event_party", "accept"): _l("will come"),
    ("event_party", "decline"): _l("will not come"),
    ("secondment", "accept"): _l("the firm agrees"),
    ("secondment", "decline"): _l("the firm declines"),
    ("share", "accept"): _l("the share is agreed"),
    ("membership", "admit"): _l("membership begun"),
    ("membership", "join"): _l("membership begun"),
    ("need_consent", "give"): _l("agrees to its being named"),
    ("need_consent", "decline"): _l("does not agree to its being named"),
    ("diagnosis", "give"): _l("opinion given"),
    ("visit", "write"): _l("visit noted"),
    ("challenge", "accept"): _l("work accepted"),
}


def noun_text(code: str) -> str:
    """A kind of record."""
    return str(_NOUNS.get(code, code))


def action_text(code: str, noun: str = "") -> str:
    """What was done, in the words of the noun where they are known."""
    return str(_ACTIONS_OF.get((noun, code)) or _ACTIONS.get(code, code))


def line(row: EventRow) -> Line:
    """An event as the page shows it; hidden tiers never, whatever was stored."""
    return Line(
        id=row.id,
        at=row.at,
        who=_who(row),
        role=term(row.actor_role, "role") if row.name and row.actor_role in ROLES else "",
        noun=noun_text(row.noun),
        record_id=row.record_id,
        action=action_text(row.action, row.noun),
        states=_states(row),
        changes=_changes(row),
    )


def _changes(row: EventRow) -> tuple[tuple[str, str, str], ...]:
    """What changed; of an erasure how many events it cleaned, not their hashes."""
    if (row.noun, row.action) == ("user", "erase") and row.changes:
        return ((_("events cleaned"), "—", str(len(row.changes))),)
    return tuple(
        (
            field_text(row.noun, name),
            *(
                ("…", "…")
                if name in _HIDDEN
                else (value_text(row.noun, name, old), value_text(row.noun, name, new))
            ),
        )
        for name, (old, new) in sorted(row.changes.items())
    )


def _who(row: EventRow) -> str:
    """Who acted, as far as the reader may know."""
    if row.name:
        return row.name
    if row.withheld:
        known = term(row.actor_role, "role") if row.actor_role in ROLES else ""
        return str(_("%(role)s (name withheld)", role=known or _("A person")))
    return str(_("The platform") if row.actor_role == "system" else _("A visitor"))


def _states(row: EventRow) -> str:
    if not row.state_to:
        return ""
    vocabulary = _STATES.get(row.noun, "")
    before, after = _term(row.state_from or "", vocabulary), _term(row.state_to, vocabulary)
    return f"{before} → {after}" if before else after


def _term(code: str, vocabulary: str) -> str:
    known = vocabulary in VOCABULARIES and code in VOCABULARIES[vocabulary]
    return term(code, vocabulary) if known else code
