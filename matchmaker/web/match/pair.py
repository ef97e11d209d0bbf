"""A pair as pages show it: both sides with marked sentences, and why it was suggested."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from matchmaker.domain.permissions import Actor, available_actions
from matchmaker.domain.visibility import anonymised, may_name_organisation
from matchmaker.services.matchable import matchable
from matchmaker.store.database import UnitOfWork
from matchmaker.store.demand import Demand
from matchmaker.store.match import Match
from matchmaker.store.organisation import User
from matchmaker.store.outcome import Outcome
from matchmaker.store.queries import match_review as query
from matchmaker.web.match.marking import Span, paragraphs
from matchmaker.web.match.pages import Finding, Pair, Side
from matchmaker.web.match.wording import fact_text


def pair_of(uow: UnitOfWork, actor: Actor, match: Match) -> Pair:
    """A match with both records loaded, as the actor may see it.

    Where the company is withheld, so is everything that tells where it sits.
    """
    named = may_name_organisation(actor, "demand", match.demand)
    explanation: Mapping[str, Any] = match.explanation or {}
    if not named:
        explanation = anonymised(explanation)
    aligned = explanation.get("alignment")
    terms = explanation.get("terms", [])
    decider = uow.session.get(User, match.decided_by) if match.decided_by else None
    return Pair(
        public_id=match.public_id,
        score=match.score,
        level=match.level,
        state=match.state,
        reason=match.reason,
        note=match.note,
        decided_by=decider.name if decider else None,
        decided_at=match.decided_at,
        snoozed_until=match.snoozed_until,
        demand=_side("demand", match.demand, explanation, named=named),
        outcome=_side("outcome", match.outcome, explanation, named=True),
        terms=tuple(term["text"] for term in terms),
        similarity=aligned["similarity"] if aligned else None,
        findings=tuple(
            Finding(stance=fact["stance"], text=fact_text(fact))
            for fact in explanation.get("facts", [])
        ),
        history=query.history(uow, match.id),
        actions=frozenset(available_actions(actor, "match", match)),
    )


def _side(
    noun: str, record: Demand | Outcome, explanation: Mapping[str, Any], *, named: bool
) -> Side:
    """One record, its best-aligned sentence marked with 1 and the shared terms with 2."""
    plain = matchable(record, record.organisation.region_code)
    aligned = explanation.get("alignment")
    spans = [Span(start=t[noun][0], end=t[noun][1], number=2) for t in explanation.get("terms", [])]
    if aligned:
        spans.append(Span(start=aligned[noun]["start"], end=aligned[noun]["end"], number=1))
    return Side(
        noun=noun,
        public_id=record.public_id,
        title=record.title,
        paragraphs=paragraphs(plain.content, spans),
        organisation_name=record.organisation.name if named else None,
        disclosure=record.disclosure,
        region=record.organisation.region_code if named else None,
        chains=tuple(sorted(plain.chains)),
        field=record.field,
        trl=plain.trl,
        modes=tuple(sorted(plain.modes)),
        money_min=record.budget_min if isinstance(record, Demand) else record.price_min,
        money_max=record.budget_max if isinstance(record, Demand) else record.price_max,
        origin=record.origin,
    )
