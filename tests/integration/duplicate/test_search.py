"""Searching everything: what is stored, what stays, what goes."""

from __future__ import annotations

import json
import threading
from pathlib import Path

from click.testing import CliRunner
from sqlalchemy import delete, select, update

from matchmaker.cli.main import cli
from matchmaker.domain.visibility import CONFIDENTIAL_FIELDS, REDACTED_FIELDS
from matchmaker.matching.duplicates import Content
from matchmaker.services import duplicate as service
from matchmaker.services import duplicate_follower as follower
from matchmaker.services.record import MODELS
from matchmaker.services.record import delete as delete_record
from matchmaker.store.audit import AuditEvent
from matchmaker.store.demand import Demand
from matchmaker.store.duplicate import Duplicate
from matchmaker.store.queries import duplicate as query
from tests import builders
from tests.integration.duplicate.conftest import KEY, PROBLEM, UNLIKE, World

COPIES = {
    frozenset({"first", "copy"}),
    frozenset({"first", "directed"}),
    frozenset({"copy", "directed"}),
}


def test_a_search_stores_what_is_nearly_the_same(world: World) -> None:
    found = service.find_all(world.platform.database, "demand")
    assert (found.records, found.pairs, found.new) == (4, 3, 3)
    assert world.pairs() == dict.fromkeys(COPIES, "open")


def test_a_second_search_changes_nothing(world: World) -> None:
    service.find_all(world.platform.database, "demand")
    again = service.find_all(world.platform.database, "demand")
    assert (again.pairs, again.new, again.gone) == (3, 0, 0)
    with world.platform.reading() as uow:
        found = uow.session.scalars(select(AuditEvent).where(AuditEvent.action == "find")).all()
        assert [event.changes["new"] for event in found] == [[None, 3]]


def test_a_decision_outlives_every_search(world: World) -> None:
    service.find_all(world.platform.database, "demand")
    broker = _actor(world, "broker")
    with world.platform.unit_of_work() as uow:
        service.separate(
            uow, broker, "demand", first=world.demands["first"], second=world.demands["copy"]
        )
    with world.platform.unit_of_work() as uow:
        uow.session.execute(
            update(Demand)
            .where(Demand.public_id == world.demands["copy"])
            .values(problem=UNLIKE, key_technology="")
        )
    again = service.find_all(world.platform.database, "demand")
    assert again.gone == 1, "an open pair that is no longer alike goes"
    assert world.pairs() == {
        frozenset({"first", "copy"}): "different",
        frozenset({"first", "directed"}): "open",
    }


def test_deleting_a_record_removes_its_pairs(world: World) -> None:
    service.find_all(world.platform.database, "demand")
    with world.platform.unit_of_work() as uow:
        record = uow.session.scalars(
            select(Demand).where(Demand.public_id == world.demands["first"])
        ).one()
        record.state, record.published_at = "draft", None  # compared while it was in review
        uow.flush()
        delete_record(uow, _actor(world, "company"), record)
    del world.demands["first"]
    assert set(world.pairs()) == {frozenset({"copy", "directed"})}


def test_only_public_texts_are_compared(world: World) -> None:
    for noun, columns in query.TEXTS.items():
        names = {column.key for column in columns}
        assert not names & (REDACTED_FIELDS | CONFIDENTIAL_FIELDS), noun
    with world.platform.unit_of_work() as uow:
        for number in range(2):
            builders.outcome(
                uow,
                world.people["researcher"],
                title=f"成果{number}号",
                summary=(PROBLEM, UNLIKE)[number],
                problem_solved="",
                advantage="",
                principle=KEY * 9,
                know_how=KEY * 9,
            )
    assert service.find_all(world.platform.database, "outcome").pairs == 0


def test_drafts_and_withdrawn_records_are_left_alone(world: World) -> None:
    with world.platform.unit_of_work() as uow:
        uow.session.execute(update(Demand).values(state="withdrawn"))
    assert service.find_all(world.platform.database, "demand").records == 0


def test_the_command_says_what_it_found(world: World) -> None:
    told = CliRunner().invoke(cli, ["duplicates"], obj=world.platform, catch_exceptions=False)
    assert "4 demands compared: 3 nearly the same pairs, 3 of them new, 0 decided" in told.output
    assert "0 outcomes compared" in told.output
    told = CliRunner().invoke(
        cli,
        ["duplicates", "--kind", "demand", "--json"],
        obj=world.platform,
        catch_exceptions=False,
    )
    assert json.loads(told.stdout)[0]["new"] == 0


def test_the_index_in_a_process_follows_the_database(world: World) -> None:
    index = world.platform.duplicates
    content = Content("热敏打印头耐磨保护膜", f"{PROBLEM}\n{KEY}")
    assert len(index.candidates("demand", content)) == 3
    with world.platform.database.unit_of_work() as uow:
        made = builders.demand(uow, world.people["company"], problem=PROBLEM, key_technology=KEY)
        waiting = builders.demand(
            uow, world.people["company"], problem=PROBLEM, key_technology=KEY, state="submitted"
        )
    assert {made.id, waiting.id} < set(index.candidates("demand", content))
    with world.platform.database.unit_of_work() as uow:
        uow.session.execute(delete(Demand).where(Demand.id == waiting.id))
    assert waiting.id not in index.candidates("demand", content)
    assert index.candidates("outcome", content) == []


def test_a_large_collection_is_sketched_beside_and_kept_in_a_file(world: World) -> None:
    content = Content("热敏打印头耐磨保护膜", f"{PROBLEM}\n{KEY}")
    folder = world.platform.settings.index_dir
    made = follower.DuplicateFollower(world.platform.database, folder, at_once=1)
    assert made.candidates("demand", content) == []
    made.finish()
    found = made.candidates("demand", content)
    assert len(found) == 3
    assert [path.name for path in folder.iterdir()] == ["duplicates.npz"]
    again = follower.DuplicateFollower(world.platform.database, folder, at_once=1)
    assert again.candidates("demand", content) == found, "the file is read"
    assert not any(thread.name == "duplicates" for thread in threading.enumerate())


def test_a_broken_file_or_one_of_another_history_is_ignored(world: World) -> None:
    content = Content("热敏打印头耐磨保护膜", f"{PROBLEM}\n{KEY}")
    folder = world.platform.settings.index_dir
    made = follower.DuplicateFollower(world.platform.database, folder, at_once=1)
    made.candidates("demand", content)
    made.finish()
    path: Path = folder / "duplicates.npz"
    whole = path.read_bytes()
    for broken in (whole[:100], whole[: len(whole) // 2], b"", b"nothing"):
        path.write_bytes(broken)
        fresh = follower.DuplicateFollower(world.platform.database, folder)
        assert len(fresh.candidates("demand", content)) == 3
    path.write_bytes(whole)
    with world.platform.database.unit_of_work() as uow:
        uow.session.execute(delete(Duplicate))
        for model in MODELS.values():
            uow.session.execute(delete(model))
    with world.platform.database.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM change")
    fresh = follower.DuplicateFollower(world.platform.database, folder)
    assert fresh.candidates("demand", content) == []


def _actor(world: World, role: str) -> object:
    from matchmaker.domain.permissions import Actor

    person = world.people[role]
    return Actor(
        user_id=person.id, role=role, organisation_id=person.organisation_id, verified=True
    )
