"""The demo world's desks: a specialist with his firms, an association with its members, a share.

Every step goes through its use case; the mails that this would send to invented people are not
sent.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.orm import joinedload

from matchmaker.domain.demand import clean_demand
from matchmaker.domain.permissions import Actor
from matchmaker.domain.plan import Plan
from matchmaker.domain.working_days import day_of
from matchmaker.services import diagnosis, membership, record, referral, secondment, share, visit
from matchmaker.services.account import actor_now
from matchmaker.services.demo import DOMAIN
from matchmaker.store.database import UnitOfWork
from matchmaker.store.demand import Demand
from matchmaker.store.introduction import Introduction
from matchmaker.store.match import Match
from matchmaker.store.organisation import Organisation, User
from matchmaker.store.outbox import OutboxMail
from matchmaker.store.outcome import Outcome

_NAMES: Final = (
    *("company", "company2", "company3", "broker", "broker2"),
    *("association", "specialist", "bureau"),
)
_PERCENT: Final = 40
_DRAFT: Final = {
    "title": "预浸料裁切边角料在线分选",
    "problem": "示例：裁切后不同批次的边角料混在一起，回收前只能人工分拣，一班要三个人。",
    "target": "示例：在线识别批次并分选，误分率低于百分之二。",
    "disclosure": "public",
}
_VISIT: Final = "示例：看了裁切线和回收间，边角料按班次堆放，没有批次标识；约定下周补测含胶量。"
_ADVICE: Final = "示例：请补充边角料的种类与日产量、现有分拣的误分率，并说明是否接受改造裁切台。"
_WHY: Final = "示例：该团队做过同类试样，周期与孔隙率接近贵司目标，建议先看一次试样。"


def load(uow: UnitOfWork, plan: Plan) -> int:
    """Place the specialist, found the memberships, put a pair forward, share an introduction.

    Returns for how many people of the desks there is something to see.
    """
    last_mail = uow.session.scalar(select(OutboxMail.id).order_by(OutboxMail.id.desc()).limit(1))
    people = {
        user.email.removesuffix(f"@{DOMAIN}"): user
        for user in uow.session.scalars(
            select(User)
            .where(User.email.in_([f"{name}@{DOMAIN}" for name in _NAMES]))
            .options(joinedload(User.organisation))
        )
    }
    if len(people) < len(_NAMES):
        return 0
    _second(uow, people, plan)
    _associate(uow, people)
    shared = _share(uow, people)
    uow.flush()
    uow.session.execute(delete(OutboxMail).where(OutboxMail.id > (last_mail or 0)))
    return 2 + 2 * shared


def _actor(uow: UnitOfWork, people: dict[str, User], name: str) -> Actor:
    return actor_now(uow, people[name])


def _home(people: dict[str, User], name: str) -> Organisation:
    home = people[name].organisation
    assert home is not None
    return home


def _second(uow: UnitOfWork, people: dict[str, User], plan: Plan) -> None:
    """Placed with one firm, proposed to another; a visit, a draft, and a diagnosis of it."""
    today = day_of(uow.now)
    for name in ("company", "company2"):
        made = secondment.propose(
            uow,
            _actor(uow, people, "bureau"),
            firm=_home(people, name).name,
            specialist_id=people["specialist"].public_id,
            begins_on=today,
            ends_on=today + timedelta(days=180),
            purpose="示例：梳理工艺难题，协助提出可验收的技术需求。",
        )
        if name == "company2":
            return  # its firm has not answered yet
        secondment.accept(uow, _actor(uow, people, name), secondment_id=made.public_id)
        specialist = _actor(uow, people, "specialist")
        visit.write(uow, specialist, secondment_id=made.public_id, visited_on=today, note=_VISIT)
        fields = clean_demand(dict(_DRAFT), chains=plan.chain_by_code, regions=plan.region_by_code)
        draft = record.create(uow, specialist, "demand", fields, firm_id=_home(people, name).id)
        diagnosis.give(uow, specialist, demand_id=draft.public_id, note=_ADVICE)


def _associate(uow: UnitOfWork, people: dict[str, User]) -> None:
    """Two members, a firm that asks to join, and an outcome recommended to a member."""
    chair = _actor(uow, people, "association")
    name = _home(people, "association").name
    for firm in ("company", "company2", "company3"):
        made = membership.request(uow, _actor(uow, people, firm), association=name)
        if firm != "company3":
            membership.answer(uow, chair, membership_id=made.public_id, action="admit")
    pair = uow.session.scalars(
        select(Match)
        .join(Demand, Match.demand_id == Demand.id)
        .join(Outcome, Match.outcome_id == Outcome.id)
        .where(
            Demand.organisation_id == _home(people, "company").id,
            Demand.state == "published",
            Demand.disclosure == "public",
            Outcome.state == "published",
            Match.state == "suggested",
            Match.current,
        )
        .options(joinedload(Match.demand), joinedload(Match.outcome))
        .order_by(Match.score.desc(), Match.id)
        .limit(1)
    ).one_or_none()
    if pair is not None:
        referral.refer(
            uow,
            chair,
            demand_id=pair.demand.public_id,
            outcome_id=pair.outcome.public_id,
            action="recommend",
            note=_WHY,
        )


def _share(uow: UnitOfWork, people: dict[str, User]) -> bool:
    """The latest open introduction of the broker, shared with the other agency's."""
    found = uow.session.scalars(
        select(Introduction)
        .where(Introduction.broker_id == people["broker"].id, Introduction.state == "asked")
        .order_by(Introduction.id.desc())
        .limit(1)
    ).one_or_none()
    if found is None:
        return False
    share.propose(
        uow,
        _actor(uow, people, "broker"),
        introduction_id=found.public_id,
        partner_id=people["broker2"].public_id,
        percent=_PERCENT,
    )
    return True
