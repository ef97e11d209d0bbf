"""A small WSGI application: what this process's engine finds, and which process it is."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qs

from matchmaker.bootstrap import bootstrap

platform = bootstrap()


def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    (text,) = parse_qs(environ["QUERY_STRING"])["q"]
    titles = {record.id: record.title for record, _ in platform.engine.contents()[1]["outcome"]}
    found = [titles[hit.id] for hit in platform.engine.search("outcome", text, top=3)]
    body = json.dumps({"process": os.getpid(), "found": found}).encode()
    start_response("200 OK", [("Content-Type", "application/json"), ("Connection", "close")])
    return [body]
