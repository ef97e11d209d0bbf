"""The city's plan as the platform needs it: clusters, innovation chains and regions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """An industry innovation chain of the plan."""

    code: str
    cluster: str
    zh: str
    en: str
    heading: str
    description_zh: str
    description_en: str
    keywords: tuple[str, ...]

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
    keywords = row["keywords"]
    if not isinstance(keywords, list):
        msg = "keywords must be a list"
        raise TypeError(msg)
    return Chain(
        cluster=cluster,
        keywords=tuple(str(word) for word in keywords),
        **{
            key: str(row[key])
            for key in ("code", "zh", "en", "heading", "description_zh", "description_en")
        },
    )
