"""Placing records on chains: words found, probabilities, what corrections move."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from matchmaker.domain.plan import Plan
from matchmaker.matching.encoder import load_encoder
from matchmaker.matching.placement import Lexicon, Placer, plan_words, softmax
from matchmaker.matching.placement_evaluation import (
    Labelled,
    LabelsError,
    demo_labels,
    measure,
    read_labels,
    read_titles,
    systems,
)
from matchmaker.matching.placement_learning import learn, targets
from matchmaker.matching.reader import Reader
from matchmaker.settings import Settings
from tests.unit.matching.conftest import record

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def plan() -> Plan:
    return Plan.from_data(json.loads((ROOT / "data/plan/plan.json").read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def placer(plan: Plan) -> Placer:
    encoder = load_encoder(Settings().encoder_location)
    return Placer(plan, encoder, Reader(Settings().reader_dir))


def first(placer: Placer, title: str, text: str = "") -> str:
    stated = softmax(placer.log_odds(placer.read([record(0, title, text)])))[0]
    return (*placer.codes, "none")[int(stated.argmax())]


@pytest.mark.parametrize(
    ("title", "code"),
    [
        ("高强高模碳纤维预浸料的低成本制备", "carbon-fibre"),
        ("西洋参皂苷的提取纯化", "chinese-medicine"),
        ("高效永磁同步电机转子", "motors"),
        ("光纤激光切割头", "lasers"),
        ("高炉炼钢用低碳钢板的连铸", "none"),
        ("基于区块链的智能合约交易方法", "none"),
        ("Carbon fibre prepreg for wind turbine blades", "carbon-fibre"),
    ],
)
def test_a_record_is_placed_by_what_it_says(placer: Placer, title: str, code: str) -> None:
    assert first(placer, title) == code


def test_probabilities_over_chains_and_none_sum_to_one(placer: Placer) -> None:
    stated = softmax(placer.log_odds(placer.read([record(0, "海参多糖"), record(1, "x")])))
    assert stated.shape == (2, placer.chains + 1)
    assert stated.sum(axis=1) == pytest.approx([1, 1])
    assert (stated >= 0).all()


def test_without_a_reader_meaning_and_words_decide(placer: Placer) -> None:
    without = placer.reading_with(None)
    assert first(without, "光纤激光切割头") == "lasers"
    assert first(without, "高炉炼钢用低碳钢板的连铸") == "none"
    assert not without.read([record(0, "光纤激光切割头")]).reading.any()
    assert placer.reader is not None


def test_another_script_is_not_put_before_the_reader(placer: Placer) -> None:
    assert not placer.read([record(0, "Carbon fibre prepreg")]).reading.any()


def test_progress_tells_every_record_once(placer: Placer) -> None:
    done: list[int] = []
    several = [record(0, "轮胎"), record(1, "Tyre"), record(2, "钓竿")]
    placer.read(several, progress=done.append)
    placer.reading_with(None).read(several, progress=done.append)
    assert sum(done) == 6


def test_a_record_is_placed_alike_alone_and_among_others(placer: Placer) -> None:
    several = [record(0, "轮胎胎面胶"), record(1, "医用导管"), record(2, "钓竿")]
    together = placer.log_odds(placer.read(several))
    alone = np.vstack([placer.log_odds(placer.read([one])) for one in several])
    assert together == pytest.approx(alone, abs=1e-4)


def test_the_longest_word_is_read_and_latin_words_only_whole() -> None:
    lexicon = Lexicon([{"车辆": 1.0}, {"轨道车辆": 1.0}, {"agv": 1.0}])
    assert (lexicon.read("轨道车辆", "") > 0).tolist() == [False, True, False]
    assert (lexicon.read("车辆 AGV", "") > 0).tolist() == [True, False, True]
    assert (lexicon.read("agvs", "") > 0).tolist() == [False, False, False]


def test_a_word_counts_for_each_of_its_topics_by_how_much_it_tells() -> None:
    lexicon = Lexicon([{"鱼钩": 2.0}, {"焊接": 1.0, "鱼钩": 0.5}, {}])
    first, second, third = lexicon.read("鱼钩的焊接", "")
    assert first == pytest.approx(np.log1p(3 * 2.0))
    assert second == pytest.approx(np.log1p(3 * 1.5))
    assert third == 0


def test_a_word_at_the_very_end_is_read_where_a_longer_one_begins_alike() -> None:
    assert Lexicon([{"鱼钩": 1.0, "鱼钩尖端": 1.0}]).read("一种鱼钩", "")[0] > 0


def test_the_words_that_speak_loudest_are_told_as_the_text_writes_them(plan: Plan) -> None:
    words = plan_words(plan)
    hook = "一种鱼钩的热处理方法", "鱼钩经焊接与淬火"
    assert words.reasons(*hook, "fishing-tackle")[0] == "鱼钩"
    assert "热处理" in words.reasons(*hook, "")
    assert "鱼钩" not in words.reasons(*hook, "")
    assert "AGV调度" in words.reasons("仓储AGV调度", "", "smart-terminals")
    assert words.reasons("Hooks for anglers", "", "fishing-tackle") == ()
    assert words.reasons("难题", "", "tyres") == ()
    several = Lexicon([{"鱼钩": 2.0, "钓线": 0.5}, {"钓线": 1.5}])
    assert several.telling("钓线", "鱼钩", (0,), 4) == ["鱼钩", "钓线"]
    assert several.telling("钓线", "鱼钩", (0, 1), 1) == ["钓线"]


def test_what_is_decisive_outweighs_hints_of_another_chain(placer: Placer) -> None:
    # A hook is ground and plated, a drum coated with plastics: what is made decides.
    assert first(placer, "鱼钩尖端的磨削与镀层", "焊接、热处理、磨削，表面镀层") == "fishing-tackle"
    coated = "由聚碳酸酯、抗氧剂和树脂涂布"
    assert first(placer, "一种感光鼓及其涂布液", coated) == "office-automation"


def test_a_title_says_more_than_a_text_and_repeating_adds_nothing() -> None:
    lexicon = Lexicon([{"电机": 1.0}])
    in_title, in_text = lexicon.read("电机", "")[0], lexicon.read("", "电机")[0]
    assert in_title > in_text > 0
    assert lexicon.read("", "电机，电机，电机")[0] == in_text


def test_a_correction_moves_its_own_like_and_leaves_what_is_far(placer: Placer) -> None:
    wrong, far = record(0, "风电叶片表面打磨"), record(1, "海带育苗")
    evidence = placer.read([wrong, far])
    lean = learn(placer, placer.read([wrong] * 8), [("carbon-fibre",)] * 8)
    before = softmax(placer.log_odds(evidence))
    after = softmax(placer.log_odds(evidence) + lean.of(evidence.vectors))
    place = placer.codes.index("carbon-fibre")
    assert after[0, place] > before[0, place] + 0.1
    assert after[1].argmax() == before[1].argmax()


def test_without_corrections_nothing_moves(placer: Placer) -> None:
    evidence = placer.read([record(0, "轮胎")])
    assert not learn(placer, placer.read([]), []).of(evidence.vectors).any()


def test_targets_share_equally_and_an_empty_row_is_none(placer: Placer) -> None:
    wanted = targets(placer, [("tyres", "motors"), (), ("gone",)])
    assert wanted[0, placer.codes.index("tyres")] == 0.5
    assert wanted[1, placer.chains] == wanted[2, placer.chains] == 1


def test_a_perfect_placement_measures_one_and_the_worst_nothing(placer: Placer) -> None:
    labelled = Labelled(
        records=tuple(record(key) for key in range(8)),
        chains=(*((code,) for code in placer.codes[:4]), *((),) * 4),
    )
    right = targets(placer, labelled.chains)
    told = measure(placer, right, labelled)
    assert told.macro_f1.value == told.accuracy.value == 1
    assert told.ece.value == pytest.approx(0)
    assert measure(placer, np.roll(right, 6, axis=1), labelled).macro_f1.value == 0


def test_the_demo_worlds_own_chains_are_found(placer: Placer) -> None:
    demo = demo_labels(ROOT / "data" / "demo")
    stated = softmax(placer.log_odds(placer.read(demo.records)))
    assert measure(placer, stated, demo).macro_f1.value >= 0.75


def test_labels_without_their_texts_are_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(LabelsError, match="--bench"):
        read_labels(ROOT / "data/gold/chains.jsonl", tmp_path, "dev")


def test_labels_without_one_of_the_texts_name_it(tmp_path: Path) -> None:
    for name in ("real-demands.jsonl", "real-outcomes.jsonl"):
        (tmp_path / name).write_text("", encoding="utf-8")
    with pytest.raises(LabelsError, match=r"which .* labels"):
        read_labels(ROOT / "data/gold/chains.jsonl", tmp_path, "dev")


def test_no_held_out_record_is_known_under_another_number(shared: Path) -> None:
    titles = {
        part: {
            "".join(one.title.split())
            for one in read_labels(ROOT / "data/gold/chains.jsonl", shared / "bench", part).records
        }
        for part in ("test", "dev", "late", "more", "check", "rest")
    }
    held_out = titles.pop("test")
    assert {part: held_out & known for part, known in titles.items() if held_out & known} == {}


def test_what_teaches_the_reader_knows_no_held_out_title(shared: Path) -> None:
    gold = ROOT / "data" / "gold"
    test = read_labels(gold / "chains.jsonl", shared / "bench", "test")
    held_out = {"".join(one.title.split()) for one in test.records}
    written = (gold / "written.tsv").read_text(encoding="utf-8").splitlines()[1:]
    titles = read_titles(gold / "titles.jsonl", shared / "bench")
    assert len(titles) > 1_000
    assert not held_out & {"".join(row.split("\t")[1].split()) for row in written}
    assert not held_out & {"".join(one.title.split()) for one in titles.records}


def test_all_evidence_together_beats_each_kind_on_development_records(
    placer: Placer, shared: Path
) -> None:
    dev = read_labels(ROOT / "data/gold/chains.jsonl", shared / "bench", "dev")
    demo = demo_labels(ROOT / "data" / "demo")
    found = {
        name: measure(placer, stated, dev).macro_f1.value
        for name, stated in systems(placer, dev, demo, dev).stated.items()
    }
    assert found["together"] >= 0.8
    assert found["together"] > max(found[kind] for kind in ("dense", "lexical", "read"))
