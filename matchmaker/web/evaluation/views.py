"""The evaluation: the latest figures of the engine, and those before."""

from __future__ import annotations

from flask import Blueprint, g
from werkzeug.wrappers import Response

from matchmaker.domain.errors import NotFound
from matchmaker.domain.permissions import require
from matchmaker.store.queries import evaluation as query
from matchmaker.web.evaluation.pages import EvaluationPage
from matchmaker.web.evaluation.wording import history_line, shown
from matchmaker.web.pages import Numbered, render
from matchmaker.web.platform import matchmaker

blueprint = Blueprint("evaluation", __name__, url_prefix="/evaluation")


@blueprint.get("/")
def latest() -> Response:
    """The latest evaluation."""
    return _page("")


@blueprint.get("/<public_id>")
def show(public_id: str) -> Response:
    """A kept evaluation."""
    return _page(public_id)


def _page(public_id: str) -> Response:
    require(g.actor, "evaluation", "view")
    pages = Numbered.from_request()
    with matchmaker().reading() as uow:
        if public_id:
            chosen = query.evaluation(uow, public_id)
        else:
            newest, _total = query.evaluations(uow, limit=1)
            chosen = newest[0] if newest else None
        rows, total = query.evaluations(uow, limit=pages.size, offset=pages.offset)
    if public_id and chosen is None:
        msg = "There is no such evaluation."
        raise NotFound(msg)
    return render(
        EvaluationPage(
            shown=shown(chosen) if chosen else None,
            history=tuple(history_line(row, chosen.public_id if chosen else "") for row in rows),
            **pages.of(total),
        )
    )
