"""The permission table is complete and consistent with the vocabularies."""

from __future__ import annotations

import pytest

from matchmaker.domain import (
    challenge_vocabulary,
    contract_vocabulary,
    desk_vocabulary,
    event_vocabulary,
    gap_vocabulary,
    vocabulary,
)
from matchmaker.domain.errors import NotAllowed, WrongState
from matchmaker.domain.permissions import (
    RULES,
    SYSTEM,
    VISITOR,
    Actor,
    Bare,
    Relation,
    may,
    next_state,
    require,
)

STATES = {
    "demand": set(vocabulary.DEMAND_STATES),
    "outcome": set(vocabulary.OUTCOME_STATES),
    "match": set(vocabulary.MATCH_STATES),
    "question": set(vocabulary.QUESTION_STATES),
    "duplicate": set(vocabulary.DUPLICATE_STATES),
    "placement": set(vocabulary.PLACEMENT_STATES),
    "next_step": set(vocabulary.NEXT_STEP_STATES),
    "organisation": set(vocabulary.VERIFICATIONS),
    "introduction": set(vocabulary.INTRODUCTION_STATES),
    "engagement": set(vocabulary.ENGAGEMENT_STATES),
    "meeting": set(vocabulary.MEETING_STATES),
    "contract": set(contract_vocabulary.CONTRACT_STATES),
    "disclosure": set(vocabulary.DISCLOSURE_STATES),
    "event": set(event_vocabulary.EVENT_STATES),
    "event_party": set(event_vocabulary.EVENT_PARTY_STATES),
    "need_consent": set(gap_vocabulary.NEED_CONSENT_STATES),
    "challenge": set(challenge_vocabulary.CHALLENGE_STATES),
    "challenge_demand": set(challenge_vocabulary.CHALLENGE_CONSENTS),
    "challenge_bid": set(challenge_vocabulary.CHALLENGE_BID_STATES),
    "challenge_score": set(challenge_vocabulary.CHALLENGE_SCORE_STATES),
    "challenge_objection": set(challenge_vocabulary.CHALLENGE_OBJECTION_STATES),
    "secondment": set(desk_vocabulary.SECONDMENT_STATES),
    "membership": set(desk_vocabulary.MEMBERSHIP_STATES),
    "referral": set(desk_vocabulary.REFERRAL_STATES),
    "share": set(desk_vocabulary.SHARE_STATES),
}
FIRST = {
    "demand": "draft",
    "outcome": "draft",
    "match": "suggested",
    "question": "open",
    "duplicate": "open",
    "placement": "proposed",
    "next_step": "open",
    "organisation": "pending",
    "introduction": "asked",
    "engagement": "mutual",
    "meeting": "planned",
    "contract": "draft",
    "disclosure": "asked",
    "event": "draft",
    "event_party": "invited",
    "need_consent": "asked",
    "challenge": "draft",
    "challenge_demand": "asked",
    "challenge_bid": "draft",
    "challenge_score": "draft",
    "challenge_objection": "open",
    "secondment": "proposed",
    "membership": "requested",
    "referral": "recommended",
    "share": "proposed",
}


def test_no_action_has_two_rows() -> None:
    keys = [(rule.noun, rule.action) for rule in RULES]
    assert len(keys) == len(set(keys))


def test_every_state_in_the_table_is_in_the_vocabulary() -> None:
    for rule in RULES:
        named = rule.sources | ({rule.target} if rule.target else set())
        assert named <= STATES.get(rule.noun, set()), rule


@pytest.mark.parametrize("noun", FIRST)
def test_every_state_can_be_reached(noun: str) -> None:
    reached = {FIRST[noun]}
    while True:
        more = {
            rule.target
            for rule in RULES
            if rule.noun == noun and rule.target and rule.sources & reached
        } - reached
        if not more:
            break
        reached |= more
    assert reached == STATES[noun]


def test_every_role_is_a_relation() -> None:
    assert set(vocabulary.ROLES) <= {relation.value for relation in Relation}


def test_a_visitor_may_do_nothing_but_register() -> None:
    allowed = [
        (rule.noun, rule.action)
        for rule in RULES
        for state in (STATES.get(rule.noun) or {None})
        if may(VISITOR, rule.noun, rule.action, Bare(state=state))
    ]
    assert set(allowed) == {("organisation", "create")}


def test_the_platform_itself_does_only_what_runs_by_the_clock_or_the_engine() -> None:
    allowed = {rule.action for rule in RULES if Relation.SYSTEM in rule.who}
    assert allowed == {
        *("expire", "wake", "suggest", "find", "send"),
        *("conclude", "lapse", "remind", "conclude_nda", "rest"),
        *("assign", "escalate", "run"),
        *("propose", "rebuild", "group"),
        *("close", "fail", "challenge", "answer"),  # calls by the clock, and their demands
        *("engage", "contract", "resolve", "reserve", "transfer", "relist"),  # what talks lead to
    }
    assert may(SYSTEM, "match", "suggest")


def test_a_wrong_state_and_a_missing_right_are_told_apart() -> None:
    owner = Actor(user_id=1, role="company", organisation_id=7, verified=True)
    stranger = Actor(user_id=2, role="company", organisation_id=8, verified=True)
    draft = Bare(state="draft", organisation_id=7)
    published = Bare(state="published", organisation_id=7)
    require(owner, "demand", "submit", draft)
    with pytest.raises(WrongState, match="possible only when it is draft or returned"):
        require(owner, "demand", "submit", published)
    with pytest.raises(NotAllowed):
        require(stranger, "demand", "submit", draft)
    with pytest.raises(WrongState):
        next_state("demand", "submit", "published")
