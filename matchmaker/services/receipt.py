"""Reading a confidential tier under a grant: an act that leaves a receipt, never a mere look."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from matchmaker.domain.errors import NotAllowed
from matchmaker.domain.permissions import Actor, require
from matchmaker.domain.visibility import Tier, may_read
from matchmaker.domain.working_days import CHINA
from matchmaker.services import audit, disclosure_mail
from matchmaker.services.disclosure import today
from matchmaker.services.record import Record, noun_of
from matchmaker.store.base import new_public_id
from matchmaker.store.database import UnitOfWork
from matchmaker.store.disclosure import DisclosureGrant, DisclosureReceipt
from matchmaker.store.organisation import Organisation, User
from matchmaker.store.queries import disclosure as query


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """A confidential tier as it was just opened to a reader, and the receipt's particulars."""

    receipt_id: str
    texts: Mapping[str, str]
    reader_name: str
    organisation_name: str
    opened_at: datetime
    text_hash: str


def confidential_texts(record: Record) -> dict[str, str]:
    """The confidential fields of a record that hold something."""
    names = query.confidential_fields(noun_of(record))
    return {name: getattr(record, name) for name in names if getattr(record, name)}


def hash_of(texts: Mapping[str, str]) -> str:
    """SHA-256 (hex) over confidential texts, whatever their order."""
    told = json.dumps(dict(texts), ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()


def open_tier(uow: UnitOfWork, actor: Actor, record: Record, *, base_url: str) -> Opening:
    """Read a confidential tier under a grant: leaves a receipt, an audit row and a mail.

    Whoever keeps the record reads it on its own page and leaves no receipt.
    """
    noun = noun_of(record)
    found = query.standing(uow, actor, noun, record.id)
    day = today(uow)
    opening = next((one for one in found if one.grant.opens_to(actor, day)), None)
    allowed = may_read(
        actor,
        noun,
        record,
        Tier.CONFIDENTIAL,
        grants=[one.grant for one in found],
        today=day,
    )
    if opening is None or not allowed:
        msg = "The confidential part of this record is not open to your organisation."
        raise NotAllowed(msg, noun="disclosure", action="open")
    grant = uow.session.get_one(DisclosureGrant, opening.grant_id, with_for_update=True)
    require(actor, "disclosure", "open", grant)
    texts = confidential_texts(record)
    reader = uow.session.get_one(User, actor.user_id)
    home = uow.session.get_one(Organisation, actor.organisation_id)
    first = _first_today(uow, grant, reader)
    receipt = DisclosureReceipt(
        public_id=new_public_id(),
        grant_id=grant.id,
        reader_id=reader.id,
        organisation_id=home.id,
        opened_at=uow.now,
        fields=list(texts),
        record_version=record.version,
        text_hash=hash_of(texts),
    )
    uow.session.add(receipt)
    uow.flush()
    audit.record(
        uow,
        actor,
        "disclosure",
        grant.id,
        "open",
        after={"receipt": receipt.public_id, "fields": ", ".join(texts)},
    )
    if first:
        disclosure_mail.tell(uow, "open", grant, record, base_url, reader=reader.name)
    return Opening(
        receipt_id=receipt.public_id,
        texts=texts,
        reader_name=reader.name,
        organisation_name=home.name,
        opened_at=uow.now,
        text_hash=receipt.text_hash,
    )


def _first_today(uow: UnitOfWork, grant: DisclosureGrant, reader: User) -> bool:
    """Whether the reader has not opened this today: the owner is told once a day."""
    latest = uow.session.scalar(
        select(DisclosureReceipt.opened_at)
        .where(DisclosureReceipt.grant_id == grant.id, DisclosureReceipt.reader_id == reader.id)
        .order_by(DisclosureReceipt.id.desc())
        .limit(1)
    )
    return latest is None or latest.astimezone(CHINA).date() < today(uow)
