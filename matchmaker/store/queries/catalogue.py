"""The catalogue: filtered, counted, sorted and paged lists of demands and outcomes.

The number of SQL statements does not depend on how many rows there are: one counts everything that
the filters offer, one fetches a page of rows (two by relevance), three fetch what hangs on those
rows.

Nothing here tells more than the record's own page would. Rows that the actor may not see are absent
from rows, totals and counts alike; the district is taken from the organisation and is therefore
unknown, uncounted and not filterable wherever the organisation may not be named.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, case, func, literal, select, union_all
from sqlalchemy.orm import InstrumentedAttribute

from matchmaker.domain.indicator import Indicator
from matchmaker.domain.permissions import Actor
from matchmaker.domain.working_days import day_of
from matchmaker.store.database import UnitOfWork
from matchmaker.store.demand import Demand
from matchmaker.store.organisation import Organisation
from matchmaker.store.outcome import Outcome, OutcomeMode
from matchmaker.store.plan import ChainRow
from matchmaker.store.queries.catalogue_filters import (
    Columns,
    Conditions,
    Filters,
    columns_of,
    conditions,
    money_band,
    order,
    region,
    trl_band,
)
from matchmaker.store.queries.visibility import MODELS, matched, named, seen

_LEAD_LENGTH: Final = 240
_INDICATORS_SHOWN: Final = 3

_Code = ColumnElement[Any] | InstrumentedAttribute[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueRow:
    """One demand or outcome in a list; ``organisation_name`` is None where it is withheld.

    ``modes`` are codes of ``SOLUTION_MODES`` (demand) or ``CONVERSION_MODES`` (outcome), money is
    the budget or the price in 万元, ``indicators`` are readable lines.
    """

    noun: str
    public_id: str
    title: str
    lead: str
    organisation_name: str | None
    region: str | None
    chains: tuple[str, ...]
    field: str | None
    trl: int | None
    modes: tuple[str, ...]
    money_min: Decimal | None
    money_max: Decimal | None
    price_mode: str | None
    indicators: tuple[str, ...]
    more_indicators: int
    disclosure: str
    state: str
    origin: str
    published_at: datetime | None
    expires_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueCounts:
    """How many there are, and how many each choice would leave: facet → code → count."""

    total: int
    facets: Mapping[str, Mapping[str, int]]


def counts(
    uow: UnitOfWork, actor: Actor, noun: str, filters: Filters, *, states: bool
) -> CatalogueCounts:
    """The total and every facet's counts, each facet counted under all *other* filters.

    Facets: chain, cluster, region, trl, mode, money, field, and state where ``states`` asks for it.
    """
    columns = columns_of(noun)
    met = conditions(actor, columns, filters, day_of(uow.now))
    parts = [
        _count(columns, "total", literal(""), met),
        _count(columns, "region", region(actor, columns), met),
        _count(columns, "trl", trl_band(columns), met),
        _count(columns, "money", money_band(columns), met),
        _count(columns, "field", columns.model.field, met),
        _count(columns, "mode", _mode(columns), met),
        _count(columns, "chain", columns.chain.chain_code, met),
        _count(columns, "cluster", ChainRow.cluster_code, met),
    ]
    if states:
        parts.append(_count(columns, "state", columns.model.state, met))
    facets: dict[str, dict[str, int]] = {}
    total = 0
    for facet, code, number in uow.session.execute(union_all(*parts)):
        if facet == "total":
            total = number
        elif code is not None:
            facets.setdefault(facet, {})[str(code)] = number
    return CatalogueCounts(total=total, facets=facets)


def hidden_count(uow: UnitOfWork, actor: Actor, noun: str) -> int:
    """How many records that are matched the actor may not see.

    A search asks the engine for that many more hits than it shows: what is hidden can then not be
    inferred from hits that are missing.
    """
    hidden = select(func.count()).where(matched(noun), ~seen(actor, noun))
    return uow.session.scalar(hidden) or 0


def seen_hits(
    uow: UnitOfWork, actor: Actor, noun: str, hits: Sequence[int], *, top: int
) -> tuple[int, ...]:
    """The first ``top`` of the engine's hits that the actor may see, in the engine's order."""
    model = MODELS[noun]
    visible = set(
        uow.session.scalars(select(model.id).where(model.id.in_(hits), seen(actor, noun)))
    )
    return tuple(key for key in hits if key in visible)[:top]


def rows(
    uow: UnitOfWork,
    actor: Actor,
    noun: str,
    filters: Filters,
    *,
    sort: str,
    limit: int,
    offset: int,
) -> tuple[CatalogueRow, ...]:
    """One page of the records that pass the filters, in the order asked for."""
    columns = columns_of(noun)
    met = conditions(actor, columns, filters, day_of(uow.now))
    selected = _selected(actor, columns)
    if sort == "relevance" and filters.hits is not None:
        keys = _by_relevance(uow, columns, met, filters.hits)[offset : offset + limit]
        by_key = {
            row.id: row for row in uow.session.execute(selected.where(columns.model.id.in_(keys)))
        }
        found = [by_key[key] for key in keys]
    else:
        asked = selected.where(*met.values()).order_by(*order(columns, sort))
        found = list(uow.session.execute(asked.limit(limit).offset(offset)))
        keys = [row.id for row in found]
    chains = _chains(uow, columns, keys)
    modes = _modes(uow, keys) if noun == "outcome" else {}
    indicators = _indicators(uow, columns, keys)
    return tuple(
        _row(
            noun,
            row,
            chains.get(row.id, []),
            modes.get(row.id, [row.mode] if row.mode else []),
            indicators.get(row.id, []),
        )
        for row in found
    )


def _by_relevance(
    uow: UnitOfWork, columns: Columns, met: Conditions, hits: Sequence[int]
) -> list[int]:
    """The keys of the records that pass, the engine's hits first in its order, then the newest."""
    place = {key: place for place, key in enumerate(hits)}
    passing = uow.session.scalars(
        select(columns.model.id)
        .join(Organisation, columns.model.organisation_id == Organisation.id)
        .where(*met.values())
        .order_by(*order(columns, "newest"))
    )
    return sorted(passing, key=lambda key: place.get(key, len(place)))


def _selected(actor: Actor, columns: Columns) -> Select[Any]:
    """The columns of a row, joined with its organisation."""
    model, outcome = columns.model, columns.noun == "outcome"
    return select(
        model.id,
        model.public_id,
        model.title,
        columns.lead.label("lead"),
        case((named(actor, columns.noun), Organisation.name), else_=None).label("name"),
        region(actor, columns).label("region"),
        model.field,
        columns.trl.label("trl"),
        (literal(None) if outcome else Demand.solution_mode).label("mode"),
        columns.money_min.label("money_min"),
        columns.money_max.label("money_max"),
        (Outcome.price_mode if outcome else literal(None)).label("price_mode"),
        (literal("public") if outcome else Demand.disclosure).label("disclosure"),
        model.state,
        model.origin,
        model.published_at,
        model.expires_on,
    ).join(Organisation, model.organisation_id == Organisation.id)


def _count(columns: Columns, facet: str, code: _Code, met: Conditions) -> Select[str, Any, int]:
    """Count the rows by code, under every condition but the facet's own."""
    model = columns.model
    own = "chain" if facet == "cluster" else facet
    counted = func.count() if facet != "cluster" else func.count(model.id.distinct())
    statement = (
        select(literal(facet), code, counted)
        .select_from(model)
        .join(Organisation, model.organisation_id == Organisation.id)
        .where(*(condition for name, condition in met.items() if name != own))
    )
    if own == "chain":
        statement = statement.join(columns.chain, columns.chain_key == model.id)
    if facet == "cluster":
        statement = statement.join(ChainRow, ChainRow.code == columns.chain.chain_code)
    if facet == "mode" and columns.noun == "outcome":
        statement = statement.join(OutcomeMode, OutcomeMode.outcome_id == Outcome.id)
    return statement if facet == "total" else statement.group_by(code)


def _mode(columns: Columns) -> _Code:
    return Demand.solution_mode if columns.noun == "demand" else OutcomeMode.mode


def _row(
    noun: str,
    row: Row[Any],
    chains: list[str],
    modes: list[str],
    indicators: list[str],
) -> CatalogueRow:
    return CatalogueRow(
        noun=noun,
        public_id=row.public_id,
        title=row.title,
        lead=_cut(row.lead),
        organisation_name=row.name,
        region=row.region,
        chains=tuple(chains),
        field=row.field,
        trl=row.trl,
        modes=tuple(modes),
        money_min=row.money_min,
        money_max=row.money_max,
        price_mode=row.price_mode,
        indicators=tuple(indicators[:_INDICATORS_SHOWN]),
        more_indicators=max(0, len(indicators) - _INDICATORS_SHOWN),
        disclosure=row.disclosure,
        state=row.state,
        origin=row.origin,
        published_at=row.published_at,
        expires_on=row.expires_on,
    )


def _cut(text: str) -> str:
    """The text on one line, cut to what a row can show."""
    line = " ".join(text[: 2 * _LEAD_LENGTH].split())
    return line if len(line) <= _LEAD_LENGTH else line[: _LEAD_LENGTH - 1] + "…"


def _chains(uow: UnitOfWork, columns: Columns, keys: Sequence[int]) -> dict[int, list[str]]:
    return _grouped(
        uow,
        select(columns.chain_key, columns.chain.chain_code)
        .where(columns.chain_key.in_(keys))
        .order_by(columns.chain.chain_code),
    )


def _modes(uow: UnitOfWork, keys: Sequence[int]) -> dict[int, list[str]]:
    return _grouped(
        uow,
        select(OutcomeMode.outcome_id, OutcomeMode.mode)
        .where(OutcomeMode.outcome_id.in_(keys))
        .order_by(OutcomeMode.mode),
    )


def _grouped(uow: UnitOfWork, statement: Select[int, str]) -> dict[int, list[str]]:
    grouped: dict[int, list[str]] = {}
    for key, value in uow.session.execute(statement):
        grouped.setdefault(key, []).append(value)
    return grouped


def _indicators(uow: UnitOfWork, columns: Columns, keys: Sequence[int]) -> dict[int, list[str]]:
    """The indicators of the records as readable lines, in their author's order."""
    table = columns.indicator
    found = uow.session.execute(
        select(
            columns.indicator_key.label("record_id"),
            table.name,
            table.comparator,
            table.value,
            table.value_high,
            table.unit,
        )
        .where(columns.indicator_key.in_(keys))
        .order_by(columns.indicator_key, table.position)
    )
    grouped: dict[int, list[str]] = {}
    for row in found:
        line = Indicator(
            name=row.name,
            comparator=row.comparator,
            value=row.value,
            value_high=row.value_high,
            unit=row.unit,
        ).text
        grouped.setdefault(row.record_id, []).append(line)
    return grouped
