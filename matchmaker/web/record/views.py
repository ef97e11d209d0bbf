"""What waits for a reviewer, of both nouns on one page."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, abort, g
from werkzeug.wrappers import Response

from matchmaker.domain.permissions import Relation, rule_of
from matchmaker.store.queries import record as query
from matchmaker.web.pages import render
from matchmaker.web.platform import matchmaker
from matchmaker.web.record.pages import WaitingPage

blueprint = Blueprint("record", __name__)

_SHOWN: Final = 50


@blueprint.get("/to-review")
def waiting() -> Response:
    """The records that wait for this reviewer."""
    reviews = rule_of("demand", "publish").who | rule_of("outcome", "approve").who
    if not g.actor.manager and Relation(g.actor.role) not in reviews:
        abort(403)
    with matchmaker().reading() as uow:
        page = WaitingPage(
            demands=query.waiting(uow, g.actor, "demand", limit=_SHOWN),
            outcomes=query.waiting(uow, g.actor, "outcome", limit=_SHOWN),
        )
    return render(page)
