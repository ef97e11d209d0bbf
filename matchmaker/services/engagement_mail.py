"""Telling the parties of an engagement what moved: the texts, in both languages.

Mails carry titles, the stage and a link; never a message's text, minutes, notes or contact data.
The title in the subject is that of the reader's own side, the demand's for broker and bureau.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from matchmaker.domain.notification import Kind

# event → language → subject and body
_TEXTS: Final[dict[str, dict[str, tuple[str, str]]]] = {
    "step": {
        "zh_Hans": ("{stage}：{title}", "《{demand}》与《{outcome}》的洽谈跟进现处于：{stage}。\n\n{link}"),
        "en": ("{stage}: {title}", "The engagement of “{demand}” and “{outcome}” is now at: {stage}.\n\n{link}"),
    },
    "nda_accepted": {
        "zh_Hans": ("一方已接受保密约定：{title}", "《{demand}》与《{outcome}》：一方已接受保密约定，等待另一方确认。\n\n{link}"),
        "en": ("One side accepted the confidentiality agreement: {title}", "“{demand}” and “{outcome}”: one side has accepted the confidentiality agreement; the other is awaited.\n\n{link}"),
    },
    "lost": {
        "zh_Hans": ("洽谈已终止：{title}", "《{demand}》与《{outcome}》的洽谈已终止。\n\n原因：{reason}\n\n{link}"),
        "en": ("Engagement ended: {title}", "The engagement of “{demand}” and “{outcome}” has ended.\n\nReason: {reason}\n\n{link}"),
    },
    "dormant": {
        "zh_Hans": ("洽谈三十天无进展：{title}", "《{demand}》与《{outcome}》的洽谈已三十天没有进展，现转为沉寂。有进展时可随时恢复。\n\n{link}"),
        "en": ("Thirty days without a step: {title}", "The engagement of “{demand}” and “{outcome}” has not moved for thirty days and is now dormant. It can be woken at any time.\n\n{link}"),
    },
    "overdue": {
        "zh_Hans": ("下一步已逾期：{title}", "《{demand}》与《{outcome}》的下一步原定 {due} 前完成，请推进或另定日期。\n\n{link}"),
        "en": ("The next step is overdue: {title}", "The next step of “{demand}” and “{outcome}” was due on {due}. Take it, or name another day.\n\n{link}"),
    },
    "message": {
        "zh_Hans": ("新留言：{title}", "《{demand}》与《{outcome}》的洽谈中有新留言，请登录查看。\n\n{link}"),
        "en": ("A new message: {title}", "There is a new message about “{demand}” and “{outcome}”; log in to read it.\n\n{link}"),
    },
    "meeting_planned": {
        "zh_Hans": ("会谈 {when}：{title}", "《{demand}》与《{outcome}》的会谈定于 {when}（北京时间），地点与日程见页面。\n\n{link}"),
        "en": ("Meeting {when}: {title}", "“{demand}” and “{outcome}” meet on {when} (Beijing time); place and agenda are on the page.\n\n{link}"),
    },
    "meeting_held": {
        "zh_Hans": ("会谈纪要：{title}", "《{demand}》与《{outcome}》{when} 的会谈已有纪要，请登录查看。\n\n{link}"),
        "en": ("Minutes: {title}", "There are minutes of the meeting of {when} about “{demand}” and “{outcome}”; log in to read them.\n\n{link}"),
    },
    "meeting_cancelled": {
        "zh_Hans": ("会谈取消：{title}", "《{demand}》与《{outcome}》原定 {when} 的会谈已取消。\n\n{link}"),
        "en": ("Meeting cancelled: {title}", "The meeting of {when} about “{demand}” and “{outcome}” is cancelled.\n\n{link}"),
    },
    "meeting_reminded": {
        "zh_Hans": ("明日会谈提醒 {when}：{title}", "提醒：《{demand}》与《{outcome}》的会谈定于 {when}（北京时间）。\n\n{link}"),
        "en": ("Reminder, meeting {when}: {title}", "A reminder: “{demand}” and “{outcome}” meet on {when} (Beijing time).\n\n{link}"),
    },
}  # fmt: skip
# Officers learn that something stands still, but have no page of it: their board is the link.
BUREAU: Final = "engagement_bureau_dormant"
_KEPT: Final = frozenset({"stage", "reason", "due", "when"})
KINDS: Final[Mapping[str, Kind]] = {
    **{
        f"engagement_{event}": Kind(group="introduction", texts=texts, kept=_KEPT, detail="reason")
        for event, texts in _TEXTS.items()
    },
    BUREAU: Kind(group="introduction", texts=_TEXTS["dormant"], kept=_KEPT, path="/engagements/"),
}
