"""The reward is never below the law's floor, whatever is entered."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.domain.contract import ContractTerms
from matchmaker.domain.contract_reward import (
    BASES,
    FLOORS,
    RewardTerms,
    clean_reward,
    net_income,
    reward_of,
    usual_basis,
)
from matchmaker.domain.contract_vocabulary import CONTRACT_TYPES, REWARD_BASES
from matchmaker.domain.fields import InvalidFields

WAN = st.integers(0, 10**10).map(lambda yuan: Decimal(yuan) / 10_000)
PERCENT = st.integers(0, 1_000_000).map(lambda parts: Decimal(parts) / 10_000)


def contract(total: str = "100", equipment: str = "0", kind: str = "transfer") -> ContractTerms:
    return ContractTerms(
        title="t",
        type=kind,
        amount_total=Decimal(total),
        deducted_equipment=Decimal(equipment),
    )


def test_a_transfer_gives_half_of_its_net_income() -> None:
    made = reward_of(contract("100", "20"), RewardTerms(basis="net_income", costs=Decimal(10)))
    assert made.base == 70
    assert made.amount == made.floor == 35
    assert made.main == Decimal("17.5")


def test_an_institution_may_give_more_but_not_less() -> None:
    entered = clean_reward({"basis": "net_income", "share": "70"}, "transfer")
    assert reward_of(contract(), entered).amount == 70
    with pytest.raises(InvalidFields) as found:
        clean_reward({"basis": "net_income", "share": "49.99"}, "transfer")
    assert found.value.fields == {"share": "below_floor"}
    # Even what was stored otherwise is computed with the floor.
    assert reward_of(contract(), RewardTerms(basis="net_income", share=Decimal(1))).amount == 50


def test_shares_and_yearly_profit_have_floors_of_their_own() -> None:
    equity = reward_of(contract(), RewardTerms(basis="equity", stake=Decimal(30)))
    assert equity.amount == 15
    entered = RewardTerms(basis="profit", profit=Decimal(200), years=5)
    profit = reward_of(contract(kind="development"), entered)
    assert (profit.amount, profit.whole) == (10, 50)
    with pytest.raises(InvalidFields) as found:
        clean_reward({"basis": "profit", "share": "4", "years": "6", "stake": "101"}, "development")
    assert found.value.fields == {
        "share": "below_floor",
        "years": "out_of_range",
        "stake": "out_of_range",
    }


def test_a_transfer_cannot_choose_a_basis_without_a_floor() -> None:
    with pytest.raises(InvalidFields) as found:
        clean_reward({"basis": "agreed"}, "licence")
    assert found.value.fields == {"basis": "floor_avoided"}
    for kind in ("transfer", "licence"):
        assert all(FLOORS[basis] > 0 for basis in BASES[kind])


@pytest.mark.parametrize("kind", ["transfer", "licence"])
@pytest.mark.parametrize("basis", ["agreed", "profit"])
def test_a_contract_that_becomes_a_transfer_later_does_not_keep_a_lower_floor(
    kind: str, basis: str
) -> None:
    entered = clean_reward({"basis": basis, "share": "10", "profit": "20"}, "development")
    made = reward_of(contract(kind=kind), entered)
    assert (made.basis, made.floor_rate, made.rate) == ("net_income", 50, 50)
    assert (made.base, made.amount, made.whole) == (100, 50, None)
    assert reward_of(contract(kind="development"), entered).basis == basis


def test_costs_above_the_income_leave_nothing_and_no_amount_leaves_it_open() -> None:
    assert net_income(contract("10"), Decimal(11)) == 0
    assert net_income(ContractTerms(title="t"), Decimal(0)) is None
    assert reward_of(ContractTerms(title="t"), RewardTerms(basis="agreed")).amount is None


def test_every_type_and_basis_is_covered() -> None:
    assert set(BASES) == set(CONTRACT_TYPES)
    assert set(FLOORS) == set(REWARD_BASES)
    assert usual_basis(None) == "agreed"


@given(
    kind=st.sampled_from(sorted(BASES)),
    basis=st.sampled_from(sorted(FLOORS)),
    total=WAN,
    costs=WAN,
    share=st.none() | PERCENT,
    stake=PERCENT,
    profit=WAN,
    years=st.integers(3, 5),
)
def test_no_reward_lies_below_the_floor_or_above_its_base(  # noqa: PLR0917 - drawn values
    kind: str,
    basis: str,
    total: Decimal,
    costs: Decimal,
    share: Decimal | None,
    stake: Decimal,
    profit: Decimal,
    years: int,
) -> None:
    entered = RewardTerms(
        basis=basis, costs=costs, share=share, stake=stake, profit=profit, years=years
    )
    made = reward_of(contract(str(total), kind=kind), entered)
    assert made.basis in BASES[kind]
    assert made.base is not None
    assert made.amount is not None
    assert made.main is not None
    assert made.base * FLOORS[made.basis] / 100 <= made.amount <= made.base
    assert made.rate >= FLOORS[made.basis]
    assert made.amount / 2 <= made.main <= made.amount
    assert made.amount == made.amount.quantize(Decimal("0.0001"))
    if made.whole is not None:
        assert made.whole == made.amount * years
