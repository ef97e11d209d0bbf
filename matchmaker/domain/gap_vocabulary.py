"""The controlled vocabularies of the gap map, like those of ``domain/vocabulary.py``."""

from __future__ import annotations

from matchmaker.domain.term import Vocabulary

# What a chain calls for, in the plan's four words; the last three call for nothing.
CHAIN_CALLS = Vocabulary(
    "chain_call",
    ("build", "建链", "Build"),
    ("fill", "补链", "Fill"),
    ("strengthen", "强链", "Strengthen"),
    ("extend", "延链", "Extend"),
    ("balanced", "供需相当", "Balanced"),
    ("serves", "供给他处", "Serves elsewhere"),
    ("none", "暂无记录", "Nothing yet"),
)

NEED_CONSENT_STATES = Vocabulary(
    "need_consent_state",
    ("asked", "待企业答复", "Asked"),
    ("given", "同意公开企业名称", "Agreed to be named"),
    ("declined", "不公开企业名称", "Not to be named"),
)
