"""What firms, specialists and the bureau are told of secondments: texts in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from matchmaker.domain.notification import Kind

_TEXTS: Final[dict[str, dict[str, tuple[str, str]]]] = {
    "secondment_propose": {
        "zh_Hans": ("科技专员派驻待同意：{title}", "科技主管部门拟向{title}派驻一名科技专员（{from} 至 {until}）。同意后，专员可在派驻期内代企业起草、诊断技术需求；需求仍由企业确认后提交。\n\n同意或不同意：\n{link}"),
        "en": ("A technology specialist for {title}", "The bureau would like to place a technology specialist with {title}, {from} to {until}. With your consent the specialist may draft and diagnose demands for you during that time; you submit them yourselves.\n\nConsent or decline:\n{link}"),
    },
    "secondment_accept": {
        "zh_Hans": ("企业已同意派驻：{title}", "{title}已同意派驻（{from} 至 {until}）。\n{link}"),
        "en": ("Secondment agreed: {title}", "{title} has consented to the secondment, {from} to {until}.\n{link}"),
    },
    "secondment_decline": {
        "zh_Hans": ("企业未同意派驻：{title}", "{title}未同意派驻（{from} 至 {until}）。\n{link}"),
        "en": ("Secondment declined: {title}", "{title} has declined the secondment, {from} to {until}.\n{link}"),
    },
    "secondment_end": {
        "zh_Hans": ("派驻已结束：{title}", "在{title}的派驻已提前结束，专员不再能查看企业的资料。\n{link}"),
        "en": ("Secondment ended: {title}", "The secondment to {title} has been ended; the specialist can no longer see the firm's records.\n{link}"),
    },
}  # fmt: skip
_DIAGNOSES: Final[dict[str, dict[str, tuple[str, str]]]] = {
    "diagnosis_give": {
        "zh_Hans": ("科技专员的诊断意见：{title}", "科技专员对需求《{title}》给出了诊断意见：\n\n{note}\n\n{link}"),
        "en": ("Your specialist on: {title}", "Your technology specialist has diagnosed the demand “{title}”:\n\n{note}\n\n{link}"),
    },
    "diagnosis_ready": {
        "zh_Hans": ("请确认并提交需求：{title}", "科技专员认为需求《{title}》可以提交，请贵单位确认内容后提交：\n\n{note}\n\n{link}"),
        "en": ("Please confirm and submit: {title}", "Your technology specialist finds the demand “{title}” ready. Please look at it and submit it:\n\n{note}\n\n{link}"),
    },
}  # fmt: skip
KINDS: Final[Mapping[str, Kind]] = {
    **{kind: Kind(group="record", texts=texts) for kind, texts in _TEXTS.items()},
    **{
        kind: Kind(
            group="record", texts=texts, kept=frozenset({"note"}), detail="note", place="/diagnosis"
        )
        for kind, texts in _DIAGNOSES.items()
    },
}
