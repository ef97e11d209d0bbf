"""What comes out the same in every test is made once a worker, not once a test.

Tests have a platform, a database and an application each. Most of their time went into what those
three compile on their first use, which depends on the code alone: statements, templates and the
addresses of endpoints. Here they share it; nothing that a test writes is shared.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import lru_cache
from pathlib import Path
from types import CodeType
from typing import Any

import sqlalchemy
from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import Engine
from werkzeug.routing import Rule

from matchmaker.matching import encoder
from matchmaker.settings import Settings
from matchmaker.store import database

_STATEMENTS = 4_000


def install() -> None:
    """Begin to share."""
    _share_statements()
    _share_templates()
    _share_addresses()
    _share_encoder()


def _share_statements() -> None:
    """Give every SQLite engine the compiled statements of the others.

    They are kept by dialect, so the engines share one; it learns what the library can do by
    connecting.
    """
    first = sqlalchemy.create_engine("sqlite://", query_cache_size=_STATEMENTS)
    first.connect().close()

    def create_engine(url: Any, **options: Any) -> Engine:
        made = sqlalchemy.create_engine(url, **options)
        if made.dialect.name == first.dialect.name:
            made.dialect = made.pool._dialect = first.dialect
            made._compiled_cache = first._compiled_cache
        return made

    database.create_engine = create_engine  # type: ignore[attr-defined]


class _Templates(BytecodeCache):
    """Compiled templates by name and content."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._kept.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        if bucket.code is not None:
            self._kept[bucket.key, bucket.checksum] = bucket.code


def _share_templates() -> None:
    Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": _Templates()}


def _share_addresses() -> None:
    """Keep the functions that write addresses: Werkzeug compiles two for every rule."""
    compiled = Rule._compile_builder
    kept: dict[Hashable, Callable[..., tuple[str, str]]] = {}

    def compile_once(rule: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        if rule.defaults:
            return compiled(rule, append_unknown)
        key = (rule.rule, tuple(rule._trace), append_unknown)
        if key not in kept:
            kept[key] = compiled(rule, append_unknown)
        return kept[key]

    Rule._compile_builder = compile_once  # type: ignore[method-assign]


def _share_encoder() -> None:
    """Read the shipped model once; others are read anew each time."""
    shipped = Path(Settings().encoder_location)
    load = encoder.load_encoder
    once = lru_cache(load)

    def load_encoder(location: str | Path) -> encoder.Encoder:
        return once(location) if Path(location) == shipped else load(location)

    encoder.load_encoder = load_encoder
