"""Searching the catalogue: what the engine finds, as far as the reader may see it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from matchmaker.domain.permissions import Actor
from matchmaker.store.database import UnitOfWork
from matchmaker.store.queries import catalogue

if TYPE_CHECKING:
    from matchmaker.matching.engine import Engine, Kind

# A search shows the best so many: what comes later is noise with a score.
SEARCH_DEPTH: Final = 200


def search_hits(
    uow: UnitOfWork, actor: Actor, engine: Engine, noun: str, text: str, *, top: int = SEARCH_DEPTH
) -> tuple[int, ...]:
    """The records that a search finds, best first, hidden ones left out without a trace."""
    wanted = top + catalogue.hidden_count(uow, actor, noun)
    found = engine.search(cast("Kind", noun), text, top=wanted)
    return catalogue.seen_hits(uow, actor, noun, [hit.id for hit in found], top=top)
