"""A profile names nobody: organisations, persons, places below a city, numbers and contacts."""

from __future__ import annotations

import pytest

from matchmaker.domain.leak import identity
from matchmaker.domain.permissions import Actor
from matchmaker.domain.profile import BLOT, LONGEST, Names, may_export, nameless

NAMES = Names(
    own=identity("威海岱崖碳材有限公司", "Daiya Carbon Materials Co., Ltd.", "91371000MA3C00001X"),
    people=("沈知微", "Shen Zhiwei"),
    organisations=("东屿理工大学", "Dongyu Polytechnic"),
    places=("环翠区", "环翠", "Huancui"),
)


@pytest.mark.parametrize(
    ("text", "told", "kind"),
    [
        ("Developed by Daiya Carbon Materials Co., Ltd. since 2019.", "Daiya", "organisation"),
        ("Tested at Dongyu Polytechnic on 30 samples.", "Dongyu", "organisation"),
        ("Tested at the University of Somewhere and Elsewhere.", "Somewhere", "organisation"),
        ("Used by Northwind Marine Institute of Technology.", "Northwind", "organisation"),
        ("岱崖碳材的产线正在使用。", "岱崖", "organisation"),
        ("在海蓝师范大学做过试验。", "海蓝师范", "organisation"),
        ("The team of Prof. Li Wei has ten years of work.", "Li Wei", "person"),
        ("Led by shen  zhiwei.", "zhiwei", "person"),
        ("由沈知微牵头。", "沈知微", "person"),
        ("王小明教授团队研制。", "王小明", "person"),
        ("A pilot line in Huancui District.", "Huancui", "place"),
        ("中试线位于文登区。", "文登", "place"),
        ("The plant is at 12 Garden Road.", "Garden", "place"),
        ("Protected by CN112233445A.", "112233445", "number"),
        ("Write to info@example.com.", "example", "contact"),
        ("电话：0631-5200000", "5200000", "contact"),
    ],
)
def test_what_names_somebody_is_held_back_and_counted(text: str, told: str, kind: str) -> None:
    made = nameless({"summary_en": text}, NAMES)
    assert told.casefold() not in made.texts["summary_en"].casefold()
    assert BLOT in made.texts["summary_en"]
    assert made.held[kind] >= 1


@pytest.mark.parametrize(
    "text",
    [
        "Prepreg that cures in five minutes at 120 °C; the porosity stays below 1 %.",
        "A one-component epoxy with a latent hardener, for press forming of shells.",
        "固化时间由40分钟缩短到5分钟，孔隙率不高于1%，适用于模压成型的壳体。",
        "某企业已试用，国内高校也在研究该区域的温度分布。",
        "TRL 6, IPC C08J 5/24, ISO 14125, tested on 30 parts in three series.",
    ],
)
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    made = nameless({"summary": text}, NAMES)
    assert made.texts == {"summary": text}
    assert not made.held


def test_every_text_is_cut_to_what_a_page_bears() -> None:
    text = nameless({"a": "x" * 5_000}, NAMES).texts["a"]
    assert LONGEST - len(BLOT) < len(text) <= LONGEST
    assert text.endswith("…")


@pytest.mark.parametrize(
    "name",
    [
        "Daiya Carbon Materials Co., Ltd.",
        "Prof. Li Wei",
        "Shen Zhiwei",
        "Dongyu Polytechnic",
        "info@example.com",
        "13812345678",
    ],
)
def test_no_part_of_a_name_is_left_by_the_cut(name: str) -> None:
    whole = nameless({"a": f"word {name}"}, NAMES).texts["a"]
    assert whole.startswith(f"word {BLOT}")
    for before in range(LONGEST - len(name) - 8, LONGEST + 1):
        start = ("word " * LONGEST)[: before - 1] + " "
        made = nameless({"a": f"{start}{name} {'word ' * 40}"}, NAMES).texts["a"]
        assert len(made) <= LONGEST
        rest = made.removeprefix(start.rstrip()).strip()
        assert start.startswith(made.rstrip("…").rstrip()) or rest.startswith(BLOT), rest


class Record:
    """The part of a record that permissions look at."""

    state = "published"
    organisation_id = 7
    author_id = 1
    recipient_ids: frozenset[int] = frozenset({9})

    def __init__(self, disclosure: str) -> None:
        self.disclosure = disclosure


def test_of_a_directed_demand_only_its_own_people_make_one() -> None:
    own = Actor(user_id=1, role="company", organisation_id=7, verified=True)
    broker = Actor(user_id=2, role="broker", organisation_id=8, verified=True)
    recipient = Actor(user_id=3, role="researcher", organisation_id=9, verified=True)
    for disclosure, expected in (
        ("public", (True, True, False)),
        ("anonymous", (True, True, False)),
        ("directed", (True, False, False)),
    ):
        record = Record(disclosure)
        found = tuple(may_export(one, "demand", record) for one in (own, broker, recipient))
        assert found == expected, disclosure
