"""What waits for somebody, in words: how many, what to do, and where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import g, url_for

from matchmaker.domain.permissions import Actor
from matchmaker.store.database import UnitOfWork
from matchmaker.store.queries import todo as query
from matchmaker.web.i18n import gettext as _
from matchmaker.web.site.todo_desk import desk_texts


@dataclass(frozen=True, slots=True, kw_only=True)
class TodoItem:
    """One pile of work with its next step."""

    count: int
    label: str
    step: str
    href: str


def todo_items(uow: UnitOfWork, actor: Actor) -> tuple[TodoItem, ...]:
    """The piles that are not empty, the most urgent first."""
    numbers = query.counts(uow, actor)
    texts = _texts(numbers)
    return tuple(
        TodoItem(count=number, label=texts[code][0], step=texts[code][1], href=texts[code][2])
        for code, number in numbers.items()
        if number
    )


def _texts(wanted: Mapping[str, int]) -> dict[str, tuple[str, str, str]]:
    """Label, next step and address by code; addresses of what is not wanted are not made."""
    found = {code: text for code, text in _own_texts().items() if code in wanted}
    for texts in (
        _desk_texts(),
        _operator_texts(),
        _talk_texts(),
        _challenge_texts(),
        desk_texts(),
        _event_texts(),
    ):
        found |= {code: text for code, text in texts.items() if code in wanted}
    return found


def _own_texts() -> dict[str, tuple[str, str, str]]:
    def mine(noun: str, state: str) -> str:
        return url_for(f"{noun}.mine", state=state)

    return {
        "demand_returned": (
            _("Returned demands"),
            _("Read the reasons, change them, submit again"),
            mine("demand", "returned"),
        ),
        "demand_draft": (
            _("Drafts of demands"),
            _("Complete and submit them"),
            mine("demand", "draft"),
        ),
        "demand_expired": (
            _("Expired demands"),
            _("Reopen what still holds"),
            mine("demand", "expired"),
        ),
        "demand_expiring": (
            _("Demands that expire soon"),
            _("Extend what still holds"),
            mine("demand", "expiring"),
        ),
        "outcome_changes_requested": (
            _("Outcomes to change"),
            _("Read the reasons, change them, submit again"),
            mine("outcome", "changes_requested"),
        ),
        "outcome_draft": (
            _("Drafts of outcomes"),
            _("Complete and submit them"),
            mine("outcome", "draft"),
        ),
        "outcome_expired": (
            _("Expired outcomes"),
            _("Reopen what still holds"),
            mine("outcome", "expired"),
        ),
        "outcome_expiring": (
            _("Outcomes that expire soon"),
            _("Extend what still holds"),
            mine("outcome", "expiring"),
        ),
        "unread": (
            _("Unread notifications"),
            _("See what is new"),
            url_for("notification.listing", show="unread"),
        ),
    }


def _talk_texts() -> dict[str, tuple[str, str, str]]:
    return {
        "introductions": (
            _("Introductions that wait for your answer"),
            _("Accept, or decline with a reason"),
            url_for("engagement.board"),
        ),
        "questions_to_answer": (
            _("Questions from brokers"),
            _("Answer them: the match waits for it"),
            url_for("question.listing"),
        ),
        "engagements_due": (
            _("Engagements with a next step due"),
            _("Take the step, or name another day"),
            url_for("engagement.board"),
        ),
        "meetings": (
            _("Meetings within seven days"),
            _("See time, place and agenda"),
            url_for("calendar.show"),
        ),
        "queue_due": (
            _("Matches of your queue due today or overdue"),
            _("Decide them first"),
            url_for("match_review.queue", view="mine"),
        ),
    }


def _challenge_texts() -> dict[str, tuple[str, str, str]]:
    calls = url_for("challenge.listing")
    return {
        "challenge_consents": (
            _("Consents to a challenge"),
            _("Say whether your demand may become one"),
            calls,
        ),
        "challenge_drafts": (
            _("Drafts of bids"),
            _("Submit them before the deadline"),
            calls,
        ),
        "challenge_reports": (
            _("Midterm reports of your challenges"),
            _("Say what is reached and what is open"),
            calls,
        ),
        "challenge_scores": (
            _("Bids to score"),
            _("Give your points"),
            calls,
        ),
        "challenge_objections": (
            _("Objections to a challenge"),
            _("Answer them in writing"),
            url_for("challenge.listing", view="running"),
        ),
        "challenge_argued": (
            _("Challenges that are argued"),
            _("Publish them"),
            url_for("challenge.listing", view="preparing"),
        ),
        "challenge_steps": (
            _("Challenges that wait for the next step"),
            _("Judge or conclude them"),
            url_for("challenge.listing", view="running"),
        ),
    }


def _event_texts() -> dict[str, tuple[str, str, str]]:
    events = url_for("event.listing")
    return {
        "event_invitations": (
            _("Invitations to events"),
            _("Say whether you come, and when you have time"),
            events,
        ),
        "event_calendars": (
            _("Events for which you have chosen no time"),
            _("Choose your slots"),
            events,
        ),
        "event_results": (
            _("Meetings at events that you have said nothing about"),
            _("Say whether you want to talk on"),
            events,
        ),
        "events_to_close": (
            _("Events that are over"),
            _("Say that they were held"),
            events,
        ),
        "event_results_to_note": (
            _("Meetings at your events without a result"),
            _("Note what both sides want"),
            events,
        ),
        "event_wishes": (
            _("Meetings after which both sides want to talk on"),
            _("Introduce them"),
            events,
        ),
        "pairs_to_introduce": (
            _("Accepted pairs, of consortia too"),
            _("Ask both sides"),
            url_for("match_review.queue", view="accepted"),
        ),
    }


def _desk_texts() -> dict[str, tuple[str, str, str]]:
    return {
        "matches": (
            _("Matches to decide"),
            _("Open the desk"),
            url_for("match_review.queue"),
        ),
        "outcomes_to_approve": (
            _("Outcomes to approve"),
            _("Approve, or say what to change"),
            url_for("record.waiting"),
        ),
        "demands_to_review": (
            _("Demands to review"),
            _("Publish, or return with reasons"),
            url_for("record.waiting"),
        ),
        "questions": (
            _("Unanswered questions"),
            _("Answer, or name an expert"),
            url_for("next_step.listing"),
        ),
        "proposals": (
            _("Proposed challenges"),
            _("Accept or decline"),
            url_for("next_step.listing"),
        ),
        "organisations": (
            _("Organisations to verify"),
            _("Look at who they are"),
            url_for("organisation.listing", state="pending"),
        ),
        "duplicates": (
            _("Near-duplicates"),
            _("Say whether they are the same"),
            url_for("duplicate.listing"),
        ),
        "placements": (
            _("Placements to confirm"),
            _("Say on which chains they stand"),
            url_for("placement.listing"),
        ),
        "members": (
            _("People who ask to join"),
            _("Confirm or refuse them"),
            _members_address(),
        ),
    }


def _operator_texts() -> dict[str, tuple[str, str, str]]:
    return {
        "audit_broken": (
            _("Findings in the audit's chain"),
            _("See what was found, and compare with a backup"),
            url_for("audit.listing"),
        ),
        "mail_stuck": (
            _("Mails that could not be sent"),
            _(
                "Check the mail server's settings, then run "
                "`python -m matchmaker deliver-mail --given-up`"
            ),
            url_for("audit.listing"),
        ),
        "changes_behind": (
            _("Changes not matched yet"),
            _("Run `python -m matchmaker match --all`"),
            url_for("audit.listing"),
        ),
    }


def _members_address() -> str:
    """The members of one's own organisation."""
    found = g.signed_in.organisation_public_id
    return url_for("organisation.members", public_id=found) if found else url_for("account.profile")
