"""Korean texts are read with the Chinese words of what they name, and nothing else is touched."""

from __future__ import annotations

import hashlib
import re

import pytest

from matchmaker.domain.matchable import KOREAN_READING, Matchable
from matchmaker.matching.glossary import LEXICON, glossed

# By reading: the lexicon that it reads with. A change needs a new number.
READINGS = {1: "9f1f3989dd28f12c"}


def test_compounds_are_found_however_they_are_spaced() -> None:
    assert {"激光", "焊接", "缺陷"} <= set(glossed("레이저용접의 결함").split())
    for text in ("탄소섬유 폐기물", "탄소 섬유 폐기물"):
        assert {"碳纤维", "废料"} <= set(glossed(text).split())


def test_a_word_of_one_syllable_counts_only_by_itself_or_before_a_particle() -> None:
    assert "牡蛎" in glossed("굴을 자동으로 까는")
    assert "牡蛎" in glossed("양식 굴")
    assert "牡蛎" not in glossed("굴착 공사의 소음")
    assert "骨" not in glossed("뼈대 구조의 진동")


@pytest.mark.parametrize(
    "text", ["碳纤维快速成型", "炭素繊維のリサイクル", "Recycling of carbon fibre", ""]
)
def test_other_texts_are_read_as_they_are(text: str) -> None:
    assert glossed(text) == text


def test_the_lexicon_is_in_order_and_says_each_word_once() -> None:
    rows = [line.split("\t") for line in LEXICON.read_text(encoding="utf-8").splitlines()]
    words = [row[0] for row in rows]
    assert words == sorted(set(words))
    assert len(rows) > 200
    for korean, chinese in rows:
        assert re.fullmatch("[가-힣]+", korean), korean
        assert re.fullmatch("[\u4e00-\u9fff]+", chinese), chinese


def test_stored_vectors_follow_the_lexicon() -> None:
    checksum = hashlib.sha256(LEXICON.read_bytes()).hexdigest()[:16]
    assert READINGS[KOREAN_READING] == checksum, "raise KOREAN_READING and note the checksum here"
    korean = Matchable(id=1, title="탄소섬유", text="", organisation_id=1)
    chinese = Matchable(id=1, title="碳纤维", text="", organisation_id=1)
    assert korean.content_hash != hashlib.sha256(korean.content.encode()).hexdigest()
    assert chinese.content_hash == hashlib.sha256(chinese.content.encode()).hexdigest()
