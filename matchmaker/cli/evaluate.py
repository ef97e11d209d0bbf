"""``evaluate``: measure the rankings on labelled pairs."""

from __future__ import annotations

import json
from pathlib import Path

import click

from matchmaker.bootstrap import Matchmaker
from matchmaker.cli.progress import bar


@click.command()
@click.option(
    "--bench",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    required=True,
    help="Folder in the BEIR layout: queries.jsonl, corpus.jsonl, qrels.tsv.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def evaluate(platform: Matchmaker, bench: Path, *, as_json: bool) -> None:
    """Measure tfidf (the floor), lexical, dense and default on labelled pairs.

    Needs no database: the bench brings its own demands and outcomes.
    """
    from matchmaker.matching import evaluation

    read = evaluation.read_bench(bench)
    encoder = platform.load_encoder()
    with bar(len(evaluation.SYSTEMS), "Measuring") as progress:
        systems = evaluation.evaluate(read, encoder, progress=lambda _system: progress.update(1))
    if as_json:
        click.echo(json.dumps({"systems": systems}, indent=1))
        return
    click.echo("system    " + "".join(f"{name:>11}" for name in evaluation.METRICS))
    for system, row in systems.items():
        click.echo(f"{system:10}" + "".join(f"{row[name]:>11.4f}" for name in evaluation.METRICS))
