"""A contract: what its parties do with it, and the bureau's list."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from flask import Blueprint, flash, g, redirect, request, url_for
from werkzeug.wrappers import Response

from matchmaker.domain.contract import STAGE_BEHIND
from matchmaker.domain.contract_registration import clean_registration, clean_signature
from matchmaker.domain.contract_reward import clean_reward, reward_of
from matchmaker.domain.errors import Invalid
from matchmaker.domain.fields import InvalidFields
from matchmaker.domain.permissions import available_actions, may, require
from matchmaker.domain.working_days import CHINA
from matchmaker.services import contract as service
from matchmaker.services import contract_registration as registration_service
from matchmaker.services import contract_reward as reward_service
from matchmaker.services.party import side_of
from matchmaker.store.contract import Contract
from matchmaker.store.database import UnitOfWork
from matchmaker.web.contract import listing as bureau
from matchmaker.web.contract import writing
from matchmaker.web.contract.forms import (
    REGISTRATION,
    SIGNATURE,
    ReasonForm,
    RegisterForm,
    RewardForm,
    SignForm,
)
from matchmaker.web.contract.pages import (
    CheckPage,
    ContractPage,
    RegisterPage,
    RewardPage,
    SummaryPage,
)
from matchmaker.web.contract.view import checks_of, lacks_of, revisions_of, view_of
from matchmaker.web.contract.wording import formula_text, source_text
from matchmaker.web.i18n import gettext as _
from matchmaker.web.pages import render
from matchmaker.web.platform import matchmaker

blueprint = Blueprint("contract", __name__, url_prefix="/contracts")


@blueprint.get("/")
def listing() -> Response:
    """Registered contracts and what they come to."""
    return bureau.listing()


@blueprint.get("/export.csv")
def export() -> Response:
    """The list as a table for a spreadsheet."""
    return bureau.export()


@blueprint.get("/registered/<public_id>")
def registered(public_id: str) -> Response:
    """One registered contract, for the bureau."""
    return bureau.registered(public_id)


@blueprint.get("/of/<engagement_id>")
def of_engagement(engagement_id: str) -> Response:
    """The contract of an engagement, or the form to begin it."""
    with matchmaker().reading() as uow:
        engagement = service.load_engagement(uow, g.actor, engagement_id)
        found = service.of_engagement(uow, engagement.id)
    if found is None:
        return redirect(url_for(".new", engagement_id=engagement_id), code=303)
    return redirect(url_for(".show", public_id=found), code=303)


@blueprint.route("/new/<engagement_id>", methods=["GET", "POST"])
def new(engagement_id: str) -> Response:
    """Begin the contract of an engagement."""
    return writing.new(engagement_id)


@blueprint.route("/<public_id>/edit", methods=["GET", "POST"])
def edit(public_id: str) -> Response:
    """Change the terms."""
    return writing.edit(public_id)


@blueprint.route("/<public_id>/correct", methods=["GET", "POST"])
def correct(public_id: str) -> Response:
    """Correct what was registered."""
    return writing.correct(public_id)


@blueprint.get("/<public_id>")
def show(public_id: str) -> Response:
    """One contract."""
    return _show(public_id)


@blueprint.post("/<public_id>/confirm")
def confirm(public_id: str) -> Response:
    """Confirm the terms for one's side."""
    written = request.form.get("revision", "")
    try:
        with matchmaker().unit_of_work() as uow:
            service.confirm(
                uow,
                g.actor,
                contract_id=public_id,
                revision=int(written) if written.isascii() and written.isdigit() else -1,
                base_url=matchmaker().settings.base_url,
            )
    except InvalidFields:
        return _show(public_id, error=_("Not confirmed: something is still missing."), status=422)
    flash(_("Confirmed for your side; the others have been told."), "success")
    return redirect(url_for(".show", public_id=public_id), code=303)


@blueprint.post("/<public_id>/sign")
def sign(public_id: str) -> Response:
    """Record the signatures."""
    form = SignForm()
    try:
        with matchmaker().unit_of_work() as uow:
            service.sign(
                uow,
                g.actor,
                contract_id=public_id,
                signature=clean_signature(form.typed(*SIGNATURE), today=today(uow)),
                version=writing.version_of(form.version.data),
                base_url=matchmaker().settings.base_url,
            )
    except InvalidFields as error:
        form.show(error.problems)
        return _show(public_id, sign_form=form, status=422)
    flash(_("Recorded as signed. The pre-check lists what registration will ask for."), "success")
    return redirect(url_for(".show", public_id=public_id), code=303)


@blueprint.route("/<public_id>/register", methods=["GET", "POST"])
def register(public_id: str) -> Response:
    """Record the registration."""
    form = RegisterForm()
    if form.is_submitted():
        try:
            with matchmaker().unit_of_work() as uow:
                found = service.load(uow, g.actor, public_id)
                registration_service.register(
                    uow,
                    g.actor,
                    contract_id=public_id,
                    registration=clean_registration(
                        form.typed(*REGISTRATION), signed_on=found.signed_on, today=today(uow)
                    ),
                    version=writing.version_of(form.version.data),
                    base_url=matchmaker().settings.base_url,
                )
        except InvalidFields as error:
            form.show(error.problems)
        else:
            flash(_("Recorded as registered."), "success")
            return redirect(url_for(".show", public_id=public_id), code=303)
    with matchmaker().reading() as uow:
        found = service.load(uow, g.actor, public_id)
        require(g.actor, "contract", "register", found)
        if not form.is_submitted():
            form.process(data={"version": found.version})
        page = RegisterPage(contract=view_of(uow, found), form=form, checks=checks_of(found))
    return render(page, 422 if form.is_submitted() else 200)


@blueprint.post("/<public_id>/withdraw")
def withdraw(public_id: str) -> Response:
    """Withdraw the registration."""
    done = _("The registration is withdrawn; the contract no longer counts.")
    return _with_reason(public_id, registration_service.withdraw, done)


@blueprint.post("/<public_id>/abandon")
def abandon(public_id: str) -> Response:
    """Give the contract up."""
    return _with_reason(public_id, registration_service.abandon, _("The contract is void."))


@blueprint.post("/<public_id>/reopen")
def reopen(public_id: str) -> Response:
    """Draft the contract anew."""
    done = _("The contract is a draft again.")
    return _with_reason(public_id, registration_service.reopen, done)


@blueprint.get("/<public_id>/check")
def check(public_id: str) -> Response:
    """What registration will ask for."""
    with matchmaker().reading() as uow:
        found = service.load(uow, g.actor, public_id)
        checks = checks_of(found)
        page = CheckPage(
            contract=view_of(uow, found),
            checks=checks,
            missing=sum(one.state == "missing" for one in checks),
            editable=may(g.actor, "contract", "edit", found),
        )
    return render(page)


@blueprint.get("/<public_id>/summary")
def summary(public_id: str) -> Response:
    """The contract on one sheet."""
    with matchmaker().reading() as uow:
        found = service.load(uow, g.actor, public_id)
        page = SummaryPage(contract=view_of(uow, found), printed_at=uow.now)
    return render(page)


@blueprint.route("/<public_id>/reward", methods=["GET", "POST"])
def reward(public_id: str) -> Response:
    """The reward of the people behind the outcome, for their institution alone."""
    form, status = RewardForm(), 200
    if form.is_submitted():
        try:
            with matchmaker().unit_of_work() as uow:
                found = service.load(uow, g.actor, public_id)
                typed = form.typed("basis", "costs", "share", "stake", "profit", "years")
                entered = clean_reward(typed, found.type)
                reward_service.enter(uow, g.actor, contract_id=public_id, reward=entered)
        except InvalidFields as error:
            form.show(error.problems)
            status = 422
        else:
            flash(_("Saved."), "success")
            return redirect(url_for(".reward", public_id=public_id), code=303)
    with matchmaker().reading() as uow:
        found = service.load(uow, g.actor, public_id)
        entered = reward_service.entered(uow, g.actor, found)
        if not form.is_submitted():
            form.fill(entered)
        form.offer(found.type)
        computed = reward_of(service.terms_of(found), entered)
        page = RewardPage(
            contract=view_of(uow, found),
            form=form,
            reward=computed,
            entered_basis=entered.basis,
            formula=formula_text(computed.basis),
            source=source_text(computed.basis),
        )
    return render(page, status)


def _with_reason(public_id: str, act: Callable[..., Contract], done: str) -> Response:
    form = ReasonForm()
    try:
        with matchmaker().unit_of_work() as uow:
            act(
                uow,
                g.actor,
                contract_id=public_id,
                reason=form.reason.data or "",
                base_url=matchmaker().settings.base_url,
            )
    except Invalid:
        form.reason.errors = [_("Give the reason in at most 500 characters of plain text.")]
        return _show(public_id, reason_form=form, status=422)
    flash(done, "success")
    return redirect(url_for(".show", public_id=public_id), code=303)


def _show(
    public_id: str,
    *,
    sign_form: SignForm | None = None,
    reason_form: ReasonForm | None = None,
    error: str = "",
    status: int = 200,
) -> Response:
    with matchmaker().reading() as uow:
        found = service.load(uow, g.actor, public_id)
        side = side_of(g.actor, found.engagement)
        page = ContractPage(
            contract=view_of(uow, found),
            engagement_id=found.engagement.public_id,
            step_due=found.engagement.state in STAGE_BEHIND.get(found.state, ()),
            actions=available_actions(g.actor, "contract", found),
            lacks=lacks_of(service.terms_of(found)),
            confirmed=side != "broker" and getattr(found, f"{side}_confirmed") == found.revision,
            revisions=revisions_of(uow, found.id),
            sign_form=sign_form or SignForm(formdata=None, data={"version": found.version}),
            reason_form=reason_form or ReasonForm(formdata=None),
            may_reward=may(g.actor, "contract", "reward", found),
            error=error,
        )
    return render(page, status)


def today(uow: UnitOfWork) -> date:
    """The day it is where the platform stands."""
    return uow.now.astimezone(CHINA).date()
