"""What invited firms and teams are told of an event: texts in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from matchmaker.domain.notification import Kind

_TEXTS: Final[dict[str, dict[str, tuple[str, str]]]] = {
    "invited": {
        "zh_Hans": ("对接会邀请：{title}", "诚邀您参加对接会《{title}》。\n\n时间：{when}\n地点：{where}\n\n平台认为您与其他参会方有可谈之处。请告知是否参加、哪些时段有空：\n{link}"),
        "en": ("Invitation: {title}", "You are invited to “{title}”.\n\nWhen: {when}\nWhere: {where}\n\nThe platform finds that you and others there have something to talk about. Please say whether you come and when you are free:\n{link}"),
    },
    "announced": {
        "zh_Hans": ("洽谈安排已出：{title}", "对接会《{title}》的洽谈安排已确定。\n\n时间：{when}\n地点：{where}\n\n您的时段、桌号和对方：\n{link}"),
        "en": ("Your meetings: {title}", "The table plan of “{title}” is ready.\n\nWhen: {when}\nWhere: {where}\n\nYour slots, tables and partners:\n{link}"),
    },
    "cancelled": {
        "zh_Hans": ("对接会取消：{title}", "很抱歉，对接会《{title}》（{when}，{where}）已取消。\n{link}"),
        "en": ("Cancelled: {title}", "We are sorry: “{title}” ({when}, {where}) is cancelled.\n{link}"),
    },
}  # fmt: skip
KINDS: Final[Mapping[str, Kind]] = {
    f"event_{what}": Kind(group="introduction", texts=texts) for what, texts in _TEXTS.items()
}
