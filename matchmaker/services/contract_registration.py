"""A signed contract is registered; what was registered is corrected or withdrawn with a reason."""

from __future__ import annotations

from sqlalchemy import select

from matchmaker.domain.contract import REASON_LENGTH, ContractTerms, lacking
from matchmaker.domain.contract_registration import Registration, Signature
from matchmaker.domain.errors import Invalid
from matchmaker.domain.fields import FieldProblem, InvalidFields
from matchmaker.domain.permissions import Actor, require
from matchmaker.services import contract_mail
from matchmaker.services.clean_text import clean
from matchmaker.services.contract import (
    changed,
    keep_revision,
    load,
    noted,
    require_version,
    require_worked_on,
    terms_of,
    write,
)
from matchmaker.services.transition import transition
from matchmaker.store.contract import Contract
from matchmaker.store.database import UnitOfWork


def register(
    uow: UnitOfWork,
    actor: Actor,
    *,
    contract_id: str,
    registration: Registration,
    version: int,
    base_url: str = "",
) -> Contract:
    """Record the registration: number, day, office; from now on the contract counts."""
    found = load(uow, actor, contract_id, lock=True)
    require(actor, "contract", "register", found)
    require_worked_on(found.engagement, "register")
    require_version(found, version)
    _require_free(uow, found, registration.number)
    _enter(found, registration)
    found.revision += 1
    found.updated_at = uow.now
    transition(
        uow,
        actor,
        "contract",
        found,
        "register",
        noted={"revision": found.revision, "registered_on": registration.registered_on},
    )
    keep_revision(uow, actor, found, ("number", "registered_on", "office"))
    contract_mail.tell(uow, found, "register", actor=actor, base_url=base_url)
    return found


def correct(  # noqa: PLR0913 - a correction may concern everything that was registered
    uow: UnitOfWork,
    actor: Actor,
    *,
    contract_id: str,
    terms: ContractTerms,
    signature: Signature,
    registration: Registration,
    reason: str,
    version: int,
    base_url: str = "",
) -> Contract:
    """Correct what was registered, with a reason; the amounts before stay readable."""
    found = load(uow, actor, contract_id, lock=True)
    require(actor, "contract", "correct", found)
    require_version(found, version)
    reason = clean("reason", reason, REASON_LENGTH, required=True)
    problems = lacking(terms)
    if problems:
        raise InvalidFields(list(problems))
    _require_free(uow, found, registration.number)
    before = (found.number, found.registered_on, found.office, found.signed_on, found.scan_sha256)
    fields = changed(terms_of(found), terms)
    write(uow, found, terms)
    found.signed_on, found.scan_sha256 = signature.signed_on, signature.scan_sha256
    _enter(found, registration)
    after = (found.number, found.registered_on, found.office, found.signed_on, found.scan_sha256)
    names = ("number", "registered_on", "office", "signed_on", "scan_sha256")
    fields += tuple(name for name, old, new in zip(names, before, after, strict=True) if old != new)
    if not fields:
        msg = "Nothing was changed."
        raise Invalid(msg, {"reason": "nothing_changed"})
    found.revision += 1
    found.updated_at = uow.now
    said = noted(found, fields)
    if "registered_on" in fields:
        said["registered_on"] = found.registered_on  # figures count a contract by its day
    transition(uow, actor, "contract", found, "correct", noted=said)
    keep_revision(uow, actor, found, fields, reason)
    contract_mail.tell(uow, found, "correct", actor=actor, base_url=base_url)
    return found


def withdraw(
    uow: UnitOfWork, actor: Actor, *, contract_id: str, reason: str, base_url: str = ""
) -> Contract:
    """Withdraw a registration: the contract is void and no longer counts."""
    return _end(uow, actor, contract_id, "withdraw", reason, base_url)


def abandon(
    uow: UnitOfWork, actor: Actor, *, contract_id: str, reason: str, base_url: str = ""
) -> Contract:
    """Give up a contract that is not registered."""
    return _end(uow, actor, contract_id, "abandon", reason, base_url)


def reopen(
    uow: UnitOfWork, actor: Actor, *, contract_id: str, reason: str, base_url: str = ""
) -> Contract:
    """Make a signed or void contract a draft again: it is confirmed and signed anew."""
    found = load(uow, actor, contract_id, lock=True)
    require(actor, "contract", "reopen", found)
    require_worked_on(found.engagement, "reopen")
    reason = clean("reason", reason, REASON_LENGTH, required=True)
    found.void_reason, found.number, found.registered_on, found.office = "", None, None, ""
    found.signed_on, found.scan_sha256 = None, ""
    for side in ("company", "institution"):
        for name in ("confirmed", "confirmed_by", "confirmed_at"):
            setattr(found, f"{side}_{name}", None)
    found.revision += 1
    found.updated_at = uow.now
    transition(uow, actor, "contract", found, "reopen", noted={"revision": found.revision})
    keep_revision(uow, actor, found, (), reason)
    contract_mail.tell(uow, found, "reopen", actor=actor, base_url=base_url)
    return found


def _end(
    uow: UnitOfWork, actor: Actor, contract_id: str, action: str, reason: str, base_url: str
) -> Contract:
    found = load(uow, actor, contract_id, lock=True)
    require(actor, "contract", action, found)
    found.void_reason = clean("reason", reason, REASON_LENGTH, required=True)
    found.updated_at = uow.now
    found.revision += 1
    transition(uow, actor, "contract", found, action, noted={"revision": found.revision})
    keep_revision(uow, actor, found, (), found.void_reason)
    contract_mail.tell(uow, found, action, actor=actor, base_url=base_url)
    return found


def _require_free(uow: UnitOfWork, contract: Contract, number: str) -> None:
    """Refuse a number under which another contract is registered."""
    other = uow.session.scalar(
        select(Contract.id).where(
            Contract.number == number,
            Contract.state == "registered",
            Contract.id != contract.id,
        )
    )
    if other is not None:
        message = "another contract is registered under this number."
        raise InvalidFields([FieldProblem("number", "taken", message)])


def _enter(contract: Contract, registration: Registration) -> None:
    """Set what the certificate says."""
    contract.number = registration.number
    contract.registered_on = registration.registered_on
    contract.office = registration.office
