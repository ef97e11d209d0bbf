"""Verifying the chain of audit events, one after the other.

Found is every difference between what is stored and what the hashes say. What somebody did to make
it is inferred from it, the likeliest first: whoever may write into the database may make one kind
of tampering look like another, but none look like nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from matchmaker.domain.audit_chain import (
    GENESIS,
    Root,
    SealedEvent,
    changes_digest,
    event_digest,
    root_digest,
)

MOST_FINDINGS: Final = 20  # told one by one; the others are counted
KINDS: Final = (
    "edited",
    "replaced",
    "missing",
    "order",
    "inserted",
    "cut",
    "head",
    "root",
    "outside",
)
# Event id → hash of its changes before its first cleaning, and after its last one.
Cleaned = Mapping[int, tuple[str | None, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something that does not fit. ``kind`` is one of :data:`KINDS`.

    ``edited``: an event differs from its hash. ``replaced``: it does not continue the one before;
    one of both was changed and its hash computed anew. ``missing``: events are gone before it.
    ``order``: it stands elsewhere than where it was written. ``inserted``: it is no part of the
    chain. ``cut``: the last events are gone. ``head``: the end of the chain is not what is noted as
    its end. ``root``: a day's root differs from its events. ``outside``: likewise one kept outside.
    """

    kind: str
    event_id: int | None = None
    position: int | None = None
    until: int | None = None  # the last position of several that are gone
    day: str = ""


class Verifier:
    """Takes the events in their order and collects what does not fit.

    ``find`` gives the position of the event that has a hash; it is asked only about events that do
    not fit. ``cleaned`` tells the events whose words erasures have taken out.
    """

    def __init__(
        self,
        *,
        find: Callable[[str | None], int | None],
        cleaned: Cleaned,
        roots: Sequence[Root] = (),
        start: tuple[int, str] = (0, GENESIS),
    ) -> None:
        """Begin after the position and hash in ``start``; ``roots`` are all there are, by day."""
        self.findings: list[Finding] = []
        self.count = 0  # of findings, also of those that are not kept
        self.events = 0
        self.cleaned_events = 0
        self.position, self.hash = start
        self._computed: str | None = self.hash
        self._last: SealedEvent | None = None
        self._suspect = False  # whether the event before did not fit
        self._moved = False  # whether it stood elsewhere
        self._find = find
        self._cleaned = cleaned
        self._roots = list(roots)
        self._root: Root | None = None
        while self._roots and self._roots[0].position < self.position:
            self._root = self._roots.pop(0)
        self._pass_roots()

    def take(self, event: SealedEvent) -> None:
        """Verify the next event in the order of positions."""
        self.events += 1
        place = event.position
        if type(place) is not int or place <= self.position:
            self.found("inserted", event_id=event.id)
            return
        gap = place > self.position + 1
        if gap:
            self.found("missing", event_id=event.id, position=self.position + 1, until=place - 1)
        self.cleaned_events += event.id in self._cleaned
        digest = event_digest(event.previous_hash, place, event.changes_hash, event)
        linked = event.previous_hash in (self.hash, self._computed)
        moved = False
        if digest == event.hash and self._is_told(event):
            suspect = not linked and not gap and not self._suspect
            if suspect:
                self.found("replaced", event_id=event.id, position=place)
        else:
            suspect = True
            moved = self._explain(event, linked=linked)
        self.position, self.hash, self._computed = place, event.hash or "", digest
        self._last, self._suspect, self._moved = event, suspect, moved
        self._pass_roots()

    def end(self, head: tuple[int, str] | None) -> None:
        """Compare the end with the number of events and the hash that are noted as the end."""
        if head is None:
            self.found("head", position=self.position)
        elif head[0] > self.position:
            self.found("cut", position=self.position + 1, until=head[0])
        elif head[0] < self.position:
            self.found("inserted", event_id=self._id(), position=head[0] + 1, until=self.position)
        elif head[1] not in (self.hash, self._computed):
            self.found("head", event_id=self._id(), position=self.position)
        for root in self._roots:
            self._found_root("root", root.day)

    def outside(self, roots: Sequence[Root], kept: Mapping[date, str]) -> None:
        """Compare roots that somebody has kept outside with those of the database."""
        known = {root.day: root.hash for root in roots}
        for day, value in kept.items():
            if known.get(day) != value:
                self._found_root("outside", day)

    def found(
        self,
        kind: str,
        *,
        event_id: int | None = None,
        position: int | None = None,
        until: int | None = None,
    ) -> None:
        """Note something that does not fit."""
        self._note(Finding(kind=kind, event_id=event_id, position=position, until=until))

    def _found_root(self, kind: str, day: date) -> None:
        self._note(Finding(kind=kind, day=day.isoformat()))

    def _note(self, finding: Finding) -> None:
        self.count += 1
        if len(self.findings) < MOST_FINDINGS:
            self.findings.append(finding)

    def _id(self) -> int | None:
        return None if self._last is None else self._last.id

    def _is_told(self, event: SealedEvent) -> bool:
        """Whether what it says changed is what was written, or what an erasure has left of it."""
        written = event.changes_hash
        if event.id in self._cleaned:
            before, written = self._cleaned[event.id]
            if before != event.changes_hash:
                return False
        return changes_digest(event.changes_salt, event.changes) == written

    def _explain(self, event: SealedEvent, *, linked: bool) -> bool:
        """Say what happened to an event that differs from its hash; returns whether it was moved.

        It was moved when it fits another position: one beside, or one after the event that it
        continues (which may have been exchanged with it).
        """
        place = event.position
        others = [place - 1, place + 1]
        if not linked and len(self.findings) < MOST_FINDINGS:
            before = self._find(event.previous_hash)
            others += [] if before is None else [before, before + 1]
        home = next(
            (
                other
                for other in others
                if event_digest(event.previous_hash, other, event.changes_hash, event) == event.hash
            ),
            None,
        )
        if home is None or not self._is_told(event):
            self.found("edited", event_id=event.id, position=place)
            return False
        if home == place - 1 and self._last is not None and not self._moved:
            # Everything from here on stands one too far: the event before does not belong.
            self.found("inserted", event_id=self._last.id, position=home)
        else:
            self.found("order", event_id=event.id, position=place)
        return True

    def _pass_roots(self) -> None:
        """Verify the roots of the days that end here."""
        while self._roots and self._roots[0].position <= self.position:
            root, before = self._roots.pop(0), self._root
            fits = root.position == self.position and root.hash in {
                root_digest(root.day, root.position, root.events, value)
                for value in (self.hash, self._computed)
            }
            if before is not None:
                fits = fits and root.day == before.day + timedelta(days=1)
            since = before.position if before is not None else 0
            if not fits or root.events != root.position - since:
                self._found_root("root", root.day)
            self._root = root
