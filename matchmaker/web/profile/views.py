"""A record's profile: to read, to print, to take along."""

from __future__ import annotations

from flask import Blueprint, g
from werkzeug.wrappers import Response

from matchmaker.domain.permissions import may
from matchmaker.integrations.pdf import draw
from matchmaker.services import profile as service
from matchmaker.services.profile import Profile
from matchmaker.store.database import UnitOfWork
from matchmaker.web.i18n import joined, speaking
from matchmaker.web.pages import render
from matchmaker.web.platform import matchmaker
from matchmaker.web.profile.pages import ProfilePage
from matchmaker.web.profile.sheet import document_of, heading_text, held_text, sheet_of

blueprint = Blueprint("profile", __name__, url_prefix="/profiles")


@blueprint.get("/<any(demand, outcome):noun>/<public_id>")
def show(noun: str, public_id: str) -> Response:
    """The sheet, with what was held back beside it."""
    with matchmaker().reading() as uow:
        made = _profile(uow, noun, public_id)
        with speaking("en"):
            sheet = sheet_of(made, uow.now)
        page = ProfilePage(
            noun=noun,
            public_id=public_id,
            sheet=sheet,
            held=tuple(held_text(kind, count) for kind, count in sorted(made.held.items())),
            missing=joined(
                heading_text(noun, one.code) for one in (made.title, *made.texts) if not one.english
            ),
            edits=may(g.actor, noun, "edit", made.record),
        )
    return render(page)


@blueprint.get("/<any(demand, outcome):noun>/<public_id>/profile.pdf")
def document(noun: str, public_id: str) -> Response:
    """The sheet as a page of PDF."""
    with matchmaker().reading() as uow:
        made = _profile(uow, noun, public_id)
        with speaking("en"):
            written = draw(document_of(sheet_of(made, uow.now)))
    answer = Response(written, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f"attachment; filename=profile-{made.reference}.pdf"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _profile(uow: UnitOfWork, noun: str, public_id: str) -> Profile:
    platform = matchmaker()
    return service.profile(
        uow, g.actor, platform.plan, platform.secret_key(), noun=noun, public_id=public_id
    )
