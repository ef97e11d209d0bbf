"""Migrations have one head, make exactly the models' schema, and can be taken back."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

from matchmaker.integrations.clock import system_clock
from matchmaker.store.database import Database
from matchmaker.store.migrate import config, is_current, migrate
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
    with database.engine.begin() as connection:
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
