"""Every address is in the access table, and the table has no dead rows."""

from __future__ import annotations

import pytest
from flask import Flask

from matchmaker.bootstrap import bootstrap
from matchmaker.settings import Settings
from matchmaker.web import access
from matchmaker.web.app import create_app

READ_ONLY = {"GET", "HEAD", "OPTIONS"}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    return create_app(bootstrap(Settings(var_dir=tmp_path_factory.mktemp("routes"))))


def test_the_access_table_has_a_row_for_each_endpoint_and_no_other(app: Flask) -> None:
    assert {rule.endpoint for rule in app.url_map.iter_rules()} == access.ACCESS.keys()


def test_an_endpoint_without_a_row_stops_the_start() -> None:
    app = Flask("bare")
    app.add_url_rule("/forgotten", "forgotten", lambda: "")
    with pytest.raises(LookupError, match="forgotten"):
        access.protect(app)


def test_every_row_names_known_roles_or_is_public() -> None:
    for endpoint, allowed in access.ACCESS.items():
        assert allowed is access.PUBLIC or allowed <= access.SIGNED_IN, endpoint
        assert allowed, endpoint


def test_no_address_shows_an_internal_key(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        assert "int:" not in rule.rule, rule
