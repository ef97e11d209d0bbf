"""Every surface that the application has, asked for by everybody, and what leaks from it."""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from matchmaker.domain.figure import FIGURES
from matchmaker.domain.pack import MEASURES
from matchmaker.domain.vocabulary import DISCLOSURES
from matchmaker.services import account, mail_switch
from matchmaker.store.organisation import Organisation, User
from matchmaker.store.queries.review_queue import VIEWS
from matchmaker.web.access import ACCESS, PUBLIC, SIGNED_IN
from tests.builders import PASSWORD
from tests.integration.tier_rules import allowed, linked
from tests.integration.tier_world import World, found_in

Values = list[dict[str, str]]
_TEXTUAL: Final = (
    *("text/", "application/json", "application/ld+json", "application/javascript"),
    "image/svg+xml",
)
_ZIPPED: Final = ("application/zip", "application/vnd.openxmlformats")
# Names under which pages take a text to search for; a page ignores those it does not know.
SEARCHES: Final = ("q", "text", "person", "search", "query", "name", "organisation")
_REFUSALS: Final = (303, 403)
_RECORD_PAGES: Final = frozenset({"demand.show", "outcome.show"})  # are kept for further tests
# In the header everybody reads his own name and the organisation that he says he belongs to.
_OWN_MENU: Final = re.compile(r'<details class="menu">.*?</details>', re.DOTALL)
NOT_FILLED: Final = (
    "{endpoint} ({rule}) has parameters that the tier test cannot fill. Add a row for it to "
    "PARAMETERS in tests/integration/tier_surfaces.py that gives values from the world, and let "
    "tests/integration/tier_world.py make what they stand for."
)


def _records(noun: str) -> Callable[[World], Values]:
    return lambda world: [
        {"public_id": kept.row.public_id} for kept in world.classes if kept.noun == noun
    ]


def _organisations(world: World) -> Values:
    chosen = ("anonymous company", "directed company", "institution", "pending company")
    return [{"public_id": world.organisations[who].public_id} for who in chosen]


def _agencies(world: World) -> Values:
    """Those of the brokers, and an organisation that is none."""
    brokers = [world.users[who].organisation_id for who in ("own broker", "other broker")]
    with world.platform.reading() as uow:
        found = [uow.session.get_one(Organisation, key).public_id for key in brokers]
    return [{"public_id": one} for one in (*found, world.organisations["institution"].public_id)]


def _matches(name: str) -> Callable[[World], Values]:
    return lambda world: [{name: public_id} for public_id in world.matches]


def _engagements(world: World) -> Values:
    """One of each disclosure, one about the institution's outcome."""
    return [{"public_id": one.public_id} for one in world.engagements[: 1 + len(DISCLOSURES)]]


def _one_engagement(world: World) -> Values:
    """About a demand of the anonymous company."""
    company = world.organisations["anonymous company"].id
    return [
        next({"public_id": one.public_id} for one in world.engagements if one.company_id == company)
    ]


def _meetings(world: World) -> Values:
    return [{"public_id": public_id} for public_id in world.meetings[1:3]]


def _both_nouns(world: World) -> Values:
    return [{"noun": kept.noun, "public_id": kept.row.public_id} for kept in world.classes]


def _neighbours(world: World) -> Values:
    demands = [kept.row.public_id for kept in world.records if kept.noun == "demand"]
    pairs = list(pairwise(demands))[::5]
    return [{"noun": "demand", "first": one, "second": other} for one, other in pairs]


def _contracts(*states: str) -> Callable[[World], Values]:
    """In every state asked for, one of the anonymous company and one of somebody else's."""

    def find(world: World) -> Values:
        company = world.organisations["anonymous company"].id
        chosen = {
            (one.state, one.parties.company_id == company): {"public_id": one.public_id}
            for one in world.contracts
            if not states or one.state in states
        }
        return list(chosen.values())

    return find


def _engagement_ids(world: World) -> Values:
    return [{"engagement_id": one["public_id"]} for one in _engagements(world)]


def _mail_switches(world: World) -> Values:
    """The links that end mail, as they stand below two people's mails, and a forged one."""
    links = [{"user_id": "nobody", "which": "record", "signature": "forged"}]
    with world.platform.reading() as uow:
        for who in ("author at anonymous company", "bureau"):
            user = uow.session.get_one(User, world.users[who].id)
            *_, user_id, which, signature = mail_switch.link(uow, user, "record").split("/")
            links.append({"user_id": user_id, "which": which, "signature": signature})
    return links


def _events(world: World) -> Values:
    return [{"public_id": public_id} for public_id in world.events]


def _challenges(world: World) -> Values:
    return [{"public_id": public_id} for public_id in world.challenges]


def _bids(world: World) -> Values:
    return [{"bid_id": public_id} for public_id in world.bids]


def _nothing(name: str) -> Callable[[World], Values]:
    """For secret links and pages about the installation: an id that nothing has."""
    return lambda _world: [{name: "nothing-has-this"}]


# What fills the parameters of an endpoint: a record of every state and disclosure, all neighbours.
PARAMETERS: Final[Mapping[str, Callable[[World], Values]]] = {
    "static": lambda _world: [{"filename": "app.css"}],
    "account.reset": _nothing("token"),
    "next_step.alert_off": _nothing("token"),
    "evaluation.show": _nothing("public_id"),
    "organisation.show": _organisations,
    "organisation.edit": _organisations,
    "organisation.members": _organisations,
    "user.edit": lambda world: [
        {"public_id": world.users[who].public_id}
        for who in ("author at anonymous company", "author")
    ],
    "demand.show": _records("demand"),
    "demand.edit": _records("demand"),
    "outcome.show": _records("outcome"),
    "outcome.edit": _records("outcome"),
    "match.show": _matches("public_id"),
    "match_review.show": _matches("public_id"),
    "consortium.show": _records("demand"),
    "event.show": _events,
    "event.tables": _events,
    "event.edit": _events,
    "event.candidates": _events,
    "event.invitation": lambda world: [{"party_id": public_id} for public_id in world.invitations],
    "gap_map.chain": lambda _world: [{"chain": chain} for chain in ("carbon-fibre", "unplaced")],
    "gap_map.cell": lambda _world: [
        {"chain": "carbon-fibre", "region": region}
        for region in ("huancui", "rongcheng", "wendeng", "high-tech-zone", "none")
    ],
    "common_need.show": lambda world: [{"public_id": public_id} for public_id in world.needs],
    "challenge.show": _challenges,
    "challenge.manage": _challenges,
    "challenge.edit": _challenges,
    "challenge.tasks": _challenges,
    "challenge.bid": _bids,
    "challenge.edit_bid": _bids,
    "challenge.score": _bids,
    "challenge.consent": lambda world: [{"link_id": public_id} for public_id in world.consents],
    "secondment.show": lambda world: [{"public_id": one} for one in world.secondments],
    "diagnosis.show": _records("demand"),
    "association.show": _records("demand"),
    "share.new": lambda world: [{"public_id": one} for one in world.introductions[:4]],
    "duplicate.compare": _neighbours,
    "disclosure.show": _both_nouns,
    "engagement.show": _engagements,
    "engagement.agreement": _one_engagement,
    "engagement.attachment": _nothing("public_id"),
    "introduction.new": _matches("match_id"),
    "introduction.show": lambda world: [
        {"public_id": public_id} for public_id in world.introductions[:4]
    ],
    "meeting.new": _one_engagement,
    "meeting.show": _meetings,
    "meeting.file": _meetings,
    "calendar.feed": _nothing("token"),
    "broker_profile.edit": lambda world: [
        {"public_id": world.users[who].public_id} for who in ("own broker", "other broker")
    ],
    "match.brief": lambda world: [
        {"public_id": public_id, "side": side}
        for public_id in world.matches
        for side in ("demand", "outcome")
    ],
    "contract.show": _contracts(),
    "contract.edit": _contracts("draft", "confirmed"),
    "contract.check": _contracts(),
    "contract.summary": _contracts(),
    "contract.register": _contracts("signed"),
    "contract.correct": _contracts("registered"),
    "contract.registered": _contracts("registered", "signed"),
    "contract.reward": _contracts("registered", "signed"),
    "open_data.records": lambda _world: [
        {"nouns": nouns, "ending": ending}
        for nouns in ("demands", "outcomes")
        for ending in ("csv", "json", "jsonld")
    ],
    "open_data.counters": lambda _world: [{"ending": "csv"}, {"ending": "json"}],
    "profile.show": _both_nouns,
    "profile.document": _both_nouns,
    "pack.show": _agencies,
    "pack.document": _agencies,
    "pack.table": _agencies,
    "pack.events": lambda world: [
        {**agency, "code": code} for agency in _agencies(world) for code in (*MEASURES, "related")
    ],
    "figure.events": lambda _world: [{"code": code} for code in FIGURES],
    "contract.new": _engagement_ids,
    "contract.of_engagement": _engagement_ids,
    "notification.off": _mail_switches,
    "saved_search.show": lambda world: [
        {"public_id": public_id} for public_id in world.searches[::20]
    ],
}


# What lists show only when it is asked for.
VARIANTS: Final[Mapping[str, tuple[str, ...]]] = {
    "catalogue.demands": ("q=碳纤维成型", "field=materials&sort=money"),
    "catalogue.outcomes": ("q=碳纤维成型", "field=materials&sort=expiring"),
    "demand.mine": ("state=expiring",),
    "outcome.mine": ("state=expiring",),
    "next_step.listing": ("state=closed",),
    "question.listing": ("state=closed",),
    "notification.listing": ("page=2", "show=unread"),
    "duplicate.listing": ("noun=demand", "state=decided"),
    "placement.listing": ("noun=demand", "noun=outcome", "state=decided"),
    "engagement.board": ("view=closed", "scope=mine"),
    "match_review.queue": (*(f"view={view}" for view in VIEWS), "view=open&text=a&level=1"),
    "organisation.listing": ("state=pending",),
    "match.mine": ("state=accepted", "state=dismissed"),
    "contract.listing": ("counted=yes", "quarter=2026-Q1"),
    "figure.overview": ("period=", "period=2026&region=huancui", "period=&chain=carbon-fibre"),
    "figure.targets": ("year=2025",),
    "association.desk": ("view=unmatched", "view=expiring", "view=engaged"),
}


@dataclass
class Findings:
    """What was tried and what leaked."""

    answers: int = 0
    surfaces: set[tuple[str, str]] = field(default_factory=set)  # who, endpoint
    leaks: Counter[str] = field(default_factory=Counter)
    pages: dict[tuple[str, str], tuple[int, str]] = field(default_factory=dict)  # of records
    answered: dict[tuple[str, str, str], bool] = field(default_factory=dict)  # rules looked up

    def combinations(self, world: World) -> int:
        """How many (role, state, tier, surface) were checked."""
        return len(self.surfaces) * len({marker.about for marker in world.markers.values()})

    def note(self, who: str, surface: str, what: str) -> None:
        self.leaks[f"{surface}: {who} reads {what}"] += 1

    def told(self) -> str:
        return "\n".join(f"{count:4} × {leak}" for leak, count in self.leaks.most_common(40))


def addresses(app: Flask, world: World) -> Iterator[tuple[str, str]]:
    """Every address that answers a GET, by endpoint; new endpoints are among them by themselves."""
    with app.test_request_context():
        adapter = app.create_url_adapter(None) or app.url_map.bind("localhost")
        for rule in app.url_map.iter_rules():
            if "GET" not in (rule.methods or ()):
                continue
            for values in _filled(rule, world):
                yield rule.endpoint, adapter.build(rule.endpoint, values)
            for variant in VARIANTS.get(rule.endpoint, ()):
                yield rule.endpoint, f"{adapter.build(rule.endpoint)}?{variant}"


def _filled(rule: Rule, world: World) -> Values:
    if not rule.arguments:
        return [{}]
    if rule.endpoint not in PARAMETERS:
        raise LookupError(NOT_FILLED.format(endpoint=rule.endpoint, rule=rule.rule))
    return PARAMETERS[rule.endpoint](world)


def client_of(app: Flask, world: World, who: str, password: str = PASSWORD) -> FlaskClient:
    """A browser in which somebody is logged in."""
    client = app.test_client()
    with client.session_transaction() as session:
        session["language"] = "zh_Hans"
        if who in world.users:
            with world.platform.database.unit_of_work() as uow:
                session["token"] = account.log_in(
                    uow,
                    world.platform.passwords,
                    email=world.users[who].email,
                    password=password,
                    agent="",
                    days=1,
                )
    return client


def words_of(answer: TestResponse, address: str) -> str:
    """Everything that an answer says: its headers and its content, unpacked."""
    headers = "\n".join(f"{name}: {value}" for name, value in answer.headers)
    kind, body = answer.mimetype or "", answer.get_data()
    if kind.startswith(_TEXTUAL) or not body:
        content = _OWN_MENU.sub("", body.decode())
    elif kind.startswith(_ZIPPED):
        content = "\n".join(members(body))
    elif kind == "application/pdf":
        reader = PdfReader(io.BytesIO(body))
        content = "\n".join(page.extract_text() for page in reader.pages) + str(reader.metadata)
        content += content.replace("\n", "")  # a long word runs over the end of a line
    else:
        msg = f"{address} answers with {kind}: teach words_of in tier_surfaces.py to read it."
        raise LookupError(msg)
    return f"{headers}\n{content}"


def members(body: bytes) -> list[str]:
    """The files of an archive, each with its name."""
    with zipfile.ZipFile(io.BytesIO(body)) as packed:
        return [
            f"{name}\n{packed.read(name).decode('utf-8', 'replace')}" for name in packed.namelist()
        ]


def check(
    world: World, findings: Findings, who: str, surface: str, text: str, *, own: str = ""
) -> set[str]:
    """Note every marker in a text that somebody may not meet there; returns those found.

    ``own`` is what the reader has typed himself, which the page may repeat.
    """
    actor = world.actors[who]
    words = (found_in(text) & world.markers.keys()) - {own}
    findings.surfaces.add((who, surface))
    for word in words:
        marker = world.markers[word]
        key = (who, word, surface)
        if key not in findings.answered:
            findings.answered[key] = allowed(world, actor, marker, surface)
        if not findings.answered[key]:
            label = marker.record.label if marker.record else f"user {marker.role}"
            findings.note(who, surface, f"{marker.kind} of a {label} ({word})")
    for link in linked(world, actor, words, text):
        findings.note(who, surface, link)
    return words


def admitted(world: World, who: str, endpoint: str) -> bool:
    """Whether the table of access lets somebody's role come as far as the view."""
    roles, actor = ACCESS[endpoint], world.actors[who]
    return roles is PUBLIC or actor.role in roles or (roles is SIGNED_IN and actor.signed_in)


def crawl(
    app: Flask,
    world: World,
    *,
    who: tuple[str, ...] = (),
    endpoints: frozenset[str] = frozenset(),
    findings: Findings | None = None,
) -> Findings:
    """Everybody asks for everything; where his role is refused at the door, once."""
    findings = findings or Findings()
    listed = [
        (endpoint, address)
        for endpoint, address in addresses(app, world)
        if not endpoints or endpoint in endpoints
    ]
    for name in who or tuple(world.actors):
        client, refused = client_of(app, world, name), set[str]()
        for endpoint, address in listed:
            if endpoint in refused:
                continue  # the table in front of all views looks at the role alone
            answer = client.get(address)
            findings.answers += 1
            if not admitted(world, name, endpoint):
                refused.add(endpoint)
                if answer.status_code not in _REFUSALS:
                    findings.note(name, endpoint, f"{answer.status_code} in spite of his role")
            if answer.status_code >= 500:
                findings.note(name, endpoint, f"an error {answer.status_code} at {address}")
            if endpoint in _RECORD_PAGES:
                findings.pages[name, address] = (answer.status_code, answer.get_data(as_text=True))
            check(world, findings, name, endpoint, words_of(answer, address))
            answer.close()
    return findings


_VARYING: Final = re.compile(r'<input[^>]*name="(?:csrf_token|next)"[^>]*>')


def settled(text: str, typed: str) -> str:
    """A page without what differs from one request to the next, and without what was typed."""
    return _VARYING.sub("", _OWN_MENU.sub("", text)).replace(typed, "…")
