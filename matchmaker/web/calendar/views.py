"""What is due for the reader: a month as table and list, and a feed for other calendars."""

from __future__ import annotations

import calendar as weeks_of
from datetime import date, timedelta
from typing import Final

from babel.dates import get_day_names
from flask import Blueprint, flash, g, redirect, request, url_for
from werkzeug.wrappers import Response

from matchmaker.domain.working_days import CHINA, day_of
from matchmaker.integrations.calendar_file import Event, write
from matchmaker.services import calendar as service
from matchmaker.store.queries.calendar import DueRow, due
from matchmaker.web.calendar.pages import CalendarPage, Day, Entry
from matchmaker.web.engagement.wording import next_text
from matchmaker.web.i18n import gettext as _
from matchmaker.web.i18n import locale, speaking
from matchmaker.web.meeting.views import calendar_answer
from matchmaker.web.pages import render
from matchmaker.web.platform import matchmaker
from matchmaker.web.security import limiter

blueprint = Blueprint("calendar", __name__, url_prefix="/calendar")
_BEHIND: Final = timedelta(days=31)
_AHEAD: Final = timedelta(days=183)
_PAGES: Final = {
    "meeting": "meeting.show",
    "answer": "introduction.show",
    "next": "engagement.show",
    "bid": "challenge.show",
    "scores": "challenge.tasks",
    "report": "challenge.bid",
    "event": "event.show",
    "invitation": "event.invitation",
}


@blueprint.get("/")
def show() -> Response:
    """A month."""
    return _page("")


@blueprint.post("/feed")
def make_feed() -> Response:
    """Make a new feed address, shown this once."""
    with matchmaker().unit_of_work() as uow:
        token = service.make_address(uow, g.actor)
    base = matchmaker().settings.base_url
    return _page(f"{base}{url_for('.feed', token=token)}")


@blueprint.post("/feed/end")
def end_feed() -> Response:
    """End the feed."""
    with matchmaker().unit_of_work() as uow:
        service.end_address(uow, g.actor)
    flash(_("The address works no longer."), "success")
    return redirect(url_for(".show"), code=303)


@blueprint.get("/feed/<token>.ics")
@limiter.limit("60 per minute")
def feed(token: str) -> Response:
    """Everything due, for a calendar program that holds the personal address."""
    with matchmaker().reading() as uow:
        reader, language = service.reader_of(uow, token)
        today = day_of(uow.now)
        rows = due(uow, reader, today - _BEHIND, today + _AHEAD)
        now = uow.now
    with speaking(language):
        text = write([_event(row) for row in rows], now)
    return calendar_answer(text, "matchmaker.ics")


def _event(row: DueRow) -> Event:
    base = matchmaker().settings.base_url
    return Event(
        uid=f"{row.kind}-{row.public_id}@matchmaker",
        summary=f"{_label(row)}：{row.title}",
        day=row.day,
        starts_at=row.starts_at,
        minutes_long=row.minutes_long,
        place=row.place,
        url=f"{base}{_address(row)}",
        sequence=row.version,
    )


def _page(feed_address: str) -> Response:
    with matchmaker().reading() as uow:
        today = day_of(uow.now)
        first = _month(request.args.get("month", ""), today)
        days = weeks_of.Calendar().monthdatescalendar(first.year, first.month)
        rows = due(uow, g.actor, days[0][0], days[-1][-1])
        has_feed = service.has_address(uow, g.actor)
    entries = tuple(_entry(row, today) for row in rows)
    language = "en" if locale() == "en" else "zh"
    names = get_day_names("abbreviated", "stand-alone", language)
    page = CalendarPage(
        month=f"{first:%Y-%m}",
        weeks=tuple(
            tuple(
                Day(
                    day=day,
                    inside=day.month == first.month,
                    today=day == today,
                    entries=tuple(one for one in entries if one.day == day),
                )
                for day in week
            )
            for week in days
        ),
        weekdays=tuple(names[number] for number in range(7)),
        entries=tuple(one for one in entries if one.day.month == first.month),
        previous=url_for(".show", month=f"{first - timedelta(days=1):%Y-%m}"),
        next=url_for(".show", month=f"{first + timedelta(days=31):%Y-%m}"),
        this_month=url_for(".show"),
        has_feed=has_feed,
        feed=feed_address,
    )
    return render(page)


def _entry(row: DueRow, today: date) -> Entry:
    at = row.starts_at.astimezone(CHINA) if row.starts_at else None
    return Entry(
        kind=row.kind,
        label=_label(row),
        title=row.title,
        href=_address(row),
        day=row.day,
        time=f"{at:%H:%M}" if at else "",
        starts_at=row.starts_at,
        own=row.own,
        overdue=row.day < today and row.state != "held",
    )


def _address(row: DueRow) -> str:
    if row.kind == "report":
        return url_for(_PAGES[row.kind], bid_id=row.public_id, _anchor="report")
    if row.kind == "invitation":
        return url_for(_PAGES[row.kind], party_id=row.public_id)
    return url_for(_PAGES[row.kind], public_id=row.public_id)


def _label(row: DueRow) -> str:
    known = {
        "meeting": _("Meeting"),
        "answer": _("Answer to an introduction"),
        "bid": _("Bids are taken until now"),
        "scores": _("Scores are due"),
        "report": _("The midterm report is due"),
        "event": _("Matchmaking event"),
        "invitation": _("Matchmaking event"),
    }
    return known.get(row.kind) or next_text(row.state, row.text)


def _month(written: str, today: date) -> date:
    """The first day of the month asked for, else of this one."""
    try:
        first = date.fromisoformat(f"{written}-01")
    except ValueError:
        first = today
    near = abs((first - today).days) < 366 * 10
    return (first if near else today).replace(day=1)
