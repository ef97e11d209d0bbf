"""Stored shortlists: what is written, what is kept, who sees what."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from matchmaker.bootstrap import Matchmaker
from matchmaker.domain.errors import NotFound
from matchmaker.domain.permissions import SYSTEM, VISITOR, Actor
from matchmaker.services import match_review, matching, suggestion
from matchmaker.store.audit import AuditEvent
from matchmaker.store.change import Progress, record_changes
from matchmaker.store.demand import Demand
from matchmaker.store.match import Match
from matchmaker.store.outcome import Outcome
from tests import builders
from tests.integration.matching.conftest import demand_texts, fill, outcome_texts

CURE = "碳纤维预浸料快速固化工艺"


def _rows(platform: Matchmaker) -> dict[tuple[int, int], Match]:
    with platform.reading() as uow:
        rows = uow.session.scalars(select(Match)).all()
        uow.session.expunge_all()
    return {(row.demand_id, row.outcome_id): row for row in rows}


def _pair(platform: Matchmaker, **demand: Any) -> tuple[int, int]:
    """A published demand with an outcome that answers it; both are matched."""
    with platform.unit_of_work() as uow:
        wanted = builders.demand(uow, builders.organisation(uow), title=CURE, **demand)
        offered = builders.outcome(uow, builders.organisation(uow, "institution"), title=CURE)
    return wanted.id, offered.id


def _change(platform: Matchmaker, model: type[Demand | Outcome], key: int, **values: Any) -> None:
    with platform.unit_of_work() as uow:
        record = uow.session.get_one(model, key)
        for name, value in values.items():
            setattr(record, name, value)
        record_changes(uow, "demand" if model is Demand else "outcome", [key])


def _broker(platform: Matchmaker) -> Actor:
    with platform.database.unit_of_work() as uow:
        person = builders.user(uow, platform.passwords, "broker")
    return Actor(
        user_id=person.id, role="broker", organisation_id=person.organisation_id, verified=True
    )


def _decide(platform: Matchmaker, broker: Actor, row: Match, decision: str) -> None:
    with platform.unit_of_work() as uow:
        if decision == "dismiss":
            match_review.dismiss(uow, broker, match_id=row.public_id, reason="region")
        else:
            getattr(match_review, decision)(uow, broker, match_id=row.public_id)


def test_a_new_record_is_matched_as_soon_as_it_is_saved(platform: Matchmaker) -> None:
    with platform.unit_of_work() as uow:
        fill(uow, demands=0, outcomes=15)
    demand, outcome = _pair(platform)
    row = _rows(platform)[demand, outcome]
    assert (row.state, row.rank, row.current, row.level) == ("suggested", 1, True, 3)
    assert row.engine_version == platform.index.version
    assert row.explanation["terms"][0]["text"]
    assert row.explanation["alignment"]["demand"]["text"]
    with platform.reading() as uow:
        suggested = select(AuditEvent).where(AuditEvent.action == "suggest")
        events = uow.session.scalars(suggested).all()
        uow.session.expunge_all()
    assert {(event.noun, event.actor_role) for event in events} == {("match", "system")}
    assert sum(event.changes["added"][1] for event in events) == len(_rows(platform))


def test_nothing_is_suggested_between_records_of_one_organisation(platform: Matchmaker) -> None:
    with platform.unit_of_work() as uow:
        owner = builders.organisation(uow)
        builders.demand(uow, owner, title=CURE)
        builders.outcome(uow, owner, title=CURE)
    assert not _rows(platform)


def test_a_shortlist_has_ten_at_most_in_order_and_none_below_the_floor(
    platform: Matchmaker,
) -> None:
    with platform.database.unit_of_work() as uow:
        fill(uow, demands=12, outcomes=60)
    platform.catch_up()
    by_demand: dict[int, list[Match]] = {}
    for row in _rows(platform).values():
        by_demand.setdefault(row.demand_id, []).append(row)
    assert by_demand
    for rows in by_demand.values():
        rows.sort(key=lambda row: row.rank)
        assert [row.rank for row in rows] == list(range(1, len(rows) + 1))
        assert len(rows) <= matching.SHORTLIST_LENGTH
        assert [row.score for row in rows] == sorted((row.score for row in rows), reverse=True)
        assert all(row.level >= 1 for row in rows)


def test_matching_twice_changes_nothing(platform: Matchmaker) -> None:
    with platform.database.unit_of_work() as uow:
        fill(uow, demands=6, outcomes=20)
    platform.catch_up()
    before = {key: vars(row) | {"_sa_instance_state": 0} for key, row in _rows(platform).items()}
    matching.match_all(platform.database, platform.index)
    after = {key: vars(row) | {"_sa_instance_state": 0} for key, row in _rows(platform).items()}
    assert after == before


@pytest.mark.parametrize("decision", ["accept", "dismiss", "snooze"])
def test_a_decision_survives_matching_anew(platform: Matchmaker, decision: str) -> None:
    key = _pair(platform)
    broker = _broker(platform)
    _decide(platform, broker, _rows(platform)[key], decision)
    decided = _rows(platform)[key]
    matching.match_all(platform.database, platform.index)
    _change(platform, Demand, key[0], problem="单件成本高。")
    kept = _rows(platform)[key]
    for name in ("state", "reason", "decided_by", "decided_at", "snoozed_until", "score"):
        assert getattr(kept, name) == getattr(decided, name), name
    assert kept.current
    assert kept.state != "suggested"


@pytest.mark.parametrize("side", [Demand, Outcome])
def test_when_a_record_is_withdrawn_open_matches_go_and_decisions_stay(
    platform: Matchmaker, side: type[Demand | Outcome]
) -> None:
    decided, open_one = _pair(platform), None
    with platform.unit_of_work() as uow:
        record = uow.session.get_one(side, decided[0] if side is Demand else decided[1])
        other = builders.organisation(uow, "institution")
        if side is Demand:
            open_one = (record.id, builders.outcome(uow, other, title=CURE).id)
        else:
            open_one = (builders.demand(uow, builders.organisation(uow), title=CURE).id, record.id)
    assert open_one in _rows(platform)
    _decide(platform, _broker(platform), _rows(platform)[decided], "accept")
    _change(platform, side, record.id, state="withdrawn")
    rows = _rows(platform)
    assert open_one not in rows
    assert (rows[decided].state, rows[decided].current) == ("accepted", False)
    _change(platform, side, record.id, state="published")
    rows = _rows(platform)
    assert rows[open_one].state == "suggested"
    assert (rows[decided].state, rows[decided].current) == ("accepted", True)


def test_what_a_crash_left_unmatched_is_matched_the_next_time(platform: Matchmaker) -> None:
    with platform.database.unit_of_work() as uow:
        fill(uow, demands=3, outcomes=9)
    assert not _rows(platform)
    assert matching.is_behind(platform.database)
    key = _pair(platform)
    assert key in _rows(platform)
    assert len({demand for demand, _ in _rows(platform)}) > 1
    assert not matching.is_behind(platform.database)


def test_a_failing_engine_does_not_undo_what_was_saved(
    platform: Matchmaker, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(matching, "catch_up", fail)
        key = _pair(platform)
    assert "could not be matched" in caplog.text
    assert not _rows(platform)
    platform.catch_up()
    assert key in _rows(platform)


def test_more_than_a_request_should_wait_for_is_matched_beside_it(platform: Matchmaker) -> None:
    with platform.unit_of_work() as uow:
        fill(uow, demands=10, outcomes=20)
    platform._matcher.shutdown(wait=True)
    assert _rows(platform)
    assert not matching.is_behind(platform.database)


def test_matching_starts_over_when_something_newer_arrives_meanwhile(
    platform: Matchmaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = _pair(platform)
    computed = matching._shortlists
    interfered: list[int] = []

    def interfere(*given: Any, **named: Any) -> Any:
        found = computed(*given, **named)
        if not interfered:
            interfered.append(1)
            with platform.database.unit_of_work() as uow:
                uow.session.get_one(Outcome, key[1]).state = "withdrawn"
                record_changes(uow, "outcome", [key[1]])
        return found

    monkeypatch.setattr(matching, "_shortlists", interfere)
    matching.match_all(platform.database, platform.index)
    assert not _rows(platform)
    with platform.reading() as uow:
        row = uow.session.scalars(select(Progress)).one()
        uow.session.expunge_all()
    assert row.matched_through == row.last_change - 1
    platform.catch_up()
    assert not matching.is_behind(platform.database)


def test_where_newer_changes_never_end_they_are_made_to_wait(
    platform: Matchmaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = _pair(platform)
    computed = matching._shortlists
    rounds: list[int] = []

    def interfere(*given: Any, **named: Any) -> Any:
        rounds.append(1)
        if len(rounds) <= matching._ATTEMPTS:
            with platform.database.unit_of_work() as uow:
                record_changes(uow, "outcome", [key[1]])
        return computed(*given, **named)

    monkeypatch.setattr(matching, "_shortlists", interfere)
    matching.match_all(platform.database, platform.index)
    assert len(rounds) == matching._ATTEMPTS + 1
    assert key in _rows(platform)


def test_live_suggestions_show_only_what_the_actor_may_see(platform: Matchmaker) -> None:
    public, outcome = _pair(platform)
    with platform.unit_of_work() as uow:
        anonymous = builders.demand(
            uow, builders.organisation(uow), title=CURE, disclosure="anonymous"
        ).id
        directed = builders.demand(
            uow, builders.organisation(uow), title=CURE, disclosure="directed"
        ).id
        draft = builders.outcome(uow, builders.organisation(uow), title=CURE, state="draft")
    broker = _broker(platform)
    with platform.reading() as uow:
        served = suggestion.load(uow, "outcome", outcome)
        unseen = suggestion.load(uow, "outcome", draft.id)
        seen = suggestion.suggest(uow, VISITOR, platform.index, served)
        assert {one.other.id for one in seen} == {public, anonymous}
        names = {one.other.id: one.other.organisation_name for one in seen}
        assert names[anonymous] is None
        assert names[public]
        all_of_them = suggestion.suggest(uow, broker, platform.index, served)
        assert {one.other.id for one in all_of_them} == {public, anonymous, directed}
        assert all(one.other.organisation_name for one in all_of_them)
        for record in (unseen, suggestion.load(uow, "demand", directed)):
            with pytest.raises(NotFound):
                suggestion.suggest(uow, VISITOR, platform.index, record)
        early = suggestion.suggest(uow, SYSTEM, platform.index, unseen)
        assert public in {one.other.id for one in early}
        assert _rows(platform)[directed, outcome].state == "suggested"


_STEPS = st.lists(
    st.tuples(
        st.sampled_from(("add", "edit", "edit", "withdraw", "republish", "decide")),
        st.sampled_from((Demand, Outcome)),
        st.integers(0, 10_000),
    ),
    min_size=1,
    max_size=8,
)


class _World:
    """Random changes to records, through units of work as the services make them."""

    def __init__(self, platform: Matchmaker, broker: Actor) -> None:
        self.platform = platform
        self.broker = broker

    def do(self, what: str, model: type[Demand | Outcome], number: int) -> None:
        numbers = random.Random(number)  # noqa: S311 - texts, not secrets
        texts = demand_texts(numbers) if model is Demand else outcome_texts(numbers)
        if what == "decide":
            self._decide(numbers)
        elif what == "add":
            self._add(model, texts)
        else:
            keys = self._keys(model, "withdrawn" if what == "republish" else "published")
            if keys:
                states = {"withdraw": "withdrawn", "republish": "published"}
                values = {"state": states[what]} if what in states else texts
                _change(self.platform, model, numbers.choice(keys), **values)

    def _add(self, model: type[Demand | Outcome], texts: dict[str, str]) -> None:
        with self.platform.unit_of_work() as uow:
            if model is Demand:
                builders.demand(uow, builders.organisation(uow), **texts)
            else:
                builders.outcome(uow, builders.organisation(uow, "institution"), **texts)

    def _decide(self, numbers: random.Random) -> None:
        rows = _rows(self.platform)
        still_open = [rows[key] for key in sorted(rows) if rows[key].state == "suggested"]
        if still_open:
            decision = numbers.choice(("accept", "dismiss", "snooze"))
            _decide(self.platform, self.broker, numbers.choice(still_open), decision)

    def _keys(self, model: type[Demand | Outcome], state: str) -> list[int]:
        with self.platform.reading() as uow:
            statement = select(model.id).where(model.state == state).order_by(model.id)
            return list(uow.session.scalars(statement))


def _comparable(platform: Matchmaker) -> dict[tuple[int, int], tuple[Any, ...]]:
    """What following changes and a full run must agree on: all but the choice of shared terms."""
    return {
        key: (row.state, row.current)
        if row.state != "suggested"
        else (
            row.state,
            row.current,
            row.rank,
            row.level,
            round(row.score, 5),
            row.explanation["alignment"],
            row.explanation["facts"],
        )
        for key, row in _rows(platform).items()
    }


@settings(max_examples=12, deadline=None)
@given(steps=_STEPS)
def test_following_changes_ends_where_a_full_run_ends(
    fresh_platform: Any, steps: list[tuple[str, type[Demand | Outcome], int]]
) -> None:
    with fresh_platform() as platform:
        with platform.database.unit_of_work() as uow:
            fill(uow, demands=8, outcomes=25)
        platform.catch_up()
        world = _World(platform, _broker(platform))
        for step in steps:
            world.do(*step)
        followed = _comparable(platform)
        matching.match_all(platform.database, platform.index)
        assert _comparable(platform) == followed
