"""The refusals of the domain. Each is mapped to a status once, in ``web/errors.py``."""

from __future__ import annotations

from collections.abc import Mapping


class DomainError(Exception):
    """Something was refused; ``str(error)`` says what, where and what to do, in English.

    ``code`` names the refusal for translation, ``values`` fill its placeholders.
    """

    code = "refused"

    def __init__(self, message: str, **values: object) -> None:
        """Keep the message and the values it was made from."""
        super().__init__(message)
        self.values = values


class NotAllowed(DomainError):  # noqa: N818 - the field's word for the refusal, read aloud in handlers
    """The actor may not do this to this record."""

    code = "not_allowed"


class NotFound(DomainError):  # noqa: N818 - as above
    """There is no such record, or none that the actor may know of."""

    code = "not_found"


class WrongState(DomainError):  # noqa: N818 - as above
    """The record's state does not offer this action."""

    code = "wrong_state"


class Conflict(DomainError):  # noqa: N818 - as above
    """Somebody else changed the record first."""

    code = "conflict"


class Invalid(DomainError):  # noqa: N818 - as above
    """The input breaks a rule; ``fields`` maps a field to the codes of what is wrong with it."""

    code = "invalid"

    def __init__(
        self, message: str, fields: Mapping[str, str] | None = None, **values: object
    ) -> None:
        """Keep the message and the fields it concerns."""
        super().__init__(message, **values)
        self.fields = dict(fields or {})
