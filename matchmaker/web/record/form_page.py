"""The page of a record's form: what it holds, what was wrong with it, and what helps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from flask import g, request
from werkzeug.wrappers import Response

from matchmaker.domain.errors import Invalid
from matchmaker.domain.fields import InvalidFields
from matchmaker.domain.permissions import may, require
from matchmaker.services import leak
from matchmaker.services import record as service
from matchmaker.services.record import Record, noun_of
from matchmaker.store.database import UnitOfWork
from matchmaker.web.i18n import gettext as _
from matchmaker.web.pages import render
from matchmaker.web.platform import matchmaker
from matchmaker.web.record.assistance import assist, offered
from matchmaker.web.record.cleaning import FORMS
from matchmaker.web.record.firm import firm_written_for
from matchmaker.web.record.forms import RecordForm
from matchmaker.web.record.pages import (
    Assistance,
    AssistancePage,
    DemandFormPage,
    Difference,
    OutcomeFormPage,
)
from matchmaker.web.record.problems import refusal_text

_PAGES: Final[dict[str, Any]] = {"demand": DemandFormPage, "outcome": OutcomeFormPage}


@dataclass(frozen=True, slots=True)
class Held:
    """What a form page needs of a stored record once its transaction is over."""

    public_id: str
    version: int
    state: str
    submittable: bool
    reasons: str


def hold(record: Record) -> Held:
    """What the page needs of a record that is loaded."""
    submittable = may(g.actor, noun_of(record), "submit", record)
    reasons = record.state_note if submittable else ""
    return Held(record.public_id, record.version, record.state, submittable, reasons)


def form_of(noun: str) -> Any:
    """The noun's form with what was sent, if anything."""
    return FORMS[noun]()


def fill(uow: UnitOfWork, form: Any, record: Record) -> None:
    """Show a stored record in its form."""
    form.fill(record)
    form.version.process_data(str(record.version))
    if "recipients" in form:
        form.recipients.process_data("\n".join(service.recipient_names(uow, record)))


def assistance(noun: str) -> Response:
    """What follows from what is typed, for the script that asks while it is typed."""
    if not g.actor.placed_with:
        require(g.actor, noun, "create")
    form = form_of(noun)
    form.offer(matchmaker().plan)
    return render(AssistancePage(assistance=_assist(noun, form)))


def _assist(noun: str, form: Any) -> Assistance:
    with matchmaker().reading() as uow:
        own = leak.own_identity(uow, g.actor)
    return assist(noun, form, own, confirmed())


def confirmed() -> frozenset[str]:
    """The words that the author says name nobody."""
    return frozenset(request.form.getlist("confirmed"))


def _named() -> str:
    return _(
        "This demand is anonymous, but its public text names somebody. Under “Check and submit” "
        "you see the words: change them, or confirm those that name nobody."
    )


def reshape(noun: str, form: Any, then: str | None) -> None:
    """Add blank rows, or the indicator or chain of a button, and save nothing."""
    if then == "rows":
        form.grow_rows()
    chain = request.form.get("add-chain", "")
    if chain in matchmaker().plan.chain_by_code and chain not in (form.chains.data or []):
        form.chains.data = [*(form.chains.data or []), chain]
    wanted = request.form.get("add")
    for one in offered(noun, form) if wanted else ():
        if one.text == wanted:
            form.add_indicator(one)
            break


def show_form(
    noun: str,
    form: RecordForm,
    held: Held | None,
    *,
    general: list[str] | None = None,
    conflict: tuple[Difference, ...] = (),
    status: int = 200,
) -> Response:
    """The form's page; ``general`` are problems that concern no field of their own."""
    form.offer(matchmaker().plan)
    firm = firm_written_for() if noun == "demand" and held is None else None
    page = _PAGES[noun](
        **({"firm": firm} if noun == "demand" else {}),
        form=form,
        public_id=held.public_id if held else None,
        submittable=held.submittable if held else firm is None,
        verified=g.actor.verified,
        reasons=held.reasons if held else "",
        general=tuple(general or ()),
        conflict=conflict,
        filled=_filled(form),
        assistance=_assist(noun, form),
    )
    return render(page, status)


def _filled(form: RecordForm) -> tuple[str, ...]:
    """The fields that a draft was filled with from a text, as the address names them."""
    names = request.args.get("filled", "").split(",")
    return tuple(name for name in names if name in form)


def refused(form: RecordForm, error: Invalid) -> list[str]:
    """Put problems on their fields; returns what concerns the whole record."""
    if isinstance(error, InvalidFields):
        return form.show(error.problems)
    return [_named() if isinstance(error, leak.NamesSomebody) else refusal_text(error)]
