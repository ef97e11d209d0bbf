"""The audit: who did what, when, and what changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask import Blueprint, g, request
from werkzeug.wrappers import Response

from matchmaker.domain.permissions import require
from matchmaker.store.queries import audit as query
from matchmaker.store.queries import audit_chain
from matchmaker.web.audit.chain import chain
from matchmaker.web.audit.pages import AuditPage, Option
from matchmaker.web.audit.wording import action_text, line, noun_text
from matchmaker.web.catalogue.address import read_query
from matchmaker.web.local_time import read_day
from matchmaker.web.pages import Numbered, render
from matchmaker.web.platform import matchmaker

blueprint = Blueprint("audit", __name__, url_prefix="/audit")


@blueprint.get("/")
def listing() -> Response:
    """Events, the latest first."""
    require(g.actor, "audit", "view")
    person = read_query(request.args.get("person", ""))[:100]
    # Whatever is no day filters nothing.
    since, until = (read_day(request.args.get(name, "")) for name in ("since", "until"))
    pages = Numbered.from_request()
    with matchmaker().reading() as uow:
        nouns, actions = query.kinds(uow)
        noun, action = _one_of("noun", nouns), _one_of("action", actions)
        filters = query.EventFilters(
            noun=noun, action=action, person=person, since=_start(since), until=_end(until)
        )
        rows, total = query.events(uow, g.actor, filters, limit=pages.size, offset=pages.offset)
        state = audit_chain.state(uow)
    return render(
        AuditPage(
            chain=chain(state),
            rows=tuple(line(row) for row in rows),
            total=total,
            nouns=_options(nouns, noun_text, noun),
            actions=_options(actions, action_text, action),
            person=person,
            since=since.isoformat() if since else "",
            until=until.isoformat() if until else "",
            **pages.of(total),
        )
    )


def _one_of(name: str, known: tuple[str, ...]) -> str:
    """A filter of the address, empty unless it occurs."""
    value = request.args.get(name, "")
    return value if value in known else ""


def _options(codes: Iterable[str], label: Callable[[str], str], current: str) -> tuple[Option, ...]:
    return tuple(Option(code, label(code), code == current) for code in codes)


def _start(day: date | None) -> datetime | None:
    """When a day begins in the platform's zone, in UTC."""
    if day is None or not date(1900, 1, 1) < day < date(9000, 1, 1):
        return None
    zone = ZoneInfo(matchmaker().settings.timezone)
    return datetime.combine(day, time(), zone).astimezone(UTC)


def _end(day: date | None) -> datetime | None:
    """When the next day begins."""
    start = _start(day)
    return None if start is None else start + timedelta(days=1)
