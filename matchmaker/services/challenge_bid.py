"""Bids: written, submitted and taken back while the call is open, by its server's clock."""

from __future__ import annotations

from dataclasses import asdict

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from matchmaker.domain.challenge import TEXT_LENGTH, BidFields, state_at, takes_report
from matchmaker.domain.errors import Conflict, NotAllowed, NotFound, WrongState
from matchmaker.domain.permissions import Actor, may, require
from matchmaker.services import audit, challenge_notice
from matchmaker.services.clean_text import clean
from matchmaker.services.transition import transition
from matchmaker.store.challenge import Challenge, ChallengeBid, ChallengeDemand
from matchmaker.store.database import UnitOfWork
from matchmaker.store.demand import Demand


def begin(uow: UnitOfWork, actor: Actor, challenge: Challenge) -> ChallengeBid:
    """The actor's bid for a call: the one that is there, or a new draft."""
    require(actor, "challenge_bid", "create")
    found = own(uow, actor, challenge)
    if found is not None:
        return found
    if not actor.verified or actor.organisation_id is None:
        msg = "Only people of a verified organisation may bid."
        raise NotAllowed(msg, noun="challenge_bid", action="create")
    require_open(uow, challenge, "create")
    demanding = select(Demand.organisation_id).join(
        ChallengeDemand, ChallengeDemand.demand_id == Demand.id
    )
    if actor.organisation_id in uow.session.scalars(
        demanding.where(ChallengeDemand.challenge_id == challenge.id)
    ):
        msg = "Your own organisation demands this."
        raise NotAllowed(msg, noun="challenge_bid", action="create")
    made = ChallengeBid(
        challenge_id=challenge.id,
        organisation_id=actor.organisation_id,
        author_id=actor.user_id,
        state="draft",
        team=[],
        created_at=uow.now,
    )
    made.challenge = challenge
    uow.session.add(made)
    uow.flush()
    audit.record(
        uow, actor, "challenge_bid", made.id, "create", states=(None, "draft"),
        after={"challenge": challenge.id},
    )  # fmt: skip
    return made


def own(uow: UnitOfWork, actor: Actor, challenge: Challenge) -> ChallengeBid | None:
    """The actor's bid for a call, if there is one."""
    return uow.session.scalars(
        select(ChallengeBid)
        .where(ChallengeBid.challenge_id == challenge.id, ChallengeBid.author_id == actor.user_id)
        .options(joinedload(ChallengeBid.challenge))
    ).one_or_none()


def write(
    uow: UnitOfWork,
    actor: Actor,
    *,
    bid_id: str,
    fields: BidFields,
    version: int,
    submit: bool = False,
    base_url: str = "",
) -> ChallengeBid:
    """Keep what is typed, and submit it if wanted; a submitted bid stays one and stays whole.

    No word of a bid goes into the audit.
    """
    bid = load_own(uow, actor, bid_id, lock=True)
    require(actor, "challenge_bid", "edit", bid)
    require_open(uow, bid.challenge, "edit")
    if bid.version != version:
        msg = "This bid was changed meanwhile, perhaps by you in another window."
        raise Conflict(msg, noun="challenge_bid")
    checked = fields.checked(whole=submit or bid.state == "submitted", most=bid.challenge.amount)
    for name in ("plan", "base", "indicators", "effect", "funds"):
        setattr(bid, name, getattr(checked, name))
    bid.team = [asdict(one) for one in checked.team]
    if bid.state == "submitted":
        bid.submitted_at = uow.now
        audit.record(uow, actor, "challenge_bid", bid.id, "edit")
    elif submit:
        bid.submitted_at = uow.now
        transition(uow, actor, "challenge_bid", bid, "submit")
        challenge_notice.tell_bidder(uow, bid.challenge, bid, "received", base_url=base_url)
    else:
        audit.record(uow, actor, "challenge_bid", bid.id, "edit")
    return bid


def act(uow: UnitOfWork, actor: Actor, *, bid_id: str, action: str) -> ChallengeBid:
    """Take a bid back (``withdraw``) or take it up again (``reopen``), while the call is open."""
    bid = load_own(uow, actor, bid_id, lock=True)
    require(actor, "challenge_bid", action, bid)
    require_open(uow, bid.challenge, action)
    transition(uow, actor, "challenge_bid", bid, action)
    return bid


def report(
    uow: UnitOfWork, actor: Actor, *, bid_id: str, text: str, base_url: str = ""
) -> ChallengeBid:
    """Write the midterm report of the bid that won; it may be written anew until it is assessed.

    Where the verdict has conditions, until the end: it tells how they were met.
    """
    bid = load_own(uow, actor, bid_id, lock=True)
    require(actor, "challenge_bid", "report", bid)
    challenge = bid.challenge
    if not takes_report(challenge.state, challenge.midterm_verdict):
        msg = (
            "A report is written once the contract is noted, and until the work goes on as planned."
        )
        raise WrongState(msg, noun="challenge", action="report", state=challenge.state)
    challenge.report = clean("report", text, TEXT_LENGTH, required=True)
    challenge.reported_at = uow.now
    audit.record(uow, actor, "challenge_bid", bid.id, "report")
    challenge_notice.tell_bureau(uow, challenge, "reported", base_url=base_url)
    return bid


def load_own(uow: UnitOfWork, actor: Actor, bid_id: str, *, lock: bool = False) -> ChallengeBid:
    """A bid for its own people; ``NotFound`` for everybody else."""
    bid = load_any(uow, bid_id, lock=lock)
    left = bid.organisation_id != actor.organisation_id
    if left or not may(actor, "challenge_bid", "view", bid):
        msg = "There is no such bid, or none of yours."
        raise NotFound(msg, noun="challenge_bid")
    return bid


def load_any(uow: UnitOfWork, bid_id: str, *, lock: bool = False) -> ChallengeBid:
    """A bid with its challenge; whether somebody may open it is the caller's to ask."""
    statement = (
        select(ChallengeBid)
        .where(ChallengeBid.public_id == bid_id)
        .options(joinedload(ChallengeBid.challenge))
    )
    if lock:
        statement = statement.with_for_update(of=ChallengeBid)
    bid = uow.session.scalars(statement).one_or_none()
    if bid is None:
        msg = "There is no such bid, or none of yours."
        raise NotFound(msg, noun="challenge_bid")
    return bid


def require_open(uow: UnitOfWork, challenge: Challenge, action: str) -> None:
    """Refuse what comes after the deadline, whenever the form was opened."""
    state = state_at(challenge.state, challenge.bids_until, uow.now)
    if state == "published":
        return
    if challenge.bids_until is None or challenge.bids_until > uow.now:
        msg = "This call takes no bids."
        raise WrongState(msg, noun="challenge", action=action, state=state)
    msg = f"Bids were taken until {challenge.bids_until:%Y-%m-%d %H:%M} UTC; this came later."
    raise WrongState(
        msg, noun="challenge", action=action, state=state, closed_at=challenge.bids_until
    )
