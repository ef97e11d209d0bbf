"""The demo world's contracts: one registered, one being drafted, of what the engine suggested.

As with the demo world's engagement, every step is taken through its use case, with its audit row;
the mails that this would send to invented people are not sent.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import delete, select
from sqlalchemy.orm import joinedload

from matchmaker.domain.contract import clean_contract
from matchmaker.domain.contract_registration import clean_registration, clean_signature
from matchmaker.domain.engagement import NDA_VERSION
from matchmaker.domain.permissions import Actor
from matchmaker.domain.working_days import CHINA, WorkingDays
from matchmaker.services import (
    contract,
    contract_registration,
    engagement,
    introduction,
    match_review,
    meeting,
)
from matchmaker.services.account import actor_of
from matchmaker.services.demo import DOMAIN
from matchmaker.store.contract import Contract
from matchmaker.store.database import UnitOfWork
from matchmaker.store.demand import Demand
from matchmaker.store.engagement import Engagement
from matchmaker.store.match import Match
from matchmaker.store.organisation import User
from matchmaker.store.outbox import OutboxMail
from matchmaker.store.outcome import Outcome

_USABLE: Final = 2
_SIDES: Final = ("company3", "researcher3")
_SKIPPED: Final = "示例：双方已有试验数据，直接进入下一阶段。"


def load(uow: UnitOfWork, calendar: WorkingDays) -> int:
    """Make the contracts where people and suggestions allow; returns how many."""
    last_mail = uow.session.scalar(select(OutboxMail.id).order_by(OutboxMail.id.desc()).limit(1))
    actors = _actors(uow)
    if len(actors) < len(_SIDES) + 1 or uow.session.scalar(select(Contract.id).limit(1)):
        return 0
    found = _matches(uow, actors)
    today = uow.now.astimezone(CHINA).date()
    for place, match in enumerate(found):
        talks = _negotiated(uow, actors, match, calendar)
        made = contract.draft(
            uow,
            actors["broker"],
            engagement_id=talks,
            terms=clean_contract(_terms(match, today, complete=place == 0)),
        )
        if place == 0:
            _register(uow, actors, made, talks, today, calendar)
    uow.session.execute(delete(OutboxMail).where(OutboxMail.id > (last_mail or 0)))
    return len(found)


def _actors(uow: UnitOfWork) -> dict[str, Actor]:
    """The two sides and their broker, as far as the demo world has them."""
    emails = {f"{name}@{DOMAIN}": name for name in (*_SIDES, "broker")}
    users = uow.session.scalars(
        select(User).where(User.email.in_(emails)).options(joinedload(User.organisation))
    )
    return {emails[user.email]: actor_of(user) for user in users}


def _matches(uow: UnitOfWork, actors: dict[str, Actor]) -> list[Match]:
    """The two best usable suggestions between the sides."""
    company, researcher = (actors[name].user_id for name in _SIDES)
    statement = (
        select(Match)
        .join(Demand, Match.demand_id == Demand.id)
        .join(Outcome, Match.outcome_id == Outcome.id)
        .where(
            Demand.author_id == company,
            Demand.state == "published",
            Demand.disclosure != "directed",
            Outcome.author_id == researcher,
            Outcome.state == "published",
            Match.state == "suggested",
            Match.current,
            Match.level >= _USABLE,
        )
        .options(joinedload(Match.demand), joinedload(Match.outcome))
        .order_by(Match.score.desc(), Match.id)
        .limit(2)
    )
    return list(uow.session.scalars(statement))


def _negotiated(
    uow: UnitOfWork, actors: dict[str, Actor], match: Match, calendar: WorkingDays
) -> str:
    """Lead a suggestion to the drafting of its contract; the engagement's public id."""
    broker = actors["broker"]
    match_review.accept(uow, broker, match_id=match.public_id)
    asked = introduction.ask(uow, broker, match_id=match.public_id, calendar=calendar)
    for name in _SIDES:
        introduction.accept(uow, actors[name], introduction_id=asked.public_id, calendar=calendar)
    talks = uow.session.scalars(
        select(Engagement.public_id).where(Engagement.introduction_id == asked.id)
    ).one()
    for name in _SIDES:
        engagement.accept_nda(
            uow,
            actors[name],
            engagement_id=talks,
            name="示例人员",
            version=NDA_VERSION,
            calendar=calendar,
        )
    engagement.step(uow, broker, engagement_id=talks, action="disclose", calendar=calendar)
    planned = meeting.plan(
        uow,
        broker,
        engagement_id=talks,
        plan=meeting.Plan(starts_at=uow.now, minutes_long=60, place="示例：线上会议"),
    )
    meeting.hold(
        uow, broker, meeting_id=planned.public_id, minutes="示例：已商定范围、指标与价款。"
    )
    for action in ("meet", "agree_terms", "draft"):
        engagement.step(
            uow, broker, engagement_id=talks, action=action, note=_SKIPPED, calendar=calendar
        )
    return talks


def _terms(match: Match, today: date, *, complete: bool) -> dict[str, Any]:
    """What a contract says: a licence that is complete, a development that is not yet."""
    if not complete:
        return {
            "title": f"{match.demand.title}技术开发合同",
            "type": "development",
            "development_kind": "commissioned",
            "subject": match.outcome.title,
            "amount_total": "96",
            "deducted_equipment": "18",
            "payment_mode": "instalments",
        }
    first, last = today - timedelta(days=25), today + timedelta(days=340)
    return {
        "title": f"{match.outcome.title}技术许可合同",
        "type": "licence",
        "subject": f"示例：{match.outcome.title}及配套工艺文件的普通许可。",
        "acceptance": "示例：按附件一检测，连续三批合格为通过。",
        "ip_ownership": "unchanged",
        "ip_clause": "示例：专利权与技术秘密归许可方，被许可方在约定范围内使用。",
        "starts_on": first.isoformat(),
        "ends_on": last.isoformat(),
        "payment_mode": "mixed",
        "amount_total": "180",
        "deducted_materials": "12.5",
        "deduction_note": "示例：首批专用料",
        "payments": [
            {"label": "入门费", "due_on": first.isoformat(), "amount": "60"},
            {"label": "工艺文件交付", "due_on": today.isoformat(), "amount": "40"},
        ],
        "amount_royalty": "80",
        "royalty_terms": "示例：按净销售额的3%，每半年结算一次。",
        "related": "none",
    }


def _register(
    uow: UnitOfWork,
    actors: dict[str, Actor],
    made: Contract,
    talks: str,
    today: date,
    calendar: WorkingDays,
) -> None:
    """Confirm, sign and register, and take the engagement's own steps."""
    broker = actors["broker"]
    signed_on, registered_on = today - timedelta(days=30), today - timedelta(days=21)
    for name in _SIDES:
        contract.confirm(uow, actors[name], contract_id=made.public_id, revision=made.revision)
    contract.sign(
        uow,
        broker,
        contract_id=made.public_id,
        signature=clean_signature({"signed_on": signed_on.isoformat()}, today=today),
        version=made.version,
    )
    engagement.step(
        uow, broker, engagement_id=talks, action="sign", note=_SKIPPED, calendar=calendar
    )
    raw = {
        "number": f"{registered_on.year}371000900001",
        "registered_on": registered_on.isoformat(),
        "office": "示例技术合同登记机构",
    }
    contract_registration.register(
        uow,
        broker,
        contract_id=made.public_id,
        registration=clean_registration(raw, signed_on=signed_on, today=today),
        version=made.version,
    )
    engagement.step(uow, broker, engagement_id=talks, action="register", calendar=calendar)
