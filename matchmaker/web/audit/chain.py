"""How the audit's chain stands, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from matchmaker.store.queries.audit_chain import ChainState
from matchmaker.web.audit.pages import Chain
from matchmaker.web.i18n import gettext as _
from matchmaker.web.i18n import write_number


def chain(state: ChainState) -> Chain:
    """The state of the chain as the page shows it."""
    return Chain(
        verified_at=state.verified_at,
        whole_at=state.whole_at,
        problems=state.problems,
        findings=tuple(map(_finding, state.findings)),
        root_day=state.root.day if state.root else None,
        root_hash=state.root.hash if state.root else "",
    )


def _finding(one: Mapping[str, Any]) -> str:
    """What does not fit and where, as the command line says it in English."""
    texts = {
        "edited": _("Event %(event)s (%(place)s) was edited: it differs from its hash."),
        "replaced": _(
            "Event %(event)s (%(place)s) does not continue the event before it: one of both was "
            "edited, hash and all."
        ),
        "missing": _("Missing: %(place)s."),
        "order": _("Event %(event)s (%(place)s) stands elsewhere than where it was written."),
        "inserted": _("Event %(event)s (%(place)s) was inserted: it is no part of the chain."),
        "cut": _("Cut off at the end: %(place)s."),
        "head": _(
            "Event %(event)s (%(place)s) is not what is noted as the last: either was edited."
        ),
        "root": _("The root of %(day)s differs from the day's events."),
        "outside": _("The root of %(day)s is not the one that was kept outside."),
    }
    values = {"event": one["event_id"] or "—", "place": _place(one), "day": one["day"]}
    return str(texts[one["kind"]]) % values


def _place(one: Mapping[str, Any]) -> str:
    first, last = one["position"], one["until"]
    if first is None:
        return str(_("no number in the chain"))
    if last in (None, first):
        return str(_("number %(first)s", first=write_number(first)))
    return str(
        _("numbers %(first)s to %(last)s", first=write_number(first), last=write_number(last))
    )
