"""Records that are nearly the same, for those who decide about them."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, flash, g, redirect, request, url_for
from werkzeug.wrappers import Response

from matchmaker.domain.permissions import Bare, available_actions, may, require
from matchmaker.store.queries import duplicate as query
from matchmaker.web.duplicate.comparison import parts
from matchmaker.web.duplicate.pages import ComparisonPage, DuplicatesPage
from matchmaker.web.i18n import gettext as _
from matchmaker.web.pages import Numbered, Tab, noun_tabs, render
from matchmaker.web.platform import matchmaker
from matchmaker.web.record.view import view_of

blueprint = Blueprint("duplicate", __name__, url_prefix="/duplicates")


@blueprint.get("/")
def listing() -> Response:
    """Pairs of one noun: those still open, or those decided."""
    require(g.actor, "duplicate", "review")
    noun = "outcome" if request.args.get("noun") == "outcome" else "demand"
    decided = request.args.get("state") == "decided"
    pages = Numbered.from_request()
    with matchmaker().reading() as uow:
        counts = query.counts(uow, g.actor)
        if "noun" not in request.args and not counts.get(("demand", "open")):
            noun = "outcome" if counts.get(("outcome", "open")) else noun
        rows = query.listing(
            uow, g.actor, noun, decided=decided, limit=pages.size, offset=pages.offset
        )
    total = _total(counts, noun, decided=decided)
    return render(
        DuplicatesPage(
            noun=noun,
            decided=decided,
            tabs=_tabs(counts, noun, decided=decided),
            rows=rows,
            **pages.of(total),
        )
    )


@blueprint.get("/<noun>/<first>/<second>")
def compare(noun: str, first: str, second: str) -> Response:
    """Two records side by side, for whoever may see both."""
    from matchmaker.services import duplicate as service  # NumPy is loaded when it is needed

    plan = matchmaker().plan
    with matchmaker().reading() as uow:
        one, other = service.both(uow, g.actor, noun, first, second)
        likeness = service.likeness_of(one, other)
        reviews = may(g.actor, "duplicate", "review")
        pair = query.between(uow, g.actor, noun, one.id, other.id) if reviews else None
        decided_on = pair or Bare(state="open" if likeness is not None else None)
        left, right = view_of(g.actor, one, plan), view_of(g.actor, other, plan)
    compared = parts(left, right)
    return render(
        ComparisonPage(
            first=left,
            second=right,
            parts=compared,
            differing=sum(part.differs for part in compared),
            likeness=likeness,
            pair=pair,
            actions=available_actions(g.actor, "duplicate", decided_on),
            reviews=reviews,
        )
    )


@blueprint.post("/<noun>/<first>/<second>/separate")
def separate(noun: str, first: str, second: str) -> Response:
    """Decide that the two are different records."""
    from matchmaker.services import duplicate as service

    with matchmaker().unit_of_work() as uow:
        service.separate(uow, g.actor, noun, first=first, second=second)
    flash(_("Recorded: these are different records."), "success")
    return redirect(url_for(".listing", noun=noun), code=303)


@blueprint.post("/<noun>/<first>/<second>/equate")
def equate(noun: str, first: str, second: str) -> Response:
    """Decide that the two are one record; both stay until one of them is withdrawn."""
    from matchmaker.services import duplicate as service

    with matchmaker().unit_of_work() as uow:
        service.equate(uow, g.actor, noun, first=first, second=second)
    flash(_("Recorded: the same record. Nothing was merged or deleted."), "success")
    return redirect(url_for(".compare", noun=noun, first=first, second=second), code=303)


def _tabs(counts: Mapping[tuple[str, str], int], noun: str, *, decided: bool) -> tuple[Tab, ...]:
    labels = {
        ("demand", False): _("Demands, open"),
        ("outcome", False): _("Outcomes, open"),
        ("demand", True): _("Demands, decided"),
        ("outcome", True): _("Outcomes, decided"),
    }
    return noun_tabs(labels, lambda one, over: _total(counts, one, decided=over), (noun, decided))


def _total(counts: Mapping[tuple[str, str], int], noun: str, *, decided: bool) -> int:
    states = ("different", "same") if decided else ("open",)
    return sum(counts.get((noun, state), 0) for state in states)
