"""Public records as files: the public tier, and nothing that a visitor's page does not show."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from flask import url_for

from matchmaker.domain.open_data import FIELDS
from matchmaker.domain.permissions import VISITOR
from matchmaker.domain.visibility import may_name_organisation
from matchmaker.integrations.csv_file import MARK, csv_text, plain_cell
from matchmaker.services.record import Record, indicators_of
from matchmaker.store.outcome import Outcome
from matchmaker.store.queries.open_data import records
from matchmaker.web.local_time import local_day
from matchmaker.web.platform import matchmaker

_HEAD: Final = ("id", "address", "title", "state", "organisation", "region", "published_on")
Plain = dict[str, Any]


def plain(noun: str, record: Record) -> Plain:
    """A record by the names of its fields; an anonymous company and its district are left out."""
    named = may_name_organisation(VISITOR, noun, record)
    published = record.published_at
    return {
        "id": record.public_id,
        "address": url_for(f"{noun}.show", public_id=record.public_id, _external=True),
        "title": record.title,
        "state": record.state,
        "organisation": record.organisation.name if named else None,
        "region": record.organisation.region_code if named else None,
        "published_on": local_day(published) if published else None,
        **{name: _value(record, name) for name in FIELDS[noun]},
    }


def streamed(noun: str, write: Callable[[str, Iterator[Plain]], Iterator[str]]) -> Iterator[str]:
    """A file of all public records, written while it is read."""
    with matchmaker().reading() as uow:
        yield from write(noun, (plain(noun, one) for one in records(uow, noun)))


def as_csv(noun: str, rows: Iterator[Plain]) -> Iterator[str]:
    """A table; lists are parted by semicolons."""
    names = (*_HEAD, *FIELDS[noun])
    yield MARK + csv_text([names])
    for row in rows:
        yield csv_text([[_cell(row[name]) for name in names]])


def as_json(_noun: str, rows: Iterator[Plain]) -> Iterator[str]:
    """A list of objects, without what is empty."""
    yield "["
    for place, row in enumerate(rows):
        yield f"{',' if place else ''}\n{_encoded(_filled(row))}"
    yield "\n]\n"


def as_jsonld(noun: str, rows: Iterator[Plain]) -> Iterator[str]:
    """Demands and offers of schema.org."""
    yield '{"@context": "https://schema.org", "@graph": ['
    for place, row in enumerate(rows):
        yield f"{',' if place else ''}\n{_encoded(_filled(_SCHEMA[noun](row)))}"
    yield "\n]}\n"


def _demand(row: Plain) -> Plain:
    texts = [row[name] for name in ("problem", "key_technology", "target") if row[name]]
    home = row["organisation"]
    return {
        **_common(row),
        "@type": "Demand",
        "description": "\n".join(texts),
        "priceSpecification": _price(row["budget_min"], row["budget_max"]),
        "@reverse": {"seeks": {"@type": "Organization", "name": home}} if home else None,
    }


def _outcome(row: Plain) -> Plain:
    return {
        **_common(row),
        "@type": "Offer",
        "description": row["summary"],
        "priceSpecification": _price(row["price_min"], row["price_max"]),
        "offeredBy": {"@type": "Organization", "name": row["organisation"]},
        "itemOffered": _filled(
            {"@type": "Product", "name": row["title"], "keywords": ", ".join(row["keywords"])}
        ),
    }


_SCHEMA: Final[Mapping[str, Callable[[Plain], Plain]]] = {"demand": _demand, "outcome": _outcome}


def _common(row: Plain) -> Plain:
    return {
        "@id": row["address"],
        "identifier": row["id"],
        "name": row["title"],
        "validFrom": row["published_on"],
        "validThrough": row["expires_on"],
    }


def _price(low: Decimal | None, high: Decimal | None) -> Plain | None:
    """Amounts in yuan."""
    if low is None and high is None:
        return None
    bounds = {"minPrice": low, "maxPrice": high}
    told = {name: int(value * 10_000) for name, value in bounds.items() if value is not None}
    return {"@type": "PriceSpecification", "priceCurrency": "CNY", **told}


def _value(record: Record, name: str) -> Any:
    if name == "chains":
        return [one.chain_code for one in record.chains]
    if name == "indicators":
        return [one.text for one in indicators_of(record)]
    if isinstance(record, Outcome) and name == "conversion_modes":
        return [one.mode for one in record.modes]
    if isinstance(record, Outcome) and name == "ip":
        # Who owns a right is told in the field of its own, as on the page.
        shown = ("kind", "number", "status")
        return [{key: one[key] for key in shown if one.get(key)} for one in record.ip]
    return getattr(record, name)


def _filled(row: Plain) -> Plain:
    return {name: value for name, value in row.items() if value not in (None, "", [], {})}


def _encoded(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=_simple)


def _simple(value: object) -> object:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value.isoformat() if isinstance(value, date) else str(value)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        parts = [" ".join(one.values()) if isinstance(one, dict) else str(one) for one in value]
        value = "; ".join(parts)
    text = f"{value:f}" if isinstance(value, Decimal) else str(value)
    return plain_cell(text)
