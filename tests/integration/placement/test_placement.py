"""Chains proposed for records without any, confirmed by a person, learnt from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import select

from matchmaker.bootstrap import Matchmaker
from matchmaker.cli.main import cli
from matchmaker.domain.demand import clean_demand
from matchmaker.domain.errors import Invalid, NotAllowed
from matchmaker.domain.permissions import Actor
from matchmaker.services import placement as service
from matchmaker.services import record
from matchmaker.store.audit import AuditEvent
from matchmaker.store.demand import Demand
from matchmaker.store.organisation import User
from matchmaker.store.outcome import Outcome
from matchmaker.store.placement import Placement, forget
from matchmaker.store.queries import home
from tests import builders
from tests.client import Client, form_values

Events = Callable[..., list[AuditEvent]]


@pytest.fixture
def outcomes(platform: Matchmaker, people: dict[str, User]) -> dict[str, str]:
    """Published outcomes without chains, and one that stands on a chain; by their names."""
    # The builders' texts speak of carbon fibre, and a record is read as a whole.
    steel = dict.fromkeys(("summary", "problem_solved", "advantage"), "连铸坯角部裂纹的控制。")
    with platform.database.unit_of_work() as uow:
        owner = people["researcher"]
        made = {
            "motor": builders.outcome(uow, owner, title="永磁同步电机转子结构", chains=()),
            "steel": builders.outcome(
                uow, owner, title="低碳钢板连铸坯角部裂纹控制", chains=(), **steel
            ),
            "placed": builders.outcome(uow, owner, title="光纤激光切割头", chains=("lasers",)),
        }
        return {name: one.public_id for name, one in made.items()}


def actor(person: User) -> Actor:
    return Actor(
        user_id=person.id,
        role=person.role,
        organisation_id=person.organisation_id,
        verified=True,
    )


def stored(platform: Matchmaker) -> dict[str, Any]:
    """The placements by the title of their outcome."""
    with platform.reading() as uow:
        rows = uow.session.execute(
            select(Outcome.title, Placement).join(Placement, Placement.record_id == Outcome.id)
        ).all()
        uow.session.expunge_all()
        return {title[:2]: placement for title, placement in rows}


def chains(platform: Matchmaker, public_id: str) -> list[str]:
    with platform.reading() as uow:
        found = uow.session.scalars(select(Outcome).where(Outcome.public_id == public_id)).one()
        return [chain.chain_code for chain in found.chains]


def test_records_without_chains_are_proposed_and_nothing_else_changes(
    platform: Matchmaker, outcomes: dict[str, str], events: Events
) -> None:
    report = platform.place()
    assert (report.proposed, report.examples) == (2, 1)
    found = stored(platform)
    assert found["永磁"].proposed[0][0] == "motors"
    assert found["低碳"].proposed[0][0] == ""
    assert {one.state for one in found.values()} == {"proposed"}
    assert chains(platform, outcomes["motor"]) == []
    assert len(events("propose")) == 1


@pytest.mark.usefixtures("outcomes")
def test_a_proposal_does_not_count_in_public_figures(platform: Matchmaker) -> None:
    with platform.reading() as uow:
        before = home.clusters(uow)
    platform.place()
    with platform.reading() as uow:
        assert home.clusters(uow) == before


def test_a_second_run_proposes_the_same_rows_and_drops_what_is_placed(
    platform: Matchmaker, outcomes: dict[str, str]
) -> None:
    platform.place()
    first = stored(platform)
    with platform.database.unit_of_work() as uow:
        record = uow.session.scalars(
            select(Outcome).where(Outcome.public_id == outcomes["steel"])
        ).one()
        builders_chains(record, "motors")
    platform.place()
    second = stored(platform)
    assert set(second) == {"永磁"}
    assert second["永磁"].public_id == first["永磁"].public_id


def builders_chains(record: Outcome, code: str) -> None:
    from matchmaker.services.record import set_chains

    set_chains(record, [code])


def test_a_confirmed_and_a_corrected_placement_write_chains_and_audit(
    app: Flask,
    platform: Matchmaker,
    people: dict[str, User],
    outcomes: dict[str, str],
    events: Events,
) -> None:
    platform.place()
    found = stored(platform)
    client = Client(app)
    client.log_in(people["bureau"])
    assert "永磁同步电机转子结构" in client.get("/placements/").words
    chosen = [found["永磁"].public_id, found["低碳"].public_id]
    client.post_form(
        "/placements/", {"chosen": chosen, f"chain-{chosen[1]}": "ships"}, form="decide"
    )
    after = stored(platform)
    assert (after["永磁"].state, after["低碳"].state) == ("confirmed", "corrected")
    assert after["永磁"].decided_by == people["bureau"].id
    assert chains(platform, outcomes["motor"]) == ["motors"]
    assert chains(platform, outcomes["steel"]) == ["ships"]
    assert len(events("place")) == 2
    assert events("correct")[0].changes["chains"][1] == "ships"


def test_a_proposal_says_by_which_words_of_the_public_text(
    app: Flask, platform: Matchmaker, people: dict[str, User]
) -> None:
    plain = dict.fromkeys(("summary", "problem_solved", "advantage"), "转子的新结构。")
    with platform.database.unit_of_work() as uow:
        owner = people["researcher"]
        builders.outcome(uow, owner, title="永磁同步电机", **plain, principle="开关磁阻电机")
    platform.place()
    client = Client(app)
    client.log_in(people["broker"])
    page = client.get("/placements/").words
    assert "%: 永磁同步电机" in page
    assert "开关磁阻电机" not in page
    (told,) = service.reasons(platform.plan, [("永磁同步电机", "开关磁阻电机", "motors")])
    assert "开关磁阻电机" in told  # it would be told if it were read


@pytest.mark.usefixtures("outcomes")
def test_whoever_reviews_nothing_may_not_decide(
    platform: Matchmaker, people: dict[str, User]
) -> None:
    platform.place()
    row = stored(platform)["永磁"]
    with pytest.raises(NotAllowed), platform.unit_of_work() as uow:
        service.decide(uow, actor(people["company"]), {row.public_id: "motors"}, platform.plan)
    assert stored(platform)["永磁"].state == "proposed"


def test_an_unknown_chain_is_refused_and_a_decided_placement_stays(
    platform: Matchmaker, people: dict[str, User], outcomes: dict[str, str]
) -> None:
    platform.place()
    row, bureau = stored(platform)["永磁"], actor(people["bureau"])
    with pytest.raises(Invalid), platform.unit_of_work() as uow:
        service.decide(uow, bureau, {row.public_id: "no-such-chain"}, platform.plan)
    for code, expected in (("none", 1), ("motors", 0)):
        with platform.unit_of_work() as uow:
            assert service.decide(uow, bureau, {row.public_id: code}, platform.plan) == expected
    assert stored(platform)["永磁"].state == "corrected"
    assert chains(platform, outcomes["motor"]) == []


@pytest.mark.usefixtures("outcomes")
def test_a_decision_on_none_is_not_proposed_again_and_is_learnt_from(
    platform: Matchmaker, people: dict[str, User]
) -> None:
    platform.place()
    row = stored(platform)["低碳"]
    with platform.unit_of_work() as uow:
        service.decide(uow, actor(people["broker"]), {row.public_id: "none"}, platform.plan)
    report = platform.place()
    assert (report.proposed, report.examples) == (1, 2)
    assert stored(platform)["低碳"].state == "confirmed"


def test_corrections_change_what_is_proposed(platform: Matchmaker, people: dict[str, User]) -> None:
    title = "风电叶片表面打磨"
    # What is learnt must come from the decisions: no word of the texts speaks of carbon fibre.
    texts = dict.fromkeys(("summary", "problem_solved", "advantage"), "风电叶片的打磨。")
    before = dict(platform.placing.propose([(title, "")])[0]).get("carbon-fibre", 0)
    with platform.database.unit_of_work() as uow:
        for number in range(12):
            builders.outcome(
                uow,
                people["researcher"],
                title=f"{title}{number}",
                chains=("carbon-fibre",),
                **texts,
            )
    platform.place()
    now = platform.placing
    assert dict(now.propose([(title, "")])[0])["carbon-fibre"] > before + 0.1


def test_the_form_proposes_a_chain_and_one_click_adds_it(
    app: Flask, people: dict[str, User]
) -> None:
    client = Client(app)
    client.log_in(people["researcher"])
    offer, typed = 'name="add-chain" value="motors"', {"title": "永磁同步电机转子结构"}
    assert "add-chain" not in client.get("/outcomes/new").text
    assert offer in client.press("/outcomes/new", {**typed, "then": "check"}, status=200).text
    page = client.press("/outcomes/new", {**typed, "add-chain": "motors"}, status=200)
    assert offer not in page.text
    assert form_values(page.form("new"))["chains"] == ["motors"]


def test_an_author_who_chooses_chains_closes_the_proposal(
    app: Flask, platform: Matchmaker, people: dict[str, User], outcomes: dict[str, str]
) -> None:
    platform.place()
    client = Client(app)
    client.log_in(people["researcher"])
    address = f"/outcomes/{outcomes['motor']}/edit"
    client.post_form(
        address,
        {"chains": ["motors"], "conversion_modes": ["licence"], "then": "save"},
        form="edit",
    )
    after = stored(platform)["永磁"]
    assert (after.state, after.decided_by) == ("confirmed", people["researcher"].id)


def test_a_first_look_adds_proposals_and_leaves_what_was_read_before(
    platform: Matchmaker, people: dict[str, User], outcomes: dict[str, str]
) -> None:
    platform.place()
    before = stored(platform)
    learnt = (platform.settings.index_dir / "placement.npz").read_bytes()
    with platform.database.unit_of_work() as uow:
        texts = dict.fromkeys(("summary", "problem_solved", "advantage"), "介入导管的挤出。")
        owner = people["researcher"]
        builders.outcome(uow, owner, title="医用导管挤出", chains=(), **texts)
        record = uow.session.scalars(
            select(Outcome).where(Outcome.public_id == outcomes["motor"])
        ).one()
        builders_chains(record, "motors")
    assert platform.place(quickly=True).proposed == 1
    after = stored(platform)
    assert set(after) == {"低碳", "医用"}  # the motor stands on a chain by now
    assert after["低碳"].proposed == before["低碳"].proposed
    assert after["医用"].model != before["低碳"].model
    assert (platform.settings.index_dir / "placement.npz").read_bytes() == learnt
    platform.place()
    assert stored(platform)["医用"].proposed[0][0] == "medical-devices"


@pytest.mark.usefixtures("outcomes")
@pytest.mark.parametrize(("quickly", "counted"), [(False, [3, 3]), (True, [3, 1])])
def test_progress_counts_every_record_that_is_read(
    platform: Matchmaker, quickly: bool, counted: list[int]
) -> None:
    told: list[int] = []
    read: list[int] = []

    @contextmanager
    def learn(count: int) -> Iterator[Callable[[int], None]]:
        told.append(count)
        yield read.append
        assert sum(read) == sum(told)

    for _run in counted:  # two without chains and an example; a first look reads no proposal again
        platform.place(learn, quickly=quickly)
    assert told == counted


def test_what_is_decided_or_deleted_while_records_are_read_stays_so(
    platform: Matchmaker, people: dict[str, User], outcomes: dict[str, str]
) -> None:
    platform.place()
    known = stored(platform)["永磁"].public_id

    @contextmanager
    def meanwhile(_count: int) -> Iterator[Callable[[int], None]]:
        yield lambda _read: None
        with platform.database.unit_of_work() as uow:
            service.decide(uow, actor(people["broker"]), {known: "motors"}, platform.plan)
            steel = uow.session.scalars(
                select(Outcome).where(Outcome.public_id == outcomes["steel"])
            ).one()
            forget(uow, "outcome", steel.id)
            uow.session.delete(steel)

    platform.place(meanwhile)
    assert {title: one.state for title, one in stored(platform).items()} == {"永磁": "confirmed"}


def test_a_specialist_saves_a_demand_that_has_an_open_proposal(
    platform: Matchmaker, people: dict[str, User]
) -> None:
    with platform.database.unit_of_work() as uow:
        made = builders.demand(uow, people["company"], title="永磁同步电机转子降温", chains=())
        key = made.id
    platform.place()
    firm = people["company"].organisation_id
    assert firm
    specialist = Actor(
        user_id=people["specialist"].id, role="specialist", placed_with=frozenset({firm})
    )
    with platform.database.unit_of_work() as uow:
        demand = uow.session.get_one(Demand, key)
        demand.state = "draft"
        chains = {"motors": platform.plan.chain_by_code["motors"]}
        form = {"title": demand.title, "chains": ["motors"]}
        fields = clean_demand(form, chains=chains, regions={})
        record.edit(uow, specialist, demand, fields, version=None)
    with platform.reading() as uow:
        row = uow.session.scalars(select(Placement).where(Placement.record_id == key)).one()
        assert (row.state, row.decided_by) == ("confirmed", specialist.user_id)


def test_chains_that_are_taken_away_again_do_not_mean_none(
    app: Flask, platform: Matchmaker, people: dict[str, User], outcomes: dict[str, str]
) -> None:
    def lead(state: str) -> None:
        with platform.database.unit_of_work() as uow:
            wanted = Outcome.public_id == outcomes["motor"]
            uow.session.scalars(select(Outcome).where(wanted)).one().state = state

    platform.place()
    lead("draft")  # a published outcome must stand on a chain or be said to stand on none
    client = Client(app)
    client.log_in(people["researcher"])
    address = f"/outcomes/{outcomes['motor']}/edit"
    form = {"conversion_modes": ["licence"], "then": "save"}
    client.post_form(address, {**form, "chains": ["motors"]}, form="edit")
    assert stored(platform)["永磁"].state == "confirmed"
    client.post_form(address, {**form, "chains": []}, form="edit")
    assert "永磁" not in stored(platform)
    lead("published")
    assert platform.place().examples == 1
    assert stored(platform)["永磁"].state == "proposed"


@pytest.mark.usefixtures("outcomes")
def test_the_command_tells_what_waits(platform: Matchmaker) -> None:
    told = CliRunner().invoke(cli, ["place", "--all"], obj=platform)
    assert told.exit_code == 0
    assert "2 records wait for a person, 1 of them" in told.stdout
