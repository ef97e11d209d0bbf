"""Mail leaves after the commit, once, and stays in the outbox when it cannot leave."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest
from sqlalchemy import select

from matchmaker.bootstrap import Matchmaker, bootstrap
from matchmaker.integrations.mail import SmtpCarrier, compose
from matchmaker.services import mail
from matchmaker.store.outbox import OutboxMail


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
                self.wfile.write(b"221 bye\r\n")
                return
            self.wfile.write(b"250 ok\r\n")


@pytest.fixture
def smtp() -> Iterator[socketserver.ThreadingTCPServer]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Session) as server:
        server.received = []  # type: ignore[attr-defined]
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


class _Broken:
    def deliver(self, message: EmailMessage, key: str) -> None:
        raise OSError(message["To"], key)


def test_mail_that_cannot_leave_stays_and_leaves_later_once(platform: Matchmaker) -> None:
    with platform.database.unit_of_work() as uow:
        mail.queue(uow, "someone@example.org", "S", "B")
    assert mail.deliver_queued(platform.database, _Broken(), "from@example.org") == 0
    waiting = _outbox(platform)[0]
    assert (waiting.sent_at, waiting.attempts) == (None, 1)
    platform.deliver_mail()
    platform.deliver_mail()
    assert len(list((platform.settings.var_dir / "mail").glob("*.eml"))) == 1


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
