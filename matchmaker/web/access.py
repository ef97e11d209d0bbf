"""Who may reach which endpoint: one table, deny by default.

An endpoint without a row is refused at start-up, so that nothing is public by accident. Rows say
who may come as far as the view; what may be done to a record is decided by ``domain.permissions``.
"""

from __future__ import annotations

from typing import Final

from flask import Flask, abort, g, redirect, request, url_for
from werkzeug.wrappers import Response

PUBLIC: Final = frozenset({"public"})
SIGNED_IN: Final = frozenset({"company", "researcher", "broker", "bureau", "administrator"})
COMPANY: Final = frozenset({"company"})
RESEARCHER: Final = frozenset({"researcher"})
BROKER: Final = frozenset({"broker"})
BUREAU: Final = frozenset({"bureau"})
ADMINISTRATOR: Final = frozenset({"administrator"})
PARTIES: Final = frozenset({"company", "researcher", "broker"})
REVIEWERS: Final = frozenset({"broker", "bureau"})
APPROVERS: Final = frozenset({"researcher", "bureau"})

ACCESS: Final[dict[str, frozenset[str]]] = {
    "static": PUBLIC,
    "site.home": PUBLIC,
    "site.set_language": PUBLIC,
    "site.health": PUBLIC,
    "account.log_in": PUBLIC,
    "account.log_out": SIGNED_IN,
    "account.register": PUBLIC,
    "account.forgotten": PUBLIC,
    "account.reset": PUBLIC,
    "account.profile": SIGNED_IN,
    "account.edit_profile": SIGNED_IN,
    "account.change_password": SIGNED_IN,
    "account.revoke": SIGNED_IN,
    "organisation.listing": BUREAU,
    "organisation.show": PUBLIC,
    "organisation.edit": SIGNED_IN,
    "organisation.verify": BUREAU,
    "organisation.reject": BUREAU,
    "organisation.members": SIGNED_IN,
    "organisation.approve_member": SIGNED_IN,
    "organisation.remove_member": SIGNED_IN,
    "organisation.make_manager": SIGNED_IN,
    "user.listing": ADMINISTRATOR,
    "user.edit": ADMINISTRATOR,
    "user.activate": ADMINISTRATOR,
    "user.deactivate": ADMINISTRATOR,
    "audit.listing": BUREAU | ADMINISTRATOR,
    "evaluation.latest": BUREAU | ADMINISTRATOR,
    "evaluation.show": BUREAU | ADMINISTRATOR,
    "match.show": SIGNED_IN,
    "match.mine": COMPANY | RESEARCHER,
    "match_review.queue": BROKER,
    "match_review.show": BROKER,
    "match_review.accept": BROKER,
    "match_review.dismiss": BROKER,
    "match_review.snooze": BROKER,
    "match_review.undo": BROKER,
    "match_review.wake": BROKER,
    "match_review.inquire": BROKER,
    "match_review.take": BROKER,
    "match_review.release": BROKER,
    "match_review.bulk": BROKER,
    "match.brief": COMPANY | RESEARCHER | BROKER,
    "broker_profile.edit_own": BROKER,
    "broker_profile.edit": BUREAU,
    "assignment.overview": BUREAU,
    "assignment.run": BUREAU,
    "question.listing": COMPANY | RESEARCHER,
    "question.answer": COMPANY | RESEARCHER,
    "catalogue.demands": PUBLIC,
    "catalogue.outcomes": PUBLIC,
    "demand.show": PUBLIC,
    "demand.new": COMPANY,
    "demand.mine": COMPANY,
    "demand.edit": COMPANY,
    "demand.submit": COMPANY,
    "demand.resolve": COMPANY,
    "demand.withdraw": COMPANY,
    "demand.reopen": COMPANY,
    "demand.delete": COMPANY,
    "demand.publish": REVIEWERS,
    "demand.return": REVIEWERS,
    "outcome.show": PUBLIC,
    "outcome.new": RESEARCHER,
    "outcome.mine": RESEARCHER,
    "outcome.edit": RESEARCHER,
    "outcome.submit": RESEARCHER,
    "outcome.withdraw": RESEARCHER,
    "outcome.reopen": RESEARCHER,
    "outcome.delete": RESEARCHER,
    "outcome.approve": APPROVERS,
    "outcome.request_changes": APPROVERS,
    "demand.start": COMPANY,
    "demand.assistance": COMPANY,
    "demand.reuse": COMPANY,
    "outcome.start": RESEARCHER,
    "outcome.assistance": RESEARCHER,
    "outcome.reuse": RESEARCHER,
    "record.waiting": REVIEWERS | APPROVERS,
    "next_step.ask": COMPANY,
    "next_step.alert": COMPANY,
    "next_step.alert_off": PUBLIC,
    "next_step.listing": REVIEWERS,
    "next_step.answer": REVIEWERS,
    "next_step.adopt": BUREAU,
    "next_step.decline": BUREAU,
    "disclosure.show": COMPANY | RESEARCHER,
    "disclosure.write": COMPANY | RESEARCHER,
    "disclosure.give": COMPANY | RESEARCHER,
    "disclosure.ask": COMPANY | RESEARCHER,
    "disclosure.open_tier": COMPANY | RESEARCHER,
    "disclosure.grant": COMPANY | RESEARCHER,
    "disclosure.refuse": COMPANY | RESEARCHER,
    "disclosure.revoke": COMPANY | RESEARCHER,
    "introduction.new": BROKER,
    "introduction.ask": BROKER,
    "introduction.show": PARTIES,
    "introduction.accept": COMPANY | RESEARCHER,
    "introduction.decline": COMPANY | RESEARCHER,
    "introduction.withdraw": BROKER,
    "engagement.board": PARTIES | BUREAU,
    "engagement.show": PARTIES,
    "engagement.step": PARTIES,
    "engagement.plan_next": PARTIES,
    "engagement.lose": PARTIES,
    "engagement.wake": PARTIES,
    "engagement.write": PARTIES,
    "engagement.attachment": PARTIES,
    "engagement.agreement": PARTIES,
    "engagement.accept_nda": COMPANY | RESEARCHER,
    "meeting.new": PARTIES,
    "meeting.plan": PARTIES,
    "meeting.show": PARTIES,
    "meeting.move": PARTIES,
    "meeting.hold": PARTIES,
    "meeting.cancel": PARTIES,
    "meeting.file": PARTIES,
    "calendar.show": PARTIES,
    "calendar.make_feed": PARTIES,
    "calendar.end_feed": PARTIES,
    "calendar.feed": PUBLIC,
    "notification.listing": SIGNED_IN,
    "notification.open_one": SIGNED_IN,
    "notification.read": SIGNED_IN,
    "notification.read_all": SIGNED_IN,
    "notification.settings": SIGNED_IN,
    "notification.choose": SIGNED_IN,
    "notification.off": PUBLIC,  # its signature says for whom
    "saved_search.listing": SIGNED_IN,
    "saved_search.show": SIGNED_IN,
    "saved_search.save": SIGNED_IN,
    "saved_search.rename": SIGNED_IN,
    "saved_search.alert": SIGNED_IN,
    "saved_search.delete": SIGNED_IN,
    "work_record.show": BROKER,
    "work_record.table": BROKER,
    "activity.show": PARTIES,
    "activity.table": PARTIES,
    "activity.document": PARTIES,
    "account.export": SIGNED_IN,
    "account.erase": SIGNED_IN,
    "contract.listing": BUREAU,
    "contract.export": BUREAU,
    "contract.registered": BUREAU,
    "contract.of_engagement": PARTIES,
    "contract.new": PARTIES,
    "contract.show": PARTIES,
    "contract.edit": PARTIES,
    "contract.confirm": COMPANY | RESEARCHER,
    "contract.sign": PARTIES,
    "contract.register": PARTIES,
    "contract.correct": PARTIES,
    "contract.withdraw": PARTIES,
    "contract.abandon": PARTIES,
    "contract.reopen": PARTIES,
    "contract.check": PARTIES,
    "contract.summary": PARTIES,
    "contract.reward": RESEARCHER,
    "event.listing": PARTIES | BUREAU,
    "event.new": REVIEWERS,
    "event.create": REVIEWERS,
    "event.show": REVIEWERS,
    "event.tables": REVIEWERS,
    "event.edit": REVIEWERS,
    "event.save": REVIEWERS,
    "event.candidates": REVIEWERS,
    "event.invite": REVIEWERS,
    "event.plan": REVIEWERS,
    "event.announce": REVIEWERS,
    "event.close": REVIEWERS,
    "event.cancel": REVIEWERS,
    "event.note": REVIEWERS,
    "event.invitation": COMPANY | RESEARCHER,
    "event.answer": COMPANY | RESEARCHER,
    "event.rate": COMPANY | RESEARCHER,
    "consortium.show": COMPANY | BROKER,
    "consortium.propose": BROKER,
    "open_data.show": PUBLIC,
    "open_data.records": PUBLIC,
    "open_data.counters": PUBLIC,
    "figure.overview": BUREAU,
    "figure.report": BUREAU,
    "figure.events": BUREAU,
    "figure.targets": BUREAU,
    "figure.set_targets": BUREAU,
    "pack.show": REVIEWERS,
    "pack.document": REVIEWERS,
    "pack.table": REVIEWERS,
    "pack.events": REVIEWERS,
    "profile.show": PARTIES | BUREAU,
    "profile.document": PARTIES | BUREAU,
    "placement.listing": REVIEWERS,
    "placement.decide": REVIEWERS,
    "duplicate.listing": REVIEWERS | ADMINISTRATOR,
    "duplicate.compare": SIGNED_IN,
    "duplicate.separate": REVIEWERS | ADMINISTRATOR,
    "duplicate.equate": REVIEWERS | ADMINISTRATOR,
}


def protect(app: Flask) -> None:
    """Put the table in front of every request; call after the last blueprint is registered."""
    missing = {rule.endpoint for rule in app.url_map.iter_rules()} - ACCESS.keys()
    if missing:
        msg = f"no access row in web/access.py for {', '.join(sorted(missing))}"
        raise LookupError(msg)
    app.before_request(_admit)


def _admit() -> Response | None:
    """Let the request through, send it to the log-in page, or refuse it."""
    if request.endpoint is None:
        return None  # no such address: the router answers 404
    allowed = ACCESS[request.endpoint]
    if allowed is PUBLIC or g.actor.role in allowed:
        return None
    if allowed is SIGNED_IN and g.actor.signed_in:
        return None  # also people whose role is not in force yet
    if g.actor.signed_in:
        abort(403)
    if request.method == "GET":
        return redirect(url_for("account.log_in", next=request.full_path.rstrip("?")), code=303)
    return redirect(url_for("account.log_in"), code=303)
