"""The audit: who did what, when, and what changed."""

from __future__ import annotations

from flask import Blueprint, g, request
from werkzeug.wrappers import Response

from matchmaker.domain.permissions import require
from matchmaker.store.queries import audit as query
from matchmaker.web.audit.pages import AuditPage
from matchmaker.web.pages import Numbered, render
from matchmaker.web.platform import matchmaker

blueprint = Blueprint("audit", __name__, url_prefix="/audit")


@blueprint.get("/")
def listing() -> Response:
    """Events, the latest first."""
    require(g.actor, "audit", "view")
    noun, action = request.args.get("noun", "")[:40], request.args.get("action", "")[:40]
    pages = Numbered.from_request()
    with matchmaker().reading() as uow:
        nouns, actions = query.kinds(uow)
        noun, action = noun if noun in nouns else "", action if action in actions else ""
        rows, total = query.events(
            uow, noun=noun, action=action, limit=pages.size, offset=pages.offset
        )
    return render(
        AuditPage(
            rows=rows,
            total=total,
            noun=noun,
            action=action,
            nouns=nouns,
            actions=actions,
            **pages.of(total),
        )
    )
