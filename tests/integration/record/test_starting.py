"""Starting a record from a paragraph, an uploaded document or an earlier record."""

from __future__ import annotations

import io
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import EnvironBuilder

from matchmaker.bootstrap import Matchmaker
from matchmaker.store.demand import Demand
from matchmaker.store.organisation import User
from matchmaker.store.outcome import Outcome
from tests import builders, documents
from tests.integration.record.conftest import People
from tests.integration.record.visitor import fields_of

PARAGRAPH = (
    "目前采用热压罐成型碳纤维构件，单件成型周期25分钟，合格率只有七成。"
    "希望寻求一种大尺寸碳纤维构件快速模压成型技术，成型周期缩短到8分钟以内，孔隙率不高于1%。"
    "预算80-120万元，可与高校合作研发。联系人：张三，电话13812345678。"
)


def _stored(platform: Matchmaker, model: type[Demand | Outcome] = Demand) -> list[Any]:
    with platform.reading() as uow:
        found = list(uow.session.scalars(select(model).order_by(model.id)))
        uow.session.expunge_all()
    return found


def test_a_paragraph_becomes_a_draft_with_its_filled_fields_marked(
    people: People, platform: Matchmaker
) -> None:
    author = people("company")
    where = author.send("/demands/start", text=PARAGRAPH)
    stored = _stored(platform)[0]
    assert (stored.state, stored.title) == ("draft", "大尺寸碳纤维构件快速模压成型技术")
    assert where.startswith(f"/demands/{stored.public_id}/edit?filled=")
    page = author.get(where)
    shown = fields_of(page)
    assert shown["indicators-0-name"] == "成型周期"
    assert shown["budget_max"] == "120"
    assert shown["chains"] == ["carbon-fibre"]
    assert "13812345678" not in page
    assert "张三" not in page
    marks = page.count("filled from your text: please check")
    assert marks == where.partition("filled=")[2].count(",") + 1
    assert "filled from your text" not in author.get(where.partition("?")[0])


def test_the_author_is_told_that_contact_data_was_left_out_of_the_sentence(
    people: People, platform: Matchmaker
) -> None:
    author = people("company")
    text = "海参干燥每吨耗电1200度，希望降到600度以内，联系电话13812345678，微信hs_888888。"
    page = author.get(author.send("/demands/start", text=text))
    assert "contact data were left out" in page
    stored = _stored(platform)[0]
    assert stored.target == "海参干燥每吨耗电1200度，希望降到600度以内。"
    assert "13812345678" not in page
    assert "hs_888888" not in page
    page = author.get(
        author.send("/demands/start", text="海参干燥每吨耗电1200度，希望降到600度以内。")
    )
    assert "contact data were left out" not in page


def test_a_form_pasted_as_text_is_read_by_its_headings(
    people: People, platform: Matchmaker
) -> None:
    lines = (
        "需求名称：海参低温干燥",
        "主要问题：每吨耗电1200度。",
        "联系人：张三",
        "预期目标：不超过600度。",
    )
    text = "\r\n".join(lines)
    people("company").send("/demands/start", text=text)
    stored = _stored(platform)[0]
    assert (stored.title, stored.problem, stored.target) == (
        "海参低温干燥", "每吨耗电1200度。", "不超过600度。",
    )  # fmt: skip


@pytest.mark.parametrize("make", [documents.docx_form, documents.xlsx_form])
def test_a_filled_in_form_becomes_a_draft(people: People, platform: Matchmaker, make: Any) -> None:
    upload = (io.BytesIO(make()), "anything.bin")
    where = people("company").send("/demands/start", document=upload)
    stored = _stored(platform)[0]
    assert stored.title == "大尺寸碳纤维构件快速模压成型"
    assert stored.key_technology == "快速固化树脂体系与模具温度控制。"
    assert (stored.kind, stored.field, stored.solution_mode) == (
        "key_technology", "materials", "joint",
    )  # fmt: skip
    assert stored.keywords == ["碳纤维", "模压", "快速固化"]
    assert [row.name for row in stored.indicators] == ["成型周期", "孔隙率"]
    assert "虚构海源公司" not in str(vars(stored))
    assert "filled=" in where


def test_a_pdf_is_read_too(people: People, platform: Matchmaker) -> None:
    text = "We are looking for a fast-curing resin with a cycle time of at most 8 minutes."
    upload = (io.BytesIO(documents.pdf_of(text)), "demand.pdf")
    people("company").send("/demands/start", document=upload)
    assert _stored(platform)[0].title == "fast-curing resin"


def test_a_researcher_starts_from_an_abstract(people: People, platform: Matchmaker) -> None:
    text = (
        "五分钟固化预浸料\n针对成型周期长的问题，开发了潜伏性固化剂，固化时间不超过5分钟。"
        "与热压罐相比周期缩短八成。"
    )
    people("researcher").send("/outcomes/start", text=text)
    stored = _stored(platform, Outcome)[0]
    assert stored.title == "五分钟固化预浸料"
    assert "相比" in stored.advantage
    assert stored.indicators[0].name == "固化时间"


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100, "Save it as .docx or .xlsx"),
        (b"\x89PNG\r\n\x1a\n\0\0", "This is no Word, Excel, PDF or text file."),
        (b"%PDF-1.4 broken", "The document is damaged."),
        (documents.pdf_of("x", pages=41), "The PDF has 41 pages; at most 40 are read."),
        (
            b"\xe8\x81\x94\xe7\xb3\xbb\xe7\x94\xb5\xe8\xaf\x9d\xef\xbc\x9a13812345678",
            "Only contact data was found",
        ),
        (b"\xe3\x80\x82\n", "No text was found"),
    ],
)
def test_a_document_that_cannot_be_read_says_why_and_keeps_what_was_typed(
    people: People, platform: Matchmaker, data: bytes, told: str
) -> None:
    author = people("company")
    page = author.send(
        "/demands/start", status=422, text="保留这段", document=(io.BytesIO(data), "a.docx")
    )
    assert told in page
    assert "保留这段" in page
    assert _stored(platform) == []


def test_nothing_given_is_told(people: People) -> None:
    page = people("company").send("/demands/start", status=422, text=" ")
    assert "Write a few sentences, or choose a document." in page


def test_a_file_that_is_too_large_is_refused(people: People, app: Flask) -> None:
    author = people("company")
    token = author.csrf()
    app.config["MAX_CONTENT_LENGTH"] = 1 << 20
    upload = (io.BytesIO(b"x" * (2 << 20)), "a.txt")
    page = author.send("/demands/start", status=413, csrf_token=token, document=upload)
    assert "At most 1 MB are taken here." in page


def test_what_is_too_large_is_taken_in_before_the_refusal(app: Flask) -> None:
    """A browser shows no answer to what it could not send to its end."""
    file = (io.BytesIO(b"x" * (5 << 20)), "a.txt")
    sent = EnvironBuilder("/demands/start", method="POST", data={"document": file}).get_environ()
    answer = app.test_client().open(sent)
    assert answer.status_code == 413
    assert sent["wsgi.input"].read() == b""


def test_who_sends_too_often_is_told_to_wait_and_nothing_of_passwords(people: People) -> None:
    author = people("company")
    for _attempt in range(20):
        author.send("/demands/start", status=422, text=" ")
    page = author.send("/demands/start", status=429, text=" ")
    assert "What you sent was not saved." in page
    assert "password" not in page


def test_an_earlier_demand_becomes_a_new_draft_without_its_life(
    people: People, platform: Matchmaker
) -> None:
    with platform.unit_of_work() as uow:
        author = uow.session.scalars(
            select(User).where(User.email == people.emails["company"])
        ).one()
        earlier = builders.demand(
            uow, author, chains=["carbon-fibre"], current_state="试过模压", disclosure="anonymous",
            state_note="旧理由", published_at=uow.now,
        )  # fmt: skip
        where = f"/demands/{earlier.public_id}"
    colleague = people("colleague")
    assert "Start from this one" in colleague.get("/demands/start")
    assert "Start a new one from this" in colleague.get(where)
    colleague.send(f"{where}/reuse")
    old, new = _stored(platform)
    assert (new.state, new.published_at, new.expires_on, new.state_note) == (
        "draft",
        None,
        None,
        "",
    )
    assert new.public_id != old.public_id
    assert (new.title, new.problem, new.current_state) == (old.title, old.problem, "试过模压")
    assert [row.chain_code for row in new.chains] == ["carbon-fibre"]
    assert new.disclosure == "anonymous"
    assert new.author_id != old.author_id
    assert old.state == "published"


def test_nobody_starts_from_what_is_not_theirs(people: People, platform: Matchmaker) -> None:
    with platform.unit_of_work() as uow:
        made = builders.demand(uow, builders.organisation(uow), disclosure="public")
        offered = builders.outcome(uow, builders.organisation(uow, "institution"))
        addresses = f"/demands/{made.public_id}", f"/outcomes/{offered.public_id}"
    assert "Start a new one from this" not in people("company").get(addresses[0])
    people("company").send(f"{addresses[0]}/reuse", status=403)
    people("researcher").send(f"{addresses[1]}/reuse", status=403)
    people("researcher").send("/demands/start", status=403, text=PARAGRAPH)
    people("broker").send("/outcomes/start", status=403, text=PARAGRAPH)
    assert len(_stored(platform)) == 1
