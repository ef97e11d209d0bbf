"""Putting the home pages together: which blocks each role sees."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from matchmaker.domain.permissions import Actor
from matchmaker.domain.plan import Plan
from matchmaker.domain.visibility import LISTED_STATES, MATCHED_STATES
from matchmaker.domain.working_days import day_of
from matchmaker.services.membership import REMINDED_AGAIN
from matchmaker.store.database import UnitOfWork
from matchmaker.store.queries import association, contract, home, match, match_review, secondment
from matchmaker.store.queries.home import ClusterFigures, OwnRecord
from matchmaker.store.queries.review_queue import QueueFilters
from matchmaker.web.i18n import locale
from matchmaker.web.pages import Page
from matchmaker.web.site.pages import (
    AdministratorHomePage,
    AssociationHomePage,
    BrokerHomePage,
    BureauHomePage,
    ClusterBar,
    CompanyHomePage,
    FirmBlock,
    HomePage,
    OwnBlock,
    ResearcherHomePage,
    SpecialistHomePage,
)
from matchmaker.web.site.todo import todo_items

_PAIRS_SHOWN: Final = 6
_RECORDS_SHOWN: Final = 12
_SUGGESTIONS_EACH: Final = 3
_WAITING_SHOWN: Final = 5
_QUEUE_SHOWN: Final = 5
# States in which a record waits for its owner to do something.
_OWNERS_TURN: Final = frozenset({"draft", "returned", "changes_requested", "expired"})
# States in which nobody has to do anything about the record itself.
_AT_REST: Final = LISTED_STATES["demand"] | LISTED_STATES["outcome"] | {"resolved"}


def home_page(uow: UnitOfWork, actor: Actor, plan: Plan) -> Page:
    """The home page of the actor's role."""
    by_role: Mapping[str | None, Callable[[UnitOfWork, Actor, Plan], Page]] = {
        "company": _company,
        "researcher": _researcher,
        "broker": _broker,
        "association": _association,
        "specialist": _specialist,
        "bureau": _bureau,
        "administrator": _administrator,
    }
    return by_role.get(actor.role, _visitor)(uow, actor, plan)


def _visitor(uow: UnitOfWork, _actor: Actor, plan: Plan) -> HomePage:
    return HomePage(
        figures=home.figures(uow),
        clusters=_bars(plan, home.clusters(uow)),
        pairs=match.recent_public_pairs(uow, limit=_PAIRS_SHOWN),
    )


def _company(uow: UnitOfWork, actor: Actor, _plan: Plan) -> CompanyHomePage:
    records = home.own_records(uow, actor, "demand", limit=_RECORDS_SHOWN)
    return CompanyHomePage(
        todo=todo_items(uow, actor),
        verified=actor.verified,
        blocks=_blocks(uow, actor, "demand", records),
        waiting=_waiting(records),
    )


def _researcher(uow: UnitOfWork, actor: Actor, _plan: Plan) -> ResearcherHomePage:
    records = home.own_records(uow, actor, "outcome", limit=_RECORDS_SHOWN)
    nothing = home.WaitingList(rows=(), total=0)
    return ResearcherHomePage(
        todo=todo_items(uow, actor),
        verified=actor.verified,
        blocks=_blocks(uow, actor, "outcome", records),
        waiting=_waiting(records),
        to_review=home.outcomes_to_review(uow, actor, limit=_WAITING_SHOWN)
        if actor.manager
        else nothing,
    )


def _broker(uow: UnitOfWork, actor: Actor, _plan: Plan) -> BrokerHomePage:
    queue = match_review.queue(uow, QueueFilters(), limit=_QUEUE_SHOWN)
    return BrokerHomePage(
        todo=todo_items(uow, actor),
        queue=queue.rows,
        queue_total=queue.total,
        to_review=home.demands_to_review(uow, actor, limit=_WAITING_SHOWN),
    )


def _association(uow: UnitOfWork, actor: Actor, _plan: Plan) -> AssociationHomePage:
    return AssociationHomePage(
        todo=todo_items(uow, actor),
        demands=association.demands(
            uow,
            actor,
            view="unmatched",
            again=uow.now - REMINDED_AGAIN,
            limit=_WAITING_SHOWN,
            offset=0,
        ),
        referrals=association.referrals(uow, actor, limit=_WAITING_SHOWN),
    )


def _specialist(uow: UnitOfWork, actor: Actor, _plan: Plan) -> SpecialistHomePage:
    rows = secondment.listing(uow, actor, day_of(uow.now))
    demands = secondment.firm_demands(uow, actor, actor.placed_with)
    return SpecialistHomePage(
        todo=todo_items(uow, actor),
        firms=tuple(
            FirmBlock(row=row, demands=demands.get(row.firm_id, ())) for row in rows if row.holds
        ),
    )


def _bureau(uow: UnitOfWork, actor: Actor, plan: Plan) -> BureauHomePage:
    return BureauHomePage(
        todo=todo_items(uow, actor),
        organisations=home.organisations_to_verify(uow, limit=_WAITING_SHOWN),
        to_review=home.demands_to_review(uow, actor, limit=_WAITING_SHOWN),
        figures=home.figures(uow),
        contracts=contract.totals(uow),
        clusters=_bars(plan, home.clusters(uow)),
    )


def _administrator(uow: UnitOfWork, actor: Actor, _plan: Plan) -> AdministratorHomePage:
    return AdministratorHomePage(
        todo=todo_items(uow, actor),
        index=home.index_status(uow),
        users=home.users_by_role(uow),
        figures=home.figures(uow),
    )


def _blocks(
    uow: UnitOfWork, actor: Actor, noun: str, records: tuple[OwnRecord, ...]
) -> tuple[OwnBlock, ...]:
    """The records that are matched, each with its best suggestions."""
    published = [record for record in records if record.state in MATCHED_STATES[noun]]
    best = match.best_of_own(
        uow, actor, [record.id for record in published], noun, each=_SUGGESTIONS_EACH
    )
    return tuple(OwnBlock(record=record, suggestions=best[record.id]) for record in published)


def _waiting(records: tuple[OwnRecord, ...]) -> tuple[OwnRecord, ...]:
    """What its owner should do something about, and what others are looking at."""
    return tuple(
        record for record in records if record.state not in _AT_REST or record.expires_soon
    )


def _bars(plan: Plan, figures: Mapping[str, ClusterFigures]) -> tuple[ClusterBar, ...]:
    """Every cluster of the plan with its bars, empty ones included: a gap is worth seeing."""
    counted = [(cluster, figures.get(cluster.code, ClusterFigures())) for cluster in plan.clusters]
    longest = max((max(one.demands, one.outcomes) for _cluster, one in counted), default=0) or 1
    return tuple(
        ClusterBar(
            code=cluster.code,
            label=cluster.text(locale()),
            demands=one.demands,
            outcomes=one.outcomes,
            demand_length=round(100 * one.demands / longest),
            outcome_length=round(100 * one.outcomes / longest),
        )
        for cluster, one in counted
    )
