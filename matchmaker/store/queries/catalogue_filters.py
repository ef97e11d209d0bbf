"""What the catalogue can be filtered and sorted by, as SQL over demands or outcomes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from matchmaker.domain.permissions import Actor
from matchmaker.domain.visibility import MATCHED_STATES
from matchmaker.store.demand import Demand, DemandChain, DemandIndicator
from matchmaker.store.organisation import Organisation
from matchmaker.store.outcome import Outcome, OutcomeChain, OutcomeIndicator, OutcomeMode
from matchmaker.store.plan import ChainRow
from matchmaker.store.queries.visibility import MODELS, matched, named, seen

TRL_BANDS: Final[Mapping[str, tuple[int, int]]] = {"1-3": (1, 3), "4-6": (4, 6), "7-9": (7, 9)}
# Lower bound included, upper bound excluded, in 万元; None is open.
MONEY_BANDS: Final[Mapping[str, tuple[int | None, int | None]]] = {
    "under-50": (None, 50),
    "50-200": (50, 200),
    "200-1000": (200, 1000),
    "over-1000": (1000, None),
}
MONEY_UNSAID: Final = "unsaid"
SORTS: Final = ("relevance", "newest", "money", "expiring")

Conditions = Mapping[str, ColumnElement[bool]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What was asked for. An empty set asks for nothing; codes of one facet are alternatives.

    ``clusters`` widen ``chains``: both speak of one facet. ``hits`` are the keys that a search for
    ``text`` found, best first, or None where nothing was searched for.
    """

    chains: frozenset[str] = frozenset()
    clusters: frozenset[str] = frozenset()
    regions: frozenset[str] = frozenset()
    trls: frozenset[str] = frozenset()
    modes: frozenset[str] = frozenset()
    moneys: frozenset[str] = frozenset()
    fields: frozenset[str] = frozenset()
    states: frozenset[str] = frozenset()
    text: str = ""
    hits: tuple[int, ...] | None = None


def filters_of(
    chosen: Mapping[str, Sequence[str]], text: str, hits: tuple[int, ...] | None
) -> Filters:
    """The filters that chosen codes by facet mean, with what a search for ``text`` found."""

    def codes(facet: str) -> frozenset[str]:
        return frozenset(chosen.get(facet, ()))

    return Filters(
        chains=codes("chain"),
        clusters=codes("cluster"),
        regions=codes("region"),
        trls=codes("trl"),
        modes=codes("mode"),
        moneys=codes("money"),
        fields=codes("field"),
        states=codes("state"),
        text=text,
        hits=hits,
    )


@dataclass(frozen=True, slots=True)
class Columns:
    """Where the tables of demands and of outcomes differ."""

    noun: str
    model: type[Demand | Outcome]
    chain: type[DemandChain | OutcomeChain]
    chain_key: InstrumentedAttribute[int]
    indicator: type[DemandIndicator | OutcomeIndicator]
    indicator_key: InstrumentedAttribute[int]
    trl: InstrumentedAttribute[int | None]
    money_min: InstrumentedAttribute[Decimal | None]
    money_max: InstrumentedAttribute[Decimal | None]
    lead: ColumnElement[str]


def columns_of(noun: str) -> Columns:
    """The columns of ``demand`` or ``outcome``."""
    if noun == "demand":
        return Columns(
            noun,
            Demand,
            DemandChain,
            DemandChain.demand_id,
            DemandIndicator,
            DemandIndicator.demand_id,
            Demand.lowest_trl,
            Demand.budget_min,
            Demand.budget_max,
            _first_written(Demand.problem, Demand.target, Demand.description),
        )
    return Columns(
        noun,
        Outcome,
        OutcomeChain,
        OutcomeChain.outcome_id,
        OutcomeIndicator,
        OutcomeIndicator.outcome_id,
        Outcome.trl,
        Outcome.price_min,
        Outcome.price_max,
        _first_written(Outcome.summary, Outcome.problem_solved, Outcome.description),
    )


def conditions(actor: Actor, columns: Columns, filters: Filters, today: date) -> Conditions:
    """What a row must fulfil, by facet, so that a facet can be counted without its own filter.

    Records that are matched are listed unless states are asked for, and none past its last day.
    """
    model = columns.model
    found: dict[str, ColumnElement[bool]] = {
        "seen": seen(actor, columns.noun),
        "alive": or_(model.state != "published", model.expires_on >= today),
        "state": model.state.in_(filters.states or MATCHED_STATES[columns.noun]),
    }
    if filters.hits is not None:
        found["text"] = _found_by_search(columns.noun, filters)
    if filters.chains or filters.clusters:
        found["chain"] = _on_chains(columns, filters)
    if filters.regions:
        found["region"] = region(actor, columns).in_(filters.regions)
    if filters.trls:
        found["trl"] = trl_band(columns).in_(filters.trls)
    if filters.modes:
        found["mode"] = _in_modes(columns, filters.modes)
    if filters.moneys:
        found["money"] = money_band(columns).in_(filters.moneys)
    if filters.fields:
        found["field"] = model.field.in_(filters.fields)
    return found


def order(
    columns: Columns, sort: str
) -> tuple[ColumnElement[Any] | InstrumentedAttribute[Any], ...]:
    """The order of the rows; always total, so that pages neither repeat nor lose a row.

    Relevance is not known to the database: rows come newest first then.
    """
    model = columns.model
    newest = (func.coalesce(model.published_at, model.created_at).desc(), model.id.desc())
    if sort == "money":
        money = _money(columns)
        return (money.is_(None), money.desc() if columns.noun == "demand" else money, *newest)
    if sort == "expiring":
        return (model.expires_on.is_(None), model.expires_on, *newest)
    return newest


def region(actor: Actor, columns: Columns) -> ColumnElement[str | None]:
    """The organisation's district where the actor may know the organisation, else NULL."""
    return case((named(actor, columns.noun), Organisation.region_code), else_=None)


def trl_band(columns: Columns) -> ColumnElement[str | None]:
    """Code of ``TRL_BANDS``, or NULL where no level is given."""
    return case(
        *((columns.trl.between(low, high), code) for code, (low, high) in TRL_BANDS.items()),
        else_=None,
    )


def money_band(columns: Columns) -> ColumnElement[str]:
    """Code of ``MONEY_BANDS`` for budget or price, or ``MONEY_UNSAID``."""
    money = _money(columns)
    return case(
        (money.is_(None), MONEY_UNSAID),
        *(
            (money < Decimal(high), code)
            for code, (_low, high) in MONEY_BANDS.items()
            if high is not None
        ),
        else_=next(code for code, (_low, high) in MONEY_BANDS.items() if high is None),
    )


def _money(columns: Columns) -> ColumnElement[Decimal | None]:
    """The amount that counts: the most a company would pay, the least an institution asks."""
    if columns.noun == "demand":
        return func.coalesce(columns.money_max, columns.money_min)
    return func.coalesce(columns.money_min, columns.money_max)


def _first_written(*columns: InstrumentedAttribute[str]) -> ColumnElement[str]:
    """The first of the texts that is not empty."""
    return func.coalesce(*(func.nullif(column, "") for column in columns), "")


def _found_by_search(noun: str, filters: Filters) -> ColumnElement[bool]:
    """Found by the engine; records that it does not index are found by title.

    A common table expression, so that a statement of many parts names the hits once.
    """
    model = MODELS[noun]
    in_title = and_(
        ~matched(noun),
        *(model.title.icontains(word, autoescape=True) for word in filters.text.split()),
    )
    found = select(model.id).where(or_(model.id.in_(filters.hits or ()), in_title)).cte("found")
    return model.id.in_(select(found.c.id))


def _on_chains(columns: Columns, filters: Filters) -> ColumnElement[bool]:
    of_clusters = select(ChainRow.code).where(ChainRow.cluster_code.in_(filters.clusters))
    wanted = or_(
        columns.chain.chain_code.in_(filters.chains), columns.chain.chain_code.in_(of_clusters)
    )
    return columns.model.id.in_(select(columns.chain_key).where(wanted))


def _in_modes(columns: Columns, modes: frozenset[str]) -> ColumnElement[bool]:
    if columns.noun == "demand":
        return Demand.solution_mode.in_(modes)
    return Outcome.id.in_(select(OutcomeMode.outcome_id).where(OutcomeMode.mode.in_(modes)))
