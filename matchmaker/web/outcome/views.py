"""Addresses of outcomes."""

from __future__ import annotations

from flask import Blueprint
from werkzeug.wrappers import Response

from matchmaker.web.record import flow, form_page
from matchmaker.web.record import start as beginning
from matchmaker.web.security import limiter

blueprint = Blueprint("outcome", __name__, url_prefix="/outcomes")


@blueprint.route("/new", methods=["GET", "POST"])
def new() -> Response:
    """Write a new outcome."""
    return flow.new("outcome")


@blueprint.route("/start", methods=["GET", "POST"])
@limiter.limit("20 per minute; 200 per hour", methods=["POST"])
def start() -> Response:
    """Start an outcome from a text, a document or an earlier one."""
    return beginning.start("outcome")


@blueprint.post("/assistance")
def assistance() -> Response:
    """What follows from what is typed."""
    return form_page.assistance("outcome")


@blueprint.get("/mine")
def mine() -> Response:
    """One's own outcomes."""
    return flow.mine("outcome")


@blueprint.get("/<public_id>")
def show(public_id: str) -> Response:
    """Read one outcome."""
    return flow.show("outcome", public_id)


@blueprint.route("/<public_id>/edit", methods=["GET", "POST"])
def edit(public_id: str) -> Response:
    """Change one outcome."""
    return flow.edit("outcome", public_id)


@blueprint.post("/<public_id>/submit")
def submit(public_id: str) -> Response:
    """Send it to review."""
    return flow.act("outcome", public_id, "submit")


@blueprint.post("/<public_id>/approve")
def approve(public_id: str) -> Response:
    """Publish it."""
    return flow.act("outcome", public_id, "approve")


@blueprint.post("/<public_id>/request-changes")
def request_changes(public_id: str) -> Response:
    """Give it back with reasons."""
    return flow.act("outcome", public_id, "request_changes")


@blueprint.post("/<public_id>/withdraw")
def withdraw(public_id: str) -> Response:
    """Take it down."""
    return flow.act("outcome", public_id, "withdraw")


@blueprint.post("/<public_id>/reopen")
def reopen(public_id: str) -> Response:
    """Make it a draft again."""
    return flow.act("outcome", public_id, "reopen")


@blueprint.post("/<public_id>/delete")
def delete(public_id: str) -> Response:
    """Delete a draft."""
    return flow.act("outcome", public_id, "delete")


@blueprint.post("/<public_id>/reuse")
def reuse(public_id: str) -> Response:
    """Start a new one from it."""
    return beginning.reuse("outcome", public_id)
