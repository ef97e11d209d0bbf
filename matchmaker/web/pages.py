"""Pages: each is a frozen dataclass whose fields are exactly its template's variables."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import ClassVar

from flask import make_response, render_template
from flask.wrappers import Response


@dataclass(frozen=True, kw_only=True)
class Page:
    """Base of every page; subclasses name their template and add fields."""

    template: ClassVar[str]


def render(page: Page, status: int = 200) -> Response:
    """Render a page through its template."""
    values = {field.name: getattr(page, field.name) for field in fields(page)}
    return make_response(render_template(page.template, **values), status)
