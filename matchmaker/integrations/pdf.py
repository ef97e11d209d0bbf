"""A one-page document as PDF, in Chinese or English, without a font of our own.

The fonts are those that PDF readers bring for Chinese and Korean: nothing is embedded, the file is
small, and no font lies in this repository.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from reportlab.lib.styles import ParagraphStyle

_FONT: Final = "STSong-Light"
_KOREAN_FONT: Final = "HYSMyeongJo-Medium"
_LATIN_FONT: Final = "Helvetica"
# Runs that another font writes better than the Chinese one, or that it cannot write at all.
_RUNS: Final = re.compile(
    "(?P<latin>[\u0020-\u007e\u00a1-\u00ff\u2013\u2014]+)|(?P<korean>[\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]+)"
)
_MARGIN: Final = 48
INK: Final = "#1c2430"
_QUIET: Final = "#5a6472"
_ACCENT: Final = "#0b5cad"


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A heading with paragraphs below it, or with lines of a list."""

    heading: str
    paragraphs: Sequence[str] = ()
    lines: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One page: a line above the title, the title, facts as label and value, sections, a footer.

    ``name`` is all that the file's own properties say.
    """

    name: str
    above: str
    title: str
    facts: Sequence[tuple[str, str]]
    sections: Sequence[Section]
    footer: str
    language: str


def draw(document: Document) -> bytes:
    """The document on exactly one page of A4: what is too long is set smaller."""
    from reportlab.lib.pagesizes import A4
    from reportlab.pdfgen.canvas import Canvas
    from reportlab.platypus import Frame, KeepInFrame, Paragraph

    register_fonts()
    file = BytesIO()
    canvas = Canvas(file, pagesize=A4, invariant=1, lang=document.language)
    canvas.setTitle(document.name)
    canvas.setAuthor("Matchmaker")
    canvas.setSubject("")
    canvas.setCreator("Matchmaker")
    width, height = A4[0] - 2 * _MARGIN, A4[1] - 2 * _MARGIN - 30
    frame = Frame(_MARGIN, _MARGIN + 30, width, height, 0, 0, 0, 0)  # the paddings are the margin's
    frame.addFromList([KeepInFrame(width, height, _story(document, width), mode="shrink")], canvas)
    footer = Paragraph(marked(document.footer), text_style(8, color=_QUIET))
    _width, used = footer.wrap(width, 60)
    footer.drawOn(canvas, _MARGIN, _MARGIN + 12 - used / 2)
    canvas.showPage()
    canvas.save()
    return file.getvalue()


def _story(document: Document, width: float) -> list[Any]:
    from reportlab.lib.colors import HexColor
    from reportlab.platypus import HRFlowable, Paragraph, Spacer, Table

    story: list[Any] = [
        Paragraph(marked(document.above), text_style(9, color=_QUIET)),
        Spacer(0, 4),
        Paragraph(marked(document.title), text_style(17, leading=1.3)),
        Spacer(0, 6),
        HRFlowable(width="100%", color=HexColor(_ACCENT), thickness=1.2),
        Spacer(0, 6),
    ]
    if document.facts:
        label, value = text_style(9, color=_QUIET), text_style(9.5)
        rows = [
            [Paragraph(marked(a), label), Paragraph(marked(b), value)] for a, b in document.facts
        ]
        table = Table(rows, colWidths=[0.22 * width, 0.78 * width], hAlign="LEFT")
        whole = ((0, 0), (-1, -1))
        paddings = (("LEFTPADDING", 0), ("TOPPADDING", 1), ("BOTTOMPADDING", 1))
        table.setStyle([("VALIGN", *whole, "TOP"), *((name, *whole, n) for name, n in paddings)])
        story.append(table)
    for section in document.sections:
        story.append(Paragraph(marked(section.heading), text_style(11.5, color=_ACCENT, above=8)))
        body, line = text_style(10, above=2), text_style(10, above=1, indent=10)
        story += [Paragraph(marked(one), body) for one in section.paragraphs]
        story += [Paragraph(marked(f"· {one}"), line) for one in section.lines]
    return story


def runs(text: str) -> list[tuple[str, str]]:
    """The font and text of each run of a text, one after the other."""
    found: list[tuple[str, str]] = []
    at = 0
    for run in _RUNS.finditer(text):
        if run.start() > at:
            found.append((_FONT, text[at : run.start()]))
        found.append((_LATIN_FONT if run.group("latin") else _KOREAN_FONT, run.group()))
        at = run.end()
    if at < len(text):
        found.append((_FONT, text[at:]))
    return found


def marked(text: str) -> str:
    """A text as the library's markup, with no markup of its own, each run in a font that has it."""
    pieces = (
        escape(run) if font == _FONT else f'<font name="{font}">{escape(run)}</font>'
        for font, run in runs(text)
    )
    return "".join(pieces).replace("\n", "<br/>")


def text_style(
    size: float,
    *,
    color: str = INK,
    leading: float = 1.5,
    above: float = 0,
    indent: float = 0,
    right: bool = False,
) -> ParagraphStyle:
    """How a text looks; lines break where Chinese does."""
    from reportlab.lib.colors import HexColor
    from reportlab.lib.enums import TA_LEFT, TA_RIGHT
    from reportlab.lib.styles import ParagraphStyle

    return ParagraphStyle(
        "text",
        fontName=_FONT,
        fontSize=size,
        leading=size * leading,
        textColor=HexColor(color),
        spaceBefore=above,
        leftIndent=indent,
        bulletIndent=0,
        alignment=TA_RIGHT if right else TA_LEFT,
        wordWrap="CJK",
    )


def register_fonts() -> None:
    """Make the readers' own fonts known, once."""
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfbase.pdfmetrics import getRegisteredFontNames, registerFont

    for name in (_FONT, _KOREAN_FONT):
        if name not in getRegisteredFontNames():
            registerFont(UnicodeCIDFont(name))
