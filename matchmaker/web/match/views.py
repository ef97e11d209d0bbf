"""One suggested pair, and the suggestions of one's own records."""

from __future__ import annotations

from flask import Blueprint, g, make_response, request, url_for
from werkzeug.wrappers import Response

from matchmaker.domain.errors import NotFound
from matchmaker.domain.question import SIDES
from matchmaker.domain.vocabulary import MATCH_STATES
from matchmaker.integrations.pdf import draw
from matchmaker.store.queries import match as query
from matchmaker.store.queries import match_review
from matchmaker.web.i18n import gettext as _
from matchmaker.web.i18n import term
from matchmaker.web.match.brief import brief as brief_of
from matchmaker.web.match.brief import may_print
from matchmaker.web.match.pages import MatchPage, OwnMatchesPage
from matchmaker.web.match.pair import pair_of
from matchmaker.web.pages import Numbered, Tab, render
from matchmaker.web.platform import matchmaker
from matchmaker.web.record.own_search import own_text

blueprint = Blueprint("match", __name__, url_prefix="/matches")


@blueprint.get("/<public_id>")
def show(public_id: str) -> Response:
    """One pair, for its two parties and for reviewers."""
    with matchmaker().reading() as uow:
        stored = match_review.one(uow, g.actor, public_id)
        if stored is None:
            msg = "There is no such match, or none that you may see."
            raise NotFound(msg)
        page = MatchPage(
            pair=pair_of(uow, g.actor, stored),
            reviews=g.actor.role == "broker",
            briefs=tuple(one for one in SIDES if may_print(g.actor, stored, one)),
        )
    return render(page)


@blueprint.get("/<public_id>/brief-<any(demand,outcome):side>.pdf")
def brief(public_id: str, side: str) -> Response:
    """One page to print for one side of a pair; the address and the file name tell nothing."""
    with matchmaker().reading() as uow:
        stored = match_review.one(uow, g.actor, public_id)
        if stored is None or not may_print(g.actor, stored, side):
            msg = "There is no such match, or none that you may see."
            raise NotFound(msg)
        document = brief_of(stored, side, uow.now)
    response = make_response(draw(document))
    response.mimetype = "application/pdf"
    response.headers["Content-Disposition"] = f'inline; filename="brief-{side}-{public_id}.pdf"'
    return response


@blueprint.get("/mine")
def mine() -> Response:
    """The suggestions of one's own records, by state."""
    state = request.args.get("state", "")
    state = state if state in MATCH_STATES else ""
    text = own_text()
    pages = Numbered.from_request()
    with matchmaker().reading() as uow:
        found = query.own_suggestions(
            uow, g.actor, state=state or None, limit=pages.size, offset=pages.offset, text=text
        )
    tabs = [
        Tab(
            label=_("All"),
            href=url_for(".mine", text=text or None),
            count=sum(found.by_state.values()),
            current=not state,
        )
    ]
    tabs += [
        Tab(
            label=term(code, "match_state"),
            href=url_for(".mine", state=code, text=text or None),
            count=found.by_state.get(code, 0),
            current=code == state,
        )
        for code in MATCH_STATES
    ]
    side = "outcome" if g.actor.role == "company" else "demand"
    return render(
        OwnMatchesPage(
            side=side,
            rows=found.rows,
            tabs=tuple(tabs),
            text=text,
            state=state,
            **pages.of(found.total),
        )
    )
