"""Reading threads of events for the figures, many in a few statements."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, literal, select
from sqlalchemy.orm import Session

from matchmaker.domain.figure_count import Event, Terms, Thread
from matchmaker.store.audit import AuditEvent
from matchmaker.store.contract import Contract, ContractRevision
from matchmaker.store.demand import Demand, DemandChain
from matchmaker.store.engagement import Engagement
from matchmaker.store.introduction import Introduction
from matchmaker.store.next_step import NextStep
from matchmaker.store.organisation import Organisation, User
from matchmaker.store.outcome import Outcome, OutcomeChain
from matchmaker.store.plan import RegionRow

# Thread by kind and key.
Key = tuple[str, int]
NOUNS: Final = ("demand", "outcome", "organisation", "user")
AT_ONCE: Final = 500
_PUBLISHING: Final = ("publish", "approve", "import", "load")
# What is read from the audit alone, and what of it.
ALONE: Final[Mapping[str, tuple[str, ...]]] = {
    "match": ("escalate",),
    "question": ("ask", "answer", "lapse", "withdraw"),
}


def threads(session: Session, keys: Iterable[Key]) -> Iterator[list[Thread]]:
    """The threads of some keys, in batches of one noun; of what is deleted nothing is told."""
    wanted: dict[str, list[int]] = {}
    for noun, key in sorted(set(keys)):
        wanted.setdefault(noun, []).append(key)
    for noun, ids in wanted.items():
        rest = iter(ids)
        while batch := list(islice(rest, AT_ONCE)):
            found = {one.id: one for one in _READ[noun](session, batch)}
            yield [found.get(key) or Thread(noun=noun, id=key, events=()) for key in batch]


def every_key(session: Session) -> Iterator[Key]:
    """The keys of all threads."""
    models: tuple[Any, ...] = (Demand, Outcome, Organisation, User)
    for noun, model in zip(NOUNS, models, strict=True):
        for key in session.scalars(select(model.id).order_by(model.id)):
            yield noun, key
    for noun, actions in ALONE.items():
        told = select(AuditEvent.record_id).where(
            AuditEvent.noun == noun,
            AuditEvent.action.in_(actions),
            AuditEvent.record_id.is_not(None),
        )
        for key in session.scalars(told.distinct()):
            yield noun, key or 0


def _demands(session: Session, ids: list[int]) -> Iterator[Thread]:
    events = _events(
        session,
        _told("demand", AuditEvent.record_id, AuditEvent.record_id.in_(ids)),
        *(
            _told(noun, model.demand_id, model.demand_id.in_(ids)).join(
                model, model.id == AuditEvent.record_id
            )
            for noun, model in _UNDER_DEMANDS.items()
        ),
        _told("contract", Engagement.demand_id, Engagement.demand_id.in_(ids))
        .join(Contract, Contract.id == AuditEvent.record_id)
        .join(Engagement, Engagement.id == Contract.engagement_id),
    )
    terms = _terms(session, [key for key, told in events.items() if _has_contract(told)])
    chains = _chains(session, DemandChain.demand_id, DemandChain.chain_code, ids)
    for row in session.execute(_at_home(Demand.id, Demand.organisation_id, Demand.id.in_(ids))):
        yield _thread("demand", row, events, chains, terms=terms.get(row.id, {}))


def _outcomes(session: Session, ids: list[int]) -> Iterator[Thread]:
    mine = AuditEvent.record_id.in_(ids)
    events = _events(session, _told("outcome", AuditEvent.record_id, mine))
    chains = _chains(session, OutcomeChain.outcome_id, OutcomeChain.chain_code, ids)
    for row in session.execute(_at_home(Outcome.id, Outcome.organisation_id, Outcome.id.in_(ids))):
        yield _thread("outcome", row, events, chains)


def _organisations(session: Session, ids: list[int]) -> Iterator[Thread]:
    events = _events(
        session,
        *(
            _told(noun, model.organisation_id, model.organisation_id.in_(ids))
            .join(model, model.id == AuditEvent.record_id)
            .where(AuditEvent.action.in_(_PUBLISHING))
            for noun, model in (("demand", Demand), ("outcome", Outcome))
        ),
    )
    chains: dict[int, list[str]] = {}
    for placed in (
        select(Demand.organisation_id, DemandChain.chain_code)
        .join(DemandChain, DemandChain.demand_id == Demand.id)
        .where(Demand.organisation_id.in_(ids), Demand.published_at.is_not(None)),
        select(Outcome.organisation_id, OutcomeChain.chain_code)
        .join(OutcomeChain, OutcomeChain.outcome_id == Outcome.id)
        .where(Outcome.organisation_id.in_(ids), Outcome.published_at.is_not(None)),
    ):
        for key, code in session.execute(placed.distinct()):
            chains.setdefault(key, []).append(code)
    home = _at_home(Organisation.id, Organisation.id, Organisation.id.in_(ids))
    for row in session.execute(home):
        yield _thread("organisation", row, events, chains)


def _users(session: Session, ids: list[int]) -> Iterator[Thread]:
    asked = _told("introduction", AuditEvent.actor_id, AuditEvent.actor_id.in_(ids))
    events = _events(session, asked.where(AuditEvent.action == "ask"))
    for row in session.execute(_at_home(User.id, User.organisation_id, User.id.in_(ids))):
        yield _thread("user", row, events, {})


def _matches(session: Session, ids: list[int]) -> Iterator[Thread]:
    yield from _without_place(session, "match", ids)


def _questions(session: Session, ids: list[int]) -> Iterator[Thread]:
    yield from _without_place(session, "question", ids)


def _without_place(session: Session, noun: str, ids: list[int]) -> Iterator[Thread]:
    """From the audit alone: a match no longer suggested is deleted with what hangs on it."""
    mine = _told(noun, AuditEvent.record_id, AuditEvent.record_id.in_(ids))
    events = _events(session, mine.where(AuditEvent.action.in_(ALONE[noun])))
    for key in ids:
        yield Thread(noun=noun, id=key, events=events.get(key, []))


_UNDER_DEMANDS: Final[Mapping[str, Any]] = {
    "introduction": Introduction,
    "engagement": Engagement,
    "next_step": NextStep,
}
_READ: Final = {
    "demand": _demands,
    "outcome": _outcomes,
    "organisation": _organisations,
    "user": _users,
    "match": _matches,
    "question": _questions,
}


def _told(noun: str, key: Any, wanted: ColumnElement[bool]) -> Select[Any]:
    """The events of a noun with the key of their thread."""
    return select(
        key.label("thread"),
        AuditEvent.id,
        AuditEvent.at,
        AuditEvent.noun,
        AuditEvent.record_id,
        AuditEvent.action,
        AuditEvent.state_to,
        # The one day that an event notes itself.
        AuditEvent.changes if noun == "contract" else literal(None).label("changes"),
    ).where(AuditEvent.noun == noun, wanted)


def _events(session: Session, *told: Select[Any]) -> dict[int, list[Event]]:
    """Events by thread, in their order."""
    found: dict[int, list[Event]] = {}
    for one in told:
        for row in session.execute(one):
            found.setdefault(row.thread, []).append(_event(row))
    for events in found.values():
        events.sort(key=lambda one: one.id)
    return found


def _event(row: Row[Any]) -> Event:
    noted = (row.changes or {}).get("registered_on")
    return Event(
        id=row.id,
        at=row.at,
        noun=row.noun,
        record_id=row.record_id,
        action=row.action,
        state_to=row.state_to,
        day=date.fromisoformat(noted[1]) if noted and noted[1] else None,
    )


def _has_contract(events: Iterable[Event]) -> bool:
    return any(one.noun == "contract" for one in events)


def _terms(session: Session, ids: Collection[int]) -> dict[int, dict[int, Terms]]:
    """The latest revision of every contract of some demands."""
    if not ids:
        return {}
    rows = session.execute(
        select(
            Engagement.demand_id,
            ContractRevision.contract_id,
            ContractRevision.type,
            ContractRevision.amount_total,
            ContractRevision.related,
            Organisation.region_code,
            RegionRow.kind,
        )
        .join(Contract, Contract.id == ContractRevision.contract_id)
        .join(Engagement, Engagement.id == Contract.engagement_id)
        .join(Organisation, Organisation.id == Engagement.institution_id)
        .outerjoin(RegionRow, RegionRow.code == Organisation.region_code)
        .where(Engagement.demand_id.in_(ids))
        .order_by(ContractRevision.id)
    )
    found: dict[int, dict[int, Terms]] = {}
    for row in rows:
        found.setdefault(row.demand_id, {})[row.contract_id] = Terms(
            type=row.type,
            amount=row.amount_total or Decimal(0),
            related=row.related,
            seller=row.region_code or "",
            seller_local=_local(row.kind),
        )
    return found


def _chains(session: Session, key: Any, code: Any, ids: list[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for record, chain in session.execute(select(key, code).where(key.in_(ids))):
        found.setdefault(record, []).append(chain)
    return found


def _at_home(key: Any, organisation: Any, wanted: ColumnElement[bool]) -> Select[Any]:
    """A thread's key with its organisation's district, kind and step on the ladder."""
    statement = select(
        key.label("id"),
        Organisation.region_code,
        Organisation.kind,
        Organisation.ladder_level,
        RegionRow.kind.label("place"),
    ).select_from(key.class_)
    if key.class_ is not Organisation:
        statement = statement.outerjoin(Organisation, Organisation.id == organisation)
    place = RegionRow.code == Organisation.region_code
    return statement.outerjoin(RegionRow, place).where(wanted).order_by(key)


def _thread(
    noun: str,
    row: Row[Any],
    events: Mapping[int, list[Event]],
    chains: Mapping[int, list[str]],
    *,
    terms: Mapping[int, Terms] | None = None,
) -> Thread:
    return Thread(
        noun=noun,
        id=row.id,
        events=events.get(row.id, []),
        region=row.region_code or "",
        local=_local(row.place),
        chains=tuple(sorted(set(chains.get(row.id, ())))),
        kind=row.kind or "",
        level=row.ladder_level,
        terms=terms or {},
    )


def _local(place: str | None) -> bool:
    """Whether a kind of region lies in the city."""
    return place in ("district", "zone")
