"""Measure the page of figures: ``python -m tests.benchmarks.figures [--events 1000000]``. No test.

A hundred thousand records and a million events, stored past the services as they would be; counted
once by ``figures rebuild``; then a real server is asked, and the first byte timed. What one counted
event costs its transaction is measured too.
"""

# ruff: noqa: T201 - a benchmark prints

from __future__ import annotations

import argparse
import http.client
import logging
import os
import random
import statistics
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any, Final

from sqlalchemy import insert
from werkzeug.serving import make_server

from matchmaker.bootstrap import Matchmaker, bootstrap
from matchmaker.domain.permissions import SYSTEM
from matchmaker.services import audit
from matchmaker.services import figure as service
from matchmaker.settings import Settings
from matchmaker.store.audit import AuditEvent
from matchmaker.store.contract import Contract, ContractRevision
from matchmaker.store.demand import Demand, DemandChain
from matchmaker.store.engagement import Engagement
from matchmaker.store.introduction import Introduction
from matchmaker.store.match import Match
from matchmaker.store.migrate import migrate
from matchmaker.store.organisation import Organisation, User
from matchmaker.store.outcome import Outcome, OutcomeChain
from matchmaker.web.app import create_app
from tests import builders

RECORDS, EVENTS, REPEAT = 100_000, 1_000_000, 15
_START: Final = datetime(2021, 1, 4, tzinfo=UTC)
_DAYS: Final = 1_900
_FAR: Final = date(2099, 1, 1)  # nothing expires on the day of measuring
_BATCH: Final = 5_000
_INTRODUCED, _SIGNED = 0.3, 0.06  # shares of the demands
ADDRESSES: Final = (
    *("/figures/?period=", "/figures/?period=2025", "/figures/?period=2025-Q2&region=huancui"),
    *("/figures/?period=&chain=ships", "/figures/demands_published?period="),
    *("/figures/turnover?period=2024", "/figures/mutual?period=&page=200"),
    *("/open-data/", "/open-data/counters.json"),
)
Rows = dict[Any, list[dict[str, Any]]]


class _Maker:
    """Rows of every table, from numbers alone."""

    def __init__(self, platform: Matchmaker, records: int, events: int) -> None:
        self.draw = random.Random(1)  # noqa: S311 - not drawn for secrets
        self.platform = platform
        self.each = records // 2
        self.events_each = events // records
        self.number = 0
        self.chains = list(platform.plan.chain_by_code)
        self.regions = [None, *platform.plan.region_by_code]

    def people(self) -> None:
        with self.platform.unit_of_work() as uow:
            self.companies = [self._home(uow, "company", n) for n in range(3_000)]
            self.institutions = [self._home(uow, "institution", n) for n in range(300)]
            self.broker = builders.user(uow, self.platform.passwords, "broker").id
            self.bureau = builders.user(uow, self.platform.passwords, "bureau")

    def _home(self, uow: Any, kind: str, number: int) -> int:
        region = self.regions[number % len(self.regions)]
        made: Organisation = builders.organisation(uow, kind, region_code=region)
        return made.id

    def outcomes(self) -> Iterator[Rows]:
        for key in range(1, self.each + 1):
            at = self._at()
            row = self._record(key, self.institutions, at) | {"provenance": "local"}
            rows: Rows = {Outcome: [row], OutcomeChain: self._placed("outcome_id", key)}
            rows[AuditEvent] = [
                self._event("outcome", key, "create", at, None, "draft"),
                self._event("outcome", key, "submit", at, "draft", "institution_review"),
                self._event("outcome", key, "approve", at, "institution_review", "published"),
                *self._edits("outcome", key, at, 3),
            ]
            yield rows

    def demands(self) -> Iterator[Rows]:
        for key in range(1, self.each + 1):
            at, share = self._at(), self.draw.random()
            row = self._record(key, self.companies, at) | {"disclosure": "public"}
            rows: Rows = {Demand: [row], DemandChain: self._placed("demand_id", key)}
            told = [
                self._event("demand", key, "create", at, None, "draft"),
                self._event("demand", key, "submit", at, "draft", "submitted"),
                self._event("demand", key, "publish", self._after(at), "submitted", "published"),
            ]
            if share < _INTRODUCED:
                told += self._talks(rows, key, row["organisation_id"], at, share < _SIGNED)
            rows[AuditEvent] = told + self._edits("demand", key, at, len(told))
            yield rows

    def _talks(
        self, rows: Rows, key: int, company: int, at: datetime, signed: bool
    ) -> list[dict[str, Any]]:
        institution = self.draw.choice(self.institutions)
        asked, agreed = self._after(at, 30), self._after(at, 60)
        sides = {
            "demand_id": key, "outcome_id": key, "company_id": company,
            "institution_id": institution, "broker_id": self.broker,
        }  # fmt: skip
        rows[Match] = [
            {"id": key, "demand_id": key, "outcome_id": key, "score": 0.8, "level": 3, "rank": 1,
             "explanation": {}, "engine_version": "none", "state": "accepted", "decided_at": asked,
             "created_at": at}
        ]  # fmt: skip
        answers = {
            f"{side}_{name}": value
            for side in ("company", "institution")
            for name, value in (("answer", "accepted"), ("answered_by", self.broker),
                                ("answered_at", agreed))
        }  # fmt: skip
        rows[Introduction] = [
            {"id": key, **sides, "match_id": key, "state": "mutual", "asked_at": asked,
             "due_at": agreed, "closed_at": agreed, **answers}
        ]  # fmt: skip
        rows[Engagement] = [
            {"id": key, **sides, "introduction_id": key, "state": "performing", "opened_at": agreed,
             "last_step_at": agreed}
        ]  # fmt: skip
        told = [
            self._event("introduction", key, "ask", asked, None, "asked", self.broker),
            self._event("introduction", key, "accept", agreed, "asked", "asked"),
            self._event("introduction", key, "accept", agreed, "asked", "asked"),
            self._event("introduction", key, "conclude", agreed, "asked", "mutual"),
            self._event("engagement", key, "begin", agreed, None, "mutual"),
        ]
        return told + (self._contract(rows, key, agreed) if signed else [])

    def _contract(self, rows: Rows, key: int, at: datetime) -> list[dict[str, Any]]:
        amount, none = Decimal(self.draw.randrange(5, 900)), Decimal(0)
        drafted = self._after(at, 20)
        done = self._after(drafted, 70)
        money = {"amount_total": amount, "amount_technical": amount}
        rows[Contract] = [
            {"id": key, "engagement_id": key, "state": "registered", "title": f"示例合同{key}",
             "type": "development", **money, "deducted_equipment": none, "deducted_materials": none,
             "deducted_other": none, "amount_royalty": none, "signed_on": drafted.date(),
             "number": f"{key:016d}", "registered_on": done.date(), "drafted_at": drafted,
             "updated_at": done, "version": 1}
        ]  # fmt: skip
        rows[ContractRevision] = [
            {"contract_id": key, "revision": 1, "state": "registered", "type": "development",
             **money, "related": key % 9 == 0, "changed": [], "made_at": done}
        ]  # fmt: skip
        register = self._event("contract", key, "register", done, "signed", "registered")
        register["changes"] = {"registered_on": [None, done.date().isoformat()]}
        return [
            self._event("contract", key, "draft", drafted, None, "draft"),
            self._event("contract", key, "sign", drafted, "confirmed", "signed"),
            register,
        ]

    def _record(self, key: int, homes: list[int], at: datetime) -> dict[str, Any]:
        return {
            "id": key, "organisation_id": self.draw.choice(homes), "title": f"示例记录{key}",
            "state": "published", "created_at": at, "updated_at": at, "published_at": at,
            "expires_on": _FAR, "version": 1,
        }  # fmt: skip

    def _placed(self, name: str, key: int) -> list[dict[str, Any]]:
        return [
            {name: key, "chain_code": code}
            for code in self.draw.sample(self.chains, self.draw.choice((0, 1, 1, 2)))
        ]

    def _edits(self, noun: str, key: int, at: datetime, told: int) -> list[dict[str, Any]]:
        rest = max(0, self.events_each - told)
        return [self._event(noun, key, "edit", at, None, None) for _ in range(rest)]

    def _event(
        self,
        noun: str,
        key: int,
        action: str,
        at: datetime,
        before: str | None,
        after: str | None,
        actor: int | None = None,
    ) -> dict[str, Any]:
        return {
            "at": at, "actor_id": actor, "actor_role": "system", "noun": noun, "record_id": key,
            "action": action, "state_from": before, "state_to": after, "changes": {},
        }  # fmt: skip

    def _at(self) -> datetime:
        return _START + timedelta(seconds=self.draw.randrange(_DAYS * 86_400))

    def _after(self, at: datetime, days: int = 9) -> datetime:
        return at + timedelta(seconds=self.draw.randrange(1, days * 86_400))


def store(platform: Matchmaker, made: Iterable[Mapping[Any, list[dict[str, Any]]]]) -> int:
    """Insert rows in batches, tables in the order in which they refer to each other."""
    order = (Outcome, OutcomeChain, Demand, DemandChain, Match, Introduction, Engagement, Contract,
             ContractRevision, AuditEvent)  # fmt: skip
    rest, events = iter(made), 0
    while part := list(islice(rest, _BATCH)):
        with platform.database.unit_of_work() as uow:
            for model in order:
                rows = [row for one in part for row in one.get(model, ())]
                if rows:
                    uow.session.execute(insert(model), rows)
                events += len(rows) if model is AuditEvent else 0
    return events


def timed(name: str, call: Any) -> Any:
    began = time.perf_counter()
    found = call()
    print(f"{name:44}{time.perf_counter() - began:9.1f} s")
    return found


def ask(platform: Matchmaker, user: User, repeat: int) -> None:
    """A real server, and the time until the first byte of its answers."""
    app = create_app(platform)
    client = app.test_client()
    page = client.get("/log-in").get_data(as_text=True)
    token = page.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
    given = {"csrf_token": token, "email": user.email, "password": builders.PASSWORD}
    assert client.post("/log-in", data=given).status_code == 303
    cookie = client.get_cookie("matchmaker")
    assert cookie is not None
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    for address in ADDRESSES:
        waits, size = [], 0
        for _ in range(repeat + 1):
            connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=60)
            began = time.perf_counter()
            connection.request("GET", address, headers={"Cookie": f"matchmaker={cookie.value}"})
            answer = connection.getresponse()
            first = answer.read(1)
            waits.append(1_000 * (time.perf_counter() - began))
            size = len(first + answer.read())
            assert answer.status == 200, (address, answer.status)
            connection.close()
        rest = sorted(waits[1:])
        print(
            f"{address:44}first byte {statistics.median(rest):6.0f} ms, worst {rest[-1]:6.0f} ms, "
            f"first request {waits[0]:6.0f} ms; {size:,} bytes"
        )
    server.shutdown()


def commit_cost(platform: Matchmaker) -> None:
    """What a transaction pays for an event that is counted, beside one that is not."""
    for name, noun, action in (("counted", "demand", "expire"), ("not counted", "user", "edit")):
        waits = []
        for key in range(1, 101):
            began = time.perf_counter()
            with platform.database.unit_of_work() as uow:
                states = ("published", "expired")
                audit.record(uow, SYSTEM, noun, key, action, states=states)
            waits.append(1_000 * (time.perf_counter() - began))
        print(f"one event a transaction, {name:20}{statistics.median(waits):9.1f} ms")


def main() -> None:
    """Make the world, count it, verify it, ask for its pages."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=RECORDS, help="demands and outcomes")
    parser.add_argument("--events", type=int, default=EVENTS, help="events of the audit")
    parser.add_argument("--repeat", type=int, default=REPEAT, help="how often a page is asked for")
    parser.add_argument("--no-verify", dest="verify", action="store_false", help="leave that out")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        platform = bootstrap(Settings(var_dir=Path(folder)))
        migrate(platform.database)
        platform.install_plan()
        maker = _Maker(platform, options.records, options.events)
        maker.people()
        events = timed("outcomes and events written", lambda: store(platform, maker.outcomes()))
        events += timed("demands and events written", lambda: store(platform, maker.demands()))
        print(f"{options.records:,} records, {events:,} events; load {os.getloadavg()[0]:.1f}")
        with platform.database.unit_of_work() as uow:
            entries = timed("figures rebuild", lambda: service.rebuild(uow))
        print(f"{entries:,} entries", flush=True)
        if options.verify:
            with platform.reading() as uow:
                done = timed("figures verify", lambda: service.verify(uow))
            print(f"{done.entries:,} entries, {done.sums:,} sums, {done.problems} differences")
        ask(platform, maker.bureau, options.repeat)
        commit_cost(platform)
        print(f"load {os.getloadavg()[0]:.1f} at the end")
        platform.database.dispose()


if __name__ == "__main__":
    main()
