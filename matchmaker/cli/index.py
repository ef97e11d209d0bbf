"""``index``: look at the derived index and rebuild it."""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from matchmaker.bootstrap import Matchmaker
from matchmaker.cli.progress import bar
from matchmaker.services import index as service
from matchmaker.services import matching
from matchmaker.store.queries.matching import matched_count


@click.group()
def index() -> None:
    """The search index: derived from the database, deleted without loss."""


@index.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def status(platform: Matchmaker, *, as_json: bool) -> None:
    """Say what is indexed, by which encoder, and how fresh it is.

    Exit status 1 when the stored vectors are not the configured encoder's.
    """
    state = service.status(platform.database, platform.index)
    if as_json:
        click.echo(json.dumps(asdict(state) | {"fits": state.fits}, indent=1))
    else:
        _print(state, str(platform.settings.index_dir))
    if not state.fits:
        click.echo(
            "The stored vectors are another encoder's: nothing is matched until you run "
            f"`{service.REBUILD}` or set MATCHMAKER_ENCODER back.",
            err=True,
        )
        raise click.exceptions.Exit(1)


@index.command()
@click.pass_obj
def rebuild(platform: Matchmaker) -> None:
    """Encode every record with the configured encoder, drop other vectors, match anew."""
    with platform.reading() as uow:
        demands, outcomes = (matched_count(uow, noun) for noun in ("demand", "outcome"))
    with bar(demands + outcomes, "Encoding records") as progress:
        done = service.rebuild(platform.database, platform.index, progressed=progress.update)
    with bar(demands, "Matching demands") as progress:
        matching.match_all(platform.database, platform.index, progressed=progress.update)
    platform.save_index()
    click.echo(f"{done:,} distinct texts encoded, {demands:,} demands matched.")


def _print(state: service.IndexStatus, folder: str) -> None:
    others = f", {state.vectors_of_others:,} of other encoders" if state.vectors_of_others else ""
    click.echo(f"Encoder    {state.encoder_name}")
    click.echo(f"           {state.dimension} dimensions, checksum {state.encoder_checksum[:12]}")
    click.echo(f"Published  {state.demands:,} demands, {state.outcomes:,} outcomes")
    click.echo(f"Vectors    {state.vectors:,} stored, {state.vectors_missing:,} missing{others}")
    click.echo(f"Changes    {state.last_change:,} recorded")
    click.echo(f"Matched    {_behind(state.last_change, state.matched_through)}")
    click.echo(f"Ranked     {_behind(state.last_change, state.ranked_through)}")
    if state.file_sequence is None:
        click.echo(f"File       none in {folder}: the next start reads the database")
    else:
        click.echo(f"File       {_behind(state.last_change, state.file_sequence)} in {folder}")


def _behind(last: int, reached: int) -> str:
    return "up to date" if reached >= last else f"{last - reached:,} changes behind"
