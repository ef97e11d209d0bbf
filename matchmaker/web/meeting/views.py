"""Planning meetings, writing minutes, taking a meeting into one's own calendar."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from flask import Blueprint, flash, g, make_response, redirect, request, url_for
from werkzeug.wrappers import Response

from matchmaker.domain.errors import Invalid
from matchmaker.domain.permissions import available_actions
from matchmaker.domain.working_days import day_of
from matchmaker.integrations.calendar_file import Event, write
from matchmaker.services import engagement as engagement_service
from matchmaker.services import meeting as service
from matchmaker.store.database import UnitOfWork
from matchmaker.store.queries.engagement import meeting_row
from matchmaker.web.engagement.problems import EMPTY, Filled, refused
from matchmaker.web.i18n import gettext as _
from matchmaker.web.local_time import read_local, write_local
from matchmaker.web.meeting.pages import MeetingPage, NewMeetingPage
from matchmaker.web.pages import render
from matchmaker.web.platform import matchmaker
from matchmaker.web.version import version_from_form

blueprint = Blueprint("meeting", __name__, url_prefix="/meetings")
_USUAL_HOUR: Final = 10
_USUAL_DAYS: Final = 3


@blueprint.get("/engagements/<public_id>/new")
def new(public_id: str) -> Response:
    """A meeting to be planned."""
    return _new_page(public_id, EMPTY)


@blueprint.post("/engagements/<public_id>/new")
def plan(public_id: str) -> Response:
    """Plan it."""
    try:
        with matchmaker().unit_of_work() as uow:
            made = service.plan(
                uow,
                g.actor,
                engagement_id=public_id,
                plan=_plan(),
                base_url=matchmaker().settings.base_url,
            )
    except Invalid as error:
        return _new_page(public_id, refused("meeting", error), 422)
    flash(_("Planned; the other parties are told."), "success")
    return redirect(url_for(".show", public_id=made.public_id), code=303)


@blueprint.get("/<public_id>")
def show(public_id: str) -> Response:
    """One meeting."""
    return _page(public_id, EMPTY)


@blueprint.post("/<public_id>/move")
def move(public_id: str) -> Response:
    """Change a planned meeting."""
    return _change(
        public_id,
        "meeting",
        lambda uow: service.move(
            uow,
            g.actor,
            meeting_id=public_id,
            plan=_plan(),
            version=version_from_form(),
            base_url=matchmaker().settings.base_url,
        ),
        _("Saved."),
    )


@blueprint.post("/<public_id>/hold")
def hold(public_id: str) -> Response:
    """Write the minutes."""
    return _change(
        public_id,
        "hold",
        lambda uow: service.hold(
            uow,
            g.actor,
            meeting_id=public_id,
            minutes=request.form.get("minutes", ""),
            base_url=matchmaker().settings.base_url,
        ),
        _("The minutes are kept; the other parties are told."),
    )


@blueprint.post("/<public_id>/cancel")
def cancel(public_id: str) -> Response:
    """Cancel a meeting."""
    return _change(
        public_id,
        "cancel",
        lambda uow: service.cancel(
            uow,
            g.actor,
            meeting_id=public_id,
            note=request.form.get("note", ""),
            base_url=matchmaker().settings.base_url,
        ),
        _("Cancelled; the other parties are told."),
    )


@blueprint.get("/<public_id>/meeting.ics")
def file(public_id: str) -> Response:
    """The meeting for one's own calendar."""
    with matchmaker().reading() as uow:
        found = service.load(uow, g.actor, public_id)
        text = write(
            [
                Event(
                    uid=f"meeting-{found.public_id}@matchmaker",
                    summary=_("Meeting: %(title)s", title=found.engagement.demand.title),
                    day=day_of(found.starts_at),
                    starts_at=found.starts_at,
                    minutes_long=found.minutes_long,
                    place=found.place,
                    description=found.agenda,
                    url=f"{matchmaker().settings.base_url}{url_for('.show', public_id=public_id)}",
                    sequence=found.version,
                    cancelled=found.state == "cancelled",
                )
            ],
            uow.now,
        )
    return calendar_answer(text, "meeting.ics")


def calendar_answer(text: str, name: str) -> Response:
    """A calendar file, not to be kept by caches."""
    response = make_response(text)
    response.headers["Content-Type"] = "text/calendar; charset=utf-8"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _change(
    public_id: str, form: str, change: Callable[[UnitOfWork], object], done: str
) -> Response:
    try:
        with matchmaker().unit_of_work() as uow:
            change(uow)
    except Invalid as error:
        return _page(public_id, refused(form, error), 422)
    flash(done, "success")
    return redirect(url_for(".show", public_id=public_id), code=303)


def _plan() -> service.Plan:
    """The meeting of a form; ``Invalid`` where time or length cannot be read."""
    try:
        starts_at = read_local(request.form.get("starts_at", ""))
    except (ValueError, OverflowError) as error:
        msg = "Write a date and a time."
        raise Invalid(msg, {"starts_at": "no_time"}) from error
    length = request.form.get("minutes_long", "")
    if not (length.isascii() and length.isdigit() and len(length) < 6):  # noqa: PLR2004 - no meeting takes 70 days
        msg = "Write a number of minutes."
        raise Invalid(msg, {"minutes_long": "no_number"})
    return service.Plan(
        starts_at=starts_at,
        minutes_long=int(length),
        place=request.form.get("place", ""),
        participants=request.form.get("participants", ""),
        agenda=request.form.get("agenda", ""),
    )


def _new_page(public_id: str, filled: Filled, status: int = 200) -> Response:
    with matchmaker().reading() as uow:
        engagement = engagement_service.load(uow, g.actor, public_id)
        usual = (
            matchmaker()
            .calendar.last_second(uow.now, _USUAL_DAYS)
            .replace(hour=_USUAL_HOUR, minute=0)
        )
        page = NewMeetingPage(
            title=engagement.demand.title,
            public_id=public_id,
            engagement_href=url_for("engagement.show", public_id=public_id),
            start=write_local(usual),
            filled=filled,
        )
    return render(page, status)


def _page(public_id: str, filled: Filled, status: int = 200) -> Response:
    with matchmaker().reading() as uow:
        found = service.load(uow, g.actor, public_id)
        page = MeetingPage(
            meeting=meeting_row(found),
            version=found.version,
            title=found.engagement.demand.title,
            engagement_href=url_for("engagement.show", public_id=found.engagement.public_id),
            actions=frozenset(available_actions(g.actor, "meeting", found)),
            begun=found.starts_at <= uow.now,
            start=write_local(found.starts_at),
            filled=filled,
        )
    return render(page, status)
