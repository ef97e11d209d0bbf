"""The encoder's word list: a Unigram tokenizer that cuts Chinese as a dictionary would.

A Unigram model with word frequencies as scores finds the most probable cut of a text. The list
joins dictionaries of the corpus with the frequent words of its texts; every character is a word of
its own, so nothing is unknown that was ever seen.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers

from embeddings.recipe.sources import rows

_HAN = re.compile(r"[\u4e00-\u9fff]+")
_LATIN = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_KANA = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff々ー]+")
_HANGUL = re.compile(r"[\uac00-\ud7af]+")
_LONGEST_HAN = 8
_UNKNOWN = "[UNK]"


def build(corpus: Path, texts: list[str], size: int) -> Tokenizer:
    """A tokenizer of ``size`` words made from dictionaries and the words that texts hold.

    Two rounds: cut the texts with rough scores, count what was cut, keep the most frequent.
    """
    rough = _dictionary(corpus)
    rough.update(_spaced_words(texts))
    characters = Counter(char for text in texts for char in text.lower() if not char.isspace())
    for character in characters:
        # Rarer than any word: a word is cut into its characters only when nothing else fits.
        rough[character] = 1
    first = _tokenizer(rough)
    counted = Counter(token for encoding in first.encode_batch(texts) for token in encoding.tokens)
    kept = Counter({char: max(counted[char], 1) for char, count in characters.items() if count > 1})
    for word, count in counted.most_common():
        if len(kept) >= size:
            break
        kept[word] = max(count, 1)
    for word, _count in sorted(rough.items(), key=lambda item: (-item[1], item[0])):
        if len(kept) >= size:
            break
        kept.setdefault(word, 1)
    kept.pop(_UNKNOWN, None)
    return _tokenizer(kept)


def _dictionary(corpus: Path) -> Counter[str]:
    """Words of the lexica with rough frequencies."""
    found: Counter[str] = Counter()
    for row in rows(corpus / "lexicon" / "thuocl_domain_words.tsv"):
        found[row["word"]] += 1 + _number(row["doc_freq"]) // 2_000
    for row in rows(corpus / "lexicon" / "cedict.tsv"):
        found[row["simplified"]] += 3
    for row in rows(corpus / "chinaxiv" / "zh_en_term_pairs.tsv"):
        found[row["zh"]] += 2 * int(row["n_papers"])
        found.update(_LATIN.findall(row["en"].lower()))
    for row in rows(corpus / "lexicon" / "wordnet_zh_en_ja_ko.tsv"):
        for language in ("zh", "ja", "ko"):
            found.update(lemma.strip() for lemma in row[language].split("|"))
        found.update(_LATIN.findall(row["en"].lower()))
    return Counter({word.lower(): count for word, count in found.items() if _is_word(word.lower())})


def _is_word(word: str) -> bool:
    """One script, no blank, not longer than words are."""
    if _HAN.fullmatch(word):
        return len(word) <= _LONGEST_HAN
    return any(script.fullmatch(word) for script in (_LATIN, _KANA, _HANGUL))


def _spaced_words(texts: Iterable[str]) -> Counter[str]:
    """Words of scripts that write them apart, and their frequent beginnings in Korean."""
    found: Counter[str] = Counter()
    for text in texts:
        lowered = text.lower()
        found.update(_LATIN.findall(lowered))
        for word in _HANGUL.findall(lowered):
            found.update(word[:end] for end in range(2, len(word) + 1))
    return Counter({word: count for word, count in found.items() if count > 2})  # noqa: PLR2004 - rare ones are noise


def _tokenizer(counts: Counter[str]) -> Tokenizer:
    """A Unigram tokenizer whose scores are log frequencies."""
    total = sum(counts.values())
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    vocabulary = [(_UNKNOWN, math.log(0.1 / total))]
    vocabulary += [(word, math.log(count / total)) for word, count in ordered if word != _UNKNOWN]
    tokenizer = Tokenizer(models.Unigram(vocabulary, unk_id=0, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()])
    # White space and the borders between scripts always part words; a Latin word is never cut
    # together with the Chinese beside it.
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.WhitespaceSplit(),
            pre_tokenizers.Split(Regex(r"[a-z0-9]+(?:-[a-z0-9]+)*|\p{P}|\p{S}"), "isolated"),
        ]
    )
    tokenizer.decoder = decoders.Fuse()
    return tokenizer


def _number(written: str) -> int:
    """The digits of a frequency; some entries carry a stray letter."""
    return int("".join(filter(str.isdigit, written)) or 0)
