"""Keeping an anonymous demand anonymous: its public text must not say who stands behind it."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import select

from matchmaker.domain.draft import public_texts
from matchmaker.domain.errors import Invalid
from matchmaker.domain.leak import Identity, Leak, find_leaks, identity
from matchmaker.domain.permissions import Actor
from matchmaker.store.database import UnitOfWork
from matchmaker.store.demand import Demand
from matchmaker.store.organisation import Organisation
from matchmaker.store.outcome import Outcome


class NamesSomebody(Invalid):
    """Public text of an anonymous record tells who stands behind it; ``leaks`` says where."""

    def __init__(self, leaks: tuple[Leak, ...]) -> None:
        """Keep what has to be changed or confirmed."""
        fields = {leak.field: "names_somebody" for leak in leaks}
        super().__init__("The public text of this anonymous demand names somebody.", fields)
        self.leaks = leaks


def identity_of(organisation: Organisation) -> Identity:
    """The names under which an organisation might stand in a text."""
    return identity(organisation.name, organisation.name_en, organisation.credit_code)


def own_identity(uow: UnitOfWork, actor: Actor) -> Identity:
    """The names of the actor's organisation, or of the firms that a specialist acts for."""
    keys = actor.placed_with or {actor.organisation_id or 0}
    rows = uow.session.scalars(select(Organisation).where(Organisation.id.in_(sorted(keys))))
    known = [identity_of(one) for one in rows]
    return Identity(
        full=tuple(name for one in known for name in one.full),
        short=tuple(name for one in known for name in one.short),
        credit_code=known[0].credit_code if known else "",
    )


def stored_values(record: Demand | Outcome) -> Mapping[str, object]:
    """A stored record's values by field, as a draft's are."""
    rows = [
        {"name": row.name, "unit": row.unit, "condition": row.condition}
        for row in record.indicators
    ]
    columns = {column.key: getattr(record, column.key) for column in record.__table__.columns}
    return {**columns, "indicators": rows}


def require_unnamed(demand: Demand, confirmed: Collection[str]) -> tuple[Leak, ...]:
    """The leaks of an anonymous demand that were confirmed to be none.

    Raises :class:`NamesSomebody` when there is any other, or one that leaves no doubt.
    """
    if demand.disclosure != "anonymous":
        return ()
    texts = public_texts("demand", stored_values(demand))
    found = find_leaks(texts, identity_of(demand.organisation))
    open_ones = tuple(leak for leak in found if leak.certain or leak.key not in confirmed)
    if open_ones:
        raise NamesSomebody(open_ones)
    return found
