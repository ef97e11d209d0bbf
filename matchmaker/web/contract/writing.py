"""Writing the terms of a contract: a new one, a changed one, a corrected one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from flask import flash, g, redirect, request, url_for
from werkzeug.wrappers import Response

from matchmaker.domain.contract import ContractTerms, clean_contract, paid
from matchmaker.domain.contract_registration import clean_registration, clean_signature
from matchmaker.domain.contract_vocabulary import CONTRACT_TYPES
from matchmaker.domain.errors import Conflict, Invalid, WrongState
from matchmaker.domain.fields import FieldProblem, InvalidFields
from matchmaker.domain.permissions import require
from matchmaker.domain.record import TITLE_LENGTH
from matchmaker.domain.working_days import CHINA
from matchmaker.services import contract as service
from matchmaker.services import contract_registration as registration_service
from matchmaker.store.contract import Contract
from matchmaker.store.database import UnitOfWork
from matchmaker.store.engagement import Engagement
from matchmaker.web.contract.forms import REGISTRATION, SIGNATURE, ContractForm, CorrectionForm
from matchmaker.web.contract.pages import ContractFormPage
from matchmaker.web.i18n import gettext as _
from matchmaker.web.pages import render
from matchmaker.web.platform import matchmaker

# What a demand asks for, as the type of contract that usually comes of it.
_USUAL: Final[dict[str | None, tuple[str, str | None]]] = {
    "commissioned": ("development", "commissioned"),
    "joint": ("development", "joint"),
    "transfer": ("transfer", None),
    "licence": ("licence", None),
}


def new(engagement_id: str) -> Response:
    """An empty form with what is known, or the first draft."""
    form = ContractForm()
    with matchmaker().reading() as uow:
        engagement = service.load_engagement(uow, g.actor, engagement_id)
        require(g.actor, "contract", "draft", engagement)
        service.require_worked_on(engagement, "draft")
        existing = service.of_engagement(uow, engagement.id)
        known = _known(engagement)
    if existing is not None:
        return redirect(url_for("contract.show", public_id=existing), code=303)
    target = url_for("contract.new", engagement_id=engagement_id)
    form.offer()
    if request.method == "GET":
        form.fill(known)
        return _show_form(form, _("Draft the contract"), target, "")

    def save(uow: UnitOfWork, terms: ContractTerms) -> Contract:
        return service.draft(
            uow, g.actor, engagement_id=engagement_id, terms=terms, base_url=_base_url()
        )

    return _save(form, save, _("Draft the contract"), target, "")


def edit(public_id: str) -> Response:
    """The form with the terms in it, or the terms changed as typed."""
    form = ContractForm()
    with matchmaker().reading() as uow:
        found = service.load(uow, g.actor, public_id)
        require(g.actor, "contract", "edit", found)
        service.require_worked_on(found.engagement, "edit")
        terms, version = service.terms_of(found), found.version
        consent = bool(found.company_confirmed or found.institution_confirmed)
    target = url_for("contract.edit", public_id=public_id)
    form.offer()
    if request.method == "GET":
        form.fill(terms)
        form.version.process_data(str(version))
        return _show_form(form, _("Edit the contract"), target, public_id, consent=consent)

    def save(uow: UnitOfWork, changed: ContractTerms) -> Contract:
        return service.edit(
            uow,
            g.actor,
            contract_id=public_id,
            terms=changed,
            version=version_of(form.version.data),
            base_url=_base_url(),
        )

    return _save(form, save, _("Edit the contract"), target, public_id, consent=consent)


def correct(public_id: str) -> Response:
    """The form with everything that was registered, or the correction as typed."""
    form = CorrectionForm()
    with matchmaker().reading() as uow:
        found = service.load(uow, g.actor, public_id)
        require(g.actor, "contract", "correct", found)
        terms = service.terms_of(found)
        stored = {name: getattr(found, name) for name in (*SIGNATURE, *REGISTRATION)}
        version = found.version
    target = url_for("contract.correct", public_id=public_id)
    form.offer()
    if request.method == "GET":
        form.fill(terms)
        for name, value in stored.items():
            form[name].process_data("" if value is None else str(value))
        form.version.process_data(str(version))
        return _show_form(form, _("Correct the registered contract"), target, public_id)

    def save(uow: UnitOfWork, changed: ContractTerms) -> Contract:
        today = uow.now.astimezone(CHINA).date()
        signature = clean_signature(form.typed(*SIGNATURE), today=today)
        return registration_service.correct(
            uow,
            g.actor,
            contract_id=public_id,
            terms=changed,
            signature=signature,
            registration=clean_registration(
                form.typed(*REGISTRATION), signed_on=signature.signed_on, today=today
            ),
            reason=form.reason.data or "",
            version=version_of(form.version.data),
            base_url=_base_url(),
        )

    return _save(form, save, _("Correct the registered contract"), target, public_id)


def version_of(written: str | None) -> int:
    """The version a form was filled from; one that no contract has when it was tampered with."""
    return int(written) if written and written.isascii() and written.isdigit() else -1


def _save(
    form: ContractForm,
    save: Callable[[UnitOfWork, ContractTerms], Contract],
    heading: str,
    target: str,
    public_id: str,
    *,
    consent: bool = False,
) -> Response:
    """Save what was typed, or only compute with it; on a problem everything typed stays."""
    general: list[str] = []
    status = 422
    then = request.form.get("then")
    try:
        terms = clean_contract(form.raw_terms())
        if then in ("rows", "compute"):
            status = 200
        else:
            with matchmaker().unit_of_work() as uow:
                stored = save(uow, terms)
            flash(_("Saved."), "success")
            return redirect(url_for("contract.show", public_id=stored.public_id), code=303)
    except InvalidFields as error:
        general = form.show(error.problems)
    except Conflict:
        status = 409
        general = [
            _(
                "Somebody else changed this contract since you opened it. Nothing you typed is "
                "lost: copy what you need, open the contract anew and enter it there."
            )
        ]
    except WrongState:
        status = 409
        general = [_("The contract has moved on in the meantime; it cannot be changed so now.")]
    except Invalid as error:
        general = form.show([FieldProblem(field, code, "") for field, code in error.fields.items()])
    if then == "rows":
        form.grow_rows()
    return _show_form(form, heading, target, public_id, general, consent=consent, status=status)


def _show_form(
    form: ContractForm,
    heading: str,
    target: str,
    public_id: str,
    general: list[str] | None = None,
    *,
    consent: bool = False,
    status: int = 200,
) -> Response:
    terms = _computed(form)
    total = terms.amount_total if terms else None
    planned = paid(terms) if terms else None
    page = ContractFormPage(
        form=form,
        heading=heading,
        back=url_for("contract.show", public_id=public_id) if public_id else "",
        target=target,
        corrects=isinstance(form, CorrectionForm),
        general=tuple(general or ()),
        technical=terms.amount_technical if terms else None,
        planned=planned,
        rest=total - planned if total is not None and planned is not None else None,
        consent=consent,
    )
    return render(page, status)


def _computed(form: ContractForm) -> ContractTerms | None:
    """The terms as far as they can be read, to compute with."""
    try:
        return clean_contract({**form.raw_terms(), "title": form.title.data or "-"})
    except InvalidFields:
        return None


def _known(engagement: Engagement) -> ContractTerms:
    """What demand and outcome say already, in their public texts."""
    demand, outcome = engagement.demand, engagement.outcome
    kind, development_kind = _USUAL.get(demand.solution_mode, (None, None))
    suffix = f"{CONTRACT_TYPES[kind].zh}合同" if kind else "技术合同"
    return ContractTerms(
        title=f"{demand.title[: TITLE_LENGTH - len(suffix)]}{suffix}",
        type=kind,
        development_kind=development_kind,
        subject=outcome.title,
        acceptance=demand.target,
    )


def _base_url() -> str:
    return matchmaker().settings.base_url
