"""Fields are filled from a paragraph or a filled-in form; contact data never is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matchmaker.domain.contact_data import without_contacts
from matchmaker.domain.demand import clean_demand
from matchmaker.domain.extraction import extract
from matchmaker.domain.extraction_facts import listed, money, months, term
from matchmaker.domain.form_labels import field_of
from matchmaker.domain.outcome import clean_outcome
from matchmaker.domain.plan import Plan
from matchmaker.domain.vocabulary import DEMAND_KINDS, SOLUTION_MODES

ROOT = Path(__file__).resolve().parents[3]
PLAN = Plan.from_data(json.loads((ROOT / "data/plan/plan.json").read_text(encoding="utf-8")))
PARAGRAPH = (
    "我公司目前采用热压罐成型风电叶片用碳纤维构件，单件成型周期25分钟，合格率只有七成。"
    "希望寻求一种大尺寸碳纤维构件快速模压成型技术，成型周期缩短到8分钟以内，孔隙率不高于1%。"
    "关键在于快速固化树脂体系和模具温度控制。不更换现有压机。"
    "预算80-120万元，希望在12个月内完成，可与高校合作研发。联系人：张三，电话13812345678。"
)
FORM = [
    ("威海市企业技术需求征集表",),
    ("企业名称", "虚构海源公司", "联系人", "张三"),
    ("联系电话", "13812345678", "电子邮箱", "zhang@example.org"),
    ("一、需求名称", "碳纤维预浸料快速固化", "碳纤维预浸料快速固化"),
    ("需求类型", "☑技术攻关 □成果引进 □产品升级"),
    ("主要问题（500字以内）", "现有预浸料固化需90分钟，能耗高。"),
    ("技术关键：", "潜伏性固化剂。"),
    ("预期目标", "固化时间≤10分钟；玻璃化温度≥120℃。"),
    ("关键词", "预浸料；快速固化、碳纤维"),
    ("投入资金", "50-80万元", "合作方式", "□委托研发 ☑合作开发"),
    ("时限要求", "1年半"),
]


def test_a_paragraph_fills_the_fields_by_what_its_sentences_say() -> None:
    found = extract("demand", [(PARAGRAPH,)], PLAN)
    values = found.values
    assert values["title"] == "大尺寸碳纤维构件快速模压成型技术"
    assert "合格率只有七成" in str(values["problem"])
    assert "8分钟以内" in str(values["target"])
    assert values["key_technology"] == "关键在于快速固化树脂体系和模具温度控制。"
    assert values["constraints"] == "不更换现有压机。"
    assert (values["budget_min"], values["budget_max"]) == ("80", "120")
    assert values["period_months"] == "12"
    assert values["solution_mode"] == "joint"
    assert values["chains"] == ["carbon-fibre"]
    assert values["field"] == "materials"
    assert [one.text for one in found.indicators] == ["成型周期 ≤8 分钟", "孔隙率 ≤1 %"]
    assert set(found.filled) == {*values, "indicators"}


def test_an_english_paragraph_is_read_too() -> None:
    text = (
        "Our press line is too slow today: 25 minutes a part. We are looking for a fast-curing "
        "resin system with a cycle time of at most 8 minutes. The budget is 800,000 yuan."
    )
    values = extract("demand", [(text,)], PLAN).values
    assert values["title"] == "fast-curing resin system"
    assert "25 minutes" in str(values["problem"])
    assert "at most 8 minutes" in str(values["target"])
    assert values["budget_max"] == "80"


def test_a_collection_form_is_read_by_its_headings() -> None:
    found = extract("demand", FORM, PLAN)
    assert found.values == {
        "title": "碳纤维预浸料快速固化",
        "problem": "现有预浸料固化需90分钟，能耗高。",
        "key_technology": "潜伏性固化剂。",
        "target": "固化时间≤10分钟；玻璃化温度≥120℃。",
        "keywords": "预浸料\n快速固化\n碳纤维",
        "chains": ["carbon-fibre"],
        "field": "materials",
        "kind": "key_technology",
        "solution_mode": "joint",
        "budget_min": "50",
        "budget_max": "80",
        "period_months": "18",
    }
    assert [one.text for one in found.indicators] == ["固化时间 ≤10 分钟", "玻璃化温度 ≥120 ℃"]


@pytest.mark.parametrize("lines", [FORM, [(PARAGRAPH,)]])
def test_contact_data_is_never_taken_over(lines: list[tuple[str, ...]]) -> None:
    written = json.dumps(extract("demand", lines, PLAN).values, ensure_ascii=False)
    for secret in ("张三", "13812345678", "zhang@example.org", "虚构海源公司"):
        assert secret not in written


def test_headings_above_their_text_and_in_columns_are_understood() -> None:
    above = [("需求名称",), ("快速固化预浸料",), ("主要问题",), ("固化慢。",), ("能耗高。",)]
    values = extract("demand", above, PLAN).values
    assert (values["title"], values["problem"]) == ("快速固化预浸料", "固化慢。\n能耗高。")
    columns = [
        ("需求名称", "主要问题", "预期目标", "投入资金", "联系人"),
        ("快速固化预浸料", "固化慢", "固化时间≤10min", "100万元", "王五"),
    ]
    values = extract("demand", columns, PLAN).values
    assert (values["title"], values["problem"]) == ("快速固化预浸料", "固化慢")
    assert values["budget_max"] == "100"
    assert "王五" not in str(values)


def test_an_outcomes_abstract_is_read_likewise() -> None:
    text = (
        "快速固化环氧预浸料及其模压成型技术\n针对热固性复合材料成型周期长、孔隙率高的问题，本成果开发了潜伏性固化剂体系，"
        "120℃下固化时间不超过5分钟。与热压罐工艺相比，成型周期缩短80%。已完成中试。"
    )
    found = extract("outcome", [(text,)], PLAN)
    assert found.values["title"] == "快速固化环氧预浸料及其模压成型技术"
    assert "潜伏性固化剂" in str(found.values["summary"])
    assert "成型周期长" in str(found.values["problem_solved"])
    assert "相比" in str(found.values["advantage"])
    assert found.values["stage"] == "middle"
    assert found.indicators[0].text == "固化时间 ≤5 分钟 (120℃)"


def test_what_is_too_long_for_its_field_goes_on_in_the_description() -> None:
    long = "".join(f"目前第{number}道工序合格率低，问题多。" for number in range(60))
    values = extract("demand", [("主要问题", long)], PLAN).values
    assert len(str(values["problem"])) <= 500
    joined = f"{values['problem']}{values['description']}"
    assert joined.replace("\n", "") == long


def test_a_document_without_text_gives_nothing() -> None:
    assert extract("demand", [("", " "), ("\x07",)], PLAN).filled == ()
    assert extract("demand", [("联系电话", "13812345678")], PLAN).filled == ()


WORDS = st.text(
    alphabet="主要问题：预期目标关键词投入资金50-万元□☑合作方式\n。，目前希望≥8%ab\x00\x07",
    max_size=80,
)


@settings(deadline=None)
@given(st.lists(st.lists(WORDS, min_size=1, max_size=4).map(tuple), max_size=8))
def test_whatever_is_uploaded_fills_a_form_that_can_be_saved(lines: list[tuple[str, ...]]) -> None:
    for noun, clean in (("demand", clean_demand), ("outcome", clean_outcome)):
        found = extract(noun, lines, PLAN)
        if found.values:
            raw = {"title": "?", **found.values, "indicators": ()}
            clean(raw, chains=PLAN.chain_by_code, regions=PLAN.region_by_code)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("50-80万元", ("50", "80")),
        ("约100万元", ("", "100")),
        ("不超过0.5亿元", ("", "5000")),
        ("500,000元", ("", "50")),
        ("至少30万元", ("30", "")),
        ("面议", ("", "")),
        ("20至30万", ("20", "30")),
    ],
)
def test_amounts_are_read_in_wan(written: str, expected: tuple[str, str]) -> None:
    assert money(written) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("12个月", "12"),
        ("一年", "12"),
        ("1年半", "18"),
        ("2026年1月-2027年6月", "17"),
        ("半年内", "6"),
        ("2027年12月前", ""),
        ("尽快", ""),
    ],
)
def test_times_are_read_in_months(written: str, expected: str) -> None:
    assert months(written) == expected


def test_ticked_boxes_decide_and_empty_ones_say_nothing() -> None:
    assert term("□委托研发 √技术转让 □许可", SOLUTION_MODES) == "transfer"
    assert term("□委托研发 □技术转让", SOLUTION_MODES) is None
    assert term("联合攻关", SOLUTION_MODES) == "joint"
    assert term("工艺改进", DEMAND_KINDS) == "process_improvement"


def test_headings_are_known_with_numbers_and_hints() -> None:
    assert field_of("demand", "三、预期目标（限500字）：") == "target"
    assert field_of("demand", "主要 问题") == "problem"
    assert field_of("demand", "我们的主要问题是固化慢") is None


def test_lists_are_parted_as_people_write_them() -> None:
    assert listed("碳纤维、预浸料；快速固化") == ["碳纤维", "预浸料", "快速固化"]
    assert listed("1.碳纤维\n2.模压") == ["碳纤维", "模压"]


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("固化慢。联系电话：0631-5200000。能耗高。", "固化慢。能耗高。"),
        ("固化要90分钟，希望10分钟以内，电话13812345678。", "固化要90分钟，希望10分钟以内。"),
        ("希望把固化时间降到10分钟以内联系电话13812345678", "希望把固化时间降到10分钟以内"),
        ("联系人：张三 电话：13812345678，每吨耗电1,200度。", "每吨耗电1,200度。"),
        ("我公司（电话：0631-5200000，邮箱 a@b.cn）焊接变形大", "我公司焊接变形大"),
        ("QQ 12345678，微信同号。请加微信wh_tech88。需要新材料。", "需要新材料。"),
        ("通讯地址：威海市文化西路2号，邮编264200。需要降噪。", "需要降噪。"),
        ("It cracks. Call Mr Wang at 13812345678. We need 5 mm.", "It cracks.  We need 5 mm."),
        ("希望把固化时间降到10分钟请致电13812345678", "希望把固化时间降到10分钟"),
        (
            "We need a resin that cures fast or write to a@b.com.",
            "We need a resin that cures fast.",
        ),
        ("请联系王经理13812345678", ""),
    ],
)
def test_contact_data_goes_and_the_rest_of_the_sentence_stays(written: str, kept: str) -> None:
    assert without_contacts(written) == kept


@pytest.mark.parametrize(
    "text",
    [
        "开发微信小程序，手机屏幕强度800MPa，座机噪声75dB。",
        "手机：良率92%。样品20231234567，电机12000r/min。",
        "A phone screen survives 10000000 cycles, no less.",
    ],
)
def test_what_only_looks_like_contact_data_stays(text: str) -> None:
    assert without_contacts(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "我公司固化时间要90分钟，希望降到10分钟以内，电话13812345678。",
        "联系电话：13812345678，我公司固化时间要90分钟，希望降到10分钟以内。",
        "企业名称：虚构海源公司。我公司固化时间要90分钟，希望降到10分钟以内。",
    ],
)
def test_a_sentence_is_read_whatever_stands_before_or_behind_it(text: str) -> None:
    found = extract("demand", [(text,)], PLAN)
    assert found.values["target"] == "我公司固化时间要90分钟，希望降到10分钟以内。"
    assert found.contacts_left_out == ("电话" in text)
    assert "虚构海源" not in str(found.values)
