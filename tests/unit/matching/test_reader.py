"""The reader of whole sentences: what it says, what it refuses, what is kept of it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from matchmaker.domain.matchable import Matchable
from matchmaker.domain.plan import Plan
from matchmaker.matching.reader import KeptReader, Reader, ReaderError, reader_of, text_of
from matchmaker.settings import Settings
from tests.unit.matching.conftest import record

ROOT = Path(__file__).resolve().parents[3]
FOLDER = Settings().reader_dir


@pytest.fixture(scope="module")
def plan() -> Plan:
    return Plan.from_data(json.loads((ROOT / "data/plan/plan.json").read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(FOLDER)


class Counted(Reader):
    """A reader that counts what it is asked."""

    asked = 0

    def read(
        self, records: Sequence[Matchable], *, progress: Callable[[int], None] | None = None
    ) -> NDArray[np.float64]:
        self.asked += len(records)
        return super().read(records, progress=progress)


@pytest.mark.parametrize(
    ("title", "code"),
    [
        ("血氧饱和度监测仪的信号处理", "medical-devices"),
        ("挖掘机液压缸的密封圈", "none"),
        ("新能源汽车车门密封条", "special-vehicles"),
        ("船舶压载水处理装置", "ships"),
        ("苹果采后贮藏保鲜", "specialty-crops"),
    ],
)
def test_a_sentence_is_read_as_a_whole(reader: Reader, title: str, code: str) -> None:
    said = reader.read([record(0, title)])[0]
    assert (*reader.codes, "none")[int(said.argmax())] == code


def test_probabilities_of_all_places_sum_to_one(reader: Reader) -> None:
    said = reader.read([record(0, "海参多糖"), record(1, "x"), record(2, "")])
    assert said.shape == (3, len(reader.codes) + 1)
    assert np.exp(said).sum(axis=1) == pytest.approx([1, 1, 1], abs=1e-5)
    assert reader.read([]).shape == (0, len(reader.codes) + 1)


def test_a_record_is_read_alike_in_any_company(reader: Reader) -> None:
    long = record(1, "医用导管", "一种血管介入导管，由聚氨酯制成。" * 200)
    several = [record(0, "轮胎胎面胶"), long, record(2, "钓竿")]
    alone = np.vstack([reader.read([one]) for one in several])
    assert (reader.read(several) == alone).all()


def test_what_is_read_is_the_title_once_and_the_beginning_of_the_text() -> None:
    assert text_of("一种 鱼钩", "一种 鱼钩。经淬火\n制成", 4) == "query: 一种 鱼钩。经淬火 "
    assert text_of("鱼钩", "", 4) == "query: 鱼钩。"


def test_a_plan_with_other_chains_has_no_reader(plan: Plan) -> None:
    assert reader_of(plan, FOLDER) is not None
    assert reader_of(replace(plan, clusters=plan.clusters[:-1]), FOLDER) is None


@pytest.mark.parametrize("name", ["reader.json", "tokenizer.json", "model.onnx"])
def test_a_damaged_folder_is_refused_in_words(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "reader"
    shutil.copytree(FOLDER, folder)
    (folder / name).write_bytes(b"{")
    with pytest.raises(ReaderError, match=r"make reader") as refused:
        Reader(folder)
    assert str(folder) in str(refused.value)
    (folder / name).unlink()
    with pytest.raises(ReaderError, match=r"make reader"):
        Reader(folder)


def test_torch_is_not_imported_to_read() -> None:
    code = (
        "import sys; from matchmaker.matching.reader import Reader; "
        "from matchmaker.settings import Settings; Reader(Settings().reader_dir).read([]); "
        "sys.exit('torch' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)


def test_what_was_read_once_is_kept_and_nothing_of_the_texts(tmp_path: Path) -> None:
    counted, path = Counted(FOLDER), tmp_path / "readings.npz"
    several = [record(0, "轮胎胎面胶"), record(1, "钓竿"), record(2, "钓竿")]
    first = KeptReader(counted, path)
    said = first.read(several)
    first.keep()
    assert counted.asked == 2
    assert (said == counted.read(several)).all()
    counted.asked = 0
    second = KeptReader(counted, path)
    done: list[int] = []
    assert (second.read(several[:1], progress=done.append) == said[:1]).all()
    assert (counted.asked, done) == (0, [1])
    second.keep()
    KeptReader(counted, path).read(several)
    assert counted.asked == 1  # what the run before did not ask for is gone
    assert "钓竿".encode() not in path.read_bytes()


def test_what_another_reader_said_or_a_broken_file_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted, path = Counted(FOLDER), tmp_path / "readings.npz"
    kept = KeptReader(counted, path)
    kept.keep()
    assert not path.exists()  # nothing was asked
    kept.read([record(0, "钓竿")])
    kept.keep()
    counted.asked = 0
    with monkeypatch.context() as other:
        other.setattr(counted, "checksum", "another")
        KeptReader(counted, path).read([record(0, "钓竿")])
    assert counted.asked == 1
    path.write_bytes(path.read_bytes()[:100])
    KeptReader(counted, path).read([record(0, "钓竿")])
    assert counted.asked == 2
