"""Rules of engagements: the order of stages, what each step needs, who is asked to act next.

Which step leads from where to where, and who may take it, stands in ``domain/permissions.py``. What
has to be true besides is decided here from facts that the caller has looked up.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from matchmaker.domain.permissions import rule_of
from matchmaker.domain.working_days import WorkingDays, day_of

NDA_VERSION: Final = "2026-1"
DORMANT_AFTER: Final = timedelta(days=30)
NOTE_LENGTH: Final = 500
ACTION_LENGTH: Final = 200
MESSAGE_LENGTH: Final = 4_000
MINUTES_LENGTH: Final = 10_000
MEETING_LONGEST: Final = 24 * 60  # minutes

# The way in order; a step that jumps over stages needs a note that says why.
STAGES: Final = (
    *("mutual", "nda", "disclosed", "meeting", "validation", "term_sheet"),
    *("drafting", "publicity", "signed", "registered", "performing", "completed"),
)
CLOSED: Final = frozenset({"completed", "lost"})
# Steps that people take, in order; the platform concludes the confidentiality agreement itself.
STEPS: Final = (
    *("disclose", "meet", "validate", "agree_terms", "draft", "publicise"),
    *("sign", "register", "perform", "complete"),
)
GROUPS: Final[dict[str, str]] = {
    "mutual": "interest",
    "nda": "confidence",
    "disclosed": "confidence",
    "meeting": "talks",
    "validation": "talks",
    "term_sheet": "talks",
    "drafting": "contract",
    "publicity": "contract",
    "signed": "contract",
    "registered": "performance",
    "performing": "performance",
    "completed": "performance",
}


@dataclass(frozen=True, slots=True)
class Expectation:
    """What a stage waits for: the usual next step, who takes it, in how many working days."""

    step: str
    side: str
    days: int


EXPECTED: Final[dict[str, Expectation]] = {
    "mutual": Expectation("accept_nda", "company", 5),
    "nda": Expectation("disclose", "institution", 5),
    "disclosed": Expectation("meet", "broker", 10),
    "meeting": Expectation("validate", "company", 10),
    "validation": Expectation("agree_terms", "broker", 20),
    "term_sheet": Expectation("draft", "broker", 10),
    "drafting": Expectation("publicise", "institution", 10),
    "publicity": Expectation("sign", "company", 15),
    "signed": Expectation("register", "institution", 20),
    "registered": Expectation("perform", "company", 20),
    "performing": Expectation("complete", "company", 60),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What guards look at."""

    nda_sides: frozenset[str] = frozenset()  # sides that have accepted the present text
    meeting_held: bool = False  # a meeting took place and has minutes
    contract_signed: bool = False  # there is a contract, signed by both sides
    contract_registered: bool = False  # it is registered


def nda_complete(facts: Facts) -> bool:
    """Whether both sides have accepted the confidentiality agreement."""
    return facts.nda_sides >= {"company", "institution"}


def missing(action: str, facts: Facts) -> str | None:
    """The code of what a step still lacks, or ``None`` when its guard lets it pass."""
    if action == "conclude_nda" and not nda_complete(facts):
        return "nda"
    if action == "meet" and not facts.meeting_held:
        return "meeting"
    if action == "sign" and not facts.contract_signed:
        return "contract"
    if action == "register" and not facts.contract_registered:
        return "registration"
    return None


def skipped(action: str, state: str) -> tuple[str, ...]:
    """The stages that a step from ``state`` jumps over."""
    target = rule_of("engagement", action).target
    if target not in STAGES or state not in STAGES:
        return ()
    return STAGES[STAGES.index(state) + 1 : STAGES.index(target)]


def due_on(calendar: WorkingDays, state: str, since: datetime) -> date | None:
    """The day by which the usual next step of a stage is expected."""
    expected = EXPECTED.get(state)
    if expected is None:
        return None
    return calendar.after(day_of(since), expected.days)
