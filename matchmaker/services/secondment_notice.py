"""Telling firms and specialists what became of a secondment or a demand."""

from __future__ import annotations

from matchmaker.services.notification import notify
from matchmaker.services.party import staff
from matchmaker.store.database import UnitOfWork
from matchmaker.store.demand import Demand
from matchmaker.store.secondment import Diagnosis, Secondment


def tell(uow: UnitOfWork, found: Secondment, what: str, *, but: int | None = None) -> None:
    """Tell of ``propose``, ``accept``, ``decline`` or ``end``; not whoever did it."""
    firm = staff(uow, found.organisation_id, "company")
    officer = [found.proposed_by]
    readers = {
        "propose": firm,
        "accept": [found.specialist_id, *officer],
        "decline": officer,
        "end": [found.specialist_id, *firm, *officer],
    }[what]
    notify(
        uow,
        kind=f"secondment_{what}",
        readers=[one for one in readers if one != but],
        noun="secondment",
        record=found,
        values={"from": str(found.begins_on), "until": str(found.ends_on)},
    )


def tell_diagnosis(uow: UnitOfWork, demand: Demand, made: Diagnosis) -> None:
    """Tell a firm what its specialist says of a demand, and whether it is ready."""
    notify(
        uow,
        kind="diagnosis_ready" if made.ready else "diagnosis_give",
        readers=staff(uow, demand.organisation_id, "company"),
        noun="demand",
        record=demand,
        values={"note": made.note},
    )
