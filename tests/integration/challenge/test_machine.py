"""Whatever people try, in whatever order and at whatever hour: a challenge keeps its rules.

What may happen is written down here a second time, without the permission table: by the hour, by
what stands in each bid, and by who has scored what.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from matchmaker.bootstrap import Matchmaker
from matchmaker.domain.challenge import BidFields, ChallengeFields, Member
from matchmaker.domain.errors import DomainError, NotFound
from matchmaker.domain.permissions import Actor, may
from matchmaker.services import (
    challenge,
    challenge_bid,
    challenge_clock,
    challenge_decision,
    challenge_score,
)
from matchmaker.services.account import actor_of
from matchmaker.store.challenge import Challenge, ChallengeBid, ChallengeDemand, ChallengeObjection
from matchmaker.store.database import UnitOfWork
from matchmaker.store.demand import Demand
from matchmaker.store.organisation import User
from tests import builders
from tests.conftest import Clock

WHO = st.integers(0, 1)
_PLACES = ("firm", "bureau", "bidder 0", "bidder 1", "expert 0", "expert 1")
_ROLES = ("company", "bureau", "researcher", "company", "researcher", "broker")
_FIELDS = ChallengeFields(
    title="张榜", problem="难", target="成", indicators="周期≤8 min", conditions="", chains=(),
    amount=None, months=12, scores_needed=2, publicity_days=3, weight_drive=25, weight_base=25,
    weight_technical=25, weight_financial=25,
)  # fmt: skip
_BID = BidFields(
    plan="方案", base="基础", indicators="7 min", effect="产值", funds=Decimal(9),
    team=(Member(name="甲", organisation="某所", part="工艺"),),
)  # fmt: skip
_OF_DEMAND = {"accepted": "resolved", "failed": "published", "withdrawn": "published"}


class Life(RuleBasedStateMachine):
    """One published call, two who bid, two who score, and the bureau, all at the wrong time too."""

    def __init__(self, platform: Matchmaker, clock: Clock, reached: set[str]) -> None:
        super().__init__()
        self.reached = reached
        self.platform, self.clock = platform, clock
        self.state, self.bids = "published", ["", ""]
        self.scored: set[tuple[int, int]] = set()  # bid, expert
        self.objected = False
        self.proposed: int | None = None
        self.publicity_until: datetime | None = None
        with platform.database.unit_of_work() as uow:
            people = [builders.user(uow, platform.passwords, role) for role in _ROLES]
            for one in people:
                uow.session.refresh(one, ["organisation"])
            self.people: dict[str, User] = dict(zip(_PLACES, people, strict=True))
            self.actors: dict[str, Actor] = {
                name: actor_of(one) for name, one in self.people.items()
            }
            demand = builders.demand(uow, people[0])
            self.demand_id = demand.id
            officer = self.actors["bureau"]
            made = challenge.create(uow, officer, _FIELDS, demand_ids=[demand.public_id])
            self.call, self.call_id = made.public_id, made.id
            uow.flush()
            link = uow.session.scalars(
                select(ChallengeDemand.public_id).where(ChallengeDemand.challenge_id == made.id)
            ).one()
            challenge.answer(uow, self.actors["firm"], link_id=link, consents=True)
            challenge.argue(uow, officer, challenge_id=self.call, opinion="可", argued_by="甲")
            self.until = clock.now + timedelta(days=2)
            challenge.publish(uow, officer, challenge_id=self.call, bids_until=self.until)
            for number in (0, 1):
                challenge_score.appoint(
                    uow, officer, challenge_id=self.call,
                    user_id=self.people[f"expert {number}"].public_id,
                )  # fmt: skip

    def attempt(self, allowed: bool, step: Callable[[UnitOfWork], Any]) -> None:
        """A step that succeeds exactly when it is allowed."""
        try:
            with self.platform.database.unit_of_work() as uow:
                step(uow)
        except DomainError:
            assert not allowed
        else:
            assert allowed

    def bid_id(self, number: int) -> str:
        with self.platform.reading() as uow:
            found = uow.session.scalars(
                select(ChallengeBid.public_id).where(
                    ChallengeBid.challenge_id == self.call_id,
                    ChallengeBid.author_id == self.people[f"bidder {number}"].id,
                )
            ).one_or_none()
        return found or "none"

    @property
    def open(self) -> bool:
        return self.state == "published" and self.clock.now < self.until

    @initialize(submits=st.tuples(st.booleans(), st.booleans()))
    def begin_bids(self, submits: tuple[bool, bool]) -> None:
        for who, submit in enumerate(submits):
            self.write(who, submit=submit)

    @rule(times=st.integers(1, 4))
    def go_on(self, times: int) -> None:
        """What would come next if nobody tried anything else."""
        for _ in range(times):
            if self.state == "published":
                self.wait_for_the_deadline()
                self.strike()
            elif self.state == "closed":
                self.begin()
            elif self.state == "scoring":
                self.give_all(70)
                self.announce()
            elif self.proposed is None:
                self.announce()
            else:
                self.wait(24 * 8)
                self.award()
            self.reached.add(self.state)

    @rule(hours=st.sampled_from((1, 20, 49, 24 * 8)))
    def wait(self, hours: int) -> None:
        self.clock.advance(hours=hours)

    @rule()
    def wait_for_the_deadline(self) -> None:
        self.clock.now = max(self.clock.now, self.until)

    @rule()
    def strike(self) -> None:
        """The clock's work."""
        due = self.state == "published" and self.clock.now >= self.until
        with self.platform.database.unit_of_work() as uow:
            challenge_clock.close_due(uow)
        if due:
            self.state = "closed" if "submitted" in self.bids else "failed"

    @rule(who=WHO, submit=st.booleans())
    def write(self, who: int, *, submit: bool) -> None:
        actor = self.actors[f"bidder {who}"]
        exists = self.bids[who] in ("draft", "submitted")

        def step(uow: UnitOfWork) -> None:
            call = uow.session.get_one(Challenge, self.call_id)
            found = challenge_bid.begin(uow, actor, call)
            uow.flush()
            challenge_bid.write(
                uow, actor, bid_id=found.public_id, fields=_BID, version=found.version,
                submit=submit,
            )  # fmt: skip

        allowed = self.open and (exists or not self.bids[who])
        self.attempt(allowed, step)
        if allowed:
            self.bids[who] = "submitted" if submit or self.bids[who] == "submitted" else "draft"

    @rule(who=WHO, action=st.sampled_from(("withdraw", "reopen")))
    def turn(self, who: int, action: str) -> None:
        sources = {"withdraw": ("draft", "submitted"), "reopen": ("withdrawn",)}[action]
        allowed = self.open and self.bids[who] in sources
        bid_id = self.bid_id(who)
        self.attempt(
            allowed,
            lambda uow: challenge_bid.act(
                uow, self.actors[f"bidder {who}"], bid_id=bid_id, action=action
            ),
        )
        if allowed:
            self.bids[who] = {"withdraw": "withdrawn", "reopen": "draft"}[action]

    @rule()
    def begin(self) -> None:
        allowed = self.state == "closed" and "submitted" in self.bids
        until = self.clock.now + timedelta(days=1)
        self.attempt(
            allowed,
            lambda uow: challenge_score.begin(
                uow, self.actors["bureau"], challenge_id=self.call, scores_until=until
            ),
        )
        if allowed:
            self.state = "scoring"

    @rule(who=WHO, expert=WHO, points=st.integers(0, 100))
    def give(self, who: int, expert: int, points: int) -> None:
        fresh = (who, expert) not in self.scored
        allowed = self.state == "scoring" and self.bids[who] == "submitted" and fresh
        bid_id = self.bid_id(who)
        given = dict.fromkeys(("drive", "base", "technical", "financial"), points)
        self.attempt(
            allowed,
            lambda uow: challenge_score.save(
                uow, self.actors[f"expert {expert}"], bid_id=bid_id, points=given, comment="",
                submit=True,
            ),
        )  # fmt: skip
        if allowed:
            self.scored.add((who, expert))

    @rule(points=st.integers(0, 100))
    def give_all(self, points: int) -> None:
        for who in (0, 1):
            for expert in (0, 1):
                self.give(who, expert, points)

    @rule(who=WHO)
    def bar(self, who: int) -> None:
        allowed = self.state in ("closed", "scoring") and self.bids[who] == "submitted"
        bid_id = self.bid_id(who)
        self.attempt(
            allowed,
            lambda uow: challenge_decision.bar(
                uow, self.actors["bureau"], bid_id=bid_id, reason="形式审查不合格"
            ),
        )
        if allowed:
            self.bids[who] = "barred"

    @rule()
    def announce(self) -> None:
        standing = [number for number in (0, 1) if self.bids[number] == "submitted"]
        enough = all({(bid, 0), (bid, 1)} <= self.scored for bid in standing)
        allowed = bool(standing) and (
            (self.state == "scoring" and enough)
            or (self.state == "publicity" and self.proposed is None)
        )
        self.attempt(
            allowed,
            lambda uow: challenge_decision.announce(
                uow, self.actors["bureau"], challenge_id=self.call, calendar=self.platform.calendar
            ),
        )
        if allowed:
            self.state = "publicity"
            with self.platform.reading() as uow:
                call = uow.session.get_one(Challenge, self.call_id)
                found = challenge_decision.proposed(uow, call)
                assert found is not None
                self.publicity_until = call.publicity_until
                authors = [self.people[f"bidder {number}"].id for number in (0, 1)]
                self.proposed = authors.index(found.author_id)
            assert self.proposed in standing

    @rule()
    def object_to(self) -> None:
        until = self.publicity_until
        running = until is not None and self.clock.now < until
        allowed = self.state == "publicity" and self.proposed is not None and running
        self.attempt(
            allowed,
            lambda uow: challenge_decision.object_to(
                uow, self.actors["firm"], challenge_id=self.call, reason="不实"
            ),
        )
        self.objected = self.objected or allowed

    @rule(upholds=st.booleans())
    def answer(self, *, upholds: bool) -> None:
        with self.platform.reading() as uow:
            waiting = uow.session.scalars(
                select(ChallengeObjection.public_id).where(
                    ChallengeObjection.challenge_id == self.call_id,
                    ChallengeObjection.state == "open",
                )
            ).all()
        assert bool(waiting) == self.objected
        for one in waiting:
            with self.platform.database.unit_of_work() as uow:
                challenge_decision.decide(
                    uow, self.actors["bureau"], objection_id=one, upholds=upholds, answer="已核"
                )
        if waiting and upholds and self.proposed is not None:
            self.bids[self.proposed], self.proposed = "barred", None
        self.objected = False

    @rule()
    def award(self) -> None:
        until = self.publicity_until
        over = until is not None and self.clock.now >= until
        stands = self.proposed is not None and not self.objected
        allowed = self.state == "publicity" and over and stands
        self.attempt(
            allowed,
            lambda uow: challenge_decision.award(
                uow, self.actors["bureau"], challenge_id=self.call, number="1", amount=Decimal(8)
            ),
        )
        if allowed:
            self.state = "awarded"
            self.bids = [
                ("awarded" if number == self.proposed else "declined")
                if one == "submitted"
                else one
                for number, one in enumerate(self.bids)
            ]

    @rule()
    def fail(self) -> None:
        allowed = self.state in ("closed", "scoring", "publicity") and "submitted" not in self.bids
        self.attempt(
            allowed,
            lambda uow: challenge_decision.conclude(
                uow, self.actors["bureau"], challenge_id=self.call, action="fail", reason="流榜"
            ),
        )
        if allowed:
            self.state = "failed"

    @invariant()
    def stored_as_known(self) -> None:
        self.reached.add(self.state)
        with self.platform.reading() as uow:
            call = uow.session.get_one(Challenge, self.call_id)
            rows = {
                one.author_id: one.state
                for one in uow.session.scalars(
                    select(ChallengeBid).where(ChallengeBid.challenge_id == self.call_id)
                )
            }
            demand = uow.session.get_one(Demand, self.demand_id)
            assert call.state == self.state
            found = [rows.get(self.people[f"bidder {number}"].id, "") for number in (0, 1)]
            assert found == self.bids
            assert demand.state == _OF_DEMAND.get(self.state, "challenge")

    @invariant()
    def nobody_opens_what_is_closed_to_him(self) -> None:
        with self.platform.reading() as uow:
            call = uow.session.get_one(Challenge, self.call_id)
            officer = self.actors["bureau"]
            unsealed = self.state in ("publicity", "awarded") or self.state == "failed"
            assert may(officer, "challenge", "unseal", call) == unsealed
            for number in (0, 1):
                if not self.bids[number]:
                    continue
                bid_id = self.bid_id(number)
                readers = {
                    "bureau": self.state != "published"
                    and self.bids[number] in ("submitted", "awarded", "declined", "barred"),
                    "firm": False,
                    f"bidder {number}": True,
                    f"bidder {1 - number}": False,
                    "expert 0": self.state == "scoring" and self.bids[number] == "submitted",
                }
                for who, reads in readers.items():
                    try:
                        challenge_score.open_bid(uow, self.actors[who], bid_id)
                    except NotFound:
                        assert not reads, who
                    else:
                        assert reads, who


def test_a_challenge_keeps_its_rules_whatever_people_try(
    platform: Matchmaker, clock: Clock
) -> None:
    reached: set[str] = set()
    run_state_machine_as_test(
        lambda: Life(platform, clock, reached),
        settings=settings(
            max_examples=10, stateful_step_count=30, deadline=None, derandomize=True, database=None
        ),
    )
    assert reached >= {"published", "closed", "scoring", "publicity", "awarded"}
