"""Demands of the demo world that several firms share and nothing fits, and what the firms say."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from sqlalchemy import delete, func, select

from matchmaker.domain.plan import Plan
from matchmaker.services import need_consent
from matchmaker.services.account import actor_of
from matchmaker.services.demo import DOMAIN, load_records
from matchmaker.store.database import UnitOfWork
from matchmaker.store.organisation import Organisation, User
from matchmaker.store.outbox import OutboxMail
from matchmaker.store.queries import common_need as query

# The account whose firm agrees to be named; the others are asked and have not answered.
_AGREES: Final = f"company@{DOMAIN}"


def load(uow: UnitOfWork, folder: Path, plan: Plan) -> int:
    """Load the demands, before anything is matched; returns how many."""
    organisations = {
        one.name: one
        for one in uow.session.scalars(select(Organisation).where(Organisation.origin == "demo"))
    }
    path = folder / "common_needs.jsonl"
    return load_records(uow, "demand", path, organisations, {}, plan)


def ask(uow: UnitOfWork) -> int:
    """Let the bureau ask the firms of one need, and one of them agree; nothing of it is mailed."""
    last_mail = uow.session.scalar(select(func.max(OutboxMail.id)))
    officer = actor_of(_user(uow, f"bureau@{DOMAIN}"))
    firm = actor_of(_user(uow, _AGREES))
    own = next((one for one in query.own(uow, firm) if one.need_id), None)
    if own is None:
        return 0
    asked = need_consent.ask(uow, officer, need_id=own.need_id)
    shown = next(iter(query.own(uow, firm)))
    need_consent.answer(uow, firm, demand_id=shown.public_id, named=True, version=shown.version)
    uow.session.execute(delete(OutboxMail).where(OutboxMail.id > (last_mail or 0)))
    return asked


def _user(uow: UnitOfWork, email: str) -> User:
    return uow.session.scalars(select(User).where(User.email == email)).one()
