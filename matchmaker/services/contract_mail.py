"""Telling the sides of an engagement what happened to their contract, in the reader's language."""

from __future__ import annotations

from typing import Final

from matchmaker.domain.permissions import Actor
from matchmaker.services import mail
from matchmaker.services.party import people
from matchmaker.store.contract import Contract
from matchmaker.store.database import UnitOfWork

# No amounts and no clauses: a mail lies in many places. The page has them.
_MAILS: Final[dict[str, dict[str, tuple[str, str]]]] = {
    "draft": {
        "zh_Hans": ("合同草案已建立：{title}", "《{title}》的合同草案已建立，请查看并补充、修改，双方确认同一版本后即可签订。\n\n{link}"),
        "en": ("A draft contract: {title}", "There is a draft of the contract “{title}”. Read it and change what you need; it can be signed once both sides have confirmed the same version.\n\n{link}"),
    },
    "edit": {
        "zh_Hans": ("合同条款已修改，请重新确认：{title}", "《{title}》的条款在确认后有修改，先前的确认已失效，请查看后重新确认。\n\n{link}"),
        "en": ("Terms changed, please confirm anew: {title}", "The terms of “{title}” were changed after a confirmation, which is no longer valid. Read them and confirm anew.\n\n{link}"),
    },
    "confirm": {
        "zh_Hans": ("一方已确认合同条款：{title}", "一方已确认《{title}》的现行条款，等待另一方确认。\n\n{link}"),
        "en": ("One side has confirmed: {title}", "One side has confirmed the present terms of “{title}”; the other is to confirm them too.\n\n{link}"),
    },
    "conclude": {
        "zh_Hans": ("双方已确认合同条款：{title}", "双方已确认《{title}》的同一版本条款，可以签订。签订后请在平台记录签订日期。\n\n{link}"),
        "en": ("Both sides have confirmed: {title}", "Both sides have confirmed the same terms of “{title}”: it can be signed. Record the day of the signatures afterwards.\n\n{link}"),
    },
    "sign": {
        "zh_Hans": ("合同已签订：{title}", "《{title}》已记录为签订。请按登记前预检清单备齐材料，到技术合同登记机构办理认定登记。\n\n{link}"),
        "en": ("Contract signed: {title}", "“{title}” is recorded as signed. The pre-check lists what the registration office will ask for.\n\n{link}"),
    },
    "register": {
        "zh_Hans": ("合同已登记：{title}", "《{title}》已记录认定登记。\n\n{link}"),
        "en": ("Contract registered: {title}", "“{title}” is recorded as registered.\n\n{link}"),
    },
    "correct": {
        "zh_Hans": ("已登记合同有更正：{title}", "《{title}》的登记信息有更正，原因与前后金额见合同页面。\n\n{link}"),
        "en": ("A registered contract was corrected: {title}", "What was registered of “{title}” has been corrected. The page tells why, and the amounts before and after.\n\n{link}"),
    },
    "withdraw": {
        "zh_Hans": ("合同登记已撤回：{title}", "《{title}》的登记记录已撤回，不再计入统计，原因见合同页面。\n\n{link}"),
        "en": ("Registration withdrawn: {title}", "The registration of “{title}” was withdrawn; the contract no longer counts. The page tells why.\n\n{link}"),
    },
    "abandon": {
        "zh_Hans": ("合同已作废：{title}", "《{title}》已作废，原因见合同页面。\n\n{link}"),
        "en": ("Contract given up: {title}", "“{title}” was given up. The page tells why.\n\n{link}"),
    },
    "reopen": {
        "zh_Hans": ("合同已重新起草：{title}", "《{title}》已退回起草，需要双方重新确认和签订，原因见合同页面。\n\n{link}"),
        "en": ("Contract drafted anew: {title}", "“{title}” is a draft again and has to be confirmed and signed anew. The page tells why.\n\n{link}"),
    },
}  # fmt: skip


def tell(uow: UnitOfWork, contract: Contract, event: str, *, actor: Actor, base_url: str) -> None:
    """Queue the mail about an event to everybody concerned but whoever caused it."""
    engagement, parties = contract.engagement, contract.parties
    authors = {"company": engagement.demand.author_id, "institution": parties.researcher_id}
    for side in ("company", "institution", "broker"):
        for reader in people(uow, parties, side, authors.get(side)):
            if reader.id == actor.user_id:
                continue
            texts = _MAILS[event]
            subject, body = texts.get(reader.locale, texts["zh_Hans"])
            link = f"{base_url}/contracts/{contract.public_id}"
            values = {"title": contract.title, "link": link}
            mail.queue(uow, reader.email, subject.format(**values), body.format(**values))
