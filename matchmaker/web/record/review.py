"""What a reviewer sees beside a record: what changed since its return, what the check finds."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

from matchmaker.domain.permissions import Actor
from matchmaker.domain.plan import Plan
from matchmaker.domain.revision import changes
from matchmaker.domain.visibility import Tier, may_read
from matchmaker.services import revision
from matchmaker.services.leak import identity_of, stored_values
from matchmaker.services.record import Record, noun_of
from matchmaker.store.database import UnitOfWork
from matchmaker.web.i18n import VOCABULARIES, locale, speaking, term
from matchmaker.web.i18n import gettext as _
from matchmaker.web.record.assistance import complaint_lines, leak_lines
from matchmaker.web.record.cleaning import FORMS
from matchmaker.web.record.pages import ChangeLine, Resubmission, ReviewCheck

_TERMS: Final = {
    "kind": "demand_kind",
    "field": "field",
    "solution_mode": "solution_mode",
    "clarity": "clarity",
    "disclosure": "disclosure",
    "lowest_trl": "trl",
    "trl": "trl",
    "stage": "stage",
    "licence_kind": "licence_kind",
    "price_mode": "price_mode",
    "provenance": "provenance",
    "conversion_modes": "conversion_mode",
}


def resubmission(uow: UnitOfWork, actor: Actor, record: Record, plan: Plan) -> Resubmission | None:
    """What changed since the record was returned; for who reviews it again, and its own people."""
    noun = noun_of(record)
    kept = revision.returned(uow, noun, record.id)
    if kept is None:
        return None
    now = revision.content_of(uow, record)
    labels = labels_of(noun)
    order = [name for name in labels if name in now]
    found = changes(
        {name: _readable(name, kept.content.get(name), plan) for name in order},
        {name: _readable(name, now[name], plan) for name in order},
        redacted=may_read(actor, noun, record, Tier.REDACTED),
        chosen=_TERMS,
    )
    lines = tuple(ChangeLine(label=labels[one.field], pieces=one.pieces) for one in found)
    return Resubmission(at=kept.at, note=kept.note, changes=lines)


def check(record: Record) -> ReviewCheck:
    """What the check finds in a stored record."""
    noun = noun_of(record)
    labels = labels_of(noun)
    values = stored_values(record)
    leaks = (
        leak_lines(noun, values, labels, identity_of(record.organisation))
        if record.disclosure == "anonymous"
        else ()
    )
    return ReviewCheck(complaints=complaint_lines(noun, values, labels), leaks=leaks)


def labels_of(noun: str) -> Mapping[str, str]:
    """The labels of a form's fields, in their order."""
    return _labels(noun, locale())


@lru_cache
def _labels(noun: str, language: str) -> Mapping[str, str]:
    """The labels in a language."""
    with speaking(language):
        return {field.name: str(field.label.text) for field in FORMS[noun](formdata=None)}


def _readable(name: str, value: Any, plan: Plan) -> str:
    """A kept value in words."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return str(_("Yes") if value else _("No"))
    if isinstance(value, list):
        return "\n".join(_readable(name, part, plan) for part in value)
    places: dict[str, Any] = {
        "chains": plan.chain_by_code,
        "region_preference": plan.region_by_code,
    }
    named = places.get(name, {}).get(value)
    if named is not None:
        return str(named.text(locale()))
    known = name in _TERMS and value in VOCABULARIES[_TERMS[name]]
    return term(value, _TERMS[name]) if known else str(value)
