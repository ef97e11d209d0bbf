"""Passwords are kept as argon2id hashes with the library's recommended cost."""

from __future__ import annotations

from typing import Protocol

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError


class Passwords(Protocol):
    """Hashes passwords and checks them."""

    def hash(self, password: str) -> str:
        """A salted hash of the password."""

    def verify(self, hashed: str, password: str) -> bool:
        """Whether the password made the hash."""

    def outdated(self, hashed: str) -> bool:
        """Whether the hash was made with weaker parameters than today's."""


class Argon2Passwords:
    """argon2id with the parameters of RFC 9106's low-memory recommendation."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        """Use a hasher with other costs if one is given (tests hash cheaply)."""
        self._hasher = hasher or PasswordHasher()

    def hash(self, password: str) -> str:
        """A salted argon2id hash in PHC format."""
        return self._hasher.hash(password)

    def verify(self, hashed: str, password: str) -> bool:
        """Whether the password made the hash; a malformed hash never matches."""
        try:
            return self._hasher.verify(hashed, password)
        except (VerificationError, InvalidHashError):
            return False

    def outdated(self, hashed: str) -> bool:
        """Whether the cost parameters have changed since."""
        return self._hasher.check_needs_rehash(hashed)
