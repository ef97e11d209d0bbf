"""The log-in session of a request: a random token in the cookie, its hash in the database."""

from __future__ import annotations

from flask import Flask, g, request, session

from matchmaker.domain.permissions import VISITOR
from matchmaker.services import account
from matchmaker.web.platform import matchmaker

_KEY = "token"


def install(app: Flask) -> None:
    """Find out who is asking before anything else happens."""
    app.before_request(_identify)


def _identify() -> None:
    g.signed_in = None
    g.actor = VISITOR
    token = session.get(_KEY)
    if not token or request.endpoint == "static":
        return
    with matchmaker().reading() as uow:
        g.signed_in = account.signed_in(uow, token)
    if g.signed_in is None:
        session.pop(_KEY, None)
        return
    g.actor = g.signed_in.actor
    if g.signed_in.seen_is_old:
        with matchmaker().unit_of_work() as uow:
            account.touch(uow, g.signed_in.session_id)


def held() -> str:
    """The token that this browser holds, or an empty text."""
    return str(session.get(_KEY, ""))


def begin(token: str) -> None:
    """Start afresh with a new token: nothing from before the log-in survives it."""
    language = session.get("language")
    session.clear()
    if language:
        session["language"] = language
    session[_KEY] = token
    session.permanent = True


def end() -> None:
    """Forget everything but the language."""
    language = session.get("language")
    session.clear()
    if language:
        session["language"] = language


def choose_language(code: str) -> None:
    """Show pages in a language from now on."""
    session["language"] = code
