"""Saving a draft in the background: the same rules as the button, a short answer for the script."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from flask import url_for
from werkzeug.wrappers import Response

from matchmaker.domain.errors import Conflict, Invalid, WrongState
from matchmaker.domain.fields import InvalidFields
from matchmaker.services.record import Fields, Record
from matchmaker.store.database import UnitOfWork
from matchmaker.web.i18n import gettext as _
from matchmaker.web.i18n import joined
from matchmaker.web.pages import render
from matchmaker.web.platform import matchmaker
from matchmaker.web.record.cleaning import CLEANERS
from matchmaker.web.record.forms import RecordForm
from matchmaker.web.record.pages import SavedPage
from matchmaker.web.record.problems import refusal_text

AUTOSAVED: Final = frozenset({"draft", "returned", "changes_requested"})


def autosave(
    noun: str, form: RecordForm, save: Callable[[UnitOfWork, Fields], Record], state: str
) -> Response:
    """Save what is typed if it can be saved; never a published record, which is matched at once."""
    if state not in AUTOSAVED:
        return _answer(409, problem=_("A published record is saved by its button alone."))
    plan = matchmaker().plan
    try:
        fields = CLEANERS[noun](form.raw(), chains=plan.chain_by_code, regions=plan.region_by_code)
        with matchmaker().unit_of_work() as uow:
            stored = save(uow, fields)
    except InvalidFields as error:
        return _answer(422, problem=_unfit(form, error))
    except Conflict:
        theirs = _(
            "Not saved: somebody else has changed this record. Press Save to see both versions."
        )
        return _answer(409, problem=theirs)
    except WrongState:
        return _answer(409, problem=_("Not saved: this record is no longer a draft."))
    except Invalid as error:
        return _answer(422, problem=refusal_text(error))
    address = url_for(f"{noun}.edit", public_id=stored.public_id)
    return _answer(200, address=address, version=str(stored.version))


def _unfit(form: RecordForm, error: InvalidFields) -> str:
    """Which fields keep a draft from being saved."""
    if all(problem.field == "title" and problem.code == "missing" for problem in error.problems):
        return str(_("Not saved yet: a title is needed."))
    names = dict.fromkeys(problem.field for problem in error.problems)
    labels = [form[name].label.text if name in form else name for name in names]
    return str(_("Not saved: please look at %(fields)s.", fields=joined(labels)))


def _answer(status: int, *, address: str = "", version: str = "", problem: str = "") -> Response:
    at = matchmaker().clock()
    return render(SavedPage(address=address, version=version, at=at, problem=problem), status)
