"""The page of a profile."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from matchmaker.web.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileSection:
    """A heading with what stands below it; ``lang`` is the language of the text."""

    heading: str
    text: str
    lang: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileSheet:
    """The sheet as it is printed, all of it in English but for texts nobody wrote in English."""

    above: str
    title: str
    title_lang: str
    facts: tuple[tuple[str, str], ...]
    sections: tuple[ProfileSection, ...]
    indicators_heading: str
    indicators: tuple[str, ...]
    note: str
    footer: str


@dataclass(frozen=True, kw_only=True)
class ProfilePage(Page):
    """A profile with what was held back; ``missing`` names the texts without an English version."""

    template: ClassVar = "profile/show.html"

    noun: str
    public_id: str
    sheet: ProfileSheet
    held: tuple[str, ...]
    missing: str
    edits: bool
