"""The application over a fresh platform, and clients that check what they fetch."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import event, select

from matchmaker.bootstrap import Matchmaker
from matchmaker.domain.vocabulary import ROLES
from matchmaker.store.audit import AuditEvent
from matchmaker.store.organisation import User
from matchmaker.store.outbox import OutboxMail
from matchmaker.web.app import create_app
from matchmaker.web.security import limiter
from tests import builders
from tests.client import Client


@pytest.fixture
def app(platform: Matchmaker) -> Flask:
    """The application; log-in limits are counted afresh."""
    made = create_app(platform)
    limiter.reset()
    return made


@pytest.fixture
def people(platform: Matchmaker) -> dict[str, User]:
    """One confirmed person of each role, all of different verified organisations."""
    with platform.unit_of_work() as uow:
        return {role: builders.user(uow, platform.passwords, role) for role in ROLES}


@pytest.fixture
def mails(platform: Matchmaker) -> Callable[[], list[OutboxMail]]:
    """Reads the mails queued so far, oldest first."""

    def read() -> list[OutboxMail]:
        with platform.reading() as uow:
            found = uow.session.scalars(select(OutboxMail).order_by(OutboxMail.id)).all()
            uow.session.expunge_all()
            return list(found)

    return read


@pytest.fixture
def events(platform: Matchmaker) -> Callable[..., list[AuditEvent]]:
    """Reads the audit of an action, oldest first."""

    def read(action: str) -> list[AuditEvent]:
        with platform.reading() as uow:
            found = uow.session.scalars(
                select(AuditEvent).where(AuditEvent.action == action).order_by(AuditEvent.id)
            ).all()
            uow.session.expunge_all()
            return list(found)

    return read


@pytest.fixture
def client(app: Flask) -> Client:
    """A visitor's browser, in English."""
    return Client(app)


@pytest.fixture
def browser(app: Flask) -> Callable[..., Client]:
    """Opens further browsers: ``browser(language="zh_Hans")``."""
    return lambda **options: Client(app, **options)


@pytest.fixture
def count_queries(platform: Matchmaker) -> Callable[[Callable[[], object]], int]:
    """Counts the statements that a call sends to the database."""

    def count(call: Callable[[], object]) -> int:
        sent: list[str] = []

        def note(_c: object, _k: object, statement: str, *_rest: object) -> None:
            sent.append(statement)

        event.listen(platform.database.engine, "before_cursor_execute", note)
        try:
            call()
        finally:
            event.remove(platform.database.engine, "before_cursor_execute", note)
        return len(sent)

    return count
