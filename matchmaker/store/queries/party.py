"""Who stands on which side of an introduction or engagement, as SQL.

The other form of this rule is ``domain.permissions``; a test holds both to one answer.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, false, or_
from sqlalchemy.orm import InstrumentedAttribute

from matchmaker.domain.permissions import Actor
from matchmaker.store.engagement import Engagement
from matchmaker.store.introduction import Introduction

Model = type[Introduction] | type[Engagement]


def party(actor: Actor, model: Model) -> ColumnElement[bool]:
    """Rows that the actor has a part in: its company, its researcher's side, or its broker."""
    if not actor.signed_in:
        return false()
    if actor.role == "broker":
        return model.broker_id == actor.user_id
    if not actor.verified or actor.organisation_id is None:
        return false()
    if actor.role == "company":
        return model.company_id == actor.organisation_id
    if actor.role == "researcher":
        at_home = model.institution_id == actor.organisation_id
        return at_home if actor.manager else and_(at_home, model.researcher_id == actor.user_id)
    return false()


def listed(actor: Actor, model: Model) -> ColumnElement[bool]:
    """Rows that a list may hold: those of :func:`party`, and for the bureau all engagements."""
    if actor.role == "bureau" and model is Engagement:
        return model.id.is_not(None)
    return party(actor, model)


def own(
    actor: Actor, model: Model, author: InstrumentedAttribute[int | None]
) -> ColumnElement[bool]:
    """Of those, the rows that concern the actor in person; ``author`` wrote the demand."""
    return or_(
        author == actor.user_id,
        model.researcher_id == actor.user_id,
        model.broker_id == actor.user_id,
    )
