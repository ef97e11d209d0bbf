"""``users`` on the command line."""

from __future__ import annotations

import pytest
from click.testing import CliRunner, Result

from matchmaker.bootstrap import Matchmaker
from matchmaker.cli.main import cli
from matchmaker.domain.errors import Conflict, DomainError, Invalid
from matchmaker.services.account import user_by_email
from matchmaker.store.organisation import User
from tests.client import Client

PASSWORD = "seven green umbrellas"


def _run(platform: Matchmaker, *words: str, typed: str = "") -> Result:
    return CliRunner().invoke(cli, ["users", *words], obj=platform, input=typed)


def _create(platform: Matchmaker, email: str, role: str, *more: str) -> Result:
    return _run(
        platform, "create", email, "--role", role, "--password-stdin", *more, typed=PASSWORD + "\n"
    )


def _stored(platform: Matchmaker, email: str) -> User | None:
    with platform.reading() as uow:
        found = user_by_email(uow, email)
        assert found is None or found.organisation_id is None or found.organisation
        uow.session.expunge_all()
        return found


def test_an_administrator_is_created_and_logs_in(platform: Matchmaker, client: Client) -> None:
    done = _create(platform, "Root@Example.org", "administrator", "--name", "虚构管理员")
    assert done.exit_code == 0, done.output
    assert PASSWORD not in done.output
    client.log_in("root@example.org", PASSWORD)
    client.get("/users/")


def test_an_officer_is_created_with_a_verified_bureau(platform: Matchmaker, client: Client) -> None:
    done = _create(
        platform, "officer@example.org", "bureau", "--organisation", "虚构科技局", "--manager"
    )
    assert done.exit_code == 0, done.output
    user = _stored(platform, "officer@example.org")
    assert user
    assert user.organisation
    assert (user.organisation.kind, user.organisation.state) == ("bureau", "verified")
    client.log_in("officer@example.org", PASSWORD)
    client.get("/organisations/")


def test_the_password_is_asked_for_twice_and_not_shown(platform: Matchmaker) -> None:
    words = ("create", "root@example.org", "--role", "administrator")
    done = _run(platform, *words, typed=f"{PASSWORD}\n{PASSWORD}\n")
    assert done.exit_code == 0, done.output
    assert PASSWORD not in done.output


@pytest.mark.parametrize("password", ["short", "password123", "root@example.org"])
def test_a_bad_password_creates_nobody(platform: Matchmaker, password: str) -> None:
    words = ("create", "root@example.org", "--role", "administrator", "--password-stdin")
    done = _run(platform, *words, typed=password + "\n")
    assert done.exit_code == 1
    assert "ten characters" in done.output
    assert _stored(platform, "root@example.org") is None


def test_no_option_takes_a_password(platform: Matchmaker) -> None:
    done = _run(platform, "create", "a@example.org", "--role", "administrator", "--password", "x")
    assert done.exit_code == 2


@pytest.mark.parametrize(
    ("email", "role", "more", "refusal"),
    [
        ("no address", "administrator", (), Invalid),
        ("a@example.org", "company", (), Invalid),
        ("a@example.org", "company", ("--organisation", "a\x00b"), Invalid),
        ("known@example.org", "administrator", (), Conflict),
        ("a@example.org", "researcher", ("--organisation", "虚构公司"), Invalid),
    ],
)
def test_what_cannot_be_kept_is_refused(
    platform: Matchmaker,
    email: str,
    role: str,
    more: tuple[str, ...],
    refusal: type[DomainError],
) -> None:
    _create(platform, "known@example.org", "company", "--organisation", "虚构公司")
    done = _create(platform, email, role, *more)
    assert done.exit_code != 0
    assert isinstance(done.exception, refusal)
    assert _stored(platform, "a@example.org") is None


def test_people_are_listed_barred_and_let_in_again(platform: Matchmaker, client: Client) -> None:
    _create(platform, "root@example.org", "administrator")
    assert "root@example.org" in _run(platform, "list").output
    assert _run(platform, "deactivate", "root@example.org").exit_code == 0
    assert "barred" in _run(platform, "list").output
    client.log_in("root@example.org", PASSWORD, status=422)
    assert _run(platform, "activate", "root@example.org").exit_code == 0
    client.log_in("root@example.org", PASSWORD)


def test_setting_a_password_logs_every_device_out(platform: Matchmaker, client: Client) -> None:
    _create(platform, "root@example.org", "administrator")
    client.log_in("root@example.org", PASSWORD)
    words = ("set-password", "root@example.org", "--password-stdin")
    done = _run(platform, *words, typed="eight red umbrellas\n")
    assert done.exit_code == 0, done.output
    client.get("/account", 303)
    client.log_in("root@example.org", "eight red umbrellas")


@pytest.mark.parametrize("command", ["deactivate", "activate", "set-password"])
def test_an_unknown_address_is_told(platform: Matchmaker, command: str) -> None:
    more = ("--password-stdin",) if command == "set-password" else ()
    done = _run(platform, command, "nobody@example.org", *more, typed=PASSWORD + "\n")
    assert done.exit_code == 1
    assert "Nobody is registered as nobody@example.org" in done.output
