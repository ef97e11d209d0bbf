"""Telling a company that something usable has turned up, in the reader's language."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from matchmaker.services import mail
from matchmaker.store.database import UnitOfWork
from matchmaker.store.demand import Demand
from matchmaker.store.organisation import User

_NAMED: Final = 5
_TEXTS: Final[dict[str, tuple[str, str]]] = {
    "zh_Hans": ("新的可用匹配：{title}", "您的技术需求《{title}》有了新的可用成果：\n\n{outcomes}\n\n查看理由：\n{link}\n\n不再接收此需求的提醒：\n{off}"),
    "en": ("A usable match: {title}", "Something usable has turned up for your demand “{title}”:\n\n{outcomes}\n\nSee why:\n{link}\n\nNo more alerts for this demand:\n{off}"),
}  # fmt: skip


def tell(
    uow: UnitOfWork,
    reader: User,
    demand: Demand,
    outcomes: Sequence[str],
    base_url: str,
    token: str,
) -> None:
    """Queue the mail that names the first few outcomes, with the link that ends such mails."""
    lines = [f"· {title}" for title in outcomes[:_NAMED]]
    if len(outcomes) > _NAMED:
        lines.append("…")
    subject, body = _TEXTS.get(reader.locale, _TEXTS["zh_Hans"])
    values = {
        "title": demand.title,
        "outcomes": "\n".join(lines),
        "link": f"{base_url}/demands/{demand.public_id}#suggestions",
        "off": f"{base_url}/next-steps/alerts/{token}",
    }
    mail.queue(uow, reader.email, subject.format(**values), body.format(**values))
