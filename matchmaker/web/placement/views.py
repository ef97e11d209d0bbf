"""Placements to confirm: several at once, each with the chain that a person chooses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import Blueprint, flash, g, redirect, request, url_for
from werkzeug.wrappers import Response

from matchmaker.domain.permissions import require
from matchmaker.store.queries import placement as query
from matchmaker.store.queries.placement import PlacementRow
from matchmaker.web.i18n import gettext as _
from matchmaker.web.i18n import ngettext
from matchmaker.web.pages import Numbered, Tab, noun_tabs, render
from matchmaker.web.placement.pages import PlacementsPage
from matchmaker.web.platform import matchmaker
from matchmaker.web.record.forms import chain_choices

blueprint = Blueprint("placement", __name__, url_prefix="/placements")


@blueprint.get("/")
def listing() -> Response:
    """Placements of one noun: those still to confirm, or those decided."""
    require(g.actor, "placement", "review")
    noun = "demand" if request.args.get("noun") == "demand" else "outcome"
    decided = request.args.get("state") == "decided"
    pages = Numbered.from_request()
    with matchmaker().reading() as uow:
        counts = query.counts(uow, g.actor)
        if "noun" not in request.args and not counts["outcome", False]:
            noun = "demand" if counts["demand", False] else noun
        rows = query.listing(
            uow, g.actor, noun, decided=decided, limit=pages.size, offset=pages.offset
        )
        keys = [] if decided else [row.record_id for row in rows]
        texts = query.texts_of(uow, noun, keys)
    return render(
        PlacementsPage(
            noun=noun,
            decided=decided,
            tabs=_tabs(counts, noun, decided=decided),
            rows=rows,
            reasons=_reasons(rows, texts),
            groups=tuple(
                (label, tuple(chains)) for label, chains in chain_choices(matchmaker().plan).items()
            ),
            here=url_for(".decide", noun=noun),
            **pages.of(counts[noun, decided]),
        )
    )


@blueprint.post("/decide")
def decide() -> Response:
    """Confirm or correct the placements that were chosen."""
    from matchmaker.services import placement as service  # NumPy is loaded when it is needed

    choices = {
        public_id: request.form.get(f"chain-{public_id}", "")
        for public_id in request.form.getlist("chosen")
    }
    with matchmaker().unit_of_work() as uow:
        decided = service.decide(uow, g.actor, choices, matchmaker().plan)
    if decided:
        flash(ngettext("%(num)s record placed.", "%(num)s records placed.", decided), "success")
    if decided < len(choices):
        flash(_("Some had been decided by somebody else meanwhile; they were left alone."), "info")
    if not choices:
        flash(_("Choose the records first that you want to place."), "info")
    noun = "demand" if request.args.get("noun") == "demand" else "outcome"
    return redirect(url_for(".listing", noun=noun), code=303)


def _reasons(
    rows: Sequence[PlacementRow], texts: Mapping[int, tuple[str, str]]
) -> dict[str, tuple[str, ...]]:
    """By placement, the words that speak for the first proposal, of records with a text."""
    if not texts:
        return {}
    from matchmaker.services import placement as service  # NumPy is loaded when it is needed

    asked = [(*texts[row.record_id], row.proposed[0][0]) for row in rows]
    told = service.reasons(matchmaker().plan, asked)
    return {row.public_id: words for row, words in zip(rows, told, strict=True)}


def _tabs(counts: Mapping[tuple[str, bool], int], noun: str, *, decided: bool) -> tuple[Tab, ...]:
    labels = {
        ("demand", False): _("Demands to place"),
        ("outcome", False): _("Outcomes to place"),
        ("demand", True): _("Demands, decided"),
        ("outcome", True): _("Outcomes, decided"),
    }
    return noun_tabs(labels, lambda one, over: counts.get((one, over), 0), (noun, decided))
