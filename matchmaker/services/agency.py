"""The agency whose desk somebody manages."""

from __future__ import annotations

from matchmaker.domain.errors import NotFound
from matchmaker.domain.permissions import Actor, require
from matchmaker.store.database import UnitOfWork
from matchmaker.store.organisation import Organisation


def own(uow: UnitOfWork, actor: Actor) -> Organisation:
    """The actor's own agency, if he manages it."""
    home = uow.session.get(Organisation, actor.organisation_id or 0)
    if home is None or home.kind != "agency":
        msg = "You belong to no technology transfer agency."
        raise NotFound(msg, noun="organisation")
    require(actor, "agency", "desk", home)
    return home
