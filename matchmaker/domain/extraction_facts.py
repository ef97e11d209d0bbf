"""Facts read out of a text: money, time, terms, chains, keywords."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from matchmaker.domain.form_labels import BOX, MARKED
from matchmaker.domain.plan import Plan
from matchmaker.domain.record import MONEY_HIGHEST
from matchmaker.domain.term import Vocabulary

_SYNONYMS: Final[Mapping[str, Mapping[str, str]]] = {
    "solution_mode": {
        "commissioned": "委托研发|委托开发|委托|commission",
        "joint": "合作研发|合作开发|联合研发|联合开发|联合攻关|产学研合作|共同研发|技术合作|合作|joint|co-develop",
        "transfer": "技术转让|成果转让|转让|transfer",
        "licence": "技术许可|专利许可|实施许可|许可|licen[cs]e",
        "acquisition": "技术引进|成果引进|引进|购买|acqui|purchase",
        "other": "其他|其它|技术咨询|技术服务|other",
    },
    "demand_kind": {
        "testing_pilot": "检测|中试|测试|检验|pilot|testing",
        "talent_team": "人才|团队引进|专家|talent",
        "joint_application": "联合申报|共同申报|joint application",
        "outcome_acquisition": "成果引进|技术引进|引进技术|引进成果|购买技术|acquisition",
        "product_upgrade": "产品升级|新产品|产品开发|升级换代|升级改造|product upgrade",
        "process_improvement": "工艺改进|工艺优化|工艺改造|技术改造|生产工艺|process improvement",
        "key_technology": "技术攻关|关键技术|技术难题|技术研发|攻关|研发|研制|开发|key technology",
    },
    "stage": {
        "mature": "成熟应用|产业化|批量生产|已应用|规模化|推广应用|mature|production",
        "middle": "中期|中试|样机|小批量|pilot|prototype",
        "early": "初期|小试|实验室|研究阶段|laborator|early",
    },
    "field": {
        "electronics": "电子|信息|软件|芯片|通信|人工智能|物联网|大数据|传感器|算法|光电",
        "aerospace": "航空|航天|无人机|飞行器|卫星",
        "manufacturing": "制造|机械|装备|机器人|焊接|数控|模具|激光|电机|自动化|加工|船舶|设备",
        "biomedicine": "医药|医疗|药物|制剂|诊断|生物|临床|植入|中药|疫苗",
        "materials": "材料|纤维|树脂|复合|合金|高分子|涂料|橡胶|陶瓷|预浸料|薄膜",
        "energy": "新能源|电池|光伏|储能|风电|氢能|节能|余热|热泵|燃料",
        "environment": "环保|污水|废水|废气|污染|固废|除尘|脱硫|脱硝|回收|垃圾|减排",
        "nuclear": "核电|核能|辐照|同位素|核应用",
        "agriculture": "农业|种植|养殖|育种|苗种|果蔬|海参|水产|饲料|农机|保鲜|苹果|花生|食品",
        "transport": "汽车|车辆|轨道|交通|高铁|航运|底盘",
        "urban": "城市|建筑|社区|养老|公共安全|给排水|市政|文旅",
    },
}  # fmt: skip
_AMOUNT: Final = r"(\d+(?:[,，]\d{3})*(?:\.\d+)?)"
_UNIT: Final = r"\s*(亿元?|千万元?|百万元?|万元?|元|million|yuan)?"
_MONEY: Final = re.compile(
    rf"(?P<bound>不超过|不高于|最多|以内|不低于|至少|至多|up to|at most|at least|over)?\s*(?:人民币|约|RMB|CNY)?\s*"
    rf"{_AMOUNT}{_UNIT}(?:\s*(?:-|—|–|~|～|至|到|to)\s*{_AMOUNT}{_UNIT})?\s*(?P<post>以内|以下|以上|左右)?"
)
_SIZES: Final = {
    "亿": Decimal(10_000), "千万": Decimal(1_000), "百万": Decimal(100), "万": Decimal(1),
    "元": Decimal("0.0001"), "yuan": Decimal("0.0001"), "million": Decimal(100),
}  # fmt: skip
_HAN_NUMBERS: Final = {
    "半": "0.5",
    "一": "1",
    "二": "2",
    "两": "2",
    "三": "3",
    "四": "4",
    "五": "5",
    "六": "6",
}
_SPAN: Final = re.compile(
    r"(?P<y>20\d{2})\s*[年./-]\s*(?P<m>\d{1,2})[月./-]?(?:\d{1,2}日?)?\s*(?:-|—|–|~|～|至|到|to)\s*"
    r"(?P<yy>20\d{2})\s*[年./-]\s*(?P<mm>\d{1,2})"
)
_STOP: Final = frozenset(
    "的了和与及或在是有为对于将使其该本这那等并而且可能够要需不以由从到被把后前中上下内"
)
_MOST_CHAINS: Final = 2
_TELLING: Final = 2


def term(written: str, vocabulary: Vocabulary) -> str | None:
    """The code that a cell names: the box that is ticked, else the only term that stands there."""
    if not written.strip():
        return None
    marked = [match["text"].strip() for match in MARKED.finditer(written)]
    if not marked and BOX.search(written):
        return None  # boxes, and none of them ticked
    for text in marked or [written]:
        exact = vocabulary.code_of(text.strip(" 。；;"))
        if exact:
            return exact
        named = [
            one.code
            for one in vocabulary.values()
            if one.zh in text or one.en.lower() in text.lower()
        ]
        if named:
            return named[0]
        found = _by_synonym(text, vocabulary.name)
        if found:
            return found
    return None


def _by_synonym(text: str, name: str) -> str | None:
    for code, words in _SYNONYMS.get(name, {}).items():
        if re.search(words, text, re.IGNORECASE):
            return code
    return None


def guess_kind(text: str) -> str | None:
    """The kind of demand that prose speaks of."""
    counts = _counts(text, "demand_kind")
    return max(counts, key=lambda code: counts[code]) if counts else None


def guess_mode(text: str) -> str | None:
    """The way of solution, where prose names one outright."""
    for code, words in (
        ("commissioned", "委托(?:高校|院所|研发|开发)|commission"),
        (
            "joint",
            "(?:合作|联合|共同)(?:研发|开发|攻关)|产学研合作|develop(?:ed)? (?:it )?(?:together|jointly)",
        ),
        ("transfer", "(?:技术|成果|专利)转让"),
        ("licence", "(?:技术|专利|实施)许可|licen[cs]e"),
        ("acquisition", "(?:技术|成果)引进|引进(?:技术|成果)|购买技术"),
    ):
        if re.search(words, text, re.IGNORECASE):
            return code
    return None


def guess_stage(text: str) -> str | None:
    """How far prose says that an outcome has come."""
    return _by_synonym(text, "stage")


def guess_field(text: str) -> str | None:
    """The technical field, when its words stand out."""
    counts = _counts(text, "field").most_common(2)
    if not counts or counts[0][1] < _TELLING:
        return None
    return None if len(counts) > 1 and counts[1][1] == counts[0][1] else counts[0][0]


def _counts(text: str, name: str) -> Counter[str]:
    found = {code: len(re.findall(words, text)) for code, words in _SYNONYMS[name].items()}
    return Counter({code: count for code, count in found.items() if count})


def chains(title: str, text: str, plan: Plan) -> list[str]:
    """At most two chains whose words stand in the text, the title's first; none where unclear."""
    scores: Counter[str] = Counter()
    for chain in plan.chain_by_code.values():
        words = [word for word in chain.keywords if word in text or word in title]
        if len(words) >= _TELLING or any(word in title for word in words):
            scores[chain.code] = len(words) + 2 * sum(word in title for word in words)
    best = scores.most_common(_MOST_CHAINS)
    return [code for code, score in best if score * 2 > best[0][1]] if best else []


def keywords(written: str, title: object, text: str, plan: Plan) -> list[str]:
    """The keywords that are given, else words of the plan and of the title that the text repeats."""
    given = listed(written)
    if given:
        return given
    counts: Counter[str] = Counter()
    for chain in plan.chain_by_code.values():
        for word in chain.keywords:
            if (count := text.count(word) + 2 * str(title).count(word)) > 0:
                counts[word] = max(counts[word], count)
    found = [word for word, _ in counts.most_common(5)]
    for word in _repeated(text):
        if not any(word in other or other in word for other in found):
            found.append(word)
    return found[:5]


def _repeated(text: str) -> list[str]:
    """Chinese terms of four to six characters that occur more than once, the longest first."""
    found: list[str] = []
    runs = re.findall(r"[\u4e00-\u9fff]{4,}", text[:6_000])
    for size in (6, 5, 4):
        pieces = Counter(run[i : i + size] for run in runs for i in range(len(run) - size + 1))
        for piece, count in pieces.most_common(30):
            if count > 1 and not _STOP & set(piece) and not any(piece in word for word in found):
                found.append(piece)
    return found[:3]


def listed(written: str) -> list[str]:
    """A list as people write it: parted by commas, semicolons, slashes, lines or wide blanks."""
    parts = re.split(r"[,，;；、/\n\t|]|\s{2,}|\u3000", written)
    if len(parts) == 1 and not re.search(r"[A-Za-z]", written):
        parts = written.split()
    kept = [re.sub(r"^\d{1,2}[.、)）]\s*", "", part).strip(" .。") for part in parts]
    return list(dict.fromkeys(part[:30] for part in kept if part))


def money(written: str) -> tuple[str, str]:
    """The least and the most of an amount in 万元, as texts; empty where nothing is said."""
    for match in _MONEY.finditer(written):
        bound, low, unit, high, high_unit, post = match.groups()
        unit = unit or high_unit or ("万元" if "万" in written else "")
        if not unit:
            continue
        first = _wan(low, unit)
        if high:
            return first, _wan(high, high_unit or unit)
        limit = f"{bound or ''}{post or ''}"
        if re.search(r"不低于|至少|以上|at least|over", limit):
            return first, ""
        return "", first
    return "", ""


def _wan(amount: str, unit: str) -> str:
    size = next(value for name, value in _SIZES.items() if unit.startswith(name))
    value = Decimal(amount.replace(",", "").replace("，", "")) * size
    if value > MONEY_HIGHEST:
        return ""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def money_sentence(text: str) -> str:
    """The part of prose that says what may be spent, if there is one."""
    found = re.search(
        r"(?:预算|经费|投入资金|拟投入|计划投入|愿意投入|投入|budget)[^。；;\n]{0,12}?\d[^。；;\n]{0,16}(?:元|万|亿|yuan|million)",
        text,
        re.IGNORECASE,
    )
    return found[0] if found else ""


def period_sentence(text: str) -> str:
    """The part of prose that says how long it may take, if there is one."""
    found = re.search(
        r"(?:周期|期限|时限|工期|希望在|力争在|计划在|期望在|within)\s*(?:约|为|不超过)?\s*"
        r"(?:\d+(?:\.\d+)?|[一二两三半])\s*(?:个月|年|months?|years?)(?:半)?(?:内|以内|之内)?",
        text,
        re.IGNORECASE,
    )
    return found[0] if found else ""


def months(written: str) -> str:
    """A time allowed in months, as text."""
    span = _SPAN.search(written)
    if span:
        count = 12 * (int(span["yy"]) - int(span["y"])) + int(span["mm"]) - int(span["m"])
        return str(count) if 1 <= count <= 240 else ""  # noqa: PLR2004 - the field's own bounds
    found = re.search(
        r"(\d+(?:\.\d+)?|[一二两三四五六半])\s*(个月|月(?!\d)|年|months?|years?)(半)?", written
    )
    if not found or re.match(r"(?:19|20)\d{2}$", found[1]):
        return ""
    amount = Decimal(_HAN_NUMBERS.get(found[1], found[1]))
    amount += Decimal("0.5") if found[3] else 0
    count = int(amount * (12 if found[2][0] in "年y" else 1))
    return str(count) if 1 <= count <= 240 else ""  # noqa: PLR2004 - as above
