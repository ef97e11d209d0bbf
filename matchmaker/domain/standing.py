"""What the talks about a demand and about an outcome make of the two records."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

_CONTRACTED: Final = frozenset({"signed", "registered", "performing"})
_HANDED_OVER: Final = frozenset({"registered", "performing", "completed"})

# The action that leads a record to where its talks leave it; no other state is the talks' doing.
ACTIONS: Final[Mapping[str, Mapping[str, str]]] = {
    "demand": {
        "published": "relist",
        "engaged": "engage",
        "contracted": "contract",
        "resolved": "resolve",
    },
    "outcome": {"published": "relist", "reserved": "reserve", "transferred": "transfer"},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """One engagement about a record: its stage, for a dormant one the stage it had."""

    stage: str
    transfers: bool  # its contract hands the technology over, to this company alone


def standing_of(noun: str, talks: Collection[Talk]) -> str:
    """The state that a ``demand`` or ``outcome`` has by its talks; without any, ``published``.

    A demand stands as its furthest engagement does. An outcome that is licensed or developed
    further stays open to others; only a transfer takes it off the market, first reserved by the
    signature, then transferred by the registration.
    """
    if noun == "demand":
        stages = {talk.stage for talk in talks} - {"lost"}
        if "completed" in stages:
            return "resolved"
        if stages & _CONTRACTED:
            return "contracted"
        return "engaged" if stages else "published"
    stages = {talk.stage for talk in talks if talk.transfers}
    if stages & _HANDED_OVER:
        return "transferred"
    return "reserved" if "signed" in stages else "published"
