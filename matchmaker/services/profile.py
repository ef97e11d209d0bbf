"""A record for a profile in English: its public tier without anything that names somebody."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select

from matchmaker.domain.errors import NotAllowed
from matchmaker.domain.permissions import Actor
from matchmaker.domain.plan import Plan
from matchmaker.domain.profile import Names, may_export, nameless
from matchmaker.services import record as record_service
from matchmaker.services.leak import identity_of
from matchmaker.services.record import Record, indicators_of
from matchmaker.store.database import UnitOfWork
from matchmaker.store.demand import Demand
from matchmaker.store.organisation import Organisation, User
from matchmaker.store.outcome import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileText:
    """A text of the profile; ``english`` says whether its author wrote it in English."""

    code: str
    text: str
    english: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What a profile tells of a record, and how much was held back by kind."""

    record: Record
    reference: str
    title: ProfileText
    texts: tuple[ProfileText, ...]
    indicators: tuple[str, ...]
    expectation: str
    held: Mapping[str, int]


def profile(
    uow: UnitOfWork, actor: Actor, plan: Plan, key: str, *, noun: str, public_id: str
) -> Profile:
    """The profile of a record; ``NotFound`` unless seen, ``NotAllowed`` unless it may go out.

    ``key`` is what its reference is made with.
    """
    record = record_service.load(uow, actor, noun, public_id)
    if not may_export(actor, noun, record):
        msg = f"You may not make a profile of this {noun}."
        raise NotAllowed(msg, noun="profile", action="export")
    chosen = _texts(record)
    indicators = {f"indicator-{n}": one.text for n, one in enumerate(indicators_of(record))}
    expectation = record.ip_expectation if isinstance(record, Demand) else ""
    texts = {one.code: one.text for one in chosen} | indicators | {"expectation": expectation}
    made = nameless(texts, _names(uow, record, plan))
    title, *rest = (
        ProfileText(code=one.code, text=made.texts[one.code], english=one.english) for one in chosen
    )
    return Profile(
        record=record,
        reference=reference(key, noun, public_id),
        title=title,
        texts=tuple(one for one in rest if one.text),
        indicators=tuple(made.texts[code] for code in indicators),
        expectation=made.texts["expectation"],
        held=dict(made.held),
    )


def reference(key: str, noun: str, public_id: str) -> str:
    """What a record is called on its profile: the same each time, and leading nowhere by itself.

    The id in the record's address will not do: its page names the organisation.
    """
    digest = hmac.new(key.encode(), f"profile {noun} {public_id}".encode(), hashlib.sha256)
    return f"{'TR' if noun == 'demand' else 'TO'}-{digest.hexdigest()[:10].upper()}"


def _texts(record: Record) -> tuple[ProfileText, ...]:
    """The texts by heading: in English where the author wrote it, else as it stands."""
    if isinstance(record, Outcome):
        advantage, own = record.advantage_en, record.advantage
        summary, description = record.summary, record.problem_solved
    else:
        advantage, own = record.target_en, record.target
        summary, description = record.problem, record.key_technology
    pairs = {
        "title": (record.title_en, record.title),
        "abstract": (record.summary_en, summary),
        "description": (record.description_en, description),
        "advantage": (advantage, own),
    }
    return tuple(
        ProfileText(code=code, text=english or other, english=bool(english) or other.isascii())
        for code, (english, other) in pairs.items()
    )


def _names(uow: UnitOfWork, record: Record, plan: Plan) -> Names:
    """Whose names must not stand in it: its people, its organisation, owners, users, districts."""
    people = set(
        uow.session.scalars(select(User.name).where(User.organisation_id == record.organisation_id))
    )
    organisations: set[str] = set()
    if isinstance(record, Outcome):
        people |= set(record.team)
        organisations = {right.get("owners", "") for right in record.ip} | set(record.deployments)
        organisations.add(record.ownership)
    else:
        recipients = [one.organisation_id for one in record.recipients]
        organisations = set(
            uow.session.scalars(select(Organisation.name).where(Organisation.id.in_(recipients)))
        )
    smaller = [one for one in plan.regions if one.kind != "outside"]
    return Names(
        own=identity_of(record.organisation),
        people=_told(people),
        organisations=_told(organisations),
        places=_told(name for one in smaller for name in (one.zh, one.en)),
    )


def _told(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(filter(None, names)))
