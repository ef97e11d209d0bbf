"""A technology specialist's word on a demand of a firm that he is placed with."""

from __future__ import annotations

from matchmaker.domain.completeness import Completeness, completeness
from matchmaker.domain.errors import NotFound
from matchmaker.domain.permissions import Actor, may, require
from matchmaker.domain.secondment import VISIT_LENGTH
from matchmaker.services import audit, secondment_notice
from matchmaker.services import record as records
from matchmaker.services.clean_text import clean
from matchmaker.services.leak import stored_values
from matchmaker.store.database import UnitOfWork
from matchmaker.store.demand import Demand
from matchmaker.store.secondment import Diagnosis


def load(uow: UnitOfWork, actor: Actor, demand_id: str) -> Demand:
    """The demand for its firm and the firm's specialists; ``NotFound`` for everybody else."""
    demand = records.load(uow, actor, "demand", demand_id)
    assert isinstance(demand, Demand)
    if not may(actor, "diagnosis", "view", demand):
        msg = "There is no such demand, or none that you may diagnose."
        raise NotFound(msg, noun="demand")
    return demand


def measure(demand: Demand) -> Completeness:
    """How complete a stored demand is, and what it lacks."""
    values = dict(stored_values(demand))
    values |= {"chains": [one.chain_code for one in demand.chains]}
    return completeness("demand", values)


def give(
    uow: UnitOfWork, actor: Actor, *, demand_id: str, note: str, ready: bool = False
) -> Diagnosis:
    """Say what is vague or missing, or that it is ready; the firm is told and decides."""
    demand = load(uow, actor, demand_id)
    require(actor, "diagnosis", "give", demand)
    made = Diagnosis(
        demand_id=demand.id,
        organisation_id=demand.organisation_id,
        specialist_id=actor.user_id or 0,
        percent=measure(demand).percent,
        note=clean("note", note, VISIT_LENGTH, required=True),
        ready=ready,
        created_at=uow.now,
    )
    uow.session.add(made)
    uow.flush()
    after = {"on_behalf_of": demand.organisation_id, "demand": demand.id, "ready": ready}
    audit.record(uow, actor, "diagnosis", made.id, "give", after=after)
    secondment_notice.tell_diagnosis(uow, demand, made)
    return made
