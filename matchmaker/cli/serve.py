"""``serve``: run the web server."""

from __future__ import annotations

import json
import os
import sys

import click
from sqlalchemy import select

from matchmaker.bootstrap import Matchmaker
from matchmaker.settings import PROJECT_ROOT
from matchmaker.store.migrate import is_current
from matchmaker.store.organisation import User


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--workers", default=1, show_default=True, help="Processes.")
@click.option("--threads", default=8, show_default=True, help="Threads in each process.")
@click.pass_obj
def serve(platform: Matchmaker, host: str, port: int, workers: int, threads: int) -> None:
    """Serve the site with gunicorn."""
    if not is_current(platform.database):
        msg = "The database is absent or old. Run `python -m matchmaker init` first."
        raise click.ClickException(msg)
    platform.catch_up()
    platform.save_index()
    click.echo(f"Matchmaker is at http://{host}:{port}")
    _print_accounts(platform)
    platform.database.dispose()
    os.chdir(PROJECT_ROOT)
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    arguments = ["--bind", f"{host}:{port}", "--workers", str(workers), "--threads", str(threads)]
    options = ["--worker-class", "gthread", "--timeout", "60", "--graceful-timeout", "20"]
    sys.stdout.flush()
    os.execv(  # noqa: S606 - becoming the server is the purpose
        sys.executable,
        [
            sys.executable,
            "-m",
            "gunicorn",
            *arguments,
            *options,
            "--log-level",
            "warning",
            "wsgi:app",
        ],
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
        click.echo(f"Demo accounts (invented people), password {json.dumps(DEMO_PASSWORD)}:")
        for email in WELL_KNOWN:
            if email in present:
                click.echo(f"  {email}")
