"""Demands that ask for nearly the same are grouped, and samples drawn anew agree."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from matchmaker.domain.matchable import Matchable
from matchmaker.matching import common_need
from matchmaker.matching.common_need import Distances, Grouping
from matchmaker.matching.encoder import Encoder, load_encoder
from matchmaker.matching.engine import Engine
from matchmaker.matching.vectors import encode_records
from matchmaker.settings import PROJECT_ROOT, Settings

AGREED = 0.8  # what was asked for


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return load_encoder(Settings().encoder_location)


def demand(key: int, title: str, text: str = "", chains: Sequence[str] = ()) -> Matchable:
    return Matchable(id=key, title=title, text=text, organisation_id=key, chains=frozenset(chains))


def engine_of(encoder: Encoder, demands: list[Matchable], outcomes: list[Matchable]) -> Engine:
    made = Engine(encoder)
    entries = [
        (kind, record, vector)
        for kind, records in (("demand", demands), ("outcome", outcomes))
        for record, vector in zip(records, encode_records(encoder, records), strict=True)
    ]
    made.apply(entries, [], 1)  # type: ignore[arg-type]  # kinds are written out above
    return made


def distances_of(engine: Engine) -> Distances:
    keys = [record.id for record, _ in engine.contents()[1]["demand"]]
    return common_need.distances(*engine.found("demand", keys))


def rows_of(name: str) -> list[dict[str, object]]:
    path = PROJECT_ROOT / "data" / "demo" / f"{name}.jsonl"
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


LIKE = (
    "养老院布草自动分拣与破损识别",
    "酒店布草分拣与破损识别",
    "热敏打印头耐磨保护膜沉积",
    "海参多糖酶解提取工艺",
    "租赁布草分拣线的破损识别",
)


def test_demands_that_ask_for_nearly_the_same_are_one_group_with_a_name(encoder: Encoder) -> None:
    records = [demand(key, title) for key, title in enumerate(LIKE, start=1)]
    engine = engine_of(encoder, records, [demand(1, "仓储分拣机器人集群调度")])
    found, weights = engine.found("demand", [record.id for record in records])
    grouping = common_need.group(common_need.distances(found, weights))
    (group,) = grouping.groups
    assert set(group.rows) == {0, 1, 4}
    assert group.stability == 1
    terms = common_need.telling_terms([records[row] for row in group.rows], encoder, weights)
    assert any("布草" in term for term in terms)
    assert any("破损识别" in term for term in terms)
    alone = common_need.telling_terms([records[2], records[3]], encoder, weights)
    assert alone == [records[2].title]  # nothing shared: its own title


def test_demands_on_different_chains_are_never_one_need(encoder: Encoder) -> None:
    title = "布草分拣线的破损识别"
    records = [
        demand(1, title, chains=["textiles"]),
        demand(2, title, chains=["smart-care"]),
        demand(3, title, chains=["smart-care", "textiles"]),
        demand(4, title),
    ]
    apart = distances_of(engine_of(encoder, records, []))
    assert apart[0, 1] > 1
    assert np.all(apart[[0, 1, 0, 2], [2, 2, 3, 3]] < common_need.APART)


def test_one_demand_and_none_are_no_group() -> None:
    for count in (0, 1):
        assert common_need.group(np.zeros((count, count))) == Grouping(groups=(), agreement=1.0)


def test_a_group_that_hangs_on_one_record_is_told_as_unstable() -> None:
    """A bridge between two pairs: where it is not drawn, they fall apart."""
    bridge = np.full((5, 5), 0.9)
    bridge[0, 1] = bridge[3, 4] = 0.5
    bridge[2, [0, 1, 3, 4]] = bridge[[0, 1], 2] = 0.4
    bridge = np.minimum(bridge, bridge.T)
    np.fill_diagonal(bridge, 0)
    firm = np.full((5, 5), 1.0)
    firm[:3, :3] = 0.1
    np.fill_diagonal(firm, 0)
    loose, tight = common_need.group(bridge), common_need.group(firm)
    assert min(one.stability for one in tight.groups) == 1
    assert tight.agreement == 1
    assert min(one.stability for one in loose.groups) < 1
    assert loose.agreement < tight.agreement


def test_groups_do_not_depend_on_the_order_of_the_records() -> None:
    numbers = np.random.default_rng(7)
    points = numbers.normal(size=(60, 3))
    apart = np.linalg.norm(points[:, None] - points[None], axis=2)
    apart /= apart.max()
    order = numbers.permutation(60)
    labels, other = common_need.cut(apart), common_need.cut(apart[np.ix_(order, order)])
    same = labels[order][:, None] == labels[order][None]
    np.testing.assert_array_equal(same, other[:, None] == other[None])


def test_the_demo_worlds_groups_agree_with_samples_drawn_anew(encoder: Encoder) -> None:
    rows = rows_of("demands") + rows_of("common_needs")
    demands = [
        demand(
            key,
            str(row["title"]),
            "\n".join(str(row.get(name, "")) for name in ("problem", "key_technology", "target")),
            list(row["chains"]),  # type: ignore[call-overload]  # a list in the file
        )
        for key, row in enumerate(rows, start=1)
    ]
    outcomes = [demand(key, str(row["title"])) for key, row in enumerate(rows_of("outcomes"), 1)]
    grouping = common_need.group(distances_of(engine_of(encoder, demands, outcomes)))
    assert len(grouping.groups) >= 3
    assert grouping.agreement >= AGREED


def test_real_groups_agree_with_samples_drawn_anew(encoder: Encoder, shared: Path) -> None:
    def read(name: str) -> list[Matchable]:
        lines = (shared / "bench" / name).read_text(encoding="utf-8").splitlines()
        rows = [json.loads(line) for line in lines]
        return [demand(key, row["title"], row["text"][:3000]) for key, row in enumerate(rows, 1)]

    engine = engine_of(encoder, read("real-demands.jsonl"), read("real-outcomes.jsonl"))
    grouping = common_need.group(distances_of(engine))
    assert len(grouping.groups) > 40
    assert grouping.agreement >= AGREED
    stable = [one for one in grouping.groups if one.stability >= 0.75]
    assert len(stable) >= 0.9 * len(grouping.groups)
