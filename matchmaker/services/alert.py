"""Telling a company once of every usable outcome that turns up for its demand."""

from __future__ import annotations

import secrets
from collections import defaultdict
from typing import Final

from sqlalchemy import exists, insert, select

from matchmaker.domain.permissions import SYSTEM, Actor, require
from matchmaker.services import alert_mail, audit
from matchmaker.services.notification import notify
from matchmaker.store.database import UnitOfWork
from matchmaker.store.demand import Demand
from matchmaker.store.match import Match
from matchmaker.store.next_step import Alert, AlertSent
from matchmaker.store.outcome import Outcome
from matchmaker.store.queries.visibility import matched

USABLE: Final = 2


def switch(uow: UnitOfWork, actor: Actor, demand: Demand, *, on: bool) -> None:
    """Switch the alert of a demand on, to be mailed to the actor, or off.

    What is suggested already when it is switched on is known and not mailed.
    """
    require(actor, "alert", "switch", demand)
    alert = uow.session.get(Alert, demand.id, with_for_update=True)
    if alert is None:
        if not on:
            return
        alert = Alert(demand_id=demand.id, token=secrets.token_urlsafe(18))
        uow.session.add(alert)
    alert.active, alert.changed_at = on, uow.now
    if on:
        alert.user_id = actor.user_id or 0
        known = [outcome for _, outcome, _ in _due(uow, demand.id)]
        _mark(uow, [(demand.id, outcome) for outcome in known])
    audit.record(uow, actor, "demand", demand.id, "alert_on" if on else "alert_off")


def switch_off(uow: UnitOfWork, token: str) -> bool:
    """Switch off by the link of a mail; false when there is no such alert."""
    alert = uow.session.scalars(
        select(Alert).where(Alert.token == token).with_for_update()
    ).one_or_none()
    if alert is None:
        return False
    if alert.active:
        alert.active, alert.changed_at = False, uow.now
        audit.record(uow, SYSTEM, "demand", alert.demand_id, "alert_off")
    return True


def title_of(uow: UnitOfWork, token: str) -> str | None:
    """The title of the demand that a mail's link belongs to."""
    statement = select(Demand.title).join(Alert, Alert.demand_id == Demand.id)
    return uow.session.scalar(statement.where(Alert.token == token))


def is_on(uow: UnitOfWork, demand_id: int) -> bool:
    """Whether somebody is told."""
    alert = uow.session.get(Alert, demand_id)
    return alert is not None and alert.active


def send_due(uow: UnitOfWork, base_url: str) -> int:
    """Queue one mail for each demand with news, and note what was told; returns how many.

    Alerts are locked, so that of two processes one finds nothing left to tell.
    """
    require(SYSTEM, "alert", "send")
    alerts = uow.session.scalars(
        select(Alert).where(Alert.active).order_by(Alert.demand_id).with_for_update()
    ).all()
    if not alerts:
        return 0
    news: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for demand, outcome, title in _due(uow):
        news[demand].append((outcome, title))
    told = [alert for alert in alerts if alert.demand_id in news]
    demands = {
        one.id: one
        for one in uow.session.scalars(
            select(Demand).where(Demand.id.in_([alert.demand_id for alert in told]))
        )
    }
    sent = 0
    for alert in told:
        found = news[alert.demand_id]
        _mark(uow, [(alert.demand_id, outcome) for outcome, _ in found])
        sent += notify(
            uow,
            kind="match_found",
            readers=[alert.user_id],
            noun="demand",
            record=demands[alert.demand_id],
            values={
                "outcomes": alert_mail.named([title for _, title in found]),
                "off": f"{base_url}/next-steps/alerts/{alert.token}",
            },
            base_url=base_url,
        )
    return sent


def _due(uow: UnitOfWork, demand_id: int | None = None) -> list[tuple[int, int, str]]:
    """Demand, outcome and its title of every usable open pair that nobody was told of."""
    told = exists().where(
        AlertSent.demand_id == Match.demand_id, AlertSent.outcome_id == Match.outcome_id
    )
    statement = (
        select(Match.demand_id, Match.outcome_id, Outcome.title)
        .join(Outcome, Match.outcome_id == Outcome.id)
        .join(Demand, Match.demand_id == Demand.id)
        .where(Match.current, Match.level >= USABLE, Match.state == "suggested", ~told)
        .where(matched("demand"), matched("outcome"))
        .order_by(Match.demand_id, Match.rank)
    )
    if demand_id is None:
        active = select(Alert.demand_id).where(Alert.active)
        statement = statement.where(Match.demand_id.in_(active))
    else:
        statement = statement.where(Match.demand_id == demand_id)
    return [(demand, outcome, title) for demand, outcome, title in uow.session.execute(statement)]


def _mark(uow: UnitOfWork, pairs: list[tuple[int, int]]) -> None:
    if pairs:
        uow.session.flush()
        uow.session.execute(
            insert(AlertSent),
            [
                {"demand_id": demand, "outcome_id": outcome, "sent_at": uow.now}
                for demand, outcome in pairs
            ],
        )
