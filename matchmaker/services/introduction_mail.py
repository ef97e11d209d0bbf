"""Telling both sides and the broker how an introduction stands: the texts, in both languages.

The researcher's side is not told an anonymous company's name, and neither side the other's contact
data or notes: mails carry titles, the broker's words to that very side, and a link. The title is
that of the reader's own side, the demand's for the broker.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from matchmaker.domain.notification import Kind

# event → language → subject and body
_TO_SIDE: Final[dict[str, dict[str, tuple[str, str]]]] = {
    "asked": {
        "zh_Hans": ("对接征询：{title}", "技术经纪人{broker}认为《{title}》与《{other}》值得双方一谈，请您在 {due} 前答复是否愿意对接。\n\n{message}\n\n双方都同意后才互相公开联系方式；谢绝也只需选择一个原因。\n\n{link}"),
        "en": ("Will you talk? {title}", "The broker {broker} believes that “{title}” and “{other}” are worth a talk. Please answer by {due}.\n\n{message}\n\nContact data opens only when both sides accept; declining takes one click and a reason.\n\n{link}"),
    },
    "reminded": {
        "zh_Hans": ("请在 {due} 前答复：{title}", "《{title}》与《{other}》的对接征询尚待您答复；逾期将自动失效。\n\n{link}"),
        "en": ("Please answer by {due}: {title}", "The introduction of “{title}” and “{other}” still waits for your answer; it lapses by itself.\n\n{link}"),
    },
    "mutual": {
        "zh_Hans": ("双方同意对接：{title}", "《{title}》与《{other}》双方均已同意对接，联系方式已互相公开。下一步：确认保密约定。\n\n{link}"),
        "en": ("Both sides accepted: {title}", "Both sides of “{title}” and “{other}” have accepted; contact data is open. Next: the confidentiality agreement.\n\n{link}"),
    },
    "declined": {
        "zh_Hans": ("本次对接未能继续：{title}", "感谢您考虑《{title}》与《{other}》的对接。对方目前无法继续，主要考虑是“{reason}”。这不影响您今后的其他对接，经纪人会继续为您留意。\n\n{link}"),
        "en": ("This introduction ends here: {title}", "Thank you for considering “{title}” and “{other}”. The other side cannot go on for now, mainly for this reason: {reason}. It does not affect other introductions; the broker keeps looking.\n\n{link}"),
    },
    "lapsed": {
        "zh_Hans": ("对接征询已失效：{title}", "《{title}》与《{other}》的对接征询未能在期限内得到双方同意，现已失效。\n\n{link}"),
        "en": ("Introduction lapsed: {title}", "The introduction of “{title}” and “{other}” was not accepted by both sides in time and has lapsed.\n\n{link}"),
    },
    "closed": {
        "zh_Hans": ("对接征询已结束：{title}", "《{title}》与《{other}》的对接征询已结束：其中一项已撤回、到期或已另有合同，您无需再答复。\n\n{link}"),
        "en": ("Introduction closed: {title}", "The introduction of “{title}” and “{other}” is closed: one of the two was taken down, has expired, or has found its contract. No answer is needed.\n\n{link}"),
    },
    "withdrawn": {
        "zh_Hans": ("对接征询已撤回：{title}", "技术经纪人已撤回《{title}》与《{other}》的对接征询，您无需再答复。\n\n{link}"),
        "en": ("Introduction withdrawn: {title}", "The broker has withdrawn the introduction of “{title}” and “{other}”; no answer is needed.\n\n{link}"),
    },
}  # fmt: skip
_TO_BROKER: Final[dict[str, dict[str, tuple[str, str]]]] = {
    "accepted": {
        "zh_Hans": ("{side}已同意：{title}", "《{title}》与《{outcome}》：{side}已同意对接，等待另一方答复（{due} 前）。\n\n{link}"),
        "en": ("{side} accepted: {title}", "“{title}” and “{outcome}”: the {side} has accepted; the other side may answer until {due}.\n\n{link}"),
    },
    "mutual": {
        "zh_Hans": ("双方同意：{title}", "《{title}》与《{outcome}》双方均已同意，洽谈跟进已建立。\n\n{link}"),
        "en": ("Both accepted: {title}", "Both sides of “{title}” and “{outcome}” have accepted; the engagement has begun.\n\n{link}"),
    },
    "declined": {
        "zh_Hans": ("{side}谢绝：{title}", "《{title}》与《{outcome}》：{side}谢绝对接。\n\n原因：{reason}\n{note}\n\n{link}"),
        "en": ("{side} declined: {title}", "“{title}” and “{outcome}”: the {side} has declined.\n\nReason: {reason}\n{note}\n\n{link}"),
    },
    "closed": {
        "zh_Hans": ("对接征询已结束：{title}", "《{demand}》与《{outcome}》的对接征询已结束：其中一项已撤回、到期或已另有合同。\n\n{link}"),
        "en": ("Introduction closed: {title}", "The introduction of “{demand}” and “{outcome}” is closed: one of the two was taken down, has expired, or has found its contract.\n\n{link}"),
    },
    "lapsed": {
        "zh_Hans": ("对接征询已失效：{title}", "《{title}》与《{outcome}》的对接征询未获双方同意，现已失效。\n\n{link}"),
        "en": ("Introduction lapsed: {title}", "The introduction of “{title}” and “{outcome}” has lapsed.\n\n{link}"),
    },
}  # fmt: skip

# The list shows on which day an answer is due and why a side declined; the broker's words to a side
# and a side's note to the broker stand on the page and in the mail that leaves at once.
_KEPT: Final = frozenset({"due", "side", "reason"})
KINDS: Final[Mapping[str, Kind]] = {
    f"introduction_{audience}_{event}": Kind(
        group="introduction", texts=texts, kept=_KEPT, detail="reason"
    )
    for audience, table in (("side", _TO_SIDE), ("broker", _TO_BROKER))
    for event, texts in table.items()
}
