"""``duplicates``: search everything for records that are nearly the same."""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from matchmaker.bootstrap import Matchmaker
from matchmaker.cli.progress import bar
from matchmaker.services import duplicate as service
from matchmaker.store.queries import duplicate as query
from matchmaker.store.queries.visibility import comparable


@click.command()
@click.option(
    "--kind",
    type=click.Choice(["demand", "outcome"]),
    help="Search records of one kind only.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def duplicates(platform: Matchmaker, *, kind: str | None, as_json: bool) -> None:
    """Find records that are nearly the same, for a person to look at.

    All published and submitted records are compared. Nothing is merged or deleted, and what a
    person has decided about a pair stays.
    """
    found = []
    for noun in (kind,) if kind else ("demand", "outcome"):
        with platform.reading() as uow:
            count = len(query.versions(uow, noun, comparable(noun)))
        with bar(2 * count, f"Comparing {noun}s") as progress:
            found.append(service.find_all(platform.database, noun, progressed=progress.update))
    if as_json:
        click.echo(json.dumps([asdict(one) for one in found]))
        return
    for one in found:
        click.echo(
            f"{one.records:,} {one.noun}s compared: {one.pairs:,} nearly the same pairs, "
            f"{one.new:,} of them new, {one.decided:,} decided; {one.gone:,} no longer alike."
        )
