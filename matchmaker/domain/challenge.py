"""Challenges 揭榜挂帅: an open call made of demands that nobody could answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from matchmaker.domain.challenge_vocabulary import CHALLENGE_CRITERIA
from matchmaker.domain.errors import Invalid
from matchmaker.domain.permissions import Actor, Subject, may
from matchmaker.domain.record import MONEY_HIGHEST
from matchmaker.domain.text import one_line, tidy, unclean_character

TITLE_LENGTH: Final = 100
TEXT_LENGTH: Final = 2_000
NOTE_LENGTH: Final = 1_000
MOST_DEMANDS: Final = 10
# The shortest time between publication and the deadline of bids.
SHORTEST_CALL: Final = timedelta(days=1)
LONGEST_CALL: Final = timedelta(days=366)
CLOSING_REMINDER: Final = timedelta(days=3)
# How long before its day the midterm report stands among what waits for the winner.
REPORT_NOTICE: Final = timedelta(days=30)
_MONTH: Final = timedelta(days=365) / 12
# How much there may be of what; scores are given in whole points.
LIMITS: Final = {
    "scores_needed": (2, 9),
    "publicity_days": (3, 30),
    "months": (1, 60),
    **{f"weight_{criterion}": (5, 85) for criterion in CHALLENGE_CRITERIA},
}
USUAL: Final = {
    "scores_needed": 3,
    "publicity_days": 5,
    "months": 24,
    "weight_drive": 25,
    "weight_base": 20,
    "weight_technical": 35,
    "weight_financial": 20,
}
WHOLE: Final = 100
TEXTS: Final = {
    "title": TITLE_LENGTH,
    "problem": TEXT_LENGTH,
    "target": TEXT_LENGTH,
    "indicators": TEXT_LENGTH,
    "conditions": TEXT_LENGTH,
}
_NEEDED: Final = frozenset({"title", "problem", "target", "indicators"})

# States of bids that have been before judges, or are.
COMPETING: Final = frozenset({"submitted", "awarded", "declined", "barred"})
# Steps that a bid's own people take only while the call is open.
WHILE_OPEN: Final = frozenset({"edit", "submit", "withdraw", "reopen"})
MOST_MEMBERS: Final = 20
WORDS_LENGTH: Final = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class ChallengeFields:
    """What the bureau says of a challenge."""

    title: str
    problem: str
    target: str
    indicators: str
    conditions: str
    chains: tuple[str, ...]
    amount: Decimal | None
    months: int
    scores_needed: int
    publicity_days: int
    weight_drive: int
    weight_base: int
    weight_technical: int
    weight_financial: int

    def checked(self) -> ChallengeFields:
        """The fields with tidy texts; ``Invalid`` names each that cannot be."""
        made, problems = _texts_of(
            {name: getattr(self, name) for name in TEXTS}, TEXTS, needed=_NEEDED
        )
        for name, (low, high) in LIMITS.items():
            if not low <= getattr(self, name) <= high:
                problems[name] = "out_of_limits"
        if not problems.keys() & set(LIMITS) and sum(self.weights.values()) != WHOLE:
            problems["weight_drive"] = "not_whole"
        if self.amount is not None and not 0 < self.amount <= MONEY_HIGHEST:
            problems["amount"] = "no_amount"
        _refuse("challenge", problems)
        values = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return ChallengeFields(**{**values, **made})

    @property
    def weights(self) -> dict[str, int]:
        """What each criterion counts, in percent."""
        return {name: getattr(self, f"weight_{name}") for name in CHALLENGE_CRITERIA}


def fits(state: str, disclosure: str) -> bool:
    """Whether a demand can go out in a call: published, and not meant for chosen institutions."""
    return state == "published" and disclosure != "directed"


def may_decide(actor: Actor, objection: Subject) -> bool:
    """Whether the actor answers an objection: an officer, but nobody the one that he has raised."""
    own = actor.user_id == objection.author_id
    return not own and may(actor, "challenge_objection", "uphold", objection)


def check_deadline(now: datetime, bids_until: datetime) -> None:
    """Refuse a deadline that leaves bidders no time, or lies too far away."""
    if bids_until < now + SHORTEST_CALL:
        msg = "The deadline must lie at least a day ahead."
        raise Invalid(msg, {"bids_until": "too_soon"})
    if bids_until > now + LONGEST_CALL:
        msg = "The deadline must lie within a year."
        raise Invalid(msg, {"bids_until": "too_far"})


def report_due(awarded_at: datetime, months: int) -> datetime:
    """When the winner reports: midway through the time allowed for the work."""
    return awarded_at + _MONTH * months / 2


def takes_report(state: str, verdict: str | None) -> bool:
    """Whether the winner may write the report: until the verdict, and while that has conditions."""
    return state == "awarded" or (state == "midterm" and verdict == "conditional")


def report_noticed(now: datetime) -> Mapping[int, datetime]:
    """By the months allowed, the latest award whose report is due now or soon."""
    low, high = LIMITS["months"]
    return {months: now + REPORT_NOTICE - _MONTH * months / 2 for months in range(low, high + 1)}


def state_at(state: str, bids_until: datetime | None, now: datetime) -> str:
    """The state as the clock has it: a call past its deadline is closed, swept or not."""
    over = state == "published" and bids_until is not None and bids_until <= now
    return "closed" if over else state


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """Somebody of a bid's team, as the bidder names them."""

    name: str
    organisation: str
    part: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BidFields:
    """What a bidder promises."""

    plan: str
    base: str
    indicators: str
    effect: str
    funds: Decimal | None
    team: tuple[Member, ...]

    def checked(self, *, whole: bool, most: Decimal | None = None) -> BidFields:
        """The fields with tidy texts; a draft may lack what a ``whole`` bid must say.

        ``most`` are the call's funds: a ``whole`` bid stays within them.
        """
        limits = {"plan": 5_000, "base": TEXT_LENGTH, "indicators": TEXT_LENGTH}
        limits["effect"] = TEXT_LENGTH
        made, problems = _texts_of(
            {name: getattr(self, name) for name in limits},
            limits,
            needed=frozenset(limits) if whole else frozenset(),
        )
        if self.funds is not None and not 0 < self.funds <= MONEY_HIGHEST:
            problems["funds"] = "no_amount"
        elif whole and self.funds is None:
            problems["funds"] = "missing"
        elif whole and exceeds(self.funds, most):
            problems["funds"] = "above_call"
        team = tuple(
            Member(name=one_line(one.name), organisation=one_line(one.organisation),
                   part=one_line(one.part))
            for one in self.team
            if any(one_line(text) for text in (one.name, one.organisation, one.part))
        )  # fmt: skip
        if whole and not team:
            problems["team"] = "missing"
        elif any(not one.name or not one.organisation for one in team):
            problems["team"] = "nameless"
        elif len(team) > MOST_MEMBERS:
            problems["team"] = "too_long"
        elif any(unclean_character(one.name + one.organisation + one.part) for one in team):
            problems["team"] = "unclean"
        elif any(len(text) > WORDS_LENGTH for one in team for text in _words(one)):
            problems["team"] = "too_long"
        _refuse("bid", problems)
        return BidFields(funds=self.funds, team=team, **made)


def exceeds(amount: Decimal | None, most: Decimal | None) -> bool:
    """Whether an amount is more than the funds of a call; without any there is no such limit."""
    return amount is not None and most is not None and amount > most


def _words(one: Member) -> tuple[str, str, str]:
    return one.name, one.organisation, one.part


def _texts_of(
    texts: Mapping[str, str], limits: Mapping[str, int], *, needed: frozenset[str]
) -> tuple[dict[str, str], dict[str, str]]:
    """The tidy texts, and what is wrong with them by name."""
    made, problems = {}, {}
    for name, longest in limits.items():
        made[name] = one_line(texts[name]) if name == "title" else tidy(texts[name])
        if name in needed and not made[name]:
            problems[name] = "missing"
        elif unclean_character(made[name]) is not None:
            problems[name] = "unclean"
        elif len(made[name]) > longest:
            problems[name] = "too_long"
    return made, problems


def _refuse(noun: str, problems: Mapping[str, str]) -> None:
    if problems:
        msg = f"These fields of the {noun} cannot be kept: {', '.join(sorted(problems))}."
        raise Invalid(msg, problems)


def check_points(points: Mapping[str, int | None], *, whole: bool) -> None:
    """Refuse points outside 0 to 100, and missing ones where the score is ``whole``."""
    problems = {}
    for name in CHALLENGE_CRITERIA:
        value = points.get(name)
        if value is None:
            if whole:
                problems[name] = "missing"
        elif not 0 <= value <= WHOLE:
            problems[name] = "out_of_points"
    _refuse("score", problems)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What experts found of a bid: the mean of each criterion, and the weighted whole."""

    bid_id: int
    scores: int
    means: Mapping[str, Decimal]
    total: Decimal


def ranking(
    weights: Mapping[str, int], scores: Mapping[int, Sequence[Mapping[str, int]]]
) -> tuple[Standing, ...]:
    """Bids by weighted mean, best first; equals by the technical mean, then the older bid.

    ``scores`` holds, by bid, the points of each expert; a bid without any stands last with nothing.
    """
    found = []
    for bid_id, given in scores.items():
        count = max(1, len(given))
        means = {
            name: Decimal(sum(one[name] for one in given)) / count for name in CHALLENGE_CRITERIA
        }
        total = sum((weights[name] * mean for name, mean in means.items()), Decimal(0)) / WHOLE
        found.append(Standing(bid_id=bid_id, scores=len(given), means=means, total=total))
    return tuple(sorted(found, key=lambda one: (-one.total, -one.means["technical"], one.bid_id)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Judge:
    """An expert as conflicts of interest look at him."""

    user_id: int
    name: str
    organisation_id: int | None
    organisation: str
    worked_with: frozenset[str]  # names that stand beside his in the teams of outcomes


@dataclass(frozen=True, slots=True, kw_only=True)
class Contender:
    """A bid as conflicts of interest look at it."""

    bid_id: int
    author_id: int
    author: str
    organisation_id: int
    team: tuple[Member, ...]

    @property
    def names(self) -> frozenset[str]:
        """Who leads it and who takes part."""
        return frozenset(one.name for one in self.team) | {self.author}


def conflict(
    judge: Judge, bid: Contender, demanders: frozenset[int], rivals: Iterable[Contender] = ()
) -> str | None:
    """The CHALLENGE_CONFLICTS code of why an expert may not score a bid, or ``None``.

    ``demanders`` are the organisations whose demands the challenge is made of, ``rivals`` the
    bids that compete with this one: who takes part in one of them judges none.
    """
    homes = {one.organisation for one in bid.team}
    names = bid.names
    if any(judge.user_id == one.author_id or judge.name in one.names for one in (bid, *rivals)):
        return "own_bid"
    if judge.organisation_id == bid.organisation_id or judge.organisation in homes:
        return "same_organisation"
    if judge.organisation_id in demanders:
        return "demander"
    return "co_worker" if names & judge.worked_with else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What everybody may read of a demand that a challenge is made of."""

    title: str
    problem: str
    target: str
    indicators: tuple[str, ...]
    chains: tuple[str, ...]
    budget: Decimal | None
    months: int | None


def drawn_from(sources: Sequence[Source]) -> ChallengeFields:
    """A first text of a challenge from the demands' own words; whole sentences, never cut ones."""
    budgets = [one.budget for one in sources]
    months = max((one.months or 0 for one in sources), default=0) or USUAL["months"]
    return ChallengeFields(
        title="、".join(one.title for one in sources)[:TITLE_LENGTH],
        problem=_together([one.problem for one in sources]),
        target=_together([one.target for one in sources]),
        indicators=_fitting(dict.fromkeys(line for one in sources for line in one.indicators)),
        conditions="",
        chains=tuple(dict.fromkeys(code for one in sources for code in one.chains)),
        amount=sum((one for one in budgets if one), Decimal(0)) or None,
        **{**USUAL, "months": min(months, LIMITS["months"][1])},
    )


def _together(texts: Sequence[str]) -> str:
    said = list(dict.fromkeys(text for text in texts if text))
    if len(said) < 2:  # noqa: PLR2004 - one needs no number
        return _fitting(said)
    return _fitting([f"{number}. {text}" for number, text in enumerate(said, 1)])


def _fitting(lines: Iterable[str]) -> str:
    """As many of the lines as there is room for."""
    found = ""
    for line in lines:
        longer = f"{found}\n{line}" if found else line
        if len(longer) <= TEXT_LENGTH:
            found = longer
    return found
