"""Any sequence of actions by anybody leads demands and outcomes through legal states only."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from matchmaker.bootstrap import Matchmaker
from matchmaker.domain.demand import clean_demand
from matchmaker.domain.errors import DomainError, Invalid, NotAllowed, WrongState
from matchmaker.domain.outcome import clean_outcome
from matchmaker.domain.permissions import RULES, SYSTEM, Actor, available_actions, rule_of
from matchmaker.domain.record import EXPIRY_REMINDER
from matchmaker.domain.working_days import day_of
from matchmaker.services import expiry
from matchmaker.services import record as service
from matchmaker.store.audit import AuditEvent
from matchmaker.store.change import Change
from matchmaker.store.database import UnitOfWork
from matchmaker.store.outbox import OutboxMail
from tests import builders
from tests.conftest import Clock

_LIVED = {
    noun: tuple(rule.action for rule in RULES if rule.noun == noun and rule.sources)
    for noun in ("demand", "outcome")
}
_COMPLETE: dict[str, dict[str, Any]] = {
    "demand": {
        "title": "完整的需求",
        "kind": "key_technology",
        "problem": "慢",
        "target": "快",
        "field": "materials",
        "chains": ["carbon-fibre"],
        "solution_mode": "joint",
    },
    "outcome": {
        "title": "完整的成果",
        "summary": "摘要",
        "problem_solved": "慢",
        "advantage": "快",
        "stage": "middle",
        "trl": 6,
        "field": "materials",
        "chains": ["carbon-fibre"],
    },
}
_WHO = ("author", "colleague", "manager", "stranger", "broker", "bureau", "administrator", "system")
_STEPS = st.lists(
    st.tuples(
        st.sampled_from(_WHO),
        st.integers(0, 7),
        st.sampled_from(["", "补充指标"]),
        st.booleans(),
    ),
    max_size=14,
)


def _fields(noun: str, plan: Any, **changed: Any) -> Any:
    clean = clean_demand if noun == "demand" else clean_outcome
    values = _COMPLETE[noun] | changed
    return clean(values, chains=plan.chain_by_code, regions=plan.region_by_code)


def _people(uow: UnitOfWork, platform: Matchmaker, noun: str) -> dict[str, Actor]:
    role, kind = ("company", "company") if noun == "demand" else ("researcher", "institution")
    place = builders.organisation(uow, kind)
    author = builders.user(uow, platform.passwords, role, place)
    found = {
        "author": Actor(user_id=author.id, role=role, organisation_id=place.id, verified=True),
        "system": SYSTEM,
    }
    for who, its_role, home, manager in (
        ("colleague", role, place, False),
        ("manager", role, place, True),
        ("stranger", role, None, True),
        ("broker", "broker", None, False),
        ("bureau", "bureau", None, False),
        ("administrator", "administrator", None, False),
    ):
        person = builders.user(uow, platform.passwords, its_role, home, is_manager=manager)
        found[who] = Actor(
            user_id=person.id,
            role=its_role,
            organisation_id=person.organisation_id,
            verified=person.organisation_id is not None,
            manager=manager,
        )
    return found


def _count(uow: UnitOfWork, model: Any) -> int:
    uow.flush()
    return uow.session.scalar(select(func.count()).select_from(model)) or 0


@pytest.mark.parametrize("noun", ["demand", "outcome"])
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=_STEPS)
def test_any_sequence_of_actions_stays_within_the_table(
    platform: Matchmaker, noun: str, steps: list[tuple[str, int, str, bool]]
) -> None:
    with platform.database.unit_of_work() as uow:
        people = _people(uow, platform, noun)
        record = service.create(uow, people["author"], noun, _fields(noun, platform.plan))
        for who, number, note, editing in steps:
            actor = people[who]
            action = _LIVED[noun][number % len(_LIVED[noun])]
            before, audits, changes = record.state, _count(uow, AuditEvent), _count(uow, Change)
            allowed = action in available_actions(actor, noun, record)
            try:
                if action == "edit" or editing:
                    action, allowed = "edit", "edit" in available_actions(actor, noun, record)
                    fields = _fields(noun, platform.plan, title=f"标题 {number} {note}")
                    service.edit(uow, actor, record, fields, version=record.version)
                elif action == "delete":
                    if not allowed:
                        service.delete(uow, actor, record)
                    continue
                else:
                    service.act(uow, actor, record, action, note=note)
            except (NotAllowed, WrongState):
                assert not allowed
                assert record.state == before
                assert _count(uow, AuditEvent) == audits
                continue
            except Invalid:
                assert not note
                assert action in ("return", "request_changes")
                assert record.state == before
                continue
            assert allowed
            rule = rule_of(noun, action)
            assert before in rule.sources
            assert record.state == (rule.target or before)
            assert _count(uow, AuditEvent) == audits + 1
            in_index = "published" in (before, record.state)
            assert _count(uow, Change) == changes + in_index
            if record.state == "published":
                assert record.published_at is not None
                assert record.expires_on is not None
            if record.state in ("returned", "changes_requested"):
                assert record.state_note
        uow.session.rollback()


@pytest.mark.parametrize("noun", ["demand", "outcome"])
def test_a_published_record_expires_after_a_reminder_and_can_be_reopened(
    platform: Matchmaker, clock: Clock, noun: str
) -> None:
    with platform.database.unit_of_work() as uow:
        people = _people(uow, platform, noun)
        record = service.create(uow, people["author"], noun, _fields(noun, platform.plan))
        service.act(uow, people["author"], record, "submit")
        service.act(uow, people["bureau"], record, "publish" if noun == "demand" else "approve")
        last = record.expires_on
    assert last is not None
    clock.now += timedelta(days=(last - clock.now.date()).days) - EXPIRY_REMINDER
    for expected in (1, 0):
        with platform.database.unit_of_work() as uow:
            assert (expiry.expire_due(uow), expiry.remind(uow)) == (0, expected)
    clock.advance(days=14)
    with platform.database.unit_of_work() as uow:
        assert expiry.expire_due(uow) == 0
    clock.advance(days=1)
    with platform.database.unit_of_work() as uow:
        assert expiry.expire_due(uow) == 1
    with platform.database.unit_of_work() as uow:
        stored = uow.session.get(service.MODELS[noun], record.id)
        assert stored is not None
        assert stored.state == "expired"
        assert uow.session.scalars(select(Change.record_id)).all() == [stored.id, stored.id]
        service.act(uow, people["author"], stored, "reopen")
        assert (stored.state, stored.expires_on) == ("draft", None)
        subjects = [mail.subject for mail in uow.session.scalars(select(OutboxMail))]
    assert any("即将到期" in subject for subject in subjects)
    assert any("已过期" in subject for subject in subjects)


def test_the_managers_are_told_of_a_record_whose_author_is_gone_or_never_was(
    platform: Matchmaker,
) -> None:
    with platform.database.unit_of_work() as uow:
        place = builders.organisation(uow)
        manager = builders.user(uow, platform.passwords, "company", place, is_manager=True)
        gone = builders.user(uow, platform.passwords, "company", place, approved=False)
        bureau = builders.user(uow, platform.passwords, "bureau")
        last = day_of(uow.now) + EXPIRY_REMINDER
        left = builders.demand(uow, gone, title="离开者的需求", expires_on=last)
        builders.demand(uow, place, title="导入的需求", expires_on=last)
        empty = builders.organisation(uow)
        nobodys = builders.demand(uow, empty, expires_on=last)
        submitted = builders.demand(uow, gone, title="待审的需求", state="submitted")
        officer = Actor(user_id=bureau.id, role="bureau", organisation_id=bureau.organisation_id)
        uow.session.refresh(submitted, ["organisation"])
        service.act(uow, officer, submitted, "return", note="请补充指标")
        # Nobody answers for the third one, so it is not written down as told.
        assert expiry.remind(uow) == 2
        assert expiry.remind(uow) == 0
        stored = uow.session.scalars(select(OutboxMail).order_by(OutboxMail.id)).all()
        assert [one.recipient for one in stored] == [manager.email] * 3
        for mail, title in zip(stored, ("待审的需求", left.title, "导入的需求"), strict=True):
            assert title in mail.subject + mail.body
        reminded = select(AuditEvent.record_id).where(AuditEvent.action == "remind")
        assert nobodys.id not in set(uow.session.scalars(reminded))
        builders.user(uow, platform.passwords, "company", empty, is_manager=True)
        assert expiry.remind(uow) == 1


@pytest.mark.parametrize("locale", ["zh_Hans", "en"])
def test_people_are_told_in_their_own_language(platform: Matchmaker, locale: str) -> None:
    with platform.database.unit_of_work() as uow:
        place = builders.organisation(uow)
        author = builders.user(uow, platform.passwords, "company", place, locale=locale)
        bureau = builders.user(uow, platform.passwords, "bureau", locale=locale)
        gone = builders.user(uow, platform.passwords, "bureau", active=False)
        actor = Actor(user_id=author.id, role="company", organisation_id=place.id, verified=True)
        officer = Actor(user_id=bureau.id, role="bureau", organisation_id=bureau.organisation_id)
        record = service.create(uow, actor, "demand", _fields("demand", platform.plan))
        service.act(uow, actor, record, "submit")
        service.act(uow, officer, record, "return", note="请补充 <b>指标</b>")
        uow.flush()
        mails = {mail.recipient: mail for mail in uow.session.scalars(select(OutboxMail))}
    assert set(mails) == {author.email, bureau.email}
    assert gone.email not in mails
    words = ("Awaiting review", "returned") if locale == "en" else ("待审核", "已退回")
    assert words[0] in mails[bureau.email].subject
    assert words[1] in mails[author.email].body
    assert "请补充 <b>指标</b>" in mails[author.email].body


def test_deleting_is_audited_and_leaves_nothing_behind(platform: Matchmaker) -> None:
    with platform.database.unit_of_work() as uow:
        people = _people(uow, platform, "demand")
        record = service.create(uow, people["author"], "demand", _fields("demand", platform.plan))
        key = record.id
        service.delete(uow, people["colleague"], record)
    with platform.reading() as uow:
        assert uow.session.get(service.MODELS["demand"], key) is None
        last = uow.session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc())).first()
        assert last is not None
        assert (last.action, last.state_from, last.state_to) == ("delete", "draft", None)


@pytest.mark.parametrize("noun", ["demand", "outcome"])
def test_what_was_published_once_is_not_deleted_with_what_was_decided_about_it(
    platform: Matchmaker, noun: str
) -> None:
    with platform.database.unit_of_work() as uow:
        people = _people(uow, platform, noun)
        record = service.create(uow, people["author"], noun, _fields(noun, platform.plan))
        service.act(uow, people["author"], record, "submit")
        reviewer = people["manager" if noun == "outcome" else "bureau"]
        service.act(uow, reviewer, record, "approve" if noun == "outcome" else "publish")
        service.act(uow, people["author"], record, "withdraw")
        service.act(uow, people["author"], record, "reopen")
        with pytest.raises(WrongState, match="withdrawn, not deleted"):
            service.delete(uow, people["author"], record)
        assert record.state == "draft"


def test_a_stale_version_is_refused_by_the_service_and_by_the_database(
    platform: Matchmaker,
) -> None:
    with platform.database.unit_of_work() as uow:
        people = _people(uow, platform, "demand")
        fields = _fields("demand", platform.plan)
        record = service.create(uow, people["author"], "demand", fields)
        service.edit(uow, people["author"], record, fields, version=record.version)
        with pytest.raises(DomainError) as caught:
            service.edit(uow, people["author"], record, fields, version=record.version - 1)
    assert caught.value.code == "conflict"
