"""What an address of the catalogue asks for, and the address that asks for something else.

Addresses are shareable and come from anywhere: what they say wrongly is left out, never an error.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from flask import url_for
from werkzeug.datastructures import MultiDict

from matchmaker.domain.plan import Plan
from matchmaker.domain.text import one_line
from matchmaker.domain.vocabulary import (
    CONVERSION_MODES,
    DEMAND_STATES,
    FIELDS,
    OUTCOME_STATES,
    SOLUTION_MODES,
)
from matchmaker.store.queries.catalogue_filters import (
    MONEY_BANDS,
    MONEY_UNSAID,
    SORTS,
    TRL_BANDS,
    Filters,
    filters_of,
)

PAGE_SIZE: Final = 20
QUERY_LENGTH: Final = 200
_HIGHEST_PAGE: Final = 100_000
ENDPOINTS: Final = {"demand": "catalogue.demands", "outcome": "catalogue.outcomes"}
MODES: Final = {"demand": SOLUTION_MODES, "outcome": CONVERSION_MODES}
STATES: Final = {"demand": DEMAND_STATES, "outcome": OUTCOME_STATES}


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """One page of one list: what is searched for, chosen in each facet, and how it is sorted."""

    noun: str
    query: str
    chosen: Mapping[str, tuple[str, ...]]  # facet → codes, in the order offered
    sort: str  # empty: relevance for a search, else newest
    page: int

    @property
    def effective_sort(self) -> str:
        """The order in force: relevance means nothing without a search."""
        if self.query:
            return self.sort or "relevance"
        return self.sort if self.sort not in ("", "relevance") else "newest"

    @property
    def offset(self) -> int:
        """Rows before this page."""
        return (self.page - 1) * PAGE_SIZE

    def filters(self, hits: tuple[int, ...] | None) -> Filters:
        """The filters of the store, with what the engine found."""
        return filters_of(self.chosen, self.query, hits)

    def href(self) -> str:
        """This address, with nothing in it that is the default anyway."""
        values: dict[str, Any] = {facet: codes for facet, codes in self.chosen.items() if codes}
        if self.query:
            values["q"] = self.query
        if self.sort:
            values["sort"] = self.sort
        if self.page > 1:
            values["page"] = self.page
        return url_for(ENDPOINTS[self.noun], **values)

    def on_page(self, page: int) -> Address:
        """Another page of the same list."""
        return replace(self, page=page)

    def sorted_by(self, sort: str) -> Address:
        """The first page of the same rows in another order."""
        return replace(self, sort=sort, page=1)

    def without(self, facet: str, code: str) -> Address:
        """The list with one choice taken back."""
        kept = tuple(one for one in self.chosen.get(facet, ()) if one != code)
        return replace(self, chosen={**self.chosen, facet: kept}, page=1)

    def without_facet(self, facet: str) -> Address:
        """The same page without a facet that the reader has no use for."""
        return replace(self, chosen={**self.chosen, facet: ()})

    def without_query(self) -> Address:
        """The same choices without the search."""
        return replace(self, query="", sort=self.sort if self.sort != "relevance" else "", page=1)

    def bare(self) -> Address:
        """The whole list, unfiltered; the search is kept."""
        return replace(self, chosen={}, page=1)


def offered_codes(noun: str, plan: Plan) -> Mapping[str, tuple[str, ...]]:
    """Every facet's codes in the order in which they are offered."""
    return {
        "cluster": tuple(cluster.code for cluster in plan.clusters),
        "chain": tuple(plan.chain_by_code),
        "region": tuple(plan.region_by_code),
        "trl": tuple(TRL_BANDS),
        "mode": tuple(MODES[noun]),
        "money": (*MONEY_BANDS, MONEY_UNSAID),
        "field": tuple(FIELDS),
        "state": tuple(STATES[noun]),
    }


def read_address(noun: str, plan: Plan, arguments: MultiDict[str, str]) -> Address:
    """The address that query arguments mean; unknown codes, sorts and pages are left out."""
    chosen = {}
    for facet, codes in offered_codes(noun, plan).items():
        asked = set(arguments.getlist(facet))
        chosen[facet] = tuple(code for code in codes if code in asked)
    sort = arguments.get("sort", "")
    return Address(
        noun=noun,
        query=read_query(arguments.get("q", "")),
        chosen=chosen,
        sort=sort if sort in SORTS else "",
        page=_page(arguments.get("page", "1")),
    )


def read_query(written: str) -> str:
    """A search text on one line, without control characters, cut to 200 characters."""
    printable = "".join(
        character if character.isprintable() else " " for character in written[: 4 * QUERY_LENGTH]
    )
    return one_line(printable)[:QUERY_LENGTH].rstrip()


def _page(written: str) -> int:
    """A page number of at least 1; anything else is the first page."""
    if not (written.isascii() and written.isdigit()):
        return 1
    return min(max(1, int(written[:9])), _HIGHEST_PAGE)
