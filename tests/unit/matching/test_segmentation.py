"""Many texts are cut together into the words that the library cuts each of them into."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

from embeddings.recipe import words
from matchmaker.matching.encoder import StaticEncoder
from matchmaker.matching.segmentation import Segmenter, segmenter

ROOT = Path(__file__).resolve().parents[3]
SHIPPED = ROOT / "embeddings" / "model"
ODD = [
    "",
    " ",
    "\n\t \r\n",
    "\u3000\u00a0\u2003",
    "\0",
    "碳纤维\0复合材料",
    "碳纤维复合材料快速模压成型，孔隙率≤1 %",
    "Low-cost fibre-optic hydrophone array; e-mail, co-op- -ed --x-- a-1-b",
    "第3-5轴的CNC-1000加工（精度±0.01㎜）",
    "炭素繊維複合材の成形技術、ガラス繊維とアルミニウム",
    "か\u3099きのカ\u309aと\uff76\uff9e",
    "탄소섬유 복합재료의 성형 기술",
    "\u1112\u1161\u11ab\u1100\u1173\u11af",  # Hangul as single letters
    "Ｆｉｂｒｅ　ｏｐｔｉｃｓ１２３－４５",
    "e\u0301tude na\u0308ive ΟΔΟΣ Σ İstanbul ǅ ﬁbre ½ ℃ ㎡ … №",
    "🛠🛠 焊接🤖机器人 👩‍🔬",
    "囧𠮷𡃁龘靐齉",
    "ру́сский текст и ελληνικά",
    "مرحبا بالعالم हिन्दी ไทย",
    "[UNK] [unk] <unk>",
    "a" * 300,
    "重复" * 3_000,
    "无标点" * 500 + "x" * 500,
    "——《标准》——“引号”、·…！？",
    "\ufeff\u200b零宽\u00ad字符",
    "\x1c\x1d分\x85隔\u2028符\u2029",
]


@pytest.fixture(scope="module")
def shipped() -> StaticEncoder:
    return StaticEncoder(SHIPPED)


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    found = Tokenizer.from_file(str(SHIPPED / "tokenizer.json"))
    found.no_padding()
    found.no_truncation()
    return found


@pytest.fixture(scope="module")
def quick(tokenizer: Tokenizer) -> Segmenter:
    found = segmenter(tokenizer)
    assert found is not None
    return found


def _same(quick: Segmenter, tokenizer: Tokenizer, texts: Sequence[str]) -> None:
    cut = [ids.tolist() for ids in quick.cut(texts)]
    for text, ids, encoding in zip(texts, cut, tokenizer.encode_batch(texts), strict=True):
        assert ids == encoding.ids, text


def _demo() -> list[str]:
    return [
        value
        for name in ("demands", "outcomes", "organisations", "people")
        for line in (ROOT / "data" / "demo" / f"{name}.jsonl").read_text("utf-8").splitlines()
        for value in json.loads(line).values()
        if isinstance(value, str)
    ]


def test_odd_texts_are_cut_as_the_library_cuts_them(quick: Segmenter, tokenizer: Tokenizer) -> None:
    _same(quick, tokenizer, ODD)
    for text in ODD:
        _same(quick, tokenizer, [text])


def test_texts_of_the_demo_are_cut_as_the_library_cuts_them(
    quick: Segmenter, tokenizer: Tokenizer
) -> None:
    texts = _demo()
    assert len(texts) > 1_000
    _same(quick, tokenizer, texts)


def test_every_character_is_cut_as_the_library_cuts_it(
    quick: Segmenter, tokenizer: Tokenizer
) -> None:
    written = [chr(point) for point in range(0x20000) if not 0xD800 <= point < 0xE000]
    texts = ["".join(written[start : start + 64]) for start in range(0, len(written), 64)]
    _same(quick, tokenizer, texts)
    known = [one for one in written if tokenizer.token_to_id(one) is not None]
    _same(quick, tokenizer, ["".join(known), *(f"甲{one}{one}a-{one}-1" for one in known)])


@given(texts=st.lists(st.text(alphabet="的碳纤维材料a1-，.(の技炭섬유 \n囧Ａé\u0301"), max_size=20))
@settings(max_examples=200, deadline=None)
def test_any_text_is_cut_as_the_library_cuts_it(
    quick: Segmenter, tokenizer: Tokenizer, texts: list[str]
) -> None:
    _same(quick, tokenizer, texts)


@given(
    vocabulary=st.dictionaries(
        st.text(alphabet="甲乙丙a-,", min_size=1, max_size=4), st.integers(1, 3), max_size=20
    ),
    texts=st.lists(st.text(alphabet="甲乙丙丁a-, ", max_size=20), min_size=1, max_size=8),
)
@settings(max_examples=300, deadline=None)
def test_any_vocabulary_cuts_as_in_the_library(
    vocabulary: dict[str, int], texts: list[str]
) -> None:
    """Few different scores: most cuts are as good as others, and sums differ by rounding."""
    tokenizer = words._tokenizer(vocabulary | {"甲": 1, "a": 2})
    found = segmenter(tokenizer)
    assert found is not None
    _same(found, tokenizer, texts)


def test_vectors_do_not_depend_on_what_is_encoded_beside(shipped: StaticEncoder) -> None:
    texts = [*ODD, *_demo()[:500], "长" * 150_000]
    together = shipped.encode(texts)
    alone = np.concatenate([shipped.encode([text]) for text in texts])
    np.testing.assert_array_equal(together, alone)


@pytest.mark.parametrize(
    "normalizer", [None, normalizers.Lowercase()], ids=["plain", "other pieces"]
)
def test_tokenizers_of_another_kind_are_left_to_the_library(
    normalizer: normalizers.Normalizer | None,
) -> None:
    tokenizer = Tokenizer(models.Unigram([("[UNK]", math.log(0.1)), ("甲", -1.0)], unk_id=0))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    if normalizer:
        tokenizer.normalizer = normalizer
    assert segmenter(tokenizer) is None
    assert segmenter(Tokenizer(models.WordLevel({"甲": 0}, unk_token="甲"))) is None
