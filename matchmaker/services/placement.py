"""Placing records on chains: proposed by the machine, decided by a person, learnt from.

A proposal changes nothing about a record. A decision writes the record's chains, with an audit row
of the placement and one of the record; what was decided is what the next run learns from.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final
from zipfile import BadZipFile

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm.attributes import flag_modified

from matchmaker.domain.errors import Invalid
from matchmaker.domain.matchable import Matchable
from matchmaker.domain.permissions import SYSTEM, Actor, require
from matchmaker.domain.plan import Plan
from matchmaker.domain.visibility import MATCHED_STATES, may_see
from matchmaker.matching.arrays import write_arrays
from matchmaker.matching.encoder import Encoder
from matchmaker.matching.placement import Placer, Values, plan_words, softmax
from matchmaker.matching.placement_learning import Lean, learn
from matchmaker.matching.reader import KeptReader, Reader
from matchmaker.services import audit
from matchmaker.services.placement_decision import NONE, settle
from matchmaker.services.record import MODELS, Record, noun_of, set_chains
from matchmaker.store.base import new_public_id
from matchmaker.store.change import record_changes
from matchmaker.store.database import Database, UnitOfWork
from matchmaker.store.placement import Placement
from matchmaker.store.queries import placement as query
from matchmaker.store.queries.duplicate import PublicText

# What is worth proposing beside the likeliest.
WORTH: Final = 0.15
# Nobody is told 100 %: that would claim more than was ever measured.
_SUREST: Final = 0.99
_MOST_EXAMPLES: Final = 2_000  # of each noun
_LEARNT: Final = "placement.npz"
_READ: Final = "readings.npz"

Proposals = tuple[tuple[str, float], ...]
Progressed = Callable[[int], None]
Told = Callable[[int], AbstractContextManager[Progressed]]


@dataclass(frozen=True, slots=True)
class Placing:
    """What places records here: the plan's descriptions, and what this site has learnt."""

    placer: Placer
    lean: Lean | None

    def propose(
        self,
        records: Sequence[tuple[str, str]],
        *,
        progress: Progressed | None = None,
    ) -> list[Proposals]:
        """Chains of records (title, text) worth proposing, the likeliest first; "" is none."""
        read = self.placer.read([_matchable(*one) for one in records], progress=progress)
        moved = self.lean.of(read.vectors) if self.lean else 0.0
        stated = softmax(self.placer.log_odds(read) + moved)
        return [_proposals(self.placer.codes, row) for row in stated]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a run did."""

    examples: int
    proposed: int
    none: int


def placing(plan: Plan, encoder: Encoder, reader: Reader | None, folder: Path) -> Placing:
    """What places records with an encoder; what was learnt lies in a folder of caches."""
    placer, basis = _placer(plan, encoder, reader)
    path = folder / _LEARNT
    try:
        return Placing(placer, _kept_lean(path, path.stat().st_mtime_ns, basis))
    except OSError:
        return Placing(placer, None)  # nothing learnt yet: the descriptions alone decide


@lru_cache(maxsize=1)
def _kept_lean(path: Path, _changed: int, basis: str) -> Lean | None:
    """What was learnt, read once as long as the file is the same; a foreign one tells nothing."""
    try:
        with np.load(path, allow_pickle=False) as kept:
            return Lean(kept["slopes"]) if str(kept["basis"]) == basis else None
    except (ValueError, KeyError, BadZipFile):
        return None


@lru_cache(maxsize=1)
def _placer(plan: Plan, encoder: Encoder, reader: Reader | None) -> tuple[Placer, str]:
    """The placer of a plan, an encoder and a reader, and what tells it from others."""
    placer = Placer(plan, encoder, reader)
    models = f"{encoder.checksum} {reader.checksum if reader else ''}"
    basis = hashlib.sha256(f"{models} {plan!r}".encode()).hexdigest()
    return placer, basis


def reasons(plan: Plan, asked: Iterable[tuple[str, str, str]]) -> list[tuple[str, ...]]:
    """The words of records (title, text) that speak for a chain, "" for none; needs no encoder."""
    words = plan_words(plan)  # once: to find it again costs as much as to read a record
    return [words.reasons(title, text, code) for title, text, code in asked]


def run(
    database: Database,
    plan: Plan,
    encoder: Encoder,
    reader: Reader | None,
    folder: Path,
    *,
    quickly: bool = False,
    told: Told | None = None,
) -> Report:
    """Learn from what persons placed, then propose chains for every record that has none.

    Open proposals are made anew, and go where a record has chains by now; decided ones stay.
    ``quickly``: without the reader, and only for records without a proposal. ``told`` learns how
    many records are read, and gives what is called as they are.
    """
    require(SYSTEM, "placement", "propose")
    with database.reading() as uow:
        known = [one for noun in MODELS for one in query.examples(uow, noun, _MOST_EXAMPLES)]
        wanted = {noun: query.unplaced(uow, noun, anew=not quickly) for noun in MODELS}
    placer, basis = _placer(plan, encoder, reader)
    kept = KeptReader(reader, folder / _READ) if reader and not quickly else None
    count = len(known) + sum(map(len, wanted.values()))
    with told(count) if told else nullcontext() as progress:
        now, model = _learnt(placer.reading_with(kept), basis, known, progress)
        found = {
            noun: now.propose([(one.title, one.text) for one in rows], progress=progress)
            for noun, rows in wanted.items()
        }
    if not quickly:  # what is learnt without the reader corrects other log odds than pages have
        _save(now, basis, folder)
    if kept:
        kept.keep()
    with database.unit_of_work() as uow:
        for noun, rows in wanted.items():
            _keep(uow, noun, rows, found[noun], model)
            _drop(uow, noun)
        every = [proposals for rows in found.values() for proposals in rows]
        report = Report(
            examples=len(known),
            proposed=len(every),
            none=sum(proposals[0][0] == "" for proposals in every),
        )
        audit.record(
            uow,
            SYSTEM,
            "placement",
            None,
            "propose",
            after={"examples": report.examples, "records": report.proposed, "model": model},
        )
    return report


def decide(uow: UnitOfWork, actor: Actor, choices: Mapping[str, str], plan: Plan) -> int:
    """Say on which chain records stand, by the public ids of their placements; returns how many.

    A choice is a chain's code or ``none``. Placements that somebody has decided meanwhile, and
    records that the actor may not see, are left as they are.
    """
    unknown = set(choices.values()) - plan.chain_by_code.keys() - {NONE}
    if unknown:
        msg = "There is no such chain in the plan."
        raise Invalid(msg, {"chain": "unknown"})
    require(actor, "placement", "review")
    decided = 0
    for public_id, chosen in choices.items():
        row = uow.session.scalars(
            select(Placement).where(Placement.public_id == public_id).with_for_update()
        ).one_or_none()
        if row is None or row.state != "proposed":
            continue
        model: type[Any] = MODELS[row.noun]
        record: Record | None = uow.session.get(model, row.record_id)
        if record is None or not may_see(actor, row.noun, record):
            continue
        codes = [] if chosen == NONE else [chosen]
        settle(uow, actor, row, codes)
        _place(uow, actor, record, codes)
        decided += 1
    return decided


def _place(uow: UnitOfWork, actor: Actor, record: Record, codes: Sequence[str]) -> None:
    """Write the chains of a record; a published one is matched anew."""
    noun = noun_of(record)
    before = ", ".join(sorted(chain.chain_code for chain in record.chains))
    set_chains(record, codes)
    record.updated_at = uow.now
    flag_modified(record, "updated_at")
    uow.flush()
    after = {"chains": ", ".join(codes)}
    audit.record(uow, actor, noun, record.id, "place", before={"chains": before}, after=after)
    if record.state in MATCHED_STATES[noun]:
        record_changes(uow, noun, [record.id])


def _learnt(
    placer: Placer, basis: str, known: Sequence[query.Example], progress: Progressed | None
) -> tuple[Placing, str]:
    """What places records by examples, and its name."""
    texts = [_matchable(one.record.title, one.record.text) for one in known]
    evidence = placer.read(texts, progress=progress)
    lean = learn(placer, evidence, [one.chains for one in known])
    model = hashlib.sha256(basis.encode() + lean.slopes.tobytes()).hexdigest()[:12]
    return Placing(placer, lean), model


def _save(learnt: Placing, basis: str, folder: Path) -> None:
    """Keep what was learnt for the processes that serve pages."""
    slopes = learnt.lean.slopes if learnt.lean else 0
    write_arrays(folder / _LEARNT, slopes=slopes, basis=np.array(basis))


def _keep(
    uow: UnitOfWork, noun: str, rows: Sequence[PublicText], found: Sequence[Proposals], model: str
) -> None:
    """Store proposals, in place of what was proposed before.

    While records were read, persons may have decided of some and deleted others: these stay as
    they are.
    """
    stored = query.placements(uow, noun)
    owners = query.organisations(uow, noun)
    for record, proposals in zip(rows, found, strict=True):
        known = stored.get(record.id)
        if record.id not in owners or (known and known.state != "proposed"):
            continue
        values: dict[str, Any] = {
            "proposed": [list(one) for one in proposals],
            "probability": proposals[0][1],
            "model": model,
            "placed_at": uow.now,
        }
        if known is None:
            uow.session.add(
                Placement(
                    public_id=new_public_id(),
                    noun=noun,
                    record_id=record.id,
                    organisation_id=owners[record.id],
                    state="proposed",
                    **values,
                )
            )
        elif known.proposed != values["proposed"]:
            for name, value in values.items():
                setattr(known, name, value)
    uow.flush()


def _drop(uow: UnitOfWork, noun: str) -> None:
    """Proposals of records that are no longer without chains go."""
    for row in query.outdated(uow, noun):
        uow.session.delete(row)
    uow.flush()


def _proposals(codes: Sequence[str], stated: Values) -> Proposals:
    """The likeliest place, then whatever else is worth proposing."""
    order = np.argsort(-stated, kind="stable").tolist()
    named = (*codes, "")
    return tuple(
        (named[place], min(round(float(stated[place]), 3), _SUREST))
        for rank, place in enumerate(order)
        if rank == 0 or stated[place] >= WORTH
    )


def _matchable(title: str, text: str) -> Matchable:
    return Matchable(id=0, title=title, text=text, organisation_id=0)
