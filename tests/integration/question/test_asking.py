"""A broker asks a side, the match waits, and comes back answered, lapsed or taken back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from matchmaker.domain.errors import Invalid, NotFound
from matchmaker.domain.question import names_one_of, without_names
from matchmaker.services import assignment, match_review, question
from matchmaker.services.account import actor_of
from matchmaker.store.audit import AuditEvent
from matchmaker.store.match import Match
from matchmaker.store.organisation import Organisation, User
from matchmaker.store.outbox import OutboxMail
from matchmaker.store.question import Question
from tests.client import Client
from tests.conftest import Clock
from tests.integration.match_review.conftest import Desk

Browser = Callable[..., Client]
Mails = Callable[[], list[OutboxMail]]


def _ask(desk: Desk, number: int = 0, side: str = "outcome", text: str = "做过中试吗？") -> None:
    with desk.platform.unit_of_work() as uow:
        match_review.inquire(
            uow,
            actor_of(uow.session.get_one(User, desk.people["broker"].id)),
            match_id=desk.matches[number],
            side=side,
            text=text,
            calendar=desk.platform.calendar,
            base_url="http://test",
        )


def _question(desk: Desk) -> Question:
    with desk.platform.reading() as uow:
        return uow.session.scalars(select(Question).order_by(Question.id.desc())).first()  # type: ignore[return-value]


def test_a_question_waits_with_its_match_and_its_answer_brings_it_back(
    desk: Desk, browser: Browser, mails: Mails, clock: Clock
) -> None:
    broker, researcher = browser(), browser()
    broker.log_in(desk.people["broker"])
    researcher.log_in(desk.people["researcher"])
    page = broker.get(f"/match-review/{desk.matches[0]}")
    broker.submit(page, {"side": "outcome", "text": "做过中试吗？"}, form="inquire")
    match = desk.match()
    assert match.state == "needs_information"
    assert match.assigned_to == desk.people["broker"].id
    assert [mail.recipient for mail in mails()] == [desk.people["researcher"].email]
    assert "做过中试吗？" in mails()[0].body
    waiting = broker.get("/match-review/?view=waiting")
    assert "储氢气瓶树脂" in waiting.words
    clock.advance(days=1)
    page = researcher.get("/questions/")
    assert "Due in 4 working days" in page.words
    researcher.submit(page, {"answer": "2025 年完成百公斤级中试。"}, form="answer")
    assert desk.match().state == "suggested"
    assert (desk.match().due_at - match.due_at).days == 1  # type: ignore[operator] # the clock stood still
    page = broker.get(f"/match-review/{desk.matches[0]}")
    assert "2025 年完成百公斤级中试。" in page.words
    assert mails()[-1].recipient == desk.people["broker"].email
    with desk.platform.reading() as uow:
        actions = uow.session.scalars(
            select(AuditEvent.action).where(AuditEvent.noun == "question")
        ).all()
    assert actions == ["ask", "answer"]


def test_a_question_lapses_after_five_working_days(desk: Desk, mails: Mails, clock: Clock) -> None:
    _ask(desk)
    clock.advance(days=7)  # Monday morning: the day itself is still theirs
    with desk.platform.unit_of_work() as uow:
        assert assignment.follow_clocks(uow, "http://test")["lapsed"] == 0
    clock.advance(days=1)
    with desk.platform.unit_of_work() as uow:
        assert assignment.follow_clocks(uow, "http://test")["lapsed"] == 1
    assert _question(desk).state == "lapsed"
    assert desk.match().state == "suggested"
    assert mails()[-1].recipient == desk.people["broker"].email


def test_the_match_waits_for_the_last_of_several_questions(desk: Desk) -> None:
    _ask(desk)
    first = _question(desk)
    with desk.platform.unit_of_work() as uow:
        broker = actor_of(uow.session.get_one(User, desk.people["broker"].id))
        match = uow.session.scalars(select(Match).where(Match.public_id == desk.matches[0])).one()
        question.ask(
            uow,
            broker,
            match,
            side="demand",
            text="何时需要？",
            calendar=desk.platform.calendar,
            base_url="http://test",
        )
    _answer(desk, first, "researcher")
    assert desk.match().state == "needs_information"
    _answer(desk, _question(desk), "company")
    assert desk.match().state == "suggested"


def _answer(desk: Desk, asked: Question, role: str) -> None:
    with desk.platform.unit_of_work() as uow:
        question.answer(
            uow,
            actor_of(uow.session.get_one(User, desk.people[role].id)),
            question_id=asked.public_id,
            text="有。",
            base_url="http://test",
        )


@pytest.mark.parametrize("role", ["company", "broker", "bureau", "administrator"])
def test_only_the_asked_side_answers_and_reads(desk: Desk, browser: Browser, role: str) -> None:
    _ask(desk)
    with pytest.raises(NotFound):
        _answer(desk, _question(desk), role)
    client = browser()
    client.log_in(desk.people[role])
    if role == "company":
        assert "做过中试吗" not in client.get("/questions/").words
    else:
        client.get("/questions/", status=403)
    assert "做过中试吗" not in (
        client.get(f"/matches/{desk.matches[0]}").words if role in {"company", "bureau"} else ""
    )


def test_a_question_never_names_an_anonymous_company_to_the_other_side(
    desk: Desk, browser: Browser
) -> None:
    with desk.platform.reading() as uow:
        name = uow.session.get_one(Organisation, desk.people["company"].organisation_id).name
    text = f"{name[:2]} {name[2:]}想知道进度"
    with pytest.raises(Invalid) as caught:
        _ask(desk, 2, "outcome", text)
    assert caught.value.fields == {"text": "names_company"}
    _ask(desk, 2, "demand", text)  # to the company itself it may
    _ask(desk, 0, "outcome", text)  # and where the company is public
    researcher = browser()
    researcher.log_in(desk.people["researcher"])
    assert "匿名的成型需求" not in researcher.get("/questions/").words


@pytest.mark.parametrize("text", ["", "问" * 501, "a\x07b"])
def test_a_question_has_to_be_clean(desk: Desk, browser: Browser, text: str) -> None:
    client = browser()
    client.log_in(desk.people["broker"])
    client.press(
        f"/match-review/{desk.matches[0]}/inquire", {"side": "outcome", "text": text}, status=422
    )
    assert desk.match().state == "suggested"


def test_undoing_or_deciding_takes_the_question_back(desk: Desk) -> None:
    with desk.platform.reading() as uow:
        broker = actor_of(uow.session.get_one(User, desk.people["broker"].id))
    _ask(desk)
    with desk.platform.unit_of_work() as uow:
        match_review.undo(uow, broker, match_id=desk.matches[0])
    assert (_question(desk).state, desk.match().state) == ("withdrawn", "suggested")
    _ask(desk)
    with desk.platform.unit_of_work() as uow:
        match_review.accept(uow, broker, match_id=desk.matches[0])
    assert (_question(desk).state, desk.match().state) == ("withdrawn", "accepted")


def test_names_are_found_however_they_are_written() -> None:
    names = ("岱崖碳材有限公司", "Daiya Carbon")
    for text in ("岱崖碳材想要", "岱 崖 碳 材", "from DAIYA  carbon", "岱崖碳材有限公司"):
        assert names_one_of(text, names)
        assert "岱崖碳材" not in without_names(text, names)
    assert not names_one_of("碳材料的需求", names)
    assert not names_one_of("任何公司", ("", "公司"))
