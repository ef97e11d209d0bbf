"""What leaves a record for the engine and the audit is its public tier only."""

from __future__ import annotations

import json

from sqlalchemy import select

from matchmaker.bootstrap import Matchmaker
from matchmaker.domain.outcome import clean_outcome
from matchmaker.domain.permissions import Actor
from matchmaker.services import record as service
from matchmaker.services.matchable import matchable
from matchmaker.store.audit import AuditEvent
from tests import builders

HIDDEN = {"principle": "原理标记", "know_how": "诀窍标记"}


def test_the_engine_sees_public_text_in_a_fixed_order(platform: Matchmaker) -> None:
    with platform.database.unit_of_work() as uow:
        place = builders.organisation(uow, name="不应出现的单位")
        demand = builders.demand(
            uow,
            place,
            title="标题",
            problem="甲",
            key_technology="",
            target="乙",
            constraints="丙",
            description="丁",
            current_state="现状标记",
            partner_wanted="伙伴标记",
            chains=["tyres"],
        )
        outcome = builders.outcome(
            uow,
            place,
            summary="一",
            problem_solved="二",
            advantage="三",
            scenes=["四", "五"],
            **HIDDEN,
        )
        wanted = matchable(demand, "huancui")
        offered = matchable(outcome, None)
    assert wanted.text == "甲\n乙\n丙\n丁"
    assert wanted.chains == {"tyres"}
    assert wanted.region == "huancui"
    assert offered.text == "一\n二\n三\n四；五"
    for one in (wanted, offered):
        assert "标记" not in one.content
        assert "不应出现" not in one.content


def test_the_audit_says_that_hidden_fields_changed_but_not_to_what(platform: Matchmaker) -> None:
    with platform.database.unit_of_work() as uow:
        author = builders.user(uow, platform.passwords, "researcher")
        actor = Actor(
            user_id=author.id,
            role="researcher",
            organisation_id=author.organisation_id,
            verified=True,
        )
        known = {"chains": platform.plan.chain_by_code, "regions": platform.plan.region_by_code}
        record = service.create(uow, actor, "outcome", clean_outcome({"title": "甲"}, **known))
        fields = clean_outcome({"title": "乙"} | HIDDEN, **known)
        service.edit(uow, actor, record, fields, version=record.version)
        uow.flush()
        event = uow.session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc())).first()
    assert event is not None
    assert event.changes["title"] == ["甲", "乙"]
    assert event.changes["principle"] == ["…", "…"]
    assert "标记" not in json.dumps(event.changes, ensure_ascii=False)
