"""Putting the map together from its counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from flask import g, url_for

from matchmaker.domain.gap_map import (
    NO_CHAIN,
    NO_REGION,
    Counts,
    call_for,
    is_district,
    together,
)
from matchmaker.domain.gap_vocabulary import CHAIN_CALLS
from matchmaker.domain.permissions import may
from matchmaker.store.database import UnitOfWork
from matchmaker.store.queries import common_need as need_query
from matchmaker.store.queries import gap_map as query
from matchmaker.store.queries.common_need import Need
from matchmaker.store.queries.gap_map import Place
from matchmaker.store.queries.visibility import reviews
from matchmaker.web.gap_map.pages import Block, Flow, GapMapPage, Line, NeedLine, Shown, Tile
from matchmaker.web.gap_map.wording import (
    chain_text,
    counts_text,
    letter_of,
    reason_text,
    region_text,
)
from matchmaker.web.i18n import locale
from matchmaker.web.platform import matchmaker

# Records on no chain have an address too.
UNPLACED = "unplaced"
_SHOWN_NEEDS: Final = 12
# Calls that need no explanation on the map.
_NOT_OF_CHAINS: Final = frozenset({"serves", "none"})


def overview(uow: UnitOfWork, *, all_needs: bool) -> GapMapPage:
    """The page for the reader of this request, with all common needs or the first of them."""
    counted = query.counted(uow, g.actor, districts())
    needs = need_query.listing(uow, g.actor)
    run = need_query.last_run(uow)
    wholes = of_chains(counted.places)
    lines = _lines(counted.places, wholes, needs)
    columns = (*districts(), NO_REGION)
    return GapMapPage(
        everything=reviews(g.actor),
        whole=together(counted.regions.values()),
        calls=tuple(
            (code, reason_text(code)) for code in CHAIN_CALLS if code not in _NOT_OF_CHAINS
        ),
        flows=_flows(),
        blocks=_blocks(wholes),
        districts=tuple(region_text(code) for code in columns),
        lines=lines,
        foot=tuple(counted.regions.get(code, Counts()) for code in columns),
        needs=need_lines(needs if all_needs else needs[:_SHOWN_NEEDS]),
        needs_total=len(needs),
        agreement=round(100 * run.agreement) if run else None,
        own=may(g.actor, "need_consent", "list"),
    )


def districts() -> tuple[str, ...]:
    """The columns of the map, in the plan's order."""
    return tuple(one.code for one in matchmaker().plan.regions if is_district(one.kind))


def chains(by_place: Mapping[Place, Counts]) -> tuple[str, ...]:
    """The rows of the map; records on no chain at the end, where there are any."""
    unplaced = any(chain == NO_CHAIN for chain, _region in by_place)
    return (*matchmaker().plan.chain_by_code, *((NO_CHAIN,) if unplaced else ()))


def of_chains(by_place: Mapping[Place, Counts]) -> dict[str, Counts]:
    """Each chain in the whole city and beyond: its records have one district each."""
    wholes = dict.fromkeys(matchmaker().plan.chain_by_code, Counts())
    for (chain, _region), counts in by_place.items():
        wholes[chain] = wholes.get(chain, Counts()).plus(counts)
    return wholes


def shown(counts: Counts, place: Place, name: str, chain: Counts | None = None) -> Shown:
    """A place in words, with its address; most places of the map are empty."""
    call = call_for(counts, chain)
    if not (counts.demands or counts.supply):
        return Shown(counts=counts, call=call, letter="", href="", told="")
    return Shown(
        counts=counts,
        call=call,
        letter=letter_of(call),
        href=address(place),
        told=f"{name}: {counts_text(counts, call)}",
    )


def address(place: Place) -> str:
    """The page of a place."""
    # Joined by hand: the map holds two hundred of them.
    return f"{url_for('gap_map.overview')}{place[0] or UNPLACED}/{place[1]}"


def need_lines(needs: Iterable[Need]) -> tuple[NeedLine, ...]:
    """Common needs as lists show them."""
    return tuple(
        NeedLine(
            name=" · ".join(one.terms),
            href=url_for("common_need.show", public_id=one.public_id),
            demands=len(one.members),
            chains=tuple(chain_text(code) for code in sorted(one.chains) if code != NO_CHAIN),
            stability=round(100 * one.stability),
        )
        for one in needs
    )


def _lines(
    by_place: Mapping[Place, Counts], wholes: Mapping[str, Counts], needs: Sequence[Need]
) -> tuple[Line, ...]:
    found = []
    needed = Counter(code for one in needs for code in one.chains)
    regions = {code: region_text(code) for code in (*districts(), NO_REGION)}
    for chain in chains(by_place):
        whole, label = wholes[chain], chain_text(chain)
        cells = [
            shown(by_place.get((chain, code), Counts()), (chain, code), f"{label} · {name}", whole)
            for code, name in regions.items()
        ]
        line = Line(
            label=label,
            whole=shown(whole, (chain, ""), label),
            cells=tuple(cells),
            needs=needed[chain],
        )
        found.append(line)
    return tuple(found)


def _blocks(wholes: Mapping[str, Counts]) -> tuple[Block, ...]:
    """The plan's clusters with their chains."""
    plan = matchmaker().plan
    drawn = [wholes[code] for code in plan.chain_by_code]
    longest = max((max(one.demands, one.supply) for one in drawn), default=0) or 1

    def tile(code: str) -> Tile:
        counts = wholes[code]
        return Tile(
            label=chain_text(code),
            shown=shown(counts, (code, ""), chain_text(code)),
            answered=_share(counts.answered, longest),
            unmet=_share(counts.unmet, longest),
            local=_share(counts.local, longest),
            elsewhere=_share(counts.supply - counts.local, longest),
        )

    return tuple(
        Block(label=one.text(locale()), tiles=tuple(tile(chain.code) for chain in one.chains))
        for one in plan.clusters
    )


def _flows() -> tuple[Flow, ...]:
    """Which chain draws on which, as the plan names them."""
    return tuple(
        Flow(
            upstream=chain_text(one.upstream),
            upstream_href=address((one.upstream, "")),
            downstream=chain_text(one.downstream),
            downstream_href=address((one.downstream, "")),
            heading=one.heading,
        )
        for one in matchmaker().plan.links
    )


def _share(part: int, whole: int) -> float:
    return round(100 * part / whole, 1)
