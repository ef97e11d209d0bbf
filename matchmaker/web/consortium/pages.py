"""The page of a consortium."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from matchmaker.domain.consortium import Part
from matchmaker.store.queries.match import PairSide
from matchmaker.web.pages import Page

if TYPE_CHECKING:
    from matchmaker.matching.consortium import Cell  # NumPy is loaded when it is needed


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """An outcome of the picture; ``letter`` stands for it there.

    ``share`` is what it covers alone, in hundredths. ``step`` is ``introduce`` (a link), ``decide``
    (a link), ``propose`` (a button), or empty for whoever only reads.
    """

    letter: str
    side: PairSide
    share: int
    is_member: bool
    is_best: bool
    state: str
    step: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A part with how every column stands to it; ``covered`` by a member.

    ``told`` are the members that cover it, by their letters, with their own words; ``close`` those
    that name its indicator but do not reach it, with the standing.
    """

    part: Part
    cells: tuple[Cell, ...]
    covered: bool
    told: tuple[tuple[str, str], ...]
    close: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, kw_only=True)
class ConsortiumPage(Page):
    """Who covers what of a demand, what stays open, and what the single best would cover."""

    template: ClassVar = "consortium/show.html"

    public_id: str
    title: str
    own: bool
    editable: bool
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    share: int
    single_share: int
    members: int
    institutions: int
    open_parts: int
