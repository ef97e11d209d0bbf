"""Stored records for tests, each with what the test does not care about filled in."""

from __future__ import annotations

from itertools import count
from typing import Any

from matchmaker.domain.record import DEMAND_LIFE, OUTCOME_LIFE
from matchmaker.integrations.passwords import Passwords
from matchmaker.store.change import record_changes
from matchmaker.store.database import UnitOfWork
from matchmaker.store.demand import Demand, DemandChain
from matchmaker.store.organisation import Organisation, User
from matchmaker.store.outcome import Outcome, OutcomeChain

_NUMBERS = count(1)
PASSWORD = "correct horse battery"


def organisation(uow: UnitOfWork, kind: str = "company", **fields: Any) -> Organisation:
    number = next(_NUMBERS)
    values: dict[str, Any] = {
        "name": f"虚构单位{number}",
        "kind": kind,
        "region_code": None,
        "state": "verified",
        "created_at": uow.now,
        "ladder_level": "none" if kind == "company" else None,
    } | fields
    if values["state"] != "pending":
        values.setdefault("decided_at", uow.now)
    made = Organisation(**values)
    uow.session.add(made)
    uow.session.flush()
    return made


def user(
    uow: UnitOfWork,
    passwords: Passwords,
    role: str = "company",
    at: Organisation | None = None,
    **fields: Any,
) -> User:
    kinds = {
        "company": "company",
        "researcher": "institution",
        "broker": "agency",
        "association": "association",
        "specialist": "institution",
        "bureau": "bureau",
    }
    if at is None and role in kinds:
        at = organisation(uow, kinds[role])
    number = next(_NUMBERS)
    made = User(
        **(
            {
                "email": f"person{number}@example.org",
                "name": f"某人{number}",
                "password_hash": passwords.hash(PASSWORD),
                "role": role,
                "organisation_id": at.id if at else None,
                "created_at": uow.now,
            }
            | fields
        )
    )
    uow.session.add(made)
    uow.session.flush()
    return made


def demand(uow: UnitOfWork, owner: User | Organisation, **fields: Any) -> Demand:
    chains = fields.pop("chains", ())
    values = _record(uow, owner) | {
        "title": f"高强度碳纤维复合材料成型工艺 {next(_NUMBERS)}",
        "kind": "key_technology",
        "problem": "现有模压成型周期长，制品孔隙率高，合格率只有七成。",
        "key_technology": "快速固化树脂体系与模具温控。",
        "target": "单件成型周期≤8分钟，孔隙率≤1%。",
        "field": "materials",
        "solution_mode": "joint",
        "expires_on": (uow.now + DEMAND_LIFE).date(),
    }
    made = Demand(**(values | fields))
    made.chains = [DemandChain(chain_code=code) for code in chains]
    return _stored(uow, "demand", made)


def outcome(uow: UnitOfWork, owner: User | Organisation, **fields: Any) -> Outcome:
    chains = fields.pop("chains", ())
    values = _record(uow, owner) | {
        "title": f"碳纤维复合材料快速模压成型技术 {next(_NUMBERS)}",
        "summary": "面向大批量构件的快速固化预浸料与模压成型工艺，成型周期5分钟。",
        "problem_solved": "热固性复合材料成型周期长、孔隙率高。",
        "advantage": "与热压罐相比周期缩短八成，孔隙率0.8%。",
        "stage": "middle",
        "trl": 6,
        "field": "materials",
        "expires_on": (uow.now + OUTCOME_LIFE).date(),
    }
    made = Outcome(**(values | fields))
    made.chains = [OutcomeChain(chain_code=code) for code in chains]
    return _stored(uow, "outcome", made)


def _record(uow: UnitOfWork, owner: User | Organisation) -> dict[str, Any]:
    person = isinstance(owner, User)
    return {
        "organisation_id": owner.organisation_id,
        "author_id": owner.id if person else None,
        "state": "published",
        "created_at": uow.now,
        "updated_at": uow.now,
        "published_at": uow.now,
    }


def _stored(uow: UnitOfWork, noun: str, made: Any) -> Any:
    uow.session.add(made)
    uow.session.flush()
    if made.state == "published":
        record_changes(uow, noun, [made.id])
    return made
