"""Which pages of a long list are linked: the first, the last, and those around the present one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PageLink:
    """A page's number and address; number None is a gap."""

    number: int | None
    href: str
    current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Pagination:
    """The pages of a list; ``first`` and ``last`` are the numbers of the rows on this page."""

    page: int
    pages: int
    first: int
    last: int
    total: int
    previous: str | None
    next: str | None
    links: tuple[PageLink, ...]


def page_count(total: int, size: int) -> int:
    """Pages needed for ``total`` rows; an empty list has one empty page."""
    return max(1, -(-total // size))


def paginate(total: int, size: int, page: int, href: Callable[[int], str]) -> Pagination:
    """The pagination of page ``page`` (from 1, not beyond the last) of ``total`` rows."""
    pages = page_count(total, size)
    near = {1, pages, *range(max(1, page - 1), min(pages, page + 1) + 1)}
    links: list[PageLink] = []
    for number in sorted(near):
        before = links[-1].number if links else None
        if before is not None and number > before + 1:
            links.append(PageLink(number=None, href="", current=False))
        links.append(PageLink(number=number, href=href(number), current=number == page))
    return Pagination(
        page=page,
        pages=pages,
        first=min(total, (page - 1) * size + 1),
        last=min(total, page * size),
        total=total,
        previous=href(page - 1) if page > 1 else None,
        next=href(page + 1) if page < pages else None,
        links=tuple(links),
    )
