"""``place``: propose chains for the records that have none."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict

import click

from matchmaker.bootstrap import Matchmaker
from matchmaker.cli.progress import bar
from matchmaker.services.placement import Report


@click.command()
@click.option(
    "--all",
    "every",
    is_flag=True,
    required=True,
    help="Every record without chains, published or in review.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def place(platform: Matchmaker, *, every: bool, as_json: bool) -> None:  # noqa: ARG001 - asked for in so many words
    """Learn from what persons placed, then propose chains for records that have none.

    Proposals wait on the page “Placements”; none counts before a person has decided. Run it daily.
    """
    report = place_records(platform)
    if as_json:
        click.echo(json.dumps(asdict(report)))
        return
    click.echo(said(report))


def place_records(platform: Matchmaker, *, quickly: bool = False) -> Report:
    """Propose chains, with a progress bar; ``quickly`` as after an import, by a first look."""
    return platform.place(_bar, quickly=quickly)


@contextmanager
def _bar(count: int) -> Iterator[Callable[[int], None]]:
    with bar(count, "Placing records") as progress:
        yield progress.update


def said(report: Report) -> str:
    """A run in a sentence."""
    return (
        f"{report.proposed:,} records wait for a person, {report.none:,} of them proposed as "
        f"standing on no chain; learnt from {report.examples:,}."
    )
