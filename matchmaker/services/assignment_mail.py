"""One mail a day for each broker: what is new in the queue, what is due, what was taken back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from matchmaker.domain.vocabulary import NOTIFICATION_GROUPS
from matchmaker.services import mail, mail_switch
from matchmaker.services.notification import foot
from matchmaker.store.database import UnitOfWork
from matchmaker.store.organisation import User

_TEXTS: Final[dict[str, dict[str, str]]] = {
    "zh_Hans": {
        "subject": "研判队列：新增 {new} 项，今日到期 {due} 项",
        "new": "新分派给您的匹配 {new} 项（3 个工作日内研判）：",
        "due": "今日到期：{due} 项。",
        "lost": "因逾期已收回并转交他人：{lost} 项。",
        "more": "……以及另外 {more} 项",
        "link": "打开我的队列：{link}",
    },
    "en": {
        "subject": "Your queue: {new} new, {due} due today",
        "new": "{new} matches were assigned to you (to be decided within 3 working days):",
        "due": "Due today: {due}.",
        "lost": "Taken back overdue and given to somebody else: {lost}.",
        "more": "… and {more} more",
        "link": "Open your queue: {link}",
    },
}
_LISTED: Final = 8
# What a broker chose for this group holds for the queue's mail, and its one-click link ends it.
GROUP: Final = "review"


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """What a broker is told."""

    pairs: Sequence[tuple[str, str]]
    due: int
    lost: int


def tell(uow: UnitOfWork, broker: User, digest: Digest, base_url: str) -> None:
    """Queue the digest of one broker."""
    texts = _TEXTS.get(broker.locale, _TEXTS["zh_Hans"])
    values = {
        "new": len(digest.pairs),
        "due": digest.due,
        "lost": digest.lost,
        "more": len(digest.pairs) - _LISTED,
        "link": f"{base_url}/match-review/?view=mine",
    }
    lines: list[str] = []
    if digest.pairs:
        lines.append(texts["new"])
        lines += [f"  {demand} ↔ {outcome}" for demand, outcome in digest.pairs[:_LISTED]]
        if len(digest.pairs) > _LISTED:
            lines.append("  " + texts["more"])
        lines.append("")
    lines += [texts[name] for name in ("due", "lost") if values[name]]
    lines += ["", texts["link"]]
    group = NOTIFICATION_GROUPS[GROUP].text(broker.locale)
    body = "\n".join(lines).format(**values)
    mail.queue(
        uow,
        broker.email,
        texts["subject"].format(**values),
        f"{body}\n\n{foot(uow, broker, GROUP, group, base_url)}",
        unsubscribe=mail_switch.link(uow, broker, GROUP, base_url),
    )
