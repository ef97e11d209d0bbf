"""Settings in, a wired Matchmaker out: the only place that chooses implementations."""

from __future__ import annotations

import json
import logging
import os
import secrets
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from matchmaker.domain.plan import Plan
from matchmaker.integrations.clock import system_clock
from matchmaker.integrations.mail import FolderCarrier, MailCarrier, SmtpCarrier
from matchmaker.integrations.passwords import Argon2Passwords, Passwords
from matchmaker.services import mail
from matchmaker.services import plan as plan_service
from matchmaker.settings import Settings
from matchmaker.store.database import Database, UnitOfWork

if TYPE_CHECKING:
    from matchmaker.matching.engine import Engine

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Matchmaker:
    """The platform without a face: what the web and the command line are built on."""

    settings: Settings
    database: Database
    plan: Plan
    passwords: Passwords
    carrier: MailCarrier
    clock: Callable[[], datetime]

    @cached_property
    def _engine_lock(self) -> threading.Lock:
        return threading.Lock()

    @cached_property
    def _loaded_engine(self) -> Engine:
        """An engine from the snapshot file, if it is usable; what it lacks is followed later."""
        from matchmaker.matching.encoder import load_encoder
        from matchmaker.matching.engine import Engine
        from matchmaker.matching.snapshot import read_snapshot

        made = Engine(load_encoder(self.settings.encoder_location))
        reason = read_snapshot(made, self.snapshot_path)
        if reason:
            _LOG.info("index file %s: %s; read from the database", self.snapshot_path, reason)
        return made

    @property
    def snapshot_path(self) -> Path:
        """Where the engine's contents are cached."""
        return self.settings.index_dir / "records.index"

    @property
    def engine(self) -> Engine:
        """The engine, up to the last committed change."""
        from matchmaker.services import matching

        engine = self.engine_as_loaded
        with self._engine_lock:
            matching.follow(self.database, engine)
        return engine

    @property
    def engine_as_loaded(self) -> Engine:
        """The engine however far it has come: for looking at it and for rebuilding."""
        with self._engine_lock:
            return self._loaded_engine

    def catch_up(self) -> int:
        """Match what has changed; returns how many demands were matched anew."""
        from matchmaker.services import matching

        return matching.catch_up(self.database, self.engine)

    def save_index(self) -> None:
        """Write the engine's contents to the snapshot file."""
        from matchmaker.matching.snapshot import write_snapshot

        write_snapshot(self.engine, self.snapshot_path)

    @contextmanager
    def unit_of_work(self) -> Iterator[UnitOfWork]:
        """A writing transaction; what it queued is worked off once it has committed."""
        with self.database.unit_of_work() as uow:
            yield uow
        if "mail" in uow.queued:
            self.deliver_mail()
        if "matching" in uow.queued:
            self._match_changes()

    @contextmanager
    def reading(self) -> Iterator[UnitOfWork]:
        """A read-only transaction."""
        with self.database.reading() as uow:
            yield uow

    def _match_changes(self) -> None:
        """Match at once; a failure is logged, and the change sequence repeats it next time."""
        try:
            self.catch_up()
        except Exception:  # noqa: BLE001 - the write is committed: it must not look refused
            _LOG.exception("changes are stored but could not be matched; they will be later")

    @cached_property
    def _postman(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(max_workers=1, thread_name_prefix="mail")

    def deliver_mail(self) -> None:
        """Deliver what is queued: at once into a folder, beside the request through SMTP."""
        if isinstance(self.carrier, SmtpCarrier):
            self._postman.submit(
                mail.deliver_queued, self.database, self.carrier, self.settings.mail_sender
            )
        else:
            mail.deliver_queued(self.database, self.carrier, self.settings.mail_sender)

    def install_plan(self) -> int:
        """Load the plan's chains and regions; returns how many were new."""
        with self.unit_of_work() as uow:
            return plan_service.install(uow, self.plan)

    def secret_key(self) -> str:
        """The key that signs cookies: the setting's, or one made once and kept in ``var_dir``."""
        given = self.settings.secret_key.get_secret_value()
        return given or _kept_secret(self.settings.var_dir / "secret_key")


def bootstrap(
    settings: Settings | None = None,
    *,
    clock: Callable[[], datetime] = system_clock,
    passwords: Passwords | None = None,
) -> Matchmaker:
    """Wire the platform; nothing is connected, loaded or written before it is needed."""
    settings = settings or Settings()
    return Matchmaker(
        settings=settings,
        database=Database(settings.effective_database_url, clock),
        plan=read_plan(settings.data_dir / "plan" / "plan.json"),
        passwords=passwords or Argon2Passwords(),
        carrier=_carrier(settings),
        clock=clock,
    )


def read_plan(path: Path) -> Plan:
    """The plan's taxonomy from its file."""
    return Plan.from_data(json.loads(path.read_text(encoding="utf-8")))


def _carrier(settings: Settings) -> MailCarrier:
    """SMTP where a server is set, else a folder."""
    if not settings.mail_host:
        return FolderCarrier(settings.var_dir / "mail")
    return SmtpCarrier(
        host=settings.mail_host,
        port=settings.mail_port,
        user=settings.mail_user,
        password=settings.mail_password.get_secret_value(),
        security=settings.mail_security,
    )


def _kept_secret(path: Path) -> str:
    """The secret in a file of our own, made by whoever comes first."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(32))
    return path.read_text(encoding="ascii").strip()
