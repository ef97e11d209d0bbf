"""The SQL form of visibility gives the answers of the plain form, for every actor and record."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from matchmaker.bootstrap import Matchmaker
from matchmaker.domain.engagement import NDA_VERSION
from matchmaker.domain.permissions import SYSTEM, VISITOR, Actor
from matchmaker.domain.visibility import Grant, Tier, may_name_organisation, may_read, may_see
from matchmaker.domain.vocabulary import (
    DEMAND_STATES,
    DISCLOSURE_STATES,
    DISCLOSURES,
    OUTCOME_STATES,
    ROLES,
)
from matchmaker.store.database import UnitOfWork
from matchmaker.store.demand import Demand, DemandRecipient
from matchmaker.store.disclosure import DisclosureGrant
from matchmaker.store.match import Match
from matchmaker.store.organisation import Organisation
from matchmaker.store.outcome import Outcome
from matchmaker.store.queries.visibility import (
    MODELS,
    confidential,
    named,
    pair_opened,
    pair_shown,
    seen,
)
from tests import builders, engaged

_ORGANISATIONS = 3

_ACTORS = st.one_of(
    st.sampled_from([VISITOR, SYSTEM]),
    st.builds(
        lambda *drawn: drawn,
        st.sampled_from(sorted(ROLES)),
        st.one_of(st.none(), st.integers(0, _ORGANISATIONS - 1)),
        st.booleans(),
        st.booleans(),
        st.sets(st.integers(0, _ORGANISATIONS - 1)),
    ),
)
_DEMANDS = st.lists(
    st.fixed_dictionaries(
        {
            "owner": st.integers(0, _ORGANISATIONS - 1),
            "state": st.sampled_from(sorted(DEMAND_STATES)),
            "disclosure": st.sampled_from(sorted(DISCLOSURES)),
            "recipients": st.sets(st.integers(0, _ORGANISATIONS - 1)),
        }
    ),
    min_size=1,
    max_size=6,
)
_OUTCOMES = st.lists(
    st.fixed_dictionaries(
        {
            "owner": st.integers(0, _ORGANISATIONS - 1),
            "state": st.sampled_from(sorted(OUTCOME_STATES)),
        }
    ),
    min_size=1,
    max_size=4,
)


@contextmanager
def _undone(platform: Matchmaker) -> Iterator[UnitOfWork]:
    """A transaction that leaves nothing behind."""
    with platform.database.unit_of_work() as uow:
        yield uow
        uow.session.rollback()


def _actor(drawn: Any, places: list[Organisation]) -> Actor:
    if isinstance(drawn, Actor):
        return drawn
    role, place, verified, manager, firms = drawn
    organisation_id = None if place is None else places[place].id
    helped = frozenset(places[firm].id for firm in firms)
    return Actor(
        user_id=1,
        role=role,
        organisation_id=organisation_id,
        verified=verified and organisation_id is not None,
        manager=manager,
        placed_with=helped if role == "specialist" else frozenset(),
        confided_by=helped if role == "association" else frozenset(),
    )


def _stored_demand(uow: UnitOfWork, drawn: dict[str, Any], places: list[Organisation]) -> Demand:
    demand: Demand = builders.demand(
        uow,
        places[drawn["owner"]],
        state=drawn["state"],
        state_note="补充指标",
        disclosure=drawn["disclosure"],
    )
    demand.recipients = [
        DemandRecipient(organisation_id=places[place].id) for place in drawn["recipients"]
    ]
    uow.session.flush()
    return demand


def _stored_outcome(uow: UnitOfWork, drawn: dict[str, Any], places: list[Organisation]) -> Outcome:
    made: Outcome = builders.outcome(
        uow, places[drawn["owner"]], state=drawn["state"], state_note="补充对比"
    )
    return made


def _ids(uow: UnitOfWork, noun: str, clause: Any) -> set[int]:
    return set(uow.session.scalars(select(MODELS[noun].id).where(clause)))


def test_sql_and_plain_visibility_agree(platform: Matchmaker) -> None:
    @settings(max_examples=50, deadline=timedelta(seconds=5))
    @given(drawn_actor=_ACTORS, demands=_DEMANDS, outcomes=_OUTCOMES)
    def agree(
        drawn_actor: Any, demands: list[dict[str, Any]], outcomes: list[dict[str, Any]]
    ) -> None:
        with _undone(platform) as uow:
            places = [builders.organisation(uow) for _ in range(_ORGANISATIONS)]
            actor = _actor(drawn_actor, places)
            records: dict[str, list[Any]] = {
                "demand": [_stored_demand(uow, drawn, places) for drawn in demands],
                "outcome": [_stored_outcome(uow, drawn, places) for drawn in outcomes],
            }
            for noun, stored in records.items():
                assert _ids(uow, noun, seen(actor, noun)) == {
                    one.id for one in stored if may_see(actor, noun, one)
                }
                assert _ids(uow, noun, named(actor, noun)) == {
                    one.id for one in stored if may_name_organisation(actor, noun, one)
                }

    agree()


def _is_party(actor: Actor, demand: Demand, outcome: Outcome) -> bool:
    if actor.role in {"broker", "bureau"}:
        return True
    own = actor.organisation_id
    return own is not None and own in {demand.organisation_id, outcome.organisation_id}


def test_a_pair_opens_to_its_parties_and_reviewers_who_may_see_both_sides(
    platform: Matchmaker,
) -> None:
    @settings(max_examples=50, deadline=timedelta(seconds=5))
    @given(
        drawn_actor=_ACTORS,
        drawn_demand=_DEMANDS.map(lambda drawn: drawn[0]),
        drawn_outcome=_OUTCOMES.map(lambda drawn: drawn[0]),
        state=st.sampled_from(["suggested", "accepted", "dismissed"]),
        current=st.booleans(),
    )
    def agree(
        drawn_actor: Any,
        drawn_demand: dict[str, Any],
        drawn_outcome: dict[str, Any],
        state: str,
        current: bool,
    ) -> None:
        with _undone(platform) as uow:
            places = [builders.organisation(uow) for _ in range(_ORGANISATIONS)]
            actor = _actor(drawn_actor, places)
            demand = _stored_demand(uow, drawn_demand, places)
            outcome = _stored_outcome(uow, drawn_outcome, places)
            uow.session.add(
                Match(
                    demand_id=demand.id,
                    outcome_id=outcome.id,
                    score=0.5,
                    level=2,
                    rank=1,
                    current=current,
                    explanation={},
                    engine_version="test",
                    state=state,
                    reason="timing" if state == "dismissed" else None,
                    decided_at=None if state == "suggested" else uow.now,
                    created_at=uow.now,
                )
            )
            uow.session.flush()
            pairs = (
                select(Match.id)
                .join(Demand, Match.demand_id == Demand.id)
                .join(Outcome, Match.outcome_id == Outcome.id)
            )
            both = may_see(actor, "demand", demand) and may_see(actor, "outcome", outcome)
            opens = both and (_is_party(actor, demand, outcome) or actor is SYSTEM)
            public = (
                may_see(VISITOR, "demand", demand)
                and may_see(VISITOR, "outcome", outcome)
                and state != "dismissed"
                and current
            )
            assert bool(uow.session.scalar(pairs.where(pair_opened(actor)))) is opens
            assert bool(uow.session.scalar(pairs.where(pair_shown(actor)))) is (opens or public)

    agree()


class _Plain:
    """Nobody logs in here."""

    def hash(self, password: str) -> str:
        return password

    def verify(self, stored: str, given: str) -> bool:
        return stored == given

    def outdated(self, stored: str) -> bool:
        return not stored


_TODAY = date(2026, 3, 2)
_GRANTS = st.fixed_dictionaries(
    {
        "to": st.integers(0, _ORGANISATIONS - 1),
        "state": st.sampled_from(sorted(DISCLOSURE_STATES)),
        "days": st.sampled_from([-1, 0, 1]),
        "agreed": st.sampled_from(
            [
                {},
                {"company": NDA_VERSION},
                {"company": NDA_VERSION, "institution": "older"},
                {"company": "older", "institution": "older"},
                engaged.BOTH,
            ]
        ),
    }
)


def _granted(uow: UnitOfWork, noun: str, record: Any, grantee: Organisation, drawn: Any) -> Grant:
    """A stored grant with the engagement in which the agreement was accepted, or not."""
    state = drawn["state"]
    until = _TODAY + timedelta(days=drawn["days"])
    kept = until if state in ("granted", "revoked", "lapsed") else None
    person = builders.user(uow, _Plain(), "company", grantee)
    uow.session.add(
        DisclosureGrant(
            demand_id=record.id if noun == "demand" else None,
            outcome_id=record.id if noun == "outcome" else None,
            owner_id=record.organisation_id,
            author_id=record.author_id,
            grantee_id=grantee.id,
            state=state,
            until=kept,
            reason="" if state == "asked" else "合作",
            decided_by=None if state == "asked" else person.id,
            decided_at=None if state == "asked" else uow.now,
            revoked_at=uow.now if state == "revoked" else None,
            revoke_reason="收回" if state == "revoked" else "",
        )
    )
    demand = record if noun == "demand" else builders.demand(uow, grantee)
    outcome = record if noun == "outcome" else builders.outcome(uow, grantee)
    engaged.engagement(uow, demand, outcome, person, person, nda=drawn["agreed"])
    sides = drawn["agreed"]
    agreed = len(sides) == 2 and len(set(sides.values())) == 1
    return Grant(organisation_id=grantee.id, state=state, until=kept, nda=agreed)


def test_sql_and_plain_confidentiality_agree(platform: Matchmaker) -> None:
    @settings(max_examples=60, deadline=timedelta(seconds=5))
    @given(
        drawn_actor=_ACTORS,
        drawn_demand=_DEMANDS.map(lambda drawn: drawn[0]),
        drawn_outcome=_OUTCOMES.map(lambda drawn: drawn[0]),
        noun=st.sampled_from(["demand", "outcome"]),
        drawn_grant=_GRANTS,
        wrote=st.booleans(),
    )
    def agree(
        drawn_actor: Any,
        drawn_demand: dict[str, Any],
        drawn_outcome: dict[str, Any],
        noun: str,
        drawn_grant: dict[str, Any],
        wrote: bool,
    ) -> None:
        with _undone(platform) as uow:
            places = [builders.organisation(uow) for _ in range(_ORGANISATIONS)]
            author = builders.user(uow, platform.passwords, "company", places[0])
            actor = _actor(drawn_actor, places)
            if actor.signed_in:
                actor = replace(actor, user_id=author.id if wrote else author.id + 1)
            make = _stored_demand if noun == "demand" else _stored_outcome
            record = make(uow, drawn_demand if noun == "demand" else drawn_outcome, places)
            record.author_id = author.id
            grantee = places[drawn_grant["to"]]
            grants = []
            if grantee.id != record.organisation_id:
                grants.append(_granted(uow, noun, record, grantee, drawn_grant))
            uow.session.flush()
            reads = may_read(actor, noun, record, Tier.CONFIDENTIAL, grants=grants, today=_TODAY)
            assert (record.id in _ids(uow, noun, confidential(actor, noun, _TODAY))) is reads

    agree()
