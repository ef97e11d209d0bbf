"""What the calendar asks for, done by the first request of a day where no timer runs it."""

from __future__ import annotations

import threading
from datetime import date

from flask import Flask, request

from matchmaker.services import expiry, follow_up
from matchmaker.web.platform import matchmaker


def install(app: Flask) -> None:
    """Expire what is over and send reminders once a day and process; repeating it does nothing.

    ``python -m matchmaker expire`` and ``follow-up`` do the same and may run from a timer besides.
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
            done[:] = [today]
        finally:
            lock.release()

    app.before_request(expire)
