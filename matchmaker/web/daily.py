"""What the calendar asks for, done by the first request of a day where no timer runs it."""

from __future__ import annotations

import threading
from datetime import date

from flask import Flask, request

from matchmaker.services import assignment, expiry, follow_up
from matchmaker.web.platform import matchmaker


def install(app: Flask) -> None:
    """Expire what is over, send reminders and follow the desk's clocks once a day and process.

    Repeating it does nothing. ``python -m matchmaker expire``, ``follow-up`` and ``assign`` do the
    same and may run from a timer besides.
    """
    lock = threading.Lock()
    done: list[date] = []

    def expire() -> None:
        today = matchmaker().clock().date()
        if request.endpoint in {None, "static", "site.health"} or today in done:
            return
        if not lock.acquire(blocking=False):
            return
        try:
            with matchmaker().unit_of_work() as uow:
                expiry.expire_due(uow)
                expiry.remind(uow)
                platform = matchmaker()
                follow_up.run(uow, platform.attachments, platform.settings.base_url)
                assignment.follow_clocks(uow, platform.settings.base_url)
            platform.assign_later()
            done[:] = [today]
        finally:
            lock.release()

    app.before_request(expire)
