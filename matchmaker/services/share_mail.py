"""What brokers are told of shares: texts in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from matchmaker.domain.notification import Kind

_TEXTS: Final[dict[str, dict[str, tuple[str, str]]]] = {
    "propose": {
        "zh_Hans": ("共同经纪邀请：{title}", "一位经纪人希望与您共同经纪需求《{title}》的对接，您的份额为 {percent}%。签约后份额不再变动，请答复：\n{link}"),
        "en": ("A shared introduction: {title}", "Another broker would like to share the introduction about “{title}” with you; your part would be {percent} %. It cannot be changed after the signature. Please answer:\n{link}"),
    },
    "accept": {
        "zh_Hans": ("对方同意共同经纪：{title}", "对方同意共同经纪《{title}》的对接，其份额为 {percent}%。\n{link}"),
        "en": ("Share agreed: {title}", "The other broker has agreed to {percent} % of the introduction about “{title}”.\n{link}"),
    },
    "decline": {
        "zh_Hans": ("对方未同意共同经纪：{title}", "对方未同意共同经纪《{title}》的对接（{percent}%）。\n{link}"),
        "en": ("Share declined: {title}", "The other broker has declined {percent} % of the introduction about “{title}”.\n{link}"),
    },
}  # fmt: skip
KINDS: Final[Mapping[str, Kind]] = {
    f"share_{what}": Kind(group="introduction", texts=texts) for what, texts in _TEXTS.items()
}
