"""What gunicorn does in each worker: load the engine beside the first requests, save it at the end.

Gunicorn reads this module as its configuration and calls the functions by name.
"""

from __future__ import annotations

import gc
import logging
import threading
from typing import Any

from matchmaker.bootstrap import Matchmaker

_LOG = logging.getLogger(__name__)


def post_worker_init(worker: Any) -> None:
    """Load encoder, engine and what places records while the worker answers already."""
    threading.Thread(target=warm, args=(_platform(worker),), name="warm", daemon=True).start()


def worker_exit(_server: Any, worker: Any) -> None:
    """Save the engine, so that the next start is quick, and leave the database."""
    platform = _platform(worker)
    try:
        platform.save_index()
    except Exception:  # noqa: BLE001 - a file less is no reason to end badly
        _LOG.exception("the index was not saved; the next start reads the database")
    platform.close()


def warm(platform: Matchmaker) -> None:
    """Load encoder, engine and what places records; have the garbage collector leave them alone.

    A full collection would look through everything they hold, a third of a second with some
    thousand records, in the middle of somebody's request.
    """
    try:
        _ = platform.engine, platform.placing
    except Exception:  # noqa: BLE001 - the first request tells the person who asks
        _LOG.exception("the engine or what places records could not be loaded")
    gc.collect()
    gc.freeze()


def _platform(worker: Any) -> Matchmaker:
    found = worker.app.callable.extensions["matchmaker"]
    if not isinstance(found, Matchmaker):
        msg = "the application serves no platform"
        raise TypeError(msg)
    return found
