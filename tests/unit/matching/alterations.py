"""What people and machines do to a record that is entered twice, each kind with its name.

Every function takes a title, a text and a random generator and returns the altered pair. Nothing is
drawn from any collection: words that replace others stand in the table below.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random
from typing import Final

Alteration = Callable[[str, str, Random], tuple[str, str]]

_SYNONYMS: Final = (
    "提高/提升 包括/包含 采用/利用 装置/设备 方法/工艺 设置/布置 连接/相连 用于/应用于 实现/达到 "
    "进行/开展 所述/上述 公开/披露 提供/给出 能够/可以 有效/切实 降低/减小 增加/增大 具有/拥有 "
    "通过/经由 获得/得到 制备/制造 结构/构造 解决/克服 问题/难题 技术/工艺 系统/平台 主要/重点 "
    "目前/现阶段 需要/需求 研发/开发 产品/制品 稳定/平稳 快速/迅速 简单/简易 良好/优良 较高/偏高 "
    "以及/及 因此/所以 从而/进而 根据/依据 生产/加工 质量/品质 效率/功效 成本/费用 检测/监测 "
    "控制/调控 温度/热度 材料/物料 表面/外表 内部/里面 固定/固接 安装/装配 位于/处于 使用/运用 "
    "形成/构成 发明/创造 领域/范畴 涉及/关于 本发明/本专利 其中/当中 步骤/工序 组成/构成"
)  # fmt: skip
_SWAPS: Final = dict(pair.split("/") for pair in _SYNONYMS.split())
_LOOKALIKES: Final = dict(
    zip(
        "未日土己人入千干大太天夫末本木目自白百石右左析折材村持待侍特时对任住往主王玉术米",
        "末曰士已入人干千太大夫天未木本自目百白右石左折析村材待持特侍对时住任主往玉王米术",
        strict=True,
    )
)
_FILLER: Final = "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动"
_ADDED: Final = (
    "该项目已具备产业化条件，欢迎有实力的单位前来洽谈合作。",
    "本成果已申请多项知识产权，团队长期从事相关研究。",
    "公司拥有完善的厂房和设备，人员队伍稳定，合作意愿强烈。",
    "有关资料可向联系人索取。",
)


def _share(texts: tuple[str, str], share: float, rng: Random, change: Callable[[str], str]) -> str:
    """The text with a share of its letters changed one by one."""
    return "".join(
        change(one) if one.isalnum() and rng.random() < share else one for one in texts[1]
    )


def punctuated(title: str, text: str, rng: Random) -> tuple[str, str]:
    """Other punctuation, white space between and around words."""
    marks = str.maketrans(
        {"，": ", ", "。": ". ", "；": "; ", "、": ",", "：": ":", "（": "(", "）": ")"}
    )
    spaced = "".join(one + (" " if rng.random() < 0.05 else "") for one in text.translate(marks))
    return f"  {title.translate(marks)} ", f"{spaced}\n\n"


def widened(title: str, text: str, rng: Random) -> tuple[str, str]:
    """Full-width letters and digits, letters in the other case."""
    del rng
    wide = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
    return title.swapcase().translate(wide), text.upper().translate(wide)


def reordered(title: str, text: str, rng: Random) -> tuple[str, str]:
    """Sentences and clauses in another order."""
    parts = [part for part in re.split(r"(?<=[。；;！？\n])", text) if part.strip()]
    if len(parts) < 3:
        parts = [part for part in re.split(r"(?<=[，。；,;\n])", text) if part.strip()]
    rng.shuffle(parts)
    return title, "".join(parts)


def reworded(title: str, text: str, rng: Random) -> tuple[str, str]:
    """Every known word replaced by its synonym, until about a tenth of the letters are others."""
    budget = max(2, len(text) // 10)
    words = list(_SWAPS)
    rng.shuffle(words)
    for word in words:
        while budget > 0 and word in text:
            text = text.replace(word, _SWAPS[word].upper(), 1)
            budget -= len(word)
    return title, text


def reworded_throughout(title: str, text: str, rng: Random) -> tuple[str, str]:
    """Synonyms in title and text alike."""
    _, text = reworded(title, text, rng)
    for word in rng.sample(sorted(_SWAPS), 12):
        title = title.replace(word, _SWAPS[word])
    return title, text


def words_replaced(title: str, text: str, rng: Random) -> tuple[str, str]:
    """A tenth of the two-letter words replaced by others that mean nothing."""
    letters = list(text)
    for _ in range(len(letters) // 20):
        place = rng.randrange(max(1, len(letters) - 1))
        letters[place : place + 2] = rng.choices(_FILLER, k=2)
    return title, "".join(letters)


def neighbours_swapped(title: str, text: str, rng: Random) -> tuple[str, str]:
    """A tenth of the words swapped with the word after it."""
    letters = list(text)
    for _ in range(len(letters) // 40):
        place = rng.randrange(max(1, len(letters) - 3))
        letters[place : place + 4] = letters[place + 2 : place + 4] + letters[place : place + 2]
    return title, "".join(letters)


def sentence_dropped(title: str, text: str, rng: Random) -> tuple[str, str]:
    """One sentence or clause left out, never more than half of the text."""
    parts = [part for part in re.split(r"(?<=[，。；,;\n])", text) if part.strip()]
    short = [place for place, part in enumerate(parts) if len(part) <= len(text) // 2]
    if len(parts) > 1 and short:
        del parts[rng.choice(short)]
    return title, "".join(parts)


def sentence_added(title: str, text: str, rng: Random) -> tuple[str, str]:
    """A sentence more, before or after."""
    more = rng.choice(_ADDED)
    return title, more + text if rng.random() < 0.5 else text + more


def truncated(title: str, text: str, rng: Random) -> tuple[str, str]:
    """The text cut off after half to nine tenths."""
    return title, text[: int(len(text) * rng.uniform(0.5, 0.9))]


def misread(title: str, text: str, rng: Random) -> tuple[str, str]:
    """Four letters in a hundred misread, a few lost, line breaks in the middle."""

    def read(letter: str) -> str:
        if not letter.isalnum() or rng.random() >= 0.04:
            return letter
        return "" if rng.random() < 0.3 else _LOOKALIKES.get(letter, rng.choice(_FILLER))

    return title, "".join(one + ("\n" if rng.random() < 0.02 else "") for one in map(read, text))


def misread_throughout(title: str, text: str, rng: Random) -> tuple[str, str]:
    """A misread text under a title with one letter misread."""
    _, text = misread(title, text, rng)
    place = rng.randrange(len(title))
    return title[:place] + rng.choice(_FILLER) + title[place + 1 :], text


def retitled(title: str, text: str, rng: Random) -> tuple[str, str]:
    """The text kept under a title in other words."""
    core = title.removeprefix("一种")
    half = core[: max(2, len(core) // 2)]
    return rng.choice(
        (f"关于{half}的技术", f"{half}项目", f"新型{half}", f"{half}研究与应用")
    ), text


def boilerplate(title: str, text: str, rng: Random) -> tuple[str, str]:
    """一种…方法及装置 for …方法, and the phrases that abstracts begin with."""
    core = title.removeprefix("一种").removesuffix("及装置").removesuffix("及其应用")
    title = rng.choice((f"一种{core}", f"一种{core}及装置", f"{core}及其应用", f"一种新型{core}"))
    begun = rng.choice(("本发明公开了一种", "本实用新型提供一种", "本成果涉及", "项目简介："))
    return title, begun + text


def everything_at_once(title: str, text: str, rng: Random) -> tuple[str, str]:
    """Boilerplate, a sentence dropped, four letters in a hundred replaced, other punctuation."""
    title, text = boilerplate(title, text, rng)
    _, text = sentence_dropped(title, text, rng)
    _, text = neighbours_swapped(title, text, rng)
    return punctuated(title, text, rng)


ALTERATIONS: Final[dict[str, Alteration]] = {
    one.__name__: one
    for one in (
        punctuated,
        widened,
        reordered,
        reworded,
        reworded_throughout,
        words_replaced,
        neighbours_swapped,
        sentence_dropped,
        sentence_added,
        truncated,
        misread,
        misread_throughout,
        retitled,
        boilerplate,
        everything_at_once,
    )
}
