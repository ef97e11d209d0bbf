"""The audit's codes in words; a code without words stands as it is."""

from __future__ import annotations

from typing import Final

from flask_babel import gettext as _

from matchmaker.domain.visibility import CONFIDENTIAL_FIELDS, REDACTED_FIELDS
from matchmaker.domain.vocabulary import ROLES
from matchmaker.store.queries.audit import EventRow
from matchmaker.web.audit.pages import Line
from matchmaker.web.i18n import VOCABULARIES, term

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
}
_HIDDEN: Final = CONFIDENTIAL_FIELDS | REDACTED_FIELDS | {"password_hash", "phone", "person_name"}


def noun_text(code: str) -> str:
    """A kind of record."""
    return {
        "demand": _("Demand"),
        "outcome": _("Outcome"),
        "match": _("Match"),
        "question": _("Question"),
        "broker_profile": _("Broker's profile"),
        "duplicate": _("Near-duplicate"),
        "placement": _("Placement on chains"),
        "next_step": _("Request"),
        "disclosure": _("Disclosure"),
        "organisation": _("Organisation"),
        "contract": _("Contract"),
        "user": _("Person"),
        "plan": _("Plan"),
        "demo": _("Demo world"),
        "evaluation": _("Evaluation"),
        "introduction": _("Introduction"),
        "engagement": _("Engagement"),
        "meeting": _("Meeting"),
        "model": _("Model"),
        "saved_search": _("Saved search"),
    }.get(code, code)


def action_text(code: str) -> str:
    """What was done."""
    known = _record_actions() | _comparing_actions() | _people_actions() | _engagement_actions()
    return known.get(code, code)


def _record_actions() -> dict[str, str]:
    return {
        "create": _("created"),
        "edit": _("edited"),
        "submit": _("submitted"),
        "publish": _("published"),
        "return": _("returned"),
        "engage": _("talks begun"),
        "contract": _("contract signed"),
        "resolve": _("closed as resolved"),
        "reserve": _("reserved for a transfer"),
        "transfer": _("transferred"),
        "relist": _("open to matching again"),
        "withdraw": _("withdrawn"),
        "reopen": _("reopened"),
        "delete": _("deleted"),
        "expire": _("expired"),
        "remind": _("reminded of expiry"),
        "approve": _("approved"),
        "request_changes": _("changes requested"),
        "accept": _("accepted"),
        "dismiss": _("dismissed"),
        "snooze": _("snoozed"),
        "wake": _("woken"),
        "undo": _("undone"),
        "suggest": _("suggested"),
        "assign": _("assigned to a broker"),
        "take": _("taken up by a broker"),
        "release": _("given back"),
        "escalate": _("taken back overdue"),
        "inquire": _("asked a side"),
        "lapse": _("lapsed unanswered"),
        "ask": _("asked"),
        "answer": _("answered"),
        "adopt": _("accepted as a proposal"),
        "decline": _("declined"),
        "alert_on": _("alert switched on"),
        "alert_off": _("alert switched off"),
        "confirm": _("confirmed"),
        "correct": _("corrected"),
        "abandon": _("given up"),
        "reward": _("reward computed"),
    }


def _comparing_actions() -> dict[str, str]:
    return {
        "separate": _("found to be different"),
        "equate": _("found to be the same"),
        "propose": _("proposed chains for records"),
        "place": _("placed on chains"),
        "find": _("searched for near-duplicates"),
        "find_duplicates": _("compared with other records"),
        "give": _("opened to an organisation"),
        "grant": _("access granted"),
        "refuse": _("access refused"),
        "revoke": _("access revoked"),
        "open": _("confidential part read"),
        "import": _("imported"),
        "load": _("loaded"),
        "install": _("installed"),
        "keep": _("kept"),
        "adopt_model": _("adopted"),
        "restore_model": _("put back"),
    }


def _engagement_actions() -> dict[str, str]:
    return {
        "conclude": _("accepted by both sides"),
        "lapse": _("lapsed"),
        "begin": _("engagement begun"),
        "accept_nda": _("confidentiality agreement accepted"),
        "conclude_nda": _("confidentiality agreement concluded"),
        "disclose": _("documents disclosed"),
        "meet": _("first talk held"),
        "validate": _("validation begun"),
        "agree_terms": _("terms agreed"),
        "draft": _("drafting begun"),
        "publicise": _("public notice"),
        "sign": _("contract signed"),
        "perform": _("performance begun"),
        "complete": _("completed"),
        "plan_next": _("next action planned"),
        "lose": _("ended"),
        "rest": _("put to rest"),
        "write": _("message written"),
        "plan": _("meeting planned"),
        "move": _("meeting changed"),
        "hold": _("minutes written"),
        "cancel": _("meeting cancelled"),
        "make_feed": _("calendar address made"),
        "end_feed": _("calendar address ended"),
    }


def _people_actions() -> dict[str, str]:
    return {
        "register": _("registered"),
        "verify": _("verified"),
        "reject": _("not verified"),
        "resubmit": _("submitted again"),
        "log_in": _("logged in"),
        "log_out": _("logged out"),
        "change_password": _("changed the password"),
        "request_reset": _("asked for a new password"),
        "reset_password": _("set a new password by mail"),
        "set_password": _("password set by the operator"),
        "revoke_session": _("logged a device out"),
        "approve_member": _("confirmed a member"),
        "remove_member": _("removed a member"),
        "make_manager": _("made somebody a manager"),
        "set_role": _("role changed"),
        "activate": _("let in again"),
        "deactivate": _("barred"),
        "set_mail": _("chose what is mailed"),
        "export": _("took a copy of their data"),
        "erase": _("erased"),
    }


def line(row: EventRow) -> Line:
    """An event as the page shows it; hidden tiers never, whatever was stored."""
    return Line(
        id=row.id,
        at=row.at,
        who=_who(row),
        role=term(row.actor_role, "role") if row.name and row.actor_role in ROLES else "",
        noun=noun_text(row.noun),
        record_id=row.record_id,
        action=action_text(row.action),
        states=_states(row),
        changes=_changes(row),
    )


def _changes(row: EventRow) -> tuple[tuple[str, str, str], ...]:
    """What changed; of an erasure how many events it cleaned, not their hashes."""
    if (row.noun, row.action) == ("user", "erase") and row.changes:
        return ((_("events cleaned"), "—", str(len(row.changes))),)
    return tuple(
        (name, *(("…", "…") if name in _HIDDEN else (_value(old), _value(new))))
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


def _value(value: object) -> str:
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(value)
