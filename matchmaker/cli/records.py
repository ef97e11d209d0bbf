"""``import``, ``demo`` and ``expire``: records from files, and by the calendar."""

from __future__ import annotations

from pathlib import Path

import click

from matchmaker.bootstrap import Matchmaker
from matchmaker.cli.gaps import said as needs_said
from matchmaker.cli.place import place_records, said
from matchmaker.cli.progress import bar
from matchmaker.integrations.record_file import open_records
from matchmaker.services import demo as demo_world
from matchmaker.services import (
    demo_challenge,
    demo_common_need,
    demo_contract,
    demo_desk,
    demo_engagement,
    demo_event,
)
from matchmaker.services import follow_up as follow_up_service
from matchmaker.services.index import ensure_vectors
from matchmaker.services.record_import import import_records
from matchmaker.store.queries.matching import matched_count

_MOST_BYTES = 64 * 1024 * 1024


@click.command("import")
@click.argument("noun", type=click.Choice(["demands", "outcomes"]), metavar="demands|outcomes")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--organisation", default="未署名单位", show_default=True,
              help="Whose records without an organisation are.")  # fmt: skip
@click.option("--skip-existing", is_flag=True, help="Skip ids that were imported before.")
@click.option("--max-bytes", default=_MOST_BYTES, show_default=True, help="Largest file to read.")
@click.option("--no-match", is_flag=True, help="Leave matching to a later `match --all`.")
@click.pass_obj
def import_(
    platform: Matchmaker,
    noun: str,
    file: Path,
    organisation: str,
    *,
    skip_existing: bool,
    max_bytes: int,
    no_match: bool,
) -> None:
    """Publish the records of FILE: JSON Lines or CSV with a header, in UTF-8 or GB18030.

    A record has an id, a title, and any other field of the noun; `text` is its description. All of
    the file is imported or nothing.
    """
    records = open_records(file, most_bytes=max_bytes)
    with platform.database.unit_of_work() as uow:
        report = import_records(
            uow,
            noun.removesuffix("s"),
            records.rows(),
            plan=platform.plan,
            file=records.name,
            organisation=organisation,
            skip_existing=skip_existing,
        )
    if records.encoding != "UTF-8":
        click.echo(f"{records.name} was read as {records.encoding}.")
    click.echo(
        f"{report.imported:,} {noun} imported, {report.skipped:,} skipped, "
        f"{report.organisations:,} organisations registered."
    )
    if report.imported:
        click.echo(said(place_records(platform, quickly=True)))
        click.echo("Placed by a first look; `place --all`, run daily, reads them as a whole.")
    if not no_match:
        _match(platform)


@click.command()
@click.option("--if-empty", is_flag=True, help="Do nothing where organisations exist already.")
@click.pass_obj
def demo(platform: Matchmaker, *, if_empty: bool) -> None:
    """Load the demo world: invented organisations, people, demands and outcomes."""
    if if_empty:
        with platform.reading() as uow:
            if not demo_world.is_empty(uow):
                return
    with platform.database.unit_of_work() as uow:
        counts = demo_world.load(
            uow,
            platform.settings.data_dir / "demo",
            plan=platform.plan,
            passwords=platform.passwords,
        )
        folder = platform.settings.data_dir / "demo"
        counts["demands"] += demo_common_need.load(uow, folder, platform.plan)
    click.echo("Demo world: " + ", ".join(f"{n:,} {name}" for name, n in counts.items()) + ".")
    _match(platform)
    with platform.database.unit_of_work() as uow:
        made = demo_engagement.load(uow, platform.attachments, platform.calendar)
        contracts = demo_contract.load(uow, platform.calendar)
        demo_desk.load(uow, platform.plan)
        calls = demo_challenge.load(uow)
        events = demo_event.load(
            uow, platform.index, platform.settings.data_dir / "demo", platform.passwords
        )
    click.echo(
        f"{made:,} introductions begun, {contracts:,} contracts made, {calls:,} challenges begun, "
        f"{events:,} events."
    )
    click.echo(needs_said(platform.group_needs()))
    with platform.database.unit_of_work() as uow:
        demo_common_need.ask(uow)


@click.command()
@click.pass_obj
def expire(platform: Matchmaker) -> None:
    """Expire records whose time is over and remind authors two weeks before. Run it daily."""
    expired, reminded = platform.expire()
    click.echo(f"{expired:,} records expired, {reminded:,} reminders sent.")


@click.command("follow-up")
@click.pass_obj
def follow_up(platform: Matchmaker) -> None:
    """Lapse introductions, rest engagements, close calls for bids, remind. Run it daily."""
    with platform.unit_of_work() as uow:
        done = follow_up_service.run(
            uow,
            platform.attachments,
            calendar=platform.calendar,
            base_url=platform.settings.base_url,
        )
    platform.deliver_mail()  # what is due from earlier too
    click.echo(
        f"{done.lapsed:,} introductions lapsed, {done.rested:,} engagements put to rest, "
        f"{done.closed:,} calls closed, {done.reminded:,} reminders sent."
    )


@click.command()
@click.pass_obj
def digest(platform: Matchmaker) -> None:
    """Tell of what saved searches found, and send the digests that are due. Run it daily."""
    told, sent = platform.tell_news()
    platform.deliver_mail()  # what is due from earlier too
    click.echo(f"{told:,} saved searches had news, {sent:,} digests sent.")


def _match(platform: Matchmaker) -> None:
    with platform.reading() as uow:
        demands, outcomes = (matched_count(uow, noun) for noun in ("demand", "outcome"))
    with bar(demands + outcomes, "Encoding records") as progress:
        ensure_vectors(platform.database, platform.index.encoder, progressed=progress.update)
    with bar(demands, "Matching demands") as progress:
        count = platform.catch_up(progress.update)
    platform.save_index()
    click.echo(f"{count:,} demands matched.")
