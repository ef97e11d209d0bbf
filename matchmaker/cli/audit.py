"""``audit``: verify the chain of the audit, and print the roots of its days."""

from __future__ import annotations

import json
import re
import time
from dataclasses import asdict
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

import click

from matchmaker.bootstrap import Matchmaker
from matchmaker.domain.audit_verification import Finding
from matchmaker.services import audit_chain as service
from matchmaker.services.audit_chain import Verification
from matchmaker.store.queries import audit_chain as query

_ROOT: Final = re.compile(r"([0-9a-f]{64})@(\d{4}-\d{2}-\d{2})")
_WHAT: Final = {
    "edited": "was edited: it differs from its hash",
    "replaced": "does not continue the event before it: one of both was edited, hash and all",
    "order": "stands elsewhere than where it was written",
    "inserted": "was inserted: it is no part of the chain",
    "head": "is not what is noted as the last event: either was edited",
    "root": "differs from the day's events",
    "outside": "is not the one that was kept outside",
}


@click.group()
def audit() -> None:
    """The audit's chain of hashes."""


@audit.command()
@click.option(
    "--root",
    "kept",
    multiple=True,
    metavar="HASH@DAY",
    help="A root that `audit root` printed and somebody kept outside; may be repeated.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def verify(platform: Matchmaker, kept: tuple[str, ...], *, as_json: bool) -> None:
    """Verify every event of the audit. Run it weekly.

    Exit status 1 when something was edited, removed, inserted or put into another order; what and
    where is told. Only a root kept outside tells that somebody has computed a whole chain anew.
    """
    outside = dict(map(_kept, kept))
    began = time.perf_counter()
    with platform.reading() as uow:
        done = service.verify(uow, outside)
    seconds = time.perf_counter() - began
    with platform.unit_of_work() as uow:
        service.keep(uow, done)
    if as_json:
        told = asdict(done) | {"seconds": round(seconds, 3)}
        click.echo(json.dumps(told, default=_plain))
    else:
        _print(done, seconds, ZoneInfo(platform.settings.timezone))
    if done.problems:
        raise click.exceptions.Exit(1)


@audit.command()
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help="Of this day; of the last if none.")
@click.pass_obj
def root(platform: Matchmaker, day: datetime | None) -> None:
    """Print the root of a day that is over: HASH@DAY, to be published or filed. Run it daily."""
    with platform.database.unit_of_work() as uow:
        service.close_days(uow, platform.settings.timezone)
    with platform.reading() as uow:
        found = query.root(uow, day.date() if day else None)
    if found is None:
        when = f"{day:%Y-%m-%d}" if day else "any day"
        msg = f"There is no root of {when}. A day has one once it is over, from the first event on."
        raise click.ClickException(msg)
    click.echo(
        f"{found.hash}@{found.day}  {found.events:,} events, {found.position:,} since the beginning"
    )


def _kept(written: str) -> tuple[date, str]:
    parts = _ROOT.fullmatch(written)
    try:
        if parts:
            return date.fromisoformat(parts[2]), parts[1]
    except ValueError:
        pass
    msg = f"{written!r} is no root. Write it as `audit root` prints it: HASH@YYYY-MM-DD."
    raise click.BadParameter(msg, param_hint="--root")


def _print(done: Verification, seconds: float, zone: ZoneInfo) -> None:
    for finding in done.findings:
        click.echo(_line(finding), err=True)
    if done.problems > len(done.findings):
        click.echo(f"... and {done.problems - len(done.findings):,} more.", err=True)
    span = " to ".join(
        f"{at.astimezone(zone):%Y-%m-%d %H:%M}" for at in (done.first_at, done.last_at) if at
    )
    erased = f", {done.cleaned:,} of them cleaned by erasures" if done.cleaned else ""
    click.echo(
        f"{'Does not verify' if done.problems else 'Good'}: {done.events:,} events{erased}"
        f"{f', {span}' if span else ''}; {seconds:.1f} s; last hash {done.hash}"
    )


def _line(one: Finding) -> str:
    if one.kind in ("root", "outside"):
        return f"The root of {one.day} {_WHAT[one.kind]}."
    if one.kind == "missing":
        return f"Missing: {_places(one)}."
    if one.kind == "cut":
        return f"Cut off at the end: {_places(one)}."
    event = "The last event" if one.event_id is None else f"Event {one.event_id}"
    place = f" ({_places(one)})" if one.position is not None else ""
    return f"{event}{place} {_WHAT[one.kind]}."


def _places(one: Finding) -> str:
    if one.until is None or one.until == one.position:
        return f"number {one.position:,} of the chain"
    return f"numbers {one.position:,} to {one.until:,} of the chain"


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, date | datetime) else str(value)
