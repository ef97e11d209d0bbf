"""Bringing a database to the newest schema."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from matchmaker.store.database import Database

_SCRIPTS = Path(__file__).resolve().parent.parent / "migrations"


def config() -> Config:
    """Alembic's configuration, made in code: there is no ini file."""
    made = Config()
    made.set_main_option("script_location", str(_SCRIPTS))
    return made


def migrate(database: Database, revision: str = "head") -> None:
    """Upgrade the schema in one transaction."""
    with database.engine.begin() as connection:
        alembic = config()
        alembic.attributes["connection"] = connection
        command.upgrade(alembic, revision)


def is_current(database: Database) -> bool:
    """Whether the schema is the newest one."""
    with database.engine.connect() as connection:
        present = MigrationContext.configure(connection).get_current_heads()
    return set(present) == set(ScriptDirectory.from_config(config()).get_heads())
