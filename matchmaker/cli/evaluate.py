"""``evaluate``: measure the rankings on labelled pairs."""

from __future__ import annotations

import json
from pathlib import Path

import click

from matchmaker.bootstrap import Matchmaker


@click.command()
@click.option(
    "--bench",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    help="Folder in the BEIR layout: queries.jsonl, corpus.jsonl, qrels.tsv.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def evaluate(platform: Matchmaker, bench: Path, *, as_json: bool) -> None:
    """Measure tfidf (the floor), lexical, dense and default on labelled pairs."""
    from matchmaker.matching import evaluation
    from matchmaker.matching.encoder import load_encoder

    read = evaluation.read_bench(bench)
    encoder = load_encoder(platform.settings.encoder_location)
    systems = evaluation.evaluate(
        read, encoder, progress=lambda system: click.echo(f"{system} ...", err=True)
    )
    if as_json:
        click.echo(json.dumps({"systems": systems}, indent=1))
        return
    click.echo("system    " + "".join(f"{name:>11}" for name in evaluation.METRICS))
    for system, row in systems.items():
        click.echo(f"{system:10}" + "".join(f"{row[name]:>11.4f}" for name in evaluation.METRICS))
