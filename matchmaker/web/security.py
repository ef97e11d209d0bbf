"""Headers that every answer carries, and the extensions that guard requests."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import quote

from flask import Flask, abort, request
from flask.wrappers import Request, Response
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_wtf.csrf import CSRFProtect
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.utils import cached_property

from matchmaker.settings import Settings

# Nothing inline at all, so no nonce is needed: stricter than a nonce, and it cannot be forgotten.
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)

# SQLite keeps a text with this character and PostgreSQL refuses to keep it or to look for it.
_NUL: Final = "\0"
# What stands in a query as it is.
_QUERY: Final = "!$%&'()*+,/:;=?@"

csrf = CSRFProtect()
limiter = Limiter(key_func=get_remote_address, headers_enabled=True)


class AskedRequest(Request):
    """A request whose address may hold anything: what it says wrongly is left out of its query."""

    def __init__(self, *given: Any, **named: Any) -> None:
        """Bytes that stand in no address are written as one writes them."""
        super().__init__(*given, **named)
        self.query_string = quote(self.query_string, safe=_QUERY).encode("ascii")

    @cached_property
    def args(self) -> ImmutableMultiDict[str, str]:
        """Names and values of the query."""
        asked = super().args.items(multi=True)
        return ImmutableMultiDict(
            (name.replace(_NUL, ""), text.replace(_NUL, "")) for name, text in asked
        )

    @property
    def full_path(self) -> str:
        """Path and query, so written that a page and an address can hold them."""
        return f"{quote(self.path)}?{self.query_string.decode()}"


def install(app: Flask, settings: Settings) -> None:
    """Guard the application."""
    app.config.update(
        SESSION_COOKIE_NAME="matchmaker",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        MAX_CONTENT_LENGTH=settings.upload_limit,
        MAX_FORM_MEMORY_SIZE=settings.upload_limit,
        MAX_FORM_PARTS=1_000,
        WTF_CSRF_TIME_LIMIT=None,  # the session's life is limit enough: drafts stay open long
        RATELIMIT_STORAGE_URI=settings.rate_storage,
    )
    app.request_class = AskedRequest
    app.before_request(_refuse_nul)
    csrf.init_app(app)
    limiter.init_app(app)
    app.after_request(_headers)
    app.teardown_request(_close_uploads)
    if settings.proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]  # Flask documents this assignment
            app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies, x_host=settings.proxies
        )


def _refuse_nul() -> None:
    """Nothing is to be found under an address with a NUL, and no browser fills one into a form."""
    if _NUL in request.path:
        abort(404)
    sent = [*request.form.items(multi=True)]
    sent += [(name, file.filename or "") for name, file in request.files.items(multi=True)]
    if any(_NUL in name or _NUL in text for name, text in sent):
        abort(400)


def _close_uploads(_error: BaseException | None) -> None:
    """Close the temporary files of uploads at once, not when the collector comes by."""
    request.close()


def _headers(response: Response) -> Response:
    """Add the security headers; pages are never cached by others."""
    headers = response.headers
    headers.setdefault("Content-Security-Policy", _POLICY)
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("X-Frame-Options", "DENY")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    if response.mimetype == "text/html":
        headers["Cache-Control"] = "private, no-store"
    return response
