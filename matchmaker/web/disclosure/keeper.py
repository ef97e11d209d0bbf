"""Putting together the page of those who keep a confidential tier."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from matchmaker.domain.custody import Custody
from matchmaker.domain.permissions import Actor, available_actions
from matchmaker.domain.visibility import LISTED_STATES
from matchmaker.services import disclosure as service
from matchmaker.services.record import Record, noun_of
from matchmaker.store.database import UnitOfWork
from matchmaker.store.queries import disclosure as query
from matchmaker.store.queries.disclosure import GrantRow
from matchmaker.web.disclosure.pages import GrantView, KeeperPage, WrittenText
from matchmaker.web.disclosure.wording import field_help, field_labels


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """What was typed and is shown again, with what is wrong with it."""

    organisation: str = ""
    until: str = ""
    reason: str = ""
    question: str = ""
    texts: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)

    def wrong(self, errors: Mapping[str, str]) -> Filled:
        """The same with errors."""
        return replace(self, errors=errors)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Held:
    """A grant's row as permissions look at it."""

    state: str
    organisation_id: int
    author_id: int | None
    custody: Custody
    recipient_ids: frozenset[int] = frozenset()


def keeper_page(uow: UnitOfWork, actor: Actor, record: Record, filled: Filled) -> KeeperPage:
    """Texts, grants, agreements and receipts of a record."""
    noun = noun_of(record)
    receipts, total = query.receipts(uow, noun, record.id)
    labels, day = field_labels(), service.today(uow)
    listed = record.state in LISTED_STATES[noun]
    return KeeperPage(
        noun=noun,
        public_id=record.public_id,
        title=record.title,
        published=listed,
        version=record.version,
        texts=tuple(
            WrittenText(
                name=name,
                label=labels[name],
                help=field_help(name),
                value=filled.texts.get(name, getattr(record, name)),
                limit=service.LENGTHS[name],
            )
            for name in query.confidential_fields(noun)
        ),
        grants=tuple(_view(uow, actor, record, row) for row in query.grants(uow, noun, record.id)),
        receipts=receipts,
        receipts_total=total,
        field_labels=labels,
        agreements=query.agreements(uow, record.organisation_id),
        counterparts=query.counterparts(uow, record.organisation_id),
        organisation=filled.organisation,
        until=filled.until or (day + service.USUAL).isoformat(),
        reason=filled.reason,
        first_day=day,
        last_day=day + service.LONGEST,
        errors=filled.errors,
    )


def _view(uow: UnitOfWork, actor: Actor, record: Record, row: GrantRow) -> GrantView:
    listed = record.state in LISTED_STATES[noun_of(record)]
    over = row.state == "granted" and row.until is not None and row.until < service.today(uow)
    held = _Held(
        state=row.state,
        organisation_id=record.organisation_id,
        author_id=record.author_id,
        custody=record.custody,
    )
    return GrantView(
        row=row,
        opens=row.state == "granted" and row.nda and not over and listed,
        over=over,
        actions=available_actions(actor, "disclosure", held),
    )
