"""A broker's own record: what they did, month by month, on a page and as a table."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from flask import Blueprint, g
from werkzeug.wrappers import Response

from matchmaker.domain.permissions import require
from matchmaker.domain.response import middle, usual
from matchmaker.domain.work_record import LINES, MONTHS, counted, month_of, months_until
from matchmaker.integrations.csv_file import MARK, csv_text
from matchmaker.store.queries import response as response_query
from matchmaker.store.queries import work_record as query
from matchmaker.web.i18n import gettext as _
from matchmaker.web.pages import render
from matchmaker.web.platform import matchmaker
from matchmaker.web.response import response_text
from matchmaker.web.work_record.pages import RecordLine, WorkRecordPage
from matchmaker.web.work_record.wording import line_text

_NONE: Final = Decimal(0)
blueprint = Blueprint("work_record", __name__, url_prefix="/my-record")


@blueprint.get("/")
def show() -> Response:
    """The record, to read and to print."""
    return render(_page())


@blueprint.get("/table.csv")
def table() -> Response:
    """The record for a spreadsheet."""
    page = _page()
    headings = [_("Month"), *(line.label for line in page.lines), _("Usual response")]
    rows = (
        [month, *(line.counts[place] for line in page.lines), page.responses[place]]
        for place, month in enumerate(page.months)
    )
    return Response(
        MARK + csv_text([headings, *rows]),
        mimetype="text/csv",
        headers={"Content-Disposition": "attachment; filename=my-record.csv"},
    )


def _page() -> WorkRecordPage:
    require(g.actor, "work_record", "view")
    zone = ZoneInfo(matchmaker().settings.timezone)
    with matchmaker().reading() as uow:
        now = uow.now
        since = now - timedelta(days=31 * MONTHS)
        counts = counted(query.deeds(uow, g.actor.user_id, since), zone)
        answers = response_query.of_person(uow, g.actor.user_id, since)
    months = months_until(now, zone)
    by_month: dict[str, list[timedelta]] = defaultdict(list)
    for at, taken in answers:
        by_month[month_of(at, zone)].append(taken)
    lines = []
    for line in LINES:
        numbers = tuple(max(_NONE, counts.get((line.code, month), _NONE)) for month in months)
        lines.append(
            RecordLine(label=line_text(line.code), counts=numbers, total=sum(numbers, _NONE))
        )
    return WorkRecordPage(
        name=g.signed_in.name,
        organisation_name=g.signed_in.organisation_name,
        months=months,
        lines=tuple(lines),
        responses=tuple(
            response_text(middle(by_month[month])) if by_month[month] else "" for month in months
        ),
        response=response_text(usual([taken for _at, taken in answers])),
        made_at=now,
    )
