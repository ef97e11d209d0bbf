"""Which threads of the figures some audit events concern."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, Final

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from matchmaker.store.audit import AuditEvent
from matchmaker.store.contract import Contract
from matchmaker.store.demand import Demand
from matchmaker.store.engagement import Engagement
from matchmaker.store.figure_thread import ALONE, AT_ONCE, Key
from matchmaker.store.introduction import Introduction
from matchmaker.store.next_step import NextStep
from matchmaker.store.organisation import User
from matchmaker.store.outcome import Outcome

# Of what belongs to a demand, the actions that a figure reads; of the others nothing is counted.
_READ: Final[dict[str, frozenset[str]]] = {
    "introduction": frozenset({"ask", "accept", "decline", "withdraw", "conclude", "lapse"}),
    "engagement": frozenset({"rest", "lose"}),
    "next_step": frozenset({"ask", "answer", "adopt", "decline"}),
    "contract": frozenset({"sign", "register", "correct", "withdraw", "abandon", "reopen"}),
}
# After these the organisation may take part anew, or its records stand on other chains.
_OF_ORGANISATION: Final = frozenset(
    {"publish", "approve", "import", "load", "edit", "amend", "place"}
)
# Nouns that belong to a demand, and what leads from their key to its.
_LEADS: Final[dict[str, Any]] = {
    "introduction": select(Introduction.demand_id, Introduction.id),
    "engagement": select(Engagement.demand_id, Engagement.id),
    "next_step": select(NextStep.demand_id, NextStep.id),
    "contract": select(Engagement.demand_id, Contract.id).join(
        Engagement, Engagement.id == Contract.engagement_id
    ),
}
_MODELS: Final[dict[str, Any]] = {"demand": Demand, "outcome": Outcome}


def touched(session: Session, events: Iterable[AuditEvent]) -> set[Key]:
    """The threads whose figures some events may change."""
    found: set[Key] = set()
    inside: dict[str, set[int]] = {}
    homes: dict[str, set[int]] = {}
    for one in events:
        if one.record_id is None or _idle(one):
            continue
        if one.noun in _MODELS or one.action in ALONE.get(one.noun, ()):
            found.add((one.noun, one.record_id))
        if one.noun in _MODELS and one.action in _OF_ORGANISATION:
            homes.setdefault(one.noun, set()).add(one.record_id)
        if one.action in _READ.get(one.noun, ()):
            inside.setdefault(one.noun, set()).add(one.record_id)
        if one.noun == "introduction" and one.action == "ask" and one.actor_id is not None:
            found.add(("user", one.actor_id))
        if one.noun == "organisation" and {"region_code", "ladder_level"} & one.changes.keys():
            found |= _of_organisation(session, one.record_id)
    for noun, ids in inside.items():
        found |= {("demand", key) for key in _led(session, _LEADS[noun], ids)}
    for noun, ids in homes.items():
        model = _MODELS[noun]
        home = select(model.organisation_id, model.id)
        found |= {("organisation", key) for key in _led(session, home, ids)}
    return found


def _idle(event: AuditEvent) -> bool:
    """Whether an event of a record neither moves it nor places it elsewhere."""
    moved = event.state_from != event.state_to or "chains" in event.changes
    return event.noun in _MODELS and not moved


def _led(session: Session, statement: Select[Any], ids: set[int]) -> Iterator[int]:
    """Where a statement leads: its first column, for keys in its second."""
    key, ordered = list(statement.selected_columns)[1], iter(sorted(ids))
    while part := list(islice(ordered, AT_ONCE)):
        for row in session.execute(statement.where(key.in_(part))):
            yield row[0]


def _of_organisation(session: Session, key: int) -> set[Key]:
    """An organisation with everything that counts in its district."""
    engaged = select(Engagement.demand_id).where(
        or_(Engagement.company_id == key, Engagement.institution_id == key)
    )
    found: set[Key] = {("organisation", key)}
    found |= {("demand", one) for one in session.scalars(engaged)}
    for noun, model in (("demand", Demand), ("outcome", Outcome), ("user", User)):
        ids = select(model.id).where(model.organisation_id == key)
        found |= {(noun, one) for one in session.scalars(ids)}
    return found
