"""Telling a company what was answered: the texts, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from matchmaker.domain.notification import Kind

_MAILS: Final[dict[str, dict[str, tuple[str, str]]]] = {
    "answer": {
        "zh_Hans": ("专家答复：{title}", "关于您的技术需求《{title}》，答复如下：\n\n{answer}\n\n{link}"),
        "en": ("An expert's answer: {title}", "About your demand “{title}”:\n\n{answer}\n\n{link}"),
    },
    "adopt": {
        "zh_Hans": ("已采纳为揭榜挂帅建议：{title}", "科技主管部门已采纳将《{title}》列为揭榜挂帅的建议。\n\n{answer}\n\n{link}"),
        "en": ("Proposal accepted: {title}", "The bureau has accepted the proposal to make “{title}” a challenge.\n\n{answer}\n\n{link}"),
    },
    "decline": {
        "zh_Hans": ("揭榜挂帅建议未采纳：{title}", "科技主管部门未采纳将《{title}》列为揭榜挂帅的建议。\n\n原因：{answer}\n\n{link}"),
        "en": ("Proposal declined: {title}", "The bureau has not taken up the proposal to make “{title}” a challenge.\n\nReason: {answer}\n\n{link}"),
    },
}  # fmt: skip
KINDS: Final[Mapping[str, Kind]] = {
    f"next_step_{action}": Kind(
        group="record", texts=texts, kept=frozenset({"answer"}), detail="answer"
    )
    for action, texts in _MAILS.items()
}
