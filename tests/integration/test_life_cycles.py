"""Random actions by random people over demands, outcomes, matches, introductions and engagements.

Whatever anybody tries in whatever order: no illegal row, no state change without its audit row by
somebody entitled, and no mail of a transaction that was refused or cut short. Many more sequences:
``pytest tests/integration/test_life_cycles.py --life-cycles 10000``.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import text

from matchmaker.bootstrap import bootstrap
from matchmaker.domain.engagement import NDA_VERSION, STEPS
from matchmaker.domain.errors import DomainError
from matchmaker.domain.permissions import SYSTEM, Actor
from matchmaker.integrations.passwords import Argon2Passwords
from matchmaker.services import (
    engagement,
    engagement_message,
    expiry,
    introduction,
    introduction_clock,
    mail,
    match_review,
    meeting,
    record,
)
from matchmaker.settings import Settings
from matchmaker.store.database import UnitOfWork
from matchmaker.store.queries import engagement_facts
from matchmaker.store.queries.engagement_facts import ContractFacts
from tests.conftest import Clock
from tests.integration.engagement.pair import PEOPLE, Pair, make_pair
from tests.integration.life_cycle_oracle import illegal_rows, is_allowed

WHO = (*PEOPLE, "visitor", "system")
NOUNS = ("demand", "outcome", "match", "introduction", "engagement", "meeting")
REASONS = ("price", "timing", "other", "unheard-of")
Act = Callable[["Machine", UnitOfWork, Actor, int], object]


class CutShortError(Exception):
    """Stands for a server that dies before the commit."""


@dataclass(frozen=True)
class World:
    """The pair on a database that is put back to its beginning for every sequence."""

    pair: Pair
    clock: Clock
    starts: list[tuple[Path, timedelta]]
    actors: dict[str, Actor]
    names: dict[int, str]
    facts: list[ContractFacts]

    @property
    def file(self) -> Path:
        return Path(str(self.pair.platform.database.url.database))

    def reset(self, start: int) -> None:
        """Put the database back to one of its beginnings."""
        self.pair.platform.database.dispose()
        for ending in ("-wal", "-shm"):
            Path(f"{self.file}{ending}").unlink(missing_ok=True)
        original, passed = self.starts[start]
        shutil.copy(original, self.file)
        self.clock.now = Clock().now + passed
        self.facts[:] = [ContractFacts()]

    def keep(self) -> None:
        """Keep the database as it is now as a further beginning, its mail sent."""
        place = self.file.with_name(f"start-{len(self.starts)}.sqlite3")
        with closing(sqlite3.connect(self.file)) as source, closing(sqlite3.connect(place)) as to:
            source.backup(to)
            to.execute("UPDATE outbox_mail SET sent_at = created_at, due_at = NULL")
            to.commit()
        self.starts.append((place, self.clock.now - Clock().now))


@pytest.fixture
def world(migrated_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    shutil.copy(migrated_file, tmp_path / "matchmaker.sqlite3")
    clock = Clock()
    cheap = Argon2Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    platform = bootstrap(Settings(var_dir=tmp_path), clock=clock, passwords=cheap)
    pair = make_pair(platform, disclosure="anonymous", state="suggested")
    facts = [ContractFacts()]
    monkeypatch.setattr(engagement_facts, "contract_facts", lambda _uow, _key: facts[0])
    actors = {who: pair.actor(who) for who in WHO if who != "system"} | {"system": SYSTEM}
    names = {user.id: who for who, user in pair.users.items()}
    made = World(pair, clock, [], actors, names, facts)
    made.keep()
    machine = type("Bound", (Machine,), {"world": made})()
    for place, (who, name, number) in enumerate(_SCRIPT, start=1):
        machine.attempt(who, name, number, cut_short=False)
        if place in _KEPT_AFTER:
            made.keep()
    machine.raw.close()
    yield made
    platform.database.dispose()


class Carrier:
    """Notes what leaves."""

    def __init__(self) -> None:
        self.keys: list[str] = []

    def deliver(self, _message: object, key: str) -> None:
        self.keys.append(key)


class Machine(RuleBasedStateMachine):
    """One sequence of actions."""

    world: World  # set by the test

    def __init__(self) -> None:
        super().__init__()
        self.pair = self.world.pair
        self.database = self.pair.platform.database
        self.begin(0)

    @initialize(start=st.integers(0, 5))
    def begin(self, start: int) -> None:
        """Start somewhere on the way, so that its later parts are tried as often."""
        if hasattr(self, "raw"):
            self.raw.close()
        self.world.reset(start)
        self.raw = sqlite3.connect(self.world.file, isolation_level=None)
        self.raw.row_factory = sqlite3.Row
        self.before = self.look()
        self.sent_before = self.before["mails"]

    @rule(
        name=st.integers(0, 59),
        who=st.sampled_from(WHO),
        likely=st.integers(0, 3),
        number=st.integers(0, 11),
        cut_short=st.integers(0, 9),
    )
    def act(self, name: int, who: str, likely: int, number: int, cut_short: int) -> None:
        action = sorted(ACTS)[name % len(ACTS)]
        usual = ACTS[action][0].split()
        self.attempt(
            usual[number % len(usual)] if likely else who, action, number, cut_short=not cut_short
        )

    @rule(hours=st.sampled_from((1, 25, 4 * 24, 8 * 24, 31 * 24)))
    def wait(self, hours: int) -> None:
        self.world.clock.advance(hours=hours)

    @rule(signed=st.booleans(), registered=st.booleans())
    def contract(self, signed: bool, registered: bool) -> None:
        self.world.facts[:] = [ContractFacts(signed=signed, registered=signed and registered)]

    def attempt(self, who: str, name: str, number: int, *, cut_short: bool) -> None:
        """Let somebody try something in one transaction, and look at what became of it."""
        try:
            with self.database.unit_of_work() as uow:
                ACTS[name][1](self, uow, self.world.actors[who], number)
                _end(cut_short)
        except (DomainError, CutShortError):
            assert self.look() == self.before, f"{name} by {who} was refused and left something"
            return
        self.check(who, name)

    def check(self, who: str, name: str) -> None:
        """Every change has its audit row, by somebody entitled; every row is legal."""
        before, self.before = self.before, self.look()
        after = self.before
        reached = dict(before["states"])
        for event in self.raw.execute(
            "SELECT * FROM audit_event WHERE id > ? ORDER BY id", [before["last_audit"]]
        ):
            noun, key = event["noun"], event["record_id"]
            if noun not in NOUNS:
                continue
            actor = self.world.names.get(event["actor_id"], event["actor_role"])
            change = (event["state_from"], event["state_to"])
            assert actor in (who, "system"), (name, dict(event))
            assert is_allowed(noun, event["action"], actor, *change), (name, dict(event))
            if change != (None, None):
                assert reached.get((noun, key)) == change[0], (name, dict(event))
                reached[noun, key] = change[1]
        gone = {key: None for key in reached if reached[key] is None}
        assert {**gone, **after["states"]} == reached, f"{name} by {who} left no audit row"
        if after["mails"] != before["mails"]:
            assert after["last_audit"] != before["last_audit"], f"{name} mailed unnoticed"
        assert illegal_rows(self.raw) == []

    def look(self) -> dict[str, Any]:
        """The states of everything, and how far audit and outbox have come."""
        union = " UNION ALL ".join(
            f"SELECT '{one}', id, state, version FROM {one}"  # noqa: S608 - our own names
            for one in NOUNS
        )
        rows = self.raw.execute(union).fetchall()
        counts = self.raw.execute(_COUNTS).fetchone()
        return {
            "states": {(noun, key): state for noun, key, state, _ in rows},
            "versions": {(noun, key): version for noun, key, _, version in rows},
            "last_audit": counts[0],
            "mails": counts[1],
            "rest": tuple(counts)[2:],
        }

    @staticmethod
    def key(uow: UnitOfWork, table: str, number: int) -> str:
        """The public id of one of a table's rows, the latest most often; or of none."""
        statement = f"SELECT public_id FROM {table} ORDER BY id DESC"  # noqa: S608 - our own names
        found = list(uow.session.execute(text(statement)).scalars())
        return found[max(0, number - 9) % len(found)] if found else "unknown"

    def teardown(self) -> None:
        """What leaves is what was committed, each mail once."""
        carrier = Carrier()
        while mail.deliver_queued(self.database, carrier, "a@example.org"):
            pass
        left = self.before["mails"] - self.sent_before
        self.raw.close()
        assert len(carrier.keys) == len(set(carrier.keys)) == left


def _end(cut_short: bool) -> None:
    if cut_short:
        raise CutShortError


def _record(noun: str, action: str) -> Act:
    def act(machine: Machine, uow: UnitOfWork, actor: Actor, number: int) -> object:
        found = record.load(uow, actor, noun, machine.key(uow, noun, number), lock=True)
        if action == "delete":
            return record.delete(uow, actor, found)
        return record.act(uow, actor, found, action, note="请补充指标" if number % 3 else "")

    return act


def _match(action: str) -> Act:
    def act(machine: Machine, uow: UnitOfWork, actor: Actor, number: int) -> object:
        fields = {"reason": REASONS[number % 4], "note": "n"} if action == "dismiss" else {}
        do = getattr(match_review, action)
        return do(uow, actor, match_id=machine.key(uow, "match", number), **fields)

    return act


def _ask(machine: Machine, uow: UnitOfWork, actor: Actor, number: int) -> object:
    words = ("", "值得一谈", "Nameless Seals 的需求")[number % 3]
    return introduction.ask(
        uow,
        actor,
        match_id=machine.key(uow, "match", number),
        calendar=machine.pair.platform.calendar,
        institution_message=words,
    )


def _introduction(action: str) -> Act:
    def act(machine: Machine, uow: UnitOfWork, actor: Actor, number: int) -> object:
        fields: dict[str, Any] = {
            "decline": {"reason": REASONS[number % 4]},
            "accept": {"calendar": machine.pair.platform.calendar},
        }.get(action, {})
        do = getattr(introduction, action)
        return do(uow, actor, introduction_id=machine.key(uow, "introduction", number), **fields)

    return act


def _step(machine: Machine, uow: UnitOfWork, actor: Actor, number: int) -> object:
    """The step that comes next most often, any other now and then."""
    key = machine.key(uow, "engagement", number)
    action = (*STEPS, "rest", "conclude_nda")[number % (len(STEPS) + 2)]
    if number % 3:
        state = uow.session.execute(
            text("SELECT state FROM engagement WHERE public_id = :key"), {"key": key}
        ).scalar()
        action = _NEXT.get(state or "", action)
    note = "不需要" if number % 2 else ""
    calendar = machine.pair.platform.calendar
    return engagement.step(
        uow, actor, engagement_id=key, action=action, note=note, calendar=calendar
    )


def _engagement(action: str) -> Act:
    def act(machine: Machine, uow: UnitOfWork, actor: Actor, number: int) -> object:
        fields: dict[str, Any] = {
            "accept_nda": {
                "name": "某人",
                "version": NDA_VERSION if number else "0",
                "calendar": machine.pair.platform.calendar,
            },
            "wake": {"calendar": machine.pair.platform.calendar},
            "lose": {"reason": REASONS[number % 4]},
            "plan_next": {
                "text": "寄样",
                "side": ("broker", "company", "nobody")[number % 3],
                "due": uow.now.date() + timedelta(days=number - 1),
            },
        }.get(action, {})
        do = getattr(engagement, action)
        return do(uow, actor, engagement_id=machine.key(uow, "engagement", number), **fields)

    return act


def _plan(uow: UnitOfWork, number: int) -> meeting.Plan:
    starts_at = uow.now + timedelta(hours=number - 6)
    return meeting.Plan(starts_at=starts_at, minutes_long=60, place="线上" if number else "")


def _new_meeting(machine: Machine, uow: UnitOfWork, actor: Actor, number: int) -> object:
    key = machine.key(uow, "engagement", number)
    return meeting.plan(uow, actor, engagement_id=key, plan=_plan(uow, number))


def _meeting(action: str) -> Act:
    def act(machine: Machine, uow: UnitOfWork, actor: Actor, number: int) -> object:
        fields: dict[str, Any] = {
            "move": {"plan": _plan(uow, number)},
            "hold": {"minutes": "纪要" if number else ""},
        }.get(action, {})
        do = getattr(meeting, action)
        return do(uow, actor, meeting_id=machine.key(uow, "meeting", number), **fields)

    return act


def _write(machine: Machine, uow: UnitOfWork, actor: Actor, number: int) -> object:
    key = machine.key(uow, "engagement", number)
    store = machine.pair.platform.attachments
    return engagement_message.write(uow, actor, store, engagement_id=key, body="您好" * number)


def _calendar(machine: Machine, uow: UnitOfWork, _actor: Actor, _number: int) -> object:
    """What the daily job does; it acts as the platform whoever calls it."""
    expiry.expire_due(uow)
    introduction_clock.lapse_due(uow)
    introduction_clock.remind_due(uow, calendar=machine.pair.platform.calendar)
    engagement.rest_due(uow)
    engagement.remind_due(uow)
    return meeting.remind_due(uow)


_NEXT = {
    "nda": "disclose",
    "disclosed": "meet",
    "meeting": "agree_terms",
    "validation": "agree_terms",
    "term_sheet": "draft",
    "drafting": "sign",
    "publicity": "sign",
    "signed": "register",
    "registered": "perform",
    "performing": "complete",
}
_COUNTS = """SELECT (SELECT COALESCE(MAX(id), 0) FROM audit_event),
    (SELECT COUNT(*) FROM outbox_mail), (SELECT COUNT(*) FROM nda_acceptance),
    (SELECT COUNT(*) FROM engagement_step), (SELECT COUNT(*) FROM engagement_message)"""
# Action → who usually takes it, and how.
ACTS: dict[str, tuple[str, Act]] = {
    **{f"demand {action}": ("company", _record("demand", action))
       for action in ("submit", "resolve", "withdraw", "reopen", "delete")},
    **{f"demand {action}": ("broker bureau", _record("demand", action))
       for action in ("publish", "return")},
    **{f"outcome {action}": ("researcher manager", _record("outcome", action))
       for action in ("submit", "withdraw", "reopen", "delete", "approve", "request_changes")},
    **{f"match {action}": ("broker other_broker", _match(action))
       for action in ("accept", "dismiss", "snooze", "wake", "undo")},
    "introduction ask": ("broker", _ask),
    **{f"introduction {action}": ("company researcher manager colleague", _introduction(action))
       for action in ("accept", "decline")},
    "introduction withdraw": ("broker", _introduction("withdraw")),
    "engagement step": ("broker company researcher", _step),
    **{f"engagement {action}": ("company researcher broker", _engagement(action))
       for action in ("accept_nda", "plan_next", "lose", "wake")},
    "meeting plan": ("broker company", _new_meeting),
    **{f"meeting {action}": ("broker researcher", _meeting(action))
       for action in ("move", "hold", "cancel")},
    "engagement write": ("company researcher broker", _write),
    "calendar": ("system", _calendar),
}  # fmt: skip
# The short way to an engagement that has met; after some of its parts a sequence may begin.
_SCRIPT = (
    ("broker", "match accept", 0),
    ("broker", "introduction ask", 0),
    ("company", "introduction accept", 0),
    ("researcher", "introduction accept", 0),
    ("company", "engagement accept_nda", 1),
    ("manager", "engagement accept_nda", 1),
    ("researcher", "engagement step", 1),
    ("broker", "meeting plan", 6),
    ("company", "meeting hold", 1),
    ("broker", "engagement step", 1),
)
_KEPT_AFTER = (1, 2, 4, 6, 10)


def test_no_sequence_of_actions_leads_astray(world: World, request: pytest.FixtureRequest) -> None:
    machine = type("Bound", (Machine,), {"world": world})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=request.config.getoption("--life-cycles"),
            stateful_step_count=14,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_the_oracle_finds_a_row_that_must_not_be(world: World) -> None:
    """A planted change without an audit row, and a planted illegal row, are caught."""
    machine = type("Bound", (Machine,), {"world": world})()
    machine.begin(5)
    machine.attempt("broker", "engagement step", 2, cut_short=False)
    with world.pair.platform.database.unit_of_work() as uow:
        uow.session.execute(text("UPDATE engagement SET state = 'performing'"))
    with pytest.raises(AssertionError, match="no audit row"):
        machine.check("broker", "a planted change")
    with world.pair.platform.database.unit_of_work() as uow:
        uow.session.execute(text("DELETE FROM nda_acceptance"))
    assert illegal_rows(machine.raw)
    machine.raw.close()
    assert not is_allowed("engagement", "sign", "other_broker", "drafting", "signed")
