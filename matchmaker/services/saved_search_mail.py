"""Telling that a saved search has found something new: the texts, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from matchmaker.domain.notification import Kind

KINDS: Final[Mapping[str, Kind]] = {
    "saved_search": Kind(
        group="match",
        texts={
            "zh_Hans": ("订阅“{search}”有新内容：{title}", "您保存的检索“{search}”有新发布的内容：《{title}》\n\n{link}"),
            "en": ("New for “{search}”: {title}", "Your saved search “{search}” has found something newly published: “{title}”\n\n{link}"),
        },
        kept=frozenset({"search"}),
    ),
    "saved_search_many": Kind(
        group="match",
        texts={
            "zh_Hans": ("订阅“{title}”有 {count} 条新内容", "您保存的检索“{title}”有 {count} 条新发布的内容：\n\n{found}\n\n{link}"),
            "en": ("{count} new for “{title}”", "Your saved search “{title}” has found {count} that are newly published:\n\n{found}\n\n{link}"),
        },
        kept=frozenset({"count"}),
    ),
}  # fmt: skip
