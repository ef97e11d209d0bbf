"""Telling people about confidential tiers: asked, opened, refused, revoked, read.

No mail holds a confidential word, and none names the owner: whoever may know finds it on the page.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import select

from matchmaker.domain.visibility import may_see
from matchmaker.services import mail
from matchmaker.services.account import actor_of
from matchmaker.store.database import UnitOfWork
from matchmaker.store.demand import Demand
from matchmaker.store.disclosure import DisclosureGrant
from matchmaker.store.organisation import Organisation, User
from matchmaker.store.outcome import Outcome
from matchmaker.store.queries import disclosure as query

_TO_OWNER: Final = frozenset({"ask", "open"})

_MAILS: Final[dict[str, dict[str, tuple[str, str]]]] = {
    "ask": {
        "zh_Hans": ("请求查阅保密内容：{title}", "{organisation}请求查阅《{title}》的保密内容。\n\n用途：{note}\n\n是否开放由您决定：\n{link}"),
        "en": ("Access requested: {title}", "{organisation} asks to read the confidential part of “{title}”.\n\nWhat for: {note}\n\nWhether it opens is for you to decide:\n{link}"),
    },
    "grant": {
        "zh_Hans": ("保密内容已向贵单位开放：{title}", "《{title}》的保密内容已向贵单位开放，截至{until}（含当日）。每次查阅都会留下回执，对方可见。\n\n说明：{note}\n\n{link}"),
        "en": ("Opened to you: {title}", "The confidential part of “{title}” is open to your organisation until {until} inclusive. Every opening leaves a receipt that its owner reads.\n\nNote: {note}\n\n{link}"),
    },
    "refuse": {
        "zh_Hans": ("未同意开放保密内容：{title}", "您请求查阅《{title}》的保密内容，对方未同意。\n\n原因：{note}\n\n{link}"),
        "en": ("Access refused: {title}", "Your request to read the confidential part of “{title}” was refused.\n\nReason: {note}\n\n{link}"),
    },
    "revoke": {
        "zh_Hans": ("保密内容已收回：{title}", "《{title}》的保密内容不再向贵单位开放，即时生效。\n\n原因：{note}\n\n{link}"),
        "en": ("Access revoked: {title}", "The confidential part of “{title}” is closed to your organisation from now on.\n\nReason: {note}\n\n{link}"),
    },
    "open": {
        "zh_Hans": ("保密内容被查阅：{title}", "{organisation}的{reader}刚刚查阅了《{title}》的保密内容。回执已存档：\n{link}"),
        "en": ("Confidential part read: {title}", "{reader} of {organisation} has just read the confidential part of “{title}”. The receipt is kept:\n{link}"),
    },
}  # fmt: skip


def tell(
    uow: UnitOfWork,
    action: str,
    grant: DisclosureGrant,
    record: Demand | Outcome,
    base_url: str,
    *,
    note: str = "",
    reader: str = "",
) -> None:
    """Queue the mails about an action on a grant, each in its recipient's language."""
    chosen = _keepers(uow, grant) if action in _TO_OWNER else _grantees(uow, grant, record, action)
    grantee = uow.session.get_one(Organisation, grant.grantee_id)
    values = {
        "title": record.title,
        "organisation": grantee.name,
        "reader": reader,
        "note": note,
        "until": grant.until.isoformat() if grant.until else "",
        "link": f"{base_url}/confidential/{grant.noun}/{record.public_id}",
    }
    for recipient in chosen:
        subject, body = _MAILS[action].get(recipient.locale, _MAILS[action]["zh_Hans"])
        mail.queue(uow, recipient.email, subject.format(**values), body.format(**values))


def _keepers(uow: UnitOfWork, grant: DisclosureGrant) -> list[User]:
    """On the owner's side: the author and whoever granted, else the managers."""
    at_home = _people(uow, grant.owner_id)
    told = {grant.author_id, grant.decided_by}
    return [user for user in at_home if user.id in told] or [
        user for user in at_home if user.is_manager
    ]


def _grantees(
    uow: UnitOfWork, grant: DisclosureGrant, record: Demand | Outcome, action: str
) -> list[User]:
    """On the other side: whoever asked, else those who talk with the owner, else the managers.

    Nobody is told of a record that he cannot see, nor of a grant that opens nothing yet.
    """
    if action == "grant" and not query.has_agreement(uow, grant.id):
        return []
    at_home = [
        user
        for user in _people(uow, grant.grantee_id)
        if may_see(actor_of(user), grant.noun, record)
    ]
    engaged = query.engaged_people(uow, grant.owner_id, grant.grantee_id)
    for wanted in ({grant.asked_by}, engaged):
        chosen = [user for user in at_home if user.id in wanted]
        if chosen:
            return chosen
    return [user for user in at_home if user.is_manager]


def _people(uow: UnitOfWork, organisation_id: int) -> list[User]:
    statement = select(User).where(
        User.organisation_id == organisation_id, User.active, User.approved
    )
    return list(uow.session.scalars(statement.order_by(User.id)))
