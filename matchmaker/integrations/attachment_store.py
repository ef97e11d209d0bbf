"""Where the content of attachments lies: a folder of files with random names."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import time
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Final

_NAME: Final = re.compile(r"[0-9a-f]{32}")
_YOUNG: Final = 24 * 3600.0  # seconds that a file may wait for the commit of its row


class AttachmentStore:
    """Keeps, reads and drops files; a name given by somebody else never becomes a path."""

    def __init__(self, folder: Path) -> None:
        """Keep below ``folder``, which is made when needed and readable by its owner alone."""
        self.folder = folder

    def keep(self, content: bytes) -> str:
        """Write a file whole and return its random name."""
        name = secrets.token_hex(16)
        self.put(name, content)
        return name

    def put(self, name: str, content: bytes) -> None:
        """Write a file under a name that :meth:`keep` gave, here or where a backup was made."""
        path = self._path(name)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        beside = path.with_suffix(".part")
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)

    def read(self, name: str, sha256: str) -> bytes | None:
        """The content, or ``None`` where it is missing or not what was stored."""
        try:
            content = self._path(name).read_bytes()
        except OSError:
            return None
        return content if hashlib.sha256(content).hexdigest() == sha256 else None

    def drop(self, name: str) -> None:
        """Remove a file whose row was not committed."""
        self._path(name).unlink(missing_ok=True)

    def sweep(self, known: Collection[str]) -> int:
        """Remove files older than a day that no row names; returns how many."""
        oldest = time.time() - _YOUNG
        over = [
            path
            for path in self._files()
            if path.name not in known and path.stat().st_mtime < oldest
        ]
        for path in over:
            path.unlink(missing_ok=True)
        return len(over)

    def _files(self) -> Iterator[Path]:
        if self.folder.is_dir():
            yield from (path for path in self.folder.glob("??/*") if path.is_file())

    def _path(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            msg = f"{name!r} is no name of this store"
            raise ValueError(msg)
        return self.folder / name[:2] / name
