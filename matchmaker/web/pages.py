"""Pages: each is a frozen dataclass whose fields are exactly its template's variables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any, ClassVar
from urllib.parse import urlencode

from flask import make_response, render_template, request, url_for
from flask.wrappers import Response


@dataclass(frozen=True, kw_only=True)
class Page:
    """Base of every page; subclasses name their template and add fields."""

    template: ClassVar[str]


def render(page: Page, status: int = 200) -> Response:
    """Render a page through its template."""
    values = {field.name: getattr(page, field.name) for field in fields(page)}
    return make_response(render_template(page.template, **values), status)


@dataclass(frozen=True, slots=True)
class Numbered:
    """Which page of a long list is wanted: ``?page=N``, from 1."""

    number: int
    size: int = 50

    @classmethod
    def from_request(cls) -> Numbered:
        """The page an address asks for; whatever is no number asks for the first."""
        written = request.args.get("page", "")
        number = int(written) if written.isascii() and written.isdigit() and len(written) < 7 else 1  # noqa: PLR2004 - no list has a million pages
        return cls(max(1, number))

    @property
    def offset(self) -> int:
        """Rows before this page."""
        return (self.number - 1) * self.size

    def of(self, total: int) -> dict[str, Any]:
        """Number, count and the addresses beside, as the pages component wants them."""
        count = max(1, -(-total // self.size))
        return {
            "number": self.number,
            "count": count,
            "previous": _address(self.number - 1) if self.number > 1 else "",
            "next": _address(self.number + 1) if self.number < count else "",
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    """One view of a list, with how much it holds."""

    label: str
    href: str
    count: int | None
    current: bool


def noun_tabs(
    labels: Mapping[tuple[str, bool], str],
    count: Callable[[str, bool], int],
    shown: tuple[str, bool],
) -> tuple[Tab, ...]:
    """The views of a blueprint's ``listing`` by noun and whether decided, as ``labels`` name them.

    ``count`` is asked how much a view holds; ``shown`` is the one that is looked at.
    """
    return tuple(
        Tab(
            label=label,
            href=url_for(".listing", noun=noun, state="decided" if decided else None),
            count=count(noun, decided),
            current=(noun, decided) == shown,
        )
        for (noun, decided), label in labels.items()
    )


def _address(number: int) -> str:
    """This address with another page number."""
    values = {name: value for name, value in request.args.items() if name != "page"}
    return f"{request.path}?{urlencode({**values, 'page': number})}"
