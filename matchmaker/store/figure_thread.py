"""Reading threads of events for the figures, many in a few statements."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import Any, Final

from sqlalchemy import Row, Select, and_, bindparam, null, select, union_all
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
# Nouns whose events note something that counts: a contract's day, and what else closed the others.
_NOTING: Final = frozenset({"contract", "introduction", "question"})


def threads(session: Session, keys: Iterable[Key]) -> Iterator[list[Thread]]:
    """The threads of some keys, in batches of one noun; of what is deleted nothing is told."""
    wanted: dict[str, list[int]] = {}
    for noun, key in sorted(set(keys)):
        wanted.setdefault(noun, []).append(key)
    for noun, ids in wanted.items():
        rest = iter(ids)
        while batch := list(islice(rest, AT_ONCE)):
            found = {one.id: one for one in _read(session, noun, batch)}
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


def _told(noun: str, key: Any) -> Select[Any]:
    """The events of a noun with the key of their thread, for threads of some keys."""
    return _columns(noun, key).where(AuditEvent.noun == noun, key.in_(_IDS))


def _led(noun: str, model: Any, key: Any, *actions: str) -> Select[Any]:
    """The same from the records that lead to the thread.

    An outer join, and no condition on the event beside it: a planner without statistics would else
    begin with all the events of the noun. Records without an event come as rows without an id.
    """
    about = and_(AuditEvent.noun == noun, AuditEvent.record_id == model.id)
    if actions:
        about = and_(about, AuditEvent.action.in_(actions))
    return _columns(noun, key).select_from(model).outerjoin(AuditEvent, about).where(key.in_(_IDS))


def _columns(noun: str, key: Any) -> Select[Any]:
    return select(
        key.label("thread"),
        AuditEvent.id,
        AuditEvent.at,
        AuditEvent.noun,
        AuditEvent.record_id,
        AuditEvent.action,
        AuditEvent.state_to,
        AuditEvent.changes if noun in _NOTING else null().label("changes"),
    )


def _contracts() -> Select[Any]:
    """The events of the contracts of a demand's engagements."""
    about = and_(AuditEvent.noun == "contract", AuditEvent.record_id == Contract.id)
    return (
        _columns("contract", Engagement.demand_id)
        .select_from(Engagement)
        .outerjoin(Contract, Contract.engagement_id == Engagement.id)
        .outerjoin(AuditEvent, about)
        .where(Engagement.demand_id.in_(_IDS))
    )


def _at_home(model: Any, organisation: Any) -> Select[Any]:
    """A thread's key with its organisation's district, kind and step on the ladder."""
    statement = select(
        model.id.label("id"),
        Organisation.region_code,
        Organisation.kind,
        Organisation.ladder_level,
        RegionRow.kind.label("place"),
    ).select_from(model)
    if model is not Organisation:
        statement = statement.outerjoin(Organisation, Organisation.id == organisation)
    place = RegionRow.code == Organisation.region_code
    return statement.outerjoin(RegionRow, place).where(model.id.in_(_IDS)).order_by(model.id)


def _of_record(chain: Any, key: Any) -> Select[Any]:
    """The chains of records."""
    return select(key, chain.chain_code).where(key.in_(_IDS))


def _placed(model: Any, chain: Any, key: Any) -> Select[Any]:
    """The chains of an organisation's records that were public."""
    return (
        select(model.organisation_id, chain.chain_code)
        .join(chain, key == model.id)
        .where(model.organisation_id.in_(_IDS), model.published_at.is_not(None))
        .distinct()
    )


# Statements are made once: every commit that counts something sends some of them.
_IDS: Final[Any] = bindparam("ids", expanding=True)
_EVENTS: Final[Mapping[str, Any]] = {
    "demand": union_all(
        # The first one's column types are everybody's.
        _contracts(),
        _told("demand", AuditEvent.record_id),
        _led("introduction", Introduction, Introduction.demand_id),
        _led("engagement", Engagement, Engagement.demand_id),
        _led("next_step", NextStep, NextStep.demand_id),
    ),
    "outcome": _told("outcome", AuditEvent.record_id),
    "organisation": union_all(
        _led("demand", Demand, Demand.organisation_id, *_PUBLISHING),
        _led("outcome", Outcome, Outcome.organisation_id, *_PUBLISHING),
    ),
    "user": _told("introduction", AuditEvent.actor_id).where(AuditEvent.action == "ask"),
    **{
        noun: _told(noun, AuditEvent.record_id).where(AuditEvent.action.in_(actions))
        for noun, actions in ALONE.items()
    },
}
_HOMES: Final[Mapping[str, Select[Any]]] = {
    "demand": _at_home(Demand, Demand.organisation_id),
    "outcome": _at_home(Outcome, Outcome.organisation_id),
    "organisation": _at_home(Organisation, Organisation.id),
    "user": _at_home(User, User.organisation_id),
}
_CHAINS: Final[Mapping[str, tuple[Any, ...]]] = {
    "demand": (_of_record(DemandChain, DemandChain.demand_id),),
    "outcome": (_of_record(OutcomeChain, OutcomeChain.outcome_id),),
    "organisation": (
        _placed(Demand, DemandChain, DemandChain.demand_id),
        _placed(Outcome, OutcomeChain, OutcomeChain.outcome_id),
    ),
}
_TERMS: Final = (
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
    .where(Engagement.demand_id.in_(_IDS))
    .order_by(ContractRevision.id)
)


def _read(session: Session, noun: str, ids: list[int]) -> Iterator[Thread]:
    """The threads of one noun; matches and questions have events alone, and no place."""
    these = {"ids": ids}
    events: dict[int, list[Event]] = {}
    for row in session.execute(_EVENTS[noun], these):
        if row.id is not None:
            events.setdefault(row.thread, []).append(_event(row))
    for told in events.values():
        told.sort(key=lambda one: one.id)
    if noun in ALONE:
        yield from (Thread(noun=noun, id=key, events=told) for key, told in events.items())
        return
    chains: dict[int, set[str]] = {}
    for statement in _CHAINS.get(noun, ()):
        for key, code in session.execute(statement, these):
            chains.setdefault(key, set()).add(code)
    agreed = [key for key, told in events.items() if any(one.noun == "contract" for one in told)]
    terms = _terms(session, agreed) if agreed else {}
    for row in session.execute(_HOMES[noun], these):
        yield Thread(
            noun=noun,
            id=row.id,
            events=events.get(row.id, []),
            region=row.region_code or "",
            local=_local(row.place),
            chains=tuple(sorted(chains.get(row.id, ()))),
            kind=row.kind or "",
            level=row.ladder_level,
            terms=terms.get(row.id, {}),
        )


def _event(row: Row[Any]) -> Event:
    changes = row.changes or {}
    noted, closed = changes.get("registered_on"), changes.get("because")
    return Event(
        id=row.id,
        at=row.at,
        noun=row.noun,
        record_id=row.record_id,
        action=row.action,
        state_to=row.state_to,
        day=date.fromisoformat(noted[1]) if noted and noted[1] else None,
        because=closed[1] if closed else None,
    )


def _terms(session: Session, ids: list[int]) -> dict[int, dict[int, Terms]]:
    """The latest revision of every contract of some demands."""
    found: dict[int, dict[int, Terms]] = {}
    for row in session.execute(_TERMS, {"ids": ids}):
        found.setdefault(row.demand_id, {})[row.contract_id] = Terms(
            type=row.type,
            amount=row.amount_total or Decimal(0),
            related=row.related,
            seller=row.region_code or "",
            seller_local=_local(row.kind),
        )
    return found


def _local(place: str | None) -> bool:
    """Whether a kind of region lies in the city."""
    return place in ("district", "zone")
