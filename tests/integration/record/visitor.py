"""A person with a browser: fetches pages, fills forms as the page shows them, sends them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import html5lib
from flask import Flask
from werkzeug.test import TestResponse

from matchmaker.bootstrap import Matchmaker
from matchmaker.services import account
from tests.builders import PASSWORD

_NAMESPACE = "{http://www.w3.org/1999/xhtml}"


class Visitor:
    """Somebody at the site, signed in when ``email`` is given; pages come in ``language``."""

    def __init__(
        self, platform: Matchmaker, app: Flask, email: str = "", language: str = "en"
    ) -> None:
        self._client = app.test_client()
        self._token = ""
        with self._client.session_transaction() as session:
            session["language"] = language
            if email:
                with platform.unit_of_work() as uow:
                    session["token"] = account.log_in(
                        uow, platform.passwords, email=email, password=PASSWORD, agent="", days=1
                    )

    def get(self, path: str, status: int = 200) -> str:
        """The page at a path, which must answer with the status."""
        return self._text(self._client.get(path), status)

    def form(self, path: str) -> dict[str, Any]:
        """What the largest form of a page would send if nothing were changed."""
        return fields_of(self.get(path))

    def send(
        self, path: str, data: Mapping[str, Any] | None = None, status: int = 303, **more: Any
    ) -> str:
        """Send a form; returns the page answered, or where it leads."""
        values = dict(data or {}) | more
        if "csrf_token" not in values:
            values["csrf_token"] = self.csrf()
        answer = self._client.post(path, data=values)
        if status == 303:
            assert answer.status_code == 303, answer.get_data(as_text=True)[:3000]
            return str(answer.headers["Location"])
        return self._text(answer, status)

    def csrf(self) -> str:
        """The token that forms of this session carry."""
        if not self._token:
            page = self._client.get("/log-in", follow_redirects=True).get_data(as_text=True)
            self._token = str(fields_of(page)["csrf_token"])
        return self._token

    def _text(self, answer: TestResponse, status: int) -> str:
        text = answer.get_data(as_text=True)
        assert answer.status_code == status, text[:3000]
        if status < 300:
            check_page(text)
        return text


def check_page(text: str) -> None:
    """A page is valid HTML with one heading, a title, labelled inputs and nothing inline."""
    tree = html5lib.HTMLParser(strict=True).parse(text)
    assert len(list(tree.iter(f"{_NAMESPACE}h1"))) == 1
    assert next(tree.iter(f"{_NAMESPACE}title")).text
    labelled = {label.get("for") for label in tree.iter(f"{_NAMESPACE}label")}
    ids = [one.get("id") for one in tree.iter() if one.get("id")]
    assert len(ids) == len(set(ids)), [one for one in ids if ids.count(one) > 1]
    for kind in ("input", "select", "textarea"):
        for one in tree.iter(_NAMESPACE + kind):
            if one.get("type") != "hidden":
                assert one.get("aria-label") or one.get("id") in labelled, one.attrib
    for form in tree.iter(f"{_NAMESPACE}form"):
        if form.get("method") == "post":
            assert any(one.get("name") == "csrf_token" for one in form.iter())


def fields_of(text: str) -> dict[str, Any]:
    """Names and values of the form with the most fields."""
    tree = html5lib.parse(text)
    forms = [_values(form) for form in tree.iter(f"{_NAMESPACE}form")]
    return max(forms, key=len)


def _values(form: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for one in form.iter():
        name, kind = one.get("name"), one.tag.removeprefix(_NAMESPACE)
        if not name or kind == "button":
            continue
        if one.get("type") in ("checkbox", "radio"):
            if one.get("checked") is not None:
                found.setdefault(name, []).append(one.get("value"))
        elif kind == "select":
            options = list(one.iter(f"{_NAMESPACE}option"))
            chosen = [option for option in options if option.get("selected") is not None]
            found[name] = (chosen or options)[0].get("value")
        elif kind == "textarea":
            # The parser drops the line feed that follows the tag, as browsers do.
            found[name] = "".join(one.itertext())
        elif kind == "input":
            found[name] = one.get("value") or ""
    return found


def public_id_in(address: str) -> str:
    """The public id in a record's address."""
    found = re.search(r"/(?:demands|outcomes)/([^/?#]+)", address)
    assert found, address
    return found.group(1)
