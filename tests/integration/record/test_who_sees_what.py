"""Who reaches which page and button of a record, in which state; what never shows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import select

from matchmaker.bootstrap import Matchmaker
from matchmaker.domain.permissions import RULES, may
from matchmaker.domain.visibility import LISTED_STATES
from matchmaker.domain.vocabulary import DEMAND_STATES, OUTCOME_STATES
from matchmaker.services.account import actor_of
from matchmaker.store.organisation import User
from tests import builders
from tests.integration.record.conftest import People

MARKERS = {"current_state": "机密现状", "partner_wanted": "机密伙伴", "know_how": "机密诀窍"}
WHO = (
    "company",
    "colleague",
    "rival",
    "pending",
    "researcher",
    "other researcher",
    "manager",
    "outsider",
    "broker",
    "bureau",
    "administrator",
    "",
)
STATES = {"demand": DEMAND_STATES, "outcome": OUTCOME_STATES}
ACTIONS = {
    noun: [rule.action for rule in RULES if rule.noun == noun and rule.target]
    for noun in ("demand", "outcome")
}
NOTED = {"returned", "changes_requested"}


@dataclass(frozen=True)
class Case:
    """A stored record with its address."""

    noun: str
    state: str
    path: str
    record: Any


@pytest.fixture(params=[(noun, state) for noun in STATES for state in STATES[noun]])
def case(request: pytest.FixtureRequest, platform: Matchmaker, people: People) -> Case:
    noun, state = request.param
    author = "company" if noun == "demand" else "researcher"
    with platform.unit_of_work() as uow:
        person = uow.session.scalars(select(User).where(User.email == people.emails[author])).one()
        hidden = {
            name: text
            for name, text in MARKERS.items()
            if (name == "know_how") == (noun == "outcome")
        }
        build = builders.demand if noun == "demand" else builders.outcome
        note = "请补充" if state in NOTED else ""
        made = build(uow, person, state=state, state_note=note, chains=["carbon-fibre"], **hidden)
        made.recipient_ids  # noqa: B018 - loads what permissions look at
        path = f"/{noun}s/{made.public_id}"
    return Case(noun, state, path, made)


def _actors(platform: Matchmaker, people: People) -> Iterator[tuple[str, Any]]:
    with platform.reading() as uow:
        for who in WHO:
            if who:
                email = people.emails[who]
                user = uow.session.scalars(select(User).where(User.email == email)).one()
                yield who, actor_of(user)


def test_buttons_are_those_of_the_table_and_nobody_else_can_press_them(
    platform: Matchmaker, people: People, case: Case
) -> None:
    for who, actor in _actors(platform, people):
        browser = people(who)
        page = browser._client.get(case.path)
        text = page.get_data(as_text=True)
        for action in ACTIONS[case.noun]:
            if action == "expire":
                continue
            target = f'action="{case.path}/{action.replace("_", "-")}"'
            allowed = may(actor, case.noun, action, case.record)
            assert (target in text) == allowed, (who, action)
            if not allowed:
                token = browser.csrf()
                answer = browser._client.post(
                    f"{case.path}/{action.replace('_', '-')}",
                    data={"csrf_token": token, "note": "x"},
                )
                assert answer.status_code in (403, 404, 409), (who, action)


def test_confidential_values_show_on_no_page_to_anybody(people: People, case: Case) -> None:
    paths = (case.path, f"{case.path}/edit", f"/{case.noun}s/mine", "/to-review")
    for who in WHO:
        browser = people(who)
        for path in paths:
            text = browser._client.get(path).get_data(as_text=True)
            for marker in MARKERS.values():
                assert marker not in text, (who, path)


def test_nobody_outside_sees_what_is_not_listed(people: People, case: Case) -> None:
    status = 200 if case.state in LISTED_STATES[case.noun] else 404
    for who in ("", "rival", "outsider", "administrator"):
        people(who).get(case.path, status)


def test_the_name_behind_an_anonymous_demand_is_known_to_its_company_and_reviewers_only(
    platform: Matchmaker, people: People
) -> None:
    with platform.unit_of_work() as uow:
        found = uow.session.scalars(select(User).where(User.email == people.emails["company"]))
        made = builders.demand(uow, found.one(), disclosure="anonymous", chains=["carbon-fibre"])
        path = f"/demands/{made.public_id}"
    for who in WHO:
        knows = who in ("company", "colleague", "broker", "bureau")
        page = people(who).get(path)
        main = page[page.index("<main") :]
        assert ("虚构海源公司" in main) == knows, who
        assert ("Anonymous company" in main) != knows, who


def test_the_principle_is_read_by_verified_organisations_only(
    platform: Matchmaker, people: People
) -> None:
    with platform.unit_of_work() as uow:
        found = uow.session.scalars(select(User).where(User.email == people.emails["researcher"]))
        made = builders.outcome(uow, found.one(), principle="原理标记", chains=["carbon-fibre"])
        path = f"/outcomes/{made.public_id}"
    for who in WHO:
        reads = who not in ("", "pending", "administrator")
        assert ("原理标记" in people(who).get(path)) == reads, who


def test_reviewers_find_what_waits_for_them(platform: Matchmaker, people: People) -> None:
    with platform.unit_of_work() as uow:
        for author, build, state, title in (
            ("company", builders.demand, "submitted", "待审的需求"),
            ("researcher", builders.outcome, "institution_review", "待审的成果"),
        ):
            email = people.emails[author]
            person = uow.session.scalars(select(User).where(User.email == email)).one()
            build(uow, person, state=state, title=title)
    for who, demand, outcome in (
        ("broker", True, False),
        ("bureau", True, True),
        ("manager", False, True),
    ):
        page = people(who).get("/to-review")
        assert ("待审的需求" in page, "待审的成果" in page) == (demand, outcome), who
    people("researcher").get("/to-review", 403)
    people("company").get("/to-review", 403)


def test_returning_needs_reasons_and_the_author_reads_them(
    platform: Matchmaker, people: People
) -> None:
    with platform.unit_of_work() as uow:
        email = people.emails["company"]
        person = uow.session.scalars(select(User).where(User.email == email)).one()
        path = f"/demands/{builders.demand(uow, person, state='submitted').public_id}"
    broker = people("broker")
    page = broker.send(f"{path}/return", {"note": " \u200b"}, 422)
    assert "Say what has to be changed" in page
    page = broker.send(f"{path}/return", {"note": "长" * 501}, 422)
    assert "长" * 501 in page
    broker.send(f"{path}/return", {"note": "请补充 <i>指标</i>"})
    broker.get(path, 404)
    for address in (path, "/demands/mine"):
        page = people("company").get(address)
        assert "请补充 &lt;i&gt;指标&lt;/i&gt;" in page
