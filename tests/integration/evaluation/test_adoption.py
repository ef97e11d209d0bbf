"""The gate before a new model, the way back, and what a kill leaves behind."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from matchmaker.bootstrap import Matchmaker, bootstrap
from matchmaker.cli.main import cli
from matchmaker.domain.errors import NotAllowed
from matchmaker.domain.permissions import SYSTEM, Actor
from matchmaker.matching.encoder import EncoderError, load_encoder
from matchmaker.matching.evaluation import demo_bench
from matchmaker.services import adoption, index, matching
from matchmaker.services.adoption import ModelError, Verdict, Workshop
from matchmaker.settings import Settings
from matchmaker.store.adoption import ModelAdoption
from matchmaker.store.audit import AuditEvent
from matchmaker.store.change import Embedding, Progress
from matchmaker.store.match import Match
from tests.integration.evaluation.conftest import SHIPPED

DEMO = Settings().data_dir / "demo"
Again = Callable[[], Matchmaker]


def _run(platform: Matchmaker, *arguments: str) -> Result:
    return CliRunner().invoke(cli, ["model", *arguments], obj=platform)


def _adopt(platform: Matchmaker, *arguments: str) -> Result:
    done = _run(platform, "adopt", *arguments)
    assert done.exception is None, done.exception
    return done


def _refused(platform: Matchmaker, *arguments: str) -> str:
    done = _run(platform, *arguments)
    assert isinstance(done.exception, ModelError | EncoderError), done.output
    return str(done.exception)


def _rows(platform: Matchmaker) -> list[ModelAdoption]:
    with platform.reading() as uow:
        return list(uow.session.scalars(select(ModelAdoption).order_by(ModelAdoption.id)))


def _in_step(platform: Matchmaker) -> bool:
    """Whether model, stored vectors and matches belong together, and the platform suggests."""
    with platform.reading() as uow:
        stored = uow.session.scalars(select(Progress.encoder_checksum)).one()
        vectors = set(uow.session.scalars(select(Embedding.encoder_checksum)))
    engine = platform.engine
    entries = engine.contents()[1]["demand"]
    found = engine.suggest_many(entries, "demand", top=3)
    return stored == platform.index.encoder.checksum and stored in vectors and any(found)


@pytest.fixture
def workshop(world: Matchmaker) -> Workshop:
    settings = world.settings
    return Workshop(
        database=world.database,
        models=settings.models_dir,
        index=settings.index_dir,
        shipped=SHIPPED,
    )


@pytest.fixture(scope="module")
def fair() -> Verdict:
    """The verdict on a model that is no better and no worse: the shipped one against itself."""
    encoder = load_encoder(SHIPPED)
    return adoption.judge(demo_bench(DEMO), encoder, encoder)


def test_a_model_as_good_is_adopted_and_everything_is_matched_with_it(
    world: Matchmaker, alike: Path
) -> None:
    before = world.index.version
    done = _adopt(world, str(alike))
    assert "the same on all 57 demands" in done.output
    (row,) = _rows(world)
    assert world.settings.models_dir / row.folder == Path(world.encoder_location())
    assert load_encoder(alike).checksum == world.index.encoder.checksum == row.encoder_checksum
    assert row.completed_at is not None
    assert row.figures["systems"]["default"]["ndcg@10"]["p"] == 1.0
    assert world.index.version != before
    with world.reading() as uow:
        assert set(uow.session.scalars(select(Match.engine_version))) == {world.index.version}
        event = uow.session.scalars(
            select(AuditEvent).where(AuditEvent.action == "adopt_model")
        ).one()
    assert (event.noun, event.record_id) == ("model", row.id)
    assert _in_step(world)


def test_a_model_that_lost_is_refused_with_the_figures_and_nothing_changes(
    world: Matchmaker, ruined: Path
) -> None:
    before = world.index.version
    told = _refused(world, "adopt", str(ruined))
    assert "significantly worse on demo" in told
    assert "nDCG@10 of dense 0.6" in told
    assert "--force" in told
    assert _rows(world) == []
    assert not world.settings.models_dir.exists()
    assert world.index.version == before


def test_what_lost_may_be_forced_and_that_is_written_down(world: Matchmaker, ruined: Path) -> None:
    done = _adopt(world, str(ruined), "--force")
    assert "is worse than the one in use" in done.output
    assert [row.forced for row in _rows(world)] == [True]
    assert world.index.encoder.dimension == 32
    assert _in_step(world)
    assert ", forced" in _run(world, "show").output


def test_restoring_goes_back_step_by_step_to_the_shipped_model(
    world: Matchmaker, alike: Path, ruined: Path
) -> None:
    shipped = world.index.version
    _adopt(world, str(alike))
    first = world.encoder_location()
    _adopt(world, str(ruined), "--force")
    assert world.encoder_location() != first
    assert _run(world, "restore").exception is None
    assert world.encoder_location() == first
    assert _in_step(world)
    assert _run(world, "restore").exception is None
    assert world.encoder_location() == str(SHIPPED)
    assert world.index.version == shipped
    assert _in_step(world)
    assert "none before it" in _refused(world, "restore")
    assert [row.action for row in _rows(world)] == ["adopt", "adopt", "restore", "restore"]
    shown = _run(world, "show").output
    assert "(the shipped model)" in shown
    assert shown.count("put back") == 2


def test_other_processes_change_over_by_themselves(
    world: Matchmaker, again: Again, alike: Path
) -> None:
    other = again()
    assert other.engine.count("demand") == 4
    version = other.index.version
    _adopt(world, str(alike))
    assert other.index.version == world.index.version != version
    assert other.engine.count("demand") == 4
    with other.unit_of_work() as uow:
        uow.queued.add("matching")
    assert _in_step(other)
    other.database.dispose()


def test_the_model_in_use_is_not_adopted_twice(world: Matchmaker, alike: Path) -> None:
    assert "in use already" in _refused(world, "adopt", str(SHIPPED))
    _adopt(world, str(alike))
    assert "in use already" in _refused(world, "adopt", str(alike))
    assert len(_rows(world)) == 1


def test_a_folder_that_is_no_model_is_refused(world: Matchmaker, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert "no sentence-transformers model" in _refused(world, "adopt", str(tmp_path / "empty"))


def test_a_setting_that_names_the_model_is_not_overruled(world: Matchmaker, alike: Path) -> None:
    settings = world.settings.model_copy(update={"encoder": str(SHIPPED)})
    fixed = bootstrap(settings, clock=world.clock)
    assert "MATCHMAKER_ENCODER" in _refused(fixed, "adopt", str(alike))
    assert "MATCHMAKER_ENCODER" in _refused(fixed, "restore")
    assert "set by MATCHMAKER_ENCODER" in _run(fixed, "show").output
    _adopt(world, str(alike))
    assert fixed.encoder_location() == str(SHIPPED)
    fixed.database.dispose()


def test_weights_of_the_ranking_alone_need_no_new_vectors(
    world: Matchmaker, tmp_path: Path, workshop: Workshop, fair: Verdict
) -> None:
    folder = tmp_path / "weights"
    shutil.copytree(SHIPPED, folder)
    told = json.loads((folder / "ranking.json").read_text(encoding="utf-8"))
    told["cuts"] = [cut + 1 for cut in told["cuts"]]
    (folder / "ranking.json").write_text(json.dumps(told), encoding="utf-8")
    encoded: list[int] = []
    adoption.adopt(
        workshop,
        SYSTEM,
        folder,
        verdict=fair,
        forced=False,
        by="tester",
        progressed=encoded.append,
    )
    assert encoded == []
    assert world.index.encoder.checksum == load_encoder(SHIPPED).checksum
    with world.reading() as uow:
        assert set(uow.session.scalars(select(Match.engine_version))) == {world.index.version}
    assert _in_step(world)


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    """The demo world's pairs as a bench in the BEIR layout."""
    read, folder = demo_bench(DEMO), tmp_path / "gold"
    folder.mkdir()
    for name, ids, records in (
        ("queries", read.demand_ids, read.demands),
        ("corpus", read.outcome_ids, read.outcomes),
    ):
        rows = [
            {"_id": key, "title": record.title, "text": record.text}
            for key, record in zip(ids, records, strict=True)
        ]
        text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        (folder / f"{name}.jsonl").write_text(text, encoding="utf-8")
    labels = [
        f"{demand}\t{outcome}\t{level}\n"
        for demand, row in read.labels.items()
        for outcome, level in row.items()
    ]
    (folder / "qrels.tsv").write_text("".join(labels), encoding="utf-8")
    return folder


def test_a_gold_set_of_ones_own_decides(world: Matchmaker, ruined: Path, gold: Path) -> None:
    told = _refused(world, "adopt", str(ruined), "--gold", str(gold))
    assert "significantly worse on gold" in told
    settings = world.settings.model_copy(update={"gold": str(gold)})
    set_so = bootstrap(settings, clock=world.clock)
    assert "significantly worse on gold" in _refused(set_so, "adopt", str(ruined))
    set_so.database.dispose()


def test_only_the_operator_and_administrators_change_the_model(
    workshop: Workshop, fair: Verdict, alike: Path
) -> None:
    bureau = Actor(user_id=1, role="bureau", verified=True)
    with pytest.raises(NotAllowed):
        adoption.restore(workshop, bureau, by="bureau")
    with pytest.raises(NotAllowed):
        adoption.adopt(workshop, bureau, alike, verdict=fair, forced=False, by="bureau")


def test_a_lost_copy_of_the_model_before_is_named(
    world: Matchmaker, alike: Path, ruined: Path
) -> None:
    _adopt(world, str(alike))
    gone = Path(world.encoder_location())
    _adopt(world, str(ruined), "--force")
    shutil.rmtree(gone)
    assert str(gone) in _refused(world, "restore")
    assert _in_step(world)


def test_a_lost_copy_of_the_model_in_use_is_told_with_the_way_back(
    world: Matchmaker, again: Again, alike: Path
) -> None:
    _adopt(world, str(alike))
    shutil.rmtree(world.encoder_location())
    fresh = again()
    with pytest.raises(ModelError, match="model restore"):
        _ = fresh.engine
    assert _run(fresh, "restore").exception is None
    assert _in_step(fresh)
    fresh.database.dispose()


class _Killed(BaseException):
    """Stands for the end of the process."""


def _die(*_arguments: object, **_options: object) -> None:
    raise _Killed


def _while_copying(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(shutil, "copytree", _copy_one)


def _copy_one(source: Path, target: Path) -> None:
    """Die after the first file."""
    target.mkdir()
    shutil.copy(source / "modules.json", target)
    raise _Killed


def _before_the_switch(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(index, "_switch", _die)


def _after_the_switch(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(index.EngineFollower, "forget", _die)


def _while_matching(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(matching, "match_all", _die)


@pytest.fixture(params=[_while_copying, _before_the_switch, _after_the_switch, _while_matching])
def killed(
    request: pytest.FixtureRequest, workshop: Workshop, fair: Verdict, alike: Path
) -> tuple[bool, Workshop]:
    """An adoption cut short, and whether it counts already."""
    with pytest.MonkeyPatch.context() as patch:
        request.param(patch)
        with pytest.raises(_Killed):
            adoption.adopt(workshop, SYSTEM, alike, verdict=fair, forced=False, by="tester")
    return request.param in (_after_the_switch, _while_matching), workshop


def test_a_kill_leaves_one_model_with_its_own_vectors(
    killed: tuple[bool, Workshop], again: Again, alike: Path, fair: Verdict
) -> None:
    counts, workshop = killed
    fresh = again()
    expected = alike if counts else SHIPPED
    assert fresh.index.encoder.checksum == load_encoder(expected).checksum
    assert _in_step(fresh)
    fresh.catch_up()
    shown = _run(fresh, "show").output
    assert ("adopted" in shown) == counts

    if counts:
        assert adoption.restore(workshop, SYSTEM, by="tester") == ""
        assert fresh.encoder_location() == str(SHIPPED)
    else:
        adoption.adopt(workshop, SYSTEM, alike, verdict=fair, forced=False, by="tester")
        assert fresh.index.encoder.checksum == load_encoder(alike).checksum
    assert _in_step(fresh)
    assert "Cut short" not in _run(fresh, "show").output
    fresh.database.dispose()


def test_an_adoption_cut_short_before_it_counts_is_told(
    workshop: Workshop, again: Again, fair: Verdict, alike: Path
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        _before_the_switch(patch)
        with pytest.raises(_Killed):
            adoption.adopt(workshop, SYSTEM, alike, verdict=fair, forced=False, by="tester")
    fresh = again()
    assert "Cut short" in _run(fresh, "show").output
    fresh.database.dispose()


def test_without_a_database_the_shipped_model_is_in_use(tmp_path: Path) -> None:
    bare = bootstrap(Settings(var_dir=tmp_path / "none"))
    assert bare.encoder_location() == str(SHIPPED)
    assert not (tmp_path / "none").exists()
    (tmp_path / "old").mkdir()
    old = bootstrap(Settings(var_dir=tmp_path / "old"))
    with old.unit_of_work() as uow:
        uow.session.connection()  # a database without any table
    assert old.encoder_location() == str(SHIPPED)
    old.database.dispose()
