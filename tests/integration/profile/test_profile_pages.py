"""A record leaves on one English page that names nobody, and says what its author did not write."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from pypdf import PdfReader

from matchmaker.bootstrap import Matchmaker
from matchmaker.store.organisation import Organisation, User
from matchmaker.store.outcome import Outcome
from tests import builders
from tests.client import Client, form_values

Browser = Callable[..., Client]
People = dict[str, User]
ENGLISH = {
    "title_en": "Prepreg that cures in five minutes",
    "summary_en": "A fast curing prepreg for press forming, proven by Prof. Li Wei.",
    "advantage_en": "One fifth of the cycle of an autoclave; used by Northwind Composites Ltd.",
}


def sheet(client: Client, noun: str, public_id: str) -> str:
    """The text of the PDF, which has one page."""
    answer = client.flask.get(f"/profiles/{noun}/{public_id}/profile.pdf")
    assert answer.mimetype == "application/pdf"
    (page,) = PdfReader(io.BytesIO(answer.data)).pages
    assert public_id not in answer.headers["Content-Disposition"]
    return " ".join(page.extract_text().split())


@pytest.fixture
def offered(platform: Matchmaker, people: People) -> Outcome:
    """An outcome with English texts in which names stand."""
    with platform.unit_of_work() as uow:
        home = uow.session.get_one(Organisation, people["researcher"].organisation_id)
        home.region_code = "huancui"
        return builders.outcome(
            uow,
            people["researcher"],
            **ENGLISH,
            problem_solved=f"由{home.name}与海蓝师范大学在环翠区中试线验证，专利ZL202310000001.2。",
            team=[people["researcher"].name],
            ip=[{"kind": "invention", "number": "ZL202310000001.2", "status": "granted"}],
            ownership=home.name,
            registration_number="9372026Y0001",
            principle="原理标记",
            know_how="诀窍标记",
        )


@pytest.mark.parametrize("language", ["en", "zh_Hans"])
def test_a_profile_is_in_english_on_one_page_and_names_nobody(
    platform: Matchmaker, people: People, browser: Browser, offered: Outcome, language: str
) -> None:
    client = browser(language=language)
    client.log_in(people["broker"])
    page = client.get(f"/profiles/outcome/{offered.public_id}")
    written = sheet(client, "outcome", offered.public_id)
    with platform.reading() as uow:
        home = uow.session.get_one(Organisation, people["researcher"].organisation_id)
    for shown in (page.words, written):
        assert ENGLISH["title_en"] in shown
        assert "Advantages and innovations" in shown
        assert "IPR status" in shown
        assert "China, Weihai" in shown
    for told in (
        *(home.name, people["researcher"].name, "Li Wei", "Northwind", "海蓝师范", "环翠"),
        *("202310000001", "9372026Y0001", "标记", offered.public_id),
    ):
        assert told not in written, told
        assert told not in page.words.split("Technology offer", 1)[1], told
    # Nobody wrote a description in English: the Chinese one stands there, and the sheet says so.
    assert "The author has not written these parts in English" in written
    assert "Description" in written
    assert ("Held back" if language == "en" else "已隐去的内容") in page.text
    assert f"/outcomes/{offered.public_id}" in page.links()


def test_a_complete_english_text_needs_no_notice(
    platform: Matchmaker, people: People, browser: Browser
) -> None:
    with platform.unit_of_work() as uow:
        made = builders.demand(
            uow,
            people["company"],
            disclosure="anonymous",
            title_en="Prepreg wanted",
            summary_en="Cycle times are too long.",
            description_en="Shells of sports goods.",
            target_en="Eight minutes a part.",
        )
    client = browser()
    client.log_in(people["company"])
    assert f"/profiles/demand/{made.public_id}" in client.get(f"/demands/{made.public_id}").links()
    written = sheet(client, "demand", made.public_id)
    assert "Technical specification sought Eight minutes a part." in written
    assert "has not written" not in written
    assert "Weihai" not in written  # it would tell something of an anonymous company
    assert "高强度" not in written


def test_who_may_not_make_one_is_refused_and_sees_no_button(
    platform: Matchmaker, people: People, browser: Browser, offered: Outcome
) -> None:
    with platform.unit_of_work() as uow:
        public = builders.demand(uow, people["company"]).public_id
        directed = builders.demand(uow, people["company"], disclosure="directed").public_id
        draft = builders.demand(uow, people["company"], state="draft").public_id
    for who, noun, public_id, status in (
        ("researcher", "demand", public, 403),
        ("company", "outcome", offered.public_id, 403),
        ("administrator", "demand", public, 403),
        ("broker", "demand", directed, 403),
        ("bureau", "demand", directed, 403),
        ("company", "demand", directed, 200),
        ("broker", "demand", draft, 404),
        ("company", "demand", draft, 200),
        ("bureau", "outcome", offered.public_id, 200),
    ):
        client = browser()
        client.log_in(people[who])
        for part in ("", "/profile.pdf"):
            address = f"/profiles/{noun}/{public_id}{part}"
            assert client.flask.get(address).status_code == status, (who, address)
        if status == 403:
            assert "/profiles/" not in client.flask.get(f"/{noun}s/{public_id}").text
    browser().get(f"/profiles/demand/{public}", 303)


def test_english_texts_are_written_in_the_form_and_saved_in_the_background(
    platform: Matchmaker, people: People, browser: Browser
) -> None:
    client = browser()
    client.log_in(people["researcher"])
    client.post_form("/outcomes/new", {"title": "快速固化预浸料", "title_en": "Fast prepreg"})
    with platform.reading() as uow:
        stored = uow.session.query(Outcome).filter_by(title="快速固化预浸料").one()
        assert stored.title_en == "Fast prepreg"
    page = client.get(f"/outcomes/{stored.public_id}/edit")
    typed = form_values(page.form(0))
    better = {"advantage_en": "Five minutes instead of forty", "then": "autosave"}
    assert client.flask.post(page.where, data=typed | better).status_code == 200
    with platform.reading() as uow:
        again = uow.session.query(Outcome).filter_by(title="快速固化预浸料").one()
        assert again.advantage_en == "Five minutes instead of forty"
    too_long = client.post_form(page.where, {"title_en": "x" * 151}, status=422)
    assert too_long.errors()


def test_an_anonymous_demand_may_not_name_its_company_in_english(
    platform: Matchmaker, people: People, browser: Browser
) -> None:
    with platform.unit_of_work() as uow:
        home = uow.session.get_one(Organisation, people["company"].organisation_id)
        home.name_en = "Daiya Carbon Materials"
        made = builders.demand(
            uow,
            people["company"],
            state="draft",
            disclosure="anonymous",
            chains=["carbon-fibre"],
            description_en="We at Daiya Carbon Materials need it.",
        )
    client = browser()
    client.log_in(people["company"])
    client.press(f"/demands/{made.public_id}/submit", status=422)
