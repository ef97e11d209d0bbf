"""Telling people what became of a record: the texts, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from matchmaker.domain.notification import Kind

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
KINDS: Final[Mapping[str, Kind]] = {
    f"record_{action}": Kind(
        group="review" if action == "submit" else "record",
        texts=texts,
        kept=frozenset({"note"}),
        detail="note",
    )
    for action, texts in _TEXTS.items()
}
