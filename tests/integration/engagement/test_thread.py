"""Messages and files: for the parties alone, and no file that is not what it says."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from matchmaker.bootstrap import bootstrap
from matchmaker.domain.errors import Invalid, NotFound
from matchmaker.integrations.attachment_file import kind_of
from matchmaker.services import engagement, engagement_message, follow_up
from matchmaker.services.backup import read_backup, write_backup
from matchmaker.services.engagement_message import Upload, file_name
from matchmaker.settings import Settings
from matchmaker.store.audit import AuditEvent
from matchmaker.store.engagement import Attachment
from matchmaker.store.outbox import OutboxMail
from tests.client import Client
from tests.integration.engagement.pair import OUTSIDERS, PARTIES, Pair

Browse = Callable[..., Client]
PDF = b"%PDF-1.7\n1 0 obj <<>> endobj\n%%EOF\n"


def office(part: str = "word/document.xml", **more: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(part, "<w/>")
        for name, content in more.items():
            archive.writestr(name, content)
    return made.getvalue()


def write(pair: Pair, public_id: str, who: str = "company", body: str = "", *files: Upload) -> None:
    with pair.platform.unit_of_work() as uow:
        engagement_message.write(
            uow,
            pair.actor(who),
            pair.platform.attachments,
            engagement_id=public_id,
            body=body,
            uploads=files,
        )


def attached(pair: Pair) -> list[Attachment]:
    with pair.platform.reading() as uow:
        return list(uow.session.scalars(select(Attachment).order_by(Attachment.id)))


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PDF, "pdf"),
        (b"\x89PNG\r\n\x1a\n0000", "png"),
        (b"\xff\xd8\xff\xe0JFIF", "jpg"),
        (office(), "docx"),
        (office("xl/workbook.xml"), "xlsx"),
        ("第一行\r\n第二行\t制表".encode(), "txt"),
        (office("ppt/presentation.xml"), None),
        (office(**{"word/vbaProject.bin": b"x"}), None),
        (office(**{"../../evil.xml": b"x"}), None),
        (office(**{"word/media/zeros": b"\0" * 20_000_000}), None),
        (b"PK\x03\x04 not an archive", None),
        (b"MZ\x90\x00\x03", None),
        (b"\x7fELF\x02\x01", None),
        ("乱".encode("gb18030"), None),
        (b"\x1b[31mred", None),
    ],
)
def test_a_file_is_what_its_content_says(content: bytes, kind: str | None) -> None:
    assert kind_of(content) == kind


def test_markup_is_plain_text_and_never_sent_as_anything_else() -> None:
    assert kind_of(b"<script>alert(1)</script>") == "txt"
    assert file_name("page.html", "txt") == "page.html.txt"


@pytest.mark.parametrize(
    ("written", "kind", "shown"),
    [
        ("试验报告.pdf", "pdf", "试验报告.pdf"),
        ("../../etc/passwd", "txt", "passwd.txt"),
        ("C:\\temp\\方案.DOCX", "docx", "方案.docx"),
        ("photo.jpeg", "jpg", "photo.jpg"),
        ("invoice\u202efdp.exe", "pdf", "invoicefdp.exe.pdf"),
        ('a"b\r\nSet-Cookie: x.txt', "txt", "abSet-Cookie x.txt"),
        ("", "pdf", "file.pdf"),
        ("....pdf", "pdf", "pdf.pdf"),
        ("长" * 300 + ".pdf", "pdf", "长" * 116 + ".pdf"),
    ],
)
def test_a_file_name_is_made_harmless(written: str, kind: str, shown: str) -> None:
    assert file_name(written, kind) == shown


def test_a_message_reaches_the_parties_and_its_text_stays_off_mail_and_audit(
    pair: Pair, mails: Callable[[], list[OutboxMail]], browser: Browse
) -> None:
    public_id = pair.engage()
    before = len(mails())
    write(pair, public_id, "colleague", "配方比例是三比一", Upload("配方.pdf", PDF))
    told = mails()[before:]
    assert {mail.recipient for mail in told} == {
        pair.users[who].email for who in ("company", "researcher", "broker")
    }
    assert not [mail for mail in told if "三比一" in mail.body or "配方.pdf" in mail.body]
    with pair.platform.reading() as uow:
        for event in uow.session.scalars(select(AuditEvent)):
            assert "三比一" not in str(event.changes)
            assert "配方" not in str(event.changes)
    for who in PARTIES:
        reader = browser()
        reader.log_in(pair.users[who])
        page = reader.get(f"/engagements/{public_id}")
        assert "配方比例是三比一" in page.words
        file = reader.get(f"/engagements/files/{attached(pair)[0].public_id}")
        assert file.headers["Content-Type"] == "application/pdf"
        assert file.headers["Content-Disposition"] == (
            "attachment; filename=\"file.pdf\"; filename*=UTF-8''%E9%85%8D%E6%96%B9.pdf"
        )
        assert file.headers["X-Content-Type-Options"] == "nosniff"
        assert "no-store" in file.headers["Cache-Control"]
        assert file.text == PDF.decode()


def test_nobody_else_reads_thread_files_or_contacts(pair: Pair, browser: Browse) -> None:
    public_id = pair.engage()
    write(pair, public_id, "company", "机密内容", Upload("a.pdf", PDF))
    file = attached(pair)[0].public_id
    for who in OUTSIDERS:
        other = browser()
        other.log_in(pair.users[who])
        status = 403 if who in {"bureau", "administrator"} else 404
        other.get(f"/engagements/{public_id}", status=status)
        other.get(f"/engagements/files/{file}", status=status)
        other.get(f"/engagements/{public_id}/agreement", status=status)
        other.press(f"/engagements/{public_id}/messages", {"body": "hello"}, status=status)
        if who != "administrator":
            board = other.get("/engagements/")
            assert "机密内容" not in board.text
            assert pair.users["company"].email not in board.text
            assert f"/engagements/{public_id}" not in board.links()
            seen = "储氢气瓶用快速固化树脂" in board.text
            assert seen is (who == "bureau")
    visitor = browser()
    assert "/log-in" in visitor.get(f"/engagements/files/{file}", status=303).location


@pytest.mark.parametrize("who", [*OUTSIDERS, "visitor"])
def test_the_service_refuses_outsiders_too(pair: Pair, who: str) -> None:
    public_id = pair.engage()
    write(pair, public_id, "company", "", Upload("a.pdf", PDF))
    with pytest.raises(NotFound):
        write(pair, public_id, who, "hello")
    with pytest.raises(NotFound), pair.platform.reading() as uow:
        engagement_message.open_attachment(
            uow, pair.actor(who), pair.platform.attachments, attached(pair)[0].public_id
        )


@pytest.mark.parametrize(
    ("body", "files", "problem"),
    [
        ("", (), {"body": "missing"}),
        ("长" * 4001, (), {"body": "too_long"}),
        ("\0", (), {"body": "unclean"}),
        ("x", (Upload("a.exe", b"MZ\x90\x00"),), {"files": "unknown_kind"}),
        ("x", (Upload("a.pdf", b""),), {"files": "empty"}),
        ("x", (Upload("a.pdf", PDF + b"0" * 10 * 1024 * 1024),), {"files": "too_large"}),
        ("x", (Upload("a.pdf", PDF),) * 6, {"files": "too_many"}),
    ],
)
def test_what_cannot_be_kept_is_refused_whole(
    pair: Pair, body: str, files: tuple[Upload, ...], problem: dict[str, str]
) -> None:
    public_id = pair.engage()
    with pytest.raises(Invalid) as refused:
        write(pair, public_id, "company", body, *files)
    assert refused.value.fields == problem
    assert attached(pair) == []
    assert not list(pair.platform.settings.attachments_dir.rglob("*"))


def test_files_lie_under_random_names_and_a_changed_one_is_not_served(pair: Pair) -> None:
    public_id = pair.engage()
    write(pair, public_id, "company", "", Upload("配方.pdf", PDF), Upload("配方.pdf", PDF))
    files = [one for one in pair.platform.settings.attachments_dir.rglob("*") if one.is_file()]
    assert len({one.name for one in files}) == 2
    assert not [one for one in files if "配方" in one.name or one.suffix]
    assert {oct(one.stat().st_mode & 0o777) for one in files} == {"0o600"}
    first = attached(pair)[0]
    (found,) = [one for one in files if one.name == first.stored_name]
    found.write_bytes(b"%PDF-tampered")
    with pytest.raises(NotFound), pair.platform.reading() as uow:
        engagement_message.open_attachment(
            uow, pair.actor("company"), pair.platform.attachments, first.public_id
        )
    with pytest.raises(ValueError, match="no name"):
        pair.platform.attachments.read("../../etc/passwd", "")


def test_files_without_a_message_are_swept_after_a_day(pair: Pair) -> None:
    public_id = pair.engage()
    write(pair, public_id, "company", "", Upload("a.pdf", PDF))
    store = pair.platform.attachments
    young, old = store.keep(b"young"), store.keep(b"old")
    path = store.folder / old[:2] / old
    os.utime(path, (0, 0))
    with pair.platform.unit_of_work() as uow:
        follow_up.run(uow, store, calendar=pair.platform.calendar, base_url="")
    left = {one.name for one in store.folder.rglob("*") if one.is_file()}
    assert left == {young, attached(pair)[0].stored_name}


def test_a_backup_carries_the_files(pair: Pair, tmp_path: Path) -> None:
    public_id = pair.engage()
    write(pair, public_id, "company", "", Upload("a.pdf", PDF))
    target = tmp_path / "b.gz"
    rows = write_backup(pair.platform.database, pair.platform.attachments, target)
    other = bootstrap(Settings(var_dir=tmp_path / "other"))
    (tmp_path / "other").mkdir()
    assert read_backup(other.database, other.attachments, target) == rows
    one = attached(pair)[0]
    assert other.attachments.read(one.stored_name, one.sha256) == PDF
    other.database.dispose()


def test_the_page_sends_files_and_says_what_was_wrong(pair: Pair, browser: Browse) -> None:
    public_id = pair.engage()
    firm = browser()
    firm.log_in(pair.users["company"])
    address = f"/engagements/{public_id}"

    def send(body: str, content: bytes, name: str, status: int) -> str:
        page = firm.get(address)
        form = {
            "csrf_token": next(
                one.get("value", "") for one in page.form("/messages").iter()
                if one.get("name") == "csrf_token"
            ),
            "body": body,
            "files": FileStorage(io.BytesIO(content), name),
        }  # fmt: skip
        return firm.post(f"{address}/messages", form, status=status).text

    assert "没收到的正文" in send("没收到的正文", b"MZ\x90", "a.exe", 422)
    assert attached(pair) == []
    send("收到的正文", PDF + b"0" * 3 * 1024 * 1024, "large.pdf", 303)  # above the usual limit
    assert attached(pair)[0].size > 3 * 1024 * 1024
    send("", b"0" * 26 * 1024 * 1024, "huge.txt", 413)


def test_a_refusal_says_which_files_are_not_taken_and_why(pair: Pair, browser: Browse) -> None:
    public_id = pair.engage()
    firm = browser(language="en")
    firm.log_in(pair.users["company"])
    firm.choose_language("en")
    address = f"/engagements/{public_id}"
    named = {"合同.pdf": PDF, "安装\u202e.exe": b"MZ\x90", "空.txt": b""}
    files = [FileStorage(io.BytesIO(content), name) for name, content in named.items()]
    form = {"csrf_token": firm.csrf(), "body": "三个文件", "files": files}
    (told,) = firm.post(f"{address}/messages", form, status=422).errors()
    assert told.startswith("安装.exe: Only PDF, Word")
    assert "空.txt: The file is empty." in told
    assert "合同.pdf" not in told
    assert told.endswith("choose the files again.")
    assert attached(pair) == []


def test_a_long_thread_is_paged_with_the_same_queries(
    pair: Pair, browser: Browse, count_queries: Callable[[Callable[[], object]], int]
) -> None:
    public_id = pair.engage()
    write(pair, public_id, "company", "留言", Upload("a.pdf", PDF))
    firm = browser()
    firm.log_in(pair.users["company"])
    firm.get(f"/engagements/{public_id}")
    one = count_queries(lambda: firm.get(f"/engagements/{public_id}"))
    for number in range(55):
        write(pair, public_id, "broker", f"第{number}条", Upload("b.pdf", PDF))
    assert count_queries(lambda: firm.get(f"/engagements/{public_id}")) == one
    assert "留言" in firm.get(f"/engagements/{public_id}?page=2").words


def test_messages_keep_an_engagement_awake_and_go_on_after_its_end(pair: Pair) -> None:
    public_id = pair.engage()
    with pair.platform.unit_of_work() as uow:
        engagement.lose(uow, pair.actor("company"), engagement_id=public_id, reason="timing")
    write(pair, public_id, "researcher", "谢谢，后会有期")
    assert pair.engagement().state == "lost"
