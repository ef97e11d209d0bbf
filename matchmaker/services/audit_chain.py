"""Verifying the chain of the audit, and the root of each day. See docs/decisions/0015."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import select

from matchmaker.domain.audit_chain import GENESIS, SealedEvent, root_digest
from matchmaker.domain.audit_verification import Finding, Verifier
from matchmaker.services.notification import notify
from matchmaker.store.audit import AuditCheck, AuditHead, AuditRoot
from matchmaker.store.database import UnitOfWork
from matchmaker.store.organisation import User
from matchmaker.store.queries import audit_chain as query

_TOLD: Final = frozenset({"bureau", "administrator"})
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What a verification read and found; ``since`` is the position that it began behind."""

    since: int
    events: int
    cleaned: int  # events out of which erasures have taken words
    first_at: datetime | None
    last_at: datetime | None
    position: int
    hash: str
    problems: int
    findings: tuple[Finding, ...]


def verify(uow: UnitOfWork, outside: Mapping[date, str] | None = None) -> Verification:
    """Verify every event, the end and the roots, also those that somebody kept ``outside``."""
    return _verify(uow, 0, GENESIS, outside or {})


def verify_new(uow: UnitOfWork) -> Verification:
    """Verify what came since the last verification, the end, and the roots since then."""
    check = uow.session.get(AuditCheck, 1)
    return _verify(uow, check.position, check.hash, {}) if check else verify(uow)


def keep(uow: UnitOfWork, done: Verification) -> None:
    """Keep the result for whoever looks at the audit.

    What does not fit is told to the bureau and the administrators once and stays on record until a
    verification of the whole chain finds nothing. A partial one that another process has overtaken
    says nothing new.
    """
    check = uow.session.get(AuditCheck, 1, with_for_update=True)
    if check is None:
        check = AuditCheck(id=1, position=0, hash=GENESIS, problems=0, findings=[])
        uow.session.add(check)
    whole = done.since == 0
    if not whole and (check.problems or check.position != done.since):
        return
    if done.problems and not check.problems:
        readers = uow.session.scalars(select(User.id).where(User.role.in_(_TOLD)))
        values = {"count": str(done.problems), "page": f"{uow.site}/audit/"}
        notify(uow, kind="audit_broken", readers=readers, values=values)
    check.problems = done.problems
    check.findings = [asdict(one) for one in done.findings]
    check.at = uow.now
    if whole:
        check.whole_at = uow.now
    if not done.problems:
        check.position, check.hash = done.position, done.hash


def _verify(uow: UnitOfWork, since: int, digest: str, outside: Mapping[date, str]) -> Verification:
    roots = query.roots(uow)
    verifier = Verifier(
        find=lambda wanted: query.position_of(uow, wanted),
        cleaned=query.cleaned(uow),
        roots=roots,
        start=(since, digest),
    )
    if since and (present := query.hash_at(uow, since)) != digest:
        verifier.found("missing" if present is None else "replaced", position=since)
    times: list[datetime | None] = [None, None]
    for event in _timed(query.sealed_events(uow, since or None), times):
        verifier.take(event)
    for event_id in query.unsealed(uow):
        verifier.found("inserted", event_id=event_id)
    verifier.end(query.head(uow))
    verifier.outside(roots, outside)
    return Verification(
        since=since,
        events=verifier.events,
        cleaned=verifier.cleaned_events,
        first_at=times[0],
        last_at=times[1],
        position=verifier.position,
        hash=verifier.hash,
        problems=verifier.count,
        findings=tuple(verifier.findings),
    )


def _timed(events: Iterable[SealedEvent], times: list[datetime | None]) -> Iterator[SealedEvent]:
    """The same events; the first's and the last's time are left in ``times``."""
    for event in events:
        times[0] = times[0] or event.at
        times[1] = event.at
        yield event


def close_days(uow: UnitOfWork, timezone: str) -> int:
    """Write the root of every day that is over and has none; returns how many.

    A root covers every event of its day and all before them in the chain. What a long transaction
    wrote in the name of a day, after its root was made, is covered by the root of the next.
    """
    zone = ZoneInfo(timezone)
    uow.session.execute(select(AuditHead.events).with_for_update())  # one at a time
    last = query.root(uow)
    position = last.position if last else 0
    reached = {at.astimezone(zone).date(): place for place, at in query.times(uow, position)}
    day = last.day + _DAY if last else min(reached, default=None)
    closed = 0
    while day is not None and day < uow.now.astimezone(zone).date():
        before = position
        position = max([before, *(place for one, place in reached.items() if one <= day)])
        events = position - before
        digest = root_digest(day, position, events, query.hash_at(uow, position))
        uow.session.add(AuditRoot(day=day, position=position, events=events, hash=digest))
        day += _DAY
        closed += 1
    uow.flush()
    return closed
