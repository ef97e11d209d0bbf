"""Where talks leave a demand and an outcome."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.domain.engagement import STAGES
from matchmaker.domain.permissions import rule_of
from matchmaker.domain.standing import ACTIONS, Talk, standing_of
from matchmaker.domain.visibility import LISTED_STATES

TALKS = st.lists(
    st.builds(Talk, stage=st.sampled_from([*STAGES, "lost"]), transfers=st.booleans()), max_size=5
)


@pytest.mark.parametrize(
    ("stages", "state"),
    [
        ([], "published"),
        (["lost"], "published"),
        (["mutual"], "engaged"),
        (["lost", "publicity"], "engaged"),
        (["mutual", "signed"], "contracted"),
        (["performing"], "contracted"),
        (["lost", "completed"], "resolved"),
        (["mutual", "completed"], "resolved"),
    ],
)
def test_a_demand_stands_as_its_furthest_talks_do(stages: list[str], state: str) -> None:
    assert standing_of("demand", [Talk(stage=one, transfers=False) for one in stages]) == state


@pytest.mark.parametrize(
    ("stage", "state"),
    [
        ("drafting", "published"),
        ("signed", "reserved"),
        ("registered", "transferred"),
        ("completed", "transferred"),
        ("lost", "published"),
    ],
)
def test_only_a_transfer_takes_an_outcome_off_the_market(stage: str, state: str) -> None:
    assert standing_of("outcome", [Talk(stage=stage, transfers=True)]) == state
    assert standing_of("outcome", [Talk(stage=stage, transfers=False)]) == "published"


@given(TALKS, st.sampled_from(["demand", "outcome"]))
def test_lost_talks_and_their_order_do_not_matter(talks: list[Talk], noun: str) -> None:
    state = standing_of(noun, talks)
    assert standing_of(noun, [*talks, Talk(stage="lost", transfers=False)]) == state
    assert standing_of(noun, talks[::-1]) == state


def test_every_standing_is_reached_from_every_other_by_an_action_of_the_table() -> None:
    for noun, actions in ACTIONS.items():
        for target, action in actions.items():
            rule = rule_of(noun, action)
            assert rule.target == target
            # A challenge holds a demand whatever its talks say, and lets it go as published.
            held = {"challenge"} if action == "relist" and noun == "demand" else set()
            assert rule.sources == (LISTED_STATES[noun] & actions.keys()) - {target} | held
