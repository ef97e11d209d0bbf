"""Two sides, their broker and everybody else, with a match that was accepted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from matchmaker.bootstrap import Matchmaker
from matchmaker.domain.engagement import NDA_VERSION
from matchmaker.domain.permissions import VISITOR, Actor
from matchmaker.services import engagement, introduction
from matchmaker.services.account import actor_of
from matchmaker.store.database import UnitOfWork
from matchmaker.store.engagement import Engagement
from matchmaker.store.introduction import Introduction
from matchmaker.store.match import Match
from matchmaker.store.organisation import User
from tests import builders

PEOPLE = (
    *("company", "colleague", "other_company", "researcher", "manager", "other_researcher"),
    *("broker", "other_broker", "bureau", "administrator"),
)
PARTIES = ("company", "colleague", "researcher", "manager", "broker")
OUTSIDERS = ("other_company", "other_researcher", "other_broker", "bureau", "administrator")


@dataclass(frozen=True)
class Pair:
    """A demand and an outcome that a broker has accepted as a match."""

    platform: Matchmaker
    users: dict[str, User]
    match_id: str
    demand_id: str
    outcome_id: str

    def actor(self, who: str) -> Actor:
        if who == "visitor":
            return VISITOR
        with self.platform.reading() as uow:
            found = uow.session.scalars(
                select(User)
                .where(User.id == self.users[who].id)
                .options(joinedload(User.organisation))
            ).one()
            return actor_of(found)

    def ask(self, who: str = "broker", **texts: Any) -> str:
        with self.platform.unit_of_work() as uow:
            made = introduction.ask(
                uow,
                self.actor(who),
                match_id=self.match_id,
                calendar=self.platform.calendar,
                **texts,
            )
            return made.public_id

    def engage(self) -> str:
        """Ask, and let both sides accept; the public id of the engagement."""
        asked = self.ask()
        for who in ("company", "researcher"):
            with self.platform.unit_of_work() as uow:
                introduction.accept(
                    uow, self.actor(who), introduction_id=asked, calendar=self.platform.calendar
                )
        return self.engagement().public_id

    def accept_nda(self, public_id: str) -> None:
        for who in ("company", "researcher"):
            with self.platform.unit_of_work() as uow:
                engagement.accept_nda(
                    uow,
                    self.actor(who),
                    engagement_id=public_id,
                    name="某人",
                    version=NDA_VERSION,
                    calendar=self.platform.calendar,
                )

    def engagement(self) -> Engagement:
        with self.platform.reading() as uow:
            return uow.session.scalars(select(Engagement).order_by(Engagement.id.desc())).first()  # type: ignore[return-value]

    def introduction(self) -> Introduction:
        with self.platform.reading() as uow:
            found = uow.session.scalars(select(Introduction).order_by(Introduction.id.desc()))
            return found.first()  # type: ignore[return-value]


def make_pair(platform: Matchmaker, *, disclosure: str = "public", state: str = "accepted") -> Pair:
    with platform.database.unit_of_work() as uow:
        users = _people(uow, platform)
        demand = builders.demand(
            uow, users["company"], title="储氢气瓶用快速固化树脂", disclosure=disclosure
        )
        outcome = builders.outcome(uow, users["researcher"], title="增韧环氧树脂体系")
        match = Match(
            demand_id=demand.id,
            outcome_id=outcome.id,
            score=0.8,
            level=3,
            rank=1,
            explanation={"terms": [], "facts": []},
            engine_version="test",
            state=state,
            decided_by=users["broker"].id if state == "accepted" else None,
            decided_at=uow.now if state == "accepted" else None,
            created_at=uow.now,
        )
        uow.session.add(match)
        uow.session.flush()
        return Pair(platform, users, match.public_id, demand.public_id, outcome.public_id)


def _people(uow: UnitOfWork, platform: Matchmaker) -> dict[str, User]:
    def person(role: str, at: Any = None, **fields: Any) -> User:
        return builders.user(uow, platform.passwords, role, at, **fields)

    firm = builders.organisation(uow, name="无名密封技术有限公司", name_en="Nameless Seals")
    school = builders.organisation(uow, "institution", name="某工科大学")
    return {
        "company": person("company", firm, phone="0631-5550101"),
        "colleague": person("company", firm),
        "other_company": person("company"),
        "researcher": person("researcher", school, phone="0631-5550202"),
        "manager": person("researcher", school, is_manager=True),
        "other_researcher": person("researcher", school),
        "broker": person("broker"),
        "other_broker": person("broker"),
        "bureau": person("bureau"),
        "administrator": person("administrator"),
    }
