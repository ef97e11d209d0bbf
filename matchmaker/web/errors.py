"""The one place where refusals become answers."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from flask import Flask, current_app, render_template, request
from flask.wrappers import Response
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from matchmaker.domain.errors import (
    Conflict,
    DomainError,
    Invalid,
    NotAllowed,
    NotFound,
    WrongState,
)
from matchmaker.web.i18n import gettext as _

STATUS: Final[dict[type[DomainError], int]] = {
    NotAllowed: 403,
    NotFound: 404,
    WrongState: 409,
    Conflict: 409,
    Invalid: 422,
}
# Fields that nobody writes by hand, and how long a text is that is shown again.
_NOT_TYPED: Final = frozenset({"csrf_token", "version"})
_WORTH_KEEPING: Final = 20
_DRAINED: Final = 64 << 20
_TEMPLATES: Final = frozenset({400, 403, 404, 409, 413, 422, 429, 500})


def install(app: Flask) -> None:
    """Register the handlers."""
    app.register_error_handler(DomainError, _domain)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(500, _internal)


def _answer(status: int, message: str) -> tuple[str, int]:
    template = status if status in _TEMPLATES else (500 if status >= 500 else 400)  # noqa: PLR2004 - HTTP
    page = f"errors/{template}.html"
    typed = _typed() if status == STATUS[Conflict] else ()
    return render_template(page, message=message, back=_back(), typed=typed), status


def _typed() -> tuple[str, ...]:
    """The longer texts of the form that was sent: nobody shall have to write them again."""
    sent = request.form.items(multi=True) if request.method == "POST" else ()
    return tuple(
        text
        for name, text in sent
        if name not in _NOT_TYPED and len(text) >= _WORTH_KEEPING and "password" not in name
    )


def _back() -> str:
    """The page of this site whose form was sent, to be opened anew; empty when there is none."""
    try:
        came_from = urlsplit(request.referrer or "")
    except ValueError:  # a header may hold anything
        return ""
    path = "/" + came_from.path.lstrip("/")
    places = current_app.create_url_adapter(request)
    known = places is not None and places.test(path, method="GET")
    if request.method != "POST" or came_from.netloc != request.host or not known:
        return ""
    return f"{path}?{came_from.query}" if came_from.query else path


def _domain(error: DomainError) -> tuple[str, int]:
    messages = {
        NotAllowed: _("You may not do this."),
        NotFound: _("There is no such record, or none that you may see."),
        WrongState: _("The record is in a state in which this is not possible."),
        Conflict: _("Somebody else changed this record since you opened it."),
    }
    status = STATUS.get(type(error), 400)
    return _answer(status, messages.get(type(error), str(error)))


def _csrf(_error: CSRFError) -> tuple[str, int]:
    return _answer(400, _("The form had expired. Open the page again and repeat what you entered."))


def _http(error: HTTPException) -> tuple[str, int] | HTTPException | Response:
    if error.code is None or error.code < 400:  # noqa: PLR2004 - a redirect raised as an exception
        return error
    if error.code == 413:  # noqa: PLR2004 - HTTP
        _drain()
        return _answer(error.code, _too_large())
    return _answer(error.code, "")


def _drain() -> None:
    """Take in what is still being sent: a browser reads no answer before it has sent everything.

    Whoever sends more than anybody would choose by mistake gets no answer.
    """
    left = _DRAINED
    while left > 0 and (piece := request.environ["wsgi.input"].read(1 << 16)):
        left -= len(piece)


def _too_large() -> str:
    """How much is taken where something larger was sent."""
    most = request.max_content_length or 0
    if (request.content_length or 0) <= most:
        return ""
    return _("At most %(size)s MB are taken here.", size=most // (1 << 20))


def _internal(_error: Exception) -> tuple[str, int]:
    return _answer(500, "")
