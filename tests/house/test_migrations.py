"""Migrations have one head, make exactly the models' schema, and can be taken back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text
from sqlalchemy.exc import IntegrityError

from matchmaker.integrations.clock import system_clock
from matchmaker.store.database import Database
from matchmaker.store.migrate import config, is_current, migrate, rebuilding
from matchmaker.store.models import Base


def test_there_is_one_head_and_numbers_have_no_gap() -> None:
    script = ScriptDirectory.from_config(config())
    assert len(script.get_heads()) == 1
    numbers = sorted(revision.revision for revision in script.walk_revisions())
    assert numbers == [f"{number:04d}" for number in range(1, len(numbers) + 1)]


def test_migrations_make_the_schema_of_the_models(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'm.sqlite3'}", system_clock)
    assert not is_current(database)
    migrate(database)
    assert is_current(database)
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
    database.dispose()


def test_migrations_can_be_taken_back(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'm.sqlite3'}", system_clock)
    migrate(database)
    _take_back(database, "base")
    assert inspect(database.engine).get_table_names() == ["alembic_version"]
    database.dispose()


def _take_back(database: Database, revision: str) -> None:
    with rebuilding(database) as connection:
        alembic = config()
        alembic.attributes["connection"] = connection
        command.downgrade(alembic, revision)


def test_every_column_says_what_it_holds() -> None:
    for table in Base.metadata.tables.values():
        for column in table.columns:
            assert column.comment, f"{table.name}.{column.name} has no comment"


def test_every_constraint_has_a_name() -> None:
    for table in Base.metadata.tables.values():
        for constraint in table.constraints:
            assert constraint.name, f"{table.name}: {constraint}"


def test_a_table_made_anew_keeps_its_rows_checks_indexes_and_what_refers_to_it(
    tmp_path: Path,
) -> None:
    database = Database(f"sqlite:///{tmp_path / 'm.sqlite3'}", system_clock)
    migrate(database, "0010")
    with database.engine.begin() as connection:
        for statement in _ROWS:
            connection.execute(text(statement))
    before = _facts(database)
    migrate(database)
    after = _facts(database)
    # Columns that came later stand behind those that were there.
    for name, rows in before["rows"].items():
        assert [row[: len(rows[0])] for row in after["rows"][name]] == rows
    assert after["indexes"] == before["indexes"]
    assert after["keys"] == before["keys"]
    changed = {"ck_demand_state_known", "ck_demand_published_has_dates"}
    assert before["checks"].keys() == after["checks"].keys()
    assert {
        name for name, held in before["checks"].items() if after["checks"][name] != held
    } == changed
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE demand SET state = 'engaged'"))
        with pytest.raises(IntegrityError, match="state_known"):
            connection.execute(text("UPDATE demand SET state = 'unheard-of'"))
    with database.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
    database.dispose()


_ROWS = (
    """INSERT INTO organisation (id, public_id, kind, name, name_en, credit_code, summary, state,
    decision_note, origin, created_at, version)
    VALUES (1, 'o', 'company', '某企业', '', '', '', 'pending', '', 'form', '2026-01-01', 1)""",
    """INSERT INTO demand (id, public_id, organisation_id, title, problem, key_technology, target,
    current_state, constraints, industry, partner_wanted, ip_expectation, disclosure, description,
    keywords, state, state_note, origin, created_at, updated_at, version, published_at, expires_on)
    VALUES (1, 'd', 1, '密封件', '', '', '', '', '', '', '', '', 'public', '', '[]', 'published',
    '', 'form', '2026-01-01', '2026-01-01', 1, '2026-01-01', '2026-06-01')""",
    "INSERT INTO chain (code, cluster_code) VALUES ('laser', 'equipment')",
    "INSERT INTO demand_chain (demand_id, chain_code) VALUES (1, 'laser')",
)


def _facts(database: Database) -> dict[str, Any]:
    """What a table holds, and what the database says of it."""
    inspector = inspect(database.engine)
    with database.engine.connect() as connection:
        rows = {
            name: sorted(
                tuple(row)
                for row in connection.execute(text(f"SELECT * FROM {name}"))  # noqa: S608 - ours
            )
            for name in ("demand", "demand_chain")
        }
    return {
        "rows": rows,
        "indexes": sorted(str(one) for one in inspector.get_indexes("demand")),
        "keys": sorted(str(one) for one in inspector.get_foreign_keys("demand")),
        "checks": {
            one["name"]: one["sqltext"] for one in inspector.get_check_constraints("demand")
        },
    }


def test_ends_of_challenges_that_were_told_before_are_named_by_how_they_ended(
    tmp_path: Path,
) -> None:
    database = Database(f"sqlite:///{tmp_path / 'm.sqlite3'}", system_clock)
    migrate(database, "0020")
    with database.engine.begin() as connection:
        for statement in (_ROWS[0], *_ENDED):
            connection.execute(text(statement))
    migrate(database)
    with database.engine.begin() as connection:
        kinds = connection.execute(text("SELECT kind FROM notification ORDER BY id")).scalars()
        ends = ["challenge_failed", "challenge_accepted", "challenge_opened", "challenge_withdrawn"]
        assert list(kinds) == ends
        days = connection.execute(text("SELECT assessed_at FROM challenge ORDER BY id")).scalars()
        assert list(days) == [None, "2026-02-03"]
    _take_back(database, "0020")
    with database.engine.connect() as connection:
        kinds = connection.execute(text("SELECT kind FROM notification ORDER BY id")).scalars()
        assert list(kinds) == [f"challenge_{one}" for one in ("ended", "ended", "opened", "ended")]
    database.dispose()


def test_mail_that_was_still_tried_is_due_and_what_was_given_up_waits(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'm.sqlite3'}", system_clock)
    migrate(database, "0021")
    with database.engine.begin() as connection:
        for key, sent, attempts in ((1, "NULL", 0), (2, "NULL", 7), (3, "NULL", 8), (4, "'y'", 1)):
            connection.execute(
                text(
                    "INSERT INTO outbox_mail (id, recipient, subject, body, unsubscribe,"  # noqa: S608 - our own rows
                    " created_at, sent_at, attempts)"
                    f" VALUES ({key}, '', '', '', '', 'x', {sent}, {attempts})"
                )
            )
    migrate(database)
    with database.engine.begin() as connection:
        found = connection.execute(text("SELECT due_at FROM outbox_mail ORDER BY id")).scalars()
        assert list(found) == ["x", "x", None, None]
        with pytest.raises(IntegrityError, match="sent_is_not_due"):
            connection.execute(text("UPDATE outbox_mail SET due_at = 'x'"))
    _take_back(database, "0021")
    database.dispose()


def _challenge(number: int, state: str, verdict: str) -> str:
    return f"""INSERT INTO challenge (id, public_id, author_id, state, title, problem, target,
    indicators, conditions, chains, months, scores_needed, publicity_days, weight_drive,
    weight_base, weight_technical, weight_financial, opinion, argued_by, argued_at, published_at,
    bids_until, announced_at, publicity_until, awarded_at, contract_number, contract_amount,
    report, midterm_verdict, midterm_note, ended_at, end_note, created_at, version)
    VALUES ({number}, 'c{number}', 1, '{state}', '榜', '', '', '', '', '[]', 12, 2, 3, 25, 25, 25,
    25, '', '', '2026-01-01', '2026-01-01', '2026-01-02', '2026-01-03', '2026-01-04', '2026-01-05',
    '1', 100, '', {verdict}, '', '2026-03-01', '因故', '2026-01-01', 1)"""  # noqa: S608 - our own rows


_ENDED = (
    """INSERT INTO "user" (id, public_id, email, name, password_hash, role, is_manager, approved,
    phone, locale, active, origin, created_at, version, organisation_id)
    VALUES (1, 'u', 'a@b.example', '甲', '', 'researcher', 0, 1, '', 'en', 1, 'form', '2026-01-01',
    1, 1)""",
    _challenge(1, "failed", "NULL"),
    _challenge(2, "accepted", "'on_track'"),
    """INSERT INTO challenge_bid (id, public_id, challenge_id, organisation_id, author_id, state,
    plan, base, indicators, effect, team, state_note, created_at, version)
    VALUES (5, 'b', 2, 1, 1, 'draft', '', '', '', '', '[]', '', '2026-01-01', 1)""",
    """INSERT INTO audit_event (id, at, actor_role, noun, record_id, action, changes)
    VALUES (1, '2026-02-03', 'bureau', 'challenge', 2, 'assess', '{}')""",
    *(
        f"""INSERT INTO notification (id, public_id, user_id, kind, noun, record_id, "values",
        created_at) VALUES ({number}, 'n{number}', 1, 'challenge_{kind}', '{noun}', {record},
        '{{}}', '2026-03-01')"""  # noqa: S608 - our own rows
        for number, kind, noun, record in (
            (1, "ended", "challenge", 1),
            (2, "ended", "challenge_bid", 5),
            (3, "opened", "challenge", 1),
            (4, "ended", "challenge", 99),
        )
    ),
)
