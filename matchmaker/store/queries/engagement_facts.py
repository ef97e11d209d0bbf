"""What the guards of an engagement's steps look at, read from the tables."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import exists, select

from matchmaker.domain.engagement import NDA_VERSION, Facts
from matchmaker.store.contract import Contract
from matchmaker.store.database import UnitOfWork
from matchmaker.store.engagement import Meeting, NdaAcceptance


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractFacts:
    """How far the contract of an engagement has come."""

    signed: bool = False
    registered: bool = False


def contract_facts(uow: UnitOfWork, engagement_id: int) -> ContractFacts:
    """Whether the engagement's contract is signed and registered; without one, neither."""
    state = uow.session.scalar(
        select(Contract.state).where(Contract.engagement_id == engagement_id)
    )
    return ContractFacts(signed=state in ("signed", "registered"), registered=state == "registered")


def facts_of(uow: UnitOfWork, engagement_id: int) -> Facts:
    """All facts of one engagement."""
    accepted = uow.session.scalars(
        select(NdaAcceptance.side).where(
            NdaAcceptance.engagement_id == engagement_id,
            NdaAcceptance.text_version == NDA_VERSION,
        )
    )
    held = exists().where(Meeting.engagement_id == engagement_id, Meeting.state == "held")
    contract = contract_facts(uow, engagement_id)
    return Facts(
        nda_sides=frozenset(accepted),
        meeting_held=bool(uow.session.scalar(select(held))),
        contract_signed=contract.signed,
        contract_registered=contract.registered,
    )
