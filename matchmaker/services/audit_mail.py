"""Telling the bureau and the administrators that the audit does not verify: both languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from matchmaker.domain.notification import Kind

_BROKEN: Final[dict[str, tuple[str, str]]] = {
    "zh_Hans": ("审计链校验未通过", "今日校验审计链时，有 {count} 处与其哈希不符：审计记录可能被改动、删除或插入。\n\n请保留数据库现状，由运维人员执行 python -m matchmaker audit verify，并与备份及另行留存的日根比对。\n\n{page}"),
    "en": ("The audit chain does not verify", "Today's verification of the audit chain found {count} places that do not fit their hashes: events may have been changed, deleted or inserted.\n\nKeep the database as it is, have the operator run python -m matchmaker audit verify, and compare with backups and with the daily roots that were filed.\n\n{page}"),
}  # fmt: skip
KINDS: Final[Mapping[str, Kind]] = {
    "audit_broken": Kind(group="organisation", texts=_BROKEN, always=True),
}
