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
    "changed": {
        "zh_Hans": ("对接会安排有变：{title}", "对接会《{title}》的安排有变，现为：\n\n时间：{when}\n地点：{where}\n\n如您已答复，系统只保留了仍在您原先所选时间之内的时段。请查看新的时段，重新告知是否参加、哪些时段有空：\n{link}"),
        "en": ("Changed: {title}", "“{title}” has changed. It is now:\n\nWhen: {when}\nWhere: {where}\n\nIf you have answered already, only those slots are still marked that lie within the time you gave. Please look at the slots and say anew whether you come and when you are free:\n{link}"),
    },
    "freed": {
        "zh_Hans": ("一场洽谈取消：{title}", "对接会《{title}》（{when}，{where}）中，与您约定洽谈的一方告知不再参加，该时段空出，其余安排不变：\n{link}"),
        "en": ("A meeting falls out: {title}", "One of those whom you would have met at “{title}” ({when}, {where}) has said that they do not come. That slot is free; everything else stands:\n{link}"),
    },
    "withdrawn": {
        "zh_Hans": ("{who}不再参加：{title}", "{who}告知不再参加对接会《{title}》（{when}，{where}），{count} 场洽谈取消，有关各方已收到通知：\n{link}"),
        "en": ("{who} does not come: {title}", "{who} has said that they do not come to “{title}” ({when}, {where}). Meetings that fall out: {count}; those concerned have been told:\n{link}"),
    },
    "unreached": {
        "zh_Hans": ("未能通知{who}：{title}", "对接会《{title}》（{when}，{where}）的消息未能通知{who}：受邀人员已离开该单位或账号已停用。请另行联系该单位：\n{link}"),
        "en": ("{who} could not be told: {title}", "News of “{title}” ({when}, {where}) could not be told to {who}: the people invited have left it or are barred. Please reach it in another way:\n{link}"),
    },
    "cancelled": {
        "zh_Hans": ("对接会取消：{title}", "很抱歉，对接会《{title}》（{when}，{where}）已取消。\n{link}"),
        "en": ("Cancelled: {title}", "We are sorry: “{title}” ({when}, {where}) is cancelled.\n{link}"),
    },
}  # fmt: skip
# What a line in the list says besides the title.
_KEPT: Final = dict.fromkeys(("withdrawn", "unreached"), frozenset({"who"}))
KINDS: Final[Mapping[str, Kind]] = {
    f"event_{what}": Kind(group="introduction", texts=texts, kept=_KEPT.get(what, frozenset()))
    for what, texts in _TEXTS.items()
}
