"""``figures``: count what the bureau answers for anew, or verify it against the events."""

from __future__ import annotations

import json
import time
from dataclasses import asdict

import click

from matchmaker.bootstrap import Matchmaker
from matchmaker.services import figure as service
from matchmaker.store.figure_log import Finding


@click.group()
def figures() -> None:
    """The bureau's figures, counted from the events of the audit."""


@figures.command()
@click.pass_obj
def rebuild(platform: Matchmaker) -> None:
    """Count every figure anew from the events. Needed only when verify finds a difference."""
    began = time.perf_counter()
    with platform.database.unit_of_work() as uow:
        entries = service.rebuild(uow)
    click.echo(f"Counted: {entries:,} entries in {time.perf_counter() - began:.1f} s")


@figures.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def verify(platform: Matchmaker, *, as_json: bool) -> None:
    """Recompute every figure from the events and name each that differs from what is stored.

    Exit status 1 when one does. That the events themselves are the ones that were written is for
    `audit verify` to say.
    """
    began = time.perf_counter()
    with platform.reading() as uow:
        done = service.verify(uow)
    seconds = time.perf_counter() - began
    if as_json:
        click.echo(json.dumps(asdict(done) | {"seconds": round(seconds, 3)}))
    else:
        for finding in done.findings:
            click.echo(_line(finding), err=True)
        if done.problems > len(done.findings):
            click.echo(f"... and {done.problems - len(done.findings):,} more.", err=True)
        click.echo(
            f"{'Does not agree' if done.problems else 'Good'}: {done.entries:,} entries of "
            f"{done.threads:,} threads, {done.sums:,} sums; {seconds:.1f} s"
        )
    if done.problems:
        raise click.exceptions.Exit(1)


def _line(one: Finding) -> str:
    where = f"{one.figure} {one.quarter}"
    if one.record_id is not None:
        where += f", {one.noun} {one.record_id}"
    what = "sum" if one.kind == "sum" else "entries"
    return f"{where}: {what} stored {one.stored}; counted from the events {one.counted}."
