"""From the scores to the end: publicity, objections, award, midterm, acceptance."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from sqlalchemy import select

from matchmaker.domain.challenge import NOTE_LENGTH, exceeds, may_decide
from matchmaker.domain.challenge_vocabulary import MIDTERM_VERDICTS
from matchmaker.domain.errors import Invalid, NotAllowed, NotFound, WrongState
from matchmaker.domain.permissions import Actor, require
from matchmaker.domain.record import MONEY_HIGHEST
from matchmaker.domain.working_days import WorkingDays
from matchmaker.services import audit, challenge_notice
from matchmaker.services.challenge import end, require_answered, require_version
from matchmaker.services.challenge import load as load_challenge
from matchmaker.services.challenge_bid import load_any
from matchmaker.services.challenge_score import enough
from matchmaker.services.clean_text import clean
from matchmaker.services.transition import transition
from matchmaker.store.challenge import Challenge, ChallengeBid, ChallengeObjection
from matchmaker.store.database import UnitOfWork
from matchmaker.store.queries import challenge_judging as query

_NUMBER_LENGTH: Final = 60
# Why a contract is corrected stands in the audit alone, which keeps so much of a value.
_REASON_LENGTH: Final = 200


def announce(
    uow: UnitOfWork,
    actor: Actor,
    *,
    challenge_id: str,
    calendar: WorkingDays,
    base_url: str = "",
) -> Challenge:
    """End scoring, open the scores, and announce the best bid for the days of publicity.

    The ranking alone says which bid it is. After an upheld objection the next one is announced,
    for as many days again.
    """
    challenge = load_challenge(uow, actor, challenge_id, lock=True)
    require(actor, "challenge", "announce", challenge)
    if challenge.state == "publicity" and proposed(uow, challenge) is not None:
        msg = "What is announced stands: another bid is announced when this one is barred."
        raise WrongState(msg, noun="challenge", action="announce", state=challenge.state)
    if challenge.state == "scoring" and not enough(uow, challenge):
        msg = "Some bid lacks scores."
        raise Invalid(msg, {"scores": "too_few"})
    standing = {bid.id: bid for bid in _bids(uow, challenge, "submitted")}
    best = next((one for one in query.standings(uow, challenge) if one.bid_id in standing), None)
    if best is None:
        msg = "No bid is left that could be announced."
        raise Invalid(msg, {"scores": "no_bids"})
    bid = standing[best.bid_id]
    bid.proposed_at = challenge.announced_at = uow.now
    challenge.publicity_until = calendar.due(uow.now, challenge.publicity_days)
    transition(uow, actor, "challenge", challenge, "announce", noted={"bid": bid.id})
    challenge_notice.tell_bidders(
        uow, challenge, "publicity", base_url=base_url, states={"submitted", "barred"}
    )
    challenge_notice.tell_firms(uow, challenge, "publicity", base_url=base_url)
    return challenge


def proposed(uow: UnitOfWork, challenge: Challenge) -> ChallengeBid | None:
    """The bid that is announced and not barred."""
    return uow.session.scalars(
        select(ChallengeBid)
        .where(
            ChallengeBid.challenge_id == challenge.id,
            ChallengeBid.proposed_at.is_not(None),
            ChallengeBid.state != "barred",
        )
        .order_by(ChallengeBid.proposed_at.desc())
        .limit(1)
    ).one_or_none()


def object_to(
    uow: UnitOfWork, actor: Actor, *, challenge_id: str, reason: str, base_url: str = ""
) -> ChallengeObjection:
    """Object, for a reason, to the bid that is announced, while publicity lasts."""
    challenge = load_challenge(uow, actor, challenge_id, lock=True)
    require(actor, "challenge_objection", "raise")
    bid = proposed(uow, challenge) if challenge.state == "publicity" else None
    over = challenge.publicity_until is None or challenge.publicity_until <= uow.now
    if bid is not None and bid.organisation_id == actor.organisation_id:
        msg = "Nobody objects to a bid of their own organisation."
        raise NotAllowed(msg, noun="challenge_objection", action="raise")
    if bid is None or over:
        msg = "Objections are taken while a bid is announced, until publicity ends."
        raise WrongState(msg, noun="challenge", action="raise", state=challenge.state)
    made = ChallengeObjection(
        challenge_id=challenge.id,
        bid_id=bid.id,
        author_id=actor.user_id or 0,
        reason=clean("reason", reason, NOTE_LENGTH, required=True),
        raised_at=uow.now,
        state="open",
    )
    uow.session.add(made)
    uow.flush()
    audit.record(
        uow, actor, "challenge_objection", made.id, "raise", states=(None, "open"),
        after={"challenge": challenge.id},
    )  # fmt: skip
    challenge_notice.tell_bureau(uow, challenge, "objected", base_url=base_url)
    return made


def decide(
    uow: UnitOfWork,
    actor: Actor,
    *,
    objection_id: str,
    upholds: bool,
    answer: str,
    base_url: str = "",
) -> ChallengeObjection:
    """Answer an objection in writing; where it is upheld, the bid takes no further part.

    Whoever raised it leaves the answer to another officer.
    """
    found = uow.session.scalars(
        select(ChallengeObjection)
        .where(ChallengeObjection.public_id == objection_id)
        .with_for_update()
    ).one_or_none()
    if found is None:
        msg = "There is no such objection."
        raise NotFound(msg, noun="challenge_objection")
    challenge = uow.session.get_one(Challenge, found.challenge_id)
    action = "uphold" if upholds else "dismiss"
    require(actor, "challenge_objection", action, found)
    if not may_decide(actor, found):
        msg = "Nobody decides an objection of their own: another officer answers it."
        raise NotAllowed(msg, noun="challenge_objection", action=action)
    found.answer = clean("answer", answer, NOTE_LENGTH, required=True)
    found.decided_by, found.decided_at = actor.user_id, uow.now
    transition(uow, actor, "challenge_objection", found, action)
    uow.flush()
    bid = uow.session.get_one(ChallengeBid, found.bid_id)
    if upholds and challenge.state == "publicity" and bid.state == "submitted":
        _bar(uow, actor, challenge, bid, found.answer, base_url)
    challenge_notice.tell_one(
        uow, challenge, found.author_id, "decided", base_url=base_url, answer=found.answer
    )
    return found


def bar(
    uow: UnitOfWork, actor: Actor, *, bid_id: str, reason: str, base_url: str = ""
) -> ChallengeBid:
    """Bar a bid that is not eligible, with a reason; not once scores are open."""
    bid = load_any(uow, bid_id, lock=True)
    require(actor, "challenge", "open_bids", bid.challenge)
    if bid.challenge.state not in ("closed", "scoring"):
        msg = "Once scores are open, a bid is barred by an upheld objection alone."
        raise WrongState(msg, noun="challenge", action="bar", state=bid.challenge.state)
    text = clean("reason", reason, NOTE_LENGTH, required=True)
    _bar(uow, actor, bid.challenge, bid, text, base_url)
    return bid


def award(
    uow: UnitOfWork,
    actor: Actor,
    *,
    challenge_id: str,
    number: str,
    amount: Decimal | None,
    base_url: str = "",
) -> Challenge:
    """Note the contract with the bid that stood through publicity; the others are told."""
    challenge = load_challenge(uow, actor, challenge_id, lock=True)
    require(actor, "challenge", "award", challenge)
    bid = proposed(uow, challenge)
    if bid is None:
        msg = "No bid is announced."
        raise Invalid(msg, {"award": "no_bids"})
    if challenge.publicity_until is None or challenge.publicity_until > uow.now:
        msg = "Publicity has not ended yet."
        raise WrongState(msg, noun="challenge", action="award", state=challenge.state)
    require_answered(uow, challenge, "award")
    _note_contract(challenge, number, amount)
    challenge.awarded_at = uow.now
    noted: dict[str, object] = {"bid": bid.id, "amount": str(amount)}
    transition(uow, actor, "challenge", challenge, "award", noted=noted)
    for other in _bids(uow, challenge, "submitted"):
        won = other.id == bid.id
        transition(uow, actor, "challenge_bid", other, "award" if won else "decline")
        uow.flush()
        what = "awarded" if won else "declined"
        challenge_notice.tell_bidder(uow, challenge, other, what, base_url=base_url)
    challenge_notice.tell_firms(uow, challenge, "contracted", base_url=base_url)
    return challenge


def correct(  # noqa: PLR0913 - what is corrected, why, and in which version
    uow: UnitOfWork,
    actor: Actor,
    *,
    challenge_id: str,
    number: str,
    amount: Decimal | None,
    reason: str,
    version: int,
    base_url: str = "",
) -> Challenge:
    """Correct number and amount of the contract while the work goes on, for a reason.

    What stood there before is in the audit; the winner and the firms are told.
    """
    challenge = load_challenge(uow, actor, challenge_id, lock=True)
    require(actor, "challenge", "correct", challenge)
    require_version(challenge, version)
    before = _contract_of(challenge)
    _note_contract(challenge, number, amount)
    after = _contract_of(challenge)
    if after == before:
        msg = "Nothing was changed."
        raise Invalid(msg, {"amount": "nothing_changed"})
    why = clean("reason", reason, _REASON_LENGTH, required=True)
    audit.record(
        uow, actor, "challenge", challenge.id, "correct",
        before=before, after={**after, "reason": why},
    )  # fmt: skip
    challenge_notice.tell_bidders(
        uow, challenge, "corrected", base_url=base_url, states={"awarded"}, answer=why
    )
    challenge_notice.tell_firms(uow, challenge, "corrected", base_url=base_url, answer=why)
    return challenge


def assess(
    uow: UnitOfWork,
    actor: Actor,
    *,
    challenge_id: str,
    verdict: str,
    note: str,
    base_url: str = "",
) -> Challenge:
    """Say midway whether the work goes on, once its report is there."""
    challenge = load_challenge(uow, actor, challenge_id, lock=True)
    require(actor, "challenge", "assess", challenge)
    if verdict not in MIDTERM_VERDICTS:
        msg = "Choose a verdict."
        raise Invalid(msg, {"verdict": "unknown"})
    if not challenge.report:
        msg = "The winner has not reported yet."
        raise Invalid(msg, {"verdict": "no_report"})
    challenge.midterm_verdict, challenge.assessed_at = verdict, uow.now
    challenge.midterm_note = clean("note", note, NOTE_LENGTH, required=verdict == "conditional")
    transition(uow, actor, "challenge", challenge, "assess", noted={"verdict": verdict})
    challenge_notice.tell_bidders(uow, challenge, "assessed", base_url=base_url, states={"awarded"})
    return challenge


def conclude(
    uow: UnitOfWork,
    actor: Actor,
    *,
    challenge_id: str,
    action: str,
    reason: str,
    base_url: str = "",
) -> Challenge:
    """End a challenge: ``accept`` or ``refuse`` the work, or ``fail`` for want of a bid."""
    challenge = load_challenge(uow, actor, challenge_id, lock=True)
    require(actor, "challenge", action, challenge)
    if action == "fail" and _bids(uow, challenge, "submitted"):
        msg = "A bid still stands: bar it with a reason, or withdraw the call."
        raise Invalid(msg, {"reason": "bids_stand"})
    end(uow, actor, challenge, action, reason)
    states = {"awarded"} if action != "fail" else {"barred"}
    challenge_notice.tell_bidders(uow, challenge, challenge.state, base_url=base_url, states=states)
    challenge_notice.tell_firms(uow, challenge, challenge.state, base_url=base_url)
    return challenge


def _note_contract(challenge: Challenge, number: str, amount: Decimal | None) -> None:
    if amount is None or not 0 < amount <= MONEY_HIGHEST:
        msg = "Name the contract's amount."
        raise Invalid(msg, {"amount": "missing" if amount is None else "no_amount"})
    if exceeds(amount, challenge.amount):
        msg = "The contract's amount is more than the call's funds."
        raise Invalid(msg, {"amount": "above_call"})
    challenge.contract_number = clean(
        "number", number, _NUMBER_LENGTH, required=True, single_line=True
    )
    challenge.contract_amount = amount


def _contract_of(challenge: Challenge) -> dict[str, object]:
    amount = (challenge.contract_amount or Decimal(0)).normalize()  # 260.0 is no other than 260
    return {"number": challenge.contract_number, "amount": f"{amount:f}"}


def _bar(
    uow: UnitOfWork,
    actor: Actor,
    challenge: Challenge,
    bid: ChallengeBid,
    reason: str,
    base_url: str,
) -> None:
    bid.state_note = reason
    transition(uow, actor, "challenge_bid", bid, "bar", noted={"reason": reason})
    uow.flush()
    challenge_notice.tell_bidder(uow, challenge, bid, "barred", base_url=base_url, answer=reason)


def _bids(uow: UnitOfWork, challenge: Challenge, state: str) -> list[ChallengeBid]:
    statement = select(ChallengeBid).where(
        ChallengeBid.challenge_id == challenge.id, ChallengeBid.state == state
    )
    return list(uow.session.scalars(statement.order_by(ChallengeBid.id).with_for_update()))
