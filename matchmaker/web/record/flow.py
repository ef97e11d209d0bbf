"""What the views of demands and outcomes do; the two differ by their forms alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from flask import flash, g, redirect, request, url_for
from werkzeug.wrappers import Response

from matchmaker.domain.errors import Conflict, Invalid, WrongState
from matchmaker.domain.fields import InvalidFields
from matchmaker.domain.permissions import available_actions, may, require
from matchmaker.domain.profile import may_export
from matchmaker.domain.visibility import LISTED_STATES, MATCHED_STATES, REVIEW_STATES
from matchmaker.domain.vocabulary import NEXT_STEP_KINDS
from matchmaker.services import alert, leak
from matchmaker.services import record as service
from matchmaker.services.record import Fields, Record
from matchmaker.store.database import UnitOfWork
from matchmaker.store.demand import Demand
from matchmaker.store.queries import match as match_query
from matchmaker.store.queries import next_step as step_query
from matchmaker.store.queries import record as query
from matchmaker.store.queries.challenge import call_of_demand
from matchmaker.store.queries.match import Suggestion
from matchmaker.web.advice.block import advice_for
from matchmaker.web.catalogue.address import STATES
from matchmaker.web.disclosure.card import card_of
from matchmaker.web.i18n import gettext as _
from matchmaker.web.next_step.hints import hints_for
from matchmaker.web.next_step.pages import NextSteps
from matchmaker.web.pages import Numbered, render
from matchmaker.web.platform import matchmaker
from matchmaker.web.record.autosave import autosave
from matchmaker.web.record.cleaning import CLEANERS
from matchmaker.web.record.firm import firm_written_for
from matchmaker.web.record.form_page import (
    Held,
    confirmed,
    fill,
    form_of,
    hold,
    refused,
    reshape,
    show_form,
)
from matchmaker.web.record.forms import RecordForm
from matchmaker.web.record.own_search import own_terms
from matchmaker.web.record.pages import (
    Difference,
    OwnEntry,
    OwnPage,
    RecordPage,
)
from matchmaker.web.record.problems import refusal_text
from matchmaker.web.record.review import check, resubmission
from matchmaker.web.record.view import view_of
from matchmaker.web.response import response_of
from matchmaker.web.version import version_of

if TYPE_CHECKING:
    from matchmaker.services.duplicate import Near
    from matchmaker.services.suggestion import LiveSuggestion

# Actions that a button of the record's page sends; others have forms of their own.
_DECISIONS: Final = frozenset({"publish", "return", "approve", "request_changes"})
_LIVE_SHOWN: Final = 5
# Nobody takes a record that is out of use for another.
_OVER: Final = frozenset({"resolved", "withdrawn", "expired"})
ACTIONS: Final = {
    "demand": ("submit", "publish", "return", "resolve", "withdraw", "reopen", "delete"),
    "outcome": ("submit", "approve", "request_changes", "withdraw", "reopen", "delete"),
}


def show(
    noun: str, public_id: str, *, error: str = "", note: str = "", status: int = 200
) -> Response:
    """The page of a record."""
    with matchmaker().reading() as uow:
        record = service.load(uow, g.actor, noun, public_id)
        own = record.organisation_id == g.actor.organisation_id
        reviews = g.actor.role in {"broker", "bureau"}
        find = (
            match_query.shortlist_for_demand if noun == "demand" else match_query.matches_of_outcome
        )
        stored = find(uow, g.actor, record.id) if record.state in LISTED_STATES[noun] else None
        actions = available_actions(g.actor, noun, record)
        if not service.deletable(record):
            actions = tuple(action for action in actions if action != "delete")
        decides = bool(_DECISIONS & set(actions))
        page = RecordPage(
            record=view_of(g.actor, record, matchmaker().plan),
            actions=actions,
            is_own=own,
            steps=query.steps(uow, g.actor, noun, record.id) if own or reviews else (),
            suggestions=stored,
            live=_live(uow, noun, record, stored or ()) if own else (),
            near=_near(uow, record) if own or reviews else (),
            next_steps=_next_steps(uow, record, stored or ()),
            advice=advice_for(uow, noun, record.id, record.public_id) if own else (),
            response=response_of(uow, g.actor, record),
            resubmission=resubmission(uow, g.actor, record, matchmaker().plan)
            if own or decides
            else None,
            check=check(record) if decides else None,
            diagnosable=noun == "demand" and may(g.actor, "diagnosis", "view", record),
            reusable=may(g.actor, noun, "reuse", record) and may(g.actor, noun, "create"),
            confidential=card_of(uow, g.actor, record),
            consortium=noun == "demand" and may(g.actor, "consortium", "form", record),
            call=call_of_demand(uow, g.actor, record.id) if noun == "demand" else None,
            challengeable=_challengeable(noun, record, stored or ()),
            profile=may_export(g.actor, noun, record),
            note=note,
            error=error,
        )
    return render(page, status)


def _challengeable(noun: str, record: Record, stored: Sequence[Suggestion]) -> bool:
    """Whether the reader could make a challenge of a demand that found nothing usable."""
    open_to_all = noun == "demand" and record.state == "published"
    unmet = not any(row.level >= alert.USABLE for row in stored)
    directed = isinstance(record, Demand) and record.disclosure == "directed"
    return open_to_all and unmet and not directed and may(g.actor, "challenge", "create")


def _live(
    uow: UnitOfWork, noun: str, record: Record, stored: Sequence[Suggestion]
) -> tuple[LiveSuggestion, ...]:
    """What the engine sees now besides the stored pairs, for the record's own people.

    A draft shows what it would be suggested for; an outcome, the demands in whose shortlists it is
    not; a published demand's shortlist is all there is.
    """
    if noun == "demand" and record.state in LISTED_STATES[noun]:
        return ()
    from matchmaker.services import suggestion  # the engine is loaded when it is asked

    other = "outcome" if noun == "demand" else "demand"
    known = {getattr(pair, other).public_id for pair in stored}
    found = suggestion.suggest(uow, g.actor, matchmaker().index, record, top=_LIVE_SHOWN)
    return tuple(one for one in found if one.other.public_id not in known)


def _next_steps(uow: UnitOfWork, record: Record, stored: Sequence[Suggestion]) -> NextSteps | None:
    """What its company can do about a published demand."""
    mine = isinstance(record, Demand) and may(g.actor, "next_step", "ask", record)
    if not mine or record.state not in MATCHED_STATES["demand"]:
        return None
    asked = step_query.of_demand(uow, g.actor, record.id)
    waiting = {row.kind for row in asked if row.state == "open"}
    return NextSteps(
        public_id=record.public_id,
        nothing_usable=not any(row.level >= alert.USABLE for row in stored),
        hints=hints_for(stored),
        asked=asked,
        askable=tuple(kind for kind in NEXT_STEP_KINDS if kind not in waiting),
        alert=alert.is_on(uow, record.id),
    )


def _note(uow: UnitOfWork, record: Record) -> None:
    """Keep what is nearly the same as a record that was just submitted, for its reviewers."""
    from matchmaker.services import duplicate  # as below

    duplicate.note(uow, matchmaker().duplicates, record)


def _near(uow: UnitOfWork, record: Record) -> tuple[Near, ...]:
    """The records nearly the same as one that is being written or reviewed, or is published."""
    if record.state in _OVER:
        return ()
    from matchmaker.services import duplicate  # NumPy is loaded when it is needed

    return duplicate.near(uow, g.actor, matchmaker().duplicates, record)


def new(noun: str) -> Response:
    """An empty form, or a new draft from what was typed."""
    firm = firm_written_for() if noun == "demand" else None
    if firm is None:
        require(g.actor, noun, "create")
    form = form_of(noun)
    if request.method == "GET":
        form.process(data={"disclosure": "public", "provenance": "local"})
        return show_form(noun, form, None)

    def save(uow: UnitOfWork, fields: Fields) -> Record:
        return service.create(uow, g.actor, noun, fields, firm_id=firm.id if firm else None)

    if request.form.get("then") == "autosave":
        return autosave(noun, form, save, "draft")
    return _save(noun, form, save, None)


def edit(noun: str, public_id: str) -> Response:
    """The form with the record in it, or the record changed as typed."""
    form = form_of(noun)
    with matchmaker().reading() as uow:
        record = service.load(uow, g.actor, noun, public_id)
        if request.method == "GET":
            require(g.actor, noun, service.editing(g.actor), record)
            fill(uow, form, record)
        held = hold(record)
    if request.method == "GET":
        return show_form(noun, form, held)

    def save(uow: UnitOfWork, fields: Fields) -> Record:
        stored = service.load(uow, g.actor, noun, public_id, lock=True)
        service.edit(
            uow,
            g.actor,
            stored,
            fields,
            version=version_of(form.version.data),
            confirmed=confirmed(),
        )
        return stored

    if request.form.get("then") == "autosave":
        return autosave(noun, form, save, held.state)
    return _save(noun, form, save, held)


def act(noun: str, public_id: str, action: str) -> Response:
    """Do what a button of the record's page says."""
    note = request.form.get("note", "")
    try:
        with matchmaker().unit_of_work() as uow:
            record = service.load(uow, g.actor, noun, public_id, lock=True)
            if action == "delete":
                service.delete(uow, g.actor, record)
            else:
                service.act(uow, g.actor, record, action, note=note, confirmed=confirmed())
            if action == "submit":
                _note(uow, record)
    except (InvalidFields, leak.NamesSomebody) as error:
        form = form_of(noun)
        with matchmaker().reading() as uow:
            record = service.load(uow, g.actor, noun, public_id)
            form.process()
            fill(uow, form, record)
            held = hold(record)
        general = refused(form, error)
        return show_form(noun, form, held, general=general, status=422)
    except Invalid as error:
        return show(noun, public_id, error=refusal_text(error), note=note, status=422)
    flash(_done(action), "success")
    if action == "delete":
        return redirect(url_for(f"{noun}.mine"), code=303)
    return redirect(url_for(f"{noun}.show", public_id=public_id), code=303)


def mine(noun: str) -> Response:
    """One's own records."""
    text, state = own_terms(noun)
    pages = Numbered.from_request()
    with matchmaker().reading() as uow:
        found = query.own(
            uow,
            g.actor,
            noun,
            limit=pages.size,
            offset=pages.offset,
            state=state or None,
            text=text,
        )
    entries = tuple(
        OwnEntry(
            row=row,
            actions=available_actions(g.actor, noun, row),
            in_review=row.state in REVIEW_STATES[noun],
        )
        for row in found.rows
    )
    return render(
        OwnPage(
            noun=noun,
            entries=entries,
            may_create=may(g.actor, noun, "create"),
            text=text,
            state=state,
            states=tuple(STATES[noun]),
            **pages.of(found.total),
        )
    )


def _save(
    noun: str,
    form: RecordForm,
    save: Callable[[UnitOfWork, Fields], Record],
    held: Held | None,
) -> Response:
    """Clean and save, then submit if that button was pressed.

    On a problem everything typed stays. Saving comes first and in a transaction of its own: what
    is not yet fit to be submitted is kept as a draft.
    """
    plan = matchmaker().plan
    then = request.form.get("then")
    kept: list[str] = []
    if then in {"rows", "check"} or not {"add", "add-chain"}.isdisjoint(request.form):
        reshape(noun, form, then)
        return show_form(noun, form, held)
    try:
        fields = CLEANERS[noun](form.raw(), chains=plan.chain_by_code, regions=plan.region_by_code)
        with matchmaker().unit_of_work() as uow:
            stored = save(uow, fields)
        held = hold(stored)
        if then == "submit":
            form.version.data = str(held.version)
            kept = [_("Saved as a draft, but not submitted yet.")]
            with matchmaker().unit_of_work() as uow:
                stored = service.load(uow, g.actor, noun, held.public_id, lock=True)
                service.act(uow, g.actor, stored, "submit", confirmed=confirmed())
                _note(uow, stored)
    except Conflict:
        return _conflict(noun, form, held)
    except WrongState:
        gone = _("Somebody else has moved this record on in the meantime; it cannot be edited now.")
        return show_form(noun, form, held, general=[*kept, gone], status=409)
    except Invalid as error:
        return show_form(noun, form, held, general=kept + refused(form, error), status=422)
    flash(_done("submit") if then == "submit" else _("Saved."), "success")
    return redirect(url_for(f"{noun}.show", public_id=held.public_id), code=303)


def _conflict(noun: str, form: RecordForm, held: Held | None) -> Response:
    """What was typed beside what somebody else has saved in the meantime."""
    theirs = form_of(noun)
    with matchmaker().reading() as uow:
        stored = service.load(uow, g.actor, noun, held.public_id if held else "")
        held = hold(stored)
        theirs.process()
        fill(uow, theirs, stored)
    for one in (form, theirs):
        one.offer(matchmaker().plan)
    differing = tuple(
        Difference(label=label, theirs=text, yours=typed)
        for label, text, typed in theirs.changes(form)
    )
    form.version.data = str(held.version)
    return show_form(noun, form, held, conflict=differing, status=409)


def _done(action: str) -> str:
    """What has just happened."""
    done: dict[str, str] = {
        "submit": _("Submitted for review."),
        "publish": _("Published. Matching has run."),
        "approve": _("Published. Matching has run."),
        "return": _("Returned to the author with your reasons."),
        "request_changes": _("Returned to the author with your reasons."),
        "resolve": _("Closed as resolved."),
        "withdraw": _("Withdrawn."),
        "reopen": _("Reopened as a draft."),
        "delete": _("Deleted."),
    }
    return done[action]
