"""Telling a side that it was asked, and the broker what was answered: texts in both languages.

Question and answer stand on the pages and in the mail that leaves at once, not in the list.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from matchmaker.domain.notification import Kind

_TEXTS: Final[dict[str, dict[str, tuple[str, str]]]] = {
    "ask": {
        "zh_Hans": ("技术经纪人想了解：{title}", "技术经纪人就《{title}》提出一个问题：\n\n{text}\n\n请于 {date} 前在此答复，之后该匹配将按现有信息研判：\n{link}"),
        "en": ("A broker asks about: {title}", "A technology broker asks about “{title}”:\n\n{text}\n\nPlease answer here until {date}; after that the match is decided on what is known:\n{link}"),
    },
    "answer": {
        "zh_Hans": ("已答复：{title}", "关于《{title}》的问题已有答复，该匹配已回到您的研判队列。\n\n{text}\n\n{link}"),
        "en": ("Answered: {title}", "Your question about “{title}” was answered; the match is back in your queue.\n\n{text}\n\n{link}"),
    },
    "lapse": {
        "zh_Hans": ("逾期未答：{title}", "关于《{title}》的问题在期限内没有得到答复，该匹配已回到您的研判队列。\n\n{text}\n\n{link}"),
        "en": ("Not answered: {title}", "Your question about “{title}” was not answered in time; the match is back in your queue.\n\n{text}\n\n{link}"),
    },
}  # fmt: skip
KINDS: Final[Mapping[str, Kind]] = {
    "question_ask": Kind(group="match", texts=_TEXTS["ask"]),
    **{
        f"question_{event}": Kind(group="match", texts=_TEXTS[event], path="/match-review/{id}")
        for event in ("answer", "lapse")
    },
}
