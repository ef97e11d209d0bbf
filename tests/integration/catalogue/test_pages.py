"""The catalogue's pages: search, strange addresses, and a constant number of statements."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event

from matchmaker.bootstrap import Matchmaker
from matchmaker.store.demand import DemandRecipient
from matchmaker.store.organisation import User
from tests import builders
from tests.client import Client

Browser = Callable[..., Client]


@contextmanager
def statements(platform: Matchmaker) -> Iterator[list[str]]:
    """What this thread sends; matching goes on beside it."""
    sent: list[str] = []
    mine = threading.get_ident()

    def note(*arguments: object) -> None:
        if threading.get_ident() == mine:
            sent.append(str(arguments[2]))

    event.listen(platform.database.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(platform.database.engine, "before_cursor_execute", note)


def _publish(platform: Matchmaker, count: int) -> None:
    with platform.unit_of_work() as uow:
        company = builders.organisation(uow, region_code="huancui")
        institution = builders.organisation(uow, "institution", region_code="rongcheng")
        for number in range(count):
            builders.demand(uow, company, title=f"海参加工需求{number}", chains=["marine-food"])
            builders.outcome(uow, institution, title=f"海参保鲜成果{number}")


@pytest.mark.parametrize(
    "address",
    ["/", "/demands", "/outcomes", "/demands?q=海参", "/outcomes?chain=marine-food&trl=4-6"],
)
def test_more_rows_send_no_more_statements(
    platform: Matchmaker, client: Client, address: str
) -> None:
    _publish(platform, 3)
    client.get(address)
    with statements(platform) as few:
        client.get(address)
    _publish(platform, 12)
    client.get(address)
    with statements(platform) as many:
        client.get(address)
    assert len(many) <= len(few)
    assert len(many) <= 15


def test_a_search_finds_by_word_and_by_meaning(platform: Matchmaker, client: Client) -> None:
    with platform.unit_of_work() as uow:
        institution = builders.organisation(uow, "institution")
        builders.outcome(uow, institution, title="碳纤维预浸料", summary="复合材料")
        builders.outcome(uow, institution, title="牡蛎苗种繁育", summary="三倍体")
    page = client.get("/outcomes?q=预浸料")
    assert "碳纤维预浸料" in page.words
    assert "牡蛎苗种繁育" not in page.words
    assert "碳纤维预浸料" in client.get("/outcomes?q=carbon fibre prepreg").words
    assert "牡蛎苗种繁育" in client.get("/outcomes?q=oyster seed breeding").words


@pytest.mark.parametrize(
    "query",
    [
        "page=-1",
        "page=99999999999999999999",
        "page=abc",
        "chain=moon&region=atlantis&trl=x&mode=y&money=z&field=w&state=v",
        "sort=;drop table demand",
        "q=" + "长" * 5_000,
        "q=%00%01%1b[31m",
        "q=%ff%fe",
        "q=<script>alert(1)</script>",
        "q='%22--",
        "chain=" + "&chain=".join(["ships"] * 300),
    ],
)
def test_strange_addresses_get_a_sound_page(
    platform: Matchmaker, client: Client, query: str
) -> None:
    _publish(platform, 1)
    page = client.get(f"/demands?{query}")
    assert "<script>alert" not in page.text


def test_nobody_learns_of_what_is_not_theirs(
    platform: Matchmaker, people: dict[str, User], browser: Browser
) -> None:
    with platform.unit_of_work() as uow:
        secret = builders.organisation(uow, name="保密来源有限公司", region_code="rushan")
        builders.demand(uow, secret, title="匿名的烫金需求", disclosure="anonymous")
        directed = builders.demand(uow, secret, title="定向的镀膜需求", disclosure="directed")
        chosen = people["researcher"].organisation_id
        assert chosen is not None
        directed.recipients = [DemandRecipient(organisation_id=chosen)]
    addresses = [
        "/",
        "/demands",
        "/demands?q=镀膜",
        "/demands?region=rushan",
        "/demands?sort=money",
    ]
    addresses += ["/demands?q=保密来源有限公司"]
    for role in (None, "company", "administrator"):
        reader = browser()
        if role:
            reader.log_in(people[role])
        for address in addresses:
            page = reader.get(address)
            # What the reader typed may stand in the search box and in its chip.
            assert "保密来源有限公司" not in page.words.replace("Search: 保密来源有限公司", "")
            assert "定向的镀膜需求" not in page.text
        assert "匿名的烫金需求" not in reader.get("/demands?region=rushan").text
    recipient = browser()
    recipient.log_in(people["researcher"])
    assert "定向的镀膜需求" in recipient.get("/demands").words
    broker = browser()
    broker.log_in(people["broker"])
    assert "保密来源有限公司" in broker.get("/demands").words


def test_nothing_found_tells_the_next_step(platform: Matchmaker, client: Client) -> None:
    assert "The first record appears here" in client.get("/demands").words
    _publish(platform, 1)
    page = client.get("/demands?trl=1-3&q=量子引力")
    assert "Nothing found" in page.words
    assert "/demands?trl=1-3" in page.links()
