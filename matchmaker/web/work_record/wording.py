"""The lines of a broker's record in words."""

from __future__ import annotations

from matchmaker.web.i18n import gettext as _


def line_text(code: str) -> str:
    """What a line counts."""
    return {
        "accepted": _("Matches accepted"),
        "dismissed": _("Matches dismissed with a reason"),
        "reviewed": _("Demands reviewed"),
        "answered": _("Questions answered"),
        "introduced": _("Introductions made"),
        "mutual": _("Accepted by both sides"),
        "completed": _("Engagements completed"),
    }[code]
