"""The gap map: the picture, its places, and its table as a file."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, abort, g, request, url_for
from flask import Response as FileResponse
from werkzeug.wrappers import Response

from matchmaker.domain.gap_map import NO_CHAIN, NO_REGION, Counts, call_for
from matchmaker.integrations.csv_file import MARK, csv_text
from matchmaker.store.queries import common_need as need_query
from matchmaker.store.queries import gap_map as query
from matchmaker.store.queries.gap_map import Place, Recorded
from matchmaker.store.queries.visibility import reviews
from matchmaker.web.gap_map.overview import (
    UNPLACED,
    chains,
    districts,
    need_lines,
    of_chains,
    shown,
)
from matchmaker.web.gap_map.overview import (
    overview as overview_page,
)
from matchmaker.web.gap_map.pages import PlacePage, RecordLine
from matchmaker.web.gap_map.wording import chain_text, reason_text, region_text
from matchmaker.web.i18n import gettext as _
from matchmaker.web.i18n import locale
from matchmaker.web.pages import render
from matchmaker.web.platform import matchmaker

blueprint = Blueprint("gap_map", __name__, url_prefix="/gap-map")
_SHOWN: Final = 50
_COLUMNS: Final = (
    *("chain", "chain_name", "district", "district_name"),
    *("demands", "with_usable_outcome", "without_usable_outcome"),
    *("outcomes_local", "outcomes_outside", "outcomes_collected", "call"),
)


@blueprint.get("/")
def overview() -> Response:
    """The whole map."""
    with matchmaker().reading() as uow:
        page = overview_page(uow, all_needs=request.args.get("needs") == "all")
    return render(page)


@blueprint.get("/table.csv")
def table() -> Response:
    """Every place of the map as a line of a file."""
    with matchmaker().reading() as uow:
        by_place = query.counted(uow, g.actor, districts()).places
    rows: list[tuple[object, ...]] = [_COLUMNS]
    wholes = of_chains(by_place)
    for code in chains(by_place):
        for region in (*districts(), NO_REGION):
            one = by_place.get((code, region), Counts())
            rows.append(
                (
                    *(code or UNPLACED, chain_text(code), region, region_text(region)),
                    *(one.demands, one.answered, one.unmet),
                    *(one.local, one.outside, one.collected, call_for(one, wholes[code])),
                )
            )
    answer = FileResponse(MARK + csv_text(rows), mimetype="text/csv")
    answer.headers["Content-Disposition"] = "attachment; filename=gap-map.csv"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@blueprint.get("/<chain>/")
def chain(chain: str) -> Response:
    """One chain in the whole city and beyond."""
    return _place(chain, "")


@blueprint.get("/<chain>/<region>")
def cell(chain: str, region: str) -> Response:
    """One chain in one district."""
    if region != NO_REGION and region not in districts():
        abort(404)
    return _place(chain, region)


def _place(slug: str, region: str) -> Response:
    code = NO_CHAIN if slug == UNPLACED else slug
    plan = matchmaker().plan
    if code and code not in plan.chain_by_code:
        abort(404)
    place: Place = (code, region)
    with matchmaker().reading() as uow:
        by_place = query.counted(uow, g.actor, districts(), code).places
        demands = query.demands(uow, g.actor, place, districts(), limit=_SHOWN)
        outcomes = query.outcomes(uow, g.actor, place, districts(), limit=_SHOWN)
        needs = need_query.listing(uow, g.actor, chain=code)
    whole = of_chains(by_place).get(code, Counts())
    counts = by_place.get(place, Counts()) if region else whole
    described = plan.chain_by_code.get(code)
    english = locale().startswith("en")
    name = chain_text(code)
    back = [(str(_("Gap map")), url_for(".overview"))]
    if region:
        back.append((name, url_for(".chain", chain=slug)))
        name = f"{name} · {region_text(region)}"
    told = shown(counts, place, name, whole)
    text = (described.description_en if english else described.description_zh) if described else ""
    page = PlacePage(
        title=name,
        description="" if region else text,
        heading=described.heading if described and not region else "",
        back=tuple(back),
        shown=told,
        reason=reason_text(told.call),
        everything=reviews(g.actor),
        city=whole if region else None,
        demands=tuple(_line(one, "demand") for one in demands),
        outcomes=tuple(_line(one, "outcome") for one in outcomes),
        most=_SHOWN,
        needs=need_lines(needs),
    )
    return render(page)


def _line(row: Recorded, noun: str) -> RecordLine:
    return RecordLine(
        title=row.title,
        href=url_for(f"{noun}.show", public_id=row.public_id),
        answered=row.answered,
        note=row.note,
    )
