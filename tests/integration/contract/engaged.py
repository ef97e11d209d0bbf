"""An engagement that has come as far as its contract, and shorthands around it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from matchmaker.domain.contract import clean_contract
from matchmaker.domain.contract_registration import clean_registration, clean_signature
from matchmaker.domain.permissions import Actor
from matchmaker.services import contract as service
from matchmaker.services import contract_registration as registration_service
from matchmaker.store.contract import Contract
from matchmaker.store.database import UnitOfWork
from matchmaker.store.engagement import Engagement
from matchmaker.store.introduction import Introduction
from matchmaker.store.match import Match
from matchmaker.store.organisation import Organisation, User
from tests import builders

NUMBER = "2026371000000001"
OFFICE = "威海市技术合同登记机构"
TERMS: dict[str, Any] = {
    "title": "碳纤维快速固化技术开发合同",
    "type": "development",
    "development_kind": "commissioned",
    "subject": "快速固化预浸料的配方与工艺",
    "acceptance": "固化时间≤8分钟，按附件一检验",
    "ip_ownership": "company",
    "starts_on": "2026-04-01",
    "ends_on": "2027-03-31",
    "payment_mode": "instalments",
    "amount_total": "120",
    "deducted_equipment": "20",
    "deduction_note": "固化设备一台",
    "payments": [
        {"label": "首付", "due_on": "2026-04-10", "amount": "48"},
        {"label": "验收", "due_on": "2027-03-31", "amount": "72"},
    ],
    "related": "none",
}


def engagement(
    uow: UnitOfWork, company: User, researcher: User, broker: User, state: str = "drafting"
) -> Engagement:
    """Two sides in talks, through every table that leads there."""
    demand = builders.demand(uow, company, solution_mode="commissioned")
    outcome = builders.outcome(uow, researcher)
    match = Match(
        demand_id=demand.id,
        outcome_id=outcome.id,
        state="accepted",
        score=0.8,
        level=3,
        rank=1,
        explanation={},
        engine_version="test",
        created_at=uow.now,
        decided_by=broker.id,
        decided_at=uow.now,
    )
    uow.session.add(match)
    uow.session.flush()
    sides = {
        "company_id": company.organisation_id,
        "institution_id": researcher.organisation_id,
        "researcher_id": researcher.id,
        "broker_id": broker.id,
        "demand_id": demand.id,
        "outcome_id": outcome.id,
    }
    introduction = Introduction(
        **sides,
        match_id=match.id,
        state="mutual",
        company_answer="accepted",
        company_answered_by=company.id,
        company_answered_at=uow.now,
        institution_answer="accepted",
        institution_answered_by=researcher.id,
        institution_answered_at=uow.now,
        asked_at=uow.now,
        due_at=uow.now + timedelta(days=7),
        closed_at=uow.now,
    )
    uow.session.add(introduction)
    uow.session.flush()
    made = Engagement(
        **sides,
        introduction_id=introduction.id,
        state=state,
        dormant_from="drafting" if state == "dormant" else None,
        lost_reason="price" if state == "lost" else None,
        closed_at=uow.now if state in ("lost", "completed") else None,
        opened_at=uow.now,
        last_step_at=uow.now,
    )
    uow.session.add(made)
    uow.session.flush()
    return made


def actor(user: User) -> Actor:
    """The person as services know him."""
    return Actor(
        user_id=user.id,
        role=user.role,
        organisation_id=user.organisation_id,
        verified=True,
        manager=user.is_manager,
    )


def home(uow: UnitOfWork, user: User) -> Organisation:
    """Where somebody belongs, in this transaction."""
    return uow.session.get_one(Organisation, user.organisation_id)


def drafted(
    uow: UnitOfWork, people: dict[str, User], where: Engagement, **changes: Any
) -> Contract:
    """A draft by the broker."""
    return service.draft(
        uow,
        actor(people["broker"]),
        engagement_id=where.public_id,
        terms=clean_contract(TERMS | changes),
    )


def signed(
    uow: UnitOfWork, people: dict[str, User], made: Contract, on: str = "2026-03-01"
) -> Contract:
    """Both sides confirm and sign."""
    found = service.load(uow, actor(people["company"]), made.public_id)
    for role in ("company", "researcher"):
        service.confirm(
            uow, actor(people[role]), contract_id=found.public_id, revision=found.revision
        )
    return service.sign(
        uow,
        actor(people["company"]),
        contract_id=found.public_id,
        signature=clean_signature({"signed_on": on}, today=uow.now.date()),
        version=found.version,
    )


def registered(
    uow: UnitOfWork,
    people: dict[str, User],
    made: Contract,
    *,
    number: str = NUMBER,
    on: date = date(2026, 3, 2),
) -> Contract:
    """Signed, then registered by the institution's side."""
    found = signed(uow, people, made, on.isoformat())
    return registration_service.register(
        uow,
        actor(people["researcher"]),
        contract_id=found.public_id,
        registration=clean_registration(
            {"number": number, "registered_on": on.isoformat(), "office": OFFICE},
            signed_on=found.signed_on,
            today=uow.now.date(),
        ),
        version=found.version,
    )
