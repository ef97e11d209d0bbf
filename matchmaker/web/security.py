"""Headers that every answer carries, and the extensions that guard requests."""

from __future__ import annotations

from typing import Final

from flask import Flask, abort, request
from flask.wrappers import Response
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from matchmaker.settings import Settings

# Nothing inline at all, so no nonce is needed: stricter than a nonce, and it cannot be forgotten.
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)

csrf = CSRFProtect()
limiter = Limiter(key_func=get_remote_address, headers_enabled=True)


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
    """Nothing is to be found under an address with a NUL, which PostgreSQL refuses to look for."""
    if "\0" in request.path:
        abort(404)


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
