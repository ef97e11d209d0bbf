"""An agency's desk, for who manages it."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from flask import Blueprint, g
from werkzeug.wrappers import Response

from matchmaker.services import agency as service
from matchmaker.store.queries import agency as query
from matchmaker.store.queries.agency import BrokerRow
from matchmaker.web.agency.pages import AgencyDeskPage, AgencySums
from matchmaker.web.pages import render
from matchmaker.web.platform import matchmaker

blueprint = Blueprint("agency", __name__, url_prefix="/agency")
_NONE: Final = Decimal(0)
_OVERDUE_SHOWN: Final = 50


@blueprint.get("/")
def desk() -> Response:
    """The agency's brokers."""
    with matchmaker().reading() as uow:
        home = service.own(uow, g.actor)
        rows = query.brokers(uow, g.actor)
        page = AgencyDeskPage(
            name=home.name,
            public_id=home.public_id,
            rows=rows,
            sums=_sums(rows),
            overdue=query.overdue(uow, g.actor, limit=_OVERDUE_SHOWN),
        )
    return render(page)


def _sums(rows: tuple[BrokerRow, ...]) -> AgencySums:
    return AgencySums(
        queue=sum(row.queue for row in rows),
        queue_overdue=sum(row.queue_overdue for row in rows),
        asked=sum((row.asked for row in rows), _NONE),
        talking=sum((row.talking for row in rows), _NONE),
        talks_overdue=sum((row.talks_overdue for row in rows), _NONE),
        contracts=sum((row.contracts for row in rows), _NONE),
        amount=sum((row.amount for row in rows), _NONE),
    )
