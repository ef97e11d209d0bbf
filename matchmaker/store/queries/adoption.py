"""Which model is in use, and which were."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from matchmaker.store.adoption import ModelAdoption
from matchmaker.store.change import Progress
from matchmaker.store.database import UnitOfWork


@dataclass(frozen=True, slots=True)
class Adoptions:
    """Every change of model in order, and the encoder of the stored vectors."""

    rows: tuple[ModelAdoption, ...]
    stored_checksum: str

    @property
    def effective(self) -> tuple[ModelAdoption, ...]:
        """Those that count: completed, or the newest where the index holds its vectors already."""
        return tuple(
            row
            for row in self.rows
            if row.completed_at
            or (row is self.rows[-1] and row.encoder_checksum == self.stored_checksum)
        )

    @property
    def unfinished(self) -> ModelAdoption | None:
        """The newest change, where it was cut short before it counted."""
        newest = self.rows[-1] if self.rows else None
        return None if newest is None or newest in self.effective else newest

    @property
    def in_use(self) -> tuple[ModelAdoption, ...]:
        """What stands: each adoption that was not taken back, the one in use last."""
        standing: list[ModelAdoption] = []
        for row in self.effective:
            if row.action == "adopt":
                standing.append(row)
            elif standing:
                standing.pop()
        return tuple(standing)


def adoptions(uow: UnitOfWork) -> Adoptions:
    """Every change of model."""
    rows = uow.session.scalars(select(ModelAdoption).order_by(ModelAdoption.id)).all()
    return Adoptions(tuple(rows), uow.session.scalars(select(Progress.encoder_checksum)).one())


def active_folder(uow: UnitOfWork) -> str:
    """The folder of the model in use among the adopted ones; empty for the shipped model.

    Quick, because it is asked with every use of the engine.
    """
    newest = select(
        ModelAdoption.folder, ModelAdoption.completed_at, ModelAdoption.encoder_checksum
    ).order_by(ModelAdoption.id.desc())
    row = uow.session.execute(newest.limit(1)).one_or_none()
    if row is None or row.completed_at:
        return row.folder if row else ""
    if row.encoder_checksum == uow.session.scalars(select(Progress.encoder_checksum)).one():
        return str(row.folder)
    completed = newest.where(ModelAdoption.completed_at.is_not(None)).limit(1)
    return uow.session.scalars(completed).one_or_none() or ""
