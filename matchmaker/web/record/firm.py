"""The firm that a technology specialist writes a demand for."""

from __future__ import annotations

from dataclasses import dataclass

from flask import g, request

from matchmaker.domain.permissions import Bare, require
from matchmaker.services import organisation
from matchmaker.web.catalogue.address import read_query
from matchmaker.web.platform import matchmaker


@dataclass(frozen=True, slots=True)
class Firm:
    """A firm in whose name a draft is written."""

    id: int
    public_id: str
    name: str


def firm_written_for() -> Firm | None:
    """The firm that the address names for a specialist; others write for their own organisation."""
    if g.actor.role != "specialist":
        return None
    with matchmaker().reading() as uow:
        found = organisation.load(uow, read_query(request.args.get("firm", "")))
        require(g.actor, "demand", "draft", Bare(organisation_id=found.id))
        return Firm(found.id, found.public_id, found.name)
