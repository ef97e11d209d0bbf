"""``evaluate``: measure the rankings on labelled pairs."""

from __future__ import annotations

import getpass
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from matchmaker.bootstrap import Matchmaker
from matchmaker.cli.progress import bar
from matchmaker.domain.permissions import SYSTEM

if TYPE_CHECKING:
    from matchmaker.matching.encoder import Encoder
    from matchmaker.matching.evaluation import Evaluation
    from matchmaker.matching.statistics import Comparison, Figure

LABELS: Final = {"ndcg@10": "nDCG@10", "p@5": "P@5", "mrr": "MRR", "recall@50": "recall@50"}
_PLACES: Final = 4
_RARE: Final = 1 / 5_000  # what 10,000 tosses can still tell


@click.command()
@click.option(
    "--bench",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    required=True,
    help="Folder in the BEIR layout: queries.jsonl, corpus.jsonl, qrels.tsv.",
)
@click.option(
    "--encoder",
    "encoders",
    multiple=True,
    metavar="PATH",
    help="Measure this model too, as dense@NAME and default@NAME; may be repeated.",
)
@click.option(
    "--system", "systems", multiple=True, metavar="NAME", help="Only this one; may be repeated."
)
@click.option(
    "--compare",
    "compared",
    nargs=2,
    multiple=True,
    metavar="A B",
    help="Say whether A and B differ by more than chance; may be repeated.",
)
@click.option(
    "--precision",
    "precisions",
    multiple=True,
    type=click.FloatRange(0, 1, min_open=True),
    default=(0.5, 0.3),
    show_default=True,
    help="Tell what share of pairs may be shown at this precision; may be repeated.",
)
@click.option("--keep", is_flag=True, help="Store the result for the administrator's page.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def evaluate(  # noqa: PLR0913 - one argument an option
    platform: Matchmaker,
    bench: Path,
    *,
    encoders: Sequence[str],
    systems: Sequence[str],
    compared: Sequence[tuple[str, str]],
    precisions: Sequence[float],
    keep: bool,
    as_json: bool,
) -> None:
    """Measure tfidf (the floor), lexical, dense and default on labelled pairs.

    Values are means over demands; 95 % intervals come from drawing demands anew 2,000 times. Needs
    no database unless --keep is given: the bench brings its own demands and outcomes.
    """
    from matchmaker.matching import evaluation

    read = evaluation.read_bench(bench)
    others = _load(encoders)
    wanted = _wanted(systems or evaluation.system_names(others), compared)
    for name in wanted:
        evaluation.require_known(name, evaluation.system_names(others))
    encoder = platform.load_encoder()
    with bar(evaluation.stages(list(others), wanted), "Measuring") as progress:
        told = lambda _stage: progress.update(1)  # noqa: E731 - too little for a function
        made = evaluation.run_systems(read, encoder, others, systems=wanted, progress=told)
        measured = evaluation.measure(read, made, precisions=precisions, progress=told)
    pairs = [(one, other, measured.compare(one, other)) for one, other in compared]
    if keep:
        _keep(platform, measured)
    if as_json:
        click.echo(json.dumps(_as_data(measured, pairs), indent=1, ensure_ascii=False))
        return
    _print(measured)
    for one, other, comparison in pairs:
        click.echo(f"\n{one} against {other}, demand by demand")
        for metric, told_of in comparison.items():
            click.echo(f"  {said(LABELS[metric], one, other, told_of)}")


def said(metric: str, first: str, second: str, told: Comparison) -> str:
    """A comparison in a sentence."""
    one = told.difference
    if one.low == one.high == 0:
        return f"{metric}: {first} and {second} are the same on all {one.demands} demands."
    span = f"95 % interval {one.low:+.3f} to {one.high:+.3f}, {one.demands} demands"
    if not told.significant:
        return (
            f"{metric}: {first} and {second} cannot be told apart: {one.value:+.3f} ({span}); "
            f"chance alone makes a difference as large {_odds(told.p)} (p = {told.p:.2g})."
        )
    word = "better" if one.value > 0 else "worse"
    return (
        f"{metric}: {first} is {word} than {second} by {abs(one.value):.3f} ({span}); "
        f"chance alone would do this {_odds(told.p)} (p = {told.p:.2g})."
    )


def _odds(p: float) -> str:
    if p >= 0.015:  # noqa: PLR2004 - below, percents say little
        return f"{100 * p:.0f} times in 100"
    return (
        f"once in {1 / p:,.0f} times" if p > _RARE else f"less than once in {1 / _RARE:,.0f} times"
    )


def _load(locations: Iterable[str]) -> dict[str, Encoder]:
    """Further encoders by the last part of their path; a number tells equal names apart."""
    from matchmaker.matching.encoder import load_encoder

    made: dict[str, Encoder] = {}
    for location in locations:
        label = name = Path(location).resolve().name
        number = 1
        while label in made:
            number += 1
            label = f"{name}-{number}"
        made[label] = load_encoder(location)
    return made


def _wanted(systems: Iterable[str], compared: Iterable[tuple[str, str]]) -> list[str]:
    return list(dict.fromkeys([*systems, *(name for pair in compared for name in pair)]))


def _keep(platform: Matchmaker, measured: Evaluation) -> None:
    from matchmaker.services import evaluation as service

    version = platform.index.version
    with platform.unit_of_work() as uow:
        service.keep(uow, SYSTEM, measured, engine_version=version, by=operator())
    click.echo("Kept: the page “Evaluation” shows it.", err=True)


def operator() -> str:
    """Who runs the command line, as the operating system calls them."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a container's user may have no name
        return "unknown"


def _print(measured: Evaluation) -> None:
    from matchmaker.matching.calibration import BINNING, BINS

    width = max(8, *map(len, measured.systems)) + 2
    click.echo(f"{'system':{width}}" + "".join(f"{name:22}" for name in LABELS).rstrip())
    for name, one in measured.systems.items():
        cells = "".join(f"{_cell(figure):22}" for figure in one.figures.values())
        click.echo(f"{name:{width}}{cells}".rstrip())
    stating = {name: one.calibration for name, one in measured.systems.items() if one.calibration}
    if not stating:
        return
    some = next(iter(stating.values()))
    headings = ["ece", "brier", *(f"coverage@{precision:g}" for precision, _ in some.coverage)]
    click.echo(f"\n{'P(usable)':{width}}" + "".join(f"{name:22}" for name in headings).rstrip())
    for name, told in stating.items():
        row = [told.ece, told.brier, *(figure for _, figure in told.coverage)]
        click.echo(f"{name:{width}}" + "".join(f"{_cell(one):22}" for one in row).rstrip())
    click.echo(
        f"\n{some.pairs:,} labelled pairs, {some.usable:.1%} usable; ece over {BINS} bins of "
        f"{BINNING}; coverage@x: the largest\nshare of pairs, surest first, of which the share x "
        "is usable."
    )
    folded = [name for name, one in measured.systems.items() if one.out_of_fold]
    if folded:
        click.echo(f"Fitted anew without the demands that are scored: {', '.join(folded)}.")


def _cell(figure: Figure) -> str:
    return f"{figure.value:.4f} ({figure.low:.3f}–{figure.high:.3f})"


def _number(value: float) -> float | None:
    return round(value, _PLACES) if math.isfinite(value) else None


def _as_data(
    measured: Evaluation, pairs: Sequence[tuple[str, str, Mapping[str, Comparison]]]
) -> dict[str, Any]:
    """Everything as JSON: plain values by system first, then how sure they are."""
    from matchmaker.services import evaluation as service

    figures = service.figures_of(measured)
    return {
        "bench": measured.bench.name,
        "checksum": measured.bench.checksum,
        "systems": {
            name: {metric: _number(figure.value) for metric, figure in one.figures.items()}
            for name, one in measured.systems.items()
        },
        "figures": figures["systems"],
        "comparisons": [
            {
                "first": one,
                "second": other,
                "metric": metric,
                **service.comparison_of(told),
                "said": said(LABELS[metric], one, other, told),
            }
            for one, other, comparison in pairs
            for metric, told in comparison.items()
        ],
    }
