"""A form that is refused as a whole leads back to the page that it was sent from."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.client import Client, Page

Browser = Callable[..., Client]


@pytest.mark.parametrize(
    ("came_from", "leads_to"),
    [
        ("http://localhost/demands?q=%E8%86%9C", "/demands?q=%E8%86%9C"),
        ("http://localhost/log-in", "/log-in"),
        ("http://localhost//elsewhere.example/log-in", None),
        ("http://elsewhere.example/log-in", None),
        ("http://localhost/language", None),  # answers no GET
        ("http://[", None),
        ("", None),
    ],
)
def test_an_expired_form_leads_back_to_its_own_page_and_nowhere_else(
    browser: Browser, came_from: str, leads_to: str | None
) -> None:
    client = browser()
    answer = client.flask.post("/log-in", data={}, headers={"Referer": came_from})
    page = Page(answer, "/log-in")
    assert page.status == 400
    assert "The form had expired." in page.words
    assert page.links() == ([leads_to, "/"] if leads_to else ["/"])
