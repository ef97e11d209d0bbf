"""A pair that was accepted."""

from __future__ import annotations

import pytest

from matchmaker.bootstrap import Matchmaker
from tests.integration.engagement.pair import Pair, make_pair


@pytest.fixture
def pair(platform: Matchmaker) -> Pair:
    return make_pair(platform)


@pytest.fixture
def anonymous(platform: Matchmaker) -> Pair:
    return make_pair(platform, disclosure="anonymous")
