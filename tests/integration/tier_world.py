"""A small world in which every word that somebody must not read can be recognised.

Each text of each record, each name, address and telephone is a marker: a word that stands nowhere
else. Records come in every state and disclosure; people in every role and relation.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise
from typing import Any, Final, Literal

from sqlalchemy import JSON, String, Text, select
from sqlalchemy.orm import joinedload

from matchmaker.bootstrap import Matchmaker
from matchmaker.domain.permissions import VISITOR, Actor
from matchmaker.domain.visibility import CONFIDENTIAL_FIELDS, REDACTED_FIELDS, may_contact
from matchmaker.domain.vocabulary import DEMAND_STATES, DISCLOSURES, OUTCOME_STATES
from matchmaker.services.account import actor_of
from matchmaker.store.common_need import CommonNeed, CommonNeedDemand, NeedConsent, NeedRun
from matchmaker.store.contract import Contract
from matchmaker.store.database import UnitOfWork
from matchmaker.store.demand import Demand, DemandIndicator, DemandRecipient
from matchmaker.store.disclosure import DisclosureGrant
from matchmaker.store.duplicate import Duplicate
from matchmaker.store.engagement import Engagement, EngagementMessage, Meeting
from matchmaker.store.event import Event, EventMeeting, EventParty
from matchmaker.store.introduction import Introduction
from matchmaker.store.match import Match
from matchmaker.store.next_step import NextStep
from matchmaker.store.organisation import Organisation, User
from matchmaker.store.outcome import Outcome, OutcomeIndicator
from matchmaker.store.placement import Placement
from tests import builders, engaged

Noun = Literal["demand", "outcome"]
Kind = Literal[
    "public",
    "redacted",
    "confidential",
    "note",
    "internal",
    "name",
    "person",
    "email",
    "phone",
    "talk",
    "terms",
    "filed",
    "question",
    "desk",
    "step",
    "old",
    "old redacted",
    "notice",
    "search",
    "bid",
    "score",
    "objection",
    "purpose",
    "visit",
    "diagnosis",
    "referral",
]
MARKER: Final = re.compile(r"(?=(zq[a-z]{10}))")
_MODELS: Final = {"demand": Demand, "outcome": Outcome}
_STATES: Final = {"demand": DEMAND_STATES, "outcome": OUTCOME_STATES}
# Columns that hold a code, a key or the state of things, not anybody's words.
_CODES: Final = frozenset(
    {
        *("public_id", "state", "field", "origin", "kind", "solution_mode", "disclosure"),
        *("clarity", "region_preference", "industry", "stage", "licence_kind", "price_mode"),
        *("provenance",),
    }
)
_KIND_OF: Final[dict[str, Kind]] = {
    **dict.fromkeys(REDACTED_FIELDS, "redacted"),
    **dict.fromkeys(CONFIDENTIAL_FIELDS, "confidential"),
    "state_note": "note",
    "source_id": "internal",
}
# Which grants each grantee holds on every record: state, days until the last one, whose agreement.
GRANTS: Final[dict[str, tuple[str, int, bool]]] = {
    "granted": ("granted", 30, True),
    "revoked": ("revoked", 30, True),
    "no agreement": ("granted", 30, False),
    "over": ("granted", -1, True),
}


@dataclass(frozen=True)
class Marker:
    """A word, what kind of thing it is, and whose."""

    text: str
    kind: Kind
    record: Kept | None = None
    organisation_id: int | None = None
    user_id: int | None = None
    role: str | None = None
    engagement: Engagement | None = None
    contract: Contract | None = None
    match: Match | None = None
    judge_id: int | None = None

    @property
    def about(self) -> tuple[str, str, str, str]:
        """Noun, state and disclosure of the record, and the kind: what a check is counted by."""
        if self.engagement is not None:
            return ("engagement", self.engagement.state, "-", self.kind)
        if self.contract is not None:
            return ("contract", self.contract.state, "-", self.kind)
        if self.match is not None:
            return ("match", self.match.state, self.match.demand.disclosure, self.kind)
        if self.record is None:
            return ("person", "-", "-", self.kind)
        row = self.record.row
        return (self.record.noun, row.state, row.disclosure, self.kind)


@dataclass(frozen=True, eq=False)
class Kept:
    """A stored record with the words in it."""

    noun: Noun
    row: Any
    markers: dict[str, str]

    @property
    def label(self) -> str:
        return f"{self.row.state} {self.row.disclosure} {self.noun}"


@dataclass(eq=False)
class World:
    """Everything that the tests ask for."""

    platform: Matchmaker
    numbers: random.Random
    markers: dict[str, Marker] = field(default_factory=dict)
    records: list[Kept] = field(default_factory=list)
    organisations: dict[str, Organisation] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    actors: dict[str, Actor] = field(default_factory=dict)
    matches: list[str] = field(default_factory=list)
    engagements: list[Engagement] = field(default_factory=list)
    introductions: list[str] = field(default_factory=list)
    meetings: list[str] = field(default_factory=list)
    next_steps: list[str] = field(default_factory=list)
    contracts: list[Contract] = field(default_factory=list)
    searches: list[str] = field(default_factory=list)
    events: list[str] = field(default_factory=list)
    needs: list[str] = field(default_factory=list)
    invitations: list[str] = field(default_factory=list)
    challenges: list[str] = field(default_factory=list)
    bids: list[str] = field(default_factory=list)
    consents: list[str] = field(default_factory=list)
    secondments: list[str] = field(default_factory=list)
    _parties: dict[Actor, list[Engagement]] = field(default_factory=dict)

    @property
    def classes(self) -> list[Kept]:
        """One record of every state and disclosure of both nouns."""
        found = {
            (kept.noun, kept.row.state, kept.row.disclosure): kept for kept in self.records[::-1]
        }
        return list(found.values())[::-1]

    def nonsense(self) -> str:
        """A word of the same shape that stands nowhere."""
        return "zq" + "".join(self.numbers.choices("abcdefghijklmnoprstuvwxy", k=10))

    def mark(self, kind: Kind, **of: Any) -> str:
        word = self.nonsense()
        self.markers[word] = Marker(word, kind, **of)
        return word

    def grants_of(self, kept: Kept) -> list[DisclosureGrant]:
        key = DisclosureGrant.demand_id if kept.noun == "demand" else DisclosureGrant.outcome_id
        with self.platform.reading() as uow:
            return list(uow.session.query(DisclosureGrant).filter(key == kept.row.id))

    def parties(self, actor: Actor) -> list[Engagement]:
        """The engagements in which an actor stands on a side."""
        if actor not in self._parties:
            self._parties[actor] = [one for one in self.engagements if may_contact(actor, one)]
        return self._parties[actor]


def found_in(text: str) -> set[str]:
    """Every word in a text that has a marker's shape, wherever it begins."""
    return set(MARKER.findall(text.lower()))


def build(platform: Matchmaker) -> World:
    """Fill an empty platform."""
    world = World(platform, random.Random(20261126))  # noqa: S311 - words, not secrets
    with platform.database.unit_of_work() as uow:
        _people(uow, world)
        _records(uow, world)
        _talks(uow, world)
        _said(uow, world)
        _grants(uow, world)
        _asides(uow, world)
        _event(uow, world)
        _need(uow, world)
        uow.session.flush()
        for user in world.users.values():
            uow.session.refresh(user, ["organisation"])
        world.actors = {who: actor_of(user) for who, user in world.users.items()}
        world.actors["visitor"] = VISITOR
    return world


def suggest(world: World) -> None:
    """Let the engine pair what is published; one pair of every disclosure and state is kept.

    The state of the demand counts as well: some were decided and then rewritten as drafts.
    """
    world.platform.catch_up()
    with world.platform.reading() as uow:
        chosen: dict[tuple[str, str, str], str] = {}
        pairs = uow.session.query(Match).options(joinedload(Match.demand))
        for pair in pairs.order_by(Match.id):
            demand = pair.demand
            chosen.setdefault((demand.disclosure, demand.state, pair.state), pair.public_id)
        world.matches = list(chosen.values())


def _organisation(uow: UnitOfWork, world: World, who: str, kind: str, **fields: Any) -> None:
    made = builders.organisation(uow, kind, name=f"虚构{who}", **fields)
    made.name = world.mark("name", organisation_id=made.id)
    made.name_en = ""
    world.organisations[who] = made


def _user(uow: UnitOfWork, world: World, who: str, role: str, at: str, **fields: Any) -> None:
    home = world.organisations.get(at)
    made = builders.user(uow, world.platform.passwords, role, home, **fields)
    of = {"organisation_id": made.organisation_id, "user_id": made.id, "role": role}
    made.name = world.mark("person", **of)
    made.email = f"{world.mark('email', **of)}@example.org"
    made.phone = world.mark("phone", **of)
    world.users[who] = made


def _people(uow: UnitOfWork, world: World) -> None:
    for disclosure in DISCLOSURES:
        _organisation(uow, world, f"{disclosure} company", "company", region_code="huancui")
    for who in ("rival company", *(f"{grant} company" for grant in GRANTS)):
        _organisation(uow, world, who, "company", region_code="wendeng")
    _organisation(uow, world, "pending company", "company", state="pending")
    _organisation(uow, world, "institution", "institution", region_code="rongcheng")
    for who in ("recipient", "outsider", *GRANTS):
        _organisation(uow, world, f"{who} institution", "institution", region_code="rushan")
    for kind in ("agency", "bureau"):
        _organisation(uow, world, kind, kind)
    for disclosure in DISCLOSURES:
        at = f"{disclosure} company"
        _user(uow, world, f"author at {at}", "company", at, is_manager=True)
        _user(uow, world, f"member of {at}", "company", at)
    _user(uow, world, "unconfirmed", "company", "anonymous company", approved=False)
    _user(uow, world, "unverified", "company", "pending company", is_manager=True)
    _user(uow, world, "rival", "company", "rival company", is_manager=True)
    _user(uow, world, "author", "researcher", "institution")
    _user(uow, world, "colleague", "researcher", "institution")
    _user(uow, world, "manager", "researcher", "institution", is_manager=True)
    for who in ("recipient", "outsider", *GRANTS):
        _user(uow, world, f"{who} researcher", "researcher", f"{who} institution", is_manager=True)
    for who in GRANTS:
        _user(uow, world, f"{who} company member", "company", f"{who} company", is_manager=True)
    _user(uow, world, "own broker", "broker", "agency", is_manager=True)
    _user(uow, world, "other broker", "broker", "agency")
    _user(uow, world, "bureau", "bureau", "bureau")
    _user(uow, world, "administrator", "administrator", "")


def _records(uow: UnitOfWork, world: World) -> None:
    """Every state of every disclosure of both nouns; and one outcome or demand of each grantee."""
    for disclosure in DISCLOSURES:
        author = world.users[f"author at {disclosure} company"]
        for state in DEMAND_STATES:
            _record(uow, world, "demand", author, state=state, disclosure=disclosure)
    for state in OUTCOME_STATES:
        _record(uow, world, "outcome", world.users["author"], state=state)
    for who in GRANTS:  # of whom the talks are
        _record(uow, world, "outcome", world.users[f"{who} researcher"], state="published")
        member = world.users[f"{who} company member"]
        _record(uow, world, "demand", member, state="published", disclosure="public")


def _record(uow: UnitOfWork, world: World, noun: Noun, author: User, **fields: Any) -> None:
    build_one = builders.demand if noun == "demand" else builders.outcome
    filler = {"state_note": "补充"} if fields["state"] in ("returned", "changes_requested") else {}
    row = build_one(uow, author, chains=["carbon-fibre"], **fields, **filler)
    kept = Kept(noun, row, {})
    for column in _MODELS[noun].__table__.columns:
        value = _words(world, kept, column)
        if value is not None:
            setattr(row, column.key, value)
    if noun == "demand":
        row.indicators = [_indicator(world, kept, DemandIndicator)]
        if row.disclosure == "directed":
            home = world.organisations["recipient institution"]
            row.recipients = [DemandRecipient(organisation_id=home.id)]
    else:
        row.indicators = [_indicator(world, kept, OutcomeIndicator)]
    uow.session.flush()
    world.records.append(kept)


def _words(world: World, kept: Kept, column: Any) -> Any:
    """A value full of markers for a column that holds somebody's words, else ``None``."""
    name = column.key
    if name in _CODES or not isinstance(column.type, String | Text | JSON):
        return None
    kind = _KIND_OF.get(name, "public")
    word = world.mark(kind, record=kept, organisation_id=kept.row.organisation_id)
    kept.markers[name] = word
    if isinstance(column.type, JSON):
        return (
            [{"kind": "invention", "number": word, "status": "granted"}] if name == "ip" else [word]
        )
    return word


def _indicator(world: World, kept: Kept, model: Any) -> Any:
    word = world.mark("public", record=kept, organisation_id=kept.row.organisation_id)
    kept.markers["indicator"] = word
    return model(position=0, name=word, comparator="ge", value=5, unit="MPa", condition="")


def published(world: World, noun: Noun, owner: Organisation) -> Any:
    """The published record of an organisation."""
    return next(
        kept.row
        for kept in world.records
        if kept.noun == noun
        and kept.row.state == "published"
        and kept.row.organisation_id == owner.id
    )


def _talks(uow: UnitOfWork, world: World) -> None:
    """Each company with each grantee institution, the institution with each grantee company."""
    broker = world.users["own broker"]
    places = world.organisations
    for who, (_state, _days, agreed) in GRANTS.items():
        nda = engaged.BOTH if agreed else {"company": engaged.BOTH["company"]}
        outcome = published(world, "outcome", places[f"{who} institution"])
        for disclosure in DISCLOSURES:
            company = places[f"{disclosure} company"]
            author = world.users[f"author at {disclosure} company"]
            demand = published(world, "demand", company)
            made = engaged.engagement(uow, demand, outcome, broker, author, nda=nda)
            world.engagements.append(made)
        demand = published(world, "demand", places[f"{who} company"])
        outcome = published(world, "outcome", places["institution"])
        member = world.users[f"{who} company member"]
        world.engagements.append(engaged.engagement(uow, demand, outcome, broker, member, nda=nda))


def _said(uow: UnitOfWork, world: World) -> None:
    """A message and a meeting of each engagement; a question that nobody has answered yet."""
    for one in world.engagements:
        word = world.mark("talk", engagement=one)
        writer = world.users["own broker"].id
        message = EngagementMessage(
            engagement_id=one.id, author_id=writer, side="broker", body=word, written_at=uow.now
        )
        meeting = Meeting(
            engagement_id=one.id,
            state="held",
            starts_at=uow.now,
            place=world.mark("talk", engagement=one),
            minutes=world.mark("talk", engagement=one),
            agenda=world.mark("talk", engagement=one),
            planned_by=writer,
            planned_at=uow.now,
            closed_by=writer,
            closed_at=uow.now,
        )
        uow.session.add_all([message, meeting])
        uow.session.flush()
        world.meetings.append(meeting.public_id)
    asked = engaged.introduction(
        uow,
        published(world, "demand", world.organisations["anonymous company"]),
        published(world, "outcome", world.organisations["institution"]),
        world.users["own broker"],
        world.users["author at anonymous company"],
        state="asked",
        closed_at=None,
        **{
            f"{side}_{part}": None
            for side in ("company", "institution")
            for part in ("answer", "answered_by", "answered_at")
        },
    )
    found = uow.session.scalars(select(Introduction.public_id)).all()
    world.introductions = [asked.public_id, *(one for one in found if one != asked.public_id)]


def _grants(uow: UnitOfWork, world: World) -> None:
    day = (uow.now + timedelta(hours=8)).date()
    for kept in world.records:
        row = kept.row
        suffix = "institution" if kept.noun == "demand" else "company"
        for who, (state, days, _agreed) in GRANTS.items():
            grantee = world.organisations[f"{who} {suffix}"]
            revoked = state == "revoked"
            if grantee.id == row.organisation_id:
                continue
            uow.session.add(
                DisclosureGrant(
                    demand_id=row.id if kept.noun == "demand" else None,
                    outcome_id=row.id if kept.noun == "outcome" else None,
                    owner_id=row.organisation_id,
                    author_id=row.author_id,
                    grantee_id=grantee.id,
                    state=state,
                    until=day + timedelta(days=days),
                    reason="合作",
                    decided_by=row.author_id,
                    decided_at=uow.now,
                    revoked_by=row.author_id if revoked else None,
                    revoked_at=uow.now if revoked else None,
                    revoke_reason="收回" if revoked else "",
                )
            )
    uow.session.flush()


def _asides(uow: UnitOfWork, world: World) -> None:
    """Questions to experts, neighbours taken for each other, and placements of every record."""
    for place, kept in enumerate(world.records):
        own = place % 2 == 1  # every other one was decided by the record's own author
        uow.session.add(
            Placement(
                noun=kept.noun,
                record_id=kept.row.id,
                organisation_id=kept.row.organisation_id,
                proposed=[["motors", 0.8], ["", 0.2]],
                probability=0.8,
                model="none",
                placed_at=uow.now,
                state="corrected" if own else "proposed",
                decided_by=kept.row.author_id if own else None,
                decided_at=uow.now if own else None,
            )
        )
    demands = [kept.row for kept in world.records if kept.noun == "demand"]
    for demand in demands:
        step = NextStep(
            demand_id=demand.id, kind="expert", asked_by=demand.author_id, asked_at=uow.now
        )
        uow.session.add(step)
        uow.session.flush()
        world.next_steps.append(step.public_id)
    for first, second in pairwise(demands):
        uow.session.add(
            Duplicate(
                noun="demand",
                first_id=first.id,
                second_id=second.id,
                likeness=0.9,
                found_at=uow.now,
                state="open",
            )
        )


def _need(uow: UnitOfWork, world: World) -> None:
    """A common need of an anonymous and a public demand; the anonymous firm has been asked."""
    firms = [world.organisations[f"{which} company"] for which in ("anonymous", "public")]
    demands = [published(world, "demand", firm) for firm in firms]
    need = CommonNeed(terms=["成型"], stability=1, found_at=uow.now)
    need.members = [
        CommonNeedDemand(demand_id=one.id, position=place) for place, one in enumerate(demands)
    ]
    asked = NeedConsent(
        demand_id=demands[0].id,
        organisation_id=firms[0].id,
        state="asked",
        asked_by=world.users["bureau"].id,
        asked_at=uow.now,
    )
    run = NeedRun(at=uow.now, demands=2, agreement=1, engine_version="test")
    uow.session.add_all([need, asked, run])
    uow.session.flush()
    world.needs = [need.public_id]


def _event(uow: UnitOfWork, world: World) -> None:
    """A plan with a demand that has become anonymous, and a public one; an event to invite to."""
    broker = world.users["own broker"]
    common = {
        "author_id": broker.id,
        "organisation_id": broker.organisation_id,
        "title": "对接会",
        "place": "会展中心",
        "slot_minutes": 20,
        "slots": 2,
        "tables": 2,
        "most": 2,
        "created_at": uow.now,
    }
    event = Event(
        **common,
        state="announced",
        starts_at=uow.now - timedelta(hours=1),
        planned_at=uow.now,
        plan_value=900,
        plan_bound=900,
    )
    inviting = Event(**common, state="inviting", starts_at=uow.now + timedelta(days=9))
    uow.session.add_all([event, inviting])
    uow.session.flush()
    firms = ("anonymous", "public")
    sides = [("firm", f"author at {which} company") for which in firms] + [("team", "author")]
    parties = [
        EventParty(
            event_id=event.id,
            side=side,
            home_id=world.users[who].organisation_id,
            contact_id=world.users[who].id,
            state="coming",
            free=[0, 1],
            invited_at=uow.now,
            answered_at=uow.now,
        )
        for side, who in sides
    ]
    uow.session.add_all(parties)
    uow.session.flush()
    for slot, which in enumerate(firms):
        uow.session.add(
            EventMeeting(
                event_id=event.id,
                firm_id=parties[slot].id,
                team_id=parties[-1].id,
                slot=slot,
                table_number=1,
                value=450,
                demand_id=published(world, "demand", world.organisations[f"{which} company"]).id,
                outcome_id=published(world, "outcome", world.organisations["institution"]).id,
                firm_interested=True,
                team_interested=True,
            )
        )
    world.events = [event.public_id, inviting.public_id]
    world.invitations = [one.public_id for one in parties]
