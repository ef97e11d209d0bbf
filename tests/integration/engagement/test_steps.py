"""The steps of an engagement, their guards, their ends and rests."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from matchmaker.domain.engagement import NDA_VERSION
from matchmaker.domain.errors import Conflict, Invalid, NotAllowed, NotFound, WrongState
from matchmaker.services import engagement, follow_up, meeting
from matchmaker.store.audit import AuditEvent
from matchmaker.store.engagement import Engagement, EngagementStep, NdaAcceptance
from matchmaker.store.outbox import OutboxMail
from matchmaker.store.queries import engagement_facts
from matchmaker.store.queries.engagement_facts import ContractFacts
from tests.conftest import Clock
from tests.integration.engagement.pair import OUTSIDERS, Pair

Mails = Callable[[], list[OutboxMail]]
Events = Callable[..., list[AuditEvent]]


def step(pair: Pair, public_id: str, action: str, who: str = "broker", note: str = "") -> str:
    with pair.platform.unit_of_work() as uow:
        found = engagement.step(
            uow,
            pair.actor(who),
            engagement_id=public_id,
            action=action,
            note=note,
            calendar=pair.platform.calendar,
        )
        return found.state


def hold_meeting(pair: Pair, public_id: str) -> None:
    with pair.platform.unit_of_work() as uow:
        made = meeting.plan(
            uow,
            pair.actor("broker"),
            engagement_id=public_id,
            plan=meeting.Plan(starts_at=uow.now, minutes_long=60, place="腾讯会议"),
        )
        meeting.hold(
            uow, pair.actor("broker"), meeting_id=made.public_id, minutes="双方确认试样方案。"
        )


def to_meeting(pair: Pair) -> str:
    public_id = pair.engage()
    pair.accept_nda(public_id)
    step(pair, public_id, "disclose", "researcher")
    hold_meeting(pair, public_id)
    step(pair, public_id, "meet")
    return public_id


def contract(monkeypatch: pytest.MonkeyPatch, **facts: bool) -> None:
    monkeypatch.setattr(
        engagement_facts, "contract_facts", lambda _uow, _key: ContractFacts(**facts)
    )


def test_the_whole_way_leads_from_mutual_interest_to_the_end(
    pair: Pair, mails: Mails, monkeypatch: pytest.MonkeyPatch
) -> None:
    public_id = to_meeting(pair)
    for action, who in (
        ("validate", "company"),
        ("agree_terms", "broker"),
        ("draft", "broker"),
        ("publicise", "researcher"),
    ):
        step(pair, public_id, action, who)
    with pytest.raises(WrongState, match="contract"):
        step(pair, public_id, "sign")
    contract(monkeypatch, signed=True)
    assert step(pair, public_id, "sign", "company") == "signed"
    with pytest.raises(WrongState, match="registration"):
        step(pair, public_id, "register")
    contract(monkeypatch, signed=True, registered=True)
    step(pair, public_id, "register", "manager")
    step(pair, public_id, "perform")
    assert step(pair, public_id, "complete", "company") == "completed"
    done = pair.engagement()
    assert done.closed_at is not None
    assert (done.next_side, done.next_due) == (None, None)
    with pair.platform.reading() as uow:
        taken = uow.session.scalars(select(EngagementStep.action).order_by(EngagementStep.id)).all()
        told = uow.session.scalars(
            select(AuditEvent.action).where(AuditEvent.noun == "engagement").order_by(AuditEvent.id)
        ).all()
    expected = [
        *("begin", "accept_nda", "accept_nda", "conclude_nda", "disclose", "meet", "validate"),
        *("agree_terms", "draft", "publicise", "sign", "register", "perform", "complete"),
    ]
    assert taken == expected
    assert told == expected
    assert mails()[-1].subject.startswith("已完成")


def test_both_sides_accept_the_agreement_by_name_and_version(pair: Pair, clock: Clock) -> None:
    public_id = pair.engage()

    def accept(who: str, name: str = "林书越", version: str = NDA_VERSION) -> None:
        with pair.platform.unit_of_work() as uow:
            engagement.accept_nda(
                uow,
                pair.actor(who),
                engagement_id=public_id,
                name=name,
                version=version,
                calendar=pair.platform.calendar,
            )

    with pytest.raises(Invalid):
        accept("company", name=" ")
    with pytest.raises(Invalid):
        accept("company", name="长" * 81)
    with pytest.raises(Conflict):
        accept("company", version="2019-1")
    with pytest.raises(NotAllowed):
        accept("broker")
    accept("colleague")
    assert pair.engagement().state == "mutual"
    with pytest.raises(WrongState, match="already"):
        accept("company")
    with pytest.raises(NotFound):
        step(pair, public_id, "conclude_nda")  # the platform's own step is no one's button
    clock.advance(hours=1)
    accept("manager", name="许望")
    found = pair.engagement()
    assert (found.state, found.next_side) == ("nda", "institution")
    with pair.platform.reading() as uow:
        rows = uow.session.scalars(select(NdaAcceptance).order_by(NdaAcceptance.id)).all()
        kept = [(row.side, row.name, row.text_version, row.accepted_by) for row in rows]
    assert kept == [
        ("company", "林书越", NDA_VERSION, pair.users["colleague"].id),
        ("institution", "许望", NDA_VERSION, pair.users["manager"].id),
    ]


def test_a_talk_counts_only_with_minutes(pair: Pair) -> None:
    public_id = pair.engage()
    pair.accept_nda(public_id)
    step(pair, public_id, "disclose")
    with pytest.raises(WrongState, match="meeting"):
        step(pair, public_id, "meet")
    with pair.platform.unit_of_work() as uow:
        made = meeting.plan(
            uow,
            pair.actor("company"),
            engagement_id=public_id,
            plan=meeting.Plan(starts_at=uow.now, minutes_long=30, place="厂区"),
        )
    with pytest.raises(WrongState):
        step(pair, public_id, "meet")
    with pair.platform.unit_of_work() as uow:
        meeting.hold(uow, pair.actor("manager"), meeting_id=made.public_id, minutes="纪要")
    assert step(pair, public_id, "meet") == "meeting"


def test_stages_are_skipped_only_with_a_note(pair: Pair, events: Events) -> None:
    public_id = to_meeting(pair)
    with pytest.raises(Invalid) as refused:
        step(pair, public_id, "draft")
    assert refused.value.fields == {"note": "missing"}
    assert step(pair, public_id, "draft", note="已有成熟产品，无需试验。") == "drafting"
    assert events("draft")[0].changes["skipped"][1] == "validation, term_sheet"
    with pytest.raises(WrongState):
        step(pair, public_id, "validate")


@pytest.mark.parametrize(
    ("action", "who"),
    [("validate", "researcher"), ("publicise", "company"), ("complete", "researcher")],
)
def test_some_steps_belong_to_one_side(pair: Pair, action: str, who: str) -> None:
    public_id = pair.engage()
    with pytest.raises(NotAllowed):
        step(pair, public_id, action, who)


@pytest.mark.parametrize("who", [*OUTSIDERS, "visitor"])
def test_an_outsider_reaches_nothing_of_an_engagement(pair: Pair, who: str) -> None:
    public_id = pair.engage()
    actor = pair.actor(who)
    acts: list[Callable[..., object]] = [
        lambda uow: engagement.step(
            uow, actor, engagement_id=public_id, action="disclose", calendar=pair.platform.calendar
        ),
        lambda uow: engagement.accept_nda(
            uow,
            actor,
            engagement_id=public_id,
            name="某人",
            version=NDA_VERSION,
            calendar=pair.platform.calendar,
        ),
        lambda uow: engagement.lose(uow, actor, engagement_id=public_id, reason="timing"),
        lambda uow: engagement.wake(
            uow, actor, engagement_id=public_id, calendar=pair.platform.calendar
        ),
        lambda uow: engagement.plan_next(
            uow, actor, engagement_id=public_id, text="", side="broker", due=date(2027, 1, 1)
        ),
        lambda uow: meeting.plan(
            uow,
            actor,
            engagement_id=public_id,
            plan=meeting.Plan(starts_at=uow.now, minutes_long=30, place="某处"),
        ),
    ]
    for act in acts:
        with pytest.raises(NotFound), pair.platform.unit_of_work() as uow:
            act(uow)


def test_a_member_who_leaves_leaves_the_engagement_behind(pair: Pair) -> None:
    public_id = pair.engage()
    with pair.platform.unit_of_work() as uow:
        found = uow.session.get_one(type(pair.users["researcher"]), pair.users["researcher"].id)
        found.organisation_id = pair.users["other_company"].organisation_id
    with pytest.raises(NotFound):
        step(pair, public_id, "disclose", "researcher")


def test_what_is_next_can_be_planned_and_is_reminded_once(
    pair: Pair, clock: Clock, mails: Mails
) -> None:
    public_id = pair.engage()

    def plan(side: str = "company", due: date | None = None, text: str = "寄送试样") -> None:
        with pair.platform.unit_of_work() as uow:
            engagement.plan_next(
                uow, pair.actor("broker"), engagement_id=public_id, text=text, side=side, due=due
            )

    today = clock.now.date()
    for wrong in ({"side": "bureau"}, {"due": None}, {"due": today - timedelta(days=1)}):
        with pytest.raises(Invalid):
            plan(**({"due": today} | wrong))  # type: ignore[arg-type]
    with pytest.raises(Invalid):
        plan(due=today, text="长" * 201)
    plan(due=today + timedelta(days=2))
    assert pair.engagement().next_action == "寄送试样"
    clock.advance(days=3)
    before = len(mails())
    for _again in range(2):
        with pair.platform.unit_of_work() as uow:
            follow_up.run(
                uow, pair.platform.attachments, calendar=pair.platform.calendar, base_url=""
            )
    assert {mail.recipient for mail in mails()[before:]} == {
        pair.users["company"].email,
        pair.users["broker"].email,
    }


def test_thirty_days_without_a_step_rest_and_escalate_then_wake(
    pair: Pair, clock: Clock, mails: Mails
) -> None:
    public_id = pair.engage()
    pair.accept_nda(public_id)
    with pytest.raises(WrongState), pair.platform.unit_of_work() as uow:
        engagement.wake(
            uow, pair.actor("broker"), engagement_id=public_id, calendar=pair.platform.calendar
        )
    clock.advance(days=30)
    with pair.platform.unit_of_work() as uow:
        assert engagement.rest_due(uow) == 0
    clock.advance(minutes=1)
    with pair.platform.unit_of_work() as uow:
        assert engagement.rest_due(uow) == 1
    found = pair.engagement()
    assert (found.state, found.dormant_from) == ("dormant", "nda")
    told = {mail.recipient for mail in mails()[-4:]}
    assert told == {pair.users[who].email for who in ("company", "researcher", "broker", "bureau")}
    with pytest.raises(WrongState):
        step(pair, public_id, "disclose")
    with pair.platform.unit_of_work() as uow:
        engagement.wake(
            uow, pair.actor("company"), engagement_id=public_id, calendar=pair.platform.calendar
        )
    found = pair.engagement()
    assert (found.state, found.dormant_from, found.last_step_at) == ("nda", None, clock.now)


def test_an_end_needs_a_reason_and_is_final(pair: Pair, mails: Mails) -> None:
    public_id = pair.engage()

    def lose(reason: str, note: str = "", who: str = "researcher") -> None:
        with pair.platform.unit_of_work() as uow:
            engagement.lose(uow, pair.actor(who), engagement_id=public_id, reason=reason, note=note)

    for reason in ("", "unheard-of", "other"):
        with pytest.raises(Invalid):
            lose(reason)
    lose("ip_risk")
    found = pair.engagement()
    assert (found.state, found.lost_reason) == ("lost", "ip_risk")
    assert "权属或专利风险" in mails()[-1].body
    with pytest.raises(WrongState):
        lose("ip_risk")
    with pytest.raises(WrongState), pair.platform.unit_of_work() as uow:
        meeting.plan(
            uow,
            pair.actor("broker"),
            engagement_id=public_id,
            plan=meeting.Plan(starts_at=uow.now, minutes_long=30, place="某处"),
        )
    assert pair.ask()  # another attempt may be made later


def test_a_dormant_engagement_can_be_ended(pair: Pair, clock: Clock) -> None:
    public_id = pair.engage()
    clock.advance(days=31)
    with pair.platform.unit_of_work() as uow:
        engagement.rest_due(uow)
        engagement.lose(uow, pair.actor("broker"), engagement_id=public_id, reason="unreachable")
    assert pair.engagement().dormant_from is None


@pytest.mark.parametrize(
    "values",
    [
        {"state": "lost"},
        {"lost_reason": "timing"},
        {"state": "dormant"},
        {"dormant_from": "nda"},
        {"state": "completed"},
        {"state": "imagined"},
    ],
)
def test_the_database_refuses_impossible_states(pair: Pair, values: dict[str, str]) -> None:
    pair.engage()
    with pytest.raises(IntegrityError), pair.platform.unit_of_work() as uow:
        uow.session.execute(update(Engagement).values(**values))
