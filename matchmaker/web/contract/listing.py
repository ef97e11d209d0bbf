"""The bureau's registered contracts: sums that open their lists, and a table to take away."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Final

from flask import g, request, url_for
from werkzeug.wrappers import Response

from matchmaker.domain.contract_vocabulary import CONTRACT_TYPES
from matchmaker.domain.permissions import require
from matchmaker.integrations.csv_file import MARK, csv_text, plain_cell
from matchmaker.store.database import UnitOfWork
from matchmaker.store.queries import contract as query
from matchmaker.store.queries.contract import ContractFilters, ContractRow, Totals
from matchmaker.web.contract.pages import ContractsPage, Group, Option, RegisteredPage
from matchmaker.web.contract.view import revisions_of
from matchmaker.web.i18n import gettext as _
from matchmaker.web.i18n import locale, term
from matchmaker.web.pages import Numbered, render
from matchmaker.web.platform import matchmaker

_QUARTER: Final = re.compile(r"(19|20)\d\d(-Q[1-4])?")


def listing() -> Response:
    """Registered contracts; sums count what statistics count, and each opens its list."""
    require(g.actor, "contract", "count")
    filters, pages = _filters(), Numbered.from_request()
    with matchmaker().reading() as uow:
        rows, total = query.listing(uow, filters, limit=pages.size, offset=pages.offset)
        page = ContractsPage(
            rows=rows,
            total=total,
            sums=query.totals(uow, filters),
            quarters=_groups(query.by_quarter(uow, filters), filters, "quarter"),
            types=_groups(query.by_type(uow, filters), filters, "type"),
            regions=_groups(query.by_region(uow, filters), filters, "region"),
            quarter_options=_quarters(uow, filters.quarter),
            type_options=_options(
                {code: term(code, "contract_type") for code in CONTRACT_TYPES}, filters.type
            ),
            region_options=_options(_region_labels(), filters.region),
            counted_options=_options(
                {"yes": _("Counted"), "no": _("Related parties, not counted")}, filters.counted
            ),
            export=_address("contract.export", filters),
            **pages.of(total),
        )
    return render(page)


def registered(public_id: str) -> Response:
    """One registered contract with the history of its amounts."""
    with matchmaker().reading() as uow:
        key, row = query.registered(uow, g.actor, public_id)
        page = RegisteredPage(row=row, revisions=revisions_of(uow, key, registered_only=True))
    return render(page)


def export() -> Response:
    """The list as CSV: no names of people, no contact data, no clauses."""
    require(g.actor, "contract", "count")
    with matchmaker().reading() as uow:
        rows, _total = query.listing(uow, _filters(), limit=None)
    lines = ([plain_cell(cell) for cell in _cells(row)] for row in rows)
    answer = Response(MARK + csv_text([_headings(), *lines]), mimetype="text/csv")
    answer.headers["Content-Disposition"] = "attachment; filename=contracts.csv"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _headings() -> tuple[str, ...]:
    return (
        _("Registration number"),
        _("Registered on"),
        _("Quarter"),
        _("Type of contract"),
        _("Kind of development"),
        _("Name of the contract"),
        _("Company"),
        _("Institution"),
        _("District"),
        _("Contract amount (10,000 yuan)"),
        _("Technical amount (10,000 yuan)"),
        _("Counted"),
        _("Registration office"),
        _("Signed on"),
    )


def _cells(row: ContractRow) -> tuple[str, ...]:
    return (
        row.number,
        row.registered_on.isoformat(),
        row.quarter,
        term(row.type, "contract_type"),
        term(row.development_kind, "development_kind"),
        row.title,
        row.company,
        row.institution,
        _region_label(row.region_code or ""),
        f"{row.amount_total:f}",
        f"{row.amount_technical:f}",
        _("no, related parties") if row.related else _("yes"),
        row.office,
        row.signed_on.isoformat(),
    )


def _filters() -> ContractFilters:
    """The filters of the address; what is none filters nothing."""
    quarter = request.args.get("quarter", "")
    kind = request.args.get("type", "")
    region = request.args.get("region", "")
    counted = request.args.get("counted", "")
    return ContractFilters(
        quarter=quarter if _QUARTER.fullmatch(quarter) else "",
        type=kind if kind in CONTRACT_TYPES else "",
        region=region if region in _region_labels() else "",
        counted=counted if counted in ("yes", "no") else "",
    )


def _groups(found: Mapping[str, Totals], filters: ContractFilters, name: str) -> tuple[Group, ...]:
    """One part of the sums by each value, with the address that lists just what it counts."""
    groups = []
    for code, totals in found.items():
        value = code or "none"
        narrowed = replace(filters, counted="yes", **{name: value})
        href = _address("contract.listing", narrowed)
        groups.append(Group(label=_label(name, code), totals=totals, href=href))
    return tuple(groups)


def _label(name: str, code: str) -> str:
    if name == "type":
        return term(code, "contract_type")
    return _region_label(code) if name == "region" else code


def _address(endpoint: str, filters: ContractFilters) -> str:
    return url_for(endpoint, **{name: value or None for name, value in asdict(filters).items()})


def _region_labels() -> dict[str, str]:
    regions = {one.code: one.text(locale()) for one in matchmaker().plan.regions}
    return {**regions, "none": _("No district")}


def _region_label(code: str) -> str:
    return _region_labels()[code or "none"]


def _quarters(uow: UnitOfWork, current: str) -> tuple[Option, ...]:
    """The years in which contracts were registered, each with its quarters."""
    codes = [
        code
        for year in query.years(uow)
        for code in (str(year), *(f"{year}-Q{quarter}" for quarter in range(4, 0, -1)))
    ]
    return _options({code: code for code in codes}, current)


def _options(labels: Mapping[str, str], current: str) -> tuple[Option, ...]:
    return tuple(
        Option(code=code, label=label, current=code == current) for code, label in labels.items()
    )
