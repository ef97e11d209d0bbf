"""``users``: people who may log in."""

from __future__ import annotations

import sys

import click
from sqlalchemy import select

from matchmaker.bootstrap import Matchmaker
from matchmaker.domain.account import password_problem
from matchmaker.domain.permissions import SYSTEM
from matchmaker.domain.vocabulary import ROLES
from matchmaker.services import erasure
from matchmaker.services import user as service
from matchmaker.services.account import set_password, user_by_email
from matchmaker.store.database import UnitOfWork
from matchmaker.store.organisation import User


@click.group()
def users() -> None:
    """People who may log in."""


@users.command()
@click.argument("email")
@click.option("--name", default="", help="Name as shown; the address when left out.")
@click.option("--role", type=click.Choice(list(ROLES)), required=True)
@click.option("--organisation", default="", help="Its name; registered as verified if new.")
@click.option("--manager", is_flag=True, help="Manages the organisation.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@click.pass_obj
def create(
    platform: Matchmaker,
    email: str,
    name: str,
    role: str,
    organisation: str,
    *,
    manager: bool,
    password_stdin: bool,
) -> None:
    """Create a person; the password is asked for, never taken from the command line."""
    password = _password(email, from_stdin=password_stdin)
    with platform.unit_of_work() as uow:
        service.create(
            uow,
            SYSTEM,
            platform.passwords,
            email=email,
            name=name,
            role=role,
            password=password,
            organisation=organisation,
            manager=manager,
        )
    click.echo(f"{email} created as {role}.")


@users.command("list")
@click.pass_obj
def list_(platform: Matchmaker) -> None:
    """List everybody."""
    with platform.reading() as uow:
        rows = uow.session.execute(
            select(User.email, User.name, User.role, User.active).order_by(User.email)
        )
        for email, name, role, active in rows:
            click.echo(f"{email:40} {role:14} {'' if active else 'barred':7} {name}")


@users.command("set-password")
@click.argument("email")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@click.pass_obj
def set_password_(platform: Matchmaker, email: str, *, password_stdin: bool) -> None:
    """Set somebody's password and log every device of theirs out."""
    password = _password(email, from_stdin=password_stdin)
    with platform.unit_of_work() as uow:
        set_password(uow, platform.passwords, SYSTEM, _user(uow, email), password)
    click.echo(f"The password of {email} is set.")


@users.command()
@click.argument("email")
@click.pass_obj
def deactivate(platform: Matchmaker, email: str) -> None:
    """Bar somebody from logging in."""
    with platform.unit_of_work() as uow:
        service.set_active(uow, SYSTEM, _user(uow, email), active=False)
    click.echo(f"{email} is barred.")


@users.command()
@click.argument("email")
@click.pass_obj
def activate(platform: Matchmaker, email: str) -> None:
    """Let somebody log in again."""
    with platform.unit_of_work() as uow:
        service.set_active(uow, SYSTEM, _user(uow, email), active=True)
    click.echo(f"{email} may log in.")


@users.command()
@click.argument("email")
@click.option("--successor", default="", help="Address of who manages from then on.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def erase(platform: Matchmaker, email: str, successor: str, *, yes: bool) -> None:
    """Take everything personal of somebody out of the platform, for good."""
    if not yes:
        click.confirm(f"Erase {email}? This cannot be undone.", abort=True)
    with platform.unit_of_work() as uow:
        heir = _user(uow, successor) if successor else None
        erasure.erase(uow, SYSTEM, _user(uow, email), heir)
    click.echo("Erased. Backups made before still hold the person; so may files in VAR_DIR/mail.")


def _user(uow: UnitOfWork, email: str) -> User:
    found = user_by_email(uow, email)
    if found is None:
        msg = f"Nobody is registered as {email}."
        raise click.ClickException(msg)
    return found


def _password(email: str, *, from_stdin: bool) -> str:
    """A password typed twice, or one line of standard input."""
    if from_stdin:
        password = sys.stdin.readline().rstrip("\n")
    else:
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    if password_problem(password, email):
        msg = "Use at least ten characters, not a common password and not the address."
        raise click.ClickException(msg)
    return str(password)
