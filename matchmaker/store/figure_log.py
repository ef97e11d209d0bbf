"""Keeping the figures in step with the audit: at the end of every transaction that wrote events.

What the transaction touched is counted anew, thread by thread, and the difference is stored. That
happens after the audit's chain was sealed, under the lock of its end: two transactions never count
at the same time, and the later one reads what the earlier one has written.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, delete, event, func, insert, literal, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, UOWTransaction, sessionmaker

from matchmaker.domain.figure_count import Thread, entries
from matchmaker.store.audit import AuditEvent, AuditHead
from matchmaker.store.figure import FigureEvent, FigureSum
from matchmaker.store.figure_thread import Key, every_key, threads
from matchmaker.store.figure_touch import touched

ZONE: Final = "zone"
_NOTED: Final = "figure_events"
_VALUES: Final = ("day", "quarter", "region", "amount", "waited")
MOST_FINDINGS: Final = 50
_CELL: Final = ("figure", "chain", "quarter", "region")
_EMPTIED: Final = delete(FigureSum).where(
    FigureSum.events == 0, *(getattr(FigureSum, name) == bindparam(f"b_{name}") for name in _CELL)
)
# Figure, chain, quarter, district.
Cell = tuple[str, str, str, str]
# What tells an entry of a thread from the others: event, figure, chain.
Place = tuple[int, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A figure that differs from its events. ``kind``: events, or sum."""

    kind: str
    figure: str
    quarter: str
    stored: str
    counted: str
    noun: str = ""
    record_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What a verification has looked at and found."""

    threads: int
    entries: int
    sums: int
    problems: int
    findings: tuple[Finding, ...]


def watch(sessions: sessionmaker[Session]) -> None:
    """Count what sessions of this kind write; call after the audit's chain watches them."""
    event.listen(sessions, "after_flush", _note)
    event.listen(sessions, "before_commit", _count)


def _note(session: Session, _context: UOWTransaction) -> None:
    written = [one for one in session.new if isinstance(one, AuditEvent)]
    if written:
        session.info.setdefault(_NOTED, []).extend(written)


def _count(session: Session) -> None:
    session.flush()
    noted = session.info.pop(_NOTED, ())
    keys = touched(session, [one for one in noted if one in session])
    if keys:
        refresh(session, keys)


def refresh(session: Session, keys: Iterable[Key]) -> None:
    """Count some threads anew and store what has changed."""
    change = _Change()
    for batch in threads(session, keys):
        stored = _stored(session, batch)
        for thread in batch:
            change.compare(stored.get((thread.noun, thread.id), {}), counted(session, thread))
    if change.gone:
        session.execute(delete(FigureEvent).where(FigureEvent.id.in_(change.gone)))
    if change.added:
        session.execute(insert(FigureEvent), change.added)
    _add_up(session, change)


def rebuild(session: Session) -> int:
    """Count everything anew; returns how many entries there are."""
    session.execute(select(AuditHead.id).with_for_update())  # nobody counts meanwhile
    session.execute(delete(FigureSum))
    session.execute(delete(FigureEvent))
    total = 0
    for batch in threads(session, list(every_key(session))):
        rows = [row for thread in batch for row in counted(session, thread).values()]
        if rows:
            session.execute(insert(FigureEvent), rows)
        total += len(rows)
    cell = [getattr(FigureEvent, name) for name in _CELL]
    summed = select(*cell, func.count(), func.sum(FigureEvent.amount)).group_by(*cell)
    names = [*_CELL, "events", "amount"]
    session.execute(insert(FigureSum).from_select(names, summed))
    return total


def counted_ever(session: Session) -> bool:
    """Whether the figures were ever counted, or there is nothing to count."""
    if session.scalar(select(FigureEvent.id).limit(1)) is not None:
        return True
    return session.scalar(select(literal(1)).select_from(AuditEvent).limit(1)) is None


def verify(session: Session) -> Verified:
    """Count everything anew from the events and compare it with what is stored."""
    found: list[Finding] = []
    sums: Counter[Cell] = Counter()
    amounts: dict[Cell, Decimal] = {}
    seen = entry_count = 0
    for batch in threads(session, list(every_key(session))):
        stored = _stored(session, batch)
        for thread in batch:
            now = counted(session, thread)
            found += _differences(thread, stored.get((thread.noun, thread.id), {}), now)
            seen, entry_count = seen + 1, entry_count + len(now)
            for row in now.values():
                cell = (row["figure"], row["chain"], row["quarter"], row["region"])
                sums[cell] += 1
                amounts[cell] = amounts.get(cell, Decimal(0)) + row["amount"]
    of_events = select(
        *(getattr(FigureEvent, name) for name in _CELL),
        func.count(),
        func.sum(FigureEvent.amount),
    ).group_by(FigureEvent.figure, FigureEvent.chain, FigureEvent.quarter, FigureEvent.region)
    of_sums = select(
        *(FigureSum.figure, FigureSum.chain, FigureSum.quarter, FigureSum.region),
        *(FigureSum.events, FigureSum.amount),
    )
    wanted = {cell: (count, amounts[cell]) for cell, count in sums.items()}
    for kind, statement in (("events", of_events), ("sum", of_sums)):
        held = {tuple(row[:4]): (row[4], row[5]) for row in session.execute(statement)}
        for cell in sorted(held.keys() | wanted.keys()):
            if held.get(cell) != wanted.get(cell):
                found.append(_finding(kind, cell, held.get(cell), wanted.get(cell)))
    return Verified(
        threads=seen,
        entries=entry_count,
        sums=len(wanted),
        problems=len(found),
        findings=tuple(found[:MOST_FINDINGS]),
    )


def counted(session: Session, thread: Thread) -> dict[Place, dict[str, Any]]:
    """The rows of a thread, as its events are now."""
    zone: ZoneInfo = session.info[ZONE]
    rows = {}
    for one in entries(thread, zone):
        for chain in ("", *one.chains):
            rows[one.event_id, one.figure, chain] = {
                "event_id": one.event_id,
                "figure": one.figure,
                "chain": chain,
                "noun": thread.noun,
                "record_id": thread.id,
                **{name: getattr(one, name) for name in _VALUES},
            }
    return rows


def _stored(session: Session, batch: list[Thread]) -> dict[Key, dict[Place, FigureEvent]]:
    """The stored rows of some threads, all of one noun."""
    if not batch:
        return {}
    found: dict[Key, dict[Place, Any]] = {}
    mine = FigureEvent.record_id.in_([thread.id for thread in batch])
    columns = FigureEvent.__table__.columns
    for row in session.execute(select(*columns).where(FigureEvent.noun == batch[0].noun, mine)):
        place = (row.event_id, row.figure, row.chain)
        found.setdefault((row.noun, row.record_id), {})[place] = row
    return found


class _Change:
    """What is to be stored: rows gone and added, and by how much each sum moves."""

    def __init__(self) -> None:
        self.gone: list[int] = []
        self.added: list[dict[str, Any]] = []
        self.sums: dict[Cell, list[Any]] = {}

    def compare(self, stored: dict[Place, Any], wanted: dict[Place, dict[str, Any]]) -> None:
        """Note by how much a thread differs from what is stored of it."""
        for place, row in stored.items():
            if place not in wanted or not _same(row, wanted[place]):
                self.gone.append(row.id)
                self._move((row.figure, row.chain, row.quarter, row.region), -1, -row.amount)
        for place, one in wanted.items():
            if place not in stored or not _same(stored[place], one):
                self.added.append(one)
                cell = (one["figure"], one["chain"], one["quarter"], one["region"])
                self._move(cell, 1, one["amount"])

    def _move(self, cell: Cell, events: int, amount: Decimal) -> None:
        held = self.sums.setdefault(cell, [0, Decimal(0)])
        held[0] += events
        held[1] += amount


def _same(row: Any, wanted: dict[str, Any]) -> bool:
    return all(getattr(row, name) == wanted[name] for name in _VALUES)


def _add_up(session: Session, change: _Change) -> None:
    """Move the sums; those that fall to nothing go."""
    moved = [
        {"figure": f, "chain": c, "quarter": q, "region": r, "events": held[0], "amount": held[1]}
        for (f, c, q, r), held in sorted(change.sums.items())
        if held != [0, 0]
    ]
    if not moved:
        return
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    adding = dialect.insert(FigureSum)
    adding = adding.on_conflict_do_update(
        index_elements=list(_CELL),
        set_={
            "events": FigureSum.events + adding.excluded.events,
            "amount": FigureSum.amount + adding.excluded.amount,
        },
    )
    session.connection().execute(adding, moved)
    less = [{f"b_{name}": one[name] for name in _CELL} for one in moved if one["events"] < 0]
    if less:
        session.connection().execute(_EMPTIED, less)


def _differences(
    thread: Thread, stored: dict[Place, Any], wanted: dict[Place, dict[str, Any]]
) -> Iterator[Finding]:
    for place in sorted(stored.keys() | wanted.keys()):
        held, now = stored.get(place), wanted.get(place)
        if held is not None and now is not None and _same(held, now):
            continue
        yield Finding(
            kind="events",
            figure=place[1],
            quarter=now["quarter"] if now else held.quarter if held else "",
            stored=_told({name: getattr(held, name) for name in _VALUES} if held else None),
            counted=_told(now),
            noun=thread.noun,
            record_id=thread.id,
        )


def _told(values: dict[str, Any] | None) -> str:
    if values is None:
        return "nothing"
    return ", ".join(f"{name} {values[name]}" for name in _VALUES)


def _finding(kind: str, cell: Cell, held: Any, wanted: Any) -> Finding:
    shown = [f"{one[0]} events, {one[1]:f}" if one else "nothing" for one in (held, wanted)]
    where = " ".join(part for part in (cell[2], cell[3], cell[1]) if part)
    return Finding(kind=kind, figure=cell[0], quarter=where, stored=shown[0], counted=shown[1])
