"""Telling a company that something usable has turned up: the texts, in both languages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from matchmaker.domain.notification import Kind

_NAMED: Final = 5
# The outcomes are named in the mail alone: the list names the demand, whose page shows them.
KINDS: Final[Mapping[str, Kind]] = {
    "match_found": Kind(
        group="match",
        texts={
            "zh_Hans": ("新的可用匹配：{title}", "您的技术需求《{title}》有了新的可用成果：\n\n{outcomes}\n\n查看理由：\n{link}\n\n不再接收此需求的提醒：\n{off}"),
            "en": ("A usable match: {title}", "Something usable has turned up for your demand “{title}”:\n\n{outcomes}\n\nSee why:\n{link}\n\nNo more alerts for this demand:\n{off}"),
        },
        place="#suggestions",
    ),
}  # fmt: skip


def named(titles: Sequence[str]) -> str:
    """The first few titles, one a line."""
    lines = [f"· {title}" for title in titles[:_NAMED]]
    if len(titles) > _NAMED:
        lines.append("…")
    return "\n".join(lines)
