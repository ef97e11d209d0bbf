"""The audit's fields in words: as the forms call them, and their codes as terms."""

from __future__ import annotations

from typing import Final

from wtforms.fields.core import UnboundField

from matchmaker.web.contract.forms import CorrectionForm, RewardForm
from matchmaker.web.demand.forms import DemandForm
from matchmaker.web.i18n import VOCABULARIES, joined, term
from matchmaker.web.i18n import gettext as _
from matchmaker.web.i18n import lazy_gettext as _l
from matchmaker.web.outcome.forms import OutcomeForm

_FORMS: Final = {
    "demand": (DemandForm,),
    "outcome": (OutcomeForm,),
    "contract": (CorrectionForm, RewardForm),
}
# What a form of several nouns calls alike, and what no form asks for.
_FIELDS: Final = {
    "about": _l("What it is about"),
    "active": _l("May log in"),
    "added": _l("Added"),
    "alert": _l("Alert"),
    "amount": _l("Amount (10,000 yuan)"),
    "approved": _l("Membership confirmed"),
    "assigned_to": _l("Assigned to person no."),
    "association_id": _l("Association no."),
    "away_until": _l("Away until"),
    "baseline": _l("Baseline"),
    "because": _l("Because"),
    "bench": _l("Benchmark"),
    "bid": _l("Bid no."),
    "bids_until": _l("Bids until"),
    "bound": _l("Bound of the plan's value"),
    "chains": _l("Innovation chains"),
    "challenge": _l("Challenge no."),
    "changed": _l("Fields changed"),
    "clusters": _l("Clusters"),
    "conditions": _l("Who may bid, and on what terms"),
    "confirmed": _l("Hints that were confirmed"),
    "current_state": _l("Current state and what was tried"),
    "created_at": _l("Created"),
    "demand": _l("Demand no."),
    "demands": _l("Demands"),
    "drafted_by": _l("Drafted by person no."),
    "due": _l("Due"),
    "engine_version": _l("Version of the engine"),
    "entries": _l("Entries"),
    "examples": _l("Examples"),
    "expert": _l("Expert no."),
    "fields": _l("Fields"),
    "figure": _l("Figure"),
    "files": _l("Files"),
    "firm_interested": _l("The firm wants to talk on"),
    "folder": _l("Folder"),
    "forced": _l("Gate passed over"),
    "free": _l("Free slots"),
    "gone": _l("Gone"),
    "guests": _l("Guests"),
    "indicators": _l("Indicators"),
    "invited": _l("Invited"),
    "is_manager": _l("Manages the organisation"),
    "know_how": _l("Know-how"),
    "ladder_level": _l("Level of the company"),
    "left_out": _l("Demand left out, no."),
    "level": _l("Level"),
    "locale": _l("Language of mail and pages"),
    "meetings": _l("Meetings"),
    "model": _l("Model"),
    "months": _l("Months for the work"),
    "most": _l("Meetings of one party at most"),
    "name": _l("Name"),
    "name_en": _l("Name in English"),
    "needs": _l("Common needs"),
    "new": _l("New"),
    "note": _l("Remark"),
    "noun": _l("Kind of record"),
    "number": _l("Contract number"),
    "on_behalf_of": _l("On behalf of organisation no."),
    "opens_anonymous": _l("Anonymous demands opened"),
    "organisation": _l("Organisation"),
    "organisation_id": _l("Organisation no."),
    "organisations": _l("Organisations"),
    "origin": _l("Origin"),
    "outcome": _l("Outcome no."),
    "outcomes": _l("Outcomes"),
    "pairs": _l("Pairs"),
    "partner_id": _l("Partner no."),
    "partner_percent": _l("The partner's share (%)"),
    "partner_wanted": _l("Partner wanted"),
    "people": _l("People"),
    "person_name": _l("Name"),
    "phone": _l("Telephone"),
    "place": _l("Place"),
    "problem": _l("What is the problem"),
    "proposed": _l("Proposed"),
    "publicity_days": _l("Working days of publicity"),
    "published_at": _l("Published"),
    "ready": _l("Ready to be submitted"),
    "reason": _l("Reason"),
    "receipt": _l("Receipt"),
    "record": _l("Record no."),
    "records": _l("Records"),
    "reference": _l("Reference"),
    "region_code": _l("District"),
    "regions": _l("Districts preferred"),
    "registered_on": _l("Registered on"),
    "removed": _l("Removed"),
    "revision": _l("Revision"),
    "role": _l("Role"),
    "scores_needed": _l("Scores that every bid needs"),
    "side": _l("Of which side"),
    "signed_on": _l("Signed on"),
    "skipped": _l("Stages passed over"),
    "slot_minutes": _l("Minutes of a slot"),
    "slots": _l("Slots"),
    "source": _l("Taken from"),
    "source_id": _l("Key at the source"),
    "specialist_id": _l("Specialist no."),
    "starts_at": _l("Begin"),
    "state_note": _l("Reasons given"),
    "summary": _l("Summary"),
    "tables": _l("Tables"),
    "target": _l("Target"),
    "team_interested": _l("The team wants to talk on"),
    "text_version": _l("Version of the agreement"),
    "title": _l("Title"),
    "until": _l("Until"),
    "value": _l("Value of the plan"),
    "verdict": _l("Verdict"),
    "visited_on": _l("Visited on"),
    "weekly_capacity": _l("Matches a week"),
    "written_on": _l("Written on"),
    "year": _l("Year"),
}
# The vocabulary of a field's codes, where it has another name than the field.
_CODES: Final = {
    "kind": "demand_kind",
    "fields": "field",
    "conversion_modes": "conversion_mode",
    "lowest_trl": "trl",
    "level": "broker_level",
    "verdict": "midterm_verdict",
    "skipped": "engagement_state",
}
# Lists of names of fields.
_LISTS: Final = frozenset(
    {("challenge", "changed"), ("contract", "fields"), ("disclosure", "fields")}
)
_WEIGHT: Final = "weight_"


def field_text(noun: str, name: str) -> str:
    """What a field of a noun is called; its own name where nobody has said."""
    for form in _FORMS.get(noun, ()):
        if isinstance(field := getattr(form, name, None), UnboundField):
            return str(field.args[0])
    for codes, code in (
        ("notification_group", name),
        ("challenge_criterion", name.removeprefix(_WEIGHT)),
    ):
        if code in VOCABULARIES[codes]:
            return term(code, codes)
    return str(_FIELDS.get(name, name))


def value_text(noun: str, name: str, value: object) -> str:
    """A value as people read it: codes as terms, yes and no, a dash for nothing."""
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    words = str(value)
    parts = _split(words)
    if (noun, name) in _LISTS:
        return joined(field_text(noun, one) for one in parts)
    codes = _codes_of(name)
    if codes and all(one in VOCABULARIES[codes] for one in parts):
        return joined(term(one, codes) for one in parts)
    return words


def _split(words: str) -> list[str]:
    return [one.strip() for one in words.strip("[]").replace("'", "").split(",") if one.strip()]


def _codes_of(name: str) -> str:
    """The vocabulary of a field; empty where its values are no codes."""
    if name in VOCABULARIES["notification_group"]:
        return "mail_pace"
    codes = _CODES.get(name, name)
    return codes if codes in VOCABULARIES else ""
