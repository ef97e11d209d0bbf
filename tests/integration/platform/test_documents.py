"""Uploaded documents are told by their content, read within limits, and never trusted."""

from __future__ import annotations

import io
import time
import zipfile

import pytest
from openpyxl import load_workbook

from matchmaker.integrations.document import read_document
from matchmaker.integrations.document_reader import MARKUP, SECONDS, UNPACKED, UnreadableError
from tests import documents

BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;">]>'
    b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
    b"<w:body><w:p><w:r><w:t>&b;</w:t></w:r></w:p></w:body></w:document>"
)
OUTSIDE = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/hostname">]>'
    b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
    b"<w:body><w:p><w:r><w:t>&f;</w:t></w:r></w:p></w:body></w:document>"
)


def _code(data: bytes) -> str:
    with pytest.raises(UnreadableError) as caught:
        read_document(data)
    return caught.value.code


def test_a_word_form_gives_paragraphs_and_rows() -> None:
    lines = read_document(documents.docx_form())
    assert lines[0] == ("企业技术需求征集表",)
    assert lines[2][:2] == ("需求名称", "大尺寸碳纤维构件快速模压成型")


def test_an_excel_form_gives_rows() -> None:
    lines = read_document(documents.xlsx_form())
    assert lines[0] == ("企业名称", "虚构海源公司", "联系电话", "13812345678")


def test_a_pdf_gives_lines() -> None:
    assert read_document(documents.pdf_of("Title: Fast curing")) == [("Title: Fast curing",)]


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_plain_text_is_read_in_the_encodings_that_occur(codec: str) -> None:
    assert read_document("主要问题：固化慢\n第二行".encode(codec)) == [
        ("主要问题：固化慢",),
        ("第二行",),
    ]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b" \n ", "empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old_office"),
        (b"PK\x03\x04 nothing more", "damaged"),
        (b"%PDF-1.7 nothing more", "damaged"),
        (b"\x89PNG\r\n\x1a\n\0\0\0", "unknown_kind"),
        (bytes(range(256)) * 40, "unknown_kind"),
        (documents.pdf_of("", pages=1), "no_text"),
        (documents.pdf_of("x", pages=41), "too_many_pages"),
        (b"x" * 60_001, "too_much_text"),
        (documents.changed_part(documents.docx_form(), "word/document.xml", BOMB), "hostile"),
        (documents.changed_part(documents.docx_form(), "word/document.xml", OUTSIDE), "hostile"),
        (documents.changed_part(documents.docx_form(), "word/document.xml", b"<a"), "damaged"),
        (documents.docx_form()[:-400], "damaged"),
        (documents.xlsx_form([("单元格",) * 100] * 201), "too_many_cells"),
        (documents.with_part(documents.docx_form(), "word/vbaProject.bin", b"x"), "macros"),
        (
            documents.with_part(documents.docx_form(), "word/a.xml", b" " * (MARKUP + 1)),
            "too_heavy",
        ),
    ],
)
def test_what_cannot_be_read_is_named(data: bytes, code: str) -> None:
    assert _code(data) == code


def test_an_archive_that_is_no_document_is_refused() -> None:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr("readme.txt", "x")
    assert _code(written.getvalue()) == "unknown_kind"


def test_a_bomb_of_blanks_is_refused_before_it_is_unpacked() -> None:
    huge = b" " * (UNPACKED + 1)
    packed = documents.changed_part(documents.docx_form(), "word/styles.xml", huge)
    assert len(packed) < 200_000
    begun = time.perf_counter()
    assert _code(packed) == "unpacks_too_large"
    assert time.perf_counter() - begun < 5


def test_a_deeply_nested_document_ends_within_the_limits() -> None:
    deep = b"<w:p>" * 200_000
    attack = (
        b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        + deep
    )
    packed = documents.changed_part(documents.docx_form(), "word/document.xml", attack)
    assert _code(packed) in {"damaged", "too_heavy"}


def test_a_stray_cell_in_the_last_row_and_column_hides_no_form() -> None:
    book = load_workbook(io.BytesIO(documents.xlsx_form()))
    book.worksheets[0]["XFD1048576"] = "x"
    written = io.BytesIO()
    book.save(written)
    lines = read_document(written.getvalue())
    assert [line[1] for line in lines][:2] == ["虚构海源公司", "大尺寸碳纤维构件快速模压成型"]
    assert len(lines) == len(documents.FORM)


def test_a_cell_that_spans_a_million_columns_ends_within_the_limits() -> None:
    attack = (
        b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        b"<w:body><w:tbl><w:tblGrid/><w:tr><w:tc><w:tcPr>"
        b'<w:gridSpan w:val="99999999"/></w:tcPr><w:p/></w:tc>'
        b"</w:tr></w:tbl></w:body></w:document>"
    )
    begun = time.perf_counter()
    assert _code(documents.changed_part(documents.docx_form(), "word/document.xml", attack)) == (
        "too_heavy"
    )
    assert time.perf_counter() - begun < 2 * SECONDS + 1
