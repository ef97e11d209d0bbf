"""The rules of ``domain/visibility.py`` as SQL clauses, for lists, counts and facets.

One rule, two forms: a property test draws actors and records and holds both forms to one answer.
Whatever lists records joins :func:`seen`; whatever shows, filters or sorts by something that tells
the organisation asks :func:`named` first.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from sqlalchemy import ColumnElement, and_, exists, false, or_, select, true
from sqlalchemy.orm import aliased

from matchmaker.domain.custody import KEEPERS
from matchmaker.domain.permissions import Actor
from matchmaker.domain.visibility import LISTED_STATES, MATCHED_STATES, REVIEW_STATES
from matchmaker.store.demand import Demand, DemandRecipient
from matchmaker.store.disclosure import DisclosureGrant
from matchmaker.store.engagement import Engagement, NdaAcceptance
from matchmaker.store.match import Match
from matchmaker.store.outcome import Outcome
from matchmaker.store.queries.statement import kept

_REVIEWERS: Final = frozenset({"broker", "bureau"})
MODELS: Final[dict[str, type[Demand | Outcome]]] = {"demand": Demand, "outcome": Outcome}


@kept
def seen(actor: Actor, noun: str) -> ColumnElement[bool]:
    """``domain.visibility.may_see`` over the rows of ``demand`` or ``outcome``."""
    if actor.role == "system":
        return true()
    if reviews(actor):
        open_to_them: ColumnElement[bool] = comparable(noun)
    else:
        open_to_them = and_(listed(noun), _not_directed_elsewhere(actor, noun))
    return or_(member(actor, noun), _placed(actor, noun), open_to_them)


def listed(noun: str) -> ColumnElement[bool]:
    """Whether everybody may know of the row, as far as its state tells."""
    return _in(noun, LISTED_STATES[noun])


def matched(noun: str) -> ColumnElement[bool]:
    """Whether the row takes part in matching."""
    return _in(noun, MATCHED_STATES[noun])


def comparable(noun: str) -> ColumnElement[bool]:
    """Whether reviewers see the row, and may take it for another: listed, or waiting for them."""
    return _in(noun, LISTED_STATES[noun] | REVIEW_STATES[noun])


def _in(noun: str, states: frozenset[str]) -> ColumnElement[bool]:
    """Whether a row's state is one of some, always in the same order: a statement is kept once."""
    return MODELS[noun].state.in_(sorted(states))


@kept
def named(actor: Actor, noun: str) -> ColumnElement[bool]:
    """``domain.visibility.may_name_organisation`` over the rows of ``demand`` or ``outcome``."""
    if noun == "outcome" or actor.role == "system" or reviews(actor):
        return seen(actor, noun)
    open_to_them: ColumnElement[bool] = Demand.disclosure != "anonymous"
    if actor.confided_by:
        open_to_them = or_(open_to_them, Demand.organisation_id.in_(sorted(actor.confided_by)))
    return or_(member(actor, noun), _placed(actor, noun), and_(open_to_them, seen(actor, noun)))


def member(actor: Actor, noun: str) -> ColumnElement[bool]:
    """Whether the row belongs to the actor's own organisation."""
    if not actor.signed_in or actor.organisation_id is None:
        return false()
    return MODELS[noun].organisation_id == actor.organisation_id


def _placed(actor: Actor, noun: str) -> ColumnElement[bool]:
    """Whether the row belongs to a firm that the actor, a specialist, acts for today."""
    if not actor.placed_with:
        return false()
    return MODELS[noun].organisation_id.in_(sorted(actor.placed_with))


def reviews(actor: Actor) -> bool:
    """Whether the actor reviews other people's records: a broker or the bureau."""
    return actor.signed_in and actor.role in _REVIEWERS


def confidential(actor: Actor, noun: str, today: date) -> ColumnElement[bool]:
    """``domain.visibility.may_read`` of the confidential tier over ``demand`` or ``outcome``."""
    return or_(_keeps(actor, noun), and_(seen(actor, noun), _granted(actor, noun, today)))


def nda_between() -> ColumnElement[bool]:
    """Whether owner and grantee of a ``disclosure_grant`` have accepted one text of the agreement.

    It need not be in the engagement about this very record: the agreement is between organisations,
    and it holds when the talks in which it was accepted are over.
    """
    ours, theirs = aliased(NdaAcceptance), aliased(NdaAcceptance)
    owner, grantee = DisclosureGrant.owner_id, DisclosureGrant.grantee_id
    return (
        exists()
        .where(
            or_(
                and_(Engagement.company_id == owner, Engagement.institution_id == grantee),
                and_(Engagement.company_id == grantee, Engagement.institution_id == owner),
            ),
            ours.engagement_id == Engagement.id,
            ours.side == "company",
            theirs.engagement_id == Engagement.id,
            theirs.side == "institution",
            ours.text_version == theirs.text_version,
        )
        .correlate(DisclosureGrant)
    )


@kept
def pair_opened(actor: Actor) -> ColumnElement[bool]:
    """Whether the page of a match opens to the actor; joins demand and outcome.

    It opens to the two parties, to brokers and to the bureau, while they may see both records.
    """
    party: ColumnElement[bool] = or_(member(actor, "demand"), member(actor, "outcome"))
    if reviews(actor) or actor.role == "system":
        party = true()
    return and_(party, seen(actor, "demand"), seen(actor, "outcome"))


@kept
def pair_shown(actor: Actor) -> ColumnElement[bool]:
    """Whether the actor may see in a list that the two are suggested to each other.

    Everybody else than those of :func:`pair_opened` learns of current pairs of published records
    only, never of a dismissed one and never of one with a directed demand.
    """
    in_public = and_(
        matched("demand"),
        Demand.disclosure != "directed",
        matched("outcome"),
        Match.state != "dismissed",
        Match.current.is_(True),
    )
    return or_(pair_opened(actor), in_public)


def _not_directed_elsewhere(actor: Actor, noun: str) -> ColumnElement[bool]:
    """Whether a published row is open to the actor: not directed, or directed to them."""
    if noun == "outcome":
        return true()
    undirected: ColumnElement[bool] = Demand.disclosure != "directed"
    if not (actor.signed_in and actor.verified and actor.organisation_id):
        return undirected
    to_them = exists().where(
        DemandRecipient.demand_id == Demand.id,
        DemandRecipient.organisation_id == actor.organisation_id,
    )
    return or_(undirected, to_them)


def _keeps(actor: Actor, noun: str) -> ColumnElement[bool]:
    """Whether the actor keeps the row's confidential tier."""
    if not actor.signed_in or actor.role != KEEPERS[noun]:
        return false()
    own = member(actor, noun)
    if noun == "demand" or actor.manager:
        return own
    return and_(own, Outcome.author_id == actor.user_id)


def _granted(actor: Actor, noun: str, today: date) -> ColumnElement[bool]:
    """Whether a grant opens the row's confidential tier to the actor."""
    reads = actor.verified and actor.role in KEEPERS.values()
    if not (actor.signed_in and reads and actor.organisation_id):
        return false()
    column = DisclosureGrant.demand_id if noun == "demand" else DisclosureGrant.outcome_id
    return MODELS[noun].id.in_(
        select(column).where(
            DisclosureGrant.grantee_id == actor.organisation_id,
            DisclosureGrant.state == "granted",
            DisclosureGrant.until >= today,
            column.is_not(None),
            nda_between(),
        )
    )
