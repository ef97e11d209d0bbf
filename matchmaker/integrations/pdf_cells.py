"""Cells of long tables: what fits on a line is drawn as one, which is far quicker than wrapping."""

from __future__ import annotations

from typing import Any, Final

from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import Flowable, Paragraph

from matchmaker.integrations.pdf import marked, runs, text_style

_SIZE: Final = 9
_STYLE: Final = text_style(_SIZE)


def cell(text: str, width: float, *, right: bool = False) -> Any:
    """A text for a cell of a width in points: one line where it fits, else a paragraph.

    ``right``: the line ends where the cell does, as figures under one another do.
    """
    parts = (
        []
        if "\n" in text
        else [(font, run, stringWidth(run, font, _SIZE)) for font, run in runs(text)]
    )
    taken = sum(taken for _font, _run, taken in parts)
    if parts and taken <= width:
        return _Line(parts, width - taken if right else 0)
    return _Paragraph(marked(text), _STYLE)


class _Line(Flowable):
    """Runs of text on one line: font, text and width of each."""

    def __init__(self, parts: list[tuple[str, str, float]], start: float) -> None:
        super().__init__()
        self._parts, self._start = parts, start

    def wrap(self, available: float, _height: float) -> tuple[float, float]:
        """The room it takes: the width there is, and a line's height."""
        return available, _STYLE.leading

    def draw(self) -> None:
        """Draw at the origin."""
        text = self.canv.beginText(self._start, _STYLE.leading - _SIZE)
        text.setFillColor(_STYLE.textColor)
        for font, run, _taken in self._parts:
            text.setFont(font, _SIZE)
            text.textOut(run)
        self.canv.drawText(text)


class _Paragraph(Paragraph):
    """A paragraph that is wrapped once: a table asks anew at every page."""

    _taken: tuple[float, tuple[float, float]] | None = None

    def wrap(self, available: float, height: float) -> tuple[float, float]:
        """The room it takes in a width."""
        if self._taken is None or self._taken[0] != available:
            self._taken = available, super().wrap(available, height)
        return self._taken[1]
