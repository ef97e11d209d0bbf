"""``evaluate-chains``: measure the placement on chains on labelled records."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from matchmaker.bootstrap import Matchmaker
from matchmaker.cli.progress import bar

if TYPE_CHECKING:
    from matchmaker.matching.placement_evaluation import Measured
    from matchmaker.matching.statistics import Figure

_DEVELOPED_ON: Final = ("dev", "late", "more", "check", "rest")
# What the reader was not taught: the weighing is fitted to these.
_UNTAUGHT: Final = ("dev", "late", "check")
_READ: Final = "evaluated.npz"
_FIGURES: Final = {
    "macro_f1": "macro-F1",
    "frequent": "of 3 records on",
    "lenient": "further chains too",
    "accuracy": "accuracy",
    "covered": "stated from 0.5",
    "right_when_covered": "right of those",
    "ece": "ece",
}


@click.command("evaluate-chains")
@click.option(
    "--bench",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    required=True,
    help="Folder with the texts of the labelled records: real-demands.jsonl, real-outcomes.jsonl.",
)
@click.option(
    "--part",
    type=click.Choice([*_DEVELOPED_ON, "test"]),
    default="dev",
    show_default=True,
    help="Which labelled records; `test` is for a last look, never to choose by.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def evaluate_chains(platform: Matchmaker, *, bench: Path, part: str, as_json: bool) -> None:
    """Measure the placement on the plan's chains: by each kind of evidence, together, corrected.

    The labels lie in the project, their texts do not. Needs no database. 95 % intervals come from
    drawing records anew 2,000 times. Corrections are the labels of all parts but `test` and the one
    that is asked about; for the demo world, of all but `test`.
    """
    from matchmaker.matching import placement_evaluation as evaluation
    from matchmaker.matching.placement import Placer
    from matchmaker.matching.reader import KeptReader

    data = platform.settings.data_dir
    gold = data / "gold" / "chains.jsonl"
    known = {name: evaluation.read_labels(gold, bench, name) for name in _DEVELOPED_ON}
    demo = evaluation.demo_labels(data / "demo")
    titles = evaluation.read_titles(data / "gold" / "titles.jsonl", bench)
    fitted_on = evaluation.joined(*(known[name] for name in _UNTAUGHT))
    asked = {
        part: known.get(part) or evaluation.read_labels(gold, bench, part),
        "titles": titles,
        "demo world": demo,
    }
    folder = platform.settings.index_dir
    kept = KeptReader(platform.reader, folder / _READ) if platform.reader else None
    placer = Placer(platform.plan, platform.load_encoder(), kept)
    measured: dict[str, dict[str, Measured]] = {}
    with bar(len(asked), "Placing") as progress:
        for name, labelled in asked.items():
            # Nothing is asked about records that it learnt from.
            others = (one for one in known.values() if one is not labelled)
            made = evaluation.systems(placer, fitted_on, evaluation.joined(*others), labelled)
            measured[name] = {
                system: evaluation.measure(placer, stated, labelled)
                for system, stated in made.stated.items()
            }
            progress.update(1)
            if kept:
                kept.keep()  # the first run takes minutes, the next seconds
    if as_json:
        click.echo(json.dumps(_as_data(measured), indent=1, ensure_ascii=False))
        return
    for name, found in measured.items():
        _print(name, found)
    click.echo(f"\nFitted to {', '.join(_UNTAUGHT)}: {made.weighing}.")


def _print(name: str, found: Mapping[str, Measured]) -> None:
    records = found["together"].accuracy.demands
    click.echo(f"\n{name}, {records} records")
    click.echo(f"{'':22}" + "".join(f"{system:22}" for system in found).rstrip())
    for key, label in _FIGURES.items():
        cells = "".join(f"{_cell(getattr(one, key)):22}" for one in found.values())
        click.echo(f"{label:22}{cells}".rstrip())
    for system in ("together", "corrected"):
        click.echo(f"\n{system:22}{'records':>8}{'precision':>11}{'recall':>8}{'F1':>8}")
        for one in found[system].classes:
            click.echo(
                f"{one.code:22}{one.records:8}{one.precision:11.2f}{one.recall:8.2f}{one.f1:8.2f}"
            )


def _cell(figure: Figure) -> str:
    return f"{figure.value:.3f} ({figure.low:.3f}–{figure.high:.3f})"


def _as_data(measured: Mapping[str, Mapping[str, Measured]]) -> dict[str, Any]:
    return {
        name: {system: asdict(one) for system, one in found.items()}
        for name, found in measured.items()
    }
