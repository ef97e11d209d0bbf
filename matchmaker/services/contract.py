"""The contract of an engagement: drafted, changed, confirmed by both sides, signed.

Its amounts are read by the parties, and by the bureau once it is registered. The audit, which
others read too, says which fields changed and in which revision; the values stand with the
revision.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from matchmaker.domain.contract import (
    WORKED_ON_IN,
    ContractTerms,
    Identity,
    Payment,
    is_related,
    lacking,
)
from matchmaker.domain.contract_registration import Signature
from matchmaker.domain.errors import Conflict, NotFound, WrongState
from matchmaker.domain.fields import InvalidFields
from matchmaker.domain.permissions import SYSTEM, Actor, may, require
from matchmaker.services import audit, contract_mail
from matchmaker.services.party import side_of
from matchmaker.services.transition import transition
from matchmaker.store.contract import Contract, ContractPayment, ContractRevision
from matchmaker.store.database import UnitOfWork
from matchmaker.store.engagement import Engagement
from matchmaker.store.organisation import Organisation

# Fields of the terms that are plain columns of the same name.
COLUMNS: Final = tuple(
    name for name in ContractTerms.__dataclass_fields__ if name not in ("payments", "related")
)


def draft(
    uow: UnitOfWork,
    actor: Actor,
    *,
    engagement_id: str,
    terms: ContractTerms,
    base_url: str = "",
) -> Contract:
    """Begin the contract of an engagement; each engagement has one."""
    engagement = load_engagement(uow, actor, engagement_id, lock=True)
    require(actor, "contract", "draft", engagement)
    require_worked_on(engagement, "draft")
    if of_engagement(uow, engagement.id) is not None:
        msg = "This engagement has a contract already."
        raise WrongState(msg, noun="contract", action="draft", state="draft")
    made = Contract(
        engagement_id=engagement.id,
        state="draft",
        revision=1,
        drafted_by=actor.user_id,
        drafted_at=uow.now,
        updated_at=uow.now,
    )
    made.engagement, made.payments = engagement, []
    write(uow, made, terms)
    uow.session.add(made)
    uow.flush()
    keep_revision(uow, actor, made, ())
    audit.record(uow, actor, "contract", made.id, "draft", states=(None, "draft"))
    contract_mail.tell(uow, made, "draft", actor=actor, base_url=base_url)
    return made


def edit(
    uow: UnitOfWork,
    actor: Actor,
    *,
    contract_id: str,
    terms: ContractTerms,
    version: int,
    base_url: str = "",
) -> Contract:
    """Change the terms; what a side had confirmed is then to be confirmed anew."""
    found = load(uow, actor, contract_id, lock=True)
    require(actor, "contract", "edit", found)
    require_worked_on(found.engagement, "edit")
    require_version(found, version)
    fields = changed(terms_of(found), terms)
    if not fields:
        return found
    had_consent = bool(found.company_confirmed or found.institution_confirmed)
    write(uow, found, terms)
    _forget_consent(found)
    found.revision += 1
    found.updated_at = uow.now
    transition(uow, actor, "contract", found, "edit", noted=noted(found, fields))
    keep_revision(uow, actor, found, fields)
    uow.flush()
    if had_consent:
        contract_mail.tell(uow, found, "edit", actor=actor, base_url=base_url)
    return found


def confirm(
    uow: UnitOfWork, actor: Actor, *, contract_id: str, revision: int, base_url: str = ""
) -> Contract:
    """Confirm the terms for one's side; once both have confirmed the same, they stand."""
    found = load(uow, actor, contract_id, lock=True)
    require(actor, "contract", "confirm", found)
    require_worked_on(found.engagement, "confirm")
    if revision != found.revision:
        msg = "The terms have changed since you opened them. Read them again."
        raise Conflict(msg, noun="contract", version=found.version)
    problems = lacking(terms_of(found))
    if problems:
        raise InvalidFields(list(problems))
    side = side_of(actor, found.engagement)
    if getattr(found, f"{side}_confirmed") == found.revision:
        msg = "Your side has confirmed these terms already."
        raise WrongState(msg, noun="contract", action="confirm", state=found.state)
    setattr(found, f"{side}_confirmed", found.revision)
    setattr(found, f"{side}_confirmed_by", actor.user_id)
    setattr(found, f"{side}_confirmed_at", uow.now)
    found.updated_at = uow.now
    transition(uow, actor, "contract", found, "confirm", noted={"revision": found.revision})
    event = "confirm"
    if found.company_confirmed == found.institution_confirmed == found.revision:
        transition(uow, SYSTEM, "contract", found, "conclude")
        event = "conclude"
    touch(uow, found)
    contract_mail.tell(uow, found, event, actor=actor, base_url=base_url)
    return found


def sign(
    uow: UnitOfWork,
    actor: Actor,
    *,
    contract_id: str,
    signature: Signature,
    version: int,
    base_url: str = "",
) -> Contract:
    """Record that both sides have signed what they confirmed."""
    found = load(uow, actor, contract_id, lock=True)
    require(actor, "contract", "sign", found)
    require_worked_on(found.engagement, "sign")
    require_version(found, version)
    found.signed_on, found.scan_sha256 = signature.signed_on, signature.scan_sha256
    found.updated_at = uow.now
    transition(
        uow,
        actor,
        "contract",
        found,
        "sign",
        noted={"revision": found.revision, "signed_on": signature.signed_on},
    )
    touch(uow, found)
    contract_mail.tell(uow, found, "sign", actor=actor, base_url=base_url)
    return found


def load(uow: UnitOfWork, actor: Actor, public_id: str, *, lock: bool = False) -> Contract:
    """The contract of a public id; ``NotFound`` unless the actor is one of its parties."""
    statement = (
        select(Contract)
        .join(Contract.engagement)  # named, so that it can be locked too
        .where(Contract.public_id == public_id)
        .options(
            contains_eager(Contract.engagement).joinedload(Engagement.demand),
            contains_eager(Contract.engagement).joinedload(Engagement.outcome),
            selectinload(Contract.payments),
        )
    )
    if lock:
        statement = statement.with_for_update(of=[Contract, Engagement])
    found = uow.session.scalars(statement).one_or_none()
    if found is None or not may(actor, "contract", "view", found):
        msg = "There is no such contract, or none that you are a party of."
        raise NotFound(msg, noun="contract")
    return found


def load_engagement(
    uow: UnitOfWork, actor: Actor, public_id: str, *, lock: bool = False
) -> Engagement:
    """The engagement that a contract is drafted for; ``NotFound`` to all but its parties."""
    statement = (
        select(Engagement)
        .where(Engagement.public_id == public_id)
        .options(joinedload(Engagement.demand), joinedload(Engagement.outcome))
    )
    if lock:
        statement = statement.with_for_update(of=Engagement)
    found = uow.session.scalars(statement).one_or_none()
    if found is None or not may(actor, "engagement", "view", found):
        msg = "There is no such engagement, or none that you are a party of."
        raise NotFound(msg, noun="engagement")
    return found


def of_engagement(uow: UnitOfWork, engagement_id: int) -> str | None:
    """The public id of an engagement's contract."""
    statement = select(Contract.public_id).where(Contract.engagement_id == engagement_id)
    return uow.session.scalar(statement)


def terms_of(contract: Contract) -> ContractTerms:
    """A stored contract's terms as values."""
    values: dict[str, Any] = {name: getattr(contract, name) for name in COLUMNS}
    return ContractTerms(
        **values,
        related=contract.related_declared,
        payments=tuple(
            Payment(label=row.label, due_on=row.due_on, amount=row.amount)
            for row in contract.payments
        ),
    )


def changed(before: ContractTerms, after: ContractTerms) -> tuple[str, ...]:
    """The names of the terms that differ."""
    return tuple(
        name
        for name in ContractTerms.__dataclass_fields__
        if getattr(before, name) != getattr(after, name)
    )


def write(uow: UnitOfWork, contract: Contract, terms: ContractTerms) -> None:
    """Set a contract's columns and payments from its terms."""
    related = is_related(terms, *_identities(uow, contract.engagement))
    for name in COLUMNS:
        setattr(contract, name, getattr(terms, name))
    contract.amount_technical = terms.amount_technical
    contract.related_declared, contract.related = terms.related, related
    contract.payments = [
        ContractPayment(position=place, label=one.label, due_on=one.due_on, amount=one.amount)
        for place, one in enumerate(terms.payments)
    ]


def noted(contract: Contract, fields: Sequence[str]) -> dict[str, object]:
    """What the audit may say of a change: which fields, in which revision, never to what."""
    return {"revision": contract.revision, "fields": ", ".join(fields)}


def keep_revision(
    uow: UnitOfWork, actor: Actor, contract: Contract, fields: Sequence[str], reason: str = ""
) -> None:
    """Keep the amounts of the present revision."""
    uow.session.add(
        ContractRevision(
            contract_id=contract.id,
            revision=contract.revision,
            state=contract.state,
            type=contract.type,
            amount_total=contract.amount_total,
            amount_technical=contract.amount_technical,
            related=contract.related,
            number=contract.number,
            changed=list(fields),
            reason=reason,
            made_by=actor.user_id,
            made_at=uow.now,
        )
    )
    touch(uow, contract)


def require_worked_on(engagement: Engagement, action: str) -> None:
    """Refuse to work on the contract of an engagement that is too early, asleep or over."""
    if engagement.state not in WORKED_ON_IN:
        msg = "A contract is drafted once terms are agreed, while the engagement goes on."
        raise WrongState(msg, noun="engagement", action=action, state=engagement.state)


def require_version(contract: Contract, version: int) -> None:
    """Refuse to overwrite what somebody else changed meanwhile."""
    if version != contract.version:
        msg = "Somebody else changed this contract since you opened it."
        raise Conflict(msg, noun="contract", version=contract.version)


def touch(uow: UnitOfWork, contract: Contract) -> None:
    """Something happened between the sides: the engagement does not fall asleep."""
    contract.engagement.last_step_at = uow.now
    uow.flush()


def _forget_consent(contract: Contract) -> None:
    for side in ("company", "institution"):
        for name in (f"{side}_confirmed", f"{side}_confirmed_by", f"{side}_confirmed_at"):
            setattr(contract, name, None)


def _identities(uow: UnitOfWork, engagement: Engagement) -> tuple[Identity, Identity]:
    parties = engagement.parties
    ids = (parties.company_id, parties.institution_id)
    rows = uow.session.execute(
        select(Organisation.id, Organisation.credit_code).where(Organisation.id.in_(ids))
    )
    codes = {row.id: row.credit_code for row in rows}
    company, institution = (
        Identity(organisation_id=key, credit_code=codes.get(key, "")) for key in ids
    )
    return company, institution
