"""Asking a firm whether it may be named beside a common need: texts in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from matchmaker.domain.notification import Kind

_TEXTS: Final[dict[str, tuple[str, str]]] = {
    "zh_Hans": ("是否同意公开企业名称：{title}", "贵企业的技术需求《{title}》与其他企业的需求相近，平台已将其归为一项共性需求（{terms}）。科技主管部门希望在这项共性需求旁列出提出企业的名称，以便联合攻关或发布揭榜挂帅。\n\n同意与否由贵企业决定，不同意不影响匹配，同意后也可随时撤回。匿名需求一经同意，他人可能由此推知需求属于贵企业。\n\n请在此答复：{link}"),
    "en": ("May your company be named: {title}", "Your demand “{title}” asks for nearly the same as demands of other firms; the platform has grouped them as a common need ({terms}). The bureau would like to list the firms beside it, for joint research or a challenge.\n\nIt is yours to decide. Declining changes nothing about matching, and consent can be withdrawn at any time. If the demand is anonymous, readers may conclude from your consent that it is yours.\n\nAnswer here: {link}"),
}  # fmt: skip
KINDS: Final[Mapping[str, Kind]] = {
    "need_consent_asked": Kind(group="record", texts=_TEXTS, path="/common-needs/consents")
}
