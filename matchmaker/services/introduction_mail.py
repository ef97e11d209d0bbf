"""Telling both sides and the broker how an introduction stands, in each reader's language.

The researcher's side is not told an anonymous company's name, and neither side the other's contact
data or notes: mails carry titles, the broker's words to that very side, and a link.
"""

from __future__ import annotations

from typing import Final

from matchmaker.domain.introduction import ANSWERING
from matchmaker.domain.vocabulary import REASONS, SIDES
from matchmaker.domain.working_day import LOCAL
from matchmaker.services import mail
from matchmaker.services.party import people
from matchmaker.store.database import UnitOfWork
from matchmaker.store.introduction import Introduction

# event → language → subject and body
_TO_SIDE: Final[dict[str, dict[str, tuple[str, str]]]] = {
    "asked": {
        "zh_Hans": ("对接征询：{own}", "技术经纪人{broker}认为《{own}》与《{other}》值得双方一谈，请您在 {due} 前答复是否愿意对接。\n\n{message}\n\n双方都同意后才互相公开联系方式；谢绝也只需选择一个原因。\n\n{link}"),
        "en": ("Will you talk? {own}", "The broker {broker} believes that “{own}” and “{other}” are worth a talk. Please answer by {due}.\n\n{message}\n\nContact data opens only when both sides accept; declining takes one click and a reason.\n\n{link}"),
    },
    "reminded": {
        "zh_Hans": ("请在 {due} 前答复：{own}", "《{own}》与《{other}》的对接征询尚待您答复；逾期将自动失效。\n\n{link}"),
        "en": ("Please answer by {due}: {own}", "The introduction of “{own}” and “{other}” still waits for your answer; it lapses by itself.\n\n{link}"),
    },
    "mutual": {
        "zh_Hans": ("双方同意对接：{own}", "《{own}》与《{other}》双方均已同意对接，联系方式已互相公开。下一步：确认保密约定。\n\n{link}"),
        "en": ("Both sides accepted: {own}", "Both sides of “{own}” and “{other}” have accepted; contact data is open. Next: the confidentiality agreement.\n\n{link}"),
    },
    "declined": {
        "zh_Hans": ("本次对接未能继续：{own}", "感谢您考虑《{own}》与《{other}》的对接。对方目前无法继续，主要考虑是“{reason}”。这不影响您今后的其他对接，经纪人会继续为您留意。\n\n{link}"),
        "en": ("This introduction ends here: {own}", "Thank you for considering “{own}” and “{other}”. The other side cannot go on for now, mainly for this reason: {reason}. It does not affect other introductions; the broker keeps looking.\n\n{link}"),
    },
    "lapsed": {
        "zh_Hans": ("对接征询已失效：{own}", "《{own}》与《{other}》的对接征询未能在期限内得到双方同意，现已失效。\n\n{link}"),
        "en": ("Introduction lapsed: {own}", "The introduction of “{own}” and “{other}” was not accepted by both sides in time and has lapsed.\n\n{link}"),
    },
    "withdrawn": {
        "zh_Hans": ("对接征询已撤回：{own}", "技术经纪人已撤回《{own}》与《{other}》的对接征询，您无需再答复。\n\n{link}"),
        "en": ("Introduction withdrawn: {own}", "The broker has withdrawn the introduction of “{own}” and “{other}”; no answer is needed.\n\n{link}"),
    },
}  # fmt: skip
_TO_BROKER: Final[dict[str, dict[str, tuple[str, str]]]] = {
    "accepted": {
        "zh_Hans": ("{side}已同意：{demand}", "《{demand}》与《{outcome}》：{side}已同意对接，等待另一方答复（{due} 前）。\n\n{link}"),
        "en": ("{side} accepted: {demand}", "“{demand}” and “{outcome}”: the {side} has accepted; the other side may answer until {due}.\n\n{link}"),
    },
    "mutual": {
        "zh_Hans": ("双方同意：{demand}", "《{demand}》与《{outcome}》双方均已同意，洽谈跟进已建立。\n\n{link}"),
        "en": ("Both accepted: {demand}", "Both sides of “{demand}” and “{outcome}” have accepted; the engagement has begun.\n\n{link}"),
    },
    "declined": {
        "zh_Hans": ("{side}谢绝：{demand}", "《{demand}》与《{outcome}》：{side}谢绝对接。\n\n原因：{reason}\n{note}\n\n{link}"),
        "en": ("{side} declined: {demand}", "“{demand}” and “{outcome}”: the {side} has declined.\n\nReason: {reason}\n{note}\n\n{link}"),
    },
    "lapsed": {
        "zh_Hans": ("对接征询已失效：{demand}", "《{demand}》与《{outcome}》的对接征询未获双方同意，现已失效。\n\n{link}"),
        "en": ("Introduction lapsed: {demand}", "The introduction of “{demand}” and “{outcome}” has lapsed.\n\n{link}"),
    },
}  # fmt: skip


def tell(
    uow: UnitOfWork, introduction: Introduction, event: str, *, side: str = "", base_url: str = ""
) -> None:
    """Queue the mails about an event; ``side`` is the side whose answer it was."""
    for audience in ANSWERING.values():
        if event not in _TO_SIDE or audience == side:
            continue
        if event == "reminded" and getattr(introduction, f"{audience}_answer") is not None:
            continue
        _queue(uow, introduction, event, audience, side, base_url)
    if event in _TO_BROKER:
        _queue(uow, introduction, event, "broker", side, base_url)


def _queue(
    uow: UnitOfWork,
    introduction: Introduction,
    event: str,
    audience: str,
    side: str,
    base_url: str,
) -> None:
    demand, outcome = introduction.demand, introduction.outcome
    own, other = (outcome, demand) if audience == "institution" else (demand, outcome)
    texts = (_TO_BROKER if audience == "broker" else _TO_SIDE)[event]
    broker = people(uow, introduction.parties, "broker", None)
    for reader in people(uow, introduction.parties, audience, own.author_id):
        subject, body = texts.get(reader.locale, texts["zh_Hans"])
        values = {
            "own": own.title,
            "other": other.title,
            "demand": demand.title,
            "outcome": outcome.title,
            "broker": broker[0].name if broker else "",
            "due": introduction.due_at.astimezone(LOCAL).date().isoformat(),
            "message": getattr(introduction, f"{audience}_message", ""),
            "link": f"{base_url}/introductions/{introduction.public_id}" if base_url else "",
        }
        if side:
            code = getattr(introduction, f"{side}_reason")
            values["side"] = SIDES[side].text(reader.locale)
            values["reason"] = REASONS[code].text(reader.locale) if code else ""
            values["note"] = getattr(introduction, f"{side}_note")
        mail.queue(uow, reader.email, subject.format(**values)[:200], body.format(**values))
