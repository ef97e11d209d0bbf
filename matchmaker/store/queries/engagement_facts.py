"""What the guards of an engagement's steps look at, read from the tables."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import exists, select

from matchmaker.domain.engagement import NDA_VERSION, Facts
from matchmaker.store.database import UnitOfWork
from matchmaker.store.engagement import Meeting, NdaAcceptance


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractFacts:
    """How far the contract of an engagement has come."""

    signed: bool = False
    registered: bool = False


def contract_facts(uow: UnitOfWork, engagement_id: int) -> ContractFacts:  # noqa: ARG001 - no contract is recorded yet
    """Whether a contract is signed and registered; without recorded contracts, neither."""
    return ContractFacts()


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
