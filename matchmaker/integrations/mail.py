"""Mail leaves through SMTP, or lands as files in a folder where no server is set."""

from __future__ import annotations

import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import formatdate, make_msgid
from pathlib import Path
from typing import Protocol


class MailCarrier(Protocol):
    """Delivers one mail or raises ``OSError``."""

    def deliver(self, message: EmailMessage, key: str) -> None:
        """Deliver; ``key`` is unique to the mail, so that a repeat can be recognised."""


class _Policy(EmailPolicy):
    """The default policy, but addresses of lists stay as they are.

    Folding would turn a long one into encoded words, which mail programs do not read there.
    """

    def fold(self, name: str, value: str) -> str:
        """Write a header as text."""
        if name == _ENDS_MAIL:
            return f"{name}: {value}{self.linesep}"
        return str(super().fold(name, value))

    def fold_binary(self, name: str, value: str) -> bytes:
        """Write a header as bytes."""
        if name == _ENDS_MAIL:
            return self.fold(name, value).encode("ascii")
        return super().fold_binary(name, value)


_ENDS_MAIL = "List-Unsubscribe"
_POLICY = _Policy()


def compose(
    sender: str, recipient: str, subject: str, body: str, *, unsubscribe: str = ""
) -> EmailMessage:
    """A plain-text mail; headers with line breaks are refused by ``EmailMessage``.

    ``unsubscribe`` is an address that ends such mail by a POST without more ado (RFC 8058).
    """
    message = EmailMessage(_POLICY)
    message["From"] = sender
    message["To"] = recipient
    message["Subject"] = subject
    message["Date"] = formatdate()
    message["Message-ID"] = make_msgid(domain="matchmaker.invalid")
    if unsubscribe:
        message[_ENDS_MAIL] = f"<{unsubscribe}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(body)
    return message


class FolderCarrier:
    """Writes each mail as an ``.eml`` file; the same key overwrites the same file."""

    def __init__(self, folder: Path) -> None:
        """Write below ``folder``, which is made when needed."""
        self.folder = folder

    def deliver(self, message: EmailMessage, key: str) -> None:
        """Write the mail."""
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / f"{key}.eml").write_bytes(message.as_bytes())


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpCarrier:
    """Hands mail to an SMTP server, one connection a mail."""

    host: str
    port: int
    user: str
    password: str
    security: str
    timeout: float = 15.0

    def deliver(self, message: EmailMessage, key: str) -> None:
        """Send the mail; ``smtplib.SMTPException`` and ``OSError`` mean it did not leave."""
        message["X-Matchmaker-Key"] = key
        context = ssl.create_default_context()
        server: smtplib.SMTP
        if self.security == "tls":
            server = smtplib.SMTP_SSL(self.host, self.port, timeout=self.timeout, context=context)
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=self.timeout)
        with server:
            if self.security == "starttls":
                server.starttls(context=context)
            if self.user:
                server.login(self.user, self.password)
            server.send_message(message)
            with suppress(smtplib.SMTPException):
                server.quit()  # the mail has left: a failed farewell must not repeat it
