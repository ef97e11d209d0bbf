"""Telling the parties of an engagement what moved, in each reader's language.

Mails carry titles, the stage and a link; never a message's text, minutes, notes or contact data.
"""

from __future__ import annotations

from typing import Final

from matchmaker.domain.permissions import Actor
from matchmaker.domain.vocabulary import ENGAGEMENT_STATES, REASONS
from matchmaker.domain.working_day import LOCAL
from matchmaker.services import mail
from matchmaker.services.party import bureau, people
from matchmaker.store.database import UnitOfWork
from matchmaker.store.engagement import Engagement, Meeting
from matchmaker.store.organisation import User

_SIDES: Final = ("company", "institution", "broker")
# event → language → subject and body
_TEXTS: Final[dict[str, dict[str, tuple[str, str]]]] = {
    "step": {
        "zh_Hans": ("{stage}：{demand}", "《{demand}》与《{outcome}》的洽谈跟进现处于：{stage}。\n\n{link}"),
        "en": ("{stage}: {demand}", "The engagement of “{demand}” and “{outcome}” is now at: {stage}.\n\n{link}"),
    },
    "nda_accepted": {
        "zh_Hans": ("一方已接受保密约定：{demand}", "《{demand}》与《{outcome}》：一方已接受保密约定，等待另一方确认。\n\n{link}"),
        "en": ("One side accepted the confidentiality agreement: {demand}", "“{demand}” and “{outcome}”: one side has accepted the confidentiality agreement; the other is awaited.\n\n{link}"),
    },
    "lost": {
        "zh_Hans": ("洽谈已终止：{demand}", "《{demand}》与《{outcome}》的洽谈已终止。\n\n原因：{reason}\n\n{link}"),
        "en": ("Engagement ended: {demand}", "The engagement of “{demand}” and “{outcome}” has ended.\n\nReason: {reason}\n\n{link}"),
    },
    "dormant": {
        "zh_Hans": ("洽谈三十天无进展：{demand}", "《{demand}》与《{outcome}》的洽谈已三十天没有进展，现转为沉寂。有进展时可随时恢复。\n\n{link}"),
        "en": ("Thirty days without a step: {demand}", "The engagement of “{demand}” and “{outcome}” has not moved for thirty days and is now dormant. It can be woken at any time.\n\n{link}"),
    },
    "overdue": {
        "zh_Hans": ("下一步已逾期：{demand}", "《{demand}》与《{outcome}》的下一步原定 {due} 前完成，请推进或另定日期。\n\n{link}"),
        "en": ("The next step is overdue: {demand}", "The next step of “{demand}” and “{outcome}” was due on {due}. Take it, or name another day.\n\n{link}"),
    },
    "message": {
        "zh_Hans": ("新留言：{demand}", "《{demand}》与《{outcome}》的洽谈中有新留言，请登录查看。\n\n{link}"),
        "en": ("A new message: {demand}", "There is a new message about “{demand}” and “{outcome}”; log in to read it.\n\n{link}"),
    },
    "meeting_planned": {
        "zh_Hans": ("会谈 {when}：{demand}", "《{demand}》与《{outcome}》的会谈定于 {when}（北京时间），地点与日程见页面。\n\n{link}"),
        "en": ("Meeting {when}: {demand}", "“{demand}” and “{outcome}” meet on {when} (Beijing time); place and agenda are on the page.\n\n{link}"),
    },
    "meeting_held": {
        "zh_Hans": ("会谈纪要：{demand}", "《{demand}》与《{outcome}》{when} 的会谈已有纪要，请登录查看。\n\n{link}"),
        "en": ("Minutes: {demand}", "There are minutes of the meeting of {when} about “{demand}” and “{outcome}”; log in to read them.\n\n{link}"),
    },
    "meeting_cancelled": {
        "zh_Hans": ("会谈取消：{demand}", "《{demand}》与《{outcome}》原定 {when} 的会谈已取消。\n\n{link}"),
        "en": ("Meeting cancelled: {demand}", "The meeting of {when} about “{demand}” and “{outcome}” is cancelled.\n\n{link}"),
    },
    "meeting_reminded": {
        "zh_Hans": ("明日会谈提醒 {when}：{demand}", "提醒：《{demand}》与《{outcome}》的会谈定于 {when}（北京时间）。\n\n{link}"),
        "en": ("Reminder, meeting {when}: {demand}", "A reminder: “{demand}” and “{outcome}” meet on {when} (Beijing time).\n\n{link}"),
    },
}  # fmt: skip
# Officers learn that something stands still, but have no page of it: their board is the link.
_TO_BUREAU: Final = frozenset({"dormant"})


def tell(
    uow: UnitOfWork,
    engagement: Engagement,
    event: str,
    *,
    actor: Actor,
    meeting: Meeting | None = None,
    base_url: str = "",
) -> None:
    """Queue the mails about an event to every party but whoever caused it."""
    page = f"{base_url}/engagements/{engagement.public_id}" if base_url else ""
    board = f"{base_url}/engagements/" if base_url else ""
    for side in _SIDES:
        if event == "overdue" and side not in (engagement.next_side, "broker"):
            continue
        author = {
            "company": engagement.demand.author_id,
            "institution": engagement.outcome.author_id,
        }.get(side)
        for reader in people(uow, engagement.parties, side, author):
            if reader.id != actor.user_id:
                _queue(uow, reader, engagement, event, meeting, page)
    if event in _TO_BUREAU:
        for officer in bureau(uow):
            _queue(uow, officer, engagement, event, meeting, board)


def _queue(
    uow: UnitOfWork,
    reader: User,
    engagement: Engagement,
    event: str,
    meeting: Meeting | None,
    link: str,
) -> None:
    texts = _TEXTS[event]
    subject, body = texts.get(reader.locale, texts["zh_Hans"])
    reason, due = engagement.lost_reason, engagement.next_due
    when = meeting.starts_at.astimezone(LOCAL).strftime("%Y-%m-%d %H:%M") if meeting else ""
    values = {
        "demand": engagement.demand.title,
        "outcome": engagement.outcome.title,
        "stage": ENGAGEMENT_STATES[engagement.state].text(reader.locale),
        "reason": REASONS[reason].text(reader.locale) if reason else "",
        "due": due.isoformat() if due else "",
        "when": when,
        "link": link,
    }
    mail.queue(uow, reader.email, subject.format(**values)[:200], body.format(**values))
