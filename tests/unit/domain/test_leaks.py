"""What would name an anonymous company is found, and ordinary engineering prose is left alone."""

from __future__ import annotations

import pytest

from matchmaker.domain.leak import find_leaks, identity

OWN = identity("威海海源复合材料有限公司", "Haiyuan Composites Co., Ltd.", "91371000MA3C0AAAA1")


def _codes(text: str) -> list[str]:
    return [leak.code for leak in find_leaks({"problem": text}, OWN)]


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("威海海源复合材料有限公司的模压线", "own_name", "威海海源复合材料有限公司"),
        ("威海 海源复合材料 有限公司", "own_name", "威海 海源复合材料 有限公司"),
        ("海源的模压线周期长", "own_short_name", "海源"),
        ("海源复合材料的模压线", "own_short_name", "海源复合材料"),
        ("the line at Haiyuan is slow", "own_short_name", "Haiyuan"),
        ("设备购自青岛某地精工机械股份有限公司", "company", "青岛某地精工机械股份有限公司"),
        ("树脂由虚拟树脂集团供应，后改用晨星集团的产品", "company", "晨星集团"),
        ("The resin comes from Northwind Polymers Co., Ltd.", "company", None),
        ("目前使用三星牌树脂", "brand", "三星牌"),
        ("“飞鱼”牌钓竿", "brand", "“飞鱼”牌"),
        ("采用Epolite®树脂", "brand", None),
        ("详见 https://example.com/a?b=1 。", "url", "https://example.com/a?b=1"),
        ("见 www.example.cn", "url", "www.example.cn"),
        ("网站haiyuan-test.com有介绍", "url", None),
        ("请发邮件到 li.si@example.org", "email", "li.si@example.org"),
        ("联系 13812345678", "phone", "13812345678"),
        ("联系 138 1234 5678", "phone", "138 1234 5678"),
        ("电话0631-5200000", "phone", None),
        ("微信：abc12345", "phone", None),
        ("联系人：张三丰", "person", "联系人:张三丰"),
        ("已有专利ZL202010123456.7", "patent", "ZL202010123456.7"),
        ("申请号 202310123456.X", "patent", "202310123456.X"),
        ("公开号CN112345678A", "patent", "CN112345678A"),
        ("see US 10,123,456 B2", "patent", None),
        ("信用代码91371000MA3C0AAAA1", "credit_code", "91371000MA3C0AAAA1"),
        ("厂址在威海市环翠区和平路12号", "address", None),
        ("at 12 Harbour Road", "address", "12 Harbour Road"),
    ],
)
def test_what_identifies_is_found(text: str, code: str, words: str | None) -> None:
    found = [leak for leak in find_leaks({"problem": text}, OWN) if leak.code == code]
    assert found, find_leaks({"problem": text}, OWN)
    assert found[0].field == "problem"
    if words is not None:
        assert words in [leak.words for leak in found]


@pytest.mark.parametrize(
    "text",
    [
        "我公司现有模压线，单件成型周期25分钟，孔隙率高，合格率只有七成。",
        "本公司与某有限公司合作过，效果不好。",
        "材料牌号为T700，品牌不限，名牌产品优先。",
        "产品铭牌与车牌识别，招牌工艺，老牌设备。",
        "控制电路3号端子，管路2号阀，线路12号杆，气路1号接头。",
        "长度13800毫米，编号20230101，转速15000 r/min，压力0.05-0.10 MPa。",
        "电压0.4-10kV，温度0120-1500000次循环。",
        "图1.2.3所示，版本3.5.1，GB/T 1040.1-2018，ISO 9001:2015。",
        "CN连接器、US标准接口、EP2000型。",
        "先进高分子材料与复合材料，海洋工程用。",
        "目前国内同类技术依赖进口，成本高。",
        "集团军式研发、大型企业集团",
        "pressure vessel used in trucks; cycle time 25 min; e.g. resin no. 3.",
        "The company needs a faster process, and the group of parts is large.",
        "采用PLC/DCS控制，数据上传到服务器，C/C++与node.js编写。",
    ],
)
def test_ordinary_prose_is_left_alone(text: str) -> None:
    assert _codes(text) == []


def test_only_what_is_beyond_doubt_cannot_be_confirmed() -> None:
    text = "威海海源复合材料有限公司 li@example.org 13812345678 91371000MA3C0AAAA1 海源 三角牌轮胎"
    certain = {leak.code: leak.certain for leak in find_leaks({"title": text}, OWN)}
    assert certain == {
        "own_name": True,
        "email": True,
        "phone": True,
        "credit_code": True,
        "own_short_name": False,
        "brand": False,
    }


def test_a_confirmation_holds_for_its_field_and_words_alone() -> None:
    leaks = find_leaks({"title": "海源", "problem": "海源与海源"}, OWN)
    assert [leak.key for leak in leaks] == [
        "title|own_short_name|海源",
        "problem|own_short_name|海源",
    ]


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("虚构海源公司", "海源"),
        ("山东天瑞新材料科技股份有限公司", "天瑞"),
        ("荣成市蓝湾海洋食品有限公司", "蓝湾"),
        ("蓝湾（威海）食品有限公司", "蓝湾"),
    ],
)
def test_short_forms_are_made_from_a_name(name: str, short: str) -> None:
    assert short in identity(name).short


def test_a_name_of_common_words_makes_no_short_form() -> None:
    assert "智能" not in identity("威海智能科技有限公司").short
