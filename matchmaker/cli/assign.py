"""``assign``: give suggested matches to brokers, and take back what is overdue."""

from __future__ import annotations

import json

import click

from matchmaker.bootstrap import Matchmaker
from matchmaker.domain.vocabulary import UNASSIGNED_REASONS
from matchmaker.services import assignment


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def assign(platform: Matchmaker, *, as_json: bool) -> None:
    """Follow the desk's clocks, then assign what waits to brokers. Run it daily.

    Ends the sleep of snoozed matches, lets unanswered questions lapse, takes back what is overdue.
    """
    with platform.unit_of_work() as uow:
        clocks = assignment.follow_clocks(uow, platform.settings.base_url)
    report = platform.assign()
    if as_json:
        click.echo(json.dumps({**clocks, "assigned": report.assigned, "left": dict(report.left)}))
        return
    click.echo(
        f"{clocks['escalated']:,} overdue matches taken back, {clocks['woken']:,} woken, "
        f"{clocks['lapsed']:,} questions lapsed."
    )
    click.echo(f"{report.assigned:,} matches assigned.")
    for code, count in sorted(report.left.items()):
        click.echo(f"  {count:,} left: {UNASSIGNED_REASONS[code].en.lower()}.")
