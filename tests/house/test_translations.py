"""Every text that people see exists in Simplified Chinese and in English."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages import Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from matchmaker.domain.term import Vocabulary
from matchmaker.web.i18n import LANGUAGES, VOCABULARIES

ROOT = Path(__file__).resolve().parents[2]
LOCALE = ROOT / "matchmaker" / "locale"
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|\{(\w+)\}")
METHODS = [
    ("matchmaker/**.py", "python"),
    ("templates/**.html", "jinja2"),
    ("templates/**.txt", "jinja2"),
]
KEYWORDS = {
    "_": None,
    "_l": None,
    "gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "lazy_gettext": None,
    "lazy_ngettext": (1, 2),
}
OPTIONS = {
    pattern: {"trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}
    for pattern in ("templates/**.html", "templates/**.txt")
}


def _catalogue(language: str) -> dict[tuple[str, str | None], Message]:
    path = LOCALE / language / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as file:
        return {
            (
                message.id[0] if isinstance(message.id, tuple) else message.id,
                message.context,
            ): message
            for message in read_po(file, locale=language)
            if message.id
        }


def _extracted() -> set[tuple[str, str | None]]:
    found = extract_from_dir(ROOT, METHODS, OPTIONS, keywords=KEYWORDS, directory_filter=_wanted)
    return {
        (message[0] if isinstance(message, tuple) else message, context)
        for _, _, message, _, context in found
    }


def _wanted(folder: str) -> bool:
    return Path(folder).name not in {".venv", "var", "node_modules", ".git", "tests", "static"}


TEXTS = _extracted()


def test_texts_are_found() -> None:
    assert len(TEXTS) > 200


def test_every_text_is_translated_into_chinese() -> None:
    catalogue = _catalogue("zh_Hans")
    missing = [key for key in sorted(TEXTS, key=str) if not _strings(catalogue.get(key))]
    assert missing == []


def test_no_translation_is_left_over() -> None:
    assert sorted(set(_catalogue("zh_Hans")) - TEXTS, key=str) == []


def test_translations_keep_their_placeholders() -> None:
    for (text, _context), message in _catalogue("zh_Hans").items():
        for string in _strings(message):
            assert set(PLACEHOLDER.findall(string)) <= set(PLACEHOLDER.findall(text)) | set(
                PLACEHOLDER.findall(message.id[1]) if isinstance(message.id, tuple) else ()
            ), text
            assert not message.fuzzy, text


def test_chinese_texts_are_chinese() -> None:
    for (text, _context), message in _catalogue("zh_Hans").items():
        for string in _strings(message):
            if re.search(r"[a-z]{3}\s[a-z]{3}", text):
                assert re.search(r"[\u4e00-\u9fff]", string), text


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_a_catalogue(language: str) -> None:
    assert (LOCALE / language / "LC_MESSAGES" / "messages.po").is_file()


@pytest.mark.parametrize("vocabulary", VOCABULARIES.values(), ids=VOCABULARIES)
def test_every_term_has_both_languages(vocabulary: Vocabulary) -> None:
    for term in vocabulary.values():
        assert term.zh.strip()
        assert term.en.strip()
        assert term.en.isascii(), term


def _strings(message: Message | None) -> list[str]:
    if message is None:
        return []
    strings = message.string if isinstance(message.string, tuple | list) else [message.string]
    return [string for string in strings if string]


def test_texts_are_asked_of_the_quick_functions() -> None:
    """flask-babel's look the request up anew for each of a page's hundreds of texts."""
    asked = [
        path.relative_to(ROOT).as_posix()
        for path in sorted((ROOT / "matchmaker").rglob("*.py"))
        if re.search(r"^from flask_babel import .*gettext", path.read_text("utf-8"), re.MULTILINE)
    ]
    assert asked == []
