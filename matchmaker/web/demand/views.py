"""Addresses of demands."""

from __future__ import annotations

from flask import Blueprint
from werkzeug.wrappers import Response

from matchmaker.web.record import flow

blueprint = Blueprint("demand", __name__, url_prefix="/demands")


@blueprint.route("/new", methods=["GET", "POST"])
def new() -> Response:
    """Write a new demand."""
    return flow.new("demand")


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
