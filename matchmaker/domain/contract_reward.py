"""What the people behind an outcome are due from its contract, by the law's floor.

Law on Promoting the Transformation of Scientific and Technological Achievements, articles 44 and
45: at least half of the net income of a transfer or licence; at least half of the shares from a
contribution as equity; at least 5 % of the operating profit, for three to five years, where the
outcome is implemented by the institution or together with others. An institution may give more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from typing import Final

from matchmaker.domain.contract import ContractTerms
from matchmaker.domain.contract_vocabulary import REWARD_BASES
from matchmaker.domain.fields import Cleaner

FLOORS: Final[Mapping[str, Decimal]] = {
    "net_income": Decimal(50),
    "equity": Decimal(50),
    "profit": Decimal(5),
    "agreed": Decimal(0),
}
# Which ways of computing are open to which type; the first is the usual one. What is transferred
# or licensed has a floor in the law, so that "as agreed" alone is not offered for it.
BASES: Final[Mapping[str, tuple[str, ...]]] = {
    "development": ("agreed", "profit"),
    "transfer": ("net_income", "equity"),
    "licence": ("net_income", "equity"),
    "consulting": ("agreed",),
    "service": ("agreed",),
}
YEARS: Final = (3, 5)
# Of all rewards, at least this part goes to those who contributed most.
MAIN_CONTRIBUTORS: Final = Decimal(50)
_HUNDRED: Final = Decimal(100)
_YUAN: Final = Decimal("0.0001")  # 万元
_POINT: Final = Decimal("0.0001")  # percentage points
_ZERO: Final = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class RewardTerms:
    """What an institution enters: amounts in 万元, parts in per cent."""

    basis: str
    costs: Decimal = _ZERO  # direct costs of the transfer: taxes, valuation, agency
    share: Decimal | None = None  # the institution's own part; None for the floor
    stake: Decimal | None = None  # of the company's shares that the outcome became
    profit: Decimal | None = None  # operating profit a year
    years: int = YEARS[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reward:
    """A computed reward. ``base`` and ``amount`` are 万元, or per cent of shares for equity."""

    basis: str
    base: Decimal | None
    floor_rate: Decimal
    rate: Decimal
    floor: Decimal | None
    amount: Decimal | None
    main: Decimal | None  # at least so much of it to those who contributed most
    years: int
    whole: Decimal | None  # over all years, where the reward is a yearly one


NAMES: Final = frozenset(RewardTerms.__dataclass_fields__)


def usual_basis(kind: str | None) -> str:
    """The way of computing that a type of contract usually has."""
    return BASES.get(kind or "", ("agreed",))[0]


def bases_of(kind: str | None) -> tuple[str, ...]:
    """The ways of computing that a type of contract allows; all while the type is open."""
    return BASES.get(kind or "", tuple(REWARD_BASES))


def fitting_basis(kind: str | None, basis: str) -> str:
    """The way that was chosen, or the usual one where the type has changed since to exclude it."""
    return basis if basis in bases_of(kind) else usual_basis(kind)


def clean_reward(raw: Mapping[str, object], kind: str | None) -> RewardTerms:
    """Clean what an institution enters; raises ``InvalidFields`` with everything that is wrong."""
    read = Cleaner(raw)
    basis = read.code("basis", REWARD_BASES) or usual_basis(kind)
    if basis not in bases_of(kind):
        read.problem("basis", "floor_avoided", "does not fit the type of the contract.")
    share = _percent(read, "share")
    floor = FLOORS[basis]
    if share is not None and share < floor:
        message = f"is below the law's {floor} %."
        read.problem("share", "below_floor", message, floor=floor)
    made = RewardTerms(
        basis=basis,
        costs=read.money("costs") or _ZERO,
        share=share,
        stake=_percent(read, "stake"),
        profit=read.money("profit"),
        years=read.number("years", *YEARS) or YEARS[0],
    )
    read.finish(NAMES)
    return made


def net_income(terms: ContractTerms, costs: Decimal) -> Decimal | None:
    """The contract's amount less what is deducted and less the direct costs; never below zero."""
    if terms.amount_technical is None:
        return None
    return max(_ZERO, terms.amount_technical - costs)


def reward_of(terms: ContractTerms, entered: RewardTerms) -> Reward:
    """The reward on the basis entered, as far as the type of the contract still allows it.

    It is never below the law's floor and is rounded up to the yuan.
    """
    basis = fitting_basis(terms.type, entered.basis)
    floor_rate = FLOORS[basis]
    rate = max(floor_rate, entered.share if entered.share is not None else floor_rate)
    base = _base(terms, basis, entered)
    amount = _part(base, rate)
    yearly = basis == "profit"
    return Reward(
        basis=basis,
        base=base,
        floor_rate=floor_rate,
        rate=rate,
        floor=_part(base, floor_rate),
        amount=amount,
        main=_part(amount, MAIN_CONTRIBUTORS),
        years=entered.years if yearly else 1,
        whole=amount * entered.years if yearly and amount is not None else None,
    )


def _base(terms: ContractTerms, basis: str, entered: RewardTerms) -> Decimal | None:
    if basis == "equity":
        return entered.stake
    if basis == "profit":
        return entered.profit
    return net_income(terms, entered.costs)


def _part(base: Decimal | None, rate: Decimal) -> Decimal | None:
    """A part of the base, rounded up so that rounding never goes below the floor."""
    if base is None:
        return None
    exact = base * rate / _HUNDRED
    return min(base, exact.quantize(_YUAN, rounding=ROUND_CEILING))


def _percent(read: Cleaner, name: str) -> Decimal | None:
    """A part in per cent, to four places."""
    value = read.money(name)
    if value is None:
        return None
    if value > _HUNDRED:
        read.problem(name, "out_of_range", "must lie between 0 and 100.", low=0, high=100)
        return None
    return value.quantize(_POINT)
