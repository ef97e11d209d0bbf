"""The catalogue's facets as pages show them: labels, counts, choices, how to take them back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from flask_babel import gettext as _

from matchmaker.domain.plan import Plan
from matchmaker.domain.vocabulary import FIELDS
from matchmaker.store.queries.catalogue_filters import MONEY_BANDS, MONEY_UNSAID, TRL_BANDS
from matchmaker.web.catalogue.address import MODES, STATES, Address, offered_codes
from matchmaker.web.i18n import locale, money


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One box to tick: ``name`` and ``code`` are what it sends."""

    name: str
    code: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Choices under a heading that can itself be chosen, or under none."""

    heading: Choice | None
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Facet:
    """One facet; ``open`` when something in it is chosen or it is among the first."""

    name: str
    label: str
    groups: tuple[Group, ...]
    open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Chip:
    """An active filter and the address without it."""

    label: str
    href: str


_Choices = Callable[[str, Iterable[str]], tuple[Choice, ...]]


class FacetLabels:
    """The labels of facets and codes in the language of the request."""

    def __init__(self, noun: str, plan: Plan) -> None:
        """Look up the labels of demands or of outcomes."""
        demand, language = noun == "demand", locale()
        self.facets: Mapping[str, str] = {
            "cluster": _("Industry chain"),
            "chain": _("Industry chain"),
            "region": _("District"),
            "trl": _("Lowest acceptable TRL") if demand else _("Technology readiness"),
            "mode": _("Solution mode") if demand else _("Conversion mode"),
            "money": _("Budget") if demand else _("Price"),
            "field": _("Technical field"),
            "state": _("State"),
        }
        self.codes: Mapping[str, Mapping[str, str]] = {
            "cluster": {cluster.code: cluster.text(language) for cluster in plan.clusters},
            "chain": {code: chain.text(language) for code, chain in plan.chain_by_code.items()},
            "region": {code: one.text(language) for code, one in plan.region_by_code.items()},
            "trl": {code: f"TRL {low}–{high}" for code, (low, high) in TRL_BANDS.items()},
            "mode": {code: one.text(language) for code, one in MODES[noun].items()},
            "money": {code: _band(code) for code in (*MONEY_BANDS, MONEY_UNSAID)},
            "field": {code: one.text(language) for code, one in FIELDS.items()},
            "state": {code: one.text(language) for code, one in STATES[noun].items()},
        }


def facets(
    address: Address, counts: Mapping[str, Mapping[str, int]], plan: Plan, *, states: bool
) -> tuple[Facet, ...]:
    """Every facet that offers a choice; choices that would leave nothing are left out."""
    labels = FacetLabels(address.noun, plan)
    offered = offered_codes(address.noun, plan)

    def choices(name: str, codes: Iterable[str]) -> tuple[Choice, ...]:
        chosen = address.chosen.get(name, ())
        made = (
            Choice(
                name=name,
                code=code,
                label=labels.codes[name][code],
                count=counts.get(name, {}).get(code, 0),
                chosen=code in chosen,
            )
            for code in codes
        )
        return tuple(one for one in made if one.count or one.chosen)

    def facet(name: str, groups: tuple[Group, ...], *, first: bool) -> Facet:
        boxes = [box for group in groups for box in (*group.choices, group.heading) if box]
        return Facet(
            name=name,
            label=labels.facets[name],
            groups=groups,
            open=first or any(box.chosen for box in boxes),
        )

    made = [facet("chain", _chain_groups(plan, choices), first=True)]
    names = ("field", "region", "trl", "mode", "money", *(("state",) if states else ()))
    for name in names:
        group = Group(heading=None, choices=choices(name, offered[name]))
        made.append(facet(name, (group,) if group.choices else (), first=name in {"trl", "state"}))
    return tuple(one for one in made if one.groups)


def chips(address: Address, plan: Plan) -> tuple[Chip, ...]:
    """The active filters, each with the address that lacks it; the search comes first."""
    labels = FacetLabels(address.noun, plan)
    made = []
    if address.query:
        made.append(
            Chip(
                label=_("Search: %(text)s", text=address.query),
                href=address.without_query().href(),
            )
        )
    for facet, codes in address.chosen.items():
        made += [
            Chip(
                label=_(
                    "%(facet)s: %(value)s",
                    facet=labels.facets[facet],
                    value=labels.codes[facet][code],
                ),
                href=address.without(facet, code).href(),
            )
            for code in codes
        ]
    return tuple(made)


def _chain_groups(plan: Plan, choices: _Choices) -> tuple[Group, ...]:
    """The chains under their clusters."""
    groups = []
    for cluster in plan.clusters:
        heading = choices("cluster", (cluster.code,))
        under = choices("chain", (chain.code for chain in cluster.chains))
        if heading or under:
            groups.append(Group(heading=heading[0] if heading else None, choices=under))
    return tuple(groups)


def _band(code: str) -> str:
    """A band of budgets or prices in words."""
    if code == MONEY_UNSAID:
        return str(_("Not stated"))
    low, high = MONEY_BANDS[code]
    if low is None:
        return str(_("Under %(amount)s", amount=_amount(high)))
    if high is None:
        return str(_("%(amount)s and more", amount=_amount(low)))
    return str(_("%(low)s to %(high)s", low=_amount(low), high=_amount(high)))


def _amount(wan: int | None) -> str:
    return money(Decimal(wan or 0))
