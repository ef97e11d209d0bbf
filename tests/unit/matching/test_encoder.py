"""Encoders: the shipped one without the library, any other with it, and what cannot be loaded."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from embeddings.recipe.save import minilm
from matchmaker.matching.encoder import EncoderError, LibraryEncoder, StaticEncoder, load_encoder

ROOT = Path(__file__).resolve().parents[3]
SHIPPED = ROOT / "embeddings" / "model"
TEXTS = [
    "碳纤维复合材料快速模压成型，孔隙率≤1 %",
    "Low-cost fibre-optic hydrophone array",
    "炭素繊維複合材の成形技術",
    "탄소섬유 복합재료",
    "CBN单晶 100/120 粒度\n第二行",
    "",
    "   ",
    "🛠🛠",
    "重复" * 2_000,
]


@pytest.fixture(scope="module")
def shipped() -> StaticEncoder:
    encoder = load_encoder(SHIPPED)
    assert isinstance(encoder, StaticEncoder)
    return encoder


def test_the_shipped_encoder_is_small_and_gives_unit_vectors(shipped: StaticEncoder) -> None:
    size = sum(path.stat().st_size for path in SHIPPED.rglob("*") if path.is_file())
    assert size <= 60_000_000
    vectors = shipped.encode(TEXTS)
    assert vectors.shape == (len(TEXTS), shipped.dimension)
    assert vectors.dtype == np.float32
    lengths = np.linalg.norm(vectors, axis=1)
    assert np.all(np.isclose(lengths, 1, atol=1e-5) | (lengths == 0))
    assert lengths[5] == 0


@pytest.mark.torch
def test_the_shipped_encoder_gives_the_librarys_vectors(shipped: StaticEncoder) -> None:
    library = LibraryEncoder(str(SHIPPED), checksum=None)
    texts = [text for text in TEXTS if text.strip()]
    np.testing.assert_allclose(shipped.encode(texts), library.encode(texts), atol=1e-5)


def test_the_shipped_encoder_is_used_without_torch() -> None:
    code = (
        "import sys; from matchmaker.matching.encoder import load_encoder;"
        f"load_encoder({str(SHIPPED)!r}).encode(['文']);"
        "sys.exit(any(name in sys.modules for name in ('torch', 'sentence_transformers')))"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)


def test_no_texts_give_no_vectors(shipped: StaticEncoder) -> None:
    assert shipped.encode([]).shape == (0, shipped.dimension)


def test_progress_counts_every_text(shipped: StaticEncoder) -> None:
    done: list[int] = []
    shipped.encode(["文"] * 2_500, progress=done.append)
    assert sum(done) == 2_500


def test_words_stand_where_they_say(shipped: StaticEncoder) -> None:
    text = "Ｆｉｂｒｅ碳纤维 预浸料"
    for _word, start, end in shipped.words(text):
        assert text[start:end].strip()
    assert "碳纤维" in [text[start:end] for _word, start, end in shipped.words(text)]


def test_the_languages_share_one_space(shipped: StaticEncoder) -> None:
    chinese, english, other = shipped.encode(
        ["碳纤维复合材料", "carbon fibre composite", "牡蛎养殖"]
    )
    assert english @ chinese > english @ other + 0.2


def test_the_checksum_follows_the_weights_and_not_the_card(tmp_path: Path) -> None:
    copy = tmp_path / "model"
    shutil.copytree(SHIPPED, copy)
    (copy / "README.md").write_text("another card", encoding="utf-8")
    assert load_encoder(copy).checksum == load_encoder(SHIPPED).checksum
    tokenizer = copy / "tokenizer.json"
    tokenizer.write_text(tokenizer.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert load_encoder(copy).checksum != load_encoder(SHIPPED).checksum


@pytest.mark.torch
def test_a_real_transformer_can_take_its_place() -> None:
    encoder = load_encoder(minilm())
    assert isinstance(encoder, LibraryEncoder)
    vectors = encoder.encode(["carbon fibre", "composite material", "oyster"])
    assert vectors.shape == (3, 384)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2]
    assert [word for word, _, _ in encoder.words("Carbon fibre!")] == ["Carbon", "fibre", "!"]


def test_a_folder_that_is_not_there_is_refused_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match=r"does not exist\. Set MATCHMAKER_ENCODER"):
        load_encoder(tmp_path / "nowhere")


def test_a_folder_that_is_no_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match=r"modules\.json cannot be read"):
        load_encoder(tmp_path)


def test_damaged_weights_are_refused(tmp_path: Path) -> None:
    copy = tmp_path / "model"
    shutil.copytree(SHIPPED, copy)
    weights = copy / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:1_000])
    with pytest.raises(EncoderError, match=r"cannot be read .* Restore the folder"):
        load_encoder(copy)


@pytest.mark.torch
def test_a_hub_name_without_a_connection_is_refused_with_what_to_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    code = (
        "from matchmaker.matching.encoder import EncoderError, load_encoder\n"
        "try: load_encoder('nobody/nothing-of-this-name')\n"
        "except EncoderError as error: print(error)"
    )
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True
    )
    assert "A hub name needs a connection" in done.stdout
