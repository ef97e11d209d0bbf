"""The two lists of the catalogue."""

from __future__ import annotations

from flask import Blueprint, Response, g, request

from matchmaker.web.catalogue.address import read_address
from matchmaker.web.catalogue.listing import catalogue_page
from matchmaker.web.pages import render
from matchmaker.web.platform import matchmaker

blueprint = Blueprint("catalogue", __name__)


@blueprint.get("/demands")
def demands() -> Response:
    """List demands."""
    return _listed("demand")


@blueprint.get("/outcomes")
def outcomes() -> Response:
    """List outcomes."""
    return _listed("outcome")


def _listed(noun: str) -> Response:
    """One page of the records that the address asks for."""
    platform = matchmaker()
    address = read_address(noun, platform.plan, request.args)
    with platform.reading() as uow:
        page = catalogue_page(platform, uow, g.actor, address)
    return render(page)
