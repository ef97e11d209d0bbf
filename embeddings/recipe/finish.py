"""From trained word vectors to those that are saved.

Three linear steps, folded into the table so that nothing is computed when texts are encoded. Words
that stand in every proposal are made short; the directions in which all technical titles lie
together are made shorter by a power of their spread (partial whitening; Su et al. 2021,
arXiv:2103.15316, takes the whole); and numbers are rounded to half precision.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

WHITENING = 0.25
FILLER_WEIGHT = 0.1
# What companies and institutes write around the thing that they mean. Typed by hand: frequency
# alone would take 电池 and 材料 along.
FILLERS = frozenset(
    """
    关键共性技术 关键技术 核心技术 共性技术 技术开发 技术研究 技术研发 技术应用 技术难题 技术需求
    技术 研究 研发 研制 开发 应用 示范 推广 产业化 产业 项目 工程化 制备方法 生产方法 方法 产品
    关键 一种 及其 以及 基于 用于 针对 面向 关于 如何 实现 解决方案 解决 方案 问题 需求 难题 攻关
    改造 改进 提升 提高 升级 创新 新型 新一代 高性能 高端 先进 相关 建设 合作 寻求 引进 成果 转化
    企业 公司 等 的 和 与 及 或 在 中 对 种 新 化 、 ， , 。 ( ) : ; the of and for a an in on to
    with by from method methods system systems technology technologies device based using research
    development application novel
    """.split()  # noqa: SIM905 - a list of words reads best as a text
)


def finished(
    table: NDArray[np.float32], tokenizer: Tokenizer, titles: list[str]
) -> NDArray[np.float16]:
    """The table (words, dimension) as it is saved; ``titles`` say where technical texts lie."""
    means = np.stack(
        [
            table[encoding.ids].mean(axis=0) if encoding.ids else np.zeros(table.shape[1])
            for encoding in tokenizer.encode_batch(titles)
        ]
    )
    lengths = np.linalg.norm(means, axis=1, keepdims=True)
    unit = means / np.maximum(lengths, 1e-9)
    spread, directions = np.linalg.eigh(unit.T @ unit / len(unit))
    # Of equal spreads the order is any: written back along the same directions, it does not matter.
    stretch = (directions * np.maximum(spread, 1e-9) ** -WHITENING) @ directions.T
    made = table @ stretch.astype(np.float32)
    known = tokenizer.get_vocab()
    for word in sorted(FILLERS & known.keys()):
        made[known[word]] *= FILLER_WEIGHT
    rounded: NDArray[np.float16] = made.astype(np.float16)
    return rounded
