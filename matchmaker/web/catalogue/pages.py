"""Pages of the catalogue."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from matchmaker.store.queries.catalogue import CatalogueRow
from matchmaker.web.catalogue.facets import Chip, Facet
from matchmaker.web.catalogue.pagination import Pagination
from matchmaker.web.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class SortLink:
    """An order that the list can be brought into."""

    label: str
    href: str
    current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Saving:
    """What the form that saves a search sends."""

    noun: str
    arguments: str
    name: str


@dataclass(frozen=True, kw_only=True)
class CataloguePage(Page):
    """A page of the demands or outcomes that pass the filters.

    ``kept`` are parameters that the filter form sends along unseen, ``state_shown`` whether rows
    carry their state, ``saving`` is there for people who are signed in, and ``nothing_yet`` says
    whether the catalogue itself is empty for this reader.
    """

    template: ClassVar = "catalogue/list.html"

    noun: str
    query: str
    action: str
    bare_href: str
    facets: tuple[Facet, ...]
    chips: tuple[Chip, ...]
    kept: tuple[tuple[str, str], ...]
    sorts: tuple[SortLink, ...]
    rows: tuple[CatalogueRow, ...]
    pagination: Pagination
    search_depth: int
    state_shown: bool
    saving: Saving | None
    nothing_yet: bool
