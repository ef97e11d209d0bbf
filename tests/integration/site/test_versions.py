"""Versions typed in forms."""

from __future__ import annotations

import pytest

from matchmaker.web.version import NONE_TOLD, version_of


@pytest.mark.parametrize(("written", "version"), [("0", 0), ("12", 12), ("000000007", 7)])
def test_a_version_is_read_as_its_number(written: str, version: int) -> None:
    assert version_of(written) == version


@pytest.mark.parametrize(
    "written", [None, "", "-1", "1.5", "one", "１２", " 3", "9" * 10, "9" * 5000]
)
def test_whatever_is_no_version_is_none_that_a_record_has(written: str | None) -> None:
    assert version_of(written) == NONE_TOLD
