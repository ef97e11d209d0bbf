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
    with rebuilding(database) as connection:
        alembic = config()
        alembic.attributes["connection"] = connection
        command.downgrade(alembic, "base")
    assert inspect(database.engine).get_table_names() == ["alembic_version"]
    database.dispose()


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
