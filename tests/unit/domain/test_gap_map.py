"""What a place of the gap map calls for, and what is told of the firms behind a common need."""

from __future__ import annotations

import pytest

from matchmaker.domain.common_need import NeedDemand, firms_told, kept_public_id, named_firms
from matchmaker.domain.gap_map import HEAT_STEPS, Counts, call_for, together

BUSY = Counts(demands=4, answered=2, local=1, outside=2)


@pytest.mark.parametrize(
    ("counts", "call"),
    [
        (Counts(), "none"),
        (Counts(demands=1), "build"),
        (Counts(demands=3, answered=0, outside=2), "fill"),
        (Counts(demands=3, answered=3, outside=1, collected=4), "fill"),
        (Counts(demands=5, answered=2, local=1, outside=9), "strengthen"),
        (Counts(demands=4, answered=2, local=1), "balanced"),
        (Counts(demands=2, answered=0, local=8), "strengthen"),
        (Counts(local=2), "extend"),
        (Counts(outside=1), "extend"),
    ],
)
def test_a_chain_calls_for_what_the_rule_says(counts: Counts, call: str) -> None:
    assert call_for(counts) == call


@pytest.mark.parametrize(
    ("here", "chain", "call"),
    [
        (Counts(demands=1, answered=1), BUSY, "balanced"),  # the city's supply serves the district
        (Counts(demands=2, answered=0), BUSY, "strengthen"),
        (Counts(demands=1), Counts(demands=2, outside=3), "fill"),
        (Counts(demands=1), Counts(demands=1), "build"),
        (Counts(local=3), BUSY, "serves"),  # firms elsewhere ask
        (Counts(local=3), Counts(local=3, outside=1), "extend"),
        (Counts(), BUSY, "none"),
    ],
)
def test_a_district_draws_on_the_whole_chain(here: Counts, chain: Counts, call: str) -> None:
    assert call_for(here, chain) == call


def test_counts_add_up_and_the_field_darkens_with_unmet_demands() -> None:
    whole = together([BUSY, Counts(demands=1, collected=2)])
    assert whole == Counts(demands=5, answered=2, local=1, outside=2, collected=2)
    assert (whole.unmet, whole.supply, whole.share) == (3, 5, 40)
    assert Counts().share is None
    steps = [Counts(demands=step - less).heat for step in HEAT_STEPS for less in (1, 0)]
    assert steps == [0, 1, 1, 2, 2, 3, 3, 4]


def demand(firm: int, *, anonymous: bool = False, consent: str | None = None) -> NeedDemand:
    return NeedDemand(organisation_id=firm, anonymous=anonymous, consent=consent)


def test_the_number_of_firms_is_told_to_everybody_only_where_it_names_none() -> None:
    two, three = [demand(1), demand(2)], [demand(1), demand(2), demand(3)]
    assert firms_told(two, reviews=False) is None
    assert firms_told(three, reviews=False) == 3
    assert firms_told([*three, demand(4, anonymous=True)], reviews=False) is None
    assert firms_told([*three, demand(1, anonymous=True)], reviews=True) == 3


def test_a_firm_is_named_only_while_it_agrees() -> None:
    said = [demand(1, consent="given"), demand(2, consent="asked"), demand(3, consent="declined")]
    assert named_firms([*said, demand(4)]) == {1}


def test_a_need_that_goes_on_keeps_its_address() -> None:
    earlier = {"old": frozenset({1, 2, 3}), "other": frozenset({7, 8})}
    assert kept_public_id([1, 2, 4], earlier, ()) == "old"
    assert kept_public_id([1, 2, 4], earlier, {"old"}) is None
    assert kept_public_id([1, 4, 5], earlier, ()) is None
    assert kept_public_id([8, 7], earlier, ()) == "other"
