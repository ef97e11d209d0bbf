"""The figures counted from what the simulation tells in plain words, without any event."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from tests.simulated import Told, ToldContract, World

ZONE = ZoneInfo("Asia/Shanghai")
LOCAL = {"huancui", "rongcheng", "lingang"}
Cell = tuple[str, str, str, str]


class Oracle:
    """Sums by figure, chain, quarter and district, and how long things took."""

    def __init__(self, world: World) -> None:
        self.sums: dict[Cell, tuple[int, Decimal]] = {}
        self.waits: dict[str, list[int]] = {}
        for told in world.told:
            self._told(told)
            if told.noun == "demand":
                self._demand(told)
        self._organisations(world)
        self._brokers(world)

    def _told(self, told: Told) -> None:
        for what, waits in told.waits.items():
            for at, waited in waits:
                self._add(what, told, at)
                self.waits.setdefault(what, []).append(waited)
        for what, times in told.open.items():
            for at in times:
                self._add(what, told, at)
        for what, times in told.times.items():
            figure = {
                "escalate": "reviews_overdue",
                "questions_lapsed": "questions_lapsed",
                "publish": f"{told.noun}s_published",
                "expire": f"{told.noun}s_expired",
            }.get(what)
            for at in times[:1] if what == "publish" else times:
                if figure:
                    self._add(figure, told, at)

    def _add(
        self,
        figure: str,
        told: Told,
        when: datetime | date,
        amount: Decimal = Decimal(0),
        region: str | None = None,
    ) -> None:
        quarter = quarter_of(when)
        for chain in ("", *told.chains):
            cell = (figure, chain, quarter, told.region if region is None else region)
            count, total = self.sums.get(cell, (0, Decimal(0)))
            self.sums[cell] = (count + 1, total + amount)

    def _demand(self, told: Told) -> None:
        standing = [one for one in told.contracts if not one.related and not one.void]
        steps = {
            "submitted": told.times.get("submit", []),
            "triaged": told.times.get("triage", []),
            "introduced": told.times.get("introduce", []),
            "mutual": told.times.get("mutual", []),
            "signed": sorted(one.signed for one in standing),
            "registered": sorted(one.registered for one in standing if one.registered),
        }
        before: datetime | None = None
        for step, times in steps.items():
            if not times:
                break
            self._add(step, told, steps["submitted"][0])
            if before is not None:
                waited = int((times[0] - before).total_seconds())
                self.waits.setdefault(step, []).append(waited)
            before = times[0]
        for what, figure in (
            ("decline", "introductions_declined"),
            ("lapse", "introductions_lapsed"),
            ("none_found", "none_found"),
            ("rest", "talks_dormant"),
            ("lose", "talks_lost"),
        ):
            for at in told.times.get(what, ()):
                self._add(figure, told, at)
        for contract in told.contracts:
            if contract.registered_on and not contract.void:
                self._contract(told, contract, contract.registered_on)

    def _contract(self, told: Told, contract: ToldContract, on: date) -> None:
        if contract.related:
            self._add("related", told, on)
            return
        converted = contract.type in ("transfer", "licence")
        self._add("turnover", told, on, contract.amount)
        self._add("conversions" if converted else "cooperation", told, on, contract.amount)
        if told.region in LOCAL:
            self._add("turnover_in", told, on, contract.amount)
        if contract.seller in LOCAL:
            self._add("turnover_out", told, on, contract.amount, contract.seller)

    def _organisations(self, world: World) -> None:
        for home in (*world.companies, *world.institutions):
            theirs = [
                told
                for told in world.told
                if told.organisation == home.id and "publish" in told.times
            ]
            if not theirs:
                continue
            first = min(told.times["publish"][0] for told in theirs)
            chains = sorted({chain for told in theirs for chain in told.chains})
            whole = Told("organisation", home.id, home.id, home.region_code or "", tuple(chains))
            if home.kind == "company":
                self._add("firms", whole, first)
                self._add(f"firms_{home.ladder_level or 'none'}", whole, first)
            else:
                self._add("institutions", whole, first)

    def _brokers(self, world: World) -> None:
        first: dict[int, datetime] = {}
        for told in world.told:
            for key, at in told.brokers:
                first[key] = min(first.get(key, at), at)
        for at in first.values():
            self._add("brokers", Told("user", 0, region="huancui"), at)


def quarter_of(when: datetime | date) -> str:
    """In the platform's zone."""
    day = when.astimezone(ZONE).date() if isinstance(when, datetime) else when
    return f"{day.year}-Q{1 + (day.month - 1) // 3}"


def median(values: Iterable[int]) -> float:
    """By hand."""
    ordered = sorted(values)
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return float(ordered[middle])
    return (ordered[middle - 1] + ordered[middle]) / 2
