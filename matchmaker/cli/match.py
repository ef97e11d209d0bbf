"""``match``: suggest outcomes for demands, and demands for outcomes."""

from __future__ import annotations

import json
from typing import Any

import click
from sqlalchemy import or_, select

from matchmaker.bootstrap import Matchmaker
from matchmaker.cli.progress import bar
from matchmaker.services import matching
from matchmaker.services.record import MODELS
from matchmaker.store.queries.matching import published_keys


@click.command()
@click.option("--all", "everything", is_flag=True, help="Match every published demand anew.")
@click.option("--demand", metavar="ID", help="Show the suggestions for one demand.")
@click.option("--outcome", metavar="ID", help="Show the demands that one outcome may serve.")
@click.option("--top", default=10, show_default=True, help="How many suggestions to show.")
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
    if sum((everything, bool(demand), bool(outcome))) != 1:
        msg = "Choose one of --all, --demand ID and --outcome ID."
        raise click.UsageError(msg)
    if everything:
        _match_all(platform, as_json=as_json)
    else:
        noun = "demand" if demand else "outcome"
        _show(platform, noun, demand or outcome or "", top=top, as_json=as_json)


def _match_all(platform: Matchmaker, *, as_json: bool) -> None:
    with platform.reading() as uow:
        total = len(published_keys(uow, "demand"))
    engine = platform.engine
    with bar(total, "Matching demands") as progress:
        done = matching.match_all(platform.database, engine, progressed=progress.update)
    platform.save_index()
    if as_json:
        click.echo(json.dumps({"demands": done, "outcomes": engine.count("outcome")}))
    else:
        click.echo(f"{done:,} demands matched with {engine.count('outcome'):,} outcomes.")


def _show(platform: Matchmaker, noun: str, given: str, *, top: int, as_json: bool) -> None:
    model = MODELS[noun]
    with platform.reading() as uow:
        key = uow.session.scalar(
            select(model.id).where(or_(model.public_id == given, model.source_id == given))
        )
    engine = platform.engine
    kind: Any = noun
    entry = engine.entry(kind, key) if key is not None else None
    if entry is None:
        msg = f"No published {noun} has the id {given!r}."
        raise click.ClickException(msg)
    record, vector = entry
    found = engine.suggest(record, kind, vector=vector, top=top)
    rows = _rows(platform, "outcome" if noun == "demand" else "demand", found)
    if as_json:
        click.echo(json.dumps({noun: given, "suggestions": rows}, ensure_ascii=False, indent=1))
        return
    click.echo(record.title)
    if not rows:
        click.echo("  No suitable counterpart (暂无匹配).")
    for row in rows:
        terms = ", ".join(term["text"] for term in row["explanation"]["terms"][:4])
        click.echo(f"  {row['score']:.3f}  level {row['level']}  {row['id']}  {row['title']}")
        click.echo(f"         shared: {terms or '-'}")


def _rows(platform: Matchmaker, noun: str, found: list[Any]) -> list[dict[str, Any]]:
    model = MODELS[noun]
    with platform.reading() as uow:
        names = {
            key: (public_id, title)
            for key, public_id, title in uow.session.execute(
                select(model.id, model.public_id, model.title).where(
                    model.id.in_([one.id for one in found])
                )
            )
        }
    return [
        {
            "id": names[one.id][0],
            "title": names[one.id][1],
            "score": one.score,
            "level": one.level,
            "explanation": one.explanation.to_dict(),
        }
        for one in found
        if one.id in names
    ]
