"""The site with people of every role."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask import Flask

from matchmaker.bootstrap import Matchmaker
from matchmaker.web.app import create_app
from tests import builders
from tests.integration.record.visitor import Visitor


@pytest.fixture
def app(platform: Matchmaker) -> Flask:
    return create_app(platform)


@dataclass(frozen=True)
class People:
    """Opens a browser for a person named by what they are."""

    visit: Callable[..., Visitor]
    emails: dict[str, str]

    def __call__(self, who: str = "", language: str = "en") -> Visitor:
        return self.visit(self.emails[who] if who else "", language)


@pytest.fixture
def people(platform: Matchmaker, app: Flask) -> People:
    """Two people of one company, one of another, one of a pending one; researchers; reviewers."""
    emails = {}
    with platform.unit_of_work() as uow:
        company = builders.organisation(uow, name="虚构海源公司")
        pending = builders.organisation(uow, name="虚构待核验公司", state="pending")
        institute = builders.organisation(uow, "institution", name="虚构材料研究院")
        for who, role, place, manager in (
            ("company", "company", company, True),
            ("colleague", "company", company, False),
            ("rival", "company", None, False),
            ("pending", "company", pending, True),
            ("researcher", "researcher", institute, False),
            ("other researcher", "researcher", institute, False),
            ("manager", "researcher", institute, True),
            ("outsider", "researcher", None, False),
            ("broker", "broker", None, False),
            ("bureau", "bureau", None, False),
            ("administrator", "administrator", None, False),
        ):
            person = builders.user(uow, platform.passwords, role, place, is_manager=manager)
            emails[who] = person.email

    def visit(email: str, language: str) -> Visitor:
        return Visitor(platform, app, email, language)

    return People(visit, emails)
