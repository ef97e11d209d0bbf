"""The people who help firms in the tier world: specialists, associations, and a sharing broker."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from matchmaker.services.account import actor_now
from matchmaker.store.database import UnitOfWork
from matchmaker.store.introduction import Introduction
from matchmaker.store.membership import Membership, Referral
from matchmaker.store.organisation import Organisation, User
from matchmaker.store.secondment import Diagnosis, Secondment, Visit
from matchmaker.store.share import Share
from tests import builders
from tests.integration.tier_world import World, published

_FIRM = "anonymous company"


def add_desks(world: World) -> None:
    """Secondments in force and over, an association that is confided in and one that is not."""
    with world.platform.database.unit_of_work() as uow:
        for who in ("placed specialist", "former specialist"):
            _person(uow, world, who, "specialist", world.organisations["institution"])
        for who in ("association", "confidant"):
            home = builders.organisation(uow, "association", name=f"虚构{who}")
            world.organisations[who] = home
            _person(uow, world, who, "association", home)
        _secondments(uow, world)
        _associations(uow, world)
        _share(uow, world)
        uow.session.flush()
        for who in ("placed specialist", "former specialist", "association", "confidant"):
            user = uow.session.get_one(User, world.users[who].id)
            uow.session.refresh(user, ["organisation"])
            world.actors[who] = actor_now(uow, user)


def _person(
    uow: UnitOfWork, world: World, who: str, role: str, home: Organisation, **fields: Any
) -> None:
    made = builders.user(uow, world.platform.passwords, role, home, **fields)
    of = {"organisation_id": made.organisation_id, "user_id": made.id, "role": role}
    made.name = world.mark("person", **of)
    made.email = f"{world.mark('email', **of)}@example.org"
    made.phone = world.mark("phone", **of)
    world.users[who] = made


def _secondments(uow: UnitOfWork, world: World) -> None:
    today = uow.now.date()
    demands = [kept.row for kept in world.classes if kept.noun == "demand"]
    for who, days in (("placed specialist", 30), ("former specialist", -1)):
        for disclosure in ("anonymous", "directed"):
            firm = world.organisations[f"{disclosure} company"]
            specialist = world.users[who]
            of = {"organisation_id": firm.id, "user_id": specialist.id}
            found = Secondment(
                organisation_id=firm.id,
                specialist_id=specialist.id,
                begins_on=today - timedelta(days=60),
                ends_on=today + timedelta(days=days),
                purpose=world.mark("purpose", **of),
                state="active",
                proposed_by=world.users["bureau"].id,
                proposed_at=uow.now,
                answered_at=uow.now,
            )
            uow.session.add(found)
            uow.session.flush()
            world.secondments.append(found.public_id)
            mine = {"specialist_id": specialist.id, "created_at": uow.now}
            uow.session.add(
                Visit(
                    **mine,
                    secondment_id=found.id,
                    organisation_id=firm.id,
                    visited_on=today - timedelta(days=9),
                    note=world.mark("visit", **of),
                )
            )
            for demand in demands:
                if demand.organisation_id == firm.id:
                    note = world.mark("diagnosis", **of)
                    uow.session.add(
                        Diagnosis(
                            **mine, demand_id=demand.id, organisation_id=firm.id, percent=60,
                            note=note, ready=demand.state == "draft",
                        )
                    )  # fmt: skip


def _associations(uow: UnitOfWork, world: World) -> None:
    outcome = published(world, "outcome", world.organisations["institution"])
    for who in ("association", "confidant"):
        home = world.organisations[who]
        for disclosure in ("public", "anonymous", "directed"):
            firm = world.organisations[f"{disclosure} company"]
            uow.session.add(
                Membership(
                    association_id=home.id,
                    organisation_id=firm.id,
                    state="active",
                    opens_anonymous=who == "confidant",
                    asked_at=uow.now,
                    answered_at=uow.now,
                )
            )
            demand = published(world, "demand", firm)
            uow.session.add(
                Referral(
                    association_id=home.id,
                    organisation_id=firm.id,
                    demand_id=demand.id,
                    outcome_id=outcome.id,
                    state="wanted" if disclosure == "public" else "recommended",
                    note=world.mark(
                        "referral", organisation_id=firm.id, user_id=home.id, role=disclosure
                    ),
                    referred_by=world.users[who].id,
                    referred_at=uow.now,
                )
            )


def _share(uow: UnitOfWork, world: World) -> None:
    introduction = uow.session.scalars(
        select(Introduction)
        .where(Introduction.broker_id == world.users["own broker"].id)
        .order_by(Introduction.id)
        .limit(1)
    ).one()
    uow.session.add(
        Share(
            introduction_id=introduction.id,
            lead_id=introduction.broker_id,
            partner_id=world.users["other broker"].id,
            lead_percent=60,
            partner_percent=40,
            state="proposed",
            proposed_at=uow.now,
        )
    )
