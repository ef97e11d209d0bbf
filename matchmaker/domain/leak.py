"""What would tell in a public text who stands behind an anonymous record.

A finding names the field and the words. Words that identify beyond doubt (the own registered name,
the own credit code, an e-mail address, a telephone number) have to go; whatever might be
something else may be kept when the author confirms exactly these words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

_MOST: Final = 50
_READ: Final = 25_000
_SHORTEST_CORE: Final = 2
_SHORTEST_LATIN: Final = 4


@dataclass(frozen=True, slots=True)
class Leak:
    """Words in a field that point to somebody; ``certain`` ones cannot be confirmed away."""

    field: str
    code: str
    words: str
    certain: bool

    @property
    def key(self) -> str:
        """What a confirmation names: it holds for these words in this field alone."""
        return f"{self.field}|{self.code}|{self.words}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """How an organisation may be called: in full, and in forms made from its name."""

    full: tuple[str, ...]
    short: tuple[str, ...]
    credit_code: str


_HAN: Final = r"\u4e00-\u9fff"
_LEGAL: Final = "股份有限公司|有限责任公司|集团有限公司|有限公司|集团公司|股份公司|分公司|总公司|公司|集团|研究院|研究所|总厂|工厂|厂"
_PLACES: Final = re.compile(
    rf"^(?:(?:中国|山东|威海|荣成|乳山|文登|环翠|青岛|烟台|济南|北京|上海|深圳|广州|江苏|浙江|广东|河南)(?:省|市|区)?"
    rf"|[{_HAN}]{{2,3}}(?:省|市|县|区))+"
)
_TRADES: Final = re.compile(
    r"(?:科技|技术|新材料|复合材料|材料|机械|机电|电子|电气|电机|电器|生物|医药|药业|医疗|器械|食品|水产|海洋|船舶|重工|工业|实业"
    r"|制造|装备|设备|精密|智能|信息|软件|网络|环保|环境|能源|新能源|化工|橡胶|轮胎|纺织|服装|服饰|渔具|钓具|汽车|车辆|激光|光电"
    r"|农业|发展|股份|国际|贸易|工程|控股|产业|虚构)+$"
)
# Words that a stripped name may happen to be; they identify nobody.
_COMMON: Final = frozenset(
    [
        "海洋",
        "科技",
        "材料",
        "机械",
        "电子",
        "智能",
        "创新",
        "未来",
        "世界",
        "中国",
        "东方",
        "工业",
        "技术",
        "先进",
        "高新",
        "精密",
        "绿色",
        "健康",
        "生物",
        "国际",
        "华东",
    ]
)
_NOBODY: Final = rf"(?<![{_HAN}])(?:某|本|我|该|贵|××|XX|xx|虚拟|一家|几家|多家|两家|大型|国内|国外|龙头|上述|供应商)"
_TYPES: Final = {
    "email": re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+"),
    "url": re.compile(
        r"(?:https?://|www\.)[^\s，。；、）)]+"
        r"|(?<![A-Za-z0-9@./_-])[a-z0-9][a-z0-9-]{1,62}\.(?:com|cn|net|org|edu|gov|tech|shop|top|vip|io)"
        r"(?:\.cn)?(?![A-Za-z0-9-])",
        re.IGNORECASE,
    ),
    "phone": re.compile(
        r"(?<![\d.])(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?![\d.]*\d)"
        r"|(?<![\d.])0(?:10|2\d|[3-9]\d{2})[-—－]\d{7,8}(?!\d)|(?<![\d.])[48]00[- ]\d{3}[- ]?\d{4}(?!\d)"
        r"|(?:电话|手机|传真)[:：]?\s?\+?\d[\d -]{6,14}\d"
        r"|(?:微信号?|QQ|qq)[:：]?\s?[A-Za-z0-9][\w-]{4,19}"
    ),
    "person": re.compile(rf"(?:联系人|负责人|法定代表人|法人代表)[:：]\s?[{_HAN}]{{2,4}}"),
    "credit_code": re.compile(r"(?<![0-9A-Z])[159Y][1239]\d{6}[0-9A-HJ-NPQRTUWXY]{10}(?![0-9A-Z])"),
    "patent": re.compile(
        r"ZL\s?\d{8,12}(?:\.[\dXx])?|(?<![A-Za-z])CN\s?\d{7,12}\s?[A-Z]?(?:\.[\dX])?(?![\dA-Za-z])"
        r"|(?<!\d)(?:19|20)\d{2}[1-389]\d{7}\.[\dXx](?!\d)|PCT/[A-Z]{2}\d{4}/\d{6}"
        r"|(?<![A-Za-z])(?:US|EP|JP|WO)\s?\d[\d,/-]{5,12}\d\s?[AB]?\d?(?!\w)"
    ),
    "company": re.compile(
        rf"[{_HAN}A-Za-z（）()·]{{2,24}}?(?:股份有限公司|有限责任公司|集团有限公司|有限公司|股份公司|集团公司)"
        rf"|[{_HAN}]{{2,12}}?(?<!企业)(?<!大型)(?<!产业)(?<!支撑)(?<!提升)(?<![我本该某])集团(?!军|化)"
        r"|(?:[A-Z][\w&-]*\s){1,4}(?:Co\.?,?\s?Ltd\.?|Ltd\.?|Inc\.?|Corp\.?|LLC|GmbH|AG|S\.A\.|Group)(?!\w)"
    ),
    "brand": re.compile(
        rf"[{_HAN}]{{2,4}}(?<![品招车标名铭老大贴挂门吊路奖金银铜站广王该本各何])牌(?![号照匾坊价子])"
        rf"|[“「\"][{_HAN}A-Za-z]{{2,12}}[”」\"](?:牌|品牌|商标)"
        rf"|[{_HAN}A-Za-z][{_HAN}\w-]{{1,19}}[®™]"
        r"|(?:brand|trademark)\s+[“\"]?[A-Z][\w-]+[”\"]?"
    ),
    "address": re.compile(
        rf"[{_HAN}]{{1,12}}(?<![电线回管油气水通思磁光支旁风])(?:路|大街|街|大道|巷|胡同)\s?\d{{1,5}}\s?(?:号|弄)"
        rf"|[{_HAN}]{{2,8}}(?:工业园|产业园|开发区|科技园)[{_HAN}]{{0,8}}\d{{1,4}}\s?号"
        r"|(?<!\w)\d{1,5}\s[A-Z][a-z]+\s(?:Road|Street|Avenue|Lane|Rd\.|St\.)"
    ),
}  # fmt: skip
_CERTAIN: Final = frozenset({"email", "phone"})


def identity(name: str, name_en: str = "", credit_code: str = "") -> Identity:
    """The forms under which an organisation might be named in a text."""
    full = tuple(filter(None, (_folded(name), _folded(name_en))))
    short: list[str] = []
    bare = re.sub(rf"[（(][{_HAN}\w]+[）)]", "", name)
    bare = re.sub(rf"(?:{_LEGAL})+$", "", bare)
    without_place = _PLACES.sub("", bare)
    core = without_place
    while (cut := _TRADES.sub("", core)) != core:
        core = cut
    core = re.sub(r"^虚构", "", core)
    for form in (bare, without_place, core):
        known = len(form) >= _SHORTEST_CORE and form not in _COMMON and form not in short
        if known and _folded(form) not in full:
            short.append(form)
    words = re.findall(r"[A-Za-z][\w-]+", name_en)
    if words and len(words[0]) >= _SHORTEST_LATIN:
        short.append(words[0])
    return Identity(full=full, short=tuple(short), credit_code=credit_code)


def find_leaks(texts: Mapping[str, str], own: Identity) -> tuple[Leak, ...]:
    """Everything in the texts that would identify somebody, field by field, each words once."""
    found: dict[str, Leak] = {}
    for field, text in texts.items():
        for leak in _of_text(field, unicodedata.normalize("NFKC", text[:_READ]), own):
            found.setdefault(leak.key, leak)
    return tuple(found.values())[:_MOST]


def _of_text(field: str, text: str, own: Identity) -> Iterator[Leak]:
    taken: list[tuple[int, int]] = []
    for code, start, end, certain in _findings(text, own):
        if any(start < other_end and other < end for other, other_end in taken):
            continue
        taken.append((start, end))
        yield Leak(field, code, " ".join(text[start:end].split()), certain)


def _findings(text: str, own: Identity) -> Iterator[tuple[str, int, int, bool]]:
    """Code, place and certainty of what is found, the more telling first."""
    for name in own.full:
        yield from (("own_name", *span, True) for span in _places(text, name, folded=True))
    for code in ("email", "url", "phone", "person", "credit_code", "patent"):
        for match in _TYPES[code].finditer(text):
            mine = code == "credit_code" and match[0] == own.credit_code
            yield code, match.start(), match.end(), mine or code in _CERTAIN
    for name in own.short:
        yield from (("own_short_name", *span, False) for span in _places(text, name))
    for code in ("company", "brand", "address"):
        for match in _TYPES[code].finditer(text):
            if code != "company" or not re.match(_NOBODY, match[0]):
                start = match.start() + _lead(match[0]) * (code in {"company", "address", "brand"})
                yield code, start, match.end(), False


def _places(text: str, name: str, *, folded: bool = False) -> Iterator[tuple[int, int]]:
    wanted = re.escape(name)
    if folded:  # blanks between letters hide nothing
        wanted = r"\s?".join(re.escape(letter) for letter in name)
    if name.isascii():
        wanted = rf"(?<![A-Za-z]){wanted}(?![A-Za-z])"
    yield from (match.span() for match in re.finditer(wanted, text, re.IGNORECASE))


def _lead(words: str) -> int:
    """How many of the first letters belong to the sentence and not to the name."""
    found = re.match(
        rf"(?:[{_HAN}]*?(?:由|与|和|向|为|是|供应商|客户|合作方|用户|采用|使用|改用|沿用|购自|来自|位于|在|地址|及|对|给|从))(?=[{_HAN}A-Za-z]{{3,}})",
        words,
    )
    return found.end() if found else 0


def _folded(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).split()).casefold()
