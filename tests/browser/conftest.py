"""A live server with the demo world, and a real Chromium in front of it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    StorageState,
    expect,
    sync_playwright,
)
from sqlalchemy import select

from matchmaker.bootstrap import Matchmaker, bootstrap
from matchmaker.services.demo import DEMO_PASSWORD, DOMAIN
from matchmaker.settings import Settings
from matchmaker.store.match import Match
from matchmaker.store.organisation import User
from tests import builders

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = os.environ.get("CHROMIUM") or next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WIDTHS = {"desk": 1280, "phone": 390}
START_S = 180
PATIENCE_MS = 30_000  # a busy machine is no failure


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if CHROMIUM is None:
                reason = f"{item.name} did not run: no Chromium; install it or set CHROMIUM=PATH"
                item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="session")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of the server and of commands beside it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    return {
        **os.environ,
        "MATCHMAKER_VAR_DIR": str(tmp_path_factory.mktemp("site")),
        "MATCHMAKER_BASE_URL": f"http://127.0.0.1:{port}",
        "MATCHMAKER_LOG_IN_RATE": "1000 per minute",
    }


@pytest.fixture(scope="session")
def site(environment: dict[str, str]) -> Iterator[str]:
    """The address of a server that was set up as `make run` does it."""
    address = environment["MATCHMAKER_BASE_URL"]
    port = address.rsplit(":", 1)[1]
    command = [sys.executable, "-m", "matchmaker"]
    for arguments in (["init"], ["demo"]):
        subprocess.run([*command, *arguments], cwd=ROOT, env=environment, check=True)
    server = subprocess.Popen([*command, "serve", "--port", port], cwd=ROOT, env=environment)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(address)
        yield address
    finally:
        server.terminate()
        server.wait(timeout=30)


def _wait_for(address: str) -> None:
    """Wait until the server answers; a busy machine may take a minute to start it."""
    latest = time.monotonic() + START_S
    while time.monotonic() < latest:
        try:
            with urllib.request.urlopen(f"{address}/health", timeout=5):  # noqa: S310 - our own server
                return
        except OSError:
            time.sleep(0.2)
    pytest.fail(f"the server did not answer on {address} within {START_S} seconds")


@pytest.fixture
def world(site: str, environment: dict[str, str]) -> Matchmaker:
    """The platform behind the live server, for what is not a story's own subject."""
    assert site
    return bootstrap(Settings(var_dir=Path(environment["MATCHMAKER_VAR_DIR"])))


def accepted_match(
    world: Matchmaker, firm: str, school: str, broker: str = "broker", **fields: Any
) -> Match:
    """A new demand of a demo company and a new outcome of a researcher, accepted by a broker.

    ``fields`` are the demand's.
    """
    with world.database.unit_of_work() as uow:
        people = {
            name: uow.session.scalars(select(User).where(User.email == f"{name}@{DOMAIN}")).one()
            for name in (firm, school, broker)
        }
        match = Match(
            demand=builders.demand(uow, people[firm], **fields),
            outcome=builders.outcome(uow, people[school]),
            state="accepted",
            score=0.8,
            level=3,
            rank=1,
            explanation={},
            engine_version="test",
            created_at=uow.now,
            decided_by=people[broker].id,
            decided_at=uow.now,
        )
        uow.session.add(match)
        uow.session.flush()
    return match


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield started
        started.close()


Visit = Callable[..., Page]


def log_in(page: Page, who: str, language: str) -> None:
    page.goto("/log-in")
    page.fill("#email", f"{who}@{DOMAIN}")
    page.fill("#password", DEMO_PASSWORD)
    page.click("main form button[type=submit]")
    page.wait_for_url("**/")
    if language.startswith("en"):  # people's own language comes before the browser's
        page.get_by_role("button", name="English").click()
        expect(page.locator("html")).to_have_attribute("lang", "en")


@pytest.fixture(scope="session")
def logged_in(site: str) -> dict[tuple[str, str], StorageState]:
    """The cookies of those who have logged in to the site, by person and language."""
    assert site
    return {}


@pytest.fixture
def visit(
    browser: Browser, site: str, logged_in: dict[tuple[str, str], StorageState]
) -> Iterator[Visit]:
    """``visit(who, language, width)``: a page of a fresh context, logged in as somebody.

    Everybody logs in through the page once in each language; later contexts get the cookies.
    """
    opened: list[BrowserContext] = []
    problems: list[str] = []

    def open_page(who: str | None = None, language: str = "zh-CN", width: str = "desk") -> Page:
        cookies = logged_in.get((who, language)) if who else None
        context = browser.new_context(
            base_url=site,
            locale=language,
            viewport={"width": WIDTHS[width], "height": 900},
            storage_state=cookies,
        )
        opened.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on(
            "console",
            lambda message: (
                problems.append(message.text) if "Content Security Policy" in message.text else None
            ),
        )
        if cookies:
            page.goto("/")
        if who and (not cookies or page.locator("a[href='/log-in']").count()):
            log_in(page, who, language)
            logged_in[who, language] = context.storage_state()
        return page

    yield open_page
    for context in opened:
        context.close()
    assert problems == []
