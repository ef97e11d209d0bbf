"""The demo world's challenges: one in preparation, one open for bids, one being scored.

As with the demo world's contracts, every step is taken through its use case, with its audit row;
only the deadline of the one that is being scored is put into the past. No mail is sent.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Final

from sqlalchemy import delete, func, select
from sqlalchemy.orm import joinedload

from matchmaker.domain.challenge import USUAL, BidFields, ChallengeFields, Member
from matchmaker.domain.permissions import Actor
from matchmaker.services import challenge, challenge_bid, challenge_clock, challenge_score
from matchmaker.services.account import actor_of
from matchmaker.services.demo import DOMAIN
from matchmaker.store.challenge import Challenge
from matchmaker.store.database import UnitOfWork
from matchmaker.store.demand import Demand
from matchmaker.store.match import Match
from matchmaker.store.organisation import User
from matchmaker.store.outbox import OutboxMail

_PEOPLE: Final = ("company3", "bureau", "researcher2", "researcher3", "broker", "broker2")
_OPINION: Final = "示例：问题来自产业一线，指标可检测，经费与周期合理，建议张榜。"
_ARGUED_BY: Final = "示例：产业、技术、财务专家共五人"
_WRITTEN_ANEW: Final = ChallengeFields(
    title="示例：海上养殖网箱碳纤维增强浮架的耐久性提升",
    problem="现有浮架在台风季反复弯折后开裂，两年内更换率超过三成，维护成本高。",
    target="研制耐弯折、耐海水老化的碳纤维增强浮架，并完成一个养殖季的海上验证。",
    indicators="弯曲疲劳寿命≥100万次\n海水老化2000 h强度保持率≥90 %\n单米成本≤1.2倍现有产品",
    conditions="示例：国内外高校院所、企业或联合体均可揭榜，须在本市完成中试。",
    chains=("carbon-fibre",),
    amount=Decimal(300),
    **{**USUAL, "scores_needed": 2},
)

_OPEN: Final = replace(
    _WRITTEN_ANEW,
    title="示例：海参多糖绿色提取与高值化应用",
    problem="现有酶解提取得率低、能耗高，废液处理成本占生产成本近两成。",
    target="建成吨级绿色提取示范线，产品达到功能食品原料要求。",
    indicators="多糖得率≥2.5 %\n综合能耗降低≥30 %\n产品纯度≥90 %",
    chains=("marine-food",),
    amount=Decimal(200),
)


def load(uow: UnitOfWork) -> int:
    """Make the challenges where the demo's people and demands allow; returns how many."""
    last_mail = uow.session.scalar(select(OutboxMail.id).order_by(OutboxMail.id.desc()).limit(1))
    people = _people(uow)
    if len(people) < len(_PEOPLE) or uow.session.scalar(select(Challenge.id).limit(1)):
        return 0
    _scored(uow, people)
    _opened(uow, people)
    asked = _least_answered(uow, people["company3"])
    if asked is not None:
        _drafted(uow, people, asked)
    uow.session.execute(delete(OutboxMail).where(OutboxMail.id > (last_mail or 0)))
    return 2 + (asked is not None)


def _people(uow: UnitOfWork) -> dict[str, User]:
    emails = {f"{name}@{DOMAIN}": name for name in _PEOPLE}
    users = uow.session.scalars(
        select(User).where(User.email.in_(emails)).options(joinedload(User.organisation))
    )
    return {emails[user.email]: user for user in users}


def _least_answered(uow: UnitOfWork, firm: User) -> Demand | None:
    """The published demand of a firm whose best suggestion is the weakest."""
    best = (
        select(func.max(Match.score))
        .where(Match.demand_id == Demand.id, Match.current)
        .scalar_subquery()
    )
    return uow.session.scalars(
        select(Demand)
        .where(
            Demand.organisation_id == firm.organisation_id,
            Demand.state == "published",
            Demand.disclosure != "directed",
        )
        .order_by(func.coalesce(best, 0), Demand.id)
        .limit(1)
    ).one_or_none()


def _drafted(uow: UnitOfWork, people: dict[str, User], demand: Demand) -> None:
    """Draft a call of a demand; it waits for its firm's consent."""
    officer = actor_of(people["bureau"])
    text = challenge.first_text(challenge.sources(uow, officer, [demand.public_id]))
    text = replace(text, indicators=text.indicators or "示例：达到需求所列全部目标")
    made = challenge.create(uow, officer, text, demand_ids=[demand.public_id])
    _argue(uow, officer, made)


def _opened(uow: UnitOfWork, people: dict[str, User]) -> None:
    """An open call of the bureau's own, with a bid that is still a draft."""
    officer = actor_of(people["bureau"])
    made = challenge.create(uow, officer, _OPEN)
    _argue(uow, officer, made)
    until = uow.now + timedelta(days=21)
    challenge.publish(uow, officer, challenge_id=made.public_id, bids_until=until)
    _bid(uow, people["researcher2"], made, submit=False)


def _scored(uow: UnitOfWork, people: dict[str, User]) -> None:
    """A call of the bureau's own, closed with two bids, that two brokers score."""
    officer = actor_of(people["bureau"])
    made = challenge.create(uow, officer, _WRITTEN_ANEW)
    _argue(uow, officer, made)
    until = uow.now + timedelta(days=2)
    challenge.publish(uow, officer, challenge_id=made.public_id, bids_until=until)
    for name in ("researcher2", "researcher3"):
        _bid(uow, people[name], made, submit=True)
    made.bids_until = uow.now
    uow.flush()
    challenge_clock.close(uow, officer, challenge_id=made.public_id)
    for name in ("broker", "broker2"):
        challenge_score.appoint(
            uow, officer, challenge_id=made.public_id, user_id=people[name].public_id
        )
    challenge_score.begin(
        uow, officer, challenge_id=made.public_id, scores_until=uow.now + timedelta(days=7)
    )


def _argue(uow: UnitOfWork, officer: Actor, made: Challenge) -> None:
    challenge.argue(
        uow, officer, challenge_id=made.public_id, opinion=_OPINION, argued_by=_ARGUED_BY
    )


def _bid(uow: UnitOfWork, person: User, made: Challenge, *, submit: bool) -> None:
    home = person.organisation.name if person.organisation else ""
    actor = actor_of(person)
    begun = challenge_bid.begin(uow, actor, made)
    uow.flush()
    challenge_bid.write(
        uow,
        actor,
        bid_id=begun.public_id,
        fields=BidFields(
            plan="示例：以连续纤维缠绕配合耐候树脂成型，分三步完成小样、样段与海上验证。",
            base="示例：已有缠绕中试线与三项发明专利。",
            indicators="示例：弯曲疲劳寿命120万次\n海水老化2000 h强度保持率92 %",
            effect="示例：三年内替换进口浮架，新增产值两千万元。",
            funds=min(Decimal(260), made.amount or Decimal(260)),
            team=(Member(name=person.name, organisation=home, part="项目负责人"),),
        ),
        version=begun.version,
        submit=submit,
    )
