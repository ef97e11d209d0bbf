"""Response times in words, rounded so that they tell of a habit and never of one case."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from matchmaker.domain.permissions import Actor
from matchmaker.domain.visibility import may_name_organisation
from matchmaker.services.record import Record, noun_of
from matchmaker.store.database import UnitOfWork
from matchmaker.store.queries import response as query
from matchmaker.web.i18n import gettext as _
from matchmaker.web.i18n import ngettext

_HOUR: Final = 3_600
_DAY: Final = 86_400


def response_text(taken: timedelta | None) -> str:
    """A usual response time in whole hours or days; empty where it is not told."""
    if taken is None:
        return ""
    seconds = taken.total_seconds()
    if seconds < _HOUR:
        return str(_("within an hour"))
    if seconds < _DAY:
        hours = max(1, round(seconds / _HOUR))
        return str(ngettext("%(num)s hour", "%(num)s hours", hours))
    days = max(1, round(seconds / _DAY))
    return str(ngettext("%(num)s day", "%(num)s days", days))


def response_of(uow: UnitOfWork, actor: Actor, record: Record) -> str:
    """How quickly the organisation of a record answers; nothing where it may not be named."""
    if not may_name_organisation(actor, noun_of(record), record):
        return ""
    if record.disclosure == "anonymous":
        return ""  # also its reviewers: a screenshot must not tell more than the page does
    return response_text(query.of_organisation(uow, record.organisation_id))
