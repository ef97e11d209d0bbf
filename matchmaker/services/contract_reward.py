"""The reward share of the people behind an outcome: entered and read by their institution alone."""

from __future__ import annotations

from dataclasses import asdict

from matchmaker.domain.contract_reward import RewardTerms, usual_basis
from matchmaker.domain.permissions import Actor, require
from matchmaker.services import audit
from matchmaker.services.contract import load
from matchmaker.store.contract import Contract, ContractReward
from matchmaker.store.database import UnitOfWork


def enter(
    uow: UnitOfWork, actor: Actor, *, contract_id: str, reward: RewardTerms
) -> ContractReward:
    """Keep what the reward is computed from."""
    found = load(uow, actor, contract_id, lock=True)
    require(actor, "contract", "reward", found)
    row = uow.session.get(ContractReward, found.id)
    if row is None:
        row = ContractReward(contract_id=found.id)
        uow.session.add(row)
    for name, value in asdict(reward).items():
        setattr(row, name, value)
    row.entered_by, row.entered_at = actor.user_id, uow.now
    uow.flush()
    audit.record(uow, actor, "contract", found.id, "reward")
    return row


def entered(uow: UnitOfWork, actor: Actor, contract: Contract) -> RewardTerms:
    """What the reward is computed from; the usual way while nothing was entered."""
    require(actor, "contract", "reward", contract)
    row = uow.session.get(ContractReward, contract.id)
    if row is None:
        return RewardTerms(basis=usual_basis(contract.type))
    return RewardTerms(
        basis=row.basis,
        costs=row.costs,
        share=row.share,
        stake=row.stake,
        profit=row.profit,
        years=row.years,
    )
