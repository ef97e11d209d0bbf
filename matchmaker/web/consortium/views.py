"""A consortium for a demand, and the way from its members to introductions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from flask import Blueprint, flash, g, redirect, url_for
from werkzeug.wrappers import Response

from matchmaker.domain.consortium import Standing
from matchmaker.domain.permissions import may
from matchmaker.domain.visibility import MATCHED_STATES
from matchmaker.web.consortium.pages import Column, ConsortiumPage, Row
from matchmaker.web.i18n import gettext as _
from matchmaker.web.pages import render
from matchmaker.web.platform import matchmaker

if TYPE_CHECKING:
    from matchmaker.matching.consortium import Member
    from matchmaker.services.consortium import Formed
    from matchmaker.store.queries.consortium import PairState

blueprint = Blueprint("consortium", __name__, url_prefix="/consortia")
_LETTERS: Final = "ABCDEFGHIJ"
# States of a match that a broker still decides on.
_OPEN: Final = frozenset({"suggested", "snoozed", "needs_information"})


@blueprint.get("/<public_id>")
def show(public_id: str) -> Response:
    """Who covers which part of a demand."""
    from matchmaker.services import consortium as service  # the engine is loaded when it is asked

    with matchmaker().reading() as uow:
        formed = service.form(uow, g.actor, matchmaker().index, public_id)
        return render(_page(formed))


@blueprint.post("/<public_id>/outcomes/<outcome_id>")
def propose(public_id: str, outcome_id: str) -> Response:
    """Take a member up, and go on to ask both sides."""
    from matchmaker.services import consortium as service

    with matchmaker().unit_of_work() as uow:
        match = service.propose(
            uow, g.actor, matchmaker().index, demand_id=public_id, outcome_id=outcome_id
        )
        accepted, match_id = match.state == "accepted", match.public_id
    if accepted:
        flash(_("Taken up. Now ask both sides whether they want to talk."), "success")
        return redirect(url_for("introduction.new", match_id=match_id), code=303)
    flash(_("This pair is at the desk already; decide on it there."), "info")
    return redirect(url_for("match_review.show", public_id=match_id), code=303)


def _page(formed: Formed) -> ConsortiumPage:
    found, demand, best = formed.found, formed.demand, formed.found.single
    columns = _columns(formed)
    return ConsortiumPage(
        public_id=demand.public_id,
        title=demand.title,
        own=demand.organisation_id == g.actor.organisation_id,
        editable=may(g.actor, "demand", "edit", demand),
        columns=columns,
        rows=_rows(formed, columns),
        share=_share(found.weight, found.whole),
        single_share=_share(best.weight if best else 0, found.whole),
        members=len(found.members),
        institutions=len({one.organisation_id for one in found.members}),
        open_parts=sum(not covered for covered in found.covered),
    )


def _shown(formed: Formed) -> list[Member]:
    """The members, then the single best where it is none of them; whatever may be seen."""
    found = formed.found
    alone = [found.single] if found.single and found.single not in found.members else []
    return [one for one in (*found.members, *alone) if one.id in formed.sides]


def _columns(formed: Formed) -> tuple[Column, ...]:
    found, best = formed.found, formed.found.single
    made = []
    for letter, one in zip(_LETTERS, _shown(formed), strict=False):
        side = formed.sides[one.id]
        pair = formed.pairs.get(one.id)
        step, href = _step(formed, side.public_id, pair)
        made.append(
            Column(
                letter=letter,
                side=side,
                share=_share(one.weight, found.whole),
                is_member=one in found.members,
                is_best=best is not None and one.id == best.id,
                state=pair.state if pair else "",
                step=step,
                href=href,
            )
        )
    return tuple(made)


def _rows(formed: Formed, columns: Sequence[Column]) -> tuple[Row, ...]:
    found, shown = formed.found, _shown(formed)
    made = []
    for number, (part, covered) in enumerate(zip(found.parts, found.covered, strict=True)):
        cells = tuple(one.cells[number] for one in shown)
        lettered = list(zip(columns, cells, strict=True))
        made.append(
            Row(
                part=part,
                cells=cells,
                covered=covered,
                told=tuple(
                    (column.letter, cell.evidence)
                    for column, cell in lettered
                    if column.is_member and cell.standing is Standing.COVERS and cell.evidence
                ),
                close=tuple(
                    (column.letter, cell.evidence, cell.standing.value)
                    for column, cell in lettered
                    if cell.standing in (Standing.MISSES, Standing.DIFFERS)
                ),
            )
        )
    return tuple(made)


def _step(formed: Formed, outcome_id: str, pair: PairState | None) -> tuple[str, str]:
    """What a broker does next about a member, and where."""
    if not may(g.actor, "match", "propose") or (
        formed.demand.state not in MATCHED_STATES["demand"]
    ):
        return "", ""
    if pair is None:
        here = formed.demand.public_id
        return "propose", url_for(".propose", public_id=here, outcome_id=outcome_id)
    if pair.state == "accepted":
        return "introduce", url_for("introduction.new", match_id=pair.public_id)
    if pair.state in _OPEN:
        return "decide", url_for("match_review.show", public_id=pair.public_id)
    return "", ""


def _share(weight: int, whole: int) -> int:
    return round(100 * weight / whole) if whole else 0
