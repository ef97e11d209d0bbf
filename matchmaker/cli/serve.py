"""``serve``: run the web server."""

from __future__ import annotations

import os
import sys

import click
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from matchmaker.bootstrap import Matchmaker
from matchmaker.cli.progress import bar
from matchmaker.services import matching
from matchmaker.settings import PROJECT_ROOT
from matchmaker.store.migrate import is_current
from matchmaker.store.organisation import User
from matchmaker.store.queries.audit_chain import problems
from matchmaker.store.queries.matching import matched_count


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65_535))
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1), help="Processes.")
@click.option(
    "--threads",
    default=8,
    show_default=True,
    type=click.IntRange(1),
    help="Threads in each process.",
)
@click.pass_obj
def serve(platform: Matchmaker, host: str, port: int, workers: int, threads: int) -> None:
    """Serve the site with gunicorn, after finishing any matching that was cut short."""
    if not _is_ready(platform):
        msg = "The database is absent or old. Run `python -m matchmaker init` first."
        raise click.ClickException(msg)
    _finish_matching(platform)
    _warn_of_audit(platform)
    click.echo(f"Matchmaker is at http://{host}:{port}")
    _print_accounts(platform)
    platform.database.dispose()
    environment = os.environ | {
        # One OpenMP thread a process: several make single queries slower.
        "OMP_NUM_THREADS": "1",
        "MATCHMAKER_VAR_DIR": str(platform.settings.var_dir.resolve()),
    }
    sys.stdout.flush()
    os.execve(  # noqa: S606 - becoming the server is the purpose
        sys.executable,
        [sys.executable, "-m", "gunicorn", *_arguments(host, port, workers, threads)],
        environment,
    )


def _arguments(host: str, port: int, workers: int, threads: int) -> list[str]:
    """Each worker loads the application itself: forking after OpenMP has run can deadlock."""
    return [
        *("--bind", f"{host}:{port}"),
        *("--workers", str(workers)),
        *("--worker-class", "gthread"),
        *("--threads", str(threads)),
        *("--timeout", "60"),
        *("--graceful-timeout", "20"),
        *("--log-level", "warning"),
        *("--pythonpath", str(PROJECT_ROOT)),
        *("--config", "python:matchmaker.cli.worker"),
        "--no-control-socket",
        "wsgi:app",
    ]


def _is_ready(platform: Matchmaker) -> bool:
    try:
        return is_current(platform.database)
    except OperationalError:
        return False


def _finish_matching(platform: Matchmaker) -> None:
    """Do what a crash or an upgrade left undone; costs a few queries where there is nothing."""
    with platform.reading() as uow:
        demands = matched_count(uow, "demand")
    version = platform.index.version
    if matching.outdated(platform.database, version):
        with bar(demands, "Matching demands") as progress:
            matching.match_all(platform.database, platform.index, progressed=progress.update)
    elif matching.is_behind(platform.database):
        with bar(demands, "Matching demands") as progress:
            platform.catch_up(progress.update)
    platform.save_index()


def _warn_of_audit(platform: Matchmaker) -> None:
    with platform.reading() as uow:
        count = problems(uow)
    if count:
        click.echo(
            f"WARNING: the audit does not verify ({count:,} findings): somebody may have tampered "
            "with it. Run `python -m matchmaker audit verify`.",
            err=True,
        )


def _print_accounts(platform: Matchmaker) -> None:
    """Name the demo accounts where the demo world is loaded."""
    from matchmaker.services.demo import DEMO_PASSWORD, WELL_KNOWN

    with platform.reading() as uow:
        present = set(
            uow.session.scalars(
                select(User.email).where(User.origin == "demo", User.email.in_(WELL_KNOWN))
            )
        )
    if present:
        click.echo(f"Demo accounts (invented people), password {DEMO_PASSWORD}:")
        for email in WELL_KNOWN:
            if email in present:
                click.echo(f"  {email}")
