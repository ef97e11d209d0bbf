"""A client that checks every page it fetches and fills forms as a browser would.

Each HTML answer, errors included, is parsed by the specification's own algorithm and must be sound:
one heading, a title, a language, labels, CSRF tokens, nothing inline, and the content policy.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
from flask import Flask
from werkzeug.test import TestResponse

from tests.builders import PASSWORD

_NAMESPACE = "{http://www.w3.org/1999/xhtml}"
_NOT_TYPED = frozenset({"hidden", "submit", "button", "image", "reset"})


class PageError(AssertionError):
    """A page breaks a rule that every page keeps."""


class Page:
    """A checked answer: status, headers, and for HTML its tree."""

    def __init__(self, answer: TestResponse, where: str) -> None:
        self.status = answer.status_code
        self.headers = answer.headers
        self.location = answer.headers.get("Location", "")
        self.text = answer.get_data(as_text=True)
        self.where = where
        self.tree: Element | None = None
        if answer.mimetype == "text/html" and not 300 <= self.status < 400:
            self.tree = check_page(self.text, f"{where} ({self.status})")
            if "default-src 'none'" not in self.headers.get("Content-Security-Policy", ""):
                msg = f"{where} has no content security policy"
                raise PageError(msg)

    @property
    def heading(self) -> str:
        return _text(next(self._all("h1")))

    @property
    def words(self) -> str:
        """Everything a reader sees in the main part, white space made single."""
        main = next(self._all("main"))
        return " ".join(_text(main).split())

    def forms(self) -> list[Element]:
        """The forms in the main part; the shell's own (language, log out) are left out."""
        main = next(self._all("main"))
        return list(main.iter(f"{_NAMESPACE}form"))

    def form(self, which: int | str = 0) -> Element:
        """A form of the main part by its number or by a part of its action's address."""
        forms = self.forms()
        if isinstance(which, int):
            return forms[which]
        found = [form for form in forms if which in form.get("action", self.where)]
        if len(found) != 1:
            msg = f"{self.where}: {len(found)} forms go to {which!r}"
            raise PageError(msg)
        return found[0]

    def links(self) -> list[str]:
        """Where the links of the main part lead."""
        main = next(self._all("main"))
        return [a.get("href", "") for a in main.iter(f"{_NAMESPACE}a")]

    def errors(self) -> list[str]:
        """What is said to be wrong with fields."""
        return [
            " ".join(_text(one).split())
            for one in self._all("p")
            if "error" in (one.get("class") or "").split()
        ]

    def _all(self, tag: str) -> Iterator[Element]:
        if self.tree is None:
            msg = f"{self.where} is no page but {self.status}: {self.text[:300]}"
            raise PageError(msg)
        return self.tree.iter(_NAMESPACE + tag)


class Client:
    """Somebody with a browser; English pages unless another language is chosen."""

    def __init__(self, app: Flask, language: str = "en", address: str = "192.0.2.1") -> None:
        self.flask = app.test_client()
        self.address = address
        self.choose_language(language)

    def choose_language(self, language: str) -> None:
        with self.flask.session_transaction() as session:
            session["language"] = language

    def get(self, url: str, status: int = 200) -> Page:
        """A page, which must answer with the status."""
        answer = self.flask.get(url, environ_base=self._environment())
        return self._expect(Page(answer, url), status)

    def post(self, url: str, data: Mapping[str, Any] | None = None, status: int = 303) -> Page:
        """Send values as they are; whoever wants the form's own values uses ``post_form``."""
        answer = self.flask.post(url, data=dict(data or {}), environ_base=self._environment())
        return self._expect(Page(answer, url), status)

    def post_form(
        self,
        url: str,
        fields: Mapping[str, Any] | None = None,
        *,
        form: int | str = 0,
        status: int = 303,
    ) -> Page:
        """Open a page, change some fields of one of its forms and send it as a browser does."""
        return self.submit(self.get(url), fields, form=form, status=status)

    def submit(
        self,
        page: Page,
        fields: Mapping[str, Any] | None = None,
        *,
        form: int | str = 0,
        status: int = 303,
    ) -> Page:
        """Change some fields of a form of a page that is open, and send it."""
        element = page.form(form)
        values = form_values(element)
        unknown = set(fields or {}) - set(_names(element))
        if unknown:
            msg = f"{page.where}: the form has no field {sorted(unknown)}"
            raise PageError(msg)
        values.update(fields or {})
        target = element.get("action") or page.where
        if (element.get("method") or "get").lower() == "get":
            answer = self.flask.get(target, query_string=values, environ_base=self._environment())
            return self._expect(Page(answer, target), status)
        return self.post(target, values, status)

    def csrf(self) -> str:
        """A token of this session, for addresses that no page offers to this person."""
        page = self.get("/")
        tokens = [
            one.get("value", "") for one in page._all("input") if one.get("name") == "csrf_token"
        ]
        return tokens[0]

    def press(self, url: str, data: Mapping[str, Any] | None = None, status: int = 303) -> Page:
        """Send a post with a valid token, whether or not a page offers the button."""
        return self.post(url, {"csrf_token": self.csrf(), **(data or {})}, status)

    def log_in(self, user: Any, password: str = PASSWORD, status: int = 303) -> Page:
        """Log in through the page, with an address or a stored user."""
        email = user if isinstance(user, str) else user.email
        return self.post_form("/log-in", {"email": email, "password": password}, status=status)

    def log_out(self) -> Page:
        return self.press("/log-out")

    def cookie(self) -> str:
        """The session cookie's value."""
        found = self.flask.get_cookie("matchmaker")
        return found.value if found else ""

    def _environment(self) -> dict[str, Any]:
        return {"REMOTE_ADDR": self.address}

    @staticmethod
    def _expect(page: Page, status: int) -> Page:
        if page.status != status:
            seen = page.words if page.tree is not None else page.text
            msg = f"{page.where} answered {page.status}, not {status}: {page.location}{seen[:1500]}"
            raise AssertionError(msg)
        return page


def check_page(text: str, where: str = "page") -> Element:
    """The tree of a page; :class:`PageError` names every rule it breaks."""
    parser = html5lib.HTMLParser()
    tree: Element = parser.parse(text)
    problems = [f"line {line}: {code} {values}" for (line, _), code, values in parser.errors]
    problems += [*_about_document(tree), *_about_forms(tree), *_about_inline(tree)]
    if problems:
        raise PageError(f"{where}: " + "; ".join(problems))
    return tree


def form_values(form: Element) -> dict[str, Any]:
    """Names and values that a browser would send if nothing were changed and no button named."""
    found: dict[str, Any] = {}
    for one in form.iter():
        name, kind = one.get("name"), one.tag.removeprefix(_NAMESPACE)
        if not name or one.get("disabled") is not None:
            continue
        if kind == "input" and one.get("type") in ("checkbox", "radio"):
            if one.get("checked") is not None:
                found.setdefault(name, []).append(one.get("value", "on"))
        elif kind == "input" and one.get("type") not in ("submit", "button", "image", "file"):
            found[name] = one.get("value", "")
        elif kind == "textarea":
            found[name] = _text(one)
        elif kind == "select":
            found[name] = _selected(one)
    return found


def _selected(select: Element) -> Any:
    options = list(select.iter(f"{_NAMESPACE}option"))
    chosen = [one.get("value", _text(one)) for one in options if one.get("selected") is not None]
    if select.get("multiple") is not None:
        return chosen
    return (chosen or [one.get("value", _text(one)) for one in options] or [""])[0]


def _names(form: Element) -> list[str]:
    return [one.get("name", "") for one in form.iter() if one.get("name")]


def _about_document(tree: Element) -> Iterator[str]:
    headings = len(list(tree.iter(f"{_NAMESPACE}h1")))
    if headings != 1:
        yield f"{headings} h1"
    title = next(tree.iter(f"{_NAMESPACE}title"), None)
    if title is None or not _text(title).strip(" ·\n"):
        yield "no title"
    if tree.get("lang") not in ("zh-Hans", "en"):
        yield f"language {tree.get('lang')}"
    ids = Counter(one.get("id") for one in tree.iter() if one.get("id"))
    yield from (f"id {name} stands {count} times" for name, count in ids.items() if count > 1)
    for one in tree.iter():
        for attribute in ("aria-describedby", "aria-labelledby", "for"):
            for name in (one.get(attribute) or "").split():
                if name not in ids:
                    yield f"{attribute} names {name}, which is not there"


def _about_forms(tree: Element) -> Iterator[str]:
    inside = {id(child) for label in tree.iter(f"{_NAMESPACE}label") for child in label.iter()}
    labelled = {label.get("for") for label in tree.iter(f"{_NAMESPACE}label")}
    for one in _typed(tree, ("input", "select", "textarea")):
        named = one.get("aria-label") or one.get("aria-labelledby")
        if not (named or id(one) in inside or one.get("id") in labelled):
            yield f"no label for {one.get('name') or one.get('id')}"
    for form in tree.iter(f"{_NAMESPACE}form"):
        if (form.get("method") or "get").lower() != "post":
            continue
        tokens = [one for one in form.iter() if one.get("name") == "csrf_token"]
        if not tokens or not tokens[0].get("value"):
            yield f"no CSRF token in the form to {form.get('action')}"


def _typed(tree: Element, tags: Sequence[str]) -> Iterator[Element]:
    for tag in tags:
        for one in tree.iter(_NAMESPACE + tag):
            if one.get("type") not in _NOT_TYPED:
                yield one


def _about_inline(tree: Element) -> Iterator[str]:
    for one in tree.iter():
        tag = str(one.tag).removeprefix(_NAMESPACE)
        if tag == "style" or (tag == "script" and not one.get("src")):
            yield f"inline {tag}"
        for name, value in one.attrib.items():
            if name == "style" or name.startswith("on"):
                yield f"inline {name} on {tag}"
            if name in ("href", "src", "action") and value.strip().lower().startswith("javascript"):
                yield f"script in {name}"


def _text(element: Element) -> str:
    return "".join(element.itertext())
