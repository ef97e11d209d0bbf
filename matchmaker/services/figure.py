"""The bureau's targets, and counting all figures anew."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select

from matchmaker.domain.errors import Conflict, Invalid
from matchmaker.domain.figure_target import FIRST_YEAR, LAST_YEAR, NAMES, TARGETED, Target
from matchmaker.domain.permissions import SYSTEM, Actor, require
from matchmaker.services import audit
from matchmaker.store import figure_log
from matchmaker.store.database import UnitOfWork
from matchmaker.store.figure import FigureTarget

_LOST = "Somebody else has changed these targets since you opened them. Look again, then repeat."


def set_targets(
    uow: UnitOfWork,
    actor: Actor,
    *,
    year: int,
    targets: Mapping[str, Target],
    versions: Mapping[str, int],
) -> int:
    """Store the targets of a year; each that changes leaves an audit row. Returns how many did.

    ``versions`` are those that the form was filled with; 0 where there was no target.
    """
    require(actor, "figure", "set_target")
    if not FIRST_YEAR <= year <= LAST_YEAR or not targets.keys() <= set(TARGETED):
        msg = "There is no such year or figure."
        raise Invalid(msg, {"year": "unknown"})
    rows = uow.session.scalars(select(FigureTarget).where(FigureTarget.year == year)).all()
    stored = {row.figure: row for row in rows}
    return sum(
        _set(uow, actor, year, code, stored.get(code), given, versions.get(code, 0))
        for code, given in targets.items()
    )


def _set(
    uow: UnitOfWork,
    actor: Actor,
    year: int,
    code: str,
    row: FigureTarget | None,
    given: Target,
    version: int,
) -> bool:
    old = Target(**{name: getattr(row, name) for name in NAMES}) if row else Target()
    if given == old or (row is None and given.empty):
        return False
    if version != (row.version if row else 0):
        raise Conflict(_LOST, noun="figure")
    before = {name: getattr(old, name) for name in NAMES}
    after: dict[str, object] = {name: getattr(given, name) for name in NAMES}
    if row is None:
        row = FigureTarget(figure=code, year=year)
        uow.session.add(row)
    if given.empty:
        key = row.id
        uow.session.delete(row)
    else:
        row.baseline, row.target, row.source = given.baseline, given.target, given.source
        row.set_by, row.set_at = actor.user_id, uow.now
        uow.flush()
        key = row.id
    # What was set is told even where it is as before, so that the row says what it is about.
    noted = after | {"figure": code, "year": year}
    audit.record(uow, actor, "figure", key, "set_target", before=before, after=noted)
    return True


def rebuild(uow: UnitOfWork) -> int:
    """Count every figure anew from the events; returns how many entries there are."""
    require(SYSTEM, "figure", "rebuild")
    entries = figure_log.rebuild(uow.session)
    audit.record(uow, SYSTEM, "figure", None, "rebuild", after={"entries": entries})
    return entries


def count_if_never(uow: UnitOfWork) -> int:
    """Count everything where that was never done: a database from before there were figures."""
    return 0 if figure_log.counted_ever(uow.session) else figure_log.rebuild(uow.session)


def verify(uow: UnitOfWork) -> figure_log.Verified:
    """Recompute every figure from the events and compare it with what is stored."""
    return figure_log.verify(uow.session)
