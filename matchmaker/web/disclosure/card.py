"""What a record's page says of its confidential tier: nothing to whom it does not concern."""

from __future__ import annotations

from flask import url_for

from matchmaker.domain.custody import KEEPERS
from matchmaker.domain.permissions import Actor, may
from matchmaker.services.disclosure import today
from matchmaker.services.receipt import confidential_texts
from matchmaker.services.record import Record, noun_of
from matchmaker.store.database import UnitOfWork
from matchmaker.store.queries import disclosure as query
from matchmaker.web.disclosure.pages import ConfidentialCard
from matchmaker.web.i18n import gettext as _


def card_of(uow: UnitOfWork, actor: Actor, record: Record) -> ConfidentialCard | None:
    """The card for the record's keepers, and for the other side of its engagements."""
    noun = noun_of(record)
    href = url_for("disclosure.show", noun=noun, public_id=record.public_id)
    if may(actor, "disclosure", "oversee", record):
        asked, openings = query.figures(uow, noun, record.id)
        if asked:
            text = _("%(count)s organisations ask to read it.", count=asked)
        elif not confidential_texts(record):
            text = _("Nothing is written here yet. What you write opens only to whom you choose.")
        else:
            text = _("Closed to everybody whom you have not opened it to.")
        if openings:
            text = f"{text} " + _("Opened %(count)s times so far.", count=openings)
        return ConfidentialCard(
            href=href,
            title=_("Confidential part"),
            text=text,
            action=_("Write it, open it, see who has read it"),
        )
    if not (actor.verified and actor.role in KEEPERS.values()):
        return None
    found = query.standing(uow, actor, noun, record.id)
    if any(one.grant.opens_to(actor, today(uow)) for one in found):
        text, action = (
            _("Open to your organisation. Every opening leaves a receipt."),
            _("Open the confidential part"),
        )
    elif found or query.engagement_about(uow, actor, noun, record.id):
        text, action = (
            _("Closed to your organisation at present."),
            _("See how to get access"),
        )
    else:
        return None
    return ConfidentialCard(href=href, title=_("Confidential part"), text=text, action=action)
