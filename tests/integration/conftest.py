"""The application over a fresh platform, and clients that check what they fetch."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from matchmaker.bootstrap import Matchmaker
from matchmaker.web.app import create_app
from tests.client import Client


@pytest.fixture
def app(platform: Matchmaker) -> Flask:
    """The application; log-in limits are counted afresh."""
    return create_app(platform)


@pytest.fixture
def client(app: Flask) -> Client:
    """A visitor's browser, in English."""
    return Client(app)


@pytest.fixture
def browser(app: Flask) -> Callable[..., Client]:
    """Opens further browsers: ``browser(language="zh_Hans")``."""
    return lambda **options: Client(app, **options)
