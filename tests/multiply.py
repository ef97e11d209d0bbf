"""A world made many times as large: every row copied under new keys, and what it points at with it.

What belongs to the people who are kept stays theirs in every copy: their company has many times the
demands, their queue many times the matches. Everybody else is copied with what he has.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from itertools import islice
from typing import Any, Final

from sqlalchemy import (
    Column,
    Engine,
    String,
    Table,
    UniqueConstraint,
    event,
    func,
    insert,
    select,
    update,
)

from matchmaker.store import figure_log
from matchmaker.store.change import Progress, record_changes
from matchmaker.store.database import UnitOfWork
from matchmaker.store.models import Base
from matchmaker.store.organisation import User
from matchmaker.store.queries.visibility import MODELS, matched

# What the plan, the engine, log-ins, the audit's chain and figures are made of; changes are told
# anew of the copies, and figures counted.
_LEFT: Final = frozenset(
    {
        *("chain", "region", "progress", "change", "embedding", "model_adoption"),
        *("login_session", "account_token", "calendar_token", "notification_setting"),
        *("audit_head", "audit_root", "audit_check"),
        *("figure_event", "figure_sum", "figure_target", "need_run"),
    }
)
# Keys of a table that the row's noun names, and the nouns that are not called as their table.
_BY_NOUN: Final = frozenset({"record_id", "first_id", "second_id"})
_TABLES: Final = {"disclosure": "disclosure_grant", "message": "engagement_message"}
_AT_ONCE: Final = 2_000
# What begins and ends a transaction is no question to the database.
_FRAME: Final = ("PRAGMA", "BEGIN", "COMMIT", "ROLLBACK", "SET ")


def multiply(uow: UnitOfWork, times: int, kept: Collection[int]) -> None:
    """Make ``times`` rows of each; ``kept`` are the keys of the people who keep what is theirs."""
    homes = uow.session.scalars(select(User.organisation_id).where(User.id.in_(kept)))
    copier = _Copier(
        strides={
            table.name: uow.session.scalar(select(func.max(table.c.id))) or 0
            for table in Base.metadata.sorted_tables
            if "id" in table.c and table.name not in _LEFT
        },
        kept={"user": frozenset(kept), "organisation": frozenset(homes) - {None}},
    )
    for table in Base.metadata.sorted_tables:
        if table.name in _LEFT:
            continue
        rows = uow.session.execute(select(table)).mappings().all()
        made = (copier.copy(table, row, copy) for copy in range(1, times) for row in rows)
        others = filter(None, made)
        while batch := list(islice(others, _AT_ONCE)):
            uow.session.execute(insert(table), batch)
    for noun, model in MODELS.items():
        added = select(model.id).where(matched(noun), model.id > copier.strides[noun])
        record_changes(uow, noun, uow.session.scalars(added.order_by(model.id)).all())
    figure_log.rebuild(uow.session)
    # The matches were copied too, so nothing is behind.
    through = dict.fromkeys(("matched_through", "ranked_through"), Progress.last_change)
    uow.session.execute(update(Progress).values(through))


@contextmanager
def sent(engine: Engine) -> Iterator[list[str]]:
    """The statements that are sent to a database meanwhile, without what frames transactions."""
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(_FRAME):
            statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)


class _Copier:
    """New keys for old: copy number so and so of a row has its key plus so many strides."""

    def __init__(self, strides: Mapping[str, int], kept: Mapping[str, Collection[int]]) -> None:
        self.strides = strides
        self.kept = kept

    def copy(self, table: Table, row: Mapping[str, Any], copy: int) -> dict[str, Any] | None:
        """The copy of a row; none where it could only be the row itself."""
        made = {column.name: self._value(column, row, copy) for column in table.columns}
        for unique in _unique(table):
            if any(row[one.name] is None or made[one.name] != row[one.name] for one in unique):
                continue
            texts = [one for one in unique if isinstance(one.type, String)]
            optional = [one.name for one in unique if one.nullable]
            if texts:
                made[texts[-1].name] = _varied(
                    texts[-1], row[texts[-1].name], copy * max(self.strides.values())
                )
            elif optional:
                made |= dict.fromkeys(optional)
            else:
                return None
        return made

    def _value(self, column: Column[Any], row: Mapping[str, Any], copy: int) -> Any:
        value = row[column.name]
        if column.name in _BY_NOUN and "noun" in row:
            return self._key(_TABLES.get(row["noun"], row["noun"]), value, copy)
        if column.foreign_keys:
            (target,) = column.foreign_keys
            return self._key(target.column.table.name, value, copy)
        if column.primary_key and column.name == "id":
            return value + copy * self.strides[column.table.name]
        return value

    def _key(self, table: str, key: Any, copy: int) -> Any:
        if key is None or table not in self.strides or key in self.kept.get(table, ()):
            return key
        return key + copy * self.strides[table]


def _unique(table: Table) -> list[list[Column[Any]]]:
    """The sets of columns that no two rows may have alike."""
    constraints = [one for one in table.constraints if isinstance(one, UniqueConstraint)]
    indexes = [one for one in table.indexes if one.unique]
    return [list(one.columns) for one in (table.primary_key, *constraints, *indexes)]


def _varied(column: Column[Any], text: str, number: int) -> str:
    """Another text of the same shape, no longer than the column allows: PostgreSQL refuses it."""
    if text.isdecimal():
        return f"{int(text) + number:0{len(text)}d}"
    return f"{number}.{text}"[: getattr(column.type, "length", None)]
