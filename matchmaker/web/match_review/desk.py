"""Putting the desk together from queries: nothing is decided here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final
from urllib.parse import parse_qsl, urlencode

from flask import url_for

from matchmaker.domain.permissions import Actor
from matchmaker.domain.vocabulary import REASONS
from matchmaker.services.similar_decision import similar
from matchmaker.store.database import UnitOfWork
from matchmaker.store.match import Match
from matchmaker.store.organisation import User
from matchmaker.store.queries import introduction
from matchmaker.store.queries import match_review as query
from matchmaker.store.queries import question as question_query
from matchmaker.store.queries.match_review import Queue, QueueRow
from matchmaker.store.queries.review_queue import OPEN_VIEWS, VIEWS, QueueFilters
from matchmaker.web.catalogue.address import read_query
from matchmaker.web.i18n import gettext as _
from matchmaker.web.i18n import locale
from matchmaker.web.match.pair import pair_of
from matchmaker.web.match_review.clocks import Clock, clock_of
from matchmaker.web.match_review.forms import BulkForm, DecisionForm, QuestionForm
from matchmaker.web.match_review.pages import Choice, DeskPage, Holding, Place, Tab
from matchmaker.web.platform import matchmaker

_WINDOW: Final = 40
# One key a reason: digits, then letters that no other key of the desk uses.
REASON_KEYS: Final = "1234567890qwertyio"
_LONGEST_SEARCH: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What was sent and could not be done: the forms as they were filled, and why.

    ``wrong`` names the part of the page that is to stand open.
    """

    form: DecisionForm = field(default_factory=DecisionForm)
    question: QuestionForm = field(default_factory=QuestionForm)
    bulk: BulkForm = field(default_factory=BulkForm)
    error: str = ""
    wrong: str = ""


def filters_from(values: Mapping[str, str], actor: Actor) -> QueueFilters:
    """The filters of an address; whatever is not known asks for nothing.

    An address that names no view is left without one: see :func:`with_view`.
    """
    plan = matchmaker().plan
    packed = values.get("queue")
    if packed is not None:
        values = dict(parse_qsl(packed[:1_000]))
    view, level = values.get("view", ""), values.get("level", "")
    cluster, region = values.get("cluster", ""), values.get("region", "")
    return QueueFilters(
        view=view if view in VIEWS else "",
        cluster=cluster if any(one.code == cluster for one in plan.clusters) else "",
        level=int(level) if level in {"1", "2", "3"} else None,
        region=region if region in plan.region_by_code else "",
        text=read_query(values.get("text", ""))[:_LONGEST_SEARCH],
        mine=actor.user_id if values.get("mine") else None,
        reader=actor,
    )


def with_view(uow: UnitOfWork, filters: QueueFilters) -> QueueFilters:
    """The filters with a view: one's own queue if anything stands in it, else all that is open."""
    if filters.view:
        return filters
    own = query.count_own(uow, filters.reader)
    return replace(filters, view="mine" if own else "open")


def queue_string(filters: QueueFilters, **changes: str) -> str:
    """The filters as the query part of an address."""
    values = {
        "view": filters.view,
        "cluster": filters.cluster,
        "level": str(filters.level or ""),
        "region": filters.region,
        "text": filters.text,
        "mine": "1" if filters.mine else "",
    } | changes
    return urlencode({name: value for name, value in values.items() if value})


def desk_page(
    uow: UnitOfWork, actor: Actor, filters: QueueFilters, public_id: str | None, sent: Sent
) -> DeskPage:
    """The desk with a pair, or with the first of the queue."""
    filters = with_view(uow, filters)
    if public_id is None:
        window = query.queue(uow, filters, limit=_WINDOW)
        public_id = window.rows[0].public_id if window.rows else None
    else:
        window = query.around(uow, filters, public_id, limit=_WINDOW)
    match = query.one(uow, actor, public_id) if public_id else None
    rows = _with_shown(uow, window, public_id if match else None)
    plan, language = matchmaker().plan, locale()
    return DeskPage(
        pair=pair_of(uow, actor, match) if match else None,
        holding=_holding(uow, actor, match) if match else None,
        place=_place(filters, window, public_id),
        rows=rows,
        links={row.public_id: _address(filters, row.public_id) or "" for row in rows},
        clocks={row.public_id: clock for row in rows if (clock := _clock(uow, row)) is not None},
        tabs=_tabs(filters, window.by_view),
        filters=filters,
        clusters=tuple(
            Choice(code=one.code, label=one.text(language), chosen=one.code == filters.cluster)
            for one in plan.clusters
        ),
        regions=tuple(
            Choice(code=one.code, label=one.text(language), chosen=one.code == filters.region)
            for one in plan.regions
        ),
        queue=queue_string(filters),
        form=sent.form,
        question=sent.question,
        bulk=sent.bulk,
        reasons=tuple(
            (code, term.text(language), key)
            for (code, term), key in zip(REASONS.items(), REASON_KEYS, strict=False)
        ),
        revocable=query.revocable(uow, actor),
        asked=introduction.of_match(uow, actor, match.public_id) if match else None,
        day=query.day(uow, actor.user_id or 0, left=_left(uow, filters, window.by_view)),
        error=sent.error,
        wrong=sent.wrong,
    )


def _left(uow: UnitOfWork, filters: QueueFilters, counts: Mapping[str, int]) -> int:
    """How much stands in one's own queue, whatever part of it is looked at."""
    whole = QueueFilters(view=filters.view, reader=filters.reader)
    return counts["mine"] if filters == whole else query.count_own(uow, filters.reader)


def _with_shown(uow: UnitOfWork, window: Queue, public_id: str | None) -> tuple[QueueRow, ...]:
    """The window's lines; the shown pair stands first where it has left the queue."""
    if public_id is None or any(row.public_id == public_id for row in window.rows):
        return window.rows
    shown = query.line_of(uow, public_id)
    return (shown, *window.rows) if shown else window.rows


def _place(filters: QueueFilters, window: Queue, public_id: str | None) -> Place:
    """Where the pair stands; the queue's first follows one that stands nowhere."""
    ids = [row.public_id for row in window.rows]
    if public_id not in ids:
        first = _address(filters, ids[0]) if ids else None
        return Place(number=0, total=window.total, previous=None, next=first)
    at = ids.index(public_id)
    return Place(
        number=window.rows[at].place,
        total=window.total,
        previous=_address(filters, ids[at - 1]) if at else None,
        next=_address(filters, ids[at + 1]) if at + 1 < len(ids) else None,
    )


def _holding(uow: UnitOfWork, actor: Actor, match: Match) -> Holding:
    """In whose hands the pair is, with questions and similar decisions."""
    holder = uow.session.get(User, match.assigned_to) if match.assigned_to else None
    due = match.due_at if match.state in {"suggested", "snoozed"} else None
    return Holding(
        name=holder.name if holder else None,
        own=match.assigned_to is not None and match.assigned_to == actor.user_id,
        clock=clock_of(matchmaker().calendar, uow.now, due),
        left_because=match.unassigned_because,
        questions=question_query.of_match(uow, actor, match.id),
        similar=similar(uow, actor, match, matchmaker().engine_at_hand()),
    )


def _clock(uow: UnitOfWork, row: QueueRow) -> Clock | None:
    """The clock of a line that is still to decide."""
    due = row.due_at if row.state in {"suggested", "snoozed"} else None
    return clock_of(matchmaker().calendar, uow.now, due)


def _address(filters: QueueFilters, public_id: str | None) -> str | None:
    if public_id is None:
        return None
    address = url_for("match_review.show", public_id=public_id)
    return f"{address}?{queue_string(filters)}"


def _tabs(filters: QueueFilters, counts: Mapping[str, int]) -> tuple[Tab, ...]:
    labels = {
        "mine": _("My queue"),
        "pool": _("Pool"),
        "open": _("All to decide"),
        "waiting": _("Waiting for an answer"),
        "snoozed": _("Snoozed"),
        "accepted": _("Accepted"),
        "dismissed": _("Dismissed"),
    }
    address = url_for("match_review.queue")
    return tuple(
        Tab(
            code=view,
            label=labels[view],
            # What others decide is no filter of what is still to decide.
            href=f"{address}?{queue_string(filters, view=view, **_without_mine(view))}",
            count=counts[view],
            current=view == filters.view,
        )
        for view in labels
    )


def _without_mine(view: str) -> dict[str, str]:
    return {"mine": ""} if view in OPEN_VIEWS else {}
