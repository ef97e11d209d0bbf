"""Months of a platform's life, made in bulk: records, and the audit rows that services write.

What happens is drawn; rows are stored as the services would, with ``services.audit.record`` and the
same actions and states, which a test holds against real use cases. Beside them stands
:class:`Told`: what happened in plain words, from which figures can be counted without any event.
"""

from __future__ import annotations

import heapq
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any, Final

from matchmaker.bootstrap import Matchmaker
from matchmaker.domain.permissions import SYSTEM, Actor
from matchmaker.services import audit
from matchmaker.store.contract import Contract, ContractRevision
from matchmaker.store.database import UnitOfWork
from matchmaker.store.demand import Demand, DemandChain
from matchmaker.store.engagement import Engagement
from matchmaker.store.introduction import Introduction
from matchmaker.store.match import Match
from matchmaker.store.next_step import NextStep
from matchmaker.store.organisation import Organisation, User
from matchmaker.store.outcome import Outcome, OutcomeChain
from matchmaker.store.question import Question

REGIONS: Final = ("huancui", "rongcheng", "lingang", "china-other", "korea", None)
CHAINS: Final = ("carbon-fibre", "ships", "lasers", "fishing-tackle")
LEVELS: Final = ("none", "technology_sme", "high_tech", "specialised", "leading", None)
TYPES: Final = ("development", "transfer", "licence", "consulting", "service")
_FAR: Final = timedelta(days=400)
_AT_ONCE: Final = 10
_MANY: Final = 500  # months, from which on one demand each is enough


@dataclass
class ToldContract:
    """A contract in plain words."""

    signed: datetime
    type: str
    amount: Decimal
    related: bool
    seller: str
    registered: datetime | None = None
    registered_on: date | None = None
    void: bool = False


@dataclass
class Told:
    """A demand, an outcome or a question in plain words; times of what happened."""

    noun: str
    key: int
    organisation: int = 0
    region: str = ""
    chains: tuple[str, ...] = ()
    times: dict[str, list[datetime]] = field(default_factory=dict)
    waits: dict[str, list[tuple[datetime, int]]] = field(default_factory=dict)
    open: dict[str, list[datetime]] = field(default_factory=dict)
    contracts: list[ToldContract] = field(default_factory=list)
    brokers: list[tuple[int, datetime]] = field(default_factory=list)

    def happened(self, what: str, at: datetime) -> None:
        self.times.setdefault(what, []).append(at)


class World:
    """Organisations and people, and a queue of what is to happen when."""

    def __init__(self, uow: UnitOfWork, seed: int, chains: tuple[str, ...] = CHAINS) -> None:
        self.draw = random.Random(seed)  # noqa: S311 - not drawn for secrets
        self.chains = chains
        self.told: list[Told] = []
        self._numbers = count(1)
        self._later: list[tuple[datetime, int, Callable[[UnitOfWork], None]]] = []
        self.companies = [self._organisation(uow, "company", n) for n in range(24)]
        self.institutions = [self._organisation(uow, "institution", n) for n in range(9)]
        agency = self._organisation(uow, "agency", 0)
        self.brokers = [self._user(uow, "broker", agency) for _ in range(5)]
        self.people = {one.id: self._user(uow, "company", one) for one in self.companies}
        self.people |= {one.id: self._user(uow, "researcher", one) for one in self.institutions}

    def month(self, uow: UnitOfWork, start: datetime, demands: int, outcomes: int) -> None:
        """What is new in a month begins; everything due before its end happens."""
        end = (start.replace(day=1) + timedelta(days=32)).replace(day=1)
        for kind, many in ((self._demand, demands), (self._outcome, outcomes)):
            for _ in range(many):
                self._at(start + self._in(28), kind)
        while self._later and self._later[0][0] < end:
            uow.now, _, act = heapq.heappop(self._later)
            act(uow)

    def finish(self, uow: UnitOfWork) -> None:
        """Everything that is still due happens."""
        while self._later:
            uow.now, _, act = heapq.heappop(self._later)
            act(uow)

    def _at(self, at: datetime, act: Callable[[UnitOfWork], None]) -> None:
        heapq.heappush(self._later, (at, next(self._numbers), act))

    def _in(self, days: float) -> timedelta:
        return timedelta(seconds=self.draw.randrange(1, int(86_400 * days)))

    def _chance(self, share: float) -> bool:
        return self.draw.random() < share

    def _organisation(self, uow: UnitOfWork, kind: str, number: int) -> Organisation:
        made = Organisation(
            kind=kind,
            name=f"示例{kind}{number}",
            region_code=REGIONS[number % len(REGIONS)],
            ladder_level=LEVELS[number % len(LEVELS)] if kind == "company" else None,
            state="verified",
            decided_at=uow.now,
            created_at=uow.now,
        )
        return _kept(uow, made)

    def _user(self, uow: UnitOfWork, role: str, home: Organisation) -> User:
        number = next(self._numbers)
        made = User(
            email=f"simulated{number}@example.org",
            name=f"示例人员{number}",
            password_hash="none",
            role=role,
            organisation_id=home.id,
            created_at=uow.now,
        )
        return _kept(uow, made)

    def _actor(self, user: User) -> Actor:
        return Actor(
            user_id=user.id, role=user.role, organisation_id=user.organisation_id, verified=True
        )

    def _tell(self, noun: str, key: int, home: Organisation, chains: list[str]) -> Told:
        made = Told(noun, key, home.id, home.region_code or "", tuple(sorted(chains)))
        self.told.append(made)
        return made

    def _record(self, uow: UnitOfWork, model: Any, chain: Any, home: Organisation) -> Any:
        made = model(
            organisation_id=home.id,
            author_id=self.people[home.id].id,
            title=f"示例记录 {next(self._numbers)}",
            state="draft",
            created_at=uow.now,
            updated_at=uow.now,
        )
        chosen = self.draw.sample(self.chains, self.draw.choice((0, 1, 1, 2)))
        made.chains = [chain(chain_code=code) for code in sorted(chosen)]
        return _kept(uow, made)

    # demands

    def _demand(self, uow: UnitOfWork) -> None:
        home = self.draw.choice(self.companies)
        made = self._record(uow, Demand, DemandChain, home)
        told = self._tell("demand", made.id, home, [one.chain_code for one in made.chains])
        actor = self._actor(self.people[home.id])
        after = {"title": made.title}
        audit.record(uow, actor, "demand", made.id, "create", states=(None, "draft"), after=after)
        if self._chance(0.95):
            self._at(uow.now + self._in(5), lambda uow: self._submit(uow, made, told))

    def _submit(self, uow: UnitOfWork, made: Demand, told: Told) -> None:
        _move(uow, self._actor(self.people[made.organisation_id]), "demand", made, "submit",
              "submitted")  # fmt: skip
        told.happened("submit", uow.now)
        told.open["demands_waiting"] = [uow.now]
        if self._chance(0.93):
            self._at(uow.now + self._in(9), lambda uow: self._triage(uow, made, told))

    def _triage(self, uow: UnitOfWork, made: Demand, told: Told) -> None:
        broker = self._actor(self.draw.choice(self.brokers))
        told.open.pop("demands_waiting")
        told.happened("triage", uow.now)
        if self._chance(0.2):
            made.state_note = "示例：请补充指标。"
            _move(uow, broker, "demand", made, "return", "returned")
            if self._chance(0.7):
                self._at(uow.now + self._in(20), lambda uow: self._submit(uow, made, told))
            return
        made.published_at, made.expires_on = uow.now, (uow.now + _FAR).date()
        _move(uow, broker, "demand", made, "publish", "published")
        told.happened("publish", uow.now)
        for share, days, act in (
            (0.25, 30, self._next_step),
            (0.65, 40, self._introduce),
            (0.20, 40, self._introduce),
            (0.15, 200, self._expire),
        ):
            if self._chance(share):
                self._at(uow.now + self._in(days), _bound(act, made, told))

    def _expire(self, uow: UnitOfWork, made: Demand, told: Told) -> None:
        if made.state == "published":
            _move(uow, SYSTEM, "demand", made, "expire", "expired")
            told.happened("expire", uow.now)

    def _next_step(self, uow: UnitOfWork, made: Demand, told: Told) -> None:
        step = _kept(
            uow,
            NextStep(demand_id=made.id, kind="expert", state="open", note="", asked_at=uow.now),
        )
        actor = self._actor(self.people[made.organisation_id])
        audit.record(uow, actor, "next_step", step.id, "ask", states=(None, "open"))
        told.happened("none_found", uow.now)
        waiting = told.open.setdefault("requests_waiting", [])
        waiting.append(uow.now)

        def answer(uow: UnitOfWork, asked: datetime = uow.now) -> None:
            step.answer, step.answered_at = "示例", uow.now
            _move(uow, self._actor(self.brokers[0]), "next_step", step, "answer", "answered")
            waiting.remove(asked)

        if self._chance(0.6):
            self._at(uow.now + self._in(15), answer)

    # introductions and talks

    def _introduce(self, uow: UnitOfWork, made: Demand, told: Told) -> None:
        outcomes = [one for one in self.told if one.noun == "outcome" and "publish" in one.times]
        if not outcomes:
            return
        chosen = self.draw.choice(outcomes)
        broker = self.draw.choice(self.brokers)
        pair = {"demand_id": made.id, "outcome_id": chosen.key}
        match = uow.session.query(Match).filter_by(**pair).one_or_none()
        if match is not None:
            return
        match = Match(
            **pair, score=0.8, level=3, rank=1, explanation={}, engine_version="simulated",
            state="accepted", decided_by=broker.id, decided_at=uow.now, created_at=uow.now,
        )  # fmt: skip
        _kept(uow, match)
        self._beside(uow, match, broker)
        sides = {
            **pair,
            "company_id": made.organisation_id,
            "institution_id": chosen.organisation,
            "researcher_id": self.people[chosen.organisation].id,
            "broker_id": broker.id,
        }
        asked = Introduction(
            **sides, match_id=match.id, state="asked", asked_at=uow.now, due_at=uow.now + _FAR
        )
        _kept(uow, asked)
        audit.record(
            uow, self._actor(broker), "introduction", asked.id, "ask", states=(None, "asked")
        )
        told.happened("introduce", uow.now)
        told.brokers.append((broker.id, uow.now))
        told.open.setdefault("introductions_waiting", []).append(uow.now)
        end = self.draw.choices(
            (self._mutual, self._decline, self._lapse, self._take_back, None), (60, 15, 15, 5, 5)
        )[0]
        if end is not None:
            act, since = end, uow.now
            self._at(
                uow.now + self._in(7),
                lambda uow: act(uow, asked, told, since, chosen),
            )

    def _answered(self, uow: UnitOfWork, told: Told, since: datetime) -> None:
        waited = int((uow.now - since).total_seconds())
        told.waits.setdefault("introductions_answered", []).append((uow.now, waited))

    def _close(self, uow: UnitOfWork, asked: Introduction, told: Told, since: datetime) -> None:
        asked.closed_at = uow.now
        told.open["introductions_waiting"].remove(since)

    def _mutual(
        self, uow: UnitOfWork, asked: Introduction, told: Told, since: datetime, chosen: Told
    ) -> None:
        for side, key in (("company", told.organisation), ("institution", chosen.organisation)):
            person = self.people[key]
            for name, value in (("answer", "accepted"), ("answered_by", person.id),
                                ("answered_at", uow.now)):  # fmt: skip
                setattr(asked, f"{side}_{name}", value)
            audit.record(uow, self._actor(person), "introduction", asked.id, "accept",
                         states=("asked", "asked"), after={"side": side})  # fmt: skip
            self._answered(uow, told, since)
        self._close(uow, asked, told, since)
        _move(uow, SYSTEM, "introduction", asked, "conclude", "mutual")
        told.happened("mutual", uow.now)
        names = ("demand_id", "outcome_id", "company_id", "institution_id", "researcher_id",
                 "broker_id")  # fmt: skip
        talks = Engagement(
            introduction_id=asked.id,
            state="mutual",
            opened_at=uow.now,
            last_step_at=uow.now,
            **{name: getattr(asked, name) for name in names},
        )
        _kept(uow, talks)
        actor = self._actor(self.people[told.organisation])
        audit.record(uow, actor, "engagement", talks.id, "begin", states=(None, "mutual"))
        if self._chance(0.2):
            talks.dormant_from = "mutual"
            _move(uow, SYSTEM, "engagement", talks, "rest", "dormant")
            told.happened("rest", uow.now)
        elif self._chance(0.2):
            talks.lost_reason, talks.closed_at = "price", uow.now
            _move(uow, actor, "engagement", talks, "lose", "lost")
            told.happened("lose", uow.now)
        else:
            self._at(uow.now + self._in(90), lambda uow: self._sign(uow, talks, told, chosen))

    def _decline(
        self, uow: UnitOfWork, asked: Introduction, told: Told, since: datetime, _chosen: Told
    ) -> None:
        person = self.people[told.organisation]
        asked.company_answer, asked.company_answered_by = "declined", person.id
        asked.company_answered_at, asked.company_reason = uow.now, "price"
        self._close(uow, asked, told, since)
        _move(uow, self._actor(person), "introduction", asked, "decline", "declined")
        told.happened("decline", uow.now)
        self._answered(uow, told, since)

    def _lapse(
        self, uow: UnitOfWork, asked: Introduction, told: Told, since: datetime, _chosen: Told
    ) -> None:
        self._close(uow, asked, told, since)
        because = _because(asked.id)
        _move(uow, SYSTEM, "introduction", asked, "lapse", "lapsed", because)
        if not because:
            told.happened("lapse", uow.now)

    def _take_back(
        self, uow: UnitOfWork, asked: Introduction, told: Told, since: datetime, _chosen: Told
    ) -> None:
        self._close(uow, asked, told, since)
        _move(uow, self._actor(self.brokers[0]), "introduction", asked, "withdraw", "withdrawn")

    def _beside(self, uow: UnitOfWork, match: Match, broker: User) -> None:
        """What else happens to a match: its clock runs out, a side is asked."""
        if self._chance(0.2):
            audit.record(uow, SYSTEM, "match", match.id, "escalate",
                         states=("suggested", "suggested"))  # fmt: skip
            self.told.append(Told("match", match.id, times={"escalate": [uow.now]}))
        if not self._chance(0.3):
            return
        question = Question(
            match_id=match.id, side="demand", organisation_id=self.companies[0].id, state="open",
            text="示例？", asked_by=broker.id, asked_at=uow.now, lapses_at=uow.now + _FAR,
        )  # fmt: skip
        _kept(uow, question)
        actor = self._actor(broker)
        audit.record(uow, actor, "question", question.id, "ask", states=(None, "open"))
        told = Told("question", question.id, open={"questions_waiting": [uow.now]})
        self.told.append(told)
        asked = uow.now

        def answer(uow: UnitOfWork) -> None:
            told.open.clear()
            question.answer, question.answered_at = "示例", uow.now
            _move(uow, self._actor(self.people[self.companies[0].id]), "question", question,
                  "answer", "answered")  # fmt: skip
            waited = int((uow.now - asked).total_seconds())
            told.waits["questions_answered"] = [(uow.now, waited)]

        def lapse(uow: UnitOfWork) -> None:
            told.open.clear()
            because = _because(question.id)
            _move(uow, SYSTEM, "question", question, "lapse", "lapsed", because)
            if not because:
                told.happened("questions_lapsed", uow.now)

        end = self.draw.choice((answer, answer, lapse, None))
        if end is not None:
            self._at(uow.now + self._in(7), end)

    # contracts

    def _sign(self, uow: UnitOfWork, talks: Engagement, told: Told, chosen: Told) -> None:
        amount, related = Decimal(self.draw.randrange(5, 900)), self._chance(0.15)
        kind, actor = self.draw.choice(TYPES), self._actor(self.people[told.organisation])
        made = Contract(
            engagement_id=talks.id, state="draft", revision=1, title="示例合同", type=kind,
            amount_total=amount, amount_technical=amount, deducted_equipment=Decimal(0),
            deducted_materials=Decimal(0), deducted_other=Decimal(0), amount_royalty=Decimal(0),
            related=related, drafted_at=uow.now, updated_at=uow.now,
        )  # fmt: skip
        _kept(uow, made)
        audit.record(uow, actor, "contract", made.id, "draft", states=(None, "draft"))
        _revise(uow, made)
        for side in ("company", "institution"):
            setattr(made, f"{side}_confirmed", 1)
            setattr(made, f"{side}_confirmed_at", uow.now)
            audit.record(uow, actor, "contract", made.id, "confirm", states=("draft", "draft"))
        _move(uow, SYSTEM, "contract", made, "conclude", "confirmed")
        made.signed_on = uow.now.date()
        _move(uow, actor, "contract", made, "sign", "signed", {"signed_on": made.signed_on})
        contract = ToldContract(uow.now, kind, amount, related, chosen.region)
        told.contracts.append(contract)
        if self._chance(0.85):
            self._at(uow.now + self._in(60), lambda uow: self._register(uow, made, contract, actor))
        elif self._chance(0.5):
            made.revision, made.void_reason = 2, "示例"
            _move(uow, actor, "contract", made, "abandon", "void")
            _revise(uow, made)
            contract.void = True

    def _register(self, uow: UnitOfWork, made: Contract, told: ToldContract, actor: Actor) -> None:
        day = max(made.signed_on or uow.now.date(), (uow.now - self._in(10)).date())
        made.number, made.registered_on = f"{next(self._numbers):016d}", day
        made.revision = 2
        _move(uow, actor, "contract", made, "register", "registered", {"registered_on": day})
        _revise(uow, made)
        told.registered, told.registered_on = uow.now, day
        act = self.draw.choices((self._correct, self._withdraw, None), (15, 5, 80))[0]
        if act is not None:
            self._at(uow.now + self._in(100), _bound(act, made, told, actor))

    def _correct(self, uow: UnitOfWork, made: Contract, told: ToldContract, actor: Actor) -> None:
        made.revision = 3
        made.amount_total = made.amount_technical = told.amount = told.amount + 1
        said: dict[str, object] = {"fields": "amount_total"}
        if self._chance(0.5):
            made.registered_on = told.registered_on = uow.now.date()
            said = {"fields": "amount_total, registered_on", "registered_on": made.registered_on}
        if self._chance(0.3):
            made.related = told.related = True
        _move(uow, actor, "contract", made, "correct", "registered", said)
        _revise(uow, made)

    def _withdraw(self, uow: UnitOfWork, made: Contract, told: ToldContract, actor: Actor) -> None:
        made.revision, made.void_reason, told.void = 3, "示例", True
        _move(uow, actor, "contract", made, "withdraw", "void")
        _revise(uow, made)

    # outcomes

    def _outcome(self, uow: UnitOfWork) -> None:
        home = self.draw.choice(self.institutions)
        made = self._record(uow, Outcome, OutcomeChain, home)
        told = self._tell("outcome", made.id, home, [one.chain_code for one in made.chains])
        actor = self._actor(self.people[home.id])
        audit.record(uow, actor, "outcome", made.id, "create", states=(None, "draft"))
        _move(uow, actor, "outcome", made, "submit", "institution_review")
        told.open["outcomes_waiting"] = [uow.now]
        if self._chance(0.9):
            self._at(uow.now + self._in(6), lambda uow: self._approve(uow, made, told, actor))

    def _approve(self, uow: UnitOfWork, made: Outcome, told: Told, actor: Actor) -> None:
        told.open.clear()
        made.published_at, made.expires_on = uow.now, (uow.now + _FAR).date()
        _move(uow, actor, "outcome", made, "approve", "published")
        told.happened("publish", uow.now)
        if self._chance(0.2):
            self._at(uow.now + self._in(300), _bound(self._expire_outcome, made, told))

    def _expire_outcome(self, uow: UnitOfWork, made: Outcome, told: Told) -> None:
        _move(uow, SYSTEM, "outcome", made, "expire", "expired")
        told.happened("expire", uow.now)


def lived(platform: Matchmaker, months: int, seed: int, year: int = 2022) -> World:
    """So many months of a world, ten of them a transaction; then everything that is still due."""
    with platform.unit_of_work() as uow:
        uow.now = datetime(year, 1, 1, tzinfo=UTC)
        world = World(uow, seed)
    for first in range(0, months, _AT_ONCE):
        with platform.database.unit_of_work() as uow:
            for month in range(first, min(months, first + _AT_ONCE)):
                start = datetime(year + month // 12, month % 12 + 1, 1, tzinfo=UTC)
                world.month(uow, start, demands=1 + (months < _MANY), outcomes=month % 2)
    with platform.database.unit_of_work() as uow:
        world.finish(uow)
    return world


def _because(key: int) -> dict[str, object]:
    """Of what lapses, some was closed with its demand: by its key, so that nothing is drawn."""
    return {} if key % 4 else {"because": "demand_unpublished"}


def _bound(act: Callable[..., None], *values: Any) -> Callable[[UnitOfWork], None]:
    return lambda uow: act(uow, *values)


def _kept(uow: UnitOfWork, made: Any) -> Any:
    uow.session.add(made)
    uow.session.flush()
    return made


def _move(
    uow: UnitOfWork,
    actor: Actor,
    noun: str,
    record: Any,
    action: str,
    state: str,
    noted: dict[str, object] | None = None,
) -> None:
    """What ``services.transition`` does, without asking whether it may."""
    uow.session.add(record)  # it may have been made in an earlier transaction
    before = record.state
    record.state = state
    states = (before, state)
    audit.record(uow, actor, noun, record.id, action, states=states, after=noted or {})
    uow.session.flush()


def _revise(uow: UnitOfWork, made: Contract) -> None:
    _kept(
        uow,
        ContractRevision(
            contract_id=made.id,
            revision=made.revision,
            state=made.state,
            type=made.type,
            amount_total=made.amount_total,
            amount_technical=made.amount_technical,
            related=made.related,
            number=made.number,
            changed=[],
            made_at=uow.now,
        ),
    )
