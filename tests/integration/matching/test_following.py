"""The engine of a process follows the database."""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import func, select

from matchmaker.bootstrap import Matchmaker, bootstrap
from matchmaker.services import backup, index
from matchmaker.services.index import EngineFollower
from matchmaker.settings import Settings
from matchmaker.store.change import Embedding, Progress, record_changes
from matchmaker.store.outcome import Outcome
from tests import builders
from tests.conftest import Clock
from tests.integration.matching.conftest import fill

Follow = Callable[[Matchmaker], EngineFollower]


def _found(follower: EngineFollower, text: str) -> list[int]:
    return [hit.id for hit in follower.current().search("outcome", text, top=3)]


def _publish(platform: Matchmaker, **fields: str) -> int:
    with platform.unit_of_work() as uow:
        owner = builders.organisation(uow, "institution")
        made: Outcome = builders.outcome(uow, owner, **fields)
    return made.id


def test_every_process_sees_a_record_that_another_one_published(
    platform: Matchmaker, follower_of: Follow
) -> None:
    first, second = follower_of(platform), follower_of(platform)
    assert not _found(first, "深海网箱")
    assert not _found(second, "深海网箱")
    key = _publish(platform, title="深海网箱抗风浪锚泊技术")
    assert _found(first, "深海网箱")[0] == key
    assert _found(second, "深海网箱")[0] == key


def test_an_edited_record_is_found_by_its_new_text_and_a_withdrawn_one_no_more(
    platform: Matchmaker, follower_of: Follow
) -> None:
    follower = follower_of(platform)
    key = _publish(platform, title="深海网箱抗风浪锚泊技术")
    _publish(platform, title="葡萄酒酵母选育")
    assert _found(follower, "深海网箱")[0] == key
    with platform.unit_of_work() as uow:
        uow.session.get_one(Outcome, key).title = "石墨烯导热薄膜"
        record_changes(uow, "outcome", [key])
    assert _found(follower, "石墨烯导热薄膜")[0] == key
    with platform.unit_of_work() as uow:
        uow.session.get_one(Outcome, key).state = "withdrawn"
        record_changes(uow, "outcome", [key])
    assert key not in _found(follower, "石墨烯导热薄膜")
    assert follower.current().count("outcome") == 1


def test_a_process_that_lags_far_behind_makes_its_engine_anew(
    platform: Matchmaker, follower_of: Follow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index, "_MANY", 5)
    follower = follower_of(platform)
    before = follower.current()
    with platform.database.unit_of_work() as uow:
        fill(uow, demands=4, outcomes=6)
    after = follower.current()
    assert after is not before
    assert (after.count("demand"), after.count("outcome")) == (4, 6)


def test_a_reader_does_not_wait_while_another_thread_brings_the_engine_up(
    platform: Matchmaker, follower_of: Follow
) -> None:
    follower = follower_of(platform)
    before = follower.current().sequence
    with platform.database.unit_of_work() as uow:
        fill(uow, demands=1, outcomes=1)
    answered: list[int] = []
    with follower._lock:
        reader = threading.Thread(target=lambda: answered.append(follower.current().sequence))
        reader.start()
        reader.join(timeout=20)
    assert answered == [before]
    assert follower.current().sequence == before + 2


def test_index_files_can_be_deleted_without_loss(platform: Matchmaker, follower_of: Follow) -> None:
    key = _publish(platform, title="深海网箱抗风浪锚泊技术")
    follower_of(platform).save()
    assert list(platform.settings.index_dir.glob("*.index"))
    assert _found(follower_of(platform), "深海网箱") == [key]
    shutil.rmtree(platform.settings.index_dir)
    assert _found(follower_of(platform), "深海网箱") == [key]


def test_only_the_newest_index_file_is_kept(platform: Matchmaker, follower_of: Follow) -> None:
    _publish(platform)
    follower_of(platform).save()
    _publish(platform)
    follower = follower_of(platform)
    follower.save()
    assert len(list(platform.settings.index_dir.iterdir())) == 1
    assert follower.saved_sequence() == follower.current().sequence == 2


@pytest.mark.parametrize("damage", ["cut", "empty", "garbage", "one byte"])
def test_a_damaged_index_file_is_ignored(
    platform: Matchmaker, follower_of: Follow, damage: str
) -> None:
    key = _publish(platform, title="深海网箱抗风浪锚泊技术")
    follower_of(platform).save()
    (file,) = platform.settings.index_dir.glob("*.index")
    content = bytearray(file.read_bytes())
    content[-20] ^= 1
    file.write_bytes(
        {
            "cut": bytes(content[: len(content) // 2]),
            "empty": b"",
            "garbage": b"\xff\x00" * 500,
            "one byte": bytes(content),
        }[damage]
    )
    assert _found(follower_of(platform), "深海网箱") == [key]


def test_the_index_file_of_another_history_is_not_taken_for_ones_own(
    platform: Matchmaker, follower_of: Follow, clock: Clock, tmp_path: Path
) -> None:
    _publish(platform, title="深海网箱抗风浪锚泊技术")
    backup.write_backup(platform.database, platform.attachments, tmp_path / "early.backup")
    _publish(platform, title="石墨烯导热薄膜")
    follower_of(platform).save()
    backup.read_backup(
        platform.database, platform.attachments, tmp_path / "early.backup", replace=True
    )
    clock.advance(seconds=1)
    other = _publish(platform, title="葡萄酒酵母选育")
    follower = follower_of(platform)
    assert follower.saved_sequence() == follower.current().sequence == 2
    titles = {record.title for record, _ in follower.current().contents()[1]["outcome"]}
    assert titles == {"深海网箱抗风浪锚泊技术", "葡萄酒酵母选育"}
    assert _found(follower, "葡萄酒酵母")[0] == other


def test_an_index_folder_that_cannot_be_written_stops_nothing(
    platform: Matchmaker, follower_of: Follow, caplog: pytest.LogCaptureFixture
) -> None:
    key = _publish(platform, title="深海网箱抗风浪锚泊技术")
    platform.settings.index_dir.write_text("a file where the folder should be")
    follower = follower_of(platform)
    follower.save()
    assert "cannot be written" in caplog.text
    assert _found(follower, "深海网箱") == [key]


def test_vectors_are_stored_once_for_each_text(platform: Matchmaker) -> None:
    for _ in range(2):
        _publish(platform, title="同一个标题")
    with platform.reading() as uow:
        assert uow.session.scalar(select(func.count()).select_from(Embedding)) == 1
        stored = uow.session.scalars(select(Progress.encoder_checksum)).one()
    assert stored == platform.index.encoder.checksum
    assert index.ensure_vectors(platform.database, platform.index.encoder) == 0


def test_a_vector_of_a_wrong_length_counts_as_missing(
    platform: Matchmaker, follower_of: Follow
) -> None:
    key = _publish(platform, title="深海网箱抗风浪锚泊技术")
    with platform.database.unit_of_work() as uow:
        uow.session.scalars(select(Embedding)).one().vector = b"short"
    assert _found(follower_of(platform), "深海网箱") == [key]


def test_the_status_tells_what_is_stored_and_how_fresh_everything_is(
    platform: Matchmaker, follower_of: Follow
) -> None:
    with platform.database.unit_of_work() as uow:
        fill(uow, demands=2, outcomes=3)
    before = index.status(platform.database, follower_of(platform))
    assert (before.demands, before.outcomes, before.vectors) == (2, 3, 0)
    assert (before.vectors_missing, before.matched_through, before.file_sequence) == (5, 0, None)
    platform.catch_up()
    platform.save_index()
    after = index.status(platform.database, follower_of(platform))
    assert (after.vectors, after.vectors_missing, after.file_sequence) == (5, 0, 5)
    assert after.last_change == after.matched_through == after.ranked_through == 5


def test_the_web_starts_without_the_heavy_libraries() -> None:
    heavy = "{'faiss', 'torch', 'sklearn', 'sentence_transformers', 'transformers'}"
    command = (
        "import sys; import matchmaker.web.app; "
        f"print(sorted({heavy} & set(sys.modules)), 'numpy' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", command], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["[]", "False"]


def test_the_shipped_encoder_is_served_without_torch(migrated_file: Path, tmp_path: Path) -> None:
    shutil.copy(migrated_file, tmp_path / "matchmaker.sqlite3")
    platform = bootstrap(Settings(var_dir=tmp_path))
    _publish(platform)
    platform.database.dispose()
    command = (
        "import sys, pathlib; from matchmaker.bootstrap import bootstrap; "
        "from matchmaker.settings import Settings; "
        f"platform = bootstrap(Settings(var_dir=pathlib.Path({str(tmp_path)!r}))); "
        "found = platform.engine.search('outcome', '碳纤维', top=1); "
        "print(len(found), 'torch' in sys.modules, 'faiss' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", command], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["1", "False", "True"]
