"""What every page must be, whoever looks at it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

SCREENSHOTS: Final = Path(__file__).parent / "screenshots"


def sound(page: Page, name: str | None = None) -> None:
    """No serious accessibility finding, no wider than the screen; with a name, a picture too."""
    page.wait_for_load_state()  # a page that is still being led to has no width yet
    if name:
        SCREENSHOTS.mkdir(exist_ok=True)
        page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), page.url
    serious = [
        (one["id"], [node["html"] for node in one["nodes"]][:3])
        for one in Axe().run(page).response["violations"]
        if one["impact"] in {"serious", "critical"}
    ]
    assert serious == [], page.url
