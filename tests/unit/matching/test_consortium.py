"""A demand is split into parts, and outcomes are held against each."""

from __future__ import annotations

from typing import Any

import pytest

from matchmaker.domain.consortium import MOST_PARTS, PART_WEIGHTS, Standing
from matchmaker.domain.indicator import Indicator, parse_indicator
from matchmaker.domain.matchable import Matchable
from matchmaker.matching.consortium import Consortium, find, survey
from matchmaker.matching.consortium_parts import split
from matchmaker.matching.encoder import Encoder, load_encoder
from matchmaker.matching.engine import Engine
from matchmaker.matching.vectors import encode_records
from matchmaker.settings import Settings

TEXTS = {
    "problem": "现有热敏打印头耐磨保护层磨损快。",
    "key_technology": "海参多糖的酶解提取工艺；永磁同步电机转子结构优化设计。",
}
TITLES = (
    "热敏打印头耐磨保护膜沉积技术",
    "一种海参多糖酶解提取工艺",
    "永磁同步电机转子结构",
    "海带耐高温品系选育方法",
    "高强钢板激光焊接",
)


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return load_encoder(Settings().encoder_location)


def indicator(text: str) -> Indicator:
    found = parse_indicator(text)
    assert found is not None
    return found


def outcome(key: int, title: str, text: str = "", **fields: Any) -> Matchable:
    values: dict[str, Any] = {"organisation_id": 100 + key} | fields
    return Matchable(id=key, title=title, text=text, **values)


def asked(
    encoder: Encoder,
    outcomes: list[Matchable],
    texts: dict[str, str] = TEXTS,
    indicators: tuple[Indicator, ...] = (),
    allowed: set[int] | None = None,
) -> Consortium:
    engine = Engine(encoder)
    vectors = encode_records(encoder, outcomes)
    engine.apply(
        [("outcome", one, vector) for one, vector in zip(outcomes, vectors, strict=True)], [], 1
    )
    title = "打印头、海参与电机的三合一难题"
    demand = Matchable(
        id=1,
        title=title,
        text="\n".join(texts.values()),
        organisation_id=1,
        indicators=indicators,
    )
    vector = encode_records(encoder, [demand])[0]
    parts = split(title, texts, indicators, encoder)
    return find(encoder, survey(engine, demand, vector, parts, allowed))


def ids(found: Consortium) -> set[int]:
    return {member.id for member in found.members}


def test_sentences_of_each_text_and_indicators_are_the_parts(encoder: Encoder) -> None:
    wanted = indicator("使用寿命≥500 h")
    parts = split("题目", {**TEXTS, "constraint": "不得使用含氟溶剂。"}, (wanted,), encoder)
    assert [(part.kind, part.text) for part in parts] == [
        ("key_technology", "海参多糖的酶解提取工艺"),
        ("key_technology", "永磁同步电机转子结构优化设计"),
        ("problem", "现有热敏打印头耐磨保护层磨损快"),
        ("constraint", "不得使用含氟溶剂"),
        ("indicator", wanted.text),
    ]
    assert {part.weight for part in parts} <= set(PART_WEIGHTS.values())


def test_what_is_said_twice_is_one_part(encoder: Encoder) -> None:
    texts = {"problem": "轮胎胎面胶不耐磨。", "target": "轮胎胎面胶不耐磨！"}
    assert [part.kind for part in split("题目", texts, (), encoder)] == ["problem"]


def test_a_demand_of_little_text_is_its_description_or_its_title(encoder: Encoder) -> None:
    only = split("永磁电机转子", {"description": "想找电机转子的优化方案。"}, (), encoder)
    assert [part.kind for part in only] == ["description"]
    assert [part.text for part in split("永磁电机转子", {}, (), encoder)] == ["永磁电机转子"]


def test_a_long_demand_keeps_its_first_parts_and_some_indicators(encoder: Encoder) -> None:
    texts = {
        "problem": "".join(
            f"第{number}种{title}的问题。" for number, title in enumerate(TITLES * 6)
        )
    }
    many = tuple(indicator(f"指标{number}≥{number}") for number in range(1, 21))
    parts = split("题目", texts, many, encoder)
    assert len(parts) <= MOST_PARTS
    assert {part.kind for part in parts} == {"problem", "indicator"}


def test_three_outcomes_together_cover_what_none_covers_alone(encoder: Encoder) -> None:
    found = asked(encoder, [outcome(key, title) for key, title in enumerate(TITLES)])
    assert ids(found) == {0, 1, 2}
    assert found.covered == (True, True, True)
    assert found.weight == found.whole
    assert found.single is not None
    assert found.single.weight < found.weight


def test_what_nobody_offers_stays_open(encoder: Encoder) -> None:
    found = asked(encoder, [outcome(key, title) for key, title in enumerate(TITLES) if key != 1])
    assert ids(found) == {0, 2}
    assert found.covered == (False, True, True)
    assert found.weight == found.whole - PART_WEIGHTS["key_technology"]


def test_no_outcome_is_no_consortium(encoder: Encoder) -> None:
    found = asked(encoder, [])
    assert (found.members, found.single, found.weight) == ((), None, 0)


def test_outcomes_that_are_not_allowed_and_ones_own_are_left_out(encoder: Encoder) -> None:
    outcomes = [
        outcome(key, title, organisation_id=1 if key == 2 else 100 + key)
        for key, title in enumerate(TITLES)
    ]
    assert ids(asked(encoder, outcomes, allowed={0, 2, 3})) == {0}


def test_evidence_is_the_nearest_sentence_of_the_outcome(encoder: Encoder) -> None:
    text = "面向食品企业。采用复合酶分步酶解海参并提取多糖。已建成中试线。"
    found = asked(encoder, [outcome(0, "海参多糖制备方法", text)])
    cell = found.members[0].cells[0]
    assert cell.standing is Standing.COVERS
    assert cell.evidence in ("采用复合酶分步酶解海参并提取多糖。", "海参多糖制备方法")


@pytest.mark.parametrize(
    ("offered", "standing"),
    [
        ("使用寿命≥800 h", Standing.COVERS),
        ("使用寿命≥300 h", Standing.MISSES),
        ("使用寿命≥800 h (60 ℃)", Standing.DIFFERS),
        ("硬度≥22 GPa", Standing.NONE),
    ],
)
def test_an_indicator_is_covered_by_a_value_never_by_words(
    encoder: Encoder, offered: str, standing: Standing
) -> None:
    wanted = indicator("使用寿命≥500 h (25 ℃)")
    made = outcome(0, TITLES[0], "使用寿命长", indicators=(indicator(offered),))
    found = asked(encoder, [made], TEXTS, (wanted,))
    assert found.members[0].cells[-1].standing is standing
    assert found.members[0].cells[-1].probability is None


def test_an_indicator_of_a_foreign_matter_covers_nothing(encoder: Encoder) -> None:
    met = indicator("使用寿命≥800 h")
    found = asked(
        encoder,
        [outcome(0, TITLES[0]), outcome(1, "高强钢板激光焊接", indicators=(met,))],
        TEXTS,
        (indicator("使用寿命≥500 h"),),
    )
    assert ids(found) == {0}
    assert found.covered[-1] is False
