"""The audit's chain: all that writes reaches it, and whoever looks is told how it stands."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import insert, text

from matchmaker.bootstrap import Matchmaker, bootstrap
from matchmaker.cli.audit import _line
from matchmaker.cli.main import cli
from matchmaker.cli.serve import _warn_of_audit
from matchmaker.domain.audit_verification import KINDS, Finding
from matchmaker.domain.permissions import SYSTEM, VISITOR
from matchmaker.services import audit, demo, demo_contract, demo_engagement, erasure
from matchmaker.services import audit_chain as service
from matchmaker.services.account import actor_of
from matchmaker.services.audit_chain import Verification
from matchmaker.services.backup import read_backup, write_backup
from matchmaker.services.record_import import import_records
from matchmaker.settings import PROJECT_ROOT, Settings
from matchmaker.store.audit import AuditEvent
from matchmaker.store.migrate import migrate
from matchmaker.store.organisation import User
from matchmaker.store.outbox import OutboxMail
from matchmaker.store.queries import audit_chain as query
from matchmaker.web.audit.chain import _finding
from tests import builders
from tests.client import Client
from tests.conftest import Clock
from tests.integration.audit.tampering import empty

Browser = Callable[..., Client]
People = dict[str, User]
Mails = Callable[[], list[OutboxMail]]


@pytest.fixture
def platform(platform: Matchmaker) -> Matchmaker:
    return empty(platform)


def verified(platform: Matchmaker) -> Verification:
    with platform.reading() as uow:
        return service.verify(uow)


def run(platform: Matchmaker, *words: str) -> Result:
    return CliRunner().invoke(cli, ["audit", *words], obj=platform)


def write(platform: Matchmaker, count: int = 1) -> None:
    with platform.unit_of_work() as uow:
        for number in range(count):
            audit.record(uow, VISITOR, "organisation", number, "register")


def tamper(platform: Matchmaker, statement: str, **values: Any) -> None:
    with platform.database.engine.begin() as connection:
        assert connection.execute(text(statement), values).rowcount > 0


def test_an_empty_audit_verifies_and_has_no_root(platform: Matchmaker) -> None:
    with platform.unit_of_work() as uow:
        assert service.close_days(uow, "Asia/Shanghai") == 0
    done = run(platform, "verify", "--json")
    assert done.exit_code == 0
    told = json.loads(done.output)
    assert (told["problems"], told["hash"]) == (0, "0" * 64)
    assert run(platform, "root").exit_code == 1


def test_several_events_of_one_transaction_follow_each_other(platform: Matchmaker) -> None:
    write(platform, 3)
    with platform.unit_of_work() as uow:
        audit.record(uow, VISITOR, "user", 1, "log_in")
        uow.flush()
        uow.session.add(
            AuditEvent(at=uow.now, actor_role="visitor", noun="user", record_id=1, action="log_out")
        )
    write(platform)
    with platform.reading() as uow:
        rows = uow.session.query(AuditEvent).order_by(AuditEvent.position).all()
    assert [row.position for row in rows] == [1, 2, 3, 4, 5, 6]
    assert [row.action for row in rows][3:5] == ["log_in", "log_out"]
    assert [row.previous_hash for row in rows[1:]] == [row.hash for row in rows[:-1]]
    assert len({row.changes_hash for row in rows}) == 6, "the salt hides that nothing changed"
    assert (verified(platform).events, verified(platform).problems) == (6, 0)


def test_what_is_rolled_back_leaves_no_place_in_the_chain(platform: Matchmaker) -> None:
    def fail() -> None:
        with platform.unit_of_work() as uow:
            audit.record(uow, VISITOR, "user", 1, "log_in")
            uow.flush()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with platform.unit_of_work() as uow:
        audit.record(uow, VISITOR, "user", 1, "log_in")
        uow.flush()
        uow.session.rollback()
        audit.record(uow, VISITOR, "user", 1, "log_out")
    done = verified(platform)
    assert (done.events, done.position, done.problems) == (1, 1, 0)


def test_a_row_written_past_the_sessions_is_found(platform: Matchmaker) -> None:
    write(platform)
    values = {"at": platform.clock(), "actor_role": "visitor", "noun": "user", "action": "log_in"}
    with platform.unit_of_work() as uow:
        uow.session.execute(insert(AuditEvent), [values])
    assert [one.kind for one in verified(platform).findings] == ["inserted"]


def test_without_its_head_nothing_more_is_written(platform: Matchmaker) -> None:
    write(platform)
    tamper(platform, "DELETE FROM audit_head")
    with pytest.raises(LookupError, match="audit_head"):
        write(platform)
    assert [one.kind for one in verified(platform).findings] == ["head"]


def test_an_import_and_the_demo_world_verify(platform: Matchmaker) -> None:
    rows = [(n, {"id": f"d{n}", "title": f"第{n}号需求", "text": "内容"}) for n in range(50)]
    with platform.database.unit_of_work() as uow:
        import_records(
            uow, "demand", rows, plan=platform.plan, file="d.jsonl", organisation="虚构单位"
        )
    assert verified(platform).events == 51
    with platform.database.unit_of_work() as uow:
        folder = platform.settings.data_dir / "demo"
        demo.load(uow, folder, plan=platform.plan, passwords=platform.passwords)
    with platform.database.unit_of_work() as uow:
        demo_engagement.load(uow, platform.attachments, platform.calendar)
        demo_contract.load(uow, platform.calendar)
    done = verified(platform)
    assert done.events > 200
    assert done.problems == 0


def erase(platform: Matchmaker, key: int) -> None:
    with platform.unit_of_work() as uow:
        user = uow.session.get_one(User, key)
        erasure.erase(uow, actor_of(user), user)


def named(platform: Matchmaker, **fields: Any) -> int:
    """Somebody whom two events name, one of them beside somebody else."""
    with platform.unit_of_work() as uow:
        user = builders.user(uow, platform.passwords, "broker", **fields)
        for after in ({"name": user.name}, {"note": f"{user.name}与欧阳明远", "n": 1}):
            audit.record(uow, SYSTEM, "user", user.id, "edit", after=after)
        return user.id


def test_erasures_clean_events_which_still_verify(platform: Matchmaker, browser: Browser) -> None:
    first = named(platform, name="诸葛长风", phone="12345")
    other = named(platform, name="欧阳明远", phone="10002")
    erase(platform, first)
    assert (verified(platform).cleaned, verified(platform).problems) == (2, 0)
    # The second erasure cleans one event again, and leaves alone what tells of the first.
    erase(platform, other)
    done = verified(platform)
    assert (done.events, done.cleaned, done.problems) == (6, 4, 0)
    with platform.reading() as uow:
        changes = str(uow.session.scalars(text("SELECT changes FROM audit_event")).all())
    for word in ("诸葛长风", "欧阳明远"):
        assert json.dumps(word)[1:-1] not in changes
        assert word not in changes
    told = run(platform, "verify")
    assert told.exit_code == 0
    assert "6 events, 4 of them cleaned by erasures" in told.output
    with platform.unit_of_work() as uow:
        officer = builders.user(uow, platform.passwords, "bureau")
    reader = browser(language="en")
    reader.log_in(officer)
    assert "events cleaned: — → 2" in reader.get("/audit/?action=erase").words


def test_a_number_that_was_a_telephone_does_not_break_what_erasures_tell(
    platform: Matchmaker,
) -> None:
    with platform.unit_of_work() as uow:
        values = {"at": uow.now, "actor_role": "visitor", "noun": "user", "action": "log_in"}
        uow.session.add(AuditEvent(id=10_001, **values))
    first = named(platform, name="诸葛长风")
    erase(platform, first)  # names events 10,002 and 10,003
    erase(platform, named(platform, name="欧阳明远", phone="10002"))
    assert verified(platform).problems == 0


def test_an_edit_before_an_erasure_is_not_excused_by_it(platform: Matchmaker) -> None:
    key = named(platform, name="诸葛长风")
    changes = json.dumps({"name": [None, "诸葛长风"], "role": [None, "administrator"]})
    tamper(platform, "UPDATE audit_event SET changes = :changes WHERE id = 1", changes=changes)
    erase(platform, key)
    found = verified(platform).findings
    assert [(one.kind, one.event_id) for one in found] == [("edited", 1)]


_WRITES = """
import matchmaker.store.models
from matchmaker.bootstrap import bootstrap
from matchmaker.domain.permissions import VISITOR
from matchmaker.services import audit
platform = bootstrap()
for number in range(60):
    with platform.unit_of_work() as uow:
        for part in range(1 + number % 3):
            audit.record(uow, VISITOR, "organisation", number, "register", after={"part": part})
            uow.flush()
"""


def test_two_processes_that_write_at_once_make_one_chain(
    platform: Matchmaker, tmp_path: Path
) -> None:
    environment = os.environ | {
        "MATCHMAKER_VAR_DIR": str(tmp_path),
        "MATCHMAKER_DATABASE_URL": platform.database.url.render_as_string(hide_password=False),
        "OMP_NUM_THREADS": "1",
    }
    writers = [
        subprocess.Popen([sys.executable, "-c", _WRITES], cwd=PROJECT_ROOT, env=environment)
        for _ in range(2)
    ]
    assert [one.wait(timeout=120) for one in writers] == [0, 0]
    done = verified(platform)
    assert (done.events, done.problems) == (240, 0)


def test_the_migration_seals_what_was_there(tmp_path: Path) -> None:
    platform = bootstrap(Settings(var_dir=tmp_path), clock=Clock())
    migrate(platform.database, "0010")
    row = "(:id, :at, NULL, 'system', 'demand', :id, 'edit', 'draft', NULL, :changes)"
    columns = "id, at, actor_id, actor_role, noun, record_id, action, state_from, state_to, changes"
    values = [
        {"id": 3 * n, "at": f"2026-01-{1 + n % 28:02} 03:04:05.{n:06}", "changes": told}
        for n, told in enumerate(["{}", '{"title": [null, "\\u6b27\\u9633"]}'] * 2_600, 1)
    ]
    with platform.database.engine.begin() as connection:
        connection.execute(text(f"INSERT INTO audit_event ({columns}) VALUES {row}"), values)  # noqa: S608
    migrate(platform.database)
    with platform.reading() as uow:
        assert service.verify_new(uow).events == 0
    done = verified(platform)
    assert (done.events, done.position, done.problems) == (5_200, 5_200, 0)
    write(platform)
    assert (verified(platform).position, verified(platform).problems) == (5_201, 0)
    platform.database.dispose()


def test_a_day_has_a_root_once_it_is_over(platform: Matchmaker, clock: Clock) -> None:
    clock.now = clock.now.replace(hour=15, minute=59)  # a minute before midnight in Shanghai
    write(platform, 2)
    assert run(platform, "root").exit_code == 1
    clock.advance(minutes=1)
    write(platform)
    printed = run(platform, "root").output
    assert printed.split("@")[1] == "2026-03-02  2 events, 2 since the beginning\n"
    assert run(platform, "root").output == printed
    clock.advance(days=2)
    told = [run(platform, "root", "--day", day).output for day in ("2026-03-03", "2026-03-04")]
    assert [one.split("  ")[1] for one in told] == [
        "1 events, 3 since the beginning\n",
        "0 events, 3 since the beginning\n",
    ]
    assert run(platform, "root", "--day", "2026-03-05").exit_code == 1
    kept = [part for one in (printed, *told) for part in ("--root", one.split()[0])]
    assert run(platform, "verify", *kept).exit_code == 0
    assert run(platform, "verify", "--root", f"{'0' * 64}@2026-03-03").exit_code == 1
    for wrong in ("2026-03-03", "abc@2026-03-03", f"{'0' * 64}@2026-13-03"):
        assert run(platform, "verify", "--root", wrong).exit_code == 2


def test_what_a_long_transaction_wrote_before_midnight_is_in_the_next_root(
    platform: Matchmaker, clock: Clock
) -> None:
    write(platform)
    with platform.database.unit_of_work() as uow:
        clock.advance(days=1)
        assert "@2026-03-02  1 events, 1 since" in run(platform, "root").output
        audit.record(uow, VISITOR, "organisation", 1, "register")
    clock.advance(days=1)
    assert "@2026-03-03  1 events, 2 since" in run(platform, "root").output
    assert run(platform, "verify").exit_code == 0


def test_the_command_says_what_was_done_where(platform: Matchmaker) -> None:
    write(platform, 6)
    good = run(platform, "verify")
    assert good.output.startswith("Good: 6 events, 2026-03-02 09:00 to 2026-03-02 09:00; ")
    tamper(platform, "UPDATE audit_event SET action = 'verify' WHERE id = 2")
    tamper(platform, "DELETE FROM audit_event WHERE id IN (4, 6)")
    done = run(platform, "verify")
    assert done.exit_code == 1
    lines = done.output.splitlines()
    assert lines[:3] == [
        "Event 2 (number 2 of the chain) was edited: it differs from its hash.",
        "Missing: number 4 of the chain.",
        "Cut off at the end: number 6 of the chain.",
    ]
    assert lines[3].startswith("Does not verify: 4 events")
    told = json.loads(run(platform, "verify", "--json").output)
    assert [one["kind"] for one in told["findings"]] == ["edited", "missing", "cut"]


def test_the_first_request_of_a_day_verifies_what_is_new_and_a_failure_is_loud(
    platform: Matchmaker, people: People, browser: Browser, clock: Clock, mails: Mails
) -> None:
    def told() -> set[str]:
        return {one.recipient for one in mails() if "审计链" in one.subject}

    write(platform, 3)
    officer = browser(language="en")
    officer.log_in(people["bureau"])
    shown = officer.get("/audit/").words
    assert "Chain last verified 2026-03-02 09:00" in shown
    assert "From the first event on 2026-03-02 09:00" in shown
    clock.advance(days=1)
    officer.get("/")
    assert "Root of 2026-03-02:" in officer.get("/audit/").words
    write(platform, 2)
    tamper(platform, "UPDATE audit_event SET record_id = 77 WHERE position = 6")
    clock.advance(days=1)
    home = officer.get("/").words
    assert "Findings in the audit's chain" in home
    page = officer.get("/audit/")
    assert "The audit does not verify: 1 place does not fit." in page.words
    assert "was edited: it differs from its hash" in page.words
    administrator = browser(language="zh_Hans")
    administrator.log_in(people["administrator"])
    assert "审计链校验未通过" in administrator.get("/audit/").words
    assert told() == {people["bureau"].email, people["administrator"].email}
    count = len(mails())
    clock.advance(days=1)
    officer.get("/")
    assert len(mails()) == count, "it is told once"


def test_a_failure_stays_until_the_whole_chain_is_good(
    platform: Matchmaker, people: People, browser: Browser
) -> None:
    write(platform, 3)
    platform.check_audit()
    tamper(platform, "UPDATE audit_event SET record_id = 77 WHERE position = 1")
    assert platform.check_audit() == 0, "what was found good is not read again"
    assert run(platform, "verify").exit_code == 1
    write(platform)
    assert platform.check_audit() == 0
    reader = browser(language="en")
    reader.log_in(people["bureau"])
    assert "does not verify" in reader.get("/audit/").words
    tamper(platform, "UPDATE audit_event SET record_id = 0 WHERE position = 1")
    assert run(platform, "verify").exit_code == 0
    assert "does not verify" not in reader.get("/audit/").words


def test_the_check_can_be_lost_and_is_made_again(platform: Matchmaker) -> None:
    write(platform, 3)
    tamper(platform, "DELETE FROM audit_check")
    assert platform.check_audit() == 0
    with platform.reading() as uow:
        assert service.verify_new(uow).since == 3


def test_a_restored_backup_verifies_and_the_chain_goes_on(
    platform: Matchmaker, tmp_path: Path, clock: Clock
) -> None:
    write(platform, 3)
    clock.advance(days=1)
    platform.check_audit()
    write_backup(platform.database, platform.attachments, tmp_path / "b.gz")
    other = bootstrap(Settings(var_dir=tmp_path / "other"), clock=clock)
    other.settings.var_dir.mkdir()
    read_backup(other.database, other.attachments, tmp_path / "b.gz")
    write(other, 2)
    done = verified(other)
    assert (done.events, done.problems) == (5, 0)
    with other.reading() as uow:
        assert service.verify_new(uow).events == 2
        assert query.root(uow) is not None
    other.database.dispose()


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_finding_has_words(app: Flask, kind: str) -> None:
    for finding in (
        Finding(kind=kind, event_id=3, position=4, until=5, day="2026-03-02"),
        Finding(kind=kind, position=4, day="2026-03-02"),
    ):
        assert _line(finding).endswith(".")
        with app.test_request_context():
            assert _finding(asdict(finding)).endswith(("。", "."))


def test_a_server_warns_when_it_starts(
    platform: Matchmaker, capsys: pytest.CaptureFixture[str]
) -> None:
    _warn_of_audit(platform)
    assert capsys.readouterr().err == ""
    write(platform)
    tamper(platform, "UPDATE audit_event SET action = 'x'")
    assert run(platform, "verify").exit_code == 1
    _warn_of_audit(platform)
    assert "WARNING: the audit does not verify (1 findings)" in capsys.readouterr().err
