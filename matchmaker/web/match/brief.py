"""A match on one page for one of its sides: what that side may see of the other, and nothing else.

Whoever prints it, the page is drawn with the eyes of the side that gets it, and from public tiers
alone: paper is passed on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from matchmaker.domain.errors import NotFound
from matchmaker.domain.permissions import Actor
from matchmaker.domain.question import without_names
from matchmaker.domain.visibility import anonymised, may_name_organisation, may_see
from matchmaker.integrations.pdf import Document, Section
from matchmaker.services.record import indicators_of
from matchmaker.services.side_reader import ROLES_OF_SIDES, side_reader
from matchmaker.store.demand import Demand
from matchmaker.store.match import Match
from matchmaker.store.outcome import Outcome
from matchmaker.web.i18n import gettext as _
from matchmaker.web.i18n import locale, money, term, write_date
from matchmaker.web.match.wording import fact_text
from matchmaker.web.platform import matchmaker

_LONGEST: Final = 420  # characters of one text: the page is to be read at a glance
_INDICATORS: Final = 6
_FACTS: Final = 8


def may_print(actor: Actor, match: Match, side: str) -> bool:
    """Whether the actor gets the brief of a side: a broker both, others their own."""
    if actor.role == "broker":
        return True
    own = match.demand if side == "demand" else match.outcome
    return actor.role == ROLES_OF_SIDES.get(side) and actor.organisation_id == own.organisation_id


def brief(match: Match, side: str, now: datetime) -> Document:
    """The page for one side of a match with both records loaded."""
    own, other = (
        (match.demand, match.outcome) if side == "demand" else (match.outcome, match.demand)
    )
    noun = "outcome" if side == "demand" else "demand"
    reader = side_reader(side, own)
    if not may_see(reader, noun, other):
        msg = "The side may not see the other record."
        raise NotFound(msg, noun="match")
    named = may_name_organisation(reader, noun, other)
    hidden = () if named else (other.organisation.name, other.organisation.name_en)

    def clean(text: str) -> str:
        """A text, shortened, in which nobody is named who is not to be."""
        plain = without_names(text.strip(), hidden)
        return plain if len(plain) <= _LONGEST else plain[: _LONGEST - 1] + "…"

    explanation: Mapping[str, Any] = match.explanation or {}
    shown = explanation if named and _both_named(side, match) else anonymised(explanation)
    sections = _texts(other, clean)
    indicators = [clean(one.text) for one in indicators_of(other)[:_INDICATORS]]
    if indicators:
        sections.append(Section(heading=_("Indicators"), lines=indicators))
    sections += _reasons(shown, clean)
    for_whom = _("For the company") if side == "demand" else _("For the institution")
    return Document(
        name=_("Match brief"),
        above=f"{_('Match brief')} · {for_whom} · {clean(own.title)}",
        title=clean(other.title),
        facts=[(label, value) for label, value in _facts(match, other, named=named) if value],
        sections=sections,
        footer=_(
            "Printed on %(date)s from public particulars. Nothing here binds anybody; contact goes "
            "through the technology broker. %(link)s",
            date=write_date(now),
            link=f"{matchmaker().settings.base_url}/matches/{match.public_id}",
        ),
        language="en" if locale() == "en" else "zh-CN",
    )


def _both_named(side: str, match: Match) -> bool:
    """Whether the facts may tell where the company sits: to itself always."""
    return side == "demand" or match.demand.disclosure != "anonymous"


def _facts(match: Match, other: Demand | Outcome, *, named: bool) -> Sequence[tuple[str, str]]:
    plan, language = matchmaker().plan, locale()
    separator = ", " if language == "en" else "、"
    chains = separator.join(
        plan.chain_by_code[one.chain_code].text(language) for one in other.chains
    )
    region = other.organisation.region_code if named else None
    level = term(str(match.level), "match_level")
    facts = [
        (_("Relevance"), f"{level} · {100 * match.score:.0f} %"),
        (
            _("Organisation"),
            other.organisation.name if named else _("Anonymous company"),
        ),
        (_("District"), plan.region_by_code[region].text(language) if region else ""),
        (_("Technical field"), term(other.field, "field")),
        (_("Chains"), chains),
    ]
    if isinstance(other, Outcome):
        price = _span(other.price_min, other.price_max) or term(other.price_mode, "price_mode")
        modes = separator.join(term(one.mode, "conversion_mode") for one in other.modes)
        return [
            *facts,
            (_("Maturity"), f"TRL {other.trl}" if other.trl else ""),
            (_("Ways of transfer"), modes),
            (_("Price"), price),
        ]  # fmt: skip
    trl = _("TRL at least %(trl)s", trl=other.lowest_trl) if other.lowest_trl else ""
    return [
        *facts,
        (_("Kind of demand"), term(other.kind, "demand_kind")),
        (_("Maturity"), trl),
        (_("Way of solving it"), term(other.solution_mode, "solution_mode")),
        (_("Budget"), _span(other.budget_min, other.budget_max)),
    ]


def _span(low: Any, high: Any) -> str:
    ends = [money(one) for one in (low, high) if one is not None]
    return " – ".join(dict.fromkeys(ends))


def _texts(other: Demand | Outcome, clean: Any) -> list[Section]:
    """The public texts of the other record, in the order in which they convince."""
    if isinstance(other, Outcome):
        texts = [
            (_("Summary"), other.summary),
            (_("Problem solved"), other.problem_solved),
            (_("Advantage over existing solutions"), other.advantage),
            (_("Economic effect"), other.economics),
        ]
    else:
        texts = [
            (_("Main problem"), other.problem),
            (_("Key technology"), other.key_technology),
            (_("Target"), other.target),
            (_("Constraints"), other.constraints),
        ]
    return [Section(heading=head, paragraphs=[clean(text)]) for head, text in texts if text.strip()]


def _reasons(explanation: Mapping[str, Any], clean: Any) -> list[Section]:
    facts = explanation.get("facts", [])[:_FACTS]
    found = []
    for stance, heading in (("for", _("What speaks for it")), ("against", _("What to clear up"))):
        lines = [clean(fact_text(one)) for one in facts if one.get("stance") == stance]
        if lines:
            found.append(Section(heading=heading, lines=lines))
    return found
