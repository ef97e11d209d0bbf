"""Challenges in words: the time that is left, and the steps of their life."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from matchmaker.store.challenge import Challenge, ChallengeBid
from matchmaker.web.challenge.pages import Milestone
from matchmaker.web.i18n import gettext as _
from matchmaker.web.i18n import ngettext, term, write_datetime

_DAY: Final = timedelta(days=1)
_HOUR: Final = timedelta(hours=1)
_LATE_STATES: Final = ("accepted", "not_accepted", "withdrawn", "failed")


def left_of(state: str, until: datetime | None, now: datetime) -> str:
    """How much time bidders have; empty where there is none."""
    if state != "published" or until is None or until <= now:
        return ""
    left = until - now
    if left >= 2 * _DAY:
        return ngettext("%(num)s day left", "%(num)s days left", left // _DAY)
    if left >= _HOUR:
        return ngettext("%(num)s hour left", "%(num)s hours left", left // _HOUR)
    return _("less than an hour left")


def late_text(until: datetime, now: datetime, write: object) -> str:
    """What whoever comes late is told; ``write`` writes a time."""
    assert callable(write)
    return _(
        "Bids were taken until %(until)s; by the platform's clock it is %(now)s. Nothing was kept.",
        until=write(until),
        now=write(now),
    )


def milestones(challenge: Challenge, state: str) -> tuple[Milestone, ...]:
    """The steps of the challenge's life, each with its time where it has one."""
    steps: list[tuple[str, datetime | None, bool]] = [
        (_("Experts argued the call"), challenge.argued_at, challenge.argued_at is not None),
        (_("Call published"), challenge.published_at, challenge.published_at is not None),
        (
            _("Bids closed"),
            challenge.bids_until,
            challenge.published_at is not None and state != "published",
        ),
        (_("Scored by experts"), challenge.announced_at, challenge.announced_at is not None),
        (_("In publicity"), challenge.publicity_until, challenge.awarded_at is not None),
        (_("Contract"), challenge.awarded_at, challenge.awarded_at is not None),
        (_("Midterm check"), challenge.assessed_at, challenge.midterm_verdict is not None),
        (_("Acceptance"), challenge.ended_at if state == "accepted" else None, state == "accepted"),
    ]
    if state in _LATE_STATES and state != "accepted":
        steps = [one for one in steps if one[2]]
        steps.append((_ended(state), challenge.ended_at, True))
    found, now_told = [], False
    for text, at, done in steps:
        stage = "done" if done else "later"
        if not done and not now_told:
            stage, now_told = "now", True
        found.append(Milestone(text=text, at=at, stage=stage))
    return tuple(found)


def _ended(state: str) -> str:
    return {
        "not_accepted": _("Not accepted"),
        "withdrawn": _("Call withdrawn"),
        "failed": _("Failed: no eligible bid"),
    }[state]


def standing_text(bid: ChallengeBid) -> str:
    """How far a bid has come once the scores are open; empty before."""
    challenge = bid.challenge
    if bid.state == "awarded" and challenge.end_note:
        return f"{term(challenge.state, 'challenge_state')}{_(': ')}{challenge.end_note}"
    if challenge.state != "publicity" or bid.state != "submitted":
        return ""
    if bid.proposed_at is None:
        return _("Another bid is announced. Should it be barred, the one that ranks next follows.")
    return _(
        "This bid is announced as the proposed winner, with publicity until %(time)s. The contract "
        "is noted once that is over and every objection is answered.",
        time=write_datetime(challenge.publicity_until),
    )


def done_text(step: str) -> str:
    """What a step of the desk has done."""
    done = {
        "announce": _("The scores are open; bidders and firms are told."),
        "award": _("The contract is noted; bidders and firms are told."),
        "correct": _("The contract is corrected; the winner and the firms are told."),
        "assess": _("The verdict is recorded; the winner is told."),
        "conclude": _("The challenge has ended; its people are told."),
    }
    return done.get(step, _("Done."))
