"""The demo world's introductions and engagement, made of what the engine suggested.

They go the way that people go: every step through its use case, with its audit row. The mails that
this would send to invented people are not sent.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from sqlalchemy import delete, select
from sqlalchemy.orm import joinedload

from matchmaker.domain.engagement import NDA_VERSION
from matchmaker.domain.permissions import Actor
from matchmaker.domain.working_days import WorkingDays
from matchmaker.integrations.attachment_store import AttachmentStore
from matchmaker.services import engagement, engagement_message, introduction, match_review, meeting
from matchmaker.services.account import actor_of
from matchmaker.services.demo import DOMAIN
from matchmaker.store.database import UnitOfWork
from matchmaker.store.demand import Demand
from matchmaker.store.engagement import Engagement
from matchmaker.store.introduction import Introduction
from matchmaker.store.match import Match
from matchmaker.store.organisation import User
from matchmaker.store.outbox import OutboxMail
from matchmaker.store.outcome import Outcome

_TO_COMPANY: Final = "示例：该成果的成型周期和孔隙率与贵司的目标接近，建议先谈试样。"
_TO_INSTITUTION: Final = "示例：企业希望尽快做试样，关注周期与成本，您的成果与其指标接近。"


def load(uow: UnitOfWork, store: AttachmentStore, calendar: WorkingDays) -> int:
    """Begin one engagement and two introductions, where suggestions allow; returns how many."""
    last_mail = uow.session.scalar(select(OutboxMail.id).order_by(OutboxMail.id.desc()).limit(1))
    users = {
        name: uow.session.scalars(
            select(User)
            .where(User.email == f"{name}@{DOMAIN}")
            .options(joinedload(User.organisation))
        ).one_or_none()
        for name in ("company", "researcher", "broker")
    }
    people = {name: user for name, user in users.items() if user is not None}
    if len(people) < len(users) or uow.session.scalar(select(Introduction.id).limit(1)):
        return 0
    actors = {name: actor_of(user) for name, user in people.items()}
    company, researcher = people["company"].id, people["researcher"].id
    ours, theirs = Demand.author_id == company, Outcome.author_id == researcher
    made = 0
    for wanted, talking in (
        ((ours, theirs), True),
        ((ours, Outcome.author_id.is_distinct_from(researcher)), False),
        ((theirs, Demand.author_id.is_distinct_from(company)), False),
    ):
        asked = _introduce(uow, actors["broker"], wanted, calendar)
        if asked is not None and talking:
            _talk(uow, store, actors, asked, calendar)
        made += asked is not None
    uow.session.execute(delete(OutboxMail).where(OutboxMail.id > (last_mail or 0)))
    return made


def _introduce(
    uow: UnitOfWork, broker: Actor, wanted: tuple[Any, ...], calendar: WorkingDays
) -> Introduction | None:
    """Accept the best suggestion of a kind and ask both sides; None where there is none."""
    used = select(Introduction.demand_id)
    match = uow.session.scalars(
        select(Match)
        .join(Demand, Match.demand_id == Demand.id)
        .join(Outcome, Match.outcome_id == Outcome.id)
        .where(
            *wanted,
            Match.state == "suggested",
            Match.current,
            Demand.state == "published",
            Demand.disclosure != "directed",
            Demand.id.not_in(used),
            Outcome.state == "published",
        )
        .order_by(Match.score.desc(), Match.id)
        .limit(1)
    ).one_or_none()
    if match is None:
        return None
    match_review.accept(uow, broker, match_id=match.public_id)
    return introduction.ask(
        uow,
        broker,
        match_id=match.public_id,
        calendar=calendar,
        company_message=_TO_COMPANY,
        institution_message=_TO_INSTITUTION,
    )


def _talk(
    uow: UnitOfWork,
    store: AttachmentStore,
    actors: dict[str, Actor],
    asked: Introduction,
    calendar: WorkingDays,
) -> None:
    """Lead an introduction to an engagement with a meeting to come and a first message."""
    company, researcher = actors["company"], actors["researcher"]
    for actor in (company, researcher):
        introduction.accept(uow, actor, introduction_id=asked.public_id, calendar=calendar)
    public_id = uow.session.scalars(
        select(Engagement.public_id).where(Engagement.introduction_id == asked.id)
    ).one()
    for actor, name in ((company, "林书越"), (researcher, "沈知微")):
        engagement.accept_nda(
            uow,
            actor,
            engagement_id=public_id,
            name=name,
            version=NDA_VERSION,
            calendar=calendar,
        )
    engagement.step(uow, researcher, engagement_id=public_id, action="disclose", calendar=calendar)
    meeting.plan(
        uow,
        actors["broker"],
        engagement_id=public_id,
        plan=meeting.Plan(
            starts_at=(uow.now + timedelta(days=3)).replace(hour=2, minute=0, second=0),
            minutes_long=90,
            place="示例：东屿理工大学复合材料实验室",
            participants="林书越、沈知微、顾闻",
            agenda="试样方案、检测方法、费用",
        ),
    )
    engagement_message.write(
        uow,
        company,
        store,
        engagement_id=public_id,
        body="示例：会前请先看一下我们的试样尺寸与工况，想先确认成型周期能否到8分钟。",
    )
