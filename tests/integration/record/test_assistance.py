"""Offers, the meter, the check and saving in the background."""

from __future__ import annotations

import re
from typing import Any

import html5lib
import pytest
from sqlalchemy import select

from matchmaker.bootstrap import Matchmaker
from matchmaker.store.audit import AuditEvent
from matchmaker.store.demand import Demand
from tests.integration.record.conftest import People
from tests.integration.record.test_writing import CASES, DEMAND
from tests.integration.record.visitor import fields_of

TEXT = "孔隙率不高于1%，成型周期缩短到8分钟以内。"
LEAKING = DEMAND | {
    "disclosure": "anonymous",
    "problem": "海源的模压线目前单件成型 25 分钟，三分之一有气孔，设备购自青岛晨星机械有限公司。",
}


def _only(platform: Matchmaker) -> Any:
    with platform.reading() as uow:
        found = uow.session.scalars(select(Demand)).one()
        uow.session.expunge_all()
    return found


def _offers(page: str) -> list[str]:
    return re.findall(r'name="add" value="([^"]+)"', page)


def _keys(page: str) -> list[str]:
    return re.findall(r'name="confirmed" value="([^"]+)"', page)


def test_indicators_in_the_text_are_offered_and_one_press_adds_one(people: People) -> None:
    author = people("company")
    blank = author.form("/demands/new")
    page = author.send("/demands/new", blank | {"title": "甲", "target": TEXT}, 200, then="check")
    assert _offers(page) == ["孔隙率 ≤1 %", "成型周期 ≤8 分钟"]
    page = author.send("/demands/new", fields_of(page), 200, add="成型周期 ≤8 分钟")
    shown = fields_of(page)
    assert [shown[f"indicators-0-{name}"] for name in ("name", "comparator", "value", "unit")] == [
        "成型周期", "le", "8", "分钟",
    ]  # fmt: skip
    assert _offers(page) == ["孔隙率 ≤1 %"]
    page = author.send("/demands/new", shown, 200, add="没有这个 ≤1 %")
    assert fields_of(page)["indicators-1-name"] == ""


@pytest.mark.parametrize(("noun", "who", "values"), CASES)
def test_the_script_gets_the_parts_that_follow_the_text_alone(
    people: People, platform: Matchmaker, noun: str, who: str, values: dict[str, object]
) -> None:
    author = people(who)
    blank = author.form(f"/{noun}s/new")
    part = author._client.post(f"/{noun}s/assistance", data=blank | values)
    text = part.get_data(as_text=True)
    assert part.status_code == 200
    assert "<html" not in text
    tree = html5lib.parse(text)
    ids = {one.get("id") for one in tree.iter() if one.get("id")}
    assert {"assist-steps", "assist-meter", "assist-offers", "assist-check"} <= ids
    with platform.reading() as uow:
        assert uow.session.scalars(select(Demand)).all() == []


def test_the_meter_grows_and_says_what_is_missing(people: People) -> None:
    author = people("company")
    page = author.get("/demands/new")
    assert "<strong>0 %</strong>" in page
    page = author.send("/demands/new", DEMAND, 200, then="check")
    assert re.search(r"<strong>8\d %</strong>", page)
    assert 'href="#lowest_trl"' not in page


def test_what_readers_would_miss_is_told_and_stops_nobody(
    people: People, platform: Matchmaker
) -> None:
    author = people("company")
    poor = DEMAND | {"indicators-0-name": "", "indicators-0-value": "", "problem": "太慢。"}
    poor |= {"indicators-1-name": "", "indicators-1-value": "", "indicators-1-value_high": ""}
    poor |= {"indicators-0-unit": "", "indicators-0-condition": "", "indicators-1-unit": ""}
    page = author.send("/demands/new", poor, 200, then="check")
    assert "too short to judge by" in page
    assert "no figure yet" in page
    author.send("/demands/new", poor, then="submit")
    assert _only(platform).state == "submitted"


def test_an_anonymous_demand_that_names_somebody_is_not_submitted_until_confirmed(
    people: People, platform: Matchmaker
) -> None:
    author = people("company")
    page = author.send("/demands/new", LEAKING, 422, then="submit")
    assert "its public text names somebody" in page
    assert "青岛晨星机械有限公司" in page
    assert _only(platform).state == "draft"
    where = f"/demands/{_only(platform).public_id}"
    keys = _keys(page)
    assert keys == ["problem|own_short_name|海源", "problem|company|青岛晨星机械有限公司"]
    shown = fields_of(page)
    author.send(f"{where}/edit", shown | {"confirmed": keys[:1]}, 422, then="submit")
    shown["version"] = str(_only(platform).version)
    author.send(f"{where}/edit", shown | {"confirmed": keys}, then="submit")
    assert _only(platform).state == "submitted"
    with platform.reading() as uow:
        row = uow.session.scalars(select(AuditEvent).where(AuditEvent.action == "submit")).one()
        assert row.changes["confirmed"][1] == "problem: own_short_name; problem: company"
    seen = people("broker").get(where)
    assert "May tell who the company is" in seen


@pytest.mark.parametrize("words", ["虚构海源公司", "li@example.org", "13812345678"])
def test_what_is_beyond_doubt_cannot_be_confirmed(
    people: People, platform: Matchmaker, words: str
) -> None:
    author = people("company")
    typed = DEMAND | {"disclosure": "anonymous", "target": f"见{words}的要求，八分钟以内。"}
    where = author.send("/demands/new", typed, then="save")
    page = author.get(f"{where}/edit")
    assert words in page
    assert "it identifies somebody beyond doubt" in page
    assert _keys(page) == []
    forged = [f"target|{code}|{words}" for code in ("own_name", "email", "phone")]
    author.send(f"{where}/submit", status=422, confirmed=forged)
    assert _only(platform).state == "draft"


def test_a_public_demand_may_name_whom_it_likes(people: People, platform: Matchmaker) -> None:
    author = people("company")
    author.send("/demands/new", LEAKING | {"disclosure": "public"}, then="submit")
    assert _only(platform).state == "submitted"


def test_the_button_of_the_page_checks_like_the_form(people: People, platform: Matchmaker) -> None:
    author = people("company")
    where = author.send("/demands/new", LEAKING, then="save")
    page = author.send(f"{where}/submit", status=422)
    assert len(_keys(page)) == 2
    assert _only(platform).state == "draft"


def test_a_published_anonymous_demand_stays_without_names(
    people: People, platform: Matchmaker
) -> None:
    author = people("company")
    clean = DEMAND | {"disclosure": "anonymous"}
    where = author.send("/demands/new", clean, then="submit")
    people("broker").send(f"{where}/publish")
    form = author.form(f"{where}/edit")
    page = author.send(f"{where}/edit", form | {"constraints": "海源的压机"}, 422, then="save")
    assert "its public text names somebody" in page
    assert _only(platform).constraints == DEMAND["constraints"]
    author.send(
        f"{where}/edit",
        form | {"constraints": "海源的压机", "confirmed": _keys(page)},
        then="save",
    )
    assert _only(platform).constraints == "海源的压机"


def _autosave(author: Any, path: str, values: dict[str, object], status: int) -> tuple[str, str]:
    answer = author._client.post(path, data=values | {"then": "autosave"})
    text = answer.get_data(as_text=True)
    assert answer.status_code == status, text
    version = re.search(r'data-version="(\d*)"', text)
    address = re.search(r'data-address="([^"]*)"', text)
    assert version
    assert address
    return version[1], address[1]


def test_a_draft_is_saved_in_the_background(people: People, platform: Matchmaker) -> None:
    author = people("company")
    blank = author.form("/demands/new")
    _autosave(author, "/demands/new", blank, 422)  # no title yet
    version, address = _autosave(author, "/demands/new", blank | {"title": "自动保存"}, 200)
    stored = _only(platform)
    assert (stored.title, stored.state, str(stored.version)) == ("自动保存", "draft", version)
    assert address == f"/demands/{stored.public_id}/edit"
    form = author.form(address)
    version, _ = _autosave(author, address, form | {"problem": "慢"}, 200)
    assert _only(platform).problem == "慢"
    _autosave(author, address, form | {"problem": "旧"}, 409)
    assert _only(platform).problem == "慢"
    author.send(address, form | {"version": version, "problem": "快"}, then="save")
    assert _only(platform).problem == "快"


def test_a_mistake_and_a_published_record_are_not_saved_in_the_background(
    people: People, platform: Matchmaker
) -> None:
    author = people("company")
    where = author.send("/demands/new", DEMAND, then="submit")
    form = author.form("/demands/new")
    _autosave(author, "/demands/new", form | {"title": "x", "budget_max": "viel"}, 422)
    people("broker").send(f"{where}/publish")
    form = author.form(f"{where}/edit")
    _autosave(author, f"{where}/edit", form | {"title": "改"}, 409)
    assert _only(platform).title == DEMAND["title"]
    assert "data-autosave" not in author.get(f"{where}/edit")


def test_enter_in_a_field_saves_and_does_nothing_else(people: People) -> None:
    page = people("company").get("/demands/new")
    first = re.search(r"<button[^>]*>", page[page.index('id="record-form"') :])
    assert first
    assert 'name="then" value="save"' in first[0]
