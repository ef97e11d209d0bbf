"""Somebody on every side of an engagement."""

from __future__ import annotations

import pytest

from matchmaker.bootstrap import Matchmaker
from matchmaker.store.engagement import Engagement
from matchmaker.store.organisation import User
from tests.integration.contract import engaged


@pytest.fixture
def engagement(platform: Matchmaker, people: dict[str, User]) -> Engagement:
    """An engagement whose contract is being drafted."""
    with platform.unit_of_work() as uow:
        return engaged.engagement(uow, people["company"], people["researcher"], people["broker"])
