"""The tier world on a platform of its own, with everything said and done in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, Final

import numpy as np
import pytest
from argon2 import PasswordHasher
from numpy.typing import NDArray

from matchmaker.bootstrap import Matchmaker, bootstrap
from matchmaker.integrations.passwords import Argon2Passwords
from matchmaker.settings import Settings
from tests.integration import tier_challenge
from tests.integration.tier_desks import add_desks
from tests.integration.tier_flow import live_through
from tests.integration.tier_words import add_words
from tests.integration.tier_world import World, build, suggest

NOW: Final = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


class _Blind:
    """An encoder to which all texts mean the same: what is found is found by its words."""

    name = "blind"
    checksum = "0" * 64
    dimension = 8

    def encode(self, texts: Sequence[str], *, progress: Any = None) -> NDArray[np.float32]:
        if progress:
            progress(len(texts))
        return np.full((len(texts), 8), 8**-0.5, dtype=np.float32)

    def words(self, text: str) -> list[tuple[str, int, int]]:
        return [(letter, place, place + 1) for place, letter in enumerate(text)]


@contextmanager
def lived_in(settings: Settings) -> Iterator[World]:
    """The world, on a platform whose database is fresh."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Matchmaker, "_encoder", lambda _self, _location: _Blind())
        platform = platform_of(settings)
        made = build(platform)
        add_desks(made)
        add_words(made)
        with platform.database.unit_of_work() as uow:
            tier_challenge.add(uow, made)
        suggest(made)
        live_through(made)
        yield made
        platform.close()


def platform_of(settings: Settings) -> Matchmaker:
    """The platform at the world's hour."""
    cheap = Argon2Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    return bootstrap(settings, clock=lambda: NOW, passwords=cheap)
