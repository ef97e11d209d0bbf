"""Challenges as pages show them, and forms as they are read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from flask import request

from matchmaker.domain.challenge import (
    LIMITS,
    TEXTS,
    BidFields,
    ChallengeFields,
    Member,
    state_at,
)
from matchmaker.domain.challenge_vocabulary import CHALLENGE_CRITERIA
from matchmaker.domain.errors import Invalid
from matchmaker.store.base import YUAN_PER_WAN
from matchmaker.store.challenge import Challenge
from matchmaker.web.challenge.pages import ChallengeView
from matchmaker.web.engagement.problems import refuse_unread
from matchmaker.web.local_time import read_local

_LONGEST_NUMBER: Final = 12


def view_of(challenge: Challenge, now: datetime) -> ChallengeView:
    """The challenge as everybody reads it, its state as the clock has it."""
    return ChallengeView(
        public_id=challenge.public_id,
        title=challenge.title,
        problem=challenge.problem,
        target=challenge.target,
        indicators=tuple(line for line in challenge.indicators.splitlines() if line.strip()),
        conditions=challenge.conditions,
        chains=tuple(challenge.chains),
        amount=challenge.amount,
        months=challenge.months,
        weights=tuple((name, getattr(challenge, f"weight_{name}")) for name in CHALLENGE_CRITERIA),
        scores_needed=challenge.scores_needed,
        publicity_days=challenge.publicity_days,
        state=state_at(challenge.state, challenge.bids_until, now),
        published_at=challenge.published_at,
        bids_until=challenge.bids_until,
        scores_until=challenge.scores_until,
        publicity_until=challenge.publicity_until,
        contract_amount=challenge.contract_amount,
        end_note=challenge.end_note,
    )


def values_of(fields: ChallengeFields | Challenge) -> Mapping[str, str]:
    """The challenge as its form is filled."""
    found = {name: str(getattr(fields, name)) for name in (*TEXTS, *LIMITS)}
    found["amount"] = "" if fields.amount is None else f"{fields.amount:f}"
    return found


def fields_from_form(known_chains: Mapping[str, object]) -> ChallengeFields:
    """What the form says; ``Invalid`` names what cannot be read."""
    problems: dict[str, str] = {}
    numbers = {name: _whole(name, problems) for name in LIMITS}
    amount = money_from("amount", problems)
    values: dict[str, Any] = {name: request.form.get(name, "") for name in TEXTS} | numbers
    fields = ChallengeFields(
        amount=amount,
        chains=tuple(code for code in request.form.getlist("chains") if code in known_chains),
        **values,
    )
    refuse_unread(problems, fields.checked)
    return fields


def bid_from_form(*, whole: bool) -> BidFields:
    """A bid as it is typed; ``Invalid`` names what cannot be read, and what else is wrong."""
    problems: dict[str, str] = {}
    funds = money_from("funds", problems)
    columns = [request.form.getlist(name) for name in ("name", "organisation", "part")]
    longest = max((len(column) for column in columns), default=0)
    padded = [[*column, *[""] * (longest - len(column))] for column in columns]
    fields = BidFields(
        **{name: request.form.get(name, "") for name in ("plan", "base", "indicators", "effect")},
        funds=funds,
        team=tuple(
            Member(name=name, organisation=home, part=part)
            for name, home, part in zip(*padded, strict=True)
        ),
    )
    refuse_unread(problems, lambda: fields.checked(whole=whole))
    return fields


def typed_team() -> tuple[dict[str, str], ...]:
    """The rows of the team as they were sent, to be shown again."""
    columns = [request.form.getlist(name) for name in ("name", "organisation", "part")]
    rows = zip(*columns, strict=False)
    return tuple(asdict(Member(name=one, organisation=home, part=part)) for one, home, part in rows)


def time_from(name: str) -> datetime:
    """A time of a form; ``Invalid`` where it holds none."""
    try:
        return read_local(request.form.get(name, ""))
    except (ValueError, OverflowError):
        msg = f"{name} holds no time."
        raise Invalid(msg, {name: "no_time"}) from None


def money_from(name: str, problems: dict[str, str]) -> Decimal | None:
    """An amount in 万元; what cannot be read is a problem."""
    written = request.form.get(name, "").replace(",", "").strip()
    if not written:
        return None
    try:
        value = Decimal(written) if written.isascii() else Decimal("NaN")
    except InvalidOperation:
        value = Decimal("NaN")
    whole_yuan = value.is_finite() and value * YUAN_PER_WAN % 1 == 0
    if not whole_yuan or len(written) > _LONGEST_NUMBER:
        problems[name] = "no_amount"
        return None
    return value


def _whole(name: str, problems: dict[str, str]) -> int:
    written = request.form.get(name, "").strip()
    if not (written.isascii() and written.isdigit() and len(written) < 5):  # noqa: PLR2004 - no limit has five digits
        problems[name] = "no_whole"
        return 0
    return int(written)
