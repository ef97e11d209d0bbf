"""One's own invitation to an event: answering it, one's meetings, what came of them."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, request, url_for
from werkzeug.wrappers import Response

from matchmaker.domain.errors import Invalid
from matchmaker.domain.event import ANSWERABLE, TOLD, may_take_back
from matchmaker.services import event_party as service
from matchmaker.store.queries.event_meeting import meeting_rows
from matchmaker.web.event.pages import InvitationPage
from matchmaker.web.event.reading import view_of
from matchmaker.web.i18n import gettext as _
from matchmaker.web.pages import render
from matchmaker.web.platform import matchmaker


def install(blueprint: Blueprint) -> None:
    """Add the addresses of invitations to those of events."""
    blueprint.add_url_rule("/invitations/<party_id>", view_func=invitation)
    blueprint.add_url_rule("/invitations/<party_id>", view_func=answer, methods=["POST"])
    blueprint.add_url_rule(
        "/invitations/<party_id>/meetings/<meeting_id>", view_func=rate, methods=["POST"]
    )


def invitation(party_id: str) -> Response:
    """One's own invitation."""
    return _page(party_id)


def answer(party_id: str) -> Response:
    """Say whether one comes, and when one has time."""
    chosen = [int(one) for one in request.form.getlist("free") if one.isascii() and one.isdigit()]
    coming = request.form.get("answer") == "coming"
    try:
        with matchmaker().unit_of_work() as uow:
            service.answer(
                uow,
                g.actor,
                party_id=party_id,
                coming=coming,
                free=chosen,
                base_url=matchmaker().settings.base_url,
            )
    except Invalid:
        return _page(party_id, _("Choose at least one slot in which you have time."), 422)
    flash(_("Thank you; the organiser sees your answer."), "success")
    return redirect(url_for(".invitation", party_id=party_id), code=303)


def rate(party_id: str, meeting_id: str) -> Response:
    """Say whether one wants to talk on with somebody."""
    with matchmaker().unit_of_work() as uow:
        service.note(
            uow,
            g.actor,
            party_id=party_id,
            meeting_id=meeting_id,
            interested=request.form.get("interested") == "yes",
        )
    flash(_("Saved. Where both sides want to talk on, a broker introduces them."), "success")
    return redirect(
        url_for(".invitation", party_id=party_id, _anchor=f"meeting-{meeting_id}"), code=303
    )


def _page(party_id: str, error: str = "", status: int = 200) -> Response:
    with matchmaker().reading() as uow:
        party = service.load(uow, g.actor, party_id)
        event = party.event
        shown = event.state in TOLD
        page = InvitationPage(
            public_id=party.public_id,
            event=view_of(event),
            side=party.side,
            state=party.state,
            free=tuple(party.free),
            answerable=event.state in ANSWERABLE,
            may_take_back=may_take_back(event.state, party.state, event.starts_at, uow.now),
            rows=meeting_rows(uow, event.id, party.id) if shown else (),
            rateable=shown and party.state == "coming" and event.starts_at <= uow.now,
            error=error,
        )
    return render(page, status)
