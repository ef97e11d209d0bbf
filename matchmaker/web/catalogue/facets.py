"""The catalogue's facets as pages show them: labels, counts, choices, how to take them back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from matchmaker.domain.plan import Chain, Plan, Region
from matchmaker.domain.term import Term
from matchmaker.domain.vocabulary import FIELDS
from matchmaker.store.queries.catalogue_filters import MONEY_BANDS, MONEY_UNSAID, TRL_BANDS
from matchmaker.web.catalogue.address import MODES, STATES, Address, offered_codes
from matchmaker.web.i18n import gettext as _
from matchmaker.web.i18n import lazy_gettext as _l
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


_LABELS: Final = {
    "cluster": _l("Industry chain"),
    "chain": _l("Industry chain"),
    "region": _l("District"),
    "trl": _l("Technology readiness"),
    "mode": _l("Conversion mode"),
    "money": _l("Price"),
    "field": _l("Technical field"),
    "state": _l("State"),
}
_LABELS_OF_DEMANDS: Final = {
    **_LABELS,
    "trl": _l("Lowest acceptable TRL"),
    "mode": _l("Solution mode"),
    "money": _l("Budget"),
}


def _facet_label(noun: str, facet: str) -> str:
    return str((_LABELS_OF_DEMANDS if noun == "demand" else _LABELS)[facet])


def _label(noun: str, facet: str, code: str, plan: Plan) -> str:
    """What a facet's code means, in the language of the request."""
    if facet == "money":
        return _band(code)
    if facet == "trl":
        low, high = TRL_BANDS[code]
        return f"TRL {low}–{high}"
    if facet == "cluster":
        return next(one for one in plan.clusters if one.code == code).text(locale())
    terms: Mapping[str, Mapping[str, Term | Chain | Region]] = {
        "chain": plan.chain_by_code,
        "region": plan.region_by_code,
        "mode": MODES[noun],
        "field": FIELDS,
        "state": STATES[noun],
    }
    return terms[facet][code].text(locale())


def facets(
    address: Address, counts: Mapping[str, Mapping[str, int]], plan: Plan, *, states: bool
) -> tuple[Facet, ...]:
    """Every facet that offers a choice; choices that would leave nothing are left out."""
    offered = offered_codes(address.noun, plan)

    def choices(name: str, codes: Iterable[str]) -> tuple[Choice, ...]:
        chosen = address.chosen.get(name, ())
        made = (
            Choice(
                name=name,
                code=code,
                label=_label(address.noun, name, code, plan),
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
            label=_facet_label(address.noun, name),
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
                    facet=_facet_label(address.noun, facet),
                    value=_label(address.noun, facet, code, plan),
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
