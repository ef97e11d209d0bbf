"""Pages about the confidential tier of a record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from matchmaker.store.queries.disclosure import Agreement, GrantRow, ReceiptRow
from matchmaker.web.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfidentialCard:
    """What the record's own page says of its confidential tier, and where it leads."""

    href: str
    title: str
    text: str
    action: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenText:
    """A confidential field as its keeper writes it."""

    name: str
    label: str
    help: str
    value: str
    limit: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadText:
    """A confidential text under its heading."""

    heading: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantView:
    """A grant with what the keeper is told of it and can do."""

    row: GrantRow
    opens: bool
    over: bool
    actions: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class KeeperPage(Page):
    """The confidential tier for those who keep it: texts, who may read, who has read."""

    template: ClassVar = "disclosure/keeper.html"

    noun: str
    public_id: str
    title: str
    published: bool
    version: int
    texts: tuple[WrittenText, ...]
    grants: tuple[GrantView, ...]
    receipts: tuple[ReceiptRow, ...]
    receipts_total: int
    field_labels: Mapping[str, str]
    agreements: tuple[Agreement, ...]
    counterparts: tuple[str, ...]
    organisation: str
    until: str
    reason: str
    first_day: date
    last_day: date
    errors: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class ReaderPage(Page):
    """The confidential tier for another organisation, before it is opened."""

    template: ClassVar = "disclosure/reader.html"

    noun: str
    public_id: str
    title: str
    state: str  # opens, no_agreement, over, asked, refused, revoked, lapsed or none
    until: date | None
    reason: str
    may_ask: bool
    question: str
    error: str


@dataclass(frozen=True, kw_only=True)
class OpenedPage(Page):
    """The confidential tier as it was just opened, marked with who reads it and when."""

    template: ClassVar = "disclosure/opened.html"

    noun: str
    public_id: str
    title: str
    texts: tuple[ReadText, ...]
    reader: str
    organisation: str
    opened_at: datetime
    receipt_id: str
    text_hash: str
