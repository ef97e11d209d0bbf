"""The city's plan as the platform needs it: clusters, innovation chains and regions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

_CHAIN_TEXTS: Final = (
    "code",
    "zh",
    "en",
    "heading",
    "description_zh",
    "description_en",
    "emerging",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What records of a field speak of, by how much it tells that a record is the field's own.

    ``decisive`` ones name what is nobody else's; ``usual`` ones are mostly said here; ``hints`` are
    materials, processes and parts that records of several fields hold.
    """

    decisive: tuple[str, ...]
    usual: tuple[str, ...]
    hints: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """An industry innovation chain of the plan.

    ``keywords`` describe it, ``words`` are what its records speak of; ``emerging`` is the strategic
    emerging industry, ``industries`` codes of GB/T 4754 and ``ipc`` subclasses, each left empty
    where it is not sure.
    """

    code: str
    cluster: str
    zh: str
    en: str
    heading: str
    description_zh: str
    description_en: str
    keywords: tuple[str, ...]
    words: Words
    emerging: str
    industries: tuple[str, ...]
    ipc: tuple[str, ...]

    def text(self, locale: str) -> str:
        """The chain's name in a locale."""
        return self.en if locale.startswith("en") else self.zh


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """An industry cluster: the chains of one chapter of the plan."""

    code: str
    zh: str
    en: str
    heading: str
    chains: tuple[Chain, ...]

    def text(self, locale: str) -> str:
        """The cluster's name in a locale."""
        return self.en if locale.startswith("en") else self.zh


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """A field that stands on none of the plan's chains, and what its records speak of."""

    code: str
    zh: str
    en: str
    words: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One chain that another draws on, and the heading under which the plan says so."""

    upstream: str
    downstream: str
    heading: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """A district or zone of the city, or a place outside it."""

    code: str
    zh: str
    en: str
    kind: str  # district | zone | outside

    def text(self, locale: str) -> str:
        """The region's name in a locale."""
        return self.en if locale.startswith("en") else self.zh


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The plan's taxonomy, immutable once read."""

    source: str
    clusters: tuple[Cluster, ...]
    regions: tuple[Region, ...]
    outside: tuple[Theme, ...]
    links: tuple[Link, ...]

    @cached_property
    def chain_by_code(self) -> Mapping[str, Chain]:
        """Every chain by its code, in the plan's order."""
        return {chain.code: chain for cluster in self.clusters for chain in cluster.chains}

    @cached_property
    def region_by_code(self) -> Mapping[str, Region]:
        """Every region by its code, in the plan's order."""
        return {region.code: region for region in self.regions}

    @classmethod
    def from_data(cls, data: Mapping[str, object]) -> Plan:
        """Build from the parsed ``data/plan/plan.json``; ``KeyError`` names what is missing."""
        return cls(
            source=str(data["source"]),
            clusters=tuple(_cluster(row) for row in _rows(data["clusters"])),
            regions=tuple(
                Region(**{key: str(row[key]) for key in ("code", "zh", "en", "kind")})
                for row in _rows(data["regions"])
            ),
            outside=tuple(
                Theme(
                    words=_graded(row),
                    **{key: str(row[key]) for key in ("code", "zh", "en")},
                )
                for row in _rows(data["outside"])
            ),
            links=tuple(
                Link(**{key: str(row[key]) for key in ("upstream", "downstream", "heading")})
                for row in _rows(data["links"])
            ),
        )


def _rows(value: object) -> list[Mapping[str, object]]:
    if not isinstance(value, list):
        msg = "expected a list"
        raise TypeError(msg)
    return value


def _cluster(row: Mapping[str, object]) -> Cluster:
    code = str(row["code"])
    return Cluster(
        code=code,
        zh=str(row["zh"]),
        en=str(row["en"]),
        heading=str(row["heading"]),
        chains=tuple(_chain(code, chain) for chain in _rows(row["chains"])),
    )


def _chain(cluster: str, row: Mapping[str, object]) -> Chain:
    return Chain(
        cluster=cluster,
        keywords=_strings(row, "keywords"),
        words=_graded(row),
        industries=_strings(row, "industries"),
        ipc=_strings(row, "ipc"),
        **{key: str(row[key]) for key in _CHAIN_TEXTS},
    )


def _strings(row: Mapping[str, object], name: str) -> tuple[str, ...]:
    found = row[name]
    if not isinstance(found, list):
        msg = f"{name} must be a list"
        raise TypeError(msg)
    return tuple(str(one) for one in found)


def _graded(row: Mapping[str, object]) -> Words:
    """Words of each grade on one line, parted by spaces: there are hundreds."""
    found = row["words"]
    if not isinstance(found, dict):
        msg = "words must be an object"
        raise TypeError(msg)
    return Words(**{name: tuple(str(found[name]).split()) for name in Words.__dataclass_fields__})
