"""The figures in words: a name each, and what it counts."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from matchmaker.domain.figure import firms_of
from matchmaker.domain.vocabulary import LADDER_LEVELS
from matchmaker.web.audit.wording import action_text, noun_text
from matchmaker.web.i18n import gettext as _
from matchmaker.web.i18n import lazy_gettext as _l
from matchmaker.web.i18n import ngettext, term

_NAMES: Final = {
    "turnover": _l("Contract turnover"),
    "turnover_out": _l("Turnover of technology from the city"),
    "turnover_in": _l("Turnover of technology into the city"),
    "conversions": _l("Conversions"),
    "cooperation": _l("Cooperation projects"),
    "firms": _l("Participating firms"),
    "institutions": _l("Participating institutions"),
    "brokers": _l("Active brokers"),
    "related": _l("Contracts between related parties, not counted"),
    "submitted": _l("Demands submitted"),
    "triaged": _l("Decided by a reviewer"),
    "introduced": _l("Sides introduced"),
    "mutual": _l("Mutual interest"),
    "signed": _l("Contract signed"),
    "registered": _l("Contract registered"),
    "demands_published": _l("Demands published"),
    "demands_expired": _l("Demands expired"),
    "outcomes_published": _l("Outcomes published"),
    "outcomes_expired": _l("Outcomes expired"),
    "demands_waiting": _l("Demands waiting for a reviewer"),
    "outcomes_waiting": _l("Outcomes waiting for their institution"),
    "reviews_overdue": _l("Matches taken back from brokers overdue"),
    "introductions_answered": _l("Answers to introductions"),
    "introductions_declined": _l("Introductions declined"),
    "introductions_waiting": _l("Introductions unanswered"),
    "introductions_lapsed": _l("Introductions lapsed"),
    "questions_answered": _l("Questions answered"),
    "questions_waiting": _l("Questions unanswered"),
    "questions_lapsed": _l("Questions lapsed"),
    "none_found": _l("Nothing fitting found, help asked for"),
    "requests_waiting": _l("Requests for help unanswered"),
    "talks_dormant": _l("Talks put to rest"),
    "talks_lost": _l("Talks ended without a contract"),
}
_MEANINGS: Final = {
    "turnover": _l("Contract amounts of all registered contracts, by the day of registration."),
    "turnover_out": _l(
        "Registered contracts whose institution lies in the city; its district counts."
    ),
    "turnover_in": _l("Registered contracts whose company lies in the city."),
    "conversions": _l("Registered contracts of transfer or licence."),
    "cooperation": _l("Registered contracts of development, consulting or service."),
    "firms": _l("Companies, each once, when they first published a demand."),
    "institutions": _l("Institutions, each once, when they first published an outcome."),
    "brokers": _l(
        "Brokers, each once, when they first introduced two sides; by their agency's "
        "district, on no chain."
    ),
    "related": _l("Registered, but never in a statistic."),
    "submitted": _l("Each demand once, in the quarter in which it was first submitted."),
    "triaged": _l("Published or returned."),
    "introduced": _l("A broker has asked both sides."),
    "mutual": _l("Both sides have accepted."),
    "signed": _l("Not between related parties; contracts that became void do not count."),
    "registered": _l("Not between related parties, and still registered."),
    "demands_published": _l("Each once, when it was first published."),
    "outcomes_published": _l("Each once, when it was first published."),
    "demands_waiting": _l("Now, by the quarter in which they were submitted."),
    "outcomes_waiting": _l("Now, by the quarter in which they were submitted."),
    "introductions_waiting": _l("Now, by the quarter in which they were asked."),
    "questions_waiting": _l("Now; on no district and no chain."),
    "requests_waiting": _l("Now, by the quarter in which they were asked."),
    "questions_answered": _l("On no district and no chain."),
    "questions_lapsed": _l("On no district and no chain."),
    "reviews_overdue": _l("Three working days without a decision; on no district and no chain."),
    "none_found": _l("Companies that asked an expert or proposed a challenge."),
    "introductions_lapsed": _l("A side did not answer in time."),
}
_LEVELS: Final = {firms_of(level): level for level in LADDER_LEVELS}


def figure_text(code: str) -> str:
    """The name of a figure."""
    if code in _LEVELS:
        return str(_("Firms: %(level)s", level=term(_LEVELS[code], "ladder_level")))
    return str(_NAMES[code])


def meaning_text(code: str) -> str:
    """What it counts, where the name does not say it."""
    return str(_MEANINGS.get(code, ""))


def event_text(noun: str, action: str) -> str:
    """What happened to which kind of record."""
    if (noun, action) == ("contract", "register"):
        return str(_("Contract registered"))
    return str(_("%(noun)s: %(action)s", noun=noun_text(noun), action=action_text(action, noun)))


def closed_text(noun: str) -> str:
    """That something lapsed with a record that left matching: nobody kept silent."""
    closed = _("closed, as a record is no longer published")
    return str(_("%(noun)s: %(action)s", noun=noun_text(noun), action=closed))


def wait_text(waited: timedelta | None) -> str:
    """How long something took: days, or hours below two days."""
    if waited is None:
        return ""
    hours = waited.total_seconds() / 3_600
    if hours < 48:  # noqa: PLR2004 - two days
        return ngettext("%(num)s hour", "%(num)s hours", round(hours))
    return ngettext("%(num)s day", "%(num)s days", round(hours / 24))
