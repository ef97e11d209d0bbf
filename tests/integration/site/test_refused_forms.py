"""A form that is refused as a whole leads back to the page that it was sent from."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from matchmaker.store.organisation import User
from tests.client import Client, Page

People = dict[str, User]

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


def test_what_is_too_large_leads_back_to_the_form_it_was_sent_from(
    client: Client, app: Flask, people: People
) -> None:
    client.log_in(people["company"])
    app.config["MAX_CONTENT_LENGTH"] = 1 << 10
    sent = {"csrf_token": client.csrf(), "text": "x" * (2 << 10)}
    headers = {"Referer": "http://localhost/demands/start"}
    page = Page(client.flask.post("/demands/start", data=sent, headers=headers), "413")
    assert page.status == 413
    assert page.heading == "What you sent is too large"
    assert "/demands/start" in page.links()
