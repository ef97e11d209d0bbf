"""Addresses of events for who organises them; ``invitation.py`` has those of who is invited."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from flask import Blueprint, flash, g, redirect, request, url_for
from werkzeug.wrappers import Response

from matchmaker.domain.errors import Invalid, WrongState
from matchmaker.domain.event import ANSWERABLE, MOST_OF_A_SIDE
from matchmaker.domain.event_vocabulary import EVENT_SIDES
from matchmaker.domain.permissions import available_actions, may, require
from matchmaker.services import event as service
from matchmaker.services import event_party
from matchmaker.store.database import UnitOfWork
from matchmaker.store.queries import event as query
from matchmaker.store.queries.event_meeting import meeting_rows
from matchmaker.web.engagement.problems import EMPTY, Filled, refused
from matchmaker.web.event import invitation
from matchmaker.web.event.pages import (
    CandidatesPage,
    EventFormPage,
    EventPage,
    EventsPage,
    TablesPage,
)
from matchmaker.web.event.reading import fields_from_form, sitting_of, values_of, view_of
from matchmaker.web.i18n import gettext as _
from matchmaker.web.i18n import ngettext
from matchmaker.web.pages import Numbered, render
from matchmaker.web.platform import matchmaker
from matchmaker.web.version import version_from_form

blueprint = Blueprint("event", __name__, url_prefix="/events")
invitation.install(blueprint)
_USUAL: Final = {
    "title": "",
    "place": "",
    "about": "",
    "starts_at": "",
    "slots": "8",
    "slot_minutes": "20",
    "tables": "20",
    "most": "6",
}


@blueprint.get("/")
def listing() -> Response:
    """The events that one organises or is invited to."""
    require(g.actor, "event", "list")
    pages = Numbered.from_request()
    with matchmaker().reading() as uow:
        rows = query.listing(uow, g.actor, limit=pages.size, offset=pages.offset)
        total = query.count(uow, g.actor)
    return render(
        EventsPage(rows=rows, organises=may(g.actor, "event", "create"), **pages.of(total))
    )


@blueprint.get("/new")
def new() -> Response:
    """An event to be made."""
    require(g.actor, "event", "create")
    return _form("", 0, _USUAL, EMPTY)


@blueprint.post("/new")
def create() -> Response:
    """Make it."""
    require(g.actor, "event", "create")
    try:
        with matchmaker().unit_of_work() as uow:
            made = service.create(uow, g.actor, fields_from_form())
            public_id = made.public_id
    except Invalid as error:
        return _form("", 0, _USUAL, refused("event", error), 422)
    flash(_("Saved. Now choose whom to invite."), "success")
    return redirect(url_for(".candidates", public_id=public_id), code=303)


@blueprint.get("/<public_id>")
def show(public_id: str) -> Response:
    """An event for who organises it."""
    return _page(public_id)


@blueprint.get("/<public_id>/tables")
def tables(public_id: str) -> Response:
    """The table plan to print."""
    with matchmaker().reading() as uow:
        event = service.load(uow, g.actor, public_id)
        rows = meeting_rows(uow, event.id)
        view = view_of(event)
    used = tuple(range(1, max((row.table_number for row in rows), default=0) + 1))
    placed = {(row.slot, row.table_number): row for row in rows}
    grid = tuple(
        (view.times[slot], tuple(placed.get((slot, table)) for table in used))
        for slot in range(view.slots)
    )
    return render(TablesPage(event=view, tables=used, grid=grid))


@blueprint.get("/<public_id>/edit")
def edit(public_id: str) -> Response:
    """The event to be changed."""
    with matchmaker().reading() as uow:
        event = service.load(uow, g.actor, public_id)
        require(g.actor, "event", "edit", event)
        return _form(public_id, event.version, values_of(event), EMPTY)


@blueprint.post("/<public_id>/edit")
def save(public_id: str) -> Response:
    """Change it."""
    version = version_from_form()
    try:
        with matchmaker().unit_of_work() as uow:
            fell = service.edit(
                uow,
                g.actor,
                event_id=public_id,
                fields=fields_from_form(),
                version=version,
                base_url=matchmaker().settings.base_url,
            )
    except Invalid as error:
        return _form(public_id, version, _USUAL, refused("event", error), 422)
    if fell:
        flash(_("Saved. The table plan does not fit any more: plan once more."), "warning")
    else:
        flash(_("Saved."), "success")
    return redirect(url_for(".show", public_id=public_id), code=303)


@blueprint.get("/<public_id>/candidates")
def candidates(public_id: str) -> Response:
    """Whom the platform would invite."""
    return _candidates(public_id)


@blueprint.post("/<public_id>/invite")
def invite(public_id: str) -> Response:
    """Invite whom was chosen."""
    try:
        with matchmaker().unit_of_work() as uow:
            count = event_party.invite(
                uow,
                g.actor,
                event_id=public_id,
                chosen=request.form.getlist("chosen"),
                base_url=matchmaker().settings.base_url,
            )
    except Invalid:
        return _candidates(public_id, _("Choose whom to invite."), 422)
    flash(ngettext("%(num)s invitation sent.", "%(num)s invitations sent.", count), "success")
    return redirect(url_for(".show", public_id=public_id), code=303)


@blueprint.post("/<public_id>/plan")
def plan(public_id: str) -> Response:
    """Make the table plan."""
    from matchmaker.services import event_plan  # NumPy is loaded when it is needed

    def make(uow: UnitOfWork) -> object:
        return event_plan.plan(uow, g.actor, matchmaker().index, event_id=public_id)

    return _act(public_id, make, _("Planned. Look at it, then announce it."))


@blueprint.post("/<public_id>/announce")
def announce(public_id: str) -> Response:
    """Tell everybody who comes."""
    from matchmaker.services import event_plan  # as above

    base_url = matchmaker().settings.base_url

    def tell(uow: UnitOfWork) -> object:
        return event_plan.announce(uow, g.actor, event_id=public_id, base_url=base_url)

    return _act(public_id, tell, _("Announced: everybody who comes has got their own plan."))


@blueprint.post("/<public_id>/close")
def close(public_id: str) -> Response:
    """Say that it was held."""
    return _act(
        public_id, lambda uow: service.close(uow, g.actor, event_id=public_id), _("Noted as held.")
    )


@blueprint.post("/<public_id>/cancel")
def cancel(public_id: str) -> Response:
    """Cancel it."""
    base_url = matchmaker().settings.base_url
    return _act(
        public_id,
        lambda uow: service.cancel(uow, g.actor, event_id=public_id, base_url=base_url),
        _("Cancelled; whoever was invited is told."),
    )


@blueprint.post("/<public_id>/meetings/<meeting_id>")
def note(public_id: str, meeting_id: str) -> Response:
    """Write down what came of a meeting."""
    from matchmaker.services import event_plan  # as above

    said = {"yes": True, "no": False}

    def write(uow: UnitOfWork) -> None:
        event_plan.note(
            uow,
            g.actor,
            event_id=public_id,
            meeting_id=meeting_id,
            wishes={side: said.get(request.form.get(side, "")) for side in EVENT_SIDES},
            version=version_from_form(),
        )

    return _act(public_id, write, _("Saved."), f"meeting-{meeting_id}")


def _act(
    public_id: str, act: Callable[[UnitOfWork], object], done: str, anchor: str | None = None
) -> Response:
    """Do something to an event; a refusal for its state is told on its page."""
    try:
        with matchmaker().unit_of_work() as uow:
            act(uow)
    except WrongState:
        return _page(public_id, _refusal(public_id), 409)
    flash(done, "success")
    return redirect(url_for(".show", public_id=public_id, _anchor=anchor), code=303)


def _refusal(public_id: str) -> str:
    """Why something could not be done to an event as it stands."""
    with matchmaker().reading() as uow:
        event = service.load(uow, g.actor, public_id)
        if event.state in ANSWERABLE:
            sides = {one.side for one in service.parties(uow, event, "coming")}
            if len(sides) < 2:  # noqa: PLR2004 - firms and teams
                return str(_("A plan needs at least one firm and one team that come."))
            if event.planned_at is None:
                return str(_("There is no plan yet."))
            return str(_("Answers have changed since the plan was made: plan once more."))
        if event.starts_at > uow.now:
            return str(_("This is possible once the event has begun."))
    return str(_("Somebody else has moved this event on; look at it once more."))


def _page(public_id: str, error: str = "", status: int = 200) -> Response:
    with matchmaker().reading() as uow:
        event = service.load(uow, g.actor, public_id)
        rows = meeting_rows(uow, event.id)
        wishes = [(row.firm_interested, row.team_interested) for row in rows]
        gap = 1 - event.plan_value / event.plan_bound if event.plan_bound else 0.0  # type: ignore[operator] # both or neither
        page = EventPage(
            event=view_of(event),
            actions=available_actions(g.actor, "event", event),
            parties=query.party_rows(uow, event.id),
            sittings=tuple(sitting_of(row) for row in rows),
            said=sum(None not in one for one in wishes),
            agreed=sum(one == (True, True) for one in wishes),
            gap=f"{100 * gap:.1f}" if event.planned_at else "",
            stale=event.state == "planned" and query.answers_since(uow, event),
            begun=event.starts_at <= uow.now,
            error=error,
        )
    return render(page, status)


def _candidates(public_id: str, error: str = "", status: int = 200) -> Response:
    with matchmaker().reading() as uow:
        event = service.load(uow, g.actor, public_id)
        require(g.actor, "event", "invite", event)
        found = query.candidates(uow, event.id, most=MOST_OF_A_SIDE, home_id=event.organisation_id)
        page = CandidatesPage(
            event=view_of(event),
            firms=tuple(one for one in found if one.side == "firm"),
            teams=tuple(one for one in found if one.side == "team"),
            chosen=event.tables * 2,
            error=error,
        )
    return render(page, status)


def _form(
    public_id: str, version: int, values: Mapping[str, str], filled: Filled, status: int = 200
) -> Response:
    return render(
        EventFormPage(public_id=public_id, version=version, values=values, filled=filled), status
    )
