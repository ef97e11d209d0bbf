from __future__ import annotations

import pytest

from matchmaker.web.account.device import device

WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"
CHROME = f"{WEBKIT} Chrome/140.0.0.0 Safari/537.36"


@pytest.mark.parametrize(
    ("agent", "shown"),
    [
        (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {CHROME} Edg/140.0", "Edge · Windows"),
        (f"Mozilla/5.0 (X11; Linux x86_64) {CHROME}", "Chrome · Linux"),
        (f"Mozilla/5.0 (Linux; Android 15) {CHROME} MicroMessenger/8.0", "微信 · Android"),
        (f"Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) {WEBKIT} Safari/604.1", "Safari · iPhone"),
        ("curl/8.5.0", "curl"),
        ("", ""),
    ],
)
def test_a_device_is_called_what_its_owner_calls_it(agent: str, shown: str) -> None:
    assert device(agent) == shown
