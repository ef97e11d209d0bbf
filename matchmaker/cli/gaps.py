"""``gaps``: group what nothing fits into common needs."""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from matchmaker.bootstrap import Matchmaker
from matchmaker.services.common_need import Report


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def gaps(platform: Matchmaker, *, as_json: bool) -> None:
    """Group the demands that nothing fits into common needs for the gap map. Run it daily."""
    report = platform.group_needs()
    click.echo(json.dumps(asdict(report)) if as_json else said(report))


def said(report: Report) -> str:
    """A run in a sentence."""
    return (
        f"{report.needs:,} common needs of {report.grouped:,} demands, out of {report.demands:,} "
        f"that nothing fits; samples drawn anew agree by {report.agreement:.2f} (Rand index)."
    )
