"""``model``: look at the model in use, adopt another, put the one before back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from matchmaker.bootstrap import Matchmaker
from matchmaker.cli.evaluate import LABELS, operator, said
from matchmaker.cli.progress import bar
from matchmaker.domain.permissions import SYSTEM
from matchmaker.store.queries.matching import matched_count

if TYPE_CHECKING:
    from matchmaker.matching.evaluation import Bench
    from matchmaker.services.adoption import Verdict, Workshop
    from matchmaker.store.queries.adoption import Adoptions


@click.group()
def model() -> None:
    """The model that suggestions are made with, and the gate before a new one."""


@model.command()
@click.pass_obj
def show(platform: Matchmaker) -> None:
    """Say which model is in use, where it comes from, and what was in use before."""
    from matchmaker.matching.ranking import has_ranking
    from matchmaker.services.adoption import GATE
    from matchmaker.store.queries.adoption import adoptions

    with platform.reading() as uow:
        known = adoptions(uow)
    location = platform.encoder_location()
    click.echo(f"In use     {location} ({_origin(platform, known)})")
    encoder = platform.load_encoder()
    click.echo(f"           {encoder.dimension} dimensions, checksum {encoder.checksum[:12]}")
    click.echo(f"Ranking    {'its own' if has_ranking(Path(location)) else 'the shipped one'}")
    if known.unfinished:
        click.echo(
            f"Cut short  the change to {known.unfinished.source}: it does not count; repeat it"
        )
    if known.effective:
        click.echo("History")
    for row in known.effective:
        word = "adopted" if row.action == "adopt" else "put back"
        forced = ", forced" if row.forced else ""
        click.echo(
            f"  {row.created_at:%Y-%m-%d %H:%M} UTC  {word} {row.folder or 'the shipped model'}"
            f" by {row.created_by}{forced}"
        )
        for name, figures in row.figures.get("systems", {}).items():
            told = figures[GATE]
            click.echo(
                f"  {'':20}  nDCG@10 of {name} on {row.figures['bench']}: {told['first']:.4f} "
                f"against {told['second']:.4f}, p = {told['p']:.2g}"
            )


@model.command()
@click.argument("path", type=click.Path(path_type=Path, file_okay=False, exists=True))
@click.option(
    "--gold",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="Labelled pairs to measure on, instead of MATCHMAKER_GOLD or the demo world's.",
)
@click.option("--force", is_flag=True, help="Adopt it even if it ranks significantly worse.")
@click.pass_obj
def adopt(platform: Matchmaker, path: Path, gold: Path | None, *, force: bool) -> None:
    """Measure the model in PATH against the one in use; use it unless it is significantly worse.

    The folder is copied into VAR_DIR/models, the index is rebuilt, and every process of the
    platform changes over by itself. `model restore` takes it back.
    """
    from matchmaker.matching.encoder import load_encoder
    from matchmaker.matching.evaluation import stages
    from matchmaker.services import adoption

    workshop = _workshop(platform)
    candidate = load_encoder(path)
    if adoption.same_as_active(workshop, path):
        msg = f"The model in {path} is the one in use already."
        raise adoption.ModelError(msg)
    bench = _gold(platform, gold)
    with bar(stages(["new"], [*adoption.JUDGED] * 2), "Measuring") as progress:
        verdict = adoption.judge(
            bench, platform.load_encoder(), candidate, progress=lambda _stage: progress.update(1)
        )
    _print_verdict(bench, verdict)
    with bar(_records(platform), "Encoding records") as progress:
        folder = adoption.adopt(
            workshop,
            SYSTEM,
            path,
            verdict=verdict,
            forced=force,
            by=operator(),
            progressed=progress.update,
        )
    click.echo(f"In use now: {platform.settings.models_dir / folder}")


@model.command()
@click.pass_obj
def restore(platform: Matchmaker) -> None:
    """Put the model before the present one back and rebuild the index with it."""
    from matchmaker.services import adoption

    workshop = _workshop(platform)
    with bar(_records(platform), "Encoding records") as progress:
        folder = adoption.restore(workshop, SYSTEM, by=operator(), progressed=progress.update)
    click.echo(f"In use now: {workshop.location(folder)}")


def _workshop(platform: Matchmaker) -> Workshop:
    """What changes of model work on; refused while a setting names the model."""
    from matchmaker.services.adoption import ModelError, Workshop

    settings = platform.settings
    if settings.encoder:
        msg = (
            f"MATCHMAKER_ENCODER names the model ({settings.encoder}); while it is set, no other "
            "one is used. Remove the setting first."
        )
        raise ModelError(msg)
    return Workshop(
        database=platform.database,
        models=settings.models_dir,
        index=settings.index_dir,
        shipped=Path(settings.encoder_location),
    )


def _gold(platform: Matchmaker, given: Path | None) -> Bench:
    """The labelled pairs that decide: an option's, a setting's, else the demo world's."""
    from matchmaker.matching.evaluation import demo_bench, read_bench

    if given or platform.settings.gold:
        return read_bench(given or Path(platform.settings.gold))
    return demo_bench(platform.settings.data_dir / "demo")


def _records(platform: Matchmaker) -> int:
    with platform.reading() as uow:
        return matched_count(uow, "demand") + matched_count(uow, "outcome")


def _origin(platform: Matchmaker, known: Adoptions) -> str:
    if platform.settings.encoder:
        return "set by MATCHMAKER_ENCODER"
    return "adopted" if known.in_use else "the shipped model"


def _print_verdict(bench: Bench, verdict: Verdict) -> None:
    click.echo(f"Measured on {bench.name}: {len(bench.labels):,} demands with labels")
    for name, comparison in verdict.comparisons.items():
        click.echo(name)
        for metric, told in comparison.items():
            click.echo(f"  {said(LABELS[metric], 'the new model', 'the one in use', told)}")
