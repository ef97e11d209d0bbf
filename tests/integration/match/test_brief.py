"""The printed brief says what its side may see, and nothing that is private slips into the file."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pytest
from pypdf import PdfReader
from sqlalchemy import update

from matchmaker.store.demand import Demand, DemandRecipient
from matchmaker.store.organisation import Organisation
from matchmaker.store.outcome import Outcome
from tests import builders
from tests.client import Client
from tests.integration.match_review.conftest import Desk, desk

__all__ = ["desk"]
Browser = Callable[..., Client]
SECRETS = ("机密现状", "合作方乙", "机密诀窍", "脱敏原理")


@pytest.fixture(autouse=True)
def _private(desk: Desk) -> None:
    """Fills the tiers that no paper may carry, and has the company write its own name."""
    with desk.platform.database.unit_of_work() as uow:
        name = uow.session.get_one(Organisation, desk.people["company"].organisation_id).name
        uow.session.execute(
            update(Demand).values(
                current_state="机密现状",
                partner_wanted="合作方乙",
                problem=Demand.problem + f"本公司{name}急需。",
            )
        )
        uow.session.execute(update(Outcome).values(know_how="机密诀窍", principle="脱敏原理"))


def _fetch(client: Client, address: str) -> tuple[str, bytes, str]:
    """Text, bytes and headers of a brief."""
    answer = client.flask.get(address)
    assert answer.status_code == 200, answer.status_code
    assert answer.mimetype == "application/pdf"
    reader = PdfReader(BytesIO(answer.data))
    assert len(reader.pages) == 1
    told = " ".join(f"{key} {value}" for key, value in (reader.metadata or {}).items())
    return reader.pages[0].extract_text() + told, answer.data, str(answer.headers)


@pytest.mark.parametrize("language", ["en", "zh_Hans"])
@pytest.mark.parametrize("reader", ["broker", "researcher"])
def test_the_researchers_brief_never_names_an_anonymous_company(
    desk: Desk, browser: Browser, language: str, reader: str
) -> None:
    client = browser(language=language)
    client.log_in(desk.people[reader])
    client.choose_language(language)
    with desk.platform.reading() as uow:
        name = uow.session.get_one(Organisation, desk.people["company"].organisation_id).name
    text, data, headers = _fetch(client, f"/matches/{desk.matches[2]}/brief-outcome.pdf")
    plain = "".join(text.split())
    assert "匿名的成型需求" in plain
    assert "制品孔隙率高" in plain
    for private in (name, "文登", "Wendeng", *SECRETS):
        assert private not in plain
        assert private not in headers
        assert private.encode() not in data
    assert "＊＊＊" in plain  # what the company wrote of itself is blotted out
    public, _data, _headers = _fetch(client, f"/matches/{desk.matches[0]}/brief-outcome.pdf")
    assert name in "".join(public.split())


@pytest.mark.parametrize("reader", ["broker", "company"])
def test_the_companys_brief_is_about_the_outcome(desk: Desk, browser: Browser, reader: str) -> None:
    client = browser()
    client.log_in(desk.people[reader])
    text, _data, headers = _fetch(client, f"/matches/{desk.matches[2]}/brief-demand.pdf")
    plain = "".join(text.split())
    assert "增韧环氧树脂" in plain
    assert "MatureenoughTRL6" in plain.replace(":", "")
    assert not [one for one in SECRETS if one in plain]
    assert f"brief-demand-{desk.matches[2]}.pdf" in headers


@pytest.mark.parametrize(
    ("role", "side"),
    [
        ("company", "outcome"),
        ("researcher", "demand"),
        ("administrator", "demand"),
        ("bureau", "outcome"),
    ],
)
def test_nobody_prints_the_other_sides_brief(
    desk: Desk, browser: Browser, role: str, side: str
) -> None:
    client = browser()
    client.log_in(desk.people[role])
    status = 404 if role in {"company", "researcher"} else 403
    client.get(f"/matches/{desk.matches[0]}/brief-{side}.pdf", status=status)


def test_a_directed_demand_is_not_printed_for_an_institution_it_is_not_directed_to(
    desk: Desk, browser: Browser
) -> None:
    with desk.platform.database.unit_of_work() as uow:
        other = builders.organisation(uow, "institution")
        demand = uow.session.get_one(Demand, desk.demands[0].id)
        demand.disclosure = "directed"
        demand.recipients = [DemandRecipient(organisation_id=other.id)]
    client = browser()
    client.log_in(desk.people["broker"])
    client.get(f"/matches/{desk.matches[0]}/brief-outcome.pdf", status=404)


def test_a_long_record_still_takes_one_page(desk: Desk, browser: Browser) -> None:
    with desk.platform.database.unit_of_work() as uow:
        long = "高强度碳纤维复合材料<b>成型</b>&工艺" * 24
        uow.session.execute(
            update(Outcome).values(
                summary=long[:500], problem_solved=long[:500], advantage=long[:500], economics=long
            )
        )
    client = browser()
    client.log_in(desk.people["broker"])
    text, _data, _headers = _fetch(client, f"/matches/{desk.matches[0]}/brief-demand.pdf")
    assert "<b>成型</b>&工艺" in "".join(text.split())
