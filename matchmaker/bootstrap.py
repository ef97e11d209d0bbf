"""Settings in, a wired Matchmaker out: the only place that chooses implementations."""

from __future__ import annotations

import json
import logging
import threading
import tomllib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

from matchmaker.domain.pack import ThresholdSet, read_sets
from matchmaker.domain.permissions import SYSTEM, Actor
from matchmaker.domain.plan import Plan
from matchmaker.domain.working_days import WorkingDays
from matchmaker.integrations.attachment_store import AttachmentStore
from matchmaker.integrations.clock import system_clock
from matchmaker.integrations.mail import FolderCarrier, MailCarrier, SmtpCarrier
from matchmaker.integrations.passwords import Argon2Passwords, Passwords
from matchmaker.integrations.secret_file import kept_secret
from matchmaker.services import mail
from matchmaker.services import plan as plan_service
from matchmaker.settings import Settings
from matchmaker.store.database import Database, UnitOfWork

if TYPE_CHECKING:
    from matchmaker.matching.encoder import Encoder
    from matchmaker.matching.engine import Engine
    from matchmaker.matching.reader import Reader
    from matchmaker.services.assignment import Report
    from matchmaker.services.common_need import Report as NeedReport
    from matchmaker.services.duplicate_follower import DuplicateFollower
    from matchmaker.services.index import EngineFollower
    from matchmaker.services.placement import Placing
    from matchmaker.services.placement import Report as PlacementReport
    from matchmaker.services.placement import Told as ToldPlacing

# What a request waits for: so many changes, and ranking so many pairs (some 50 ms).
_MATCHED_AT_ONCE: Final = 20
_RANKED_AT_ONCE: Final = 50_000
_NOT_MATCHED: Final = "changes are stored but could not be matched; they will be later"
_TAMPERED: Final = "the audit does not verify: %d findings; run `python -m matchmaker audit verify`"
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Matchmaker:
    """The platform without a face: what the web and the command line are built on."""

    settings: Settings
    database: Database
    plan: Plan
    passwords: Passwords
    carrier: MailCarrier
    attachments: AttachmentStore
    clock: Callable[[], datetime]
    _making: threading.Lock = field(
        default_factory=threading.Lock, init=False, repr=False, compare=False
    )
    # The one in use, by where its model lies.
    _followers: dict[str, EngineFollower] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    @property
    def index(self) -> EngineFollower:
        """What keeps this process's engine in step with the database and the model in use."""
        from matchmaker.services.index import EngineFollower

        location = self.encoder_location()
        with self._making:
            if location not in self._followers:
                made = EngineFollower(
                    self.database, lambda: self._encoder(location), self.settings.index_dir
                )
                self._followers.clear()
                self._followers[location] = made
            return self._followers[location]

    @property
    def engine(self) -> Engine:
        """The engine, up to the last committed change."""
        return self.index.current()

    def engine_at_hand(self) -> Engine | None:
        """The engine where this process has it already; a page does not wait for it."""
        follower = next(iter(self._followers.values()), None)
        return follower.at_hand if follower is not None else None

    @property
    def duplicates(self) -> DuplicateFollower:
        """What finds records that are nearly the same as one."""
        with self._making:
            return self._duplicates

    @cached_property
    def _duplicates(self) -> DuplicateFollower:
        from matchmaker.services.duplicate_follower import DuplicateFollower

        return DuplicateFollower(self.database, self.settings.index_dir)

    def encoder_location(self) -> str:
        """Where the model in use lies: the setting's, else the adopted one, else the shipped."""
        from matchmaker.services.adoption import active_folder

        folder = "" if self.settings.encoder else active_folder(self.database)
        return str(self.settings.models_dir / folder) if folder else self.settings.encoder_location

    @cached_property
    def reader(self) -> Reader | None:
        """What reads whole texts for the plan's chains; none where it was taught others."""
        from matchmaker.matching.reader import reader_of

        return reader_of(self.plan, self.settings.reader_dir)

    @property
    def placing(self) -> Placing:
        """What proposes chains for records, with what this site has learnt."""
        from matchmaker.services.placement import placing

        return placing(self.plan, self.index.encoder, self.reader, self.settings.index_dir)

    def place(self, told: ToldPlacing | None = None, *, quickly: bool = False) -> PlacementReport:
        """Learn from what persons placed and propose chains for records without any."""
        from matchmaker.services.placement import run

        using = self.plan, self.index.encoder, self.reader, self.settings.index_dir
        return run(self.database, *using, quickly=quickly, told=told)

    def load_encoder(self) -> Encoder:
        """Load the encoder of the model in use."""
        return self._encoder(self.encoder_location())

    def _encoder(self, location: str) -> Encoder:
        from matchmaker.matching.encoder import load_encoder
        from matchmaker.services.adoption import ModelError

        folder = Path(location)
        if folder.parent == self.settings.models_dir and not folder.is_dir():
            msg = (
                f"The adopted model in {folder} is missing. Put the folder back from a copy, or "
                "go back to the model before it with `python -m matchmaker model restore`."
            )
            raise ModelError(msg)
        return load_encoder(location)

    def catch_up(self, progressed: Callable[[int], None] | None = None) -> int:
        """Match what has changed, then rank all demands; returns how many were matched anew.

        ``progressed`` is told how many of the changed demands are done.
        """
        from matchmaker.services import matching

        count = matching.catch_up(self.database, self.index, progressed=progressed)
        matching.rank_all(self.database, self.index)
        self.send_alerts()
        self.assign()
        return count

    def group_needs(self) -> NeedReport:
        """Group the demands that nothing fits into common needs."""
        from matchmaker.services import common_need

        return common_need.run(self.database, self.index)

    def group_needs_later(self) -> None:
        """Group them beside the request where that was done before, but not today."""
        from matchmaker.store.queries.common_need import is_due

        with self.reading() as uow:
            due = is_due(uow)
        if due:
            self._matcher.submit(self._group_beside)

    def _group_beside(self) -> None:
        try:
            self.group_needs()
        except Exception:  # noqa: BLE001 - the needs of the last run stay until the next
            _LOG.exception("common needs could not be grouped; the command `gaps` does it")

    def send_alerts(self) -> int:
        """Tell companies of usable outcomes that turned up; returns how many mails were queued."""
        from matchmaker.services import alert

        with self.unit_of_work() as uow:
            return alert.send_due(uow, self.settings.base_url)

    @cached_property
    def calendar(self) -> WorkingDays:
        """Which days are worked, from the announcements in ``data/calendar``."""
        files = sorted((self.settings.data_dir / "calendar").glob("*.json"))
        return WorkingDays.from_data(json.loads(one.read_text(encoding="utf-8")) for one in files)

    @cached_property
    def thresholds(self) -> tuple[ThresholdSet, ...]:
        """What transfer agencies are filed and evaluated by, from ``data/pack``."""
        written = (self.settings.data_dir / "pack" / "thresholds.toml").read_text(encoding="utf-8")
        return read_sets(tomllib.loads(written))

    def assign(self, actor: Actor = SYSTEM) -> Report:
        """Assign what waits to brokers, and tell those who have news today."""
        from matchmaker.services import assignment

        limits = assignment.Limits(
            of_company=self.settings.assigned_per_company,
            of_outcome=self.settings.assigned_per_outcome,
        )
        report = assignment.run(self.database, actor, limits=limits, calendar=self.calendar)
        with self.unit_of_work() as uow:
            assignment.send_digests(uow, self.settings.base_url)
        return report

    def assign_later(self) -> None:
        """Assign beside the request, unless no broker has a profile."""
        from matchmaker.store.queries.assignment import has_profiles

        with self.reading() as uow:
            wanted = has_profiles(uow)
        if wanted:
            self._matcher.submit(self._assign_beside)

    def _assign_beside(self) -> None:
        try:
            self.assign()
        except Exception:  # noqa: BLE001 - the matches stay in the pool until the next run
            _LOG.exception("matches could not be assigned; they will be later")

    def expire(self) -> tuple[int, int]:
        """Expire what is over and remind authors; returns how many of each."""
        from matchmaker.services import expiry

        with self.unit_of_work() as uow:
            return expiry.expire_due(uow), expiry.remind(uow)

    def check_audit(self) -> int:
        """Verify what the audit has gained and close its days; returns how much does not fit."""
        from matchmaker.services import audit_chain

        with self.reading() as uow:
            done = audit_chain.verify_new(uow)
        with self.unit_of_work() as uow:
            audit_chain.keep(uow, done)
            audit_chain.close_days(uow, self.settings.timezone)
        if done.problems:
            _LOG.error(_TAMPERED, done.problems)
        return done.problems

    def tell_news(self) -> tuple[int, int]:
        """Tell of what saved searches found, then send the digests that are due; how many each."""
        from matchmaker.services import digest, saved_search

        with self.unit_of_work() as uow:
            told = saved_search.tell_news(uow, lambda: self.engine)
        with self.unit_of_work() as uow:
            return told, digest.send_due(uow, self.settings.timezone)

    def save_index(self) -> None:
        """Write the engine to its file, so that the next start is quick."""
        self.index.save()

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
        """Match what was just committed: at once, unless it is much; that goes beside the request.

        A failure is logged; the change sequence repeats the work the next time.
        """
        from matchmaker.services import matching

        try:
            if matching.backlog(self.database) > _MATCHED_AT_ONCE:
                self._match_later()
                return
            matching.catch_up(self.database, self.index)
            if matching.pairs(self.engine) <= _RANKED_AT_ONCE:
                matching.rank_all(self.database, self.index)
                self.send_alerts()
                self.assign_later()
            else:
                self._match_later()
        except Exception:  # noqa: BLE001 - the record is saved; that is what was asked for
            _LOG.exception(_NOT_MATCHED)

    def _match_later(self) -> None:
        """Have the matcher catch up once more, unless that is asked for already."""
        with self._making:
            if self._asked.acquire(blocking=False):
                self._matcher.submit(self._match_beside)

    def _match_beside(self) -> None:
        self._asked.release()
        try:
            self.catch_up()
        except Exception:  # noqa: BLE001 - the record is saved; that is what was asked for
            _LOG.exception(_NOT_MATCHED)

    @cached_property
    def _asked(self) -> threading.Semaphore:
        return threading.Semaphore()

    @cached_property
    def _matcher(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(max_workers=1, thread_name_prefix="matching")

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

    def close(self) -> None:
        """Wait for what runs beside requests, then close every connection.

        A connection that is in use when its pool is disposed of would be left open.
        """
        used = vars(self)
        for beside in ("_matcher", "_postman"):
            if beside in used:
                used[beside].shutdown()
        if "_duplicates" in used:
            self._duplicates.finish()
        self.database.dispose()

    def install_plan(self) -> int:
        """Load the plan's chains and regions; returns how many were new."""
        with self.unit_of_work() as uow:
            return plan_service.install(uow, self.plan)

    def secret_key(self) -> str:
        """The key that signs cookies: the setting's, or one made once and kept in ``var_dir``."""
        given = self.settings.secret_key.get_secret_value()
        return given or kept_secret(self.settings.var_dir / "secret_key")


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
        database=Database(
            settings.effective_database_url, clock, settings.base_url, settings.timezone
        ),
        plan=read_plan(settings.data_dir / "plan" / "plan.json"),
        passwords=passwords or Argon2Passwords(),
        carrier=_carrier(settings),
        attachments=AttachmentStore(settings.attachments_dir),
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
