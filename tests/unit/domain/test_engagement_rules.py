"""Working days, the order of stages, guards, and who stands on which side."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest

from matchmaker.domain.engagement import (
    EXPECTED,
    GROUPS,
    STAGES,
    STEPS,
    Facts,
    due_on,
    missing,
    skipped,
)
from matchmaker.domain.introduction import answer_due, remind_from
from matchmaker.domain.permissions import (
    SYSTEM,
    VISITOR,
    Actor,
    Parties,
    Relation,
    available_actions,
    may,
    next_state,
    relations,
    rule_of,
)
from matchmaker.domain.vocabulary import ENGAGEMENT_GROUPS, ENGAGEMENT_STATES, SIDES
from matchmaker.domain.working_days import WorkingDays

WEEKENDS = WorkingDays()
PARTIES = Parties(company_id=1, institution_id=2, researcher_id=20, broker_id=30)


@dataclass(frozen=True)
class Between:
    """Something bilateral, without a database."""

    state: str = "mutual"
    organisation_id: None = None
    author_id: None = None
    recipient_ids: frozenset[int] = frozenset()
    parties: Parties = PARTIES


def company(**changes: Any) -> Actor:
    values = {"user_id": 10, "role": "company", "organisation_id": 1, "verified": True}
    return Actor(**(values | changes))


def researcher(**changes: Any) -> Actor:
    values = {"user_id": 20, "role": "researcher", "organisation_id": 2, "verified": True}
    return Actor(**(values | changes))


PARTY = {Relation.PARTY_COMPANY, Relation.PARTY_INSTITUTION, Relation.OWN_BROKER}


@pytest.mark.parametrize(
    ("actor", "expected"),
    [
        (company(), {Relation.PARTY_COMPANY}),
        (company(user_id=11), {Relation.PARTY_COMPANY}),
        (company(organisation_id=3), set()),
        (company(organisation_id=2), set()),
        (company(verified=False), set()),
        (company(organisation_id=None), set()),
        (researcher(), {Relation.PARTY_INSTITUTION}),
        (researcher(user_id=21), set()),
        (researcher(user_id=21, manager=True), {Relation.PARTY_INSTITUTION}),
        (researcher(organisation_id=3), set()),
        (researcher(organisation_id=3, manager=True), set()),
        (researcher(verified=False), set()),
        (Actor(user_id=30, role="broker", organisation_id=5, verified=True), {Relation.OWN_BROKER}),
        (Actor(user_id=31, role="broker", organisation_id=5, verified=True), set()),
        (Actor(user_id=30, role=None, organisation_id=5), set()),
        (Actor(user_id=40, role="bureau", organisation_id=1, verified=True), set()),
        (Actor(user_id=50, role="administrator"), set()),
        (VISITOR, set()),
        (SYSTEM, set()),
    ],
)
def test_a_side_is_its_company_or_its_researcher_and_managers(
    actor: Actor, expected: set[Relation]
) -> None:
    assert relations(actor, Between()) & PARTY == expected


def test_nobody_but_the_three_sides_views_or_writes() -> None:
    for action in ("view", "write"):
        assert may(company(), "engagement", action, Between())
        for outsider in (
            Actor(user_id=40, role="bureau", organisation_id=1, verified=True),
            Actor(user_id=50, role="administrator"),
            Actor(user_id=31, role="broker", organisation_id=5, verified=True),
            VISITOR,
            SYSTEM,
        ):
            assert not may(outsider, "engagement", action, Between())


def test_five_working_days_pass_over_a_weekend() -> None:
    friday = datetime(2026, 3, 6, 2, 0, tzinfo=UTC)
    assert answer_due(WEEKENDS, friday).isoformat() == "2026-03-13T23:59:59+08:00"
    assert remind_from(WEEKENDS, friday).isoformat() == "2026-03-11T23:59:59+08:00"


def test_a_clock_passes_over_holidays_and_counts_the_weekends_worked_instead() -> None:
    calendar = WorkingDays(
        holidays=frozenset({date(2026, 10, 1), date(2026, 10, 2)}),
        worked=frozenset({date(2026, 10, 10)}),
    )
    wednesday = datetime(2026, 9, 30, 2, 0, tzinfo=UTC)
    assert answer_due(calendar, wednesday).date() == date(2026, 10, 9)
    assert due_on(calendar, "mutual", wednesday) == date(2026, 10, 9)
    assert due_on(calendar, "mutual", datetime(2026, 10, 5, 2, tzinfo=UTC)) == date(2026, 10, 10)


def test_a_day_is_the_day_of_the_place_not_of_greenwich() -> None:
    late_thursday_in_greenwich = datetime(2026, 3, 5, 17, 0, tzinfo=UTC)  # Friday there
    assert answer_due(WEEKENDS, late_thursday_in_greenwich).date() == date(2026, 3, 13)


def test_the_table_leads_from_the_first_stage_to_the_last() -> None:
    state = "mutual"
    for action in ("conclude_nda", *STEPS):
        state = next_state("engagement", action, state)
    assert state == "completed"
    assert set(STAGES) | {"dormant", "lost"} == set(ENGAGEMENT_STATES)


@pytest.mark.parametrize(
    ("action", "state", "stages"),
    [
        ("agree_terms", "meeting", ("validation",)),
        ("draft", "meeting", ("validation", "term_sheet")),
        ("draft", "term_sheet", ()),
        ("sign", "drafting", ("publicity",)),
        ("sign", "publicity", ()),
        ("rest", "drafting", ()),
        ("wake", "dormant", ()),
    ],
)
def test_only_validation_terms_and_notice_can_be_jumped_over(
    action: str, state: str, stages: tuple[str, ...]
) -> None:
    assert skipped(action, state) == stages


def test_no_step_of_the_table_jumps_over_anything_else() -> None:
    jumped = {
        stage
        for action in STEPS
        for source in rule_of("engagement", action).sources
        for stage in skipped(action, source)
    }
    assert jumped == {"validation", "term_sheet", "publicity"}


def test_guards_say_what_a_step_lacks() -> None:
    nothing = Facts()
    assert missing("conclude_nda", nothing) == "nda"
    assert missing("conclude_nda", Facts(nda_sides=frozenset({"company"}))) == "nda"
    both = Facts(nda_sides=frozenset({"company", "institution"}))
    assert missing("conclude_nda", both) is None
    assert missing("meet", nothing) == "meeting"
    assert missing("meet", Facts(meeting_held=True)) is None
    assert missing("sign", nothing) == "contract"
    assert missing("sign", Facts(contract_signed=True)) is None
    assert missing("register", Facts(contract_signed=True)) == "registration"
    assert missing("register", Facts(contract_registered=True)) is None
    assert missing("draft", nothing) is None


def test_a_sleeping_engagement_wakes_to_the_state_it_had() -> None:
    assert next_state("engagement", "wake", "dormant", "drafting") == "drafting"
    with pytest.raises(ValueError, match="to where"):
        next_state("engagement", "wake", "dormant")
    assert "rest" not in available_actions(company(), "engagement", Between())


def test_every_open_stage_has_a_group_and_says_what_it_waits_for() -> None:
    assert set(GROUPS) == set(STAGES)
    assert set(GROUPS.values()) == set(ENGAGEMENT_GROUPS)
    assert set(EXPECTED) == set(STAGES) - {"completed"}
    for state, expected in EXPECTED.items():
        rule = rule_of("engagement", expected.step)
        assert state in rule.sources
        assert expected.side in SIDES
    assert due_on(WEEKENDS, "mutual", datetime(2026, 3, 6, 2, 0, tzinfo=UTC)) == date(2026, 3, 13)
    assert due_on(WEEKENDS, "completed", datetime(2026, 3, 6, 2, 0, tzinfo=UTC)) is None
