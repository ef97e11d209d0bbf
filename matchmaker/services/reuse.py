"""Starting a new record from an earlier one of one's own organisation."""

from __future__ import annotations

from typing import Any, Final

from matchmaker.domain.errors import Invalid
from matchmaker.domain.permissions import Actor, require
from matchmaker.services import audit
from matchmaker.services.record import MODELS, Record, noun_of
from matchmaker.store.database import UnitOfWork
from matchmaker.store.demand import DemandChain, DemandIndicator, DemandRecipient
from matchmaker.store.outcome import Outcome, OutcomeChain, OutcomeIndicator, OutcomeMode

# What belongs to the earlier one alone: its identity, its life, its dates, where it came from.
_NOT_COPIED: Final = frozenset(
    {"id", "public_id", "version", "organisation_id", "author_id", "state", "state_note",
     "origin", "source_id", "created_at", "updated_at", "published_at", "expires_on",
     "registration_number"}
)  # fmt: skip
_INDICATOR: Final = ("position", "name", "comparator", "value", "value_high", "unit", "condition")


def reuse(uow: UnitOfWork, actor: Actor, earlier: Record) -> Record:
    """A new draft with the content of an earlier record; the earlier one stays as it is.

    Confidential text comes along: it is the same organisation's, and as hidden as before.
    """
    noun = noun_of(earlier)
    require(actor, noun, "create")
    require(actor, noun, "reuse", earlier)
    if actor.organisation_id is None:
        msg = "Your membership of an organisation has to be confirmed first."
        raise Invalid(msg, {"organisation": "missing"})
    record = MODELS[noun](
        **_columns(earlier),
        organisation_id=actor.organisation_id,
        author_id=actor.user_id,
        state="draft",
        created_at=uow.now,
        updated_at=uow.now,
    )
    _copy_rows(earlier, record)
    uow.session.add(record)
    uow.flush()
    audit.record(
        uow, actor, noun, record.id, "create", states=(None, "draft"), after={"title": record.title}
    )
    return record


def _columns(earlier: Record) -> dict[str, Any]:
    found = {
        column.key: getattr(earlier, column.key)
        for column in type(earlier).__table__.columns
        if column.key not in _NOT_COPIED
    }
    return {
        name: list(value) if isinstance(value, list) else value for name, value in found.items()
    }


def _copy_rows(earlier: Record, record: Any) -> None:
    if isinstance(earlier, Outcome):
        record.chains = [OutcomeChain(chain_code=row.chain_code) for row in earlier.chains]
        record.modes = [OutcomeMode(mode=row.mode) for row in earlier.modes]
        kind: Any = OutcomeIndicator
    else:
        record.chains = [DemandChain(chain_code=row.chain_code) for row in earlier.chains]
        record.recipients = [
            DemandRecipient(organisation_id=row.organisation_id) for row in earlier.recipients
        ]
        kind = DemandIndicator
    record.indicators = [
        kind(**{name: getattr(row, name) for name in _INDICATOR}) for row in earlier.indicators
    ]
