"""On resubmission the reviewer sees the reasons and what changed since."""

from __future__ import annotations

import re

from sqlalchemy import select

from matchmaker.bootstrap import Matchmaker
from matchmaker.store.revision import ReturnedVersion
from tests.integration.record.conftest import People
from tests.integration.record.test_writing import DEMAND, OUTCOME


def _marks(page: str, tag: str) -> list[str]:
    """The words that are marked as added (ins) or removed (del)."""
    found = re.findall(rf"<{tag}><span[^>]*>[^<]*</span>(.*?)</{tag}>", page, re.DOTALL)
    return [text.strip() for text in found]


def test_the_broker_sees_reasons_and_changed_words(people: People, platform: Matchmaker) -> None:
    author, broker = people("company"), people("broker")
    where = author.send("/demands/new", DEMAND, then="submit")
    assert 'id="changes"' not in broker.get(where)
    broker.send(f"{where}/return", note="请写明目标值")
    assert "请写明目标值" in author.get(f"{where}/edit")
    form = author.form(f"{where}/edit")
    changed = form | {
        "target": "单件 6 分钟以内。",
        "kind": "product_upgrade",
        "keywords": "碳纤维",
    }
    changed |= {"indicators-0-value": "0.5"}
    author.send(f"{where}/edit", changed, then="submit")
    page = broker.get(where)
    section = page[
        page.index('id="changes"') : page.index("</section>", page.index('id="changes"'))
    ]
    assert "请写明目标值" in section
    for label in ("Target", "Kind of demand", "Keywords", "Indicators"):
        assert f"<dt>{label}</dt>" in section
    assert "<dt>Main problem</dt>" not in section
    assert "6" in _marks(section, "ins")
    assert "8" in _marks(section, "del")
    assert any("Product upgrade" in text for text in _marks(section, "ins"))
    assert 'id="changes"' not in people().get("/")
    broker.send(f"{where}/publish")
    assert 'id="changes"' not in broker.get(where)
    with platform.reading() as uow:
        assert uow.session.scalars(select(ReturnedVersion)).all() == []


def test_the_manager_sees_the_principle_and_nobody_sees_know_how(
    people: People, platform: Matchmaker
) -> None:
    author, manager = people("researcher"), people("manager")
    where = author.send("/outcomes/new", OUTCOME, then="submit")
    manager.send(f"{where}/request-changes", note="请补充原理")
    form = author.form(f"{where}/edit")
    author.send(f"{where}/edit", form | {"principle": "潜伏性固化剂与促进剂。"}, then="submit")
    page = manager.get(where)
    assert "与促进剂" in "".join(_marks(page, "ins"))
    with platform.reading() as uow:
        kept = uow.session.scalars(select(ReturnedVersion)).one().content
    assert "know_how" not in kept
    assert kept["principle"] == "潜伏性固化剂。"
    assert 'id="changes"' not in people("broker").get(where)  # an outcome is not for brokers


def test_a_deleted_draft_takes_its_returned_version_along(
    people: People, platform: Matchmaker
) -> None:
    author, broker = people("company"), people("broker")
    where = author.send("/demands/new", DEMAND, then="submit")
    broker.send(f"{where}/return", note="不清楚")
    author.send(f"{where}/withdraw")
    author.send(f"{where}/reopen")
    author.send(f"{where}/delete")
    with platform.reading() as uow:
        assert uow.session.scalars(select(ReturnedVersion)).all() == []
