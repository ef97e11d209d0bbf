"""The command line's root: ``python -m matchmaker``."""

from __future__ import annotations

import sys

import click
from sqlalchemy.exc import OperationalError, ProgrammingError

from matchmaker import __version__
from matchmaker.bootstrap import Matchmaker, bootstrap
from matchmaker.cli.adoption import model
from matchmaker.cli.assign import assign
from matchmaker.cli.audit import audit
from matchmaker.cli.backup import backup, restore
from matchmaker.cli.bench import bench
from matchmaker.cli.duplicates import duplicates
from matchmaker.cli.evaluate import evaluate
from matchmaker.cli.evaluate_chains import evaluate_chains
from matchmaker.cli.figures import figures
from matchmaker.cli.gaps import gaps
from matchmaker.cli.index import index
from matchmaker.cli.mail import deliver_mail
from matchmaker.cli.match import match
from matchmaker.cli.place import place
from matchmaker.cli.records import demo, digest, expire, follow_up, import_
from matchmaker.cli.serve import serve
from matchmaker.cli.users import users
from matchmaker.domain.errors import DomainError
from matchmaker.services.figure import count_if_never
from matchmaker.store.migrate import migrate


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="matchmaker")
@click.pass_context
def cli(context: click.Context) -> None:
    """Matchmaker: match technical demands with research outcomes."""
    if context.obj is None:
        context.obj = bootstrap()
        context.call_on_close(context.obj.close)


@cli.command()
@click.pass_obj
def init(platform: Matchmaker) -> None:
    """Create or upgrade the database and load the plan's taxonomy."""
    platform.settings.var_dir.mkdir(parents=True, exist_ok=True)
    migrate(platform.database)
    added = platform.install_plan()
    with platform.database.unit_of_work() as uow:
        count_if_never(uow)
    click.echo(f"Database ready: {platform.database.url.render_as_string()}")
    if added:
        click.echo(f"Plan: {added} chains and regions added.")


for command in (
    *(assign, audit, backup, bench, deliver_mail, demo, digest, duplicates, evaluate),
    *(evaluate_chains, expire, figures, follow_up, gaps, import_, index, match, model, place),
    *(restore, serve, users),
):
    cli.add_command(command)


def main() -> None:
    """Run the command line; a refusal is told on standard error with exit status 1."""
    try:
        cli(prog_name="python -m matchmaker")
    except DomainError as error:
        click.echo(f"Error: {error}", err=True)
        sys.exit(1)
    except (OperationalError, ProgrammingError) as error:  # PostgreSQL: no such table
        click.echo(
            f"Error: the database refused ({error.orig}). Nothing was half-written; check the disk "
            "and that `python -m matchmaker init` has run, then repeat.",
            err=True,
        )
        sys.exit(1)
