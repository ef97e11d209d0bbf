"""What the audit may remember of a change."""

from __future__ import annotations

from collections.abc import Mapping

from matchmaker.domain.visibility import CONFIDENTIAL_FIELDS, REDACTED_FIELDS

_HIDDEN = CONFIDENTIAL_FIELDS | REDACTED_FIELDS | {"password_hash", "phone", "person_name"}
_LONGEST = 200


def difference(
    before: Mapping[str, object], after: Mapping[str, object]
) -> dict[str, list[object]]:
    """The fields that changed as ``{field: [old, new]}``, fit to be stored and read by an officer.

    Values of redacted, confidential and secret fields are replaced by ``…``: the audit says that
    they changed, never to what. Long texts are cut.
    """
    changed: dict[str, list[object]] = {}
    for name in after:
        old, new = before.get(name), after[name]
        if old == new:
            continue
        changed[name] = ["…", "…"] if name in _HIDDEN else [_short(old), _short(new)]
    return changed


def _short(value: object) -> object:
    """A value as JSON can hold it, cut to a readable length."""
    if value is None or isinstance(value, bool | int | float):
        return value
    text = str(value)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
