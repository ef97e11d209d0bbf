"""Mail leaves after the commit, once, and stays in the outbox when it cannot leave."""

from __future__ import annotations

import smtplib
import socketserver
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import select

from matchmaker.bootstrap import Matchmaker, bootstrap
from matchmaker.cli.main import cli
from matchmaker.integrations.mail import SmtpCarrier, compose
from matchmaker.services import mail
from matchmaker.store.outbox import OutboxMail
from tests.client import Client
from tests.conftest import Clock

SENDER = "from@example.org"


class _Session(socketserver.StreamRequestHandler):
    """As much of an SMTP server as a client needs to hand over one mail."""

    def handle(self) -> None:
        self.wfile.write(b"220 here\r\n")
        while line := self.rfile.readline():
            verb = line[:4].upper()
            if verb == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                lines = []
                while (text := self.rfile.readline()) != b".\r\n":
                    lines.append(text)
                self.server.received.append(b"".join(lines))  # type: ignore[attr-defined]
            if verb == b"QUIT":
                self.wfile.write(self.server.farewell)  # type: ignore[attr-defined]
                return
            self.wfile.write(b"250 ok\r\n")


@pytest.fixture
def smtp() -> Iterator[socketserver.ThreadingTCPServer]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Session) as server:
        server.received = []  # type: ignore[attr-defined]
        server.farewell = b"221 bye\r\n"  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def _outbox(platform: Matchmaker) -> list[OutboxMail]:
    with platform.reading() as uow:
        return list(uow.session.scalars(select(OutboxMail).order_by(OutboxMail.id)))


def test_mail_lands_in_the_folder_after_the_commit(platform: Matchmaker) -> None:
    with platform.unit_of_work() as uow:
        mail.queue(uow, "someone@example.org", "核验通过", "单位已通过核验。")
        assert not (platform.settings.var_dir / "mail").exists()
    files = list((platform.settings.var_dir / "mail").glob("*.eml"))
    assert len(files) == 1
    message = message_from_bytes(files[0].read_bytes(), policy=default)
    assert message["Subject"] == "核验通过"
    assert message["To"] == "someone@example.org"
    assert message.get_content().strip() == "单位已通过核验。"
    assert _outbox(platform)[0].sent_at is not None


def test_a_transaction_that_fails_sends_nothing(platform: Matchmaker) -> None:
    def fail() -> None:
        with platform.unit_of_work() as uow:
            mail.queue(uow, "someone@example.org", "S", "B")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert _outbox(platform) == []
    assert not (platform.settings.var_dir / "mail").exists()


class _Carrier:
    """Does something instead of delivering, and counts how often it was asked."""

    def __init__(self, act: Callable[[EmailMessage], object] = lambda _message: None) -> None:
        self.act = act
        self.asked = 0

    def deliver(self, message: EmailMessage, key: str) -> None:
        assert key.isdigit()
        self.asked += 1
        self.act(message)


def _unreachable(_message: EmailMessage) -> None:
    raise ConnectionRefusedError


def _refused(message: EmailMessage) -> None:
    raise smtplib.SMTPRecipientsRefused({message["To"]: (450, b"not now")})


def _queue(platform: Matchmaker, count: int = 1) -> None:
    """Mail that waits: the process ended before it could be delivered."""
    with platform.database.unit_of_work() as uow:
        for _ in range(count):
            mail.queue(uow, "someone@example.org", "S", "B")


def _give_up(platform: Matchmaker, clock: Clock) -> list[timedelta]:
    """Have the mail fail until it is given up; returns how long it waited each time."""
    waited = []
    carrier = _Carrier(_refused)
    while True:
        assert mail.deliver_queued(platform.database, carrier, SENDER) == 0
        due = _outbox(platform)[0].due_at
        if due is None:
            return waited
        waited.append(due - clock())
        clock.now = due


def _left(platform: Matchmaker) -> int:
    return len([one for one in _outbox(platform) if one.sent_at is not None])


def test_mail_that_cannot_leave_stays_and_leaves_later_once(
    platform: Matchmaker, clock: Clock
) -> None:
    _queue(platform)
    assert mail.deliver_queued(platform.database, _Carrier(_unreachable), SENDER) == 0
    waiting = _outbox(platform)[0]
    assert (waiting.sent_at, waiting.attempts) == (None, 1)
    platform.deliver_mail()
    assert _left(platform) == 0  # it waits a minute
    clock.advance(minutes=1)
    platform.deliver_mail()
    platform.deliver_mail()
    assert len(list((platform.settings.var_dir / "mail").glob("*.eml"))) == 1


def test_mail_waits_longer_after_each_failure_and_is_given_up_only_after_days(
    platform: Matchmaker, clock: Clock
) -> None:
    _queue(platform)
    began = clock()
    waited = _give_up(platform, clock)
    assert waited == sorted(waited)
    assert (waited[0], waited[-1]) == (timedelta(minutes=1), timedelta(days=1))
    assert clock() - began > timedelta(days=4)
    clock.advance(days=30)
    platform.deliver_mail()
    assert _left(platform) == 0


def test_a_run_goes_on_until_nothing_is_due(platform: Matchmaker) -> None:
    _queue(platform, 120)
    assert mail.deliver_queued(platform.database, _Carrier(), SENDER) == 120
    assert _left(platform) == 120


def test_a_server_that_cannot_be_reached_is_asked_once_and_the_rest_stays_due(
    platform: Matchmaker, clock: Clock
) -> None:
    _queue(platform, 3)
    carrier = _Carrier(_unreachable)
    mail.deliver_queued(platform.database, carrier, SENDER)
    assert carrier.asked == 1
    assert [one.attempts for one in _outbox(platform)] == [1, 0, 0]
    clock.advance(minutes=1)
    assert mail.deliver_queued(platform.database, _Carrier(), SENDER) == 3


def test_mail_that_is_refused_or_cannot_be_written_holds_no_other_up(platform: Matchmaker) -> None:
    def refuse(message: EmailMessage) -> None:
        if message["To"] == "refused@example.org":
            _refused(message)

    with platform.database.unit_of_work() as uow:
        mail.queue(uow, "refused@example.org", "S", "B")
        mail.queue(uow, "someone@example.org", "S\nBcc: c@example.org", "B")
        mail.queue(uow, "someone@example.org", "S", "B")
    assert mail.deliver_queued(platform.database, _Carrier(refuse), SENDER) == 1
    assert [(one.sent_at is None, one.attempts) for one in _outbox(platform)] == [
        (True, 1),
        (True, 1),
        (False, 1),
    ]


def test_a_kill_while_mail_is_handed_over_loses_none_and_another_process_repeats_none(
    platform: Matchmaker, clock: Clock
) -> None:
    other = _Carrier()

    def end(_message: EmailMessage) -> None:
        # Meanwhile others write, and another process delivers what it finds due.
        assert mail.deliver_queued(platform.database, other, SENDER) == 1
        raise KeyboardInterrupt

    _queue(platform, 2)
    with pytest.raises(KeyboardInterrupt):
        mail.deliver_queued(platform.database, _Carrier(end), SENDER)
    assert (_left(platform), other.asked) == (1, 1)
    clock.advance(minutes=10)
    assert mail.deliver_queued(platform.database, other, SENDER) == 1
    assert (_left(platform), other.asked) == (2, 2)


def test_the_operator_has_mail_that_was_given_up_tried_again(
    platform: Matchmaker, clock: Clock
) -> None:
    _queue(platform)
    _give_up(platform, clock)
    tried = CliRunner().invoke(cli, ["deliver-mail"], obj=platform)
    assert tried.output == "0 mails sent, 0 waiting to be tried again, 1 given up.\n"
    again = CliRunner().invoke(cli, ["deliver-mail", "--given-up"], obj=platform)
    assert again.output == "1 mails sent, 0 waiting to be tried again, 0 given up.\n"
    assert _outbox(platform)[0].attempts == 1


@pytest.mark.parametrize("command", ["digest", "follow-up"])
def test_daily_commands_deliver_what_is_due(platform: Matchmaker, command: str) -> None:
    _queue(platform)
    done = CliRunner().invoke(cli, [command], obj=platform)
    assert done.exit_code == 0, done.output
    assert _left(platform) == 1


def test_the_first_request_of_a_day_delivers_what_is_due(platform: Matchmaker, app: Flask) -> None:
    _queue(platform)
    Client(app).get("/")
    assert _left(platform) == 1


def test_mail_that_the_server_took_has_left_however_it_says_farewell(
    platform: Matchmaker, smtp: socketserver.ThreadingTCPServer
) -> None:
    smtp.farewell = b"421 too busy to say farewell\r\n"  # type: ignore[attr-defined]
    host, port = smtp.server_address[:2]
    carrier = SmtpCarrier(host=str(host), port=int(port), user="", password="", security="none")
    _queue(platform)
    assert mail.deliver_queued(platform.database, carrier, SENDER) == 1
    assert _left(platform) == 1


def test_mail_goes_through_smtp(
    platform: Matchmaker, smtp: socketserver.ThreadingTCPServer
) -> None:
    host, port = smtp.server_address[:2]
    carrier = SmtpCarrier(host=str(host), port=int(port), user="", password="", security="none")
    with platform.database.unit_of_work() as uow:
        mail.queue(uow, "someone@example.org", "重新设置密码", "链接")
    assert mail.deliver_queued(platform.database, carrier, "platform@example.org") == 1
    received = message_from_bytes(smtp.received[0], policy=default)  # type: ignore[attr-defined]
    assert received["Subject"] == "重新设置密码"
    assert received["From"] == "platform@example.org"


def test_settings_choose_smtp(platform: Matchmaker) -> None:
    made = bootstrap(platform.settings.model_copy(update={"mail_host": "mail.example.org"}))
    assert isinstance(made.carrier, SmtpCarrier)


def test_a_long_address_that_ends_mail_stands_on_one_line_as_it_is(
    platform: Matchmaker, smtp: socketserver.ThreadingTCPServer
) -> None:
    address = "https://match.example.org/notifications/off/AbCdEfGhIjKl/organisation/" + "x" * 22
    host, port = smtp.server_address[:2]
    carrier = SmtpCarrier(host=str(host), port=int(port), user="", password="", security="none")
    with platform.database.unit_of_work() as uow:
        mail.queue(uow, "someone@example.org", "很长的主题" * 20, "B", unsubscribe=address)
    mail.deliver_queued(platform.database, carrier, "platform@example.org")
    (raw,) = smtp.received  # type: ignore[attr-defined]
    lines = raw.decode("ascii").split("\r\n")
    assert f"List-Unsubscribe: <{address}>" in lines
    assert "List-Unsubscribe-Post: List-Unsubscribe=One-Click" in lines
    assert message_from_bytes(raw, policy=default)["Subject"] == "很长的主题" * 20


def test_a_subject_cannot_smuggle_headers() -> None:
    with pytest.raises(ValueError, match=r"linefeed|newline"):
        compose("a@example.org", "b@example.org", "S\nBcc: c@example.org", "B")
    with pytest.raises(ValueError, match=r"linefeed|newline"):
        compose("a@example.org", "b@example.org", "S", "B", unsubscribe="http://x\r\nBcc: c@d.e")
