"""Near-duplicates are told from different records: by cases, and by altered copies of a collection.

The measurement alters records in fifteen ways (``alterations.py``) and searches originals and
copies together. Precision counts every pair that was not made so as false, although some natural
neighbours are near-duplicates indeed.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from random import Random

import pytest

from matchmaker.matching.duplicate_index import DuplicateIndex, find_pairs
from matchmaker.matching.duplicates import Content, core, likeness, overlap, title_likeness
from matchmaker.matching.shingles import compact, shingles
from tests.unit.matching.alterations import ALTERATIONS

ROOT = Path(__file__).resolve().parents[3]
Record = tuple[str, str]

TEXT = (
    "采用磁过滤阴极弧在低于180摄氏度下沉积类金刚石保护膜，用于热敏打印头，硬度高、摩擦系数低。"
    "打印头表面在砂粒和高温下磨穿、返修频繁的问题因此得到解决。与氧氮化硅保护层相比寿命提高两倍，"
    "热响应不变，可在现有产线上实施，无需增加真空腔体。"
)
OTHER = (
    "以三芳胺衍生物与交联黏结剂构成电荷传输层，高湿下电位衰减小，使用寿命超过九万页。涂布液不含卤代"
    "溶剂，干燥温度降低十五摄氏度；在沿海高湿地区连续运行半年后，印品底灰仍低于可见限度。"
)


def alike(one: Record, other: Record) -> bool:
    found = likeness(Content(*one), Content(*other))
    assert found == likeness(Content(*other), Content(*one)), "the order must not matter"
    return found is not None


@pytest.mark.parametrize("kind", ALTERATIONS)
def test_an_altered_copy_is_nearly_the_same(kind: str) -> None:
    record = ("热敏打印头类金刚石耐磨保护膜的制备方法", TEXT)
    assert alike(record, ALTERATIONS[kind](*record, Random(5)))  # noqa: S311 - repeatable


def test_the_same_record_is_wholly_alike() -> None:
    assert likeness(Content("类金刚石保护膜", TEXT), Content("类金刚石保护膜", TEXT)) == 1.0


def test_one_title_over_wholly_different_texts_is_no_duplicate() -> None:
    assert not alike(("一种保护膜", TEXT), ("一种保护膜", OTHER))


@pytest.mark.parametrize("text", ["", "无", "详见附件", TEXT])
def test_one_title_over_an_empty_text_is_a_duplicate(text: str) -> None:
    assert alike(("一种类金刚石保护膜的制备方法", text), ("类金刚石保护膜制备方法及装置", ""))


def test_titles_alone_must_say_the_same() -> None:
    assert not alike(("自动上料装置", ""), ("自动下料装置", ""))
    assert not alike(("屈服强度430MPa的钢板", ""), ("屈服强度480MPa的钢板", ""))
    assert not alike(("碳纤维缠绕方法", ""), ("玻璃纤维缠绕方法", ""))


def test_a_short_text_that_says_something_else_is_another_record() -> None:
    assert not alike(("密封条", "需要耐寒的橡胶配方"), ("密封条", "寻求自动装配设备"))
    assert alike(("密封条", "需要耐寒的橡胶配方"), ("密封条", "需要耐寒橡胶配方。"))


def test_a_text_kept_under_another_title_is_a_duplicate() -> None:
    assert alike(("热敏打印头耐磨保护膜", TEXT), ("DLC涂层技术成果转化", TEXT))


def test_a_sentence_exchanged_for_another_under_one_title_is_a_duplicate() -> None:
    whole = f"{TEXT}{OTHER}"
    dropped = whole.replace("打印头表面在砂粒和高温下磨穿、返修频繁的问题因此得到解决。", "")
    changed = f"{dropped}团队愿意以许可或合作的方式转化，并提供中试样品和工艺培训。"
    assert alike(("类金刚石保护膜", whole), ("类金刚石保护膜", changed))
    assert not alike(
        ("类金刚石保护膜", whole), ("打印头驱动电路", f"{changed}另有四种驱动电路可供选配。")
    )


def test_boilerplate_that_two_short_texts_share_makes_no_duplicate() -> None:
    polite = "详情见附件，欢迎高校院所来人来函洽谈合作，具体事宜面议。"
    assert not alike(("海参育苗水质调控", polite), ("轮胎硫化节能改造", polite))


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [("430MPa", "480MPa"), ("HER3", "HER1"), ("皮带轮", "齿圈"), ("黄芩苷", "葛根素")],
)
def test_records_of_a_series_are_told_apart(mine: str, theirs: str) -> None:
    def one(part: str) -> Record:
        text = (
            f"本成果涉及含{part}的传动部件。先把{part}与基体定位，再以激光焊接相连，最后整体回火。"
            f"由于{part}在焊接时受热均匀，部件变形小、疲劳寿命长，适合批量生产。"
        )
        return f"含{part}的传动部件及其制造方法", text

    assert not alike(one(mine), one(theirs))


def test_a_title_that_only_loses_its_number_stays_a_duplicate() -> None:
    text = f"{TEXT}保护膜硬度达到22GPa。"
    assert alike(("22GPa类金刚石保护膜", text), ("类金刚石保护膜", text))


def test_english_texts_share_letters_and_are_different_all_the_same() -> None:
    sensor = (
        "A sensor made of printed electrodes measures the corrosion of steel pipelines under wet "
        "insulation and reports the loss of wall thickness by radio once a day for ten years."
    )
    inhibitor = (
        "The inhibitor is made from plant extracts and lowers the corrosion of copper alloys in "
        "open cooling circuits by ninety percent at a dose of ten milligrams in the litre."
    )
    one, other = ("Corrosion sensor for pipelines", sensor), ("Corrosion inhibitor", inhibitor)
    assert not alike(one, other)
    assert overlap(Content(*one), Content(*other)).contained < 0.2
    assert alike(one, (one[0].upper(), one[1].replace("steel", "metal").replace("once a", "each")))


def test_a_decimal_point_counts_and_other_marks_do_not() -> None:
    assert compact("Ａ－B 1.5 mm。") == "ab1.5mm"
    assert compact("1.5") != compact("15")


def test_a_core_has_no_empty_words() -> None:
    assert core("一种保护膜的制备方法及装置") == core("保护膜制备方法") == "保护膜制备方法"
    assert core("应用") == "应用"


@pytest.mark.parametrize(
    "letters", ["", "膜", "类金刚石保护膜", "abc膜1.5gpaカーボン접착", "x" * 40]
)
def test_equal_stretches_have_equal_hashes_and_others_do_not(letters: str) -> None:
    hashes, ends = shingles(letters, 3)
    stretches = [letters[begin:end] for begin, end in enumerate(ends)]
    assert len(set(stretches)) == len(set(hashes.tolist()))
    again, _ = shingles(f"前{letters}", 3)
    if letters and len(hashes) > 1:
        assert again[1:].tolist() == hashes.tolist()


def test_a_latin_shingle_is_three_times_as_long() -> None:
    assert shingles("abcdefghij", 3)[1].tolist() == [9, 10]
    assert shingles("类金刚石", 3)[1].tolist() == [3, 4]


def test_many_copies_are_paired_with_the_first() -> None:
    crowd = [("保护膜", TEXT)] * 30
    assert [(pair.first, pair.second) for pair in find_pairs(crowd)] == [
        (0, place) for place in range(1, 30)
    ]
    assert len(find_pairs(crowd[:4])) == 6


def test_nothing_is_found_in_nothing() -> None:
    assert find_pairs([]) == []
    assert find_pairs([("保护膜", "")]) == []
    assert DuplicateIndex().candidates(Content("保护膜", TEXT)) == []


def test_progress_tells_of_every_record_twice() -> None:
    told: list[int] = []
    find_pairs([("甲", TEXT), ("乙", OTHER), ("甲", TEXT)], progressed=told.append)
    assert sum(told) == 6


def demo() -> list[Record]:
    """Titles and texts of the demo world, the shortest texts left out."""
    found = []
    for noun in ("outcomes", "demands"):
        path = ROOT / "data" / "demo" / f"{noun}.jsonl"
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            names = (
                "summary",
                "problem_solved",
                "advantage",
                "problem",
                "key_technology",
                "target",
            )
            found.append((row["title"], "".join(row.get(name, "") for name in names)))
    return found


def real(shared: Path, name: str) -> list[Record]:
    """Titles and texts of real records; of exact copies the first only."""
    lines = (shared / "bench" / name).read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    return list(dict.fromkeys((row["title"], row["text"]) for row in rows))


def inject(
    records: list[Record], share: float, seed: int
) -> tuple[list[Record], dict[tuple[int, int], str]]:
    """The records with altered copies of a share of them, and which pairs are which kind's."""
    rng = Random(seed)  # noqa: S311 - repeatable
    kinds = list(ALTERATIONS)
    made, truth = list(records), {}
    chosen = rng.sample(range(len(records)), int(share * len(records)))
    for turn, place in enumerate(chosen):
        kind = kinds[turn % len(kinds)]
        truth[place, len(made)] = kind
        made.append(ALTERATIONS[kind](*records[place], rng))
    return made, truth


def measure(
    records: list[Record], share: float, seed: int
) -> tuple[float, float, dict[str, float]]:
    """Precision, recall, and recall of each kind of copy."""
    made, truth = inject(records, share, seed)
    found = {(pair.first, pair.second) for pair in find_pairs(made)}
    asked, met = Counter(truth.values()), Counter(truth[pair] for pair in found & truth.keys())
    by_kind = {kind: met[kind] / asked[kind] for kind in asked}
    return len(found & truth.keys()) / len(found), len(found & truth.keys()) / len(truth), by_kind


def test_copies_injected_into_the_demo_world_are_found() -> None:
    precision, recall, by_kind = measure(demo(), 1.0, seed=11)
    assert precision >= 0.98, by_kind
    assert recall >= 0.95, by_kind


@pytest.mark.parametrize(
    ("name", "share"), [("real-outcomes.jsonl", 0.4), ("real-demands.jsonl", 1.0)]
)
def test_copies_injected_into_real_records_are_found(shared: Path, name: str, share: float) -> None:
    precision, recall, by_kind = measure(real(shared, name), share, seed=12)
    assert precision >= 0.98
    assert recall >= 0.95
    assert min(by_kind.values()) >= 0.9, by_kind


def test_among_real_outcomes_only_neighbours_with_nearly_one_text_are_pairs(shared: Path) -> None:
    records = real(shared, "real-outcomes.jsonl")
    pairs = find_pairs(records)
    assert len(pairs) < 0.005 * len(records)
    for pair in pairs:
        one, other = Content(*records[pair.first]), Content(*records[pair.second])
        assert title_likeness(one, other) == 1.0 or overlap(one, other).contained > 0.7


def test_the_index_finds_what_the_search_of_everything_finds() -> None:
    records, _ = inject(demo(), 0.5, seed=13)
    pairs = {(pair.first, pair.second) for pair in find_pairs(records)}
    contents = [Content(*record) for record in records]
    index = DuplicateIndex(enumerate(contents[:100]))
    for key in range(100, len(contents)):
        index.put(key, contents[key])
    found = {
        (min(key, other), max(key, other))
        for key, content in enumerate(contents)
        for other in index.candidates(content)
        if other != key and likeness(content, contents[other]) is not None
    }
    assert found == pairs


def test_the_index_follows_what_is_changed_and_taken_away() -> None:
    one, other = Content("保护膜", TEXT), Content("感光鼓", OTHER)
    index = DuplicateIndex([(1, one), (2, other)])
    assert index.candidates(one) == [1]
    index.put(2, one)
    assert index.candidates(one) == [1, 2]
    assert index.candidates(other) == []
    index.drop(1)
    index.drop(7)
    assert index.candidates(one) == [2]
    assert len(index) == 1
