"""Addresses of demands."""

from __future__ import annotations

from flask import Blueprint
from werkzeug.wrappers import Response

from matchmaker.web.record import flow, form_page
from matchmaker.web.record import start as beginning
from matchmaker.web.security import limiter

blueprint = Blueprint("demand", __name__, url_prefix="/demands")


@blueprint.route("/new", methods=["GET", "POST"])
def new() -> Response:
    """Write a new demand."""
    return flow.new("demand")


@blueprint.route("/start", methods=["GET", "POST"])
@limiter.limit("20 per minute; 200 per hour", methods=["POST"])
def start() -> Response:
    """Start a demand from a text, a document or an earlier one."""
    return beginning.start("demand")


@blueprint.post("/assistance")
def assistance() -> Response:
    """What follows from what is typed."""
    return form_page.assistance("demand")


@blueprint.get("/mine")
def mine() -> Response:
    """One's own demands."""
    return flow.mine("demand")


@blueprint.get("/<public_id>")
def show(public_id: str) -> Response:
    """Read one demand."""
    return flow.show("demand", public_id)


@blueprint.route("/<public_id>/edit", methods=["GET", "POST"])
def edit(public_id: str) -> Response:
    """Change one demand."""
    return flow.edit("demand", public_id)


@blueprint.post("/<public_id>/submit")
def submit(public_id: str) -> Response:
    """Send it to review."""
    return flow.act("demand", public_id, "submit")


@blueprint.post("/<public_id>/publish")
def publish(public_id: str) -> Response:
    """Publish it."""
    return flow.act("demand", public_id, "publish")


@blueprint.post("/<public_id>/return", endpoint="return")
def return_(public_id: str) -> Response:
    """Give it back with reasons."""
    return flow.act("demand", public_id, "return")


@blueprint.post("/<public_id>/resolve")
def resolve(public_id: str) -> Response:
    """Close it: it is solved."""
    return flow.act("demand", public_id, "resolve")


@blueprint.post("/<public_id>/withdraw")
def withdraw(public_id: str) -> Response:
    """Take it down."""
    return flow.act("demand", public_id, "withdraw")


@blueprint.post("/<public_id>/reopen")
def reopen(public_id: str) -> Response:
    """Make it a draft again."""
    return flow.act("demand", public_id, "reopen")


@blueprint.post("/<public_id>/delete")
def delete(public_id: str) -> Response:
    """Delete a draft."""
    return flow.act("demand", public_id, "delete")


@blueprint.post("/<public_id>/reuse")
def reuse(public_id: str) -> Response:
    """Start a new one from it."""
    return beginning.reuse("demand", public_id)
