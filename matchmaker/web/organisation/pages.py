"""Pages about organisations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from matchmaker.store.queries.organisation import MemberRow, OrganisationRow, PublishedRecords
from matchmaker.web.organisation.forms import OrganisationForm, RejectForm
from matchmaker.web.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationView:
    """An organisation as its page shows it."""

    public_id: str
    name: str
    name_en: str
    kind: str
    region: str | None
    ladder_level: str | None
    summary: str
    state: str
    decision_note: str
    origin: str


@dataclass(frozen=True, kw_only=True)
class OrganisationPage(Page):
    """One organisation."""

    template: ClassVar = "organisation/show.html"

    organisation: OrganisationView
    records: dict[str, PublishedRecords]
    response: str
    actions: frozenset[str]
    rejection: RejectForm
    pack: bool


@dataclass(frozen=True, kw_only=True)
class OrganisationsPage(Page):
    """The bureau's list."""

    template: ClassVar = "organisation/list.html"

    rows: tuple[OrganisationRow, ...]
    total: int
    state: str
    text: str
    number: int
    count: int
    previous: str
    next: str


@dataclass(frozen=True, kw_only=True)
class OrganisationFormPage(Page):
    """Editing an organisation."""

    template: ClassVar = "organisation/form.html"

    organisation: OrganisationView
    form: OrganisationForm
    renames: bool


@dataclass(frozen=True, kw_only=True)
class MembersPage(Page):
    """The people of an organisation."""

    template: ClassVar = "organisation/members.html"

    organisation: OrganisationView
    rows: tuple[MemberRow, ...]
    own_id: str
