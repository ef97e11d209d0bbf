"""Putting the desk together from queries: nothing is decided here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qsl, urlencode

from flask import url_for
from flask_babel import gettext as _

from matchmaker.domain.permissions import Actor
from matchmaker.domain.vocabulary import REASONS
from matchmaker.store.database import UnitOfWork
from matchmaker.store.queries import introduction
from matchmaker.store.queries import match_review as query
from matchmaker.store.queries.match_review import VIEWS, QueueFilters
from matchmaker.web.i18n import locale
from matchmaker.web.match.pair import pair_of
from matchmaker.web.match_review.forms import DecisionForm
from matchmaker.web.match_review.pages import Choice, DeskPage, Place, Tab
from matchmaker.web.platform import matchmaker

_WINDOW: Final = 60
# One key a reason: digits, then letters that no other key of the desk uses.
REASON_KEYS: Final = "1234567890qwertyio"
_LONGEST_SEARCH: Final = 100


def filters_from(values: Mapping[str, str], actor: Actor) -> QueueFilters:
    """The filters of an address; whatever is not known asks for nothing."""
    plan = matchmaker().plan
    packed = values.get("queue")
    if packed is not None:
        values = dict(parse_qsl(packed[:1_000]))
    view, level = values.get("view", "open"), values.get("level", "")
    cluster, region = values.get("cluster", ""), values.get("region", "")
    return QueueFilters(
        view=view if view in VIEWS else "open",
        cluster=cluster if any(one.code == cluster for one in plan.clusters) else "",
        level=int(level) if level in {"1", "2", "3"} else None,
        region=region if region in plan.region_by_code else "",
        text=" ".join(values.get("text", "").replace("\0", "").split())[:_LONGEST_SEARCH],
        mine=actor.user_id if values.get("mine") else None,
    )


def queue_string(filters: QueueFilters, **changes: str) -> str:
    """The filters as the query part of an address."""
    values = {
        "view": filters.view if filters.view != "open" else "",
        "cluster": filters.cluster,
        "level": str(filters.level or ""),
        "region": filters.region,
        "text": filters.text,
        "mine": "1" if filters.mine else "",
    } | changes
    return urlencode({name: value for name, value in values.items() if value})


def desk_page(
    uow: UnitOfWork,
    actor: Actor,
    filters: QueueFilters,
    public_id: str | None,
    form: DecisionForm,
    error: str,
) -> DeskPage:
    """The desk with a pair, or with the first of the queue."""
    window = query.queue(uow, filters, limit=_WINDOW)
    shown = public_id or (window.rows[0].public_id if window.rows else None)
    match = query.one(uow, shown) if shown else None
    before, after, number = query.neighbours(uow, filters, shown or "")
    plan, language = matchmaker().plan, locale()
    return DeskPage(
        pair=pair_of(uow, actor, match) if match else None,
        place=Place(
            number=number,
            total=window.total,
            previous=_address(filters, before),
            next=_address(filters, after),
        ),
        rows=window.rows,
        links={row.public_id: _address(filters, row.public_id) or "" for row in window.rows},
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
        form=form,
        reasons=tuple(
            (code, term.text(language), key)
            for (code, term), key in zip(REASONS.items(), REASON_KEYS, strict=False)
        ),
        revocable=query.revocable(uow, actor.user_id) if actor.user_id else None,
        error=error,
        asked=introduction.of_match(uow, actor, match.public_id) if match else None,
    )


def _address(filters: QueueFilters, public_id: str | None) -> str | None:
    if public_id is None:
        return None
    packed = queue_string(filters)
    address = url_for("match_review.show", public_id=public_id)
    return f"{address}?{packed}" if packed else address


def _tabs(filters: QueueFilters, counts: Mapping[str, int]) -> tuple[Tab, ...]:
    labels = {
        "open": _("To decide"),
        "snoozed": _("Snoozed"),
        "accepted": _("Accepted"),
        "dismissed": _("Dismissed"),
    }
    address = url_for("match_review.queue")
    return tuple(
        Tab(
            code=view,
            label=labels[view],
            href=f"{address}?{queue_string(filters, view=view)}",
            count=counts[view],
            current=view == filters.view,
        )
        for view in labels
    )
