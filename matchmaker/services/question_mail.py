"""Telling a side that it was asked, and the broker what was answered, each in their language."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from matchmaker.services import mail
from matchmaker.store.database import UnitOfWork
from matchmaker.store.organisation import User

_MAILS: Final[dict[str, dict[str, tuple[str, str]]]] = {
    "ask": {
        "zh_Hans": ("技术经纪人想了解：{title}", "技术经纪人就《{title}》提出一个问题：\n\n{text}\n\n请于 {date} 前在此答复，之后该匹配将按现有信息研判：\n{link}"),
        "en": ("A broker asks about: {title}", "A technology broker asks about “{title}”:\n\n{text}\n\nPlease answer here until {date}; after that the match is decided on what is known:\n{link}"),
    },
    "answer": {
        "zh_Hans": ("已答复：{title}", "关于《{title}》的问题已有答复，该匹配已回到您的研判队列。\n\n{text}\n\n{link}"),
        "en": ("Answered: {title}", "Your question about “{title}” was answered; the match is back in your queue.\n\n{text}\n\n{link}"),
    },
    "lapse": {
        "zh_Hans": ("逾期未答：{title}", "关于《{title}》的问题在期限内没有得到答复，该匹配已回到您的研判队列。\n\n{text}\n\n{link}"),
        "en": ("Not answered: {title}", "Your question about “{title}” was not answered in time; the match is back in your queue.\n\n{text}\n\n{link}"),
    },
}  # fmt: skip


def tell(
    uow: UnitOfWork,
    readers: Sequence[User],
    action: str,
    *,
    title: str,
    text: str,
    link: str,
    until: date | None = None,
) -> None:
    """Queue a mail about a question to each reader."""
    for reader in readers:
        subject, body = _MAILS[action].get(reader.locale, _MAILS[action]["zh_Hans"])
        values = {"title": title, "text": text, "link": link, "date": until or ""}
        mail.queue(uow, reader.email, subject.format(**values), body.format(**values))
