"""What people are told, how they are mailed about it, and the links that end mail."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, request, url_for
from werkzeug.wrappers import Response

from matchmaker.domain.notification import ALL_DIGESTS
from matchmaker.domain.vocabulary import MAIL_PACES
from matchmaker.services import mail_switch
from matchmaker.services import notification as service
from matchmaker.services.notification_kinds import KINDS, groups
from matchmaker.store.queries import notification as query
from matchmaker.web.i18n import gettext as _
from matchmaker.web.i18n import locale, term
from matchmaker.web.notification.pages import (
    Line,
    MailOffPage,
    NotificationsPage,
    SettingsPage,
    Topic,
)
from matchmaker.web.pages import Numbered, Tab, render
from matchmaker.web.platform import matchmaker
from matchmaker.web.security import csrf

blueprint = Blueprint("notification", __name__, url_prefix="/notifications")


@blueprint.get("/")
def listing() -> Response:
    """What one was told, the latest first."""
    only_unread = request.args.get("show") == "unread"
    pages = Numbered.from_request()
    with matchmaker().reading() as uow:
        total, unread = query.counts(uow, g.actor)
        rows = query.listing(
            uow, g.actor, unread=only_unread, limit=pages.size, offset=pages.offset
        )
    tabs = (
        Tab(label=_("All"), href=url_for(".listing"), count=total, current=not only_unread),
        Tab(
            label=_("Unread"),
            href=url_for(".listing", show="unread"),
            count=unread,
            current=only_unread,
        ),
    )
    page = NotificationsPage(
        lines=tuple(_line(row) for row in rows),
        tabs=tabs,
        unread=unread,
        **pages.of(unread if only_unread else total),
    )
    return render(page)


@blueprint.post("/<public_id>/open")
def open_one(public_id: str) -> Response:
    """Mark one as read and go to its record."""
    with matchmaker().unit_of_work() as uow:
        path = service.read(uow, g.actor, public_id)
    return redirect(path or url_for(".listing"), code=303)


@blueprint.post("/<public_id>/read")
def read(public_id: str) -> Response:
    """Mark one as read and stay."""
    with matchmaker().unit_of_work() as uow:
        service.read(uow, g.actor, public_id)
    return redirect(url_for(".listing"), code=303)


@blueprint.post("/read-all")
def read_all() -> Response:
    """Mark everything as read."""
    with matchmaker().unit_of_work() as uow:
        service.read_all(uow, g.actor)
    flash(_("All marked as read."), "success")
    return redirect(url_for(".listing"), code=303)


@blueprint.get("/settings")
def settings() -> Response:
    """How one is mailed about each group."""
    with matchmaker().reading() as uow:
        paces = query.paces(uow, g.actor.user_id)
    page = SettingsPage(
        topics=tuple(Topic(code=code, pace=paces.get(code, "at_once")) for code in groups()),
        paces=tuple(MAIL_PACES),
        email=g.signed_in.email,
    )
    return render(page)


@blueprint.post("/settings")
def choose() -> Response:
    """Choose how one is mailed."""
    wanted = {code: request.form[code] for code in groups() if code in request.form}
    with matchmaker().unit_of_work() as uow:
        service.choose(uow, g.actor, wanted)
    flash(_("Saved."), "success")
    return redirect(url_for(".settings"), code=303)


@blueprint.route("/off/<user_id>/<which>/<signature>", methods=["GET", "POST"])
def off(user_id: str, which: str, signature: str) -> Response:
    """End a kind of mail by the link of a mail, without logging in (RFC 8058)."""
    done = request.method == "POST"
    if done:
        with matchmaker().unit_of_work() as uow:
            mail_switch.switch_off(uow, user_id, which, signature)
    else:
        with matchmaker().reading() as uow:
            reader = mail_switch.reader(uow, user_id, which, signature)
            done = mail_switch.is_off(uow, reader, which)
    group = _("Digests") if which == ALL_DIGESTS else term(which, "notification_group")
    return render(MailOffPage(group=group, done=done, signed_in=g.actor.signed_in))


# A mail program sends no token: the signature in the address stands for it.
csrf.exempt(off)


def _line(row: query.NotificationRow) -> Line:
    return Line(
        public_id=row.public_id,
        text=service.line(row, locale()),
        detail=service.detail(row),
        group=KINDS[row.kind].group,
        at=row.created_at,
        read=row.read,
        opens=row.subject is not None,
    )
