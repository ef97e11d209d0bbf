"""Whatever somebody does to the stored audit, verification finds it."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matchmaker.services import audit_chain as service
from matchmaker.store.audit import AuditEvent
from tests.integration.audit.tampering import COLUMNS, NAME, Copy, Row, make, sealed

_ROWS = st.integers(0, 13)
_BEFORE_THE_LAST = st.integers(0, 12)
_WORDS = st.text("abcxyz甲乙", min_size=1, max_size=12)
_NUMBERS = st.integers(-5, 10_000)
_TIMES = st.datetimes(datetime(2000, 1, 1), datetime(2050, 1, 1)).map(  # noqa: DTZ001 - as SQLite stores it
    lambda at: at.isoformat(" ", "microseconds")
)
_CHANGES = st.dictionaries(_WORDS, st.lists(_WORDS | _NUMBERS, min_size=2, max_size=2)).map(
    json.dumps
)
_NUMERIC = {"id", "actor_id", "record_id", "position"}
often = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture(scope="module")
def original(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("chain"), migrated_file)


@pytest.fixture
def copy(original: Path, tmp_path: Path) -> Copy:
    return Copy(original, tmp_path / "copy.sqlite3")


def kinds(copy: Copy) -> list[str]:
    return [one.kind for one in copy.verify().findings]


def places(copy: Copy) -> list[tuple[str, int | None]]:
    return [(one.kind, one.position) for one in copy.verify().findings]


def test_the_untouched_audit_verifies_and_is_worth_tampering_with(copy: Copy) -> None:
    done = copy.verify()
    assert (done.events, done.problems, done.cleaned) == (14, 0, 3)
    assert NAME not in str([json.loads(row["changes"]) for row in copy.rows()])
    assert copy.verify(service.verify_new).events == 0
    with copy.open() as connection:
        roots = connection.execute("SELECT day, position, events FROM audit_root").fetchall()
    assert [tuple(one) for one in roots] == [
        ("2026-03-02", 4, 4),
        ("2026-03-03", 8, 4),
        ("2026-03-04", 8, 0),
        ("2026-03-05", 12, 4),
        ("2026-03-06", 12, 0),
    ]
    assert {column.name for column in AuditEvent.__table__.columns} == set(COLUMNS)


@pytest.mark.parametrize("column", COLUMNS)
@often
@given(data=st.data(), number=_ROWS)
def test_an_edit_of_any_column_is_found(
    original: Path, tmp_path: Path, column: str, data: st.DataObject, number: int
) -> None:
    copy = Copy(original, tmp_path / "copy.sqlite3")
    row = copy.rows()[number]
    values: st.SearchStrategy[Any] = _NUMBERS if column in _NUMERIC else _WORDS
    values = {"at": _TIMES | _WORDS, "changes": _CHANGES | _WORDS}.get(column, values)
    if AuditEvent.__table__.columns[column].nullable:
        values |= st.none()
    taken = {one[column] for one in copy.rows()} if column in ("id", "position") else set()
    old = row[column]
    value = data.draw(values.filter(lambda new: new != old and new not in taken))
    statement = f"UPDATE audit_event SET {column} = ? WHERE id = ?"  # noqa: S608 - our own names
    copy.change(statement, value, row["id"])
    assert copy.verify().problems, (column, value)


@often
@given(number=_BEFORE_THE_LAST)
def test_a_row_deleted_in_the_middle_is_found(original: Path, tmp_path: Path, number: int) -> None:
    copy = Copy(original, tmp_path / "copy.sqlite3")
    copy.change("DELETE FROM audit_event WHERE position = ?", number + 1)
    # Without the event of an erasure, the thirteenth, nothing vouches for what it cleaned either.
    assert ("missing", number + 1) in places(copy)
    assert (places(copy)[0] == ("missing", number + 1)) == (number != 12)


@pytest.mark.parametrize("count", [1, 2, 13, 14])
def test_a_cut_end_is_found(copy: Copy, count: int) -> None:
    copy.change("DELETE FROM audit_event WHERE position > ?", 14 - count)
    found = [one for one in copy.verify().findings if one.kind == "cut"]
    assert [(one.position, one.until) for one in found] == [(15 - count, 14)]


def test_a_cut_end_is_found_by_the_daily_check_even_when_the_head_was_cut_too(copy: Copy) -> None:
    rows = copy.rows()
    copy.change("DELETE FROM audit_event WHERE position > 13")
    copy.change("UPDATE audit_head SET events = 13, hash = ?", rows[12]["hash"])
    assert copy.verify().problems == 0
    daily = copy.verify(service.verify_new).findings
    assert ("missing", 14) in [(one.kind, one.position) for one in daily]


@pytest.mark.parametrize("with_the_place", [True, False])
@often
@given(first=_ROWS, other=_ROWS)
def test_two_exchanged_rows_are_found(
    original: Path, tmp_path: Path, with_the_place: bool, first: int, other: int
) -> None:
    """Either their places alone are exchanged, or everything that stands in them."""
    if first == other:
        return
    copy = Copy(original, tmp_path / "copy.sqlite3")
    rows = copy.rows()
    columns = ["position"] if with_the_place else [*(set(COLUMNS) - {"id", "position"})]
    copy.swap(rows[first], rows[other], columns)
    found = copy.verify()
    assert found.problems
    if with_the_place:
        one = found.findings[0]
        assert (one.kind, one.position) == ("order", min(first, other) + 1)


def test_an_inserted_row_is_found_wherever_it_is(copy: Copy, original: Path) -> None:
    rows = copy.rows()
    planted: Row = rows[5] | {"id": 99, "action": "approve"}
    sealed_at_the_end = sealed(planted, rows[13]["hash"], 15)
    for row in (
        planted | dict.fromkeys(("position", "changes_hash", "previous_hash", "hash")),
        planted | {"position": 0},
        planted | {"position": 5.5},
        sealed_at_the_end,
    ):
        tried = Copy(original, copy.file)
        tried.insert(row)
        assert kinds(tried)[0] == "inserted", row
    # In the middle, everything behind it moved on by one.
    for row in (sealed(planted, rows[4]["hash"], 6), planted | {"position": 6}):
        tried = Copy(original, copy.file)
        for position in range(14, 5, -1):
            tried.change(
                "UPDATE audit_event SET position = ? WHERE position = ?", position + 1, position
            )
        tried.insert(row)
        found = tried.verify().findings
        assert ("inserted", 99) in [(one.kind, one.event_id) for one in found]


@often
@given(number=_BEFORE_THE_LAST, word=_WORDS)
def test_a_row_whose_own_hash_was_computed_anew_is_found(
    original: Path, tmp_path: Path, number: int, word: str
) -> None:
    copy = Copy(original, tmp_path / "copy.sqlite3")
    row = copy.rows()[number]
    copy.put(sealed(row | {"action": word}, row["previous_hash"], row["position"]))
    # Cleaned rows are held by the event of the erasure besides.
    expected = ("edited", number + 1) if number in (1, 5, 9) else ("replaced", number + 2)
    assert expected in places(copy)


def test_the_last_row_with_its_own_hash_computed_anew_is_found(copy: Copy) -> None:
    row = copy.rows()[13]
    copy.put(sealed(row | {"action": "verify"}, row["previous_hash"], 14))
    assert kinds(copy) == ["head"]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_head SET events = events - 1",
        "UPDATE audit_head SET events = events + 1",
        "UPDATE audit_head SET hash = 'abc'",
        "DELETE FROM audit_head",
        "UPDATE audit_root SET day = '2026-03-01' WHERE day = '2026-03-02'",
        "UPDATE audit_root SET day = '2026-03-20' WHERE day = '2026-03-06'",
        "UPDATE audit_root SET position = 7 WHERE day = '2026-03-03'",
        "UPDATE audit_root SET position = 700 WHERE day = '2026-03-03'",
        "UPDATE audit_root SET events = 5 WHERE day = '2026-03-03'",
        "UPDATE audit_root SET hash = 'abc' WHERE day = '2026-03-06'",
        "DELETE FROM audit_root WHERE day = '2026-03-04'",
        "DELETE FROM audit_root WHERE day = '2026-03-02'",
    ],
)
def test_a_changed_head_or_root_is_found(copy: Copy, statement: str) -> None:
    copy.change(statement)
    assert copy.verify().problems


def test_words_put_back_into_an_erased_row_are_found(copy: Copy) -> None:
    row = copy.rows()[1]
    for changes in ({"name": [None, "别人"], "n": [None, 1]}, {}):
        copy.change("UPDATE audit_event SET changes = ? WHERE id = 2", json.dumps(changes))
        assert kinds(copy) == ["edited"]
    # Neither is a row taken for an erased one because its salt is gone.
    copy.put(row)
    assert kinds(copy) == []
    copy.change("UPDATE audit_event SET changes = '{}', changes_salt = NULL WHERE id = 3")
    assert kinds(copy) == ["edited"]


def test_a_chain_computed_anew_is_found_by_a_root_kept_outside_alone(copy: Copy) -> None:
    kept = {one.day: one.hash for one in copy.roots()}
    rows = [row for row in copy.rows() if row["action"] != "erase"]
    rows[0]["action"] = "delete"
    copy.forge(rows)
    assert copy.verify().problems == 0
    day = min(kept)
    found = copy.verify(service.verify, {day: kept[day]})
    assert [(one.kind, one.day) for one in found.findings] == [("outside", "2026-03-02")]


def test_roots_kept_outside_fit_and_a_lost_one_does_not(copy: Copy) -> None:
    kept = {one.day: one.hash for one in copy.roots()}
    assert copy.verify(service.verify, kept).problems == 0
    copy.change("DELETE FROM audit_root WHERE day = '2026-03-06'")
    assert copy.verify().problems == 0
    assert [one.kind for one in copy.verify(service.verify, kept).findings] == ["outside"]


def test_what_is_no_time_no_json_and_no_number_is_told_and_not_stumbled_over(copy: Copy) -> None:
    for column, value in (("at", "yesterday"), ("changes", "{"), ("position", "seven")):
        copy.change(f"UPDATE audit_event SET {column} = ? WHERE id = 7", value)  # noqa: S608
        assert copy.verify().problems
    copy.change("UPDATE audit_event SET changes = '[1]' WHERE action = 'erase'")
    assert copy.verify().problems


def test_no_more_findings_are_kept_than_somebody_reads(copy: Copy) -> None:
    copy.change("UPDATE audit_event SET actor_role = 'bureau', hash = 'x' || position")
    done = copy.verify()
    assert done.problems >= 14
    assert len(done.findings) <= 20
