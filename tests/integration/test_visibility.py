"""The SQL form of visibility gives the answers of the plain form, for every actor and record."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from matchmaker.bootstrap import Matchmaker
from matchmaker.domain.permissions import SYSTEM, VISITOR, Actor
from matchmaker.domain.visibility import may_name_organisation, may_see
from matchmaker.domain.vocabulary import DEMAND_STATES, DISCLOSURES, OUTCOME_STATES, ROLES
from matchmaker.store.database import UnitOfWork
from matchmaker.store.demand import Demand, DemandRecipient
from matchmaker.store.match import Match
from matchmaker.store.organisation import Organisation
from matchmaker.store.outcome import Outcome
from matchmaker.store.queries.visibility import MODELS, named, pair_opened, pair_shown, seen
from tests import builders

_ORGANISATIONS = 3

_ACTORS = st.one_of(
    st.sampled_from([VISITOR, SYSTEM]),
    st.builds(
        lambda role, place, verified, manager: (role, place, verified, manager),
        st.sampled_from(sorted(ROLES)),
        st.one_of(st.none(), st.integers(0, _ORGANISATIONS - 1)),
        st.booleans(),
        st.booleans(),
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
    role, place, verified, manager = drawn
    organisation_id = None if place is None else places[place].id
    return Actor(
        user_id=1,
        role=role,
        organisation_id=organisation_id,
        verified=verified and organisation_id is not None,
        manager=manager,
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
