"""``backup`` and ``restore``: the whole database in one file."""

from __future__ import annotations

from pathlib import Path

import click

from matchmaker.bootstrap import Matchmaker
from matchmaker.services import backup as service


@click.command("backup")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--force", is_flag=True, help="Replace FILE if it exists.")
@click.pass_obj
def backup(platform: Matchmaker, file: Path, *, force: bool) -> None:
    """Write a consistent copy of everything to FILE while the platform goes on running."""
    rows = service.write_backup(platform.database, platform.attachments, file, replace=force)
    click.echo(f"{rows:,} rows written to {file}.")


@click.command("restore")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--force", is_flag=True, help="Replace what the present database holds.")
@click.pass_obj
def restore(platform: Matchmaker, file: Path, *, force: bool) -> None:
    """Put back what `backup` wrote to FILE. Stop the server first."""
    platform.settings.var_dir.mkdir(parents=True, exist_ok=True)
    rows = service.read_backup(platform.database, platform.attachments, file, replace=force)
    click.echo(f"{rows:,} rows restored from {file}. Indexes follow at the next start.")
