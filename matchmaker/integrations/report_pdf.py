"""A report of several pages as PDF: headings, tables, and bars that read in grey."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final

from matchmaker.integrations.pdf import INK, marked, register_fonts, text_style

_MARGIN: Final = 48
_QUIET: Final = "#5a6472"
_RULE: Final = "#c9ced6"
_BAR_HEIGHT: Final = 9
_BARS: Final = 0.25  # of the width
_PADDING: Final = 6
_MANY_COLUMNS: Final = 6
_MANY_ROWS: Final = 25
_ROOM: Final = 120
# A number with its unit, a dash where there is none, or nothing at all.
_FIGURE: Final = re.compile(r"—?|(?:CNY )?\d+(?:[,.]\d+)*(?: \D\S*)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportTable:
    """A table under a heading; ``bars`` are shares of the longest, drawn beside the rows.

    ``widths`` are shares of the columns where the usual ones will not do; such a table has no bars.
    """

    heading: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    bars: Sequence[float] = ()
    widths: Sequence[float] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A title with a line above and notes below it, then tables; a footer on every page."""

    name: str
    above: str
    title: str
    notes: Sequence[str]
    tables: Sequence[ReportTable]
    footer: str
    language: str


def draw_report(report: Report) -> bytes:
    """The report on as many pages of A4 as it needs."""
    from reportlab.lib.pagesizes import A4
    from reportlab.platypus import Paragraph, SimpleDocTemplate

    register_fonts()
    file = BytesIO()
    width = A4[0] - 2 * _MARGIN
    made = SimpleDocTemplate(
        file,
        pagesize=A4,
        leftMargin=_MARGIN,
        rightMargin=_MARGIN,
        topMargin=_MARGIN,
        bottomMargin=_MARGIN + 16,
        title=report.name,
        author="Matchmaker",
        creator="Matchmaker",
        lang=report.language,
        invariant=1,
    )

    def foot(canvas: Any, document: Any) -> None:
        line = f"{report.footer} · {document.page}"
        paragraph = Paragraph(marked(line), text_style(8, color=_QUIET))
        paragraph.wrap(width, 40)
        paragraph.drawOn(canvas, _MARGIN, _MARGIN - 12)

    story = [
        Paragraph(marked(report.above), text_style(9, color=_QUIET)),
        Paragraph(marked(report.title), text_style(17, leading=1.5)),
        *(Paragraph(marked(one), text_style(9, color=_QUIET, above=3)) for one in report.notes),
    ]
    for table in report.tables:
        story += _parts(table, width)
    made.build(story, onFirstPage=foot, onLaterPages=foot)
    return file.getvalue()


def _parts(table: ReportTable, width: float) -> list[Any]:
    from reportlab.lib.colors import HexColor
    from reportlab.platypus import CondPageBreak, Paragraph, Table

    from matchmaker.integrations.pdf_cells import cell

    bars = bool(table.bars)
    figures = _figures(table)
    head = [
        Paragraph(marked(one), text_style(8.5, color=_QUIET, right=at in figures))
        for at, one in enumerate(table.columns)
    ]
    first = (0.24 if len(table.columns) > _MANY_COLUMNS else 0.36) * width
    last = (_BARS * width,) if bars else ()
    rest = (width - first - sum(last)) / max(1, len(table.columns) - 1)
    usual = [first, *[rest] * (len(table.columns) - 1), *last]
    widths = [share * width for share in table.widths] or usual
    rows = [
        [
            cell(one, of - 2 * _PADDING, right=at in figures)
            for at, (one, of) in enumerate(zip(row, widths, strict=False))
        ]
        for row in table.rows
    ]
    if bars:
        head.append("")
        for row, share in zip(rows, table.bars, strict=True):
            row.append(_bar(share, _BARS * width - 2 * _PADDING))
    made = Table(
        [head, *rows],
        colWidths=widths,
        repeatRows=1,
        hAlign="LEFT",
    )
    made.setStyle(
        [
            ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
            ("LINEBELOW", (0, 0), (-1, -1), 0.4, HexColor(_RULE)),
            ("TOPPADDING", (0, 0), (-1, -1), 2),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
            ("LEFTPADDING", (0, 0), (0, -1), 0),
        ]
    )
    heading = Paragraph(marked(table.heading), text_style(12, above=14))
    # A short table stays together with its heading, a long one begins where there is some room.
    heading.keepWithNext = len(rows) <= _MANY_ROWS
    parts: list[Any] = [CondPageBreak(_ROOM), heading, made]
    if table.note:
        parts.append(Paragraph(marked(table.note), text_style(8, color=_QUIET, above=3)))
    return parts


def _figures(table: ReportTable) -> frozenset[int]:
    """The columns after the first that hold nothing but figures."""
    return frozenset(
        at
        for at in range(1, len(table.columns))
        if table.rows and all(_FIGURE.fullmatch(row[at]) for row in table.rows)
    )


def _bar(share: float, width: float) -> Any:
    """A bar in a frame: its length tells, not its colour."""
    from reportlab.graphics.shapes import Drawing, Rect
    from reportlab.lib.colors import HexColor

    made = Drawing(width, _BAR_HEIGHT)
    frame = {"strokeColor": HexColor(_RULE), "strokeWidth": 0.4, "fillColor": None}
    made.add(Rect(0, 0, width, _BAR_HEIGHT, **frame))
    length = width * min(max(share, 0.0), 1.0)
    made.add(Rect(0, 0, length, _BAR_HEIGHT, strokeColor=None, fillColor=HexColor(INK)))
    return made
