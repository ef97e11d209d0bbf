"""``match``: suggest outcomes for demands, and demands for outcomes."""

from __future__ import annotations

import json

import click

from matchmaker.bootstrap import Matchmaker
from matchmaker.cli.progress import bar
from matchmaker.domain.permissions import SYSTEM
from matchmaker.services import matching, suggestion
from matchmaker.services.index import ensure_vectors
from matchmaker.store.queries.matching import matched_count, open_matches, times_suggested

_TERMS_SHOWN = 4


@click.command()
@click.option("--all", "everything", is_flag=True, help="Match every published demand anew.")
@click.option("--demand", metavar="ID", help="Show the suggestions for one demand.")
@click.option("--outcome", metavar="ID", help="Show the demands that one outcome may serve.")
@click.option(
    "--top",
    default=10,
    show_default=True,
    type=click.IntRange(1, 1_000),
    help="How many suggestions to show; the stored shortlists have ten.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def match(
    platform: Matchmaker,
    *,
    everything: bool,
    demand: str | None,
    outcome: str | None,
    top: int,
    as_json: bool,
) -> None:
    """Match records. ID is the one in a record's address or the id it was imported with."""
    if [everything, demand is not None, outcome is not None].count(True) != 1:
        msg = "Choose one of --all, --demand ID and --outcome ID."
        raise click.UsageError(msg)
    if everything:
        _match_all(platform, as_json=as_json)
    elif demand is not None:
        _show(platform, "demand", demand, top=top, as_json=as_json)
    elif outcome is not None:
        _show(platform, "outcome", outcome, top=top, as_json=as_json)


def _match_all(platform: Matchmaker, *, as_json: bool) -> None:
    from matchmaker.matching.exposure import gini

    with platform.reading() as uow:
        demands, outcomes = (matched_count(uow, noun) for noun in ("demand", "outcome"))
    with bar(demands + outcomes, "Encoding records") as progress:
        ensure_vectors(platform.database, platform.index.encoder, progressed=progress.update)
    with bar(demands, "Matching demands") as progress:
        done = matching.match_all(platform.database, platform.index, progressed=progress.update)
    platform.save_index()
    platform.send_alerts()
    with platform.reading() as uow:
        matches = open_matches(uow)
        exposure = gini(times_suggested(uow))
    if as_json:
        click.echo(
            json.dumps(
                {
                    "demands": done,
                    "outcomes": outcomes,
                    "matches": matches,
                    "exposure_gini": round(exposure, 4),
                }
            )
        )
        return
    click.echo(f"{done:,} demands matched with {outcomes:,} outcomes: {matches:,} open matches.")
    click.echo(f"Exposure: Gini {exposure:.2f} (0: every outcome is suggested equally often).")


def _show(platform: Matchmaker, noun: str, given: str, *, top: int, as_json: bool) -> None:
    with platform.reading() as uow:
        record = suggestion.load(uow, noun, suggestion.key_of(uow, noun, given))
        title = record.title
        found = suggestion.suggest(uow, SYSTEM, platform.index, record, top=top)
    if as_json:
        rows = [
            {
                "rank": rank,
                "id": one.other.public_id,
                "title": one.other.title,
                "organisation": one.other.organisation_name,
                "score": one.score,
                "level": one.level,
                "explanation": one.explanation,
            }
            for rank, one in enumerate(found, start=1)
        ]
        click.echo(json.dumps({noun: given, "suggestions": rows}, ensure_ascii=False, indent=1))
        return
    click.echo(title)
    if not found:
        click.echo("  No suitable counterpart (暂无匹配).")
    for rank, one in enumerate(found, start=1):
        terms = ", ".join(term["text"] for term in one.explanation["terms"][:_TERMS_SHOWN])
        click.echo(
            f"{rank:4}  {one.score:.3f}  level {one.level}  {one.other.public_id:12}  "
            f"{one.other.title}"
        )
        click.echo(f"{'':20}shared: {terms or '-'}")
