"""Measure every page: ``python -m tests.benchmarks.pages [--copies 20] [--repeat 7]``. No test.

The demo world, with what people do in it, and then the same many times over, so that those who ask
have many times the rows in their own lists. Each of them asks for every address that opens to him;
of an endpoint's addresses the slowest is told.
"""

# ruff: noqa: T201 - a benchmark prints

from __future__ import annotations

import argparse
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from matchmaker.bootstrap import Matchmaker, bootstrap
from matchmaker.cli.worker import warm
from matchmaker.domain.permissions import VISITOR, Actor
from matchmaker.domain.question import SIDES
from matchmaker.services import (
    disclosure,
    duplicate,
    match_review,
    next_step,
    receipt,
    saved_search,
)
from matchmaker.services.account import actor_of
from matchmaker.services.demo import DEMO_PASSWORD, DOMAIN
from matchmaker.settings import Settings
from matchmaker.store.common_need import CommonNeed
from matchmaker.store.contract import Contract
from matchmaker.store.database import UnitOfWork
from matchmaker.store.demand import Demand
from matchmaker.store.engagement import Engagement, Meeting
from matchmaker.store.introduction import Introduction
from matchmaker.store.match import Match
from matchmaker.store.organisation import User
from matchmaker.store.queries.visibility import MODELS
from matchmaker.store.saved_search import SavedSearch
from matchmaker.web.app import create_app
from matchmaker.web.security import limiter
from tests.integration.tier_surfaces import addresses, admitted, client_of
from tests.integration.tier_world import Kept, World
from tests.links import make_links
from tests.multiply import multiply, sent

COPIES, REPEAT, EACH = 20, 7, 3
MOST_MS: Final = 100
# Who asks, by the name that the parameters of addresses know them under.
PEOPLE: Final = {
    "author at anonymous company": "company",
    "party to contracts": "company3",
    "author": "researcher",
    "author with contracts": "researcher3",
    "manager": "manager",
    "own broker": "broker",
    "bureau": "bureau",
    "administrator": "administrator",
}
OTHERS: Final = {"other broker": "broker2", "pending": "company4"}
_SYSTEMS: Final = ("tfidf", "lexical", "dense", "default")
_REFUSED: Final = 400
_WORK: Final = 100_000


@dataclass(frozen=True, slots=True)
class Measured:
    """How one address was answered to one person."""

    status: int
    size: int
    ms: float
    processor: float  # ms too
    queries: int
    pace: float  # ms of processor for some fixed work at that time


# By endpoint with what is asked for besides, person and address.
Answers = dict[tuple[str, str, str], Measured]


def demo_world(folder: Path) -> World:
    """The demo world as a server has it, with what people do in it besides."""
    for command in (["init"], ["demo"]):
        subprocess.run(
            [sys.executable, "-m", "matchmaker", *command],
            env={**os.environ, "MATCHMAKER_VAR_DIR": str(folder), "OMP_NUM_THREADS": "1"},
            check=True,
            stdout=subprocess.DEVNULL,
        )
    world = World(bootstrap(Settings(var_dir=folder)), random.Random(1))  # noqa: S311 - not drawn
    for noun in ("demand", "outcome"):
        duplicate.find_all(world.platform.database, noun)
    with world.platform.database.unit_of_work() as uow:
        for who, name in (PEOPLE | OTHERS).items():
            found = select(User).where(User.email == f"{name}@{DOMAIN}")
            user = uow.session.scalars(found.options(joinedload(User.organisation))).one()
            world.users[who], world.actors[who] = user, actor_of(user)
        world.actors["visitor"] = VISITOR
        _act(uow, world)
    with world.platform.reading() as uow:
        _look_around(uow, world)
    return world


def _act(uow: UnitOfWork, world: World) -> None:
    """Requests, grants, decisions, questions and searches."""
    company, researcher, broker = (
        world.actors[who] for who in ("author at anonymous company", "author", "own broker")
    )
    own = select(Demand).where(Demand.author_id == company.user_id, Demand.state == "published")
    for demand in uow.session.scalars(own).all():
        for kind in ("expert", "challenge"):
            next_step.ask(uow, company, demand, kind=kind, note="示例：请帮忙看看。")
    talks = uow.session.scalars(
        select(Engagement)
        .where(Engagement.company_id == company.organisation_id)
        .options(joinedload(Engagement.demand), joinedload(Engagement.outcome))
    ).one()
    until = disclosure.today(uow) + timedelta(days=30)
    for asker, owner, record in (
        (researcher, company, talks.demand),
        (company, researcher, talks.outcome),
    ):
        grant = disclosure.ask(uow, asker, record, question="示例：想了解。", base_url="")
        disclosure.decide(uow, owner, grant, "grant", until=until, reason="示例", base_url="")
        receipt.open_tier(uow, asker, record, base_url="")
    _review(uow, world, broker)
    for who in PEOPLE:
        for noun, text in (("demand", "碳纤维成型"), ("outcome", "")):
            saved_search.save(
                uow,
                world.actors[who],
                name=f"示例 {noun}",
                noun=noun,
                text=text,
                chosen={"field": ["materials"]},
                sort="",
                alert=True,
            )


def _review(uow: UnitOfWork, world: World, broker: Actor) -> None:
    """Some of what the broker has is decided, put aside, or waits for an answer."""
    company = world.users["author at anonymous company"].organisation_id
    queue = (
        select(Match.public_id)
        .join(Match.demand)
        .where(Match.state == "suggested", Match.assigned_to == broker.user_id)
        .order_by((Demand.organisation_id == company).desc(), Match.id)
    )
    waiting = uow.session.scalars(queue).all()
    for place, match_id in enumerate(waiting[:12]):
        if place < 4:
            match_review.inquire(
                uow,
                broker,
                match_id=match_id,
                side=SIDES[place % 2],
                text="示例：何时可以试样？",
                calendar=world.platform.calendar,
                base_url="",
            )
        elif place < 8:
            match_review.dismiss(uow, broker, match_id=match_id, reason="immature")
        else:
            match_review.snooze(uow, broker, match_id=match_id)


def _look_around(uow: UnitOfWork, world: World) -> None:
    """What the world holds, as the parameters of addresses ask for it."""
    for name, who in (
        ("anonymous company", "author at anonymous company"),
        ("directed company", "party to contracts"),
        ("institution", "author"),
        ("pending company", "pending"),
    ):
        organisation = world.users[who].organisation
        assert organisation is not None
        world.organisations[name] = organisation
    for noun, model in MODELS.items():
        loaded = select(model).options(joinedload(model.organisation)).order_by(model.id)
        world.records += [Kept(noun, row, {}) for row in uow.session.scalars(loaded)]
    pairs = select(Match.public_id, Match.state).order_by(Match.assigned_to.is_(None), Match.id)
    by_state = {state: public_id for public_id, state in uow.session.execute(pairs).all()[::-1]}
    world.matches = list(by_state.values())
    world.engagements = list(uow.session.scalars(select(Engagement).order_by(Engagement.id)))
    world.introductions = list(
        uow.session.scalars(select(Introduction.public_id).order_by(Introduction.id))
    )
    world.meetings = list(uow.session.scalars(select(Meeting.public_id).order_by(Meeting.id)))
    contracts = select(Contract).options(joinedload(Contract.engagement))
    world.contracts = list(uow.session.scalars(contracts))
    world.needs = list(uow.session.scalars(select(CommonNeed.public_id)))
    world.searches = list(uow.session.scalars(select(SavedSearch.public_id)))


def listed(app: Flask, world: World) -> list[tuple[str, str]]:
    """Every address, by endpoint with what is asked for besides."""
    found = [
        (f"{endpoint}{''.join(address.partition('?')[1:])}", address)
        for endpoint, address in addresses(app, world)
    ]
    company = world.users["author at anonymous company"]
    talks = next(one for one in world.engagements if one.company_id == company.organisation_id)
    links = make_links(world.platform, company.id, talks, talks.demand_id, _SYSTEMS)
    with app.test_request_context():
        adapter = app.url_map.bind("localhost")
        for endpoint, values in links.items():
            found = [one for one in found if one[0] != endpoint]
            found.append((endpoint, adapter.build(endpoint, values)))
    return found


def measure(
    app: Flask, world: World, wanted: list[tuple[str, str]], repeat: int, each: int
) -> Answers:
    """Everybody asks for everything that opens to him, of an endpoint so many addresses."""
    platform = world.platform
    warm(platform)  # as each worker of the server does
    assert platform.engine.sequence
    app.test_client().get("/")  # which does the day's work
    platform._matcher.submit(int).result()  # and leaves some of it to be done beside
    answers: Answers = {}
    for who in (*PEOPLE, "visitor"):
        limiter.reset()
        client = client_of(app, world, who, DEMO_PASSWORD)
        opened = Counter[str]()
        for key, address in wanted:
            if opened[key] == each or not admitted(world, who, key.partition("?")[0]):
                continue
            found = _ask(client, platform, address, repeat)
            if found is not None:
                opened[key] += 1
                answers[key, PEOPLE.get(who, who), address] = found
    return answers


def _ask(client: FlaskClient, platform: Matchmaker, address: str, repeat: int) -> Measured | None:
    """Ask once for what is kept afterwards, once for the statements, then against the clock."""
    first = client.get(address)
    size = len(first.get_data())
    first.close()
    if first.status_code >= _REFUSED:
        return None
    with sent(platform.database.engine) as statements:
        client.get(address).close()
    walls, processor, paces = [], [], []
    for _number in range(repeat):
        paces.append(_pace())
        wall, own = time.perf_counter(), time.process_time()
        answer = client.get(address)
        walls.append(1_000 * (time.perf_counter() - wall))
        processor.append(1_000 * (time.process_time() - own))
        answer.close()
    return Measured(
        first.status_code,
        size,
        statistics.median(walls),
        statistics.median(processor),
        len(statements),
        statistics.median(paces),
    )


def _pace() -> float:
    """Milliseconds of processor that some fixed work takes now: shared machines change theirs."""
    own, total = time.process_time(), 0
    for number in range(_WORK):
        total += number * number % 7
    return 1_000 * (time.process_time() - own)


def report(before: Answers, after: Answers, copies: int) -> None:
    """The table, slowest first, then what is too slow and what asks more often than before."""
    slowest: dict[tuple[str, str], tuple[Measured, Measured]] = {}
    for (key, who, address), there in sorted(after.items(), key=lambda one: one[1].ms):
        if (key, who, address) in before:
            slowest[key, who] = (before[key, who, address], there)
    rows = sorted(slowest.items(), key=lambda one: -one[1][1].ms)
    many = f"×{copies}"
    paces = sorted(one.pace for one in after.values())
    full = paces[len(paces) // 20]  # what the machine attains in one of twenty moments
    print(
        f"fixed work: {full:.1f} ms at full pace, {statistics.median(paces):.1f} in the middle, "
        f"{paces[-1]:.1f} at worst"
    )
    print(
        f"{'endpoint':44}{'who':15}{'status':>6}{'bytes':>11}{'ms ×1':>8}{'ms ' + many:>8}"
        f"{'processor ×1':>14}{many:>7}{'queries ×1':>12}{many:>5}{'at full pace':>14}"
    )
    for (key, who), (here, there) in rows:
        print(
            f"{key:44}{who:15}{there.status:6}{there.size:11,}{here.ms:8.1f}{there.ms:8.1f}"
            f"{here.processor:14.1f}{there.processor:7.1f}{here.queries:12}{there.queries:5}"
            f"{there.ms * full / there.pace:14.1f}"
        )
    slow = [key for key, (_here, there) in rows if there.ms > MOST_MS]
    print(f"over {MOST_MS} ms: {slow or 'none'}")
    slow = [key for key, (_here, there) in rows if there.ms * full / there.pace > MOST_MS]
    print(f"over {MOST_MS} ms at full pace: {slow or 'none'}")
    grown = [
        f"{' '.join(asked)}: {here.queries} → {after[asked].queries}"
        for asked, here in before.items()
        if asked in after and after[asked].queries > here.queries
    ]
    print("more queries: " + ("\n".join(grown) or "none"))


def main() -> None:
    """Measure the demo world, make it larger, measure it again."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--copies", type=int, default=COPIES, help="how large the world is made")
    parser.add_argument("--repeat", type=int, default=REPEAT, help="how often a page is timed")
    parser.add_argument("--each", type=int, default=EACH, help="addresses of an endpoint")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        world = demo_world(Path(folder) / "var")
        platform = world.platform
        app = create_app(platform)
        wanted = listed(app, world)
        print(f"load {os.getloadavg()[0]:.1f} at the beginning")
        before = measure(app, world, wanted, options.repeat, options.each)
        with platform.database.unit_of_work() as uow:
            multiply(uow, options.copies, {world.users[who].id for who in PEOPLE})
        print(f"load {os.getloadavg()[0]:.1f} in between")
        after = measure(create_app(platform), world, wanted, options.repeat, options.each)
        print(f"load {os.getloadavg()[0]:.1f} at the end")
        report(before, after, options.copies)
        never = {key for key, _address in wanted} - {key for key, _who, _address in after}
        print("opened to nobody: " + (", ".join(sorted(never)) or "none"))
        platform.database.dispose()


if __name__ == "__main__":
    main()
