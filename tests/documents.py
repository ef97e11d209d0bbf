"""Documents made for tests: filled-in forms in each format, and hostile files."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence

from docx import Document
from openpyxl import Workbook

FORM: Sequence[Sequence[str]] = (
    ("企业名称", "虚构海源公司", "联系电话", "13812345678"),
    ("需求名称", "大尺寸碳纤维构件快速模压成型", "", ""),
    ("需求类型", "☑技术攻关 □成果引进", "技术领域", "新材料"),
    ("主要问题", "目前单件成型周期25分钟，合格率只有七成，跟不上风电叶片产线。", "", ""),
    ("技术关键", "快速固化树脂体系与模具温度控制。", "", ""),
    ("预期目标", "成型周期不超过8分钟，孔隙率不高于1%。", "", ""),
    ("关键词", "碳纤维；模压；快速固化", "", ""),
    ("投入资金", "50-80万元", "合作方式", "合作研发"),
)


def docx_form(rows: Sequence[Sequence[str]] = FORM) -> bytes:
    document = Document()
    document.add_paragraph("企业技术需求征集表")
    table = document.add_table(rows=0, cols=4)
    for row in rows:
        cells = table.add_row().cells
        for cell, text in zip(cells, row, strict=True):
            cell.text = text
        if row[2:] == ("", ""):
            cells[1].merge(cells[3])
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def xlsx_form(rows: Sequence[Sequence[str]] = FORM) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def pdf_of(text: str, pages: int = 1) -> bytes:
    """A PDF that shows Latin text, written by hand."""
    stream = f"BT /F1 12 Tf 72 720 Td ({text}) Tj ET".encode("latin-1")
    kids = " ".join(f"{4 + 2 * page} 0 R" for page in range(pages))
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {pages} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for page in range(pages):
        parts.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {5 + 2 * page} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>".encode()
        )
        parts.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, part in enumerate(parts, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(parts) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (len(parts) + 1, start)
    return bytes(out)


def changed_part(document: bytes, name: str, content: bytes) -> bytes:
    """An Office document with one of its parts replaced."""
    written = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(document)) as old,
        zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.infolist():
            new.writestr(part.filename, content if part.filename == name else old.read(part))
    return written.getvalue()


def with_part(document: bytes, name: str, content: bytes) -> bytes:
    """An Office document with one more part."""
    written = io.BytesIO(document)
    with zipfile.ZipFile(written, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return written.getvalue()
