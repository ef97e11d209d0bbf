"""The controlled vocabularies of events, like those of ``domain/vocabulary.py``."""

from __future__ import annotations

from matchmaker.domain.term import Vocabulary

EVENT_STATES = Vocabulary(
    "event_state",
    ("draft", "筹备中", "Being prepared"),
    ("inviting", "邀请中", "Inviting"),
    ("planned", "已排桌", "Planned"),
    ("announced", "已通知", "Announced"),
    ("held", "已举办", "Held"),
    ("cancelled", "已取消", "Cancelled"),
)

EVENT_PARTY_STATES = Vocabulary(
    "event_party_state",
    ("invited", "待答复", "Invited"),
    ("coming", "参加", "Coming"),
    ("declined", "不参加", "Declined"),
)

EVENT_SIDES = Vocabulary(
    "event_side",
    ("firm", "企业", "Firm"),
    ("team", "团队", "Team"),
)
