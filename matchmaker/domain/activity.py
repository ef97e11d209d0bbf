"""The activity record: which events of the audit it tells, of which records."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

# What an activity record tells, by noun. Reminders, messages and drafts are no activity.
TOLD: Final[Mapping[str, frozenset[str]]] = {
    "introduction": frozenset({"ask", "accept", "decline", "withdraw", "conclude", "lapse"}),
    "engagement": frozenset(
        {
            *("conclude_nda", "disclose", "meet", "validate", "agree_terms", "draft", "publicise"),
            *("sign", "register", "perform", "complete", "lose", "rest", "wake"),
        }
    ),
    "meeting": frozenset({"plan", "move", "hold", "cancel"}),
    "contract": frozenset({"conclude", "sign", "register", "correct", "withdraw", "abandon"}),
    "event": frozenset({"create", "invite", "plan", "announce", "close", "cancel"}),
    "event_party": frozenset({"accept", "decline"}),
}
# What stands counted above the list, in this order.
COUNTED: Final = (
    ("introduction", "ask"),
    ("introduction", "conclude"),
    ("meeting", "hold"),
    ("event", "close"),
    ("event_party", "accept"),
    ("contract", "sign"),
    ("contract", "register"),
)
