"""Challenges: drafted from demands, argued, published, withdrawn by the bureau."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from matchmaker.domain.challenge import (
    MOST_DEMANDS,
    NOTE_LENGTH,
    TEXT_LENGTH,
    ChallengeFields,
    Source,
    check_deadline,
    drawn_from,
    fits,
    state_at,
)
from matchmaker.domain.errors import Conflict, Invalid, NotFound, WrongState
from matchmaker.domain.permissions import SYSTEM, Actor, may, require
from matchmaker.services import audit, challenge_notice, standing
from matchmaker.services.clean_text import clean
from matchmaker.services.record import indicators_of
from matchmaker.services.transition import transition
from matchmaker.store.challenge import Challenge, ChallengeDemand, ChallengeObjection
from matchmaker.store.database import UnitOfWork
from matchmaker.store.demand import Demand
from matchmaker.store.next_step import NextStep
from matchmaker.store.queries.challenge import known
from matchmaker.store.queries.visibility import seen

_ARGUED_BY_LENGTH: Final = 500
# Proposals by which a firm has said itself that its demand may become a challenge.
_PROPOSED: Final = frozenset({"open", "accepted"})


def sources(uow: UnitOfWork, actor: Actor, demand_ids: Sequence[str]) -> list[Demand]:
    """The demands that a challenge can be made of, in the order asked for.

    Left out are those that the actor may not see, that are not published, or are directed: what
    was meant for chosen institutions does not become an open call.
    """
    wanted = list(dict.fromkeys(demand_ids))[:MOST_DEMANDS]
    found = uow.session.scalars(
        select(Demand)
        .where(Demand.public_id.in_(wanted), seen(actor, "demand"))
        .options(joinedload(Demand.organisation))
    ).all()
    by_id = {one.public_id: one for one in found if fits(one.state, one.disclosure)}
    return [by_id[one] for one in wanted if one in by_id]


def first_text(demands: Sequence[Demand]) -> ChallengeFields:
    """A first text from the public tiers of demands."""
    return drawn_from(
        [
            Source(
                title=one.title,
                problem=one.problem,
                target=one.target,
                indicators=tuple(indicator.text for indicator in indicators_of(one)),
                chains=tuple(chain.chain_code for chain in one.chains),
                budget=one.budget_max,
                months=one.period_months,
            )
            for one in demands
        ]
    )


def create(
    uow: UnitOfWork,
    actor: Actor,
    fields: ChallengeFields,
    *,
    demand_ids: Sequence[str] = (),
    base_url: str = "",
) -> Challenge:
    """Draft a challenge; the firms of its demands are asked for their consent."""
    require(actor, "challenge", "create")
    made = Challenge(
        **_stored(fields.checked()),
        organisation_id=actor.organisation_id,
        author_id=actor.user_id or 0,
        state="draft",
        created_at=uow.now,
    )
    uow.session.add(made)
    uow.flush()
    audit.record(
        uow, actor, "challenge", made.id, "create", states=(None, "draft"),
        after={"title": made.title},
    )  # fmt: skip
    _link(uow, actor, made, sources(uow, actor, demand_ids), base_url)
    return made


def edit(
    uow: UnitOfWork, actor: Actor, *, challenge_id: str, fields: ChallengeFields, version: int
) -> Challenge:
    """Change a challenge that is not published yet; what was argued before is argued anew."""
    challenge = load(uow, actor, challenge_id, lock=True)
    require(actor, "challenge", "edit", challenge)
    require_version(challenge, version)
    values = _stored(fields.checked())
    changed = [name for name, value in values.items() if getattr(challenge, name) != value]
    for name in changed:
        setattr(challenge, name, values[name])
    if changed:
        noted: dict[str, object] = {"changed": ", ".join(changed)}
        transition(uow, actor, "challenge", challenge, "edit", noted=noted)
    return challenge


def require_version(challenge: Challenge, version: int) -> None:
    """Refuse to overwrite what somebody else has changed meanwhile."""
    if challenge.version != version:
        msg = "Somebody else has changed this challenge meanwhile."
        raise Conflict(msg, noun="challenge")


def argue(
    uow: UnitOfWork, actor: Actor, *, challenge_id: str, opinion: str, argued_by: str
) -> Challenge:
    """Record what experts argued about the call before it goes out."""
    challenge = load(uow, actor, challenge_id, lock=True)
    challenge.opinion = clean("opinion", opinion, TEXT_LENGTH, required=True)
    challenge.argued_by = clean(
        "argued_by", argued_by, _ARGUED_BY_LENGTH, required=True, single_line=True
    )
    challenge.argued_at = uow.now
    transition(uow, actor, "challenge", challenge, "argue")
    return challenge


def publish(
    uow: UnitOfWork, actor: Actor, *, challenge_id: str, bids_until: datetime, base_url: str = ""
) -> Challenge:
    """Open the call until a time; its demands stand in it from now on."""
    challenge = load(uow, actor, challenge_id, lock=True)
    require(actor, "challenge", "publish", challenge)
    check_deadline(uow.now, bids_until)
    links = links_of(uow, challenge)
    if any(one.state != "given" for one in links):
        msg = "Every firm must consent before the call is published; leave the others out."
        raise Invalid(msg, {"consent": "no_consent"})
    if not all(fits(one.demand.state, one.demand.disclosure) for one in links):
        msg = "A demand of this call is no longer published, or directed by now; leave it out."
        raise Invalid(msg, {"consent": "not_published"})
    challenge.published_at, challenge.bids_until = uow.now, bids_until
    noted: dict[str, object] = {"bids_until": bids_until.isoformat(timespec="minutes")}
    transition(uow, actor, "challenge", challenge, "publish", noted=noted)
    lead_demands(uow, challenge, "challenge")
    challenge_notice.tell_firms(uow, challenge, "published", base_url=base_url)
    return challenge


def extend(
    uow: UnitOfWork, actor: Actor, *, challenge_id: str, bids_until: datetime, base_url: str = ""
) -> Challenge:
    """Give bidders more time, while there is some."""
    challenge = load(uow, actor, challenge_id, lock=True)
    require(actor, "challenge", "extend", challenge)
    if state_at(challenge.state, challenge.bids_until, uow.now) != "published":
        msg = "The deadline is over: this call is closed."
        raise WrongState(msg, noun="challenge", action="extend", state="closed")
    check_deadline(uow.now, bids_until)
    if challenge.bids_until is not None and bids_until <= challenge.bids_until:
        msg = "A deadline can only be put off."
        raise Invalid(msg, {"bids_until": "too_soon"})
    before, challenge.bids_until = challenge.bids_until, bids_until
    challenge.reminded_at = None
    audit.record(
        uow, actor, "challenge", challenge.id, "extend",
        before={"bids_until": str(before)}, after={"bids_until": str(bids_until)},
    )  # fmt: skip
    challenge_notice.tell_bidders(uow, challenge, "extended", base_url=base_url)
    return challenge


def withdraw(
    uow: UnitOfWork, actor: Actor, *, challenge_id: str, reason: str, base_url: str = ""
) -> Challenge:
    """Take the call back with a reason; its demands are open to matching again."""
    challenge = load(uow, actor, challenge_id, lock=True)
    require(actor, "challenge", "withdraw", challenge)
    end(uow, actor, challenge, "withdraw", reason)
    if challenge.published_at is not None:
        challenge_notice.tell_bidders(uow, challenge, challenge.state, base_url=base_url)
        challenge_notice.tell_firms(uow, challenge, challenge.state, base_url=base_url)
    return challenge


def end(uow: UnitOfWork, actor: Actor, challenge: Challenge, action: str, reason: str) -> None:
    """Bring a challenge to an end, for a reason; the demands that went out with it follow."""
    require_answered(uow, challenge, action)
    challenge.end_note = clean("reason", reason, NOTE_LENGTH, required=True)
    challenge.ended_at = uow.now
    transition(uow, actor, "challenge", challenge, action, noted={"reason": challenge.end_note})
    if challenge.published_at is not None:
        lead_demands(uow, challenge, "answer" if action == "accept" else "relist")


def require_answered(uow: UnitOfWork, challenge: Challenge, action: str) -> None:
    """Refuse a step that would leave an objection without its written answer."""
    waiting = select(ChallengeObjection.id).where(
        ChallengeObjection.challenge_id == challenge.id, ChallengeObjection.state == "open"
    )
    if uow.session.scalar(waiting.limit(1)) is not None:
        msg = "An objection waits for its answer."
        raise WrongState(msg, noun="challenge", action=action, state=challenge.state)


def lead_demands(uow: UnitOfWork, challenge: Challenge, action: str) -> None:
    """Let the demands of a challenge follow it."""
    for link in links_of(uow, challenge, lock=True):
        demand = link.demand
        if link.state == "given" and may(SYSTEM, "demand", action, demand):
            if action == "relist" and demand.state != "challenge":
                continue
            before = demand.state
            transition(uow, SYSTEM, "demand", demand, action, noted={"challenge": challenge.id})
            demand.updated_at = uow.now
            uow.flush()
            standing.follow(uow, "demand", demand, before)
            standing.settle_record(uow, "demand", demand)


def drop(uow: UnitOfWork, actor: Actor, *, challenge_id: str, link_id: str) -> None:
    """Leave a demand out of a call that is not published; its words must be taken out by hand."""
    challenge = load(uow, actor, challenge_id, lock=True)
    require(actor, "challenge", "edit", challenge)
    link = _link_of(uow, link_id)
    if link.challenge_id != challenge.id:
        msg = "This demand does not belong to the call."
        raise NotFound(msg, noun="challenge_demand")
    transition(uow, actor, "challenge", challenge, "edit", noted={"left_out": link.demand_id})
    uow.session.delete(link)
    uow.flush()


def answer(
    uow: UnitOfWork, actor: Actor, *, link_id: str, consents: bool, base_url: str = ""
) -> ChallengeDemand:
    """Say for a firm whether its demand's public words may become the call's."""
    link = load_consent(uow, actor, link_id)
    if link.challenge.state not in ("draft", "argued"):
        msg = "This call is published already; ask the bureau."
        raise WrongState(msg, noun="challenge_demand", action="consent", state=link.challenge.state)
    link.answered_by, link.answered_at = actor.user_id, uow.now
    transition(uow, actor, "challenge_demand", link, "consent" if consents else "refuse")
    challenge_notice.tell_bureau(uow, link.challenge, "answered", base_url=base_url)
    return link


def load(uow: UnitOfWork, actor: Actor, challenge_id: str, *, lock: bool = False) -> Challenge:
    """The challenge for whom may know of it: everybody once it was published, else the bureau."""
    statement = select(Challenge).where(Challenge.public_id == challenge_id, known(actor))
    if lock:
        statement = statement.with_for_update()
    found = uow.session.scalars(statement).one_or_none()
    if found is None:
        msg = "There is no such challenge, or none that you may see."
        raise NotFound(msg, noun="challenge")
    return found


def load_consent(uow: UnitOfWork, actor: Actor, link_id: str) -> ChallengeDemand:
    """A firm's own consent with its call; ``NotFound`` for everybody else."""
    link = _link_of(uow, link_id)
    if not may(actor, "challenge_demand", "view", link):
        msg = "There is no such request, or none of yours."
        raise NotFound(msg, noun="challenge_demand")
    return link


def links_of(uow: UnitOfWork, challenge: Challenge, *, lock: bool = False) -> list[ChallengeDemand]:
    """The demands of a challenge with their firms, oldest first."""
    statement = (
        select(ChallengeDemand)
        .where(ChallengeDemand.challenge_id == challenge.id)
        .options(joinedload(ChallengeDemand.demand).joinedload(Demand.organisation))
        .order_by(ChallengeDemand.id)
    )
    if lock:
        statement = statement.with_for_update(of=ChallengeDemand)
    return list(uow.session.scalars(statement))


def _link(
    uow: UnitOfWork, actor: Actor, challenge: Challenge, demands: Collection[Demand], base_url: str
) -> None:
    """Say of which demands a challenge is made; a firm that proposed its own has consented."""
    steps = uow.session.scalars(
        select(NextStep)
        .where(
            NextStep.demand_id.in_([one.id for one in demands]),
            NextStep.kind == "challenge",
            NextStep.state.in_(_PROPOSED),
        )
        .order_by(NextStep.id)
    )
    proposed = {one.demand_id: one for one in steps}
    asked = []
    for demand in demands:
        step = proposed.get(demand.id)
        link = ChallengeDemand(
            challenge_id=challenge.id,
            demand_id=demand.id,
            state="given" if step else "asked",
            asked_at=uow.now,
            answered_by=step.asked_by if step else None,
            answered_at=step.asked_at if step else None,
        )
        uow.session.add(link)
        uow.flush()
        audit.record(
            uow, actor, "challenge_demand", link.id, "ask", states=(None, link.state),
            after={"challenge": challenge.id, "demand": demand.id},
        )  # fmt: skip
        if step is None:
            asked.append((link, demand))
    challenge_notice.ask_firms(uow, asked, base_url=base_url)


def _link_of(uow: UnitOfWork, link_id: str) -> ChallengeDemand:
    found = uow.session.scalars(
        select(ChallengeDemand)
        .where(ChallengeDemand.public_id == link_id)
        .options(
            joinedload(ChallengeDemand.challenge),
            joinedload(ChallengeDemand.demand).joinedload(Demand.organisation),
        )
    ).one_or_none()
    if found is None:
        msg = "There is no such request, or none of yours."
        raise NotFound(msg, noun="challenge_demand")
    return found


def _stored(fields: ChallengeFields) -> dict[str, object]:
    return {**asdict(fields), "chains": list(fields.chains)}
