"""The command line's root: ``python -m matchmaker``."""

from __future__ import annotations

import sys

import click

from matchmaker.bootstrap import Matchmaker, bootstrap
from matchmaker.domain.errors import DomainError
from matchmaker.store.migrate import migrate


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name=None, version="0.1.0", prog_name="matchmaker")
@click.pass_context
def cli(context: click.Context) -> None:
    """Matchmaker: match technical demands with research outcomes."""
    if context.obj is None:
        context.obj = bootstrap()


@cli.command()
@click.pass_obj
def init(platform: Matchmaker) -> None:
    """Create or upgrade the database and load the plan's taxonomy."""
    platform.settings.var_dir.mkdir(parents=True, exist_ok=True)
    migrate(platform.database)
    added = platform.install_plan()
    click.echo(f"Database ready: {platform.database.url.render_as_string()}")
    click.echo(f"Plan: {added} chains and regions added.")


def main() -> None:
    """Run the command line; a refusal is one line on standard error and exit status 1."""
    try:
        cli(prog_name="python -m matchmaker")
    except DomainError as error:
        click.echo(f"Error: {error}", err=True)
        sys.exit(1)
