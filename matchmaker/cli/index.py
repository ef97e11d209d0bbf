"""``index``: look at the derived index and rebuild it."""

from __future__ import annotations

import click

from matchmaker.bootstrap import Matchmaker
from matchmaker.cli.progress import bar
from matchmaker.services import matching
from matchmaker.store.queries import matching as query


@click.group()
def index() -> None:
    """The search index: derived from the database, deleted without loss."""


@index.command()
@click.pass_obj
def status(platform: Matchmaker) -> None:
    """Say what is indexed, by which encoder, and how fresh the index file is."""
    from matchmaker.matching.snapshot import snapshot_state

    engine = platform.engine_as_loaded
    encoder = engine.encoder
    with platform.reading() as uow:
        row = query.progress(uow)
        ours, others = query.count_vectors(uow, encoder.checksum)
        counts = {noun: len(query.published_keys(uow, noun)) for noun in ("demand", "outcome")}
    file = snapshot_state(platform.snapshot_path)
    click.echo(
        f"Encoder:   {encoder.name}, {encoder.dimension} dimensions, {encoder.checksum[:12]}"
    )
    click.echo(f"Vectors:   {ours:,} stored, {others:,} of other encoders")
    click.echo(f"Published: {counts['demand']:,} demands, {counts['outcome']:,} outcomes")
    click.echo(f"Changes:   {row.last_change:,} recorded, {row.matched_through:,} matched")
    if file is None:
        click.echo(f"File:      none at {platform.snapshot_path} (made when needed)")
    else:
        click.echo(f"File:      change {file['sequence']:,} at {platform.snapshot_path}")
    if row.encoder_checksum and row.encoder_checksum != encoder.checksum:
        click.echo(f"The stored vectors are another encoder's: run `{matching.REBUILD}`.", err=True)
        raise click.exceptions.Exit(1)


@index.command()
@click.pass_obj
def rebuild(platform: Matchmaker) -> None:
    """Encode every record with the configured encoder and write the index file anew."""
    with platform.reading() as uow:
        total = sum(len(query.published_keys(uow, noun)) for noun in ("demand", "outcome"))
    engine = platform.engine_as_loaded
    with bar(total, "Encoding records") as progress:
        done = matching.rebuild(platform.database, engine, progressed=progress.update)
    platform.save_index()
    click.echo(f"{done:,} records encoded. Run `python -m matchmaker match --all` to match them.")
