"""Reaching the wired platform from a view."""

from __future__ import annotations

from flask import current_app

from matchmaker.bootstrap import Matchmaker


def matchmaker() -> Matchmaker:
    """The platform this application serves."""
    platform = current_app.extensions["matchmaker"]
    if not isinstance(platform, Matchmaker):
        msg = "create_app was given no platform"
        raise TypeError(msg)
    return platform
