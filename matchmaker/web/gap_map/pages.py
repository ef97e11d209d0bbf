"""Pages of the gap map."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from matchmaker.domain.gap_map import Counts
from matchmaker.web.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What stands in one place, in words; without ``href`` nothing does.

    ``letter`` is the first of the call's name, empty where nothing is called for; ``told`` says
    everything that the picture shows.
    """

    counts: Counts
    call: str
    letter: str
    href: str
    told: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A chain as a row of heat map and table; ``needs`` are common needs on it."""

    label: str
    whole: Shown
    cells: tuple[Shown, ...]
    needs: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """A chain of the chain map; bars are shares of the longest bar, in hundredths."""

    label: str
    shown: Shown
    answered: float
    unmet: float
    local: float
    elsewhere: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A cluster of the chain map."""

    label: str
    tiles: tuple[Tile, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """A chain that another draws on, and the heading under which the plan says so."""

    upstream: str
    upstream_href: str
    downstream: str
    downstream_href: str
    heading: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedLine:
    """A common need in a list."""

    name: str
    href: str
    demands: int
    chains: tuple[str, ...]
    stability: int  # hundredths


@dataclass(frozen=True, kw_only=True)
class GapMapPage(Page):
    """The whole map: chains, heat map, table and common needs."""

    template: ClassVar = "gap_map/overview.html"

    everything: bool
    whole: Counts
    calls: tuple[tuple[str, str], ...]
    flows: tuple[Flow, ...]
    blocks: tuple[Block, ...]
    districts: tuple[str, ...]
    lines: tuple[Line, ...]
    foot: tuple[Counts, ...]
    needs: tuple[NeedLine, ...]
    needs_total: int
    agreement: int | None
    own: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordLine:
    """A demand or outcome of a place."""

    title: str
    href: str
    answered: bool
    note: str


@dataclass(frozen=True, kw_only=True)
class PlacePage(Page):
    """One chain, in the whole city or in a district."""

    template: ClassVar = "gap_map/place.html"

    title: str
    description: str
    heading: str
    back: tuple[tuple[str, str], ...]
    shown: Shown
    reason: str
    everything: bool
    city: Counts | None
    demands: tuple[RecordLine, ...]
    outcomes: tuple[RecordLine, ...]
    most: int
    needs: tuple[NeedLine, ...]
