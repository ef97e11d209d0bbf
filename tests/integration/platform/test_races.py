"""Two transactions at the same moment: SQLite lets them in one by one, a server both at once."""

from __future__ import annotations

import gc
import threading
import time

from sqlalchemy import exists, func, select

from matchmaker.bootstrap import Matchmaker
from matchmaker.domain.errors import Conflict
from matchmaker.services import account
from matchmaker.store.organisation import Organisation
from tests import builders

NAME = "虚构双生材料公司"


def test_who_inserts_the_same_at_the_same_moment_finds_it_or_is_told(platform: Matchmaker) -> None:
    told: list[str] = []

    def second() -> None:
        try:
            with platform.database.unit_of_work() as uow:
                if uow.session.scalar(select(exists().where(Organisation.name == NAME))):
                    told.append("found")
                    return
                builders.organisation(uow, name=NAME)
                told.append("inserted")
        except Conflict:
            told.append("refused")

    other = threading.Thread(target=second)
    with platform.database.unit_of_work() as uow:
        builders.organisation(uow, name=NAME)
        other.start()
        time.sleep(0.3)  # the other one has begun, and waits: on SQLite to begin, else to insert
        assert not told
    other.join()
    assert told == ["found" if platform.database.engine.dialect.name == "sqlite" else "refused"]


def test_two_that_wait_for_each_other_end_with_one_told(platform: Matchmaker) -> None:
    with platform.database.unit_of_work() as uow:
        pair = [builders.organisation(uow).id for _ in range(2)]
    told: list[str] = []
    both = threading.Barrier(2)

    def visit(first: int, then: int) -> None:
        try:
            with platform.database.unit_of_work() as uow:
                uow.session.get_one(Organisation, first, with_for_update=True)
                if uow.session.get_bind().dialect.name != "sqlite":
                    both.wait(10)
                uow.session.get_one(Organisation, then, with_for_update=True)
            told.append("done")
        except Conflict:
            told.append("refused")

    threads = [threading.Thread(target=visit, args=order) for order in (pair, pair[::-1])]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    sqlite = platform.database.engine.dialect.name == "sqlite"
    assert sorted(told) == (["done", "done"] if sqlite else ["done", "refused"])


def test_one_person_logs_in_twice_at_the_same_moment(platform: Matchmaker) -> None:
    with platform.database.unit_of_work() as uow:
        email = builders.user(uow, platform.passwords).email
    tokens: list[str] = []

    def log_in() -> str:
        with platform.database.unit_of_work() as uow:
            token = account.log_in(
                uow, platform.passwords, email=email, password=builders.PASSWORD, agent="", days=1
            )
            time.sleep(0.3)  # the other one has read the person meanwhile, and waits to write
        return token

    threads = [threading.Thread(target=lambda: tokens.append(log_in())) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    with platform.reading() as uow:
        assert len({*tokens}) == 2
        assert all(account.signed_in(uow, token) for token in tokens)


def test_the_platform_closes_when_what_runs_beside_requests_is_done(platform: Matchmaker) -> None:
    counted: list[int | None] = []
    begun = threading.Event()

    def beside() -> None:
        with platform.reading() as uow:
            wanted = select(func.count()).select_from(Organisation)
            uow.session.scalar(wanted)
            begun.set()
            time.sleep(0.3)
            counted.append(uow.session.scalar(wanted))

    platform._matcher.submit(beside)
    begun.wait(10)
    platform.close()
    assert counted == [0]
    gc.collect()  # warns, and so fails, where a connection was left open
