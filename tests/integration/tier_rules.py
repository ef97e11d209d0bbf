"""Which markers somebody may meet at an address, from the permission table and visibility alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from matchmaker.domain.permissions import Actor, Relation, may, relations
from matchmaker.domain.visibility import (
    Grant,
    Tier,
    may_contact,
    may_know_person,
    may_name_organisation,
    may_read,
    may_see,
)
from tests.integration import tier_challenge
from tests.integration.tier_world import GRANTS, Kept, Marker, World

# Where a reader meets his own organisation's people, or looks after accounts.
_NAMING: Final = frozenset({"organisation", "user", "account"})
# A firm comes to an event under its own name, for its public demands.
_MET: Final = frozenset({"event"})
# Where who helps firms meets their names: beside no anonymous demand, see ``linked``.
_HELPING: Final = {
    "specialist": frozenset({"secondment", "notification"}),
    "association": frozenset({"membership", "association", "notification"}),
}
# Where its keepers find a confidential tier: on its own page, and in the copy of their own data.
_KEEPING: Final = frozenset({"disclosure.show", "account.export"})
# Where talks are shown to their two sides and their broker.
RECORD_PAGES: Final = frozenset(
    {"demand", "outcome", "catalogue", "match", "duplicate", "placement"}
)


def allowed(world: World, actor: Actor, marker: Marker, endpoint: str) -> bool:
    """Whether a marker may stand in what an actor gets from an endpoint."""
    room = endpoint.split(".", maxsplit=1)[0]
    said = _SAID.get(marker.kind)
    if said is not None:
        return said(actor, marker)
    if marker.record is not None:
        return _of_record(world, actor, marker, endpoint)
    if marker.engagement is not None:
        return may(actor, "engagement", "view", marker.engagement)
    if marker.kind == "name":
        return _name(world, actor, marker, room)
    return _person(world, actor, marker, room)


def linked(world: World, actor: Actor, words: Iterable[str], text: str) -> list[str]:
    """Names and people of anonymous companies that stand beside their own demands.

    Each may be known for itself: a verified company has a page, its demand stands in the catalogue.
    Together they name it.
    """
    words = set(words)
    company = world.organisations["anonymous company"].id
    telling = [
        marker.kind
        for marker in (world.markers[word] for word in words)
        if marker.record is None and marker.organisation_id == company
    ]
    if not telling:
        return []
    return [
        f"{'/'.join(sorted(set(telling)))} of the company behind a {kept.label}"
        for kept in world.records
        if kept.row.organisation_id == company
        and (kept.row.public_id in text or words & set(kept.markers.values()))
        and not may_name_organisation(actor, kept.noun, kept.row)
        and not _talks_with(world, actor, kept)
    ]


def grants(world: World, kept: Kept) -> list[Grant]:
    """The grants of a record as the world was built."""
    suffix = "institution" if kept.noun == "demand" else "company"
    return [
        Grant(
            organisation_id=grant.grantee_id,
            state=grant.state,
            until=grant.until,
            nda=agreed and _agreed(world, grant.grantee_id, kept.row.organisation_id),
        )
        for grant in world.grants_of(kept)
        for who, (_state, _days, agreed) in GRANTS.items()
        if world.organisations[f"{who} {suffix}"].id == grant.grantee_id
    ]


def _agreed(world: World, one: int, other: int) -> bool:
    return any({one, other} == {talk.company_id, talk.institution_id} for talk in world.engagements)


def _of_record(world: World, actor: Actor, marker: Marker, endpoint: str) -> bool:
    kept = marker.record
    assert kept is not None
    row, noun = kept.row, kept.noun
    seen = may_see(actor, noun, row)
    if marker.kind == "public":
        return seen or _about(world, actor, kept)
    if marker.kind == "note":
        return seen and bool(
            relations(actor, row)
            & {Relation.MEMBER, Relation.BROKER, Relation.BUREAU, Relation.PLACED}
        )
    if marker.kind == "redacted":
        return may_read(actor, noun, row, Tier.REDACTED)
    if marker.kind == "confidential":
        if endpoint == "disclosure.open_tier":
            today = (world.platform.clock()).date()
            return may_read(
                actor, noun, row, Tier.CONFIDENTIAL, grants=grants(world, kept), today=today
            )
        return endpoint in _KEEPING and may(actor, "disclosure", "oversee", row)
    return seen and actor.role == "bureau"  # where it was imported from


def _terms(actor: Actor, marker: Marker) -> bool:
    """What a contract says, for its parties; the bureau sees what it is called, once registered."""
    assert marker.contract is not None
    overseen = marker.kind == "filed" and may(actor, "contract", "oversee", marker.contract)
    return overseen or may(actor, "contract", "view", marker.contract)


def _question(actor: Actor, marker: Marker) -> bool:
    """A broker's question and its answer: for brokers and whoever was asked, not the other side."""
    asked = actor.organisation_id == marker.organisation_id and may(actor, "question", "list")
    return asked or may(actor, "question", "ask")


def _desk(actor: Actor, _marker: Marker) -> bool:
    """What a broker notes about a pair is read at the desk alone."""
    return may(actor, "match", "review")


def _step(actor: Actor, marker: Marker) -> bool:
    """What a company asks experts, and is answered: with its demand, or for who wrote it."""
    assert marker.record is not None
    row = marker.record.row
    concerned = Relation.MEMBER in relations(actor, row) or may(actor, "next_step", "review")
    return actor.user_id == marker.user_id or (concerned and may_see(actor, "demand", row))


def _old(actor: Actor, marker: Marker) -> bool:
    """What a returned record said: for its own people, and for whoever reviews it."""
    assert marker.record is not None
    noun, row = marker.record.noun, marker.record.row
    concerned = Relation.MEMBER in relations(actor, row) or may(actor, noun, "review", row)
    tier = Tier.REDACTED if marker.kind == "old redacted" else Tier.PUBLIC
    return concerned and may_read(actor, noun, row, tier)


def _notice(actor: Actor, marker: Marker) -> bool:
    """What somebody was told comes with the record, while he may see it."""
    assert marker.record is not None
    own = actor.signed_in and actor.user_id == marker.user_id
    return own and may_see(actor, marker.record.noun, marker.record.row)


def _search(actor: Actor, marker: Marker) -> bool:
    """A search is its owner's alone."""
    return actor.signed_in and actor.user_id == marker.user_id


@dataclass(frozen=True)
class _OfFirm:
    """What a specialist has written at a firm, as permissions look at it."""

    organisation_id: int
    specialist_id: int
    state: None = None
    author_id: None = None
    recipient_ids: frozenset[int] = frozenset()


def _visit(actor: Actor, marker: Marker) -> bool:
    """What a specialist notes of a visit: for the firm, and for himself while placed there."""
    assert marker.organisation_id is not None
    assert marker.user_id is not None
    return may(actor, "visit", "view", _OfFirm(marker.organisation_id, marker.user_id))


def _diagnosis(actor: Actor, marker: Marker) -> bool:
    """What a specialist says of a demand: for the firm, and for whoever is placed there today."""
    own = actor.role == "company" and actor.organisation_id == marker.organisation_id
    return own or marker.organisation_id in actor.placed_with


def _purpose(actor: Actor, marker: Marker) -> bool:
    """What a secondment is for: for its three sides."""
    own = actor.organisation_id == marker.organisation_id and actor.role == "company"
    return actor.role == "bureau" or actor.user_id == marker.user_id or own


def _referral(actor: Actor, marker: Marker) -> bool:
    """Why an association put a pair forward: for it, its member, and brokers when put to them.

    Of an anonymous demand the association keeps it only while it is confided in, of a directed one
    not at all: it may not see the demand.
    """
    if actor.role == "association":
        hosts = actor.organisation_id == marker.user_id
        confided = marker.organisation_id in actor.confided_by
        return hosts and (marker.role == "public" or (marker.role == "anonymous" and confided))
    own = actor.role == "company" and actor.organisation_id == marker.organisation_id
    return own or (actor.role == "broker" and marker.role == "public")


_SAID: Final[Mapping[str, Callable[[Actor, Marker], bool]]] = {
    "terms": _terms,
    "filed": _terms,
    "question": _question,
    "desk": _desk,
    "step": _step,
    "old": _old,
    "old redacted": _old,
    "notice": _notice,
    "search": _search,
    "bid": tier_challenge.bid_open,
    "score": tier_challenge.score_open,
    "objection": tier_challenge.objection_open,
    "purpose": _purpose,
    "visit": _visit,
    "diagnosis": _diagnosis,
    "referral": _referral,
}


def _name(world: World, actor: Actor, marker: Marker, room: str) -> bool:
    """A verified organisation's name is public; an anonymous company's where it is looked up."""
    if marker.organisation_id != world.organisations["anonymous company"].id:
        return True
    if actor.organisation_id == marker.organisation_id or actor.role in ("broker", "bureau"):
        return True
    if room in _NAMING | _MET | _HELPING.get(actor.role or "", frozenset()):
        return True
    if marker.organisation_id in actor.placed_with | actor.confided_by:
        return True
    talks = any(
        marker.organisation_id in (one.company_id, one.institution_id)
        for one in world.parties(actor)
    )
    return talks and room not in RECORD_PAGES


def _person(world: World, actor: Actor, marker: Marker, room: str) -> bool:
    role = marker.role if marker.kind == "person" else None
    if may_know_person(
        actor, user_id=marker.user_id, organisation_id=marker.organisation_id, role=role
    ):
        return True
    if tier_challenge.leader_known(world, actor, marker, room):
        return True
    if room in RECORD_PAGES:
        return False
    return any(
        marker.organisation_id in (one.company_id, one.institution_id)
        or marker.user_id == one.broker_id
        for one in world.parties(actor)
    )


def _about(world: World, actor: Actor, kept: Kept) -> bool:
    """Whether a record is what an engagement of the actor's is about."""
    key = "demand_id" if kept.noun == "demand" else "outcome_id"
    overseen = world.engagements if actor.role == "bureau" else world.parties(actor)
    return any(getattr(one, key) == kept.row.id for one in overseen)


def _talks_with(world: World, actor: Actor, kept: Kept) -> bool:
    """Whether the actor has come to know the company in an engagement about this very record."""
    return any(
        may_contact(actor, one) and one.demand_id == kept.row.id for one in world.engagements
    )
