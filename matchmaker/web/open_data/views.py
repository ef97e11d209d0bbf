"""Open data: the page, its counters and its records as files."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from flask import Blueprint, Response, abort, stream_with_context
from werkzeug.wrappers import Response as AnyResponse

from matchmaker.domain.open_data import FEWEST
from matchmaker.integrations.csv_file import csv_text
from matchmaker.web.open_data.counters import counted, groups, this_quarter
from matchmaker.web.open_data.pages import OpenDataPage
from matchmaker.web.open_data.records import Plain, as_csv, as_json, as_jsonld, streamed
from matchmaker.web.pages import render
from matchmaker.web.platform import matchmaker

blueprint = Blueprint("open_data", __name__, url_prefix="/open-data")

_NOUNS: Final = {"demands": "demand", "outcomes": "outcome"}
# By the ending of the file: what writes it, and what it is.
_FORMATS: Final[Mapping[str, tuple[Callable[[str, Iterator[Plain]], Iterator[str]], str]]] = {
    "csv": (as_csv, "text/csv"),
    "json": (as_json, "application/json"),
    "jsonld": (as_jsonld, "application/ld+json"),
}


@blueprint.get("/")
def show() -> AnyResponse:
    """Counters that name nobody, and where the files are."""
    with matchmaker().reading() as uow:
        years, counts = counted(uow)
        until = this_quarter(uow)
    page = OpenDataPage(
        years=years,
        until=until,
        groups=groups(counts),
        fewest=FEWEST,
        formats=tuple(_FORMATS),
    )
    return render(page)


@blueprint.get("/<nouns>.<ending>")
def records(nouns: str, ending: str) -> AnyResponse:
    """All public demands or outcomes as a file."""
    if nouns not in _NOUNS or ending not in _FORMATS:
        abort(404)
    write, kind = _FORMATS[ending]
    return _file(stream_with_context(streamed(_NOUNS[nouns], write)), f"{nouns}.{ending}", kind)


@blueprint.get("/counters.<ending>")
def counters(ending: str) -> AnyResponse:
    """The counters as a file; what is too small to be told is empty."""
    with matchmaker().reading() as uow:
        years, counts = counted(uow)
    if ending == "json":
        told = {code: dict(zip(years, row, strict=True)) for code, row in counts.items()}
        return _file(iter([json.dumps(told)]), "counters.json", "application/json")
    if ending != "csv":
        abort(404)
    lines = ((code, *("" if one is None else one for one in row)) for code, row in counts.items())
    written = csv_text([("counter", *years), *lines])
    return _file(iter([written]), "counters.csv", "text/csv")


def _file(content: Iterator[str], name: str, kind: str) -> Response:
    answer = Response(content, mimetype=kind)
    answer.headers["Content-Disposition"] = f"attachment; filename={name}"
    return answer
