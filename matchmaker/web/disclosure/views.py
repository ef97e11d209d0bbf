"""The confidential tier of a record: written and opened by its keepers, read by whom they chose."""

from __future__ import annotations

from datetime import date
from typing import Final

from flask import Blueprint, flash, g, redirect, request, url_for
from werkzeug.wrappers import Response

from matchmaker.domain.errors import Conflict, Invalid, NotFound
from matchmaker.domain.permissions import may
from matchmaker.services import disclosure as service
from matchmaker.services import receipt as receipt_service
from matchmaker.services import record as record_service
from matchmaker.services.record import Record, noun_of
from matchmaker.store.database import UnitOfWork
from matchmaker.store.queries import disclosure as query
from matchmaker.web.disclosure.keeper import Filled, keeper_page
from matchmaker.web.disclosure.pages import OpenedPage, ReaderPage, ReadText
from matchmaker.web.disclosure.wording import error_texts, field_labels
from matchmaker.web.i18n import gettext as _
from matchmaker.web.pages import render
from matchmaker.web.platform import matchmaker
from matchmaker.web.version import version_from_form

blueprint = Blueprint("disclosure", __name__, url_prefix="/confidential")
_RECORD: Final = "/<any(demand, outcome):noun>/<public_id>"


@blueprint.get(_RECORD)
def show(noun: str, public_id: str) -> Response:
    """What the reader may know of a record's confidential tier; opening it is a button."""
    return _show(noun, public_id)


@blueprint.post(f"{_RECORD}/write")
def write(noun: str, public_id: str) -> Response:
    """Save the confidential texts."""
    texts = {name: request.form.get(name, "") for name in query.confidential_fields(noun)}
    try:
        with matchmaker().unit_of_work() as uow:
            record = record_service.load(uow, g.actor, noun, public_id, lock=True)
            service.write(uow, g.actor, record, texts, version=version_from_form())
    except Invalid as error:
        return _show(noun, public_id, Filled(texts=texts, errors=error_texts(error)), status=422)
    except Conflict:
        said = _("Somebody else changed this record since you opened it; your text stands below.")
        filled = Filled(texts=texts, errors={"version": said})
        return _show(noun, public_id, filled, status=409)
    flash(_("Saved. Nobody sees it whom you have not opened it to."), "success")
    return _back(noun, public_id)


@blueprint.post(f"{_RECORD}/give")
def give(noun: str, public_id: str) -> Response:
    """Open the confidential tier to an organisation."""
    filled = Filled(
        organisation=request.form.get("organisation", ""),
        until=request.form.get("until", ""),
        reason=request.form.get("reason", ""),
    )
    platform = matchmaker()
    try:
        with platform.unit_of_work() as uow:
            record = record_service.load(uow, g.actor, noun, public_id, lock=True)
            service.give(
                uow,
                g.actor,
                record,
                organisation=filled.organisation,
                until=_day(filled.until),
                reason=filled.reason,
                base_url=platform.settings.base_url,
            )
    except Invalid as error:
        return _show(noun, public_id, filled.wrong(error_texts(error)), status=422)
    flash(_("Opened. You are told when it is read, and can close it at any time."), "success")
    return _back(noun, public_id)


@blueprint.post(f"{_RECORD}/ask")
def ask(noun: str, public_id: str) -> Response:
    """Ask for access."""
    question = request.form.get("question", "")
    platform = matchmaker()
    try:
        with platform.unit_of_work() as uow:
            record = record_service.load(uow, g.actor, noun, public_id)
            service.ask(
                uow, g.actor, record, question=question, base_url=platform.settings.base_url
            )
    except Invalid as error:
        filled = Filled(question=question, errors=error_texts(error))
        return _show(noun, public_id, filled, status=422)
    flash(_("Asked. You get a mail when the owner has answered."), "success")
    return _back(noun, public_id)


@blueprint.post(f"{_RECORD}/open")
def open_tier(noun: str, public_id: str) -> Response:
    """Read the confidential tier: an act with a receipt, so it is no GET and no redirect."""
    platform = matchmaker()
    with platform.unit_of_work() as uow:
        record = record_service.load(uow, g.actor, noun, public_id)
        title = record.title
        opened = receipt_service.open_tier(
            uow, g.actor, record, base_url=platform.settings.base_url
        )
    labels = field_labels()
    # As every page, never kept by the browser nor by anything between (web/security.py).
    return render(
        OpenedPage(
            noun=noun,
            public_id=public_id,
            title=title,
            texts=tuple(
                ReadText(heading=labels[name], text=text) for name, text in opened.texts.items()
            ),
            reader=opened.reader_name,
            organisation=opened.organisation_name,
            opened_at=opened.opened_at,
            receipt_id=opened.receipt_id,
            text_hash=opened.text_hash,
        )
    )


@blueprint.post("/grants/<grant_id>/grant")
def grant(grant_id: str) -> Response:
    """Answer a request with yes."""
    return _decide(grant_id, "grant")


@blueprint.post("/grants/<grant_id>/refuse")
def refuse(grant_id: str) -> Response:
    """Answer a request with no."""
    return _decide(grant_id, "refuse")


@blueprint.post("/grants/<grant_id>/revoke")
def revoke(grant_id: str) -> Response:
    """Close it again."""
    return _decide(grant_id, "revoke")


def _decide(grant_id: str, action: str) -> Response:
    platform = matchmaker()
    reason, base_url = request.form.get("reason", ""), platform.settings.base_url
    with platform.reading() as uow:
        found = service.load_grant(uow, g.actor, grant_id)
        record = service.record_of(uow, g.actor, found)
        noun, public_id = noun_of(record), record.public_id
    try:
        with platform.unit_of_work() as uow:
            stored = service.load_grant(uow, g.actor, grant_id, lock=True)
            if action == "revoke":
                service.revoke(uow, g.actor, stored, reason=reason, base_url=base_url)
            else:
                until = _day(request.form.get("until", "")) if action == "grant" else None
                service.decide(
                    uow, g.actor, stored, action, until=until, reason=reason, base_url=base_url
                )
    except Invalid as error:
        wrong = {f"{grant_id}-{name}": text for name, text in error_texts(error).items()}
        return _show(noun, public_id, Filled(errors=wrong), status=422)
    done = {
        "grant": _("Opened. You are told when it is read, and can close it at any time."),
        "refuse": _("Refused; whoever asked has been told why."),
        "revoke": _("Closed at once; the other side has been told why."),
    }
    flash(done[action], "success")
    return _back(noun, public_id)


def _show(
    noun: str, public_id: str, filled: Filled | None = None, *, status: int = 200
) -> Response:
    filled = filled or Filled()
    with matchmaker().reading() as uow:
        record = record_service.load(uow, g.actor, noun, public_id)
        if may(g.actor, "disclosure", "oversee", record):
            return render(keeper_page(uow, g.actor, record, filled), status)
        return render(_reader_page(uow, record, filled), status)


def _reader_page(uow: UnitOfWork, record: Record, filled: Filled) -> ReaderPage:
    """For another organisation: where it stands, and what it can do."""
    noun = noun_of(record)
    found = query.standing(uow, g.actor, noun, record.id)
    engagement = query.engagement_about(uow, g.actor, noun, record.id)
    engaged = engagement is not None and may(g.actor, "disclosure", "ask", engagement)
    if not (found and g.actor.verified) and not engaged:
        msg = "There is nothing here that concerns you."
        raise NotFound(msg, noun=noun)
    latest, state = (found[0], _state(uow, found)) if found else (None, "none")
    return ReaderPage(
        noun=noun,
        public_id=record.public_id,
        title=record.title,
        state=state,
        until=latest.until if latest else None,
        reason=(latest.revoke_reason or latest.reason) if latest else "",
        may_ask=engaged and state in ("none", "over", "refused", "revoked", "lapsed"),
        question=filled.question,
        error=filled.errors.get("question", ""),
    )


def _state(uow: UnitOfWork, found: tuple[query.Standing, ...]) -> str:
    """How the latest grant stands today."""
    latest, day = found[0], service.today(uow)
    if latest.state != "granted":
        return latest.state
    if latest.until is not None and latest.until < day:
        return "over"
    if not latest.grant.nda:
        return "no_agreement"
    return "opens" if latest.grant.opens_to(g.actor, day) else "none"


def _day(written: str) -> date:
    try:
        return date.fromisoformat(written.strip())
    except ValueError:
        msg = "Write the date as YYYY-MM-DD."
        raise Invalid(msg, {"until": "not_a_date" if written.strip() else "missing"}) from None


def _back(noun: str, public_id: str) -> Response:
    return redirect(url_for(".show", noun=noun, public_id=public_id), code=303)
