"""What a notification says: its group and its texts, by language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

DIGESTS: Final = ("daily", "weekly")
# What a one-click link can switch off besides a group: every digest.
ALL_DIGESTS: Final = "digest"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of notification.

    ``texts`` holds, by language, subject and body; ``{title}`` is the record's title, ``{link}``
    its address, anything else a value that the use case gives. The subject is also the line in the
    list of notifications, so it holds no value that is not ``kept``. ``detail`` names the kept
    value that the list shows below the line. ``place`` is a part of the record's page or a page
    below it, ``path`` a page that it leads to instead of the record's own. ``always``: the mail
    leaves at once, whatever was chosen.
    """

    group: str
    texts: Mapping[str, tuple[str, str]]
    kept: frozenset[str] = frozenset()
    detail: str = ""
    place: str = ""
    path: str = ""
    always: bool = False

    def subject(self, locale: str) -> str:
        """The subject in a language, Chinese where there is no other."""
        return self.texts.get(locale, self.texts["zh_Hans"])[0]

    def body(self, locale: str) -> str:
        """The body likewise."""
        return self.texts.get(locale, self.texts["zh_Hans"])[1]
