"""A NUL, which PostgreSQL refuses, comes past no page on any database."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pytest
from sqlalchemy import func, select

from matchmaker.bootstrap import Matchmaker
from matchmaker.store.organisation import User
from tests import builders
from tests.client import Client, Page

Browser = Callable[..., Client]
People = dict[str, User]


@pytest.mark.parametrize("path", ["/demands/%00", "/outcomes/a%00b", "/organisations/%00/members"])
def test_nothing_is_found_under_an_address_with_one(client: Client, path: str) -> None:
    client.get(path, status=404)


def test_a_page_is_sound_whatever_stands_in_its_address(client: Client) -> None:
    assert 'value="/a%07b%3Fc"' in client.get("/a%07b%3Fc", status=404).text
    raw = {"QUERY_STRING": "q=%07&x=\xff"}  # bytes that are no UTF-8, as a server hands them on
    page = Page(client.flask.get("/demands", environ_overrides=raw), "/demands")
    assert page.status == 200
    assert 'value="/demands?q=%07&amp;x=%FF"' in page.text


@pytest.mark.parametrize(
    ("role", "address"),
    [
        (None, "/demands?q=涂层%00&sort=%00&region=%00&%00=1"),
        (None, "/gap-map/table.csv?year=%00"),
        (None, "/log-in?next=/demands%00"),
        ("company", "/demands/mine?text=涂%00层&state=%00"),
        ("bureau", "/organisations/?text=%00%07&state=%00&page=%00"),
        ("bureau", "/audit/?person=%00%07&noun=%00&action=%00&since=%00"),
        ("administrator", "/users/?text=%00%07&role=%00"),
        ("broker", "/match-review/?text=%00&view=%00&queue=text%3D%2500%2507"),
    ],
)
def test_a_query_is_read_without_it(
    platform: Matchmaker, people: People, browser: Browser, role: str | None, address: str
) -> None:
    with platform.unit_of_work() as uow:
        builders.demand(uow, people["company"], title="船用防污涂层")
    reader = browser()
    if role:
        reader.log_in(people[role])
    words = reader.get(address).text
    assert "\0" not in words
    if "涂" in address:
        assert "船用防污涂层" in words


@pytest.mark.parametrize("field", ["email", "name", "role", "organisation", "\0"])
def test_a_form_with_one_is_refused_whole(platform: Matchmaker, client: Client, field: str) -> None:
    typed = {
        "email": "new@example.org",
        "name": "某人",
        "role": "company",
        "organisation": "虚构新公司",
        "password": builders.PASSWORD,
    }
    client.press("/register", typed | {field: f"a{typed.get(field, '')}\0"}, status=400)
    client.press("/log-in", {"email": "a\0@example.org", "password": "\0"}, status=400)
    with platform.reading() as uow:
        assert uow.session.scalar(select(func.count()).select_from(User)) == 0


def test_so_is_a_file_with_one_in_its_name(people: People, browser: Browser) -> None:
    writer = browser()
    writer.log_in(people["company"])
    for name, status in (("need.txt", 303), ("need\0.txt", 400)):
        form = {
            "csrf_token": writer.csrf(),
            "document": (BytesIO("海水电解制氢催化剂的寿命".encode()), name),
        }
        answer = writer.flask.post("/demands/start", data=form)
        assert Page(answer, "/demands/start").status == status
