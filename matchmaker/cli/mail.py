"""``deliver-mail``: send what is due, and on demand what was given up."""

from __future__ import annotations

import click

from matchmaker.bootstrap import Matchmaker
from matchmaker.services import mail as service
from matchmaker.store.queries import outbox as query


@click.command("deliver-mail")
@click.option("--given-up", is_flag=True, help="Also try again what was given up.")
@click.pass_obj
def deliver_mail(platform: Matchmaker, *, given_up: bool) -> None:
    """Send the mail that is due. Run it every few minutes.

    Mail leaves by itself after the change that it tells of. What the mail server did not take is
    due again after a minute, later after up to a day, and is given up after four days; other mail,
    the first request of a day, `digest` and `follow-up` send what is due as well.
    """
    if given_up:
        with platform.database.unit_of_work() as uow:
            service.retry_given_up(uow)
    sent = service.deliver_queued(
        platform.database, platform.carrier, platform.settings.mail_sender
    )
    with platform.reading() as uow:
        waiting, lost = query.counts(uow)
    click.echo(f"{sent:,} mails sent, {waiting:,} waiting to be tried again, {lost:,} given up.")
