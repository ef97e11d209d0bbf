"""Home page, language switch, health."""

from __future__ import annotations

from flask import (
    Blueprint,
    Response,
    abort,
    g,
    redirect,
    request,
    session,
    url_for,
)
from sqlalchemy import text
from werkzeug.wrappers import Response as BaseResponse

from matchmaker.web.i18n import LANGUAGES
from matchmaker.web.pages import render
from matchmaker.web.platform import matchmaker
from matchmaker.web.site.home import home_page

blueprint = Blueprint("site", __name__)


@blueprint.get("/")
def home() -> Response:
    """The home page of whoever asks."""
    platform = matchmaker()
    with platform.reading() as uow:
        page = home_page(uow, g.actor, platform.plan)
    return render(page)


@blueprint.post("/language")
def set_language() -> BaseResponse:
    """Remember the chosen language and go back."""
    code = request.form.get("code", "")
    if code not in LANGUAGES:
        abort(400)
    session["language"] = code
    return redirect(local_target(request.form.get("next", "")), code=303)


@blueprint.get("/health")
def health() -> Response:
    """Answer 200 while the database answers."""
    with matchmaker().reading() as uow:
        uow.session.execute(text("SELECT 1"))
    return Response("ok\n", mimetype="text/plain")


def local_target(target: str) -> str:
    r"""The address to return to: a path on this site, else the home page.

    ``//host`` and ``/\host`` are other sites to a browser, which also drops control characters.
    """
    if target.startswith("/") and not target.startswith(("//", "/\\")) and target.isprintable():
        return target
    return url_for("site.home")
