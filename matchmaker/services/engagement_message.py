"""The thread of an engagement: messages and files that its parties alone read."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select

from matchmaker.domain.engagement import MESSAGE_LENGTH
from matchmaker.domain.errors import Invalid, NotFound
from matchmaker.domain.permissions import Actor, may, require
from matchmaker.integrations.attachment_file import MOST_BYTES, kind_of
from matchmaker.integrations.attachment_store import AttachmentStore
from matchmaker.services import audit, engagement_notice
from matchmaker.services.clean_text import clean
from matchmaker.services.engagement import load, touch
from matchmaker.services.party import side_of
from matchmaker.store.database import UnitOfWork
from matchmaker.store.engagement import Attachment, Engagement, EngagementMessage

FILES_MOST: Final = 5
_NAME_LENGTH: Final = 120
_RESERVED: Final = frozenset('<>:"/\\|?*;%')


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it was sent: what its sender calls it, and its content."""

    name: str
    content: bytes


def write(
    uow: UnitOfWork,
    actor: Actor,
    store: AttachmentStore,
    *,
    engagement_id: str,
    body: str,
    uploads: Sequence[Upload] = (),
    base_url: str = "",
) -> EngagementMessage:
    """Add a message with its files; the other parties are told that there is one.

    Files are written before the commit; when the transaction fails the caller's handler or the
    daily sweep removes them.
    """
    found = load(uow, actor, engagement_id, lock=True)
    require(actor, "engagement", "write", found)
    text = clean("body", body, MESSAGE_LENGTH, required=not uploads)
    kinds = _kinds(uploads)
    if len(uploads) > FILES_MOST:
        msg = f"At most {FILES_MOST} files go with a message."
        raise Invalid(msg, {"files": "too_many"})
    made = EngagementMessage(
        engagement_id=found.id,
        author_id=actor.user_id or 0,
        side=side_of(actor, found),
        body=text,
        written_at=uow.now,
    )
    uow.session.add(made)
    uow.flush()
    for place, (upload, kind) in enumerate(zip(uploads, kinds, strict=True)):
        uow.session.add(
            Attachment(
                message_id=made.id,
                position=place,
                file_name=file_name(upload.name, kind),
                media_type=kind,
                size=len(upload.content),
                sha256=hashlib.sha256(upload.content).hexdigest(),
                stored_name=store.keep(upload.content),
            )
        )
    touch(uow, found)
    uow.flush()
    audit.record(uow, actor, "engagement", found.id, "write", after={"files": len(uploads)})
    engagement_notice.tell(uow, found, "message", actor=actor, base_url=base_url)
    return made


def open_attachment(
    uow: UnitOfWork, actor: Actor, store: AttachmentStore, public_id: str
) -> tuple[Attachment, bytes]:
    """A file's row and content; ``NotFound`` unless the actor is a party of its engagement."""
    row = uow.session.execute(
        select(Attachment, Engagement)
        .join(EngagementMessage, Attachment.message_id == EngagementMessage.id)
        .join(Engagement, EngagementMessage.engagement_id == Engagement.id)
        .where(Attachment.public_id == public_id)
    ).one_or_none()
    content = None
    if row is not None and may(actor, "engagement", "view", row[1]):
        content = store.read(row[0].stored_name, row[0].sha256)
    if row is None or content is None:
        msg = "There is no such file, or none that you may read."
        raise NotFound(msg, noun="attachment")
    return row[0], content


def sweep(uow: UnitOfWork, store: AttachmentStore) -> int:
    """Remove files that no message names; returns how many."""
    return store.sweep(frozenset(uow.session.scalars(select(Attachment.stored_name))))


def file_name(written: str, kind: str) -> str:
    """A name that is safe to show and to send: no path, no control or direction characters.

    The ending says what the content is, whatever the sender wrote.
    """
    stem = _shown(written).strip(". ")
    for ending in (f".{kind}", ".jpeg") if kind == "jpg" else (f".{kind}",):
        if stem.lower().endswith(ending):
            stem = stem[: -len(ending)].rstrip(". ")
    return f"{stem[: _NAME_LENGTH - len(kind) - 1] or 'file'}.{kind}"


def _shown(written: str) -> str:
    """What a sender calls a file: no path, no control or direction characters."""
    last = unicodedata.normalize("NFC", written).replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(
        one for one in last if unicodedata.category(one)[0] != "C" and one not in _RESERVED
    )
    return " ".join(kept.split())[:_NAME_LENGTH]


def _kinds(uploads: Sequence[Upload]) -> list[str]:
    """The kind of each file; ``Invalid`` names every file that is not taken, and why."""
    found = [_kind(upload.content) for upload in uploads]
    refused = [
        (_shown(upload.name), problem)
        for upload, (_one, problem) in zip(uploads, found, strict=True)
        if problem
    ]
    if refused:
        msg = "Not taken: " + ", ".join(f"{name} ({problem})" for name, problem in refused)
        raise Invalid(msg, {"files": refused[0][1]}, files=tuple(refused))
    return [kind for kind, _problem in found]


def _kind(content: bytes) -> tuple[str, str]:
    """The kind of a file, or what is wrong with it."""
    if not content:
        return "", "empty"
    if len(content) > MOST_BYTES:
        return "", "too_large"
    kind = kind_of(content)
    return (kind, "") if kind else ("", "unknown_kind")
