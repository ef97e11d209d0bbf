"""What passwords and registrations must be like."""

from __future__ import annotations

import re
from typing import Final

from matchmaker.domain.vocabulary import ORGANISATION_KINDS

SHORTEST_PASSWORD: Final = 10
LONGEST_PASSWORD: Final = 200
# Kinds of organisations that people of a role belong to.
KINDS_OF_ROLE: Final[dict[str, tuple[str, ...]]] = {
    "company": ("company",),
    "researcher": ("institution",),
    "broker": ("agency", "association"),
    "association": ("association",),
    "specialist": ("institution", "agency", "association"),
    "bureau": ("bureau",),
    "administrator": tuple(ORGANISATION_KINDS),
}
# Roles that look after other people's records, or act for them: they give rights only to confirmed
# people of a verified organisation, since anybody may register as a broker.
REVIEWING_ROLES: Final = frozenset({"broker", "association", "specialist", "bureau"})
# Roles that people may register for themselves; others are given by the administrator.
OPEN_ROLES: Final = ("company", "researcher", "broker", "association")
_COMMON: Final = frozenset(
    """
    password password1 password12 password123 passw0rd123 1234567890 0123456789 12345678910
    123456789a a123456789 q1w2e3r4t5 qwertyuiop qwerty12345 1q2w3e4r5t iloveyou12 woaini1314
    woaini520520 1111111111 0000000000 8888888888 6666666666 abcdefghij abc1234567 aa12345678
    matchmaker matchmaker1 administrator weihai2024 weihai2025 weihai2026 letmein123 welcome123
    """.split()  # noqa: SIM905 - a list of words reads best as a text
)

# Digits, maybe in groups, maybe with a country's code before them; ASCII alone, as dialled.
_PHONE: Final = re.compile(r"[0-9+() -]+")
_PHONE_DIGITS: Final = range(7, 21)
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}")


def is_phone(text: str) -> bool:
    """Whether a text looks like a telephone number, and not like words or a day."""
    digits = sum(character.isdigit() for character in text)
    looks = _PHONE.fullmatch(text) is not None and _DAY.fullmatch(text) is None
    return looks and digits in _PHONE_DIGITS


def password_problem(password: str, email: str) -> str | None:
    """The code of what is wrong with a new password, or ``None``."""
    if len(password) < SHORTEST_PASSWORD:
        return "too_short"
    if len(password) > LONGEST_PASSWORD:
        return "too_long"
    folded = password.lower()
    if folded in _COMMON or len(set(folded)) < 4:  # noqa: PLR2004 - three characters repeated
        return "common"
    if email and (folded == email.lower() or folded == email.lower().split("@", maxsplit=1)[0]):
        return "like_email"
    return None
