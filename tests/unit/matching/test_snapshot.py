from __future__ import annotations

import os
import signal
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from matchmaker.domain.indicator import Indicator
from matchmaker.matching.engine import Engine
from matchmaker.matching.snapshot import read_snapshot, snapshot_state, write_snapshot
from tests.unit.matching.conftest import HashEncoder, engine_of, record

FULL = record(
    1,
    text="强度高。\n重量轻。",
    chains=frozenset({"carbon-fibre", "fishing-tackle"}),
    field="materials",
    region="huancui",
    preferred_region="wendeng",
    trl=6,
    modes=frozenset({"licence"}),
    money_min=1.5,
    money_max=20.0,
    indicators=(
        Indicator(name="强度", comparator="between", value=Decimal("1.50"), value_high=Decimal(2)),
        Indicator(name="厚度", comparator="le", value=Decimal("0.1"), unit="mm", condition="常温"),
    ),
    keywords=("碳纤维", "钓竿"),
)


@pytest.fixture
def engine(encoder: HashEncoder) -> Engine:
    return engine_of(encoder, [FULL, record(2)], [record(key) for key in range(6)])


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "index" / "records.index"


def same(one: Engine, other: Engine) -> bool:
    (sequence, left), (other_sequence, right) = one.contents(), other.contents()
    return sequence == other_sequence and all(
        [record for record, _ in left[kind]] == [record for record, _ in right[kind]]
        and all((a == b).all() for (_, a), (_, b) in zip(left[kind], right[kind], strict=True))
        for kind in left
    )


def test_an_engine_comes_back_from_its_file_exactly(
    engine: Engine, encoder: HashEncoder, path: Path
) -> None:
    write_snapshot(engine, path)
    again = Engine(encoder)
    assert read_snapshot(again, path) is None
    assert same(engine, again)
    assert (snapshot_state(path) or {})["counts"] == {"demand": 2, "outcome": 6}
    assert [one.name for one in path.parent.iterdir()] == [path.name]


def test_an_empty_engine_comes_back_empty(encoder: HashEncoder, path: Path) -> None:
    write_snapshot(Engine(encoder), path)
    again = Engine(encoder)
    assert read_snapshot(again, path) is None
    assert again.count("demand") == again.count("outcome") == 0


def test_a_file_cut_off_anywhere_is_not_used(
    engine: Engine, encoder: HashEncoder, path: Path
) -> None:
    write_snapshot(engine, path)
    whole = path.read_bytes()
    for kept in {
        0,
        1,
        40,
        whole.index(b"\n"),
        whole.index(b"\n") + 1,
        len(whole) // 2,
        len(whole) - 1,
    }:
        path.write_bytes(whole[:kept])
        again = Engine(encoder)
        assert read_snapshot(again, path) is not None, kept
        assert again.sequence == again.count("demand") == again.count("outcome") == 0


def test_a_file_with_one_wrong_byte_is_not_used(
    engine: Engine, encoder: HashEncoder, path: Path
) -> None:
    write_snapshot(engine, path)
    whole = path.read_bytes()
    for place in range(0, len(whole), max(1, len(whole) // 200)):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        again = Engine(encoder)
        assert read_snapshot(again, path) is not None, place
        assert again.sequence == 0


def test_a_file_of_another_encoder_is_not_used(engine: Engine, path: Path) -> None:
    write_snapshot(engine, path)
    assert read_snapshot(Engine(HashEncoder("other")), path) == "made with another encoder"


def test_no_file_and_a_folder_in_its_place_are_told(encoder: HashEncoder, path: Path) -> None:
    assert read_snapshot(Engine(encoder), path) == "absent or unreadable"
    path.mkdir(parents=True)
    assert read_snapshot(Engine(encoder), path) == "absent or unreadable"


_WRITE_FOR_EVER = """
import sys
from pathlib import Path
from matchmaker.matching.snapshot import write_snapshot
from tests.unit.matching.conftest import HashEncoder, engine_of, record

engine = engine_of(HashEncoder(), [], [record(key, text="碳纤维" * 200) for key in range(300)])
print("ready", flush=True)
while True:
    write_snapshot(engine, Path(sys.argv[1]))
"""


@pytest.mark.parametrize("delay", [0.0, 0.004, 0.013, 0.031, 0.077])
def test_a_kill_while_writing_leaves_the_file_before_it_usable(
    engine: Engine, encoder: HashEncoder, path: Path, delay: float
) -> None:
    write_snapshot(engine, path)
    root = Path(__file__).resolve().parents[3]
    with subprocess.Popen(
        [sys.executable, "-c", _WRITE_FOR_EVER, str(path)],
        cwd=root,
        env=os.environ | {"PYTHONPATH": str(root)},
        stdout=subprocess.PIPE,
    ) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"ready\n"
        with pytest.raises(subprocess.TimeoutExpired):
            writer.wait(0.02 + delay)
        writer.send_signal(signal.SIGKILL)
    again = Engine(encoder)
    assert read_snapshot(again, path) is None
    assert again.count("outcome") in {6, 300}
    write_snapshot(engine, path)
    assert read_snapshot(Engine(encoder), path) is None
