"""Who keeps a confidential tier, to whom it opens, and when people may contact each other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import pytest

from matchmaker.domain.custody import Custody
from matchmaker.domain.permissions import Actor, Parties
from matchmaker.domain.visibility import Grant, Tier, may_contact, may_know_person, may_read

_TODAY = date(2026, 3, 2)
_READER = Actor(user_id=5, role="researcher", organisation_id=9, verified=True)


@dataclass(frozen=True)
class _Record:
    custody: Custody
    state: str = "published"
    disclosure: str = "public"
    organisation_id: int = 1
    author_id: int | None = 2
    recipient_ids: frozenset[int] = frozenset()


_DEMAND = _Record(Custody(noun="demand", organisation_id=1, author_id=2))
_OUTCOME = _Record(Custody(noun="outcome", organisation_id=1, author_id=2))


_PARTIES = Parties(company_id=1, institution_id=9, researcher_id=5, broker_id=7)


@dataclass(frozen=True)
class _Talks:
    state: str
    parties: Parties = _PARTIES
    organisation_id: int | None = None
    author_id: int | None = None
    recipient_ids: frozenset[int] = frozenset()


def _grant(**other: object) -> Grant:
    values = {"organisation_id": 9, "state": "granted", "until": _TODAY, "nda": True}
    return Grant(**(values | other))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("role", "user_id", "manager", "demand", "outcome"),
    [
        ("company", 2, False, True, False),
        ("company", 3, False, True, False),
        ("researcher", 2, False, False, True),
        ("researcher", 3, False, False, False),
        ("researcher", 3, True, False, True),
        ("broker", 2, True, False, False),
        ("bureau", 3, True, False, False),
        ("administrator", 3, True, False, False),
    ],
)
def test_a_companys_people_keep_its_demands_and_an_outcome_is_kept_by_author_and_managers(
    role: str, user_id: int, manager: bool, demand: bool, outcome: bool
) -> None:
    actor = Actor(user_id=user_id, role=role, organisation_id=1, verified=True, manager=manager)
    assert may_read(actor, "demand", _DEMAND, Tier.CONFIDENTIAL) is demand
    assert may_read(actor, "outcome", _OUTCOME, Tier.CONFIDENTIAL) is outcome


def test_an_author_who_has_left_keeps_nothing() -> None:
    left = Actor(user_id=2, role="researcher", organisation_id=9, verified=True)
    assert not may_read(left, "outcome", _OUTCOME, Tier.CONFIDENTIAL)


@pytest.mark.parametrize(
    ("grant", "opens"),
    [
        (_grant(), True),
        (_grant(until=_TODAY - timedelta(days=1)), False),
        (_grant(until=None, state="asked"), False),
        (_grant(state="revoked"), False),
        (_grant(nda=False), False),
        (_grant(organisation_id=8), False),
    ],
)
def test_a_grant_opens_with_an_agreement_until_its_last_day(grant: Grant, opens: bool) -> None:
    read = may_read(_READER, "demand", _DEMAND, Tier.CONFIDENTIAL, grants=[grant], today=_TODAY)
    assert read is opens


@pytest.mark.parametrize(
    "reader",
    [
        Actor(user_id=5, role="researcher", organisation_id=9, verified=False),
        Actor(user_id=5, role="broker", organisation_id=9, verified=True),
        Actor(user_id=5, role=None, organisation_id=9, verified=True),
    ],
)
def test_a_grant_opens_to_verified_companies_and_institutions_alone(reader: Actor) -> None:
    opened = {"grants": [_grant()], "today": _TODAY}
    assert not may_read(reader, "demand", _DEMAND, Tier.CONFIDENTIAL, **opened)  # type: ignore[arg-type]


def test_a_grant_opens_no_record_that_the_reader_cannot_see() -> None:
    hidden = _Record(_DEMAND.custody, state="withdrawn")
    opened = {"grants": [_grant()], "today": _TODAY}
    assert not may_read(_READER, "demand", hidden, Tier.CONFIDENTIAL, **opened)  # type: ignore[arg-type]


@pytest.mark.parametrize("state", ["asked", "declined", "lapsed", "withdrawn"])
def test_nobody_is_contacted_before_mutual_interest(state: str) -> None:
    assert not may_contact(_READER, _Talks(state))


@pytest.mark.parametrize("state", ["mutual", "nda", "signed", "lost", "dormant"])
def test_from_mutual_interest_on_both_sides_and_their_broker_reach_each_other(state: str) -> None:
    talks = _Talks(state)
    company = Actor(user_id=3, role="company", organisation_id=1, verified=True)
    broker = Actor(user_id=7, role="broker", organisation_id=4, verified=True)
    other = Actor(user_id=8, role="broker", organisation_id=4, verified=True)
    bureau = Actor(user_id=6, role="bureau", organisation_id=2, verified=True)
    assert [may_contact(who, talks) for who in (_READER, company, broker, other, bureau)] == [
        *(True, True, True),
        *(False, False),
    ]


def test_people_are_named_to_colleagues_and_to_those_who_look_after_accounts() -> None:
    of = {"user_id": 2, "organisation_id": 1, "role": "company"}
    named = {
        "colleague": Actor(user_id=3, role="company", organisation_id=1, verified=True),
        "bureau": Actor(user_id=6, role="bureau", organisation_id=2, verified=True),
        "administrator": Actor(user_id=4, role="administrator"),
        "broker": Actor(user_id=7, role="broker", organisation_id=4, verified=True),
        "stranger": _READER,
        "visitor": Actor(),
    }
    assert {who for who, actor in named.items() if may_know_person(actor, **of)} == {
        *("colleague", "bureau", "administrator"),
    }
    acting = {"user_id": 7, "organisation_id": 4, "role": "broker"}
    assert may_know_person(_READER, **acting)
    assert not may_know_person(Actor(), **acting)
