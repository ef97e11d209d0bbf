"""What the calendar asks for, done by the first request of a day where no timer runs it."""

from __future__ import annotations

import logging
import threading
from datetime import date

from flask import Flask, request

from matchmaker.domain.working_days import day_of
from matchmaker.services import assignment, follow_up
from matchmaker.web.platform import matchmaker

_LOG = logging.getLogger(__name__)


def install(app: Flask) -> None:
    """Do the day's work once a day and process; repeating it does nothing.

    ``python -m matchmaker expire``, ``follow-up``, ``assign``, ``gaps`` and ``digest`` do the same
    and may run from a timer besides. Records expire before the first page is shown; mail and the
    audit's verification follow, and a failure of them is logged.
    """
    lock = threading.Lock()
    done: list[date] = []

    def expire() -> None:
        today = day_of(matchmaker().clock())
        if request.endpoint in {None, "static", "site.health"} or today in done:
            return
        if not lock.acquire(blocking=False):
            return
        try:
            platform = matchmaker()
            platform.expire()
            with platform.unit_of_work() as uow:
                base_url = platform.settings.base_url
                follow_up.run(
                    uow, platform.attachments, calendar=platform.calendar, base_url=base_url
                )
                assignment.follow_clocks(uow, base_url)
            platform.assign_later()
            platform.group_needs_later()
            done[:] = [today]
            try:
                platform.deliver_mail()  # what is due from earlier
                platform.tell_news()
            except Exception:  # noqa: BLE001 - the page that was asked for needs none of it
                _LOG.exception("news and digests could not be sent; the command `digest` does it")
            try:
                platform.check_audit()
            except Exception:  # noqa: BLE001 - likewise
                _LOG.exception("the audit could not be verified; `audit verify` does it")
        finally:
            lock.release()

    app.before_request(expire)
