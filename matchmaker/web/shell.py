"""What surrounds every page: navigation, account links, languages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask import Flask, g, request, url_for

from matchmaker.web.i18n import LANGUAGES, locale, term
from matchmaker.web.i18n import gettext as _
from matchmaker.web.navigation import AGENT, APPROVER, places


@dataclass(frozen=True, slots=True)
class Link:
    """One entry of a navigation."""

    label: str
    href: str
    current: bool = False
    badge: int | None = None


@dataclass(frozen=True, slots=True)
class Language:
    """A language that can be chosen."""

    code: str
    label: str
    current: bool


@dataclass(frozen=True, slots=True)
class Person:
    """The signed-in person as the header shows them."""

    name: str
    role: str
    role_label: str
    organisation_name: str
    unread: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Shell:
    """Everything the layout needs."""

    site_name: str
    locale: str
    lang: str
    path: str
    user: Person | None
    navigation: tuple[Link, ...]
    more: tuple[Link, ...]
    account_links: tuple[Link, ...]
    languages: tuple[Language, ...]
    waiting: bool  # signed in, in a role that gives no rights yet


def _account_entries() -> tuple[tuple[str, str, bool], ...]:
    """Endpoint, label, and whether it is for people who are signed in."""
    return (
        ("account.log_in", _("Log in"), False),
        ("account.register", _("Register"), False),
        ("account.profile", _("My account"), True),
        ("saved_search.listing", _("Saved searches"), True),
    )


def _links(entries: Iterable[tuple[str, str]]) -> tuple[Link, ...]:
    """The entries as links; the one whose address is the longest part of this page's is current."""
    addresses = [(url_for(endpoint), label) for endpoint, label in entries]
    above = [href for href, _label in addresses if f"{request.path}/".startswith(f"{href}/")]
    here = max(above, key=len, default=None)
    return tuple(
        Link(label, href, current=href == (here or request.path)) for href, label in addresses
    )


def shell() -> Shell:
    """The shell of this request."""
    person = g.get("signed_in")
    role = person.role if person else ""
    in_force = person.actor.role if person else None
    shown_to = {in_force}
    if person and person.actor.manager and in_force == "researcher":
        shown_to.add(APPROVER)
    if person and person.actor.manager and in_force == "broker" and person.in_agency:
        shown_to.add(AGENT)
    bar, more = places(shown_to)
    links = _links((*bar, *more))
    language = locale()
    return Shell(
        site_name=_("Matchmaker"),
        locale=language,
        lang=language.replace("_", "-"),
        path=request.full_path.rstrip("?"),
        user=Person(person.name, role, term(role, "role"), person.organisation_name, person.unread)
        if person
        else None,
        navigation=links[: len(bar)],
        more=links[len(bar) :],
        waiting=bool(person and person.actor.role is None),
        account_links=_links(
            (e, label) for e, label, signed in _account_entries() if signed == bool(person)
        ),
        languages=tuple(
            Language(code, label, code == language) for code, label in LANGUAGES.items()
        ),
    )


def install(app: Flask) -> None:
    """Make ``shell`` available to every template, built at most once a request."""

    def context() -> dict[str, Shell]:
        if "shell" not in g:
            g.shell = shell()
        return {"shell": g.shell}

    app.context_processor(context)
