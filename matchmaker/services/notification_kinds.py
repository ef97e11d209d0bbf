"""Every kind of notification: the one mapping that all use cases and pages read.

A feature that tells people something adds its ``KINDS`` here, its noun to ``SUBJECTS`` in
``store/queries/notification.py`` and to :data:`PATHS`. Modules of texts import no use case.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from matchmaker.domain.notification import Kind
from matchmaker.domain.vocabulary import NOTIFICATION_GROUPS
from matchmaker.services import (
    account_mail,
    alert_mail,
    audit_mail,
    challenge_mail,
    common_need_mail,
    engagement_mail,
    event_mail,
    introduction_mail,
    membership_mail,
    next_step_mail,
    question_mail,
    record_mail,
    saved_search_mail,
    secondment_mail,
    share_mail,
)

KINDS: Final[Mapping[str, Kind]] = {
    **record_mail.KINDS,
    **next_step_mail.KINDS,
    **alert_mail.KINDS,
    **saved_search_mail.KINDS,
    **account_mail.KINDS,
    **audit_mail.KINDS,
    **question_mail.KINDS,
    **introduction_mail.KINDS,
    **engagement_mail.KINDS,
    **event_mail.KINDS,
    **challenge_mail.KINDS,
    **common_need_mail.KINDS,
    **secondment_mail.KINDS,
    **membership_mail.KINDS,
    **share_mail.KINDS,
}
# Where the page of a record of each noun lies on the site.
PATHS: Final[Mapping[str, str]] = {
    "demand": "/demands/{id}",
    "outcome": "/outcomes/{id}",
    "organisation": "/organisations/{id}",
    "saved_search": "/saved-searches/{id}",
    "match": "/matches/{id}",
    "question": "/questions/",
    "introduction": "/introductions/{id}",
    "engagement": "/engagements/{id}",
    "event": "/events/{id}",
    "event_party": "/events/invitations/{id}",
    "challenge": "/challenges/{id}",
    "challenge_bid": "/challenges/bids/{id}",
    "challenge_demand": "/challenges/consents/{id}",
    "secondment": "/secondments/",
    "membership": "/memberships/",
    "referral": "/referrals/",
    "share": "/shares/",
}


def path_of(kind: str, noun: str, public_id: str) -> str:
    """The path on this site that a notification of a kind leads to."""
    told = KINDS[kind]
    return (told.path or PATHS[noun]).format(id=public_id) + told.place


def groups() -> tuple[str, ...]:
    """The groups that some kind belongs to, in the order of the vocabulary."""
    used = {kind.group for kind in KINDS.values()}
    return tuple(code for code in NOTIFICATION_GROUPS if code in used)
