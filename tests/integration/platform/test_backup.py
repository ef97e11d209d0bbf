"""Backup and restore: whole, checked, all or nothing."""

from __future__ import annotations

import gzip
import json
import stat
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from matchmaker.bootstrap import Matchmaker, bootstrap
from matchmaker.cli.main import cli
from matchmaker.services.backup import BackupError, read_backup, write_backup
from matchmaker.settings import Settings
from matchmaker.store.change import Embedding
from matchmaker.store.demand import Demand
from matchmaker.store.models import Base
from tests import builders


@pytest.fixture
def filled(platform: Matchmaker) -> Matchmaker:
    with platform.database.unit_of_work() as uow:
        owner = builders.user(uow, platform.passwords)
        builders.demand(
            uow,
            owner,
            title="含零字节向量与万元小数",
            budget_min=Decimal("12.3456"),
            budget_max=Decimal(80),
            expires_on=date(2026, 8, 1),
            keywords=["碳纤维", "a'b"],
        )
        uow.session.add(
            Embedding(content_hash="a" * 64, encoder_checksum="b" * 64, vector=bytes(range(256)))
        )
    return platform


@pytest.fixture
def other(tmp_path: Path) -> Matchmaker:
    return bootstrap(
        Settings(var_dir=tmp_path / "other", database_url=f"sqlite:///{tmp_path}/o.db")
    )


def _everything(platform: Matchmaker) -> dict[str, list[tuple[object, ...]]]:
    with platform.reading() as uow:
        return {
            table.name: sorted((tuple(row) for row in uow.session.execute(select(table))), key=repr)
            for table in Base.metadata.sorted_tables
        }


def test_a_restored_backup_holds_the_same_rows(
    filled: Matchmaker, other: Matchmaker, tmp_path: Path
) -> None:
    written = write_backup(filled.database, filled.attachments, tmp_path / "b.gz")
    assert read_backup(other.database, other.attachments, tmp_path / "b.gz") == written
    assert _everything(other) == _everything(filled)
    with other.reading() as uow:
        demand = uow.session.scalars(select(Demand)).one()
        assert demand.budget_min == Decimal("12.3456")


def test_the_command_restores_where_nothing_is_yet(filled: Matchmaker, tmp_path: Path) -> None:
    written = write_backup(filled.database, filled.attachments, tmp_path / "b.gz")
    fresh = bootstrap(Settings(var_dir=tmp_path / "new" / "var"))
    done = CliRunner().invoke(cli, ["restore", str(tmp_path / "b.gz")], obj=fresh)
    assert done.exit_code == 0, done.exception
    assert f"{written:,} rows restored" in done.output
    assert _everything(fresh) == _everything(filled)
    fresh.close()


def test_a_backup_is_readable_by_its_owner_alone(filled: Matchmaker, tmp_path: Path) -> None:
    write_backup(filled.database, filled.attachments, tmp_path / "b.gz")
    assert stat.S_IMODE((tmp_path / "b.gz").stat().st_mode) == 0o600


def test_an_existing_file_is_not_replaced_unasked(filled: Matchmaker, tmp_path: Path) -> None:
    target = tmp_path / "b.gz"
    target.write_text("precious")
    with pytest.raises(BackupError, match="--force"):
        write_backup(filled.database, filled.attachments, target)
    assert target.read_text() == "precious"


def test_a_database_with_records_is_not_replaced_unasked(
    filled: Matchmaker, tmp_path: Path
) -> None:
    write_backup(filled.database, filled.attachments, tmp_path / "b.gz")
    before = _everything(filled)
    with pytest.raises(BackupError, match="not empty"):
        read_backup(filled.database, filled.attachments, tmp_path / "b.gz")
    assert _everything(filled) == before
    read_backup(filled.database, filled.attachments, tmp_path / "b.gz", replace=True)
    assert _everything(filled) == before


@pytest.mark.parametrize("damage", ["truncated", "changed", "foreign", "empty", "columns"])
def test_a_damaged_backup_changes_nothing(
    filled: Matchmaker, other: Matchmaker, tmp_path: Path, damage: str
) -> None:
    target = tmp_path / "b.gz"
    write_backup(filled.database, filled.attachments, target)
    whole = target.read_bytes()
    lines = gzip.decompress(whole).split(b"\n")
    if damage == "truncated":
        target.write_bytes(whole[: len(whole) // 2])
    elif damage == "changed":
        target.write_bytes(gzip.compress(gzip.decompress(whole).replace(b"12.3456", b"92.3456")))
    elif damage == "foreign":
        target.write_bytes(gzip.compress(b'{"format": "something else"}\n{}\n'))
    elif damage == "empty":
        target.write_bytes(b"")
    else:
        target.write_bytes(gzip.compress(_with_other_columns(lines)))
    read_backup_into = other.database
    with pytest.raises(BackupError, match=r"Nothing was changed|not a backup"):
        read_backup(read_backup_into, other.attachments, target)
    with other.reading() as uow:
        tables = {table.name for table in Base.metadata.sorted_tables}
        present = set(uow.session.get_bind().dialect.get_table_names(uow.session.connection()))  # type: ignore[no-untyped-call]
        if tables <= present:
            assert uow.session.scalar(select(func.count()).select_from(Demand)) == 0


def _with_other_columns(lines: list[bytes]) -> bytes:
    """A backup whose checksum is right and whose tables are those of another version."""
    import hashlib

    changed = [line.replace(b'"solution_mode"', b'"solution_manner"') for line in lines[:-2]]
    body = b"\n".join(changed) + b"\n"
    rows = json.loads(lines[-2])["rows"]
    end = {"rows": rows, "sha256": hashlib.sha256(body).hexdigest()}
    return body + json.dumps(end).encode() + b"\n"
