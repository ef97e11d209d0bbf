"""Putting one page of the catalogue together: search, counts, rows, links."""

from __future__ import annotations

from typing import Final

from flask import url_for

from matchmaker.bootstrap import Matchmaker
from matchmaker.domain.permissions import Actor
from matchmaker.services.catalogue_search import SEARCH_DEPTH, search_hits
from matchmaker.services.saved_search import NAME_LENGTH
from matchmaker.store.database import UnitOfWork
from matchmaker.store.queries import catalogue
from matchmaker.store.queries.visibility import reviews
from matchmaker.web.catalogue.address import ENDPOINTS, PAGE_SIZE, Address
from matchmaker.web.catalogue.facets import chips, facets
from matchmaker.web.catalogue.pages import CataloguePage, Saving, SortLink
from matchmaker.web.catalogue.pagination import page_count, paginate
from matchmaker.web.i18n import gettext as _

_OWNER_ROLES: Final = {"demand": "company", "outcome": "researcher"}


def catalogue_page(
    platform: Matchmaker, uow: UnitOfWork, actor: Actor, address: Address
) -> CataloguePage:
    """The page that an address asks for; a page beyond the last becomes the last."""
    noun = address.noun
    states = reviews(actor) or actor.role == _OWNER_ROLES[noun]
    if not states:
        address = address.without_facet("state")
    found = search_hits(uow, actor, platform.engine, noun, address.query) if address.query else None
    filters = address.filters(found)
    counted = catalogue.counts(uow, actor, noun, filters, states=states)
    address = address.on_page(min(address.page, page_count(counted.total, PAGE_SIZE)))
    rows = catalogue.rows(
        uow,
        actor,
        noun,
        filters,
        sort=address.effective_sort,
        limit=PAGE_SIZE,
        offset=address.offset,
    )
    return CataloguePage(
        noun=noun,
        query=address.query,
        action=url_for(ENDPOINTS[noun]),
        bare_href=address.bare().href(),
        facets=facets(address, counted.facets, platform.plan, states=states),
        chips=chips(address, platform.plan),
        kept=(("sort", address.sort),) if address.sort else (),
        sorts=_sorts(address),
        rows=rows,
        pagination=paginate(
            counted.total, PAGE_SIZE, address.page, lambda page: address.on_page(page).href()
        ),
        search_depth=SEARCH_DEPTH,
        state_shown=bool(address.chosen.get("state")),
        saving=_saving(address) if actor.signed_in else None,
        nothing_yet=not counted.total and not address.query and not any(address.chosen.values()),
    )


def _saving(address: Address) -> Saving:
    """What saving this search would keep; a name is proposed from what is searched for."""
    return Saving(
        noun=address.noun,
        arguments=address.on_page(1).href().partition("?")[2],
        name=address.query[:NAME_LENGTH],
    )


def _sorts(address: Address) -> tuple[SortLink, ...]:
    demand = address.noun == "demand"
    labels = {
        "relevance": _("Most relevant"),
        "newest": _("Newest"),
        "money": _("Highest budget") if demand else _("Lowest price"),
        "expiring": _("Expiring soonest"),
    }
    return tuple(
        SortLink(
            label=label,
            href=address.sorted_by(sort).href(),
            current=sort == address.effective_sort,
        )
        for sort, label in labels.items()
        if sort != "relevance" or address.query
    )
