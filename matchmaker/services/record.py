"""Writing demands and outcomes: create, edit, and their way through review.

Both nouns go the same way; what differs is data: their fields, their states, who reviews them.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict, replace
from typing import Any, Final, cast

from sqlalchemy import select
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.attributes import flag_modified

from matchmaker.domain.demand import DemandFields
from matchmaker.domain.errors import Conflict, Invalid, NotFound, WrongState
from matchmaker.domain.fields import FieldProblem, InvalidFields
from matchmaker.domain.indicator import Indicator
from matchmaker.domain.outcome import OutcomeFields
from matchmaker.domain.permissions import Actor, Bare, require
from matchmaker.domain.record import DEMAND_LIFE, OUTCOME_LIFE, REQUIRED_TO_SUBMIT, SHORT_LENGTH
from matchmaker.domain.text import tidy, unclean_character
from matchmaker.domain.visibility import (
    CONFIDENTIAL_FIELDS,
    LISTED_STATES,
    MATCHED_STATES,
    may_see,
)
from matchmaker.domain.working_days import day_of
from matchmaker.services import (
    audit,
    leak,
    need_consent_lapse,
    placement_decision,
    record_notice,
    revision,
    standing,
)
from matchmaker.services.transition import transition
from matchmaker.store.change import record_changes
from matchmaker.store.database import UnitOfWork
from matchmaker.store.demand import Demand, DemandChain, DemandIndicator, DemandRecipient
from matchmaker.store.duplicate import forget
from matchmaker.store.organisation import Organisation, User
from matchmaker.store.outcome import Outcome, OutcomeChain, OutcomeIndicator, OutcomeMode
from matchmaker.store.placement import forget as forget_placement
from matchmaker.store.revision import forget as forget_version

Record = Demand | Outcome
Fields = DemandFields | OutcomeFields

MODELS: Final[dict[str, type[Record]]] = {"demand": Demand, "outcome": Outcome}
LIFE: Final = {"demand": DEMAND_LIFE, "outcome": OUTCOME_LIFE}
# Values kept in tables of their own; every other field is a column.
_RELATED: Final = frozenset({"indicators", "chains", "recipients", "conversion_modes"})
_NEED_REASONS: Final = frozenset({"return", "request_changes"})
PUBLISHING: Final = frozenset({"publish", "approve"})
UNPUBLISHING: Final = frozenset({"withdraw", "expire", "resolve"})


def noun_of(record: Record) -> str:
    """``demand`` or ``outcome``."""
    return "demand" if isinstance(record, Demand) else "outcome"


def load(uow: UnitOfWork, actor: Actor, noun: str, public_id: str, *, lock: bool = False) -> Record:
    """The record of a public id with its organisation; ``NotFound`` unless the actor may see it."""
    model = MODELS[noun]
    statement = (
        select(model).where(model.public_id == public_id).options(joinedload(model.organisation))
    )
    if lock:
        statement = statement.with_for_update(of=model)
    record = cast("Record | None", uow.session.scalars(statement).one_or_none())
    if record is None or not may_see(actor, noun, record):
        msg = f"There is no such {noun}, or none that you may see."
        raise NotFound(msg, noun=noun)
    return record


def create(
    uow: UnitOfWork, actor: Actor, noun: str, fields: Fields, *, firm_id: int | None = None
) -> Record:
    """Save a new draft of the actor's organisation, or of the firm that a specialist acts for."""
    if firm_id is None:
        require(actor, noun, "create")
        home = actor.organisation_id
    else:
        require(actor, noun, "draft", Bare(organisation_id=firm_id))
        home = firm_id
    if home is None:
        msg = "Your membership of an organisation has to be confirmed first."
        raise Invalid(msg, {"organisation": "missing"})
    _require_future(uow, fields)
    record = MODELS[noun](
        organisation_id=home,
        author_id=actor.user_id,
        state="draft",
        created_at=uow.now,
        updated_at=uow.now,
    )
    write(uow, record, fields)
    uow.session.add(record)
    uow.flush()
    uow.session.refresh(record, ["organisation"])
    after = {"title": fields.title, **_on_behalf(actor, record)}
    audit.record(uow, actor, noun, record.id, "create", states=(None, "draft"), after=after)
    return record


def editing(actor: Actor) -> str:
    """The action by which the actor changes records: a specialist amends what a firm drafts."""
    return "amend" if actor.role == "specialist" else "edit"


def _on_behalf(actor: Actor, record: Record) -> dict[str, object]:
    """What the audit says of a specialist's deed: for which firm it was done."""
    if record.organisation_id not in actor.placed_with:
        return {}
    return {"on_behalf_of": record.organisation_id}


def edit(
    uow: UnitOfWork,
    actor: Actor,
    record: Record,
    fields: Fields,
    *,
    version: int | None,
    confirmed: Collection[str] = (),
) -> None:
    """Change a record; ``Conflict`` when it is no longer the version the actor was shown.

    Confidential values are kept: no form shows them, so none can send them. A published record
    stays published, must stay complete and anonymous if it is, and is matched anew.
    """
    noun = noun_of(record)
    require(actor, noun, editing(actor), record)
    if version is not None and version != record.version:
        msg = "Somebody else changed this record since you opened it."
        raise Conflict(msg, noun=noun, version=record.version)
    _require_future(uow, fields)
    if record.state in LISTED_STATES[noun]:
        require_complete(noun, fields)
        # A published record has a last day; an emptied field leaves the one it had.
        fields = replace(fields, expires_on=fields.expires_on or record.expires_on)
    before, stood = values(record), _codes(record)
    kept = {name: getattr(record, name) for name in CONFIDENTIAL_FIELDS if hasattr(record, name)}
    write(uow, record, fields)
    for name, value in kept.items():
        setattr(record, name, value)
    record.updated_at = uow.now
    flag_modified(record, "updated_at")  # a new version even where only its rows changed
    uow.flush()
    if record.state in LISTED_STATES[noun] and isinstance(record, Demand):
        leak.require_unnamed(record, confirmed)
    after = values(record) | _on_behalf(actor, record)
    audit.record(uow, actor, noun, record.id, editing(actor), before=before, after=after)
    placement_decision.follow(uow, actor, (noun, record.id), before=stood, after=_codes(record))
    need_consent_lapse.follow(uow, record, before)
    if record.state in MATCHED_STATES[noun]:
        record_changes(uow, noun, [record.id])


def act(
    uow: UnitOfWork,
    actor: Actor,
    record: Record,
    action: str,
    *,
    note: str = "",
    confirmed: Collection[str] = (),
) -> None:
    """Lead a record to its next state: submit, publish, approve, return, withdraw and so on.

    Raises ``NotAllowed``, ``WrongState``, or ``Invalid`` when the record is not complete, its
    organisation not verified, an anonymous one names somebody, or reasons are missing.
    """
    noun = noun_of(record)
    require(actor, noun, action, record)
    note = _reasons(note, required=action in _NEED_REASONS)
    noted: dict[str, object] = {"note": note} if note else {}
    if action == "submit":
        _require_ready(record)
        if isinstance(record, Demand) and (kept := leak.require_unnamed(record, confirmed)):
            noted["confirmed"] = "; ".join(f"{one.field}: {one.code}" for one in kept)
        noted |= _take_over(uow, actor, record)
    if action in _NEED_REASONS:
        revision.keep(uow, actor, noun, record, note=note)
    elif action in PUBLISHING | UNPUBLISHING:
        forget_version(uow, noun, record.id)
    before = record.state
    if action in PUBLISHING:
        record.published_at = uow.now
        if record.expires_on is None or record.expires_on <= day_of(uow.now):
            record.expires_on = day_of(uow.now + LIFE[noun])
    if action == "reopen":
        record.expires_on = None
    record.state_note = note
    record.updated_at = uow.now
    transition(uow, actor, noun, record, action, noted=noted)
    uow.flush()
    standing.follow(uow, noun, record, before)
    if action in PUBLISHING:
        standing.settle_record(uow, noun, record)
    record_notice.tell(uow, actor, record, action, note)


def _take_over(uow: UnitOfWork, actor: Actor, record: Record) -> dict[str, object]:
    """Whoever submits what a specialist drafted answers for it from then on."""
    author = uow.session.get(User, record.author_id or 0)
    if author is None or author.role != "specialist":
        return {}
    record.author_id = actor.user_id
    return {"drafted_by": author.id}


def deletable(record: Record) -> bool:
    """Whether a draft may go for good: nobody else has ever seen or decided about it."""
    return record.published_at is None


def delete(uow: UnitOfWork, actor: Actor, record: Record) -> None:
    """Delete a draft that never was published; what others saw and decided about stays."""
    noun = noun_of(record)
    require(actor, noun, "delete", record)
    if not deletable(record):
        msg = "This record was published before: it can be withdrawn, not deleted."
        raise WrongState(msg, noun=noun, action="delete", state=record.state)
    audit.record(
        uow,
        actor,
        noun,
        record.id,
        "delete",
        states=(record.state, None),
        before={"title": record.title},
        after={"title": None},
    )
    forget(uow, noun, record.id)
    forget_placement(uow, noun, record.id)
    forget_version(uow, noun, record.id)
    uow.session.delete(record)
    uow.flush()


def require_complete(noun: str, fields: Fields | Record) -> None:
    """Raise ``InvalidFields`` that names everything a submitted record still lacks."""
    missing = [
        FieldProblem(name, "missing_to_submit", "is needed before this can be submitted.")
        for name in REQUIRED_TO_SUBMIT[noun]
        if not getattr(fields, name)
    ]
    if (
        isinstance(fields, DemandFields | Demand)
        and fields.disclosure == "directed"
        and not fields.recipients
    ):
        message = "must name an institution where the demand is directed."
        missing.append(FieldProblem("recipients", "no_recipients", message))
    if missing:
        raise InvalidFields(missing)


def write(uow: UnitOfWork, record: Record, fields: Fields) -> None:
    """Set a record's values from clean fields."""
    for name, value in asdict(fields).items():
        if name not in _RELATED:
            setattr(record, name, list(value) if isinstance(value, tuple) else value)
    set_chains(record, fields.chains)
    if isinstance(record, Demand) and isinstance(fields, DemandFields):
        record.indicators = _indicator_rows(fields.indicators, DemandIndicator)
        ids = recipients(uow, fields.recipients)
        record.recipients = _kept(record.recipients, "organisation_id", ids, DemandRecipient)
    elif isinstance(record, Outcome) and isinstance(fields, OutcomeFields):
        record.indicators = _indicator_rows(fields.indicators, OutcomeIndicator)
        record.modes = _kept(record.modes, "mode", fields.conversion_modes, OutcomeMode)


def set_chains(record: Record, codes: Sequence[str]) -> None:
    """Say on which chains a record stands."""
    model = DemandChain if isinstance(record, Demand) else OutcomeChain
    record.chains = _kept(record.chains, "chain_code", codes, model)


def recipients(uow: UnitOfWork, names: Sequence[str]) -> list[int]:
    """The institutions of a directed demand by name; unknown ones are a problem of the field."""
    if not names:
        return []
    found = {
        name: key
        for key, name in uow.session.execute(
            select(Organisation.id, Organisation.name).where(
                Organisation.name.in_(names), Organisation.kind == "institution"
            )
        )
    }
    unknown = [name for name in names if name not in found]
    if unknown:
        message = f"no institution is registered as {', '.join(unknown)}."
        raise InvalidFields(
            [FieldProblem("recipients", "unknown_institution", message, {"names": unknown})]
        )
    return [found[name] for name in names]


def recipient_names(uow: UnitOfWork, record: Record) -> list[str]:
    """The names of the institutions that a demand is directed to, sorted."""
    return sorted(
        uow.session.scalars(
            select(Organisation.name).where(Organisation.id.in_(record.recipient_ids))
        )
    )


def _codes(record: Record) -> list[str]:
    return [chain.chain_code for chain in record.chains]


def values(record: Record) -> dict[str, object]:
    """The values that an audit compares, indicators and chains as readable texts."""
    skipped = {"id", "public_id", "version", "updated_at", "state", "author_id", "organisation_id"}
    found: dict[str, object] = {
        column.key: getattr(record, column.key)
        for column in type(record).__table__.columns
        if column.key not in skipped
    }
    found["chains"] = ", ".join(sorted(chain.chain_code for chain in record.chains))
    found["indicators"] = "; ".join(indicator.text for indicator in indicators_of(record))
    if isinstance(record, Outcome):
        found["conversion_modes"] = ", ".join(sorted(mode.mode for mode in record.modes))
    return found


def indicators_of(record: Record) -> tuple[Indicator, ...]:
    """A stored record's indicators as values."""
    return tuple(
        Indicator(
            name=row.name,
            comparator=row.comparator,
            value=row.value,
            value_high=row.value_high,
            unit=row.unit,
            condition=row.condition,
        )
        for row in record.indicators
    )


def _require_future(uow: UnitOfWork, fields: Fields) -> None:
    if fields.expires_on is not None and fields.expires_on < day_of(uow.now):
        message = f"{fields.expires_on} is over; choose a later day."
        raise InvalidFields([FieldProblem("expires_on", "in_the_past", message)])


def _require_ready(record: Record) -> None:
    require_complete(noun_of(record), record)
    if record.organisation.state != "verified":
        msg = (
            "Your organisation has not been verified yet. The draft is kept; submit it once the "
            "bureau has verified the organisation."
        )
        raise Invalid(msg, {"organisation": "not_verified"})


def _reasons(note: str, *, required: bool) -> str:
    tidied = tidy(note)
    if required and not tidied:
        msg = "Say what has to be changed, so that the author knows what to do."
        raise Invalid(msg, {"note": "missing"})
    if unclean_character(tidied):
        msg = "The reasons hold characters that cannot be kept."
        raise Invalid(msg, {"note": "unclean"})
    if len(tidied) > SHORT_LENGTH:
        msg = f"The reasons have {len(tidied)} characters; at most {SHORT_LENGTH} are possible."
        raise Invalid(msg, {"note": "too_long"})
    return tidied


def _kept(rows: Sequence[Any], key: str, wanted: Sequence[Any], model: type[Any]) -> list[Any]:
    """Rows for the wanted keys; those that exist are kept, so that nothing is written for them."""
    present = {getattr(row, key): row for row in rows}
    return [present.get(value) or model(**{key: value}) for value in wanted]


def _indicator_rows(indicators: Sequence[Indicator], model: type[Any]) -> list[Any]:
    return [model(position=place, **asdict(one)) for place, one in enumerate(indicators)]
