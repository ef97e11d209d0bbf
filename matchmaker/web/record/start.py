"""Starting a record from a paragraph, an uploaded document or an earlier record."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from flask import flash, g, redirect, request, url_for
from werkzeug.wrappers import Response

from matchmaker.domain.extraction import Extracted, extract
from matchmaker.domain.form_document import Line
from matchmaker.domain.permissions import require
from matchmaker.integrations.document import read_document
from matchmaker.integrations.document_reader import CELLS, CHARACTERS, PAGES, UnreadableError
from matchmaker.services import record as service
from matchmaker.services.reuse import reuse as reuse_service
from matchmaker.store.queries import record as query
from matchmaker.web.i18n import gettext as _
from matchmaker.web.pages import render
from matchmaker.web.platform import matchmaker
from matchmaker.web.record.cleaning import CLEANERS, FORMS
from matchmaker.web.record.forms import StartForm, indicator_texts
from matchmaker.web.record.pages import StartPage

_EARLIER: Final = 20


def start(noun: str) -> Response:
    """The ways to start, or a new draft filled from what was given."""
    require(g.actor, noun, "create")
    form = StartForm()
    if request.method == "GET":
        return _show(noun, form)
    try:
        lines = _lines(form)
    except UnreadableError as error:
        form.document.errors = [_trouble(error)]
        return _show(noun, form, 422)
    if not lines:
        form.text.errors = [_("Write a few sentences, or choose a document.")]
        return _show(noun, form, 422)
    extracted = extract(noun, lines, matchmaker().plan)
    if not extracted.values:
        form.text.errors = [_nothing_found(extracted)]
        return _show(noun, form, 422)
    return _draft(noun, extracted)


def reuse(noun: str, public_id: str) -> Response:
    """A new draft with the content of an earlier record."""
    with matchmaker().unit_of_work() as uow:
        earlier = service.load(uow, g.actor, noun, public_id)
        made = reuse_service(uow, g.actor, earlier)
    flash(_("A new draft was made from the earlier one. Change what is different."), "success")
    return redirect(url_for(f"{noun}.edit", public_id=made.public_id), code=303)


def _draft(noun: str, extracted: Extracted) -> Response:
    """Save what was found as a draft and open it, the filled fields marked."""
    plan = matchmaker().plan
    known = {field.name for field in FORMS[noun](formdata=None)}
    raw: dict[str, object] = {
        name: value for name, value in extracted.values.items() if name in known
    }
    raw["indicators"] = indicator_texts(extracted.indicators)
    fields = CLEANERS[noun](raw, chains=plan.chain_by_code, regions=plan.region_by_code)
    with matchmaker().unit_of_work() as uow:
        made = service.create(uow, g.actor, noun, fields)
    flash(_("A draft was filled from your text. Fields to check are marked."), "success")
    if extracted.contacts_left_out:
        flash(
            _(
                "Telephone numbers, e-mail addresses and other contact data were left out: "
                "everybody reads this text. A partner gets them once both sides agree to talk."
            ),
            "info",
        )
    filled = ",".join(name for name in extracted.filled if name in known)
    address = url_for(f"{noun}.edit", public_id=made.public_id, filled=filled)
    return redirect(address, code=303)


def _lines(form: StartForm) -> list[Line]:
    """What was given: the document's lines, else the paragraphs that were typed."""
    upload = request.files.get(form.document.name)
    if upload is not None and upload.filename:
        return read_document(upload.read())
    text = str(form.text.data or "")[:CHARACTERS]
    return [(line,) for line in text.splitlines() if line.strip()]


def _show(noun: str, form: StartForm, status: int = 200) -> Response:
    with matchmaker().reading() as uow:
        earlier = query.own(uow, g.actor, noun, limit=_EARLIER).rows
    limit = matchmaker().settings.upload_limit // (1024 * 1024)
    page = StartPage(noun=noun, form=form, earlier=earlier, size_limit=limit)
    return render(page, status)


def _nothing_found(extracted: Extracted) -> str:
    """What to do about a text that fills no field."""
    if extracted.contacts_left_out:
        return _(
            "Only contact data was found, which no public text may hold. Write or paste here what "
            "does not work and what is wanted."
        )
    return _("No text was found that says what it is about. Write or paste it here.")


def _trouble(error: UnreadableError) -> str:
    """What is wrong with a document, where, and what to do."""
    texts: Mapping[str, Callable[[], str]] = {
        "empty": lambda: _("The document holds no text. Choose another, or paste the text."),
        "old_office": lambda: _(
            "This is an old Word or Excel file (.doc, .xls). Save it as .docx or .xlsx, then "
            "choose it again."
        ),
        "unknown_kind": lambda: _(
            "This is no Word, Excel, PDF or text file. Choose one of these, or paste the text."
        ),
        "damaged": lambda: _(
            "The document is damaged. Open it on your computer, save it again, then choose it."
        ),
        "macros": lambda: _(
            "The document holds macros (.docm, .xlsm). Save it as .docx or .xlsx, then choose it "
            "again."
        ),
        "encrypted": lambda: _(
            "The document is protected by a password. Save it without, then choose it again."
        ),
        "no_text": lambda: _(
            "The PDF holds pictures of pages and no text. Copy the text, or choose the Word file."
        ),
        "too_many_pages": lambda: _(
            "The PDF has %(count)s pages; at most %(most)s are read. Keep the pages of the form.",
            count=error.where,
            most=PAGES,
        ),
        "too_many_cells": lambda: _(
            "The tables have more than %(most)s cells. Keep the sheet or table of the form.",
            most=f"{CELLS:,}",
        ),
        "too_much_text": lambda: _(
            "The text is longer than %(most)s characters, in line %(line)s. Keep what belongs to "
            "one record.",
            most=f"{CHARACTERS:,}",
            line=error.where,
        ),
        "unpacks_too_large": lambda: _(
            "The document is too large when unpacked. Remove its pictures, then choose it again."
        ),
        "hostile": lambda: _(
            "The document holds a declaration that Office documents never hold (%(where)s). "
            "Copy its text into a new document.",
            where=error.where,
        ),
        "too_heavy": lambda: _(
            "Reading the document took too long. Copy the text of the form and paste it."
        ),
    }
    return texts[error.code]()
