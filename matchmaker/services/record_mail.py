"""Telling people what became of a record, in their language."""

from __future__ import annotations

from typing import Final

from sqlalchemy import select

from matchmaker.domain.permissions import Actor
from matchmaker.services import mail
from matchmaker.store.database import UnitOfWork
from matchmaker.store.demand import Demand
from matchmaker.store.organisation import User
from matchmaker.store.outcome import Outcome

# action → language → subject and body; {title} and {note} are filled in.
_TEXTS: Final[dict[str, dict[str, tuple[str, str]]]] = {
    "submit": {
        "zh_Hans": ("待审核：{title}", "《{title}》已提交审核，请登录平台在“待审核”中处理。"),
        "en": ("Awaiting review: {title}", "“{title}” was submitted and awaits your review; log in and open “To review”."),
    },
    "publish": {
        "zh_Hans": ("需求已发布：{title}", "您的技术需求《{title}》已通过审核并发布，系统正在为其匹配科技成果。"),
        "en": ("Demand published: {title}", "Your demand “{title}” was reviewed and published; outcomes are being matched."),
    },
    "return": {
        "zh_Hans": ("需求已退回：{title}", "您的技术需求《{title}》已退回修改。\n\n原因：{note}\n\n修改后可再次提交。"),
        "en": ("Demand returned: {title}", "Your demand “{title}” was returned.\n\nReasons: {note}\n\nYou can change it and submit it again."),
    },
    "approve": {
        "zh_Hans": ("成果已发布：{title}", "您的科技成果《{title}》已通过单位审核并发布，系统正在为其匹配技术需求。"),
        "en": ("Outcome published: {title}", "Your outcome “{title}” was approved and published; demands are being matched."),
    },
    "request_changes": {
        "zh_Hans": ("成果需修改：{title}", "您的科技成果《{title}》需要修改。\n\n原因：{note}\n\n修改后可再次提交。"),
        "en": ("Changes requested: {title}", "Your outcome “{title}” needs changes.\n\nReasons: {note}\n\nYou can change it and submit it again."),
    },
    "expire": {
        "zh_Hans": ("已过期：{title}", "《{title}》已到期，不再参与匹配。如仍然有效，请重新打开并再次提交。"),
        "en": ("Expired: {title}", "“{title}” has expired and is no longer matched. Reopen and submit it if it still holds."),
    },
    "remind": {
        "zh_Hans": ("即将到期：{title}", "《{title}》将于 {note} 到期。如仍然有效，请编辑并延长有效期。"),
        "en": ("About to expire: {title}", "“{title}” expires on {note}. Edit it and extend its date if it still holds."),
    },
}  # fmt: skip


def tell(
    uow: UnitOfWork, actor: Actor, record: Demand | Outcome, action: str, note: str = ""
) -> None:
    """Queue a mail to the record's author about an action of somebody else's."""
    if action == "submit":
        _tell_reviewers(uow, actor, record)
        return
    texts = _TEXTS.get(action)
    if texts is None or record.author_id is None or record.author_id == actor.user_id:
        return
    author = uow.session.scalars(select(User).where(User.id == record.author_id)).one()
    if author.active:
        _queue(uow, author, texts, {"title": record.title, "note": note})


def _tell_reviewers(uow: UnitOfWork, actor: Actor, record: Demand | Outcome) -> None:
    """Tell the bureau of a demand, and an institution's managers of an outcome.

    Brokers may publish demands too but are not mailed: there are hundreds, and their desk lists
    what waits. An institution without a manager of its own is reviewed by the bureau.
    """
    active = select(User).where(User.active, User.id != (actor.user_id or 0))
    bureau = active.where(User.role == "bureau")
    at_home = active.where(User.organisation_id == record.organisation_id, User.is_manager)
    found = uow.session.scalars(bureau if isinstance(record, Demand) else at_home).all()
    if not found and isinstance(record, Outcome):
        found = uow.session.scalars(bureau).all()
    for reviewer in found:
        _queue(uow, reviewer, _TEXTS["submit"], {"title": record.title, "note": ""})


def _queue(
    uow: UnitOfWork,
    reader: User,
    texts: dict[str, tuple[str, str]],
    values: dict[str, str],
) -> None:
    subject, body = texts.get(reader.locale, texts["zh_Hans"])
    mail.queue(uow, reader.email, subject.format(**values), body.format(**values))
