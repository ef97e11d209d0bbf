"""Where the main navigation leads, by role: few places in the bar, the others below "More"."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from matchmaker.web.access import SIGNED_IN
from matchmaker.web.i18n import gettext as _

# What a role alone does not decide: an institution's manager approves outcomes, and who manages the
# agency whose broker he is sees its desk.
APPROVER: Final = "approver"
AGENT: Final = "agent"

_VISITOR: Final = "visitor"
# What each sees in the bar, the most used first; everything else stands below "More".
_BAR: Final[dict[str, tuple[str, ...]]] = {
    _VISITOR: (
        "site.home",
        "catalogue.demands",
        "catalogue.outcomes",
        "challenge.listing",
        "gap_map.overview",
        "open_data.show",
    ),
    "company": (
        "site.home",
        "match.mine",
        "engagement.board",
        "demand.mine",
        "question.listing",
        "catalogue.demands",
        "catalogue.outcomes",
    ),
    "researcher": (
        "site.home",
        "match.mine",
        "engagement.board",
        "outcome.mine",
        "question.listing",
        "catalogue.demands",
        "catalogue.outcomes",
    ),
    "broker": (
        "site.home",
        "match_review.queue",
        "engagement.board",
        "calendar.show",
        "record.waiting",
        "catalogue.demands",
        "catalogue.outcomes",
    ),
    "association": (
        "site.home",
        "association.desk",
        "membership.listing",
        "referral.listing",
        "event.listing",
        "catalogue.demands",
        "catalogue.outcomes",
    ),
    "specialist": (
        "site.home",
        "secondment.listing",
        "catalogue.demands",
        "catalogue.outcomes",
        "challenge.listing",
    ),
    "bureau": (
        "site.home",
        "figure.overview",
        "gap_map.overview",
        "challenge.listing",
        "contract.listing",
        "organisation.listing",
        "record.waiting",
    ),
    "administrator": (
        "site.home",
        "user.listing",
        "audit.listing",
        "evaluation.latest",
        "catalogue.demands",
        "catalogue.outcomes",
    ),
}


def places(
    roles: Collection[str | None],
) -> tuple[tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]]:
    """Endpoint and label of each place that somebody sees: those in the bar, and the others.

    ``roles`` holds the role, None for visitors and for whose role gives no rights yet, and what a
    role alone does not decide.
    """
    seen = {
        endpoint: label
        for endpoint, label, shown_to in (*_daily(), *_city(), *_offices())
        if shown_to.intersection(roles)
    }
    role = next((one for one in _BAR if one in roles), _VISITOR)
    bar = tuple((endpoint, seen[endpoint]) for endpoint in _BAR[role] if endpoint in seen)
    return bar, tuple(one for one in seen.items() if one not in bar)


# Endpoint, label and who sees it (None: visitors); the order is the order below "More".
_Entries = tuple[tuple[str, str, frozenset[str | None]], ...]


def _daily() -> _Entries:
    """What people of the two sides and brokers do every day."""
    sides = frozenset({"company", "researcher"})
    talking = sides | {"broker"}
    return (
        ("match_review.queue", _("Match review"), frozenset({"broker"})),
        ("match.mine", _("My suggestions"), sides),
        ("engagement.board", _("Engagements"), talking | {"bureau"}),
        ("calendar.show", _("Calendar"), talking),
        ("demand.mine", _("My demands"), frozenset({"company"})),
        ("outcome.mine", _("My outcomes"), frozenset({"researcher"})),
        ("question.listing", _("Questions"), sides),
        ("event.listing", _("Matchmaking events"), talking | {"association", "bureau"}),
        ("association.desk", _("Members' demands"), frozenset({"association"})),
        ("membership.listing", _("Member firms"), frozenset({"association"})),
        ("membership.listing", _("Associations"), frozenset({"company", "bureau"})),
        ("referral.listing", _("Referrals"), frozenset({"company", "association", "broker"})),
        (
            "secondment.listing",
            _("Technology specialists"),
            frozenset({"company", "specialist", "bureau"}),
        ),
        ("share.listing", _("Shared introductions"), frozenset({"broker"})),
        ("agency.desk", _("The agency's desk"), frozenset({AGENT})),
        ("work_record.show", _("My record"), frozenset({"broker"})),
        ("activity.show", _("Activity record"), talking),
    )


def _city() -> _Entries:
    """What everybody may look at."""
    everybody = SIGNED_IN | {None}
    return (
        ("site.home", _("Home"), everybody),
        ("catalogue.demands", _("Demands"), everybody),
        ("catalogue.outcomes", _("Outcomes"), everybody),
        ("challenge.listing", _("Challenges"), everybody),
        ("gap_map.overview", _("Gap map"), everybody - {"administrator"}),
        ("open_data.show", _("Open data"), frozenset({None, "bureau"})),
    )


def _offices() -> _Entries:
    """What brokers, the bureau and the administrator look after."""
    watching = frozenset({"bureau", "administrator"})
    return (
        ("record.waiting", _("To review"), frozenset({"broker", "bureau", APPROVER})),
        ("next_step.listing", _("Requests"), frozenset({"broker", "bureau"})),
        ("placement.listing", _("Placements"), frozenset({"broker", "bureau"})),
        ("duplicate.listing", _("Near-duplicates"), watching | {"broker"}),
        ("assignment.overview", _("Assignments"), frozenset({"bureau"})),
        ("figure.overview", _("Figures"), frozenset({"bureau"})),
        ("contract.listing", _("Contracts"), frozenset({"bureau"})),
        ("organisation.listing", _("Organisations"), frozenset({"bureau"})),
        ("user.listing", _("Users"), frozenset({"administrator"})),
        ("audit.listing", _("Audit"), watching),
        ("evaluation.latest", _("Evaluation"), watching),
    )
