"""Putting an engagement's pages together from queries: nothing is decided here."""

from __future__ import annotations

from datetime import datetime

from flask import url_for

from matchmaker.domain.contract import WORKED_ON_IN
from matchmaker.domain.engagement import (
    CLOSED,
    GROUPS,
    STAGES,
    STEPS,
    Facts,
    due_on,
    missing,
    skipped,
)
from matchmaker.domain.permissions import Actor, available_actions
from matchmaker.domain.visibility import may_contact, may_see
from matchmaker.domain.vocabulary import REASONS
from matchmaker.domain.working_days import day_of
from matchmaker.services.party import people, side_of
from matchmaker.store.database import UnitOfWork
from matchmaker.store.demand import Demand
from matchmaker.store.engagement import Engagement
from matchmaker.store.outcome import Outcome
from matchmaker.store.queries import contract as contract_query
from matchmaker.store.queries import engagement as query
from matchmaker.store.queries.engagement import EngagementRow
from matchmaker.store.queries.engagement_facts import facts_of
from matchmaker.web.engagement.pages import (
    Card,
    Contact,
    EngagementPage,
    NextStep,
    RecordLink,
    Stage,
    TimelineItem,
)
from matchmaker.web.engagement.problems import Filled
from matchmaker.web.engagement.wording import lacking, next_text, step_done, step_label
from matchmaker.web.i18n import gettext as _
from matchmaker.web.i18n import locale, term
from matchmaker.web.pages import Numbered
from matchmaker.web.platform import matchmaker

_SIDES = ("company", "institution", "broker")


def card_of(row: EngagementRow, now: datetime, *, opens: bool) -> Card:
    """A row as a card."""
    today = day_of(now)
    over = row.state in CLOSED
    return Card(
        row=row,
        href=url_for("engagement.show", public_id=row.public_id) if opens else "",
        next_text="" if over else next_text(row.state, row.next_action),
        idle_days=(now - row.last_step_at).days,
        overdue=not over and row.next_due is not None and row.next_due < today,
    )


def group_of(row: EngagementRow) -> str:
    """The column of a card; a dormant engagement stays where it was."""
    return GROUPS[row.dormant_from or row.state]


def engagement_page(
    uow: UnitOfWork, actor: Actor, engagement: Engagement, filled: Filled
) -> EngagementPage:
    """An engagement as one of its parties sees it."""
    row = query.card(uow, engagement.id)
    actions = available_actions(actor, "engagement", engagement)
    facts = facts_of(uow, engagement.id)
    side = side_of(actor, engagement)
    if side in facts.nda_sides:
        actions = tuple(action for action in actions if action != "accept_nda")
    pages = Numbered.from_request()
    total = query.message_count(uow, engagement.id)
    return EngagementPage(
        card=card_of(row, uow.now, opens=True),
        demand=record_link(actor, "demand", engagement.demand),
        outcome=record_link(actor, "outcome", engagement.outcome),
        side=side,
        stages=_stages(engagement),
        actions=frozenset(actions),
        steps=_next_steps(engagement, actions, facts),
        timeline=tuple(
            TimelineItem(at=step.at, text=step_done(step.action), note=step.note, name=step.name)
            for step in query.steps(uow, engagement.id)
        ),
        contacts=_contacts(uow, engagement, row) if may_contact(actor, engagement) else (),
        confidential=_confidential(actor, engagement, side),
        acceptances=query.acceptances(uow, engagement.id),
        meetings=query.meetings(uow, engagement.id),
        contract=contract_query.card(uow, engagement.id),
        drafts_contract=engagement.state in WORKED_ON_IN,
        messages=query.thread(uow, engagement.id, limit=pages.size, offset=pages.offset),
        reasons=tuple((code, reason.text(locale())) for code, reason in REASONS.items()),
        filled=filled,
        default_due=engagement.next_due
        or due_on(matchmaker().calendar, engagement.state, uow.now)
        or day_of(uow.now),
        **pages.of(total),
    )


def record_link(actor: Actor, noun: str, record: Demand | Outcome) -> RecordLink:
    """A record's title with its address, where the actor may open its page."""
    opens = may_see(actor, noun, record)
    href = url_for(f"{noun}.show", public_id=record.public_id) if opens else ""
    return RecordLink(title=record.title, href=href)


def _next_steps(
    engagement: Engagement, actions: tuple[str, ...], facts: Facts
) -> tuple[NextStep, ...]:
    found = []
    for action in actions:
        if action in STEPS:
            lacks = missing(action, facts)
            jumped = skipped(action, engagement.state)
            found.append(
                NextStep(
                    action=action,
                    label=step_label(action),
                    lacks=lacking(lacks) if lacks else "",
                    skipped=tuple(term(stage, "engagement_state") for stage in jumped),
                )
            )
    return tuple(found)


def _stages(engagement: Engagement) -> tuple[Stage, ...]:
    """The whole way with where the engagement stands; a lost one shows where it ended."""
    present = engagement.dormant_from or engagement.state
    if present not in STAGES:
        return ()
    here = STAGES.index(present)
    return tuple(
        Stage(
            label=term(stage, "engagement_state"),
            place="passed" if place < here else ("present" if place == here else "to_come"),
        )
        for place, stage in enumerate(STAGES)
    )


def _confidential(actor: Actor, engagement: Engagement, side: str) -> tuple[RecordLink, ...]:
    """Where a side opens its own confidential part, and where it reads or asks for the other's."""
    if side == "broker":
        return ()
    ours, theirs = _("Your confidential part"), _("Their confidential part")
    of_demand, of_outcome = (ours, theirs) if side == "company" else (theirs, ours)
    return tuple(
        RecordLink(
            title=label,
            href=url_for("disclosure.show", noun=noun, public_id=record.public_id),
        )
        for label, noun, record in (
            (of_demand, "demand", engagement.demand),
            (of_outcome, "outcome", engagement.outcome),
        )
        if may_see(actor, noun, record)
    )


def _contacts(uow: UnitOfWork, engagement: Engagement, row: EngagementRow) -> tuple[Contact, ...]:
    authors = {
        "company": engagement.demand.author_id,
        "institution": engagement.outcome.author_id,
    }
    names = {"company": row.company_name, "institution": row.institution_name}
    return tuple(
        Contact(
            side=side,
            organisation=names.get(side, ""),
            name=person.name,
            email=person.email,
            phone=person.phone,
        )
        for side in _SIDES
        for person in people(uow, engagement.parties, side, authors.get(side))
    )
