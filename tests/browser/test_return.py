"""What people come back for: they are told, keep a search, take their data along."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from matchmaker.services.demo import DOMAIN
from tests.browser.soundness import sound

Visit = Callable[..., Page]
ROOT = Path(__file__).resolve().parents[2]

WORDS = {
    "zh-CN": {
        "ask": "请经纪人咨询专家",
        "answer": "答复并结束",
        "told": "专家答复：",
        "stop": "停止接收",
        "stopped": "已完成",
        "off": "不发邮件",
        "save": "保存此检索",
        "news": "有新内容",
        "download": "下载我的数据",
        "waits": "待您办理",
        "demand": "高强高模碳纤维原丝低成本纺丝",
        "print": "打印",
    },
    "en-GB": {
        "ask": "Ask a broker for an expert",
        "answer": "Answer and close",
        "told": "An expert's answer: ",
        "stop": "Stop these mails",
        "stopped": "Done",
        "off": "No mail",
        "save": "Save this search",
        "news": "New for",
        "download": "Download my data",
        "waits": "What waits for you",
        "demand": "碳纤维复合材料模压成型提速",
        "print": "Print",
    },
}
both_languages = pytest.mark.parametrize("language", WORDS)


def command(environment: dict[str, str], *words: str) -> None:
    """Run a command beside the server."""
    done = subprocess.run(
        [sys.executable, "-m", "matchmaker", *words],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def link_that_ends_mail(environment: dict[str, str], who: str) -> str:
    """The address in the headers of the latest mail to somebody."""
    folder = Path(environment["MATCHMAKER_VAR_DIR"]) / "mail"
    for file in sorted(folder.glob("*.eml"), reverse=True):
        message = message_from_bytes(file.read_bytes(), policy=default)
        if message["To"] == f"{who}@{DOMAIN}" and message["List-Unsubscribe"]:
            return str(message["List-Unsubscribe"]).strip("<>")
    raise AssertionError(who)


@both_languages
def test_a_company_is_told_of_an_answer_opens_it_and_ends_such_mail(
    visit: Visit, environment: dict[str, str], language: str
) -> None:
    words = WORDS[language]
    own = visit("company", language)
    own.goto("/notifications/")
    earlier = own.locator("form[action$='read-all'] button")
    if earlier.count():
        earlier.click()
        expect(own.locator(".bell .count")).to_have_count(0)
    own.goto("/demands/mine")
    own.get_by_role("link", name=words["demand"], exact=True).click()
    fold = own.locator("#next-steps details summary")
    if fold.count():
        fold.first.click()
    own.fill("#step-note", "150 °C")
    own.get_by_role("button", name=words["ask"]).click()

    broker = visit("broker", language)
    broker.goto("/next-steps/")
    row = broker.locator(".rows > li", has_text=words["demand"])
    row.locator("textarea").fill("材料所的同事愿意谈一谈。")
    row.get_by_role("button", name=words["answer"]).click()

    own.goto("/")
    expect(own.get_by_role("heading", name=words["waits"])).to_be_visible()
    expect(own.locator(".bell .count")).to_contain_text("1")
    own.locator(".bell").click()
    expect(own.locator(".rows")).to_contain_text("材料所的同事愿意谈一谈。")
    sound(own)
    own.get_by_role("button", name=words["told"] + words["demand"], exact=True).click()
    expect(own.locator("h1")).to_have_text(words["demand"])
    expect(own.locator(".bell .count")).to_have_count(0)

    stranger = visit(language=language)
    stranger.goto(link_that_ends_mail(environment, "company"))
    stranger.get_by_role("button", name=words["stop"]).click()
    expect(stranger.locator("main")).to_contain_text(words["stopped"])
    own.goto("/notifications/settings")
    sound(own)
    expect(own.locator("input[name=record][value=off]")).to_be_checked()
    own.locator("input[name=record][value=at_once]").check()
    own.locator("main button[type=submit]").click()
    expect(own.locator("input[name=record][value=at_once]")).to_be_checked()


@both_languages
def test_a_saved_search_tells_of_a_new_outcome(
    visit: Visit, environment: dict[str, str], tmp_path: Path, language: str
) -> None:
    words, name = WORDS[language], f"订阅 {language}"
    title = f"深海网箱锚泊监测 {language}"
    own = visit("company", language, width="phone")
    own.goto("/outcomes?field=agriculture")
    own.get_by_text(words["save"], exact=True).click()
    own.fill("#search-name", name)
    sound(own)
    own.locator(".save-search button").click()
    expect(own.locator(".rows")).to_contain_text(name)
    sound(own)

    row = {
        "id": f"return-{language}",
        "title": title,
        "text": "面向深远海养殖网箱的锚泊张力在线监测与预警。",
        "organisation": "北岳工业大学",
        "field": "agriculture",
    }
    file = tmp_path / "outcomes.jsonl"
    file.write_text(json.dumps(row, ensure_ascii=False) + "\n", encoding="utf-8")
    command(environment, "import", "outcomes", str(file))
    command(environment, "digest")

    own.goto("/notifications/")
    told = own.locator("form.row-title button").filter(has_text=name).filter(has_text=title)
    expect(told).to_contain_text(words["news"])
    sound(own)
    told.click()
    expect(own.locator("h1")).to_have_text(title)


@both_languages
def test_a_person_takes_their_data_along_and_reads_how_to_leave(
    visit: Visit, language: str
) -> None:
    page = visit("researcher", language)
    page.goto("/account")
    with page.expect_download() as download:
        page.get_by_role("button", name=WORDS[language]["download"]).click()
    with zipfile.ZipFile(download.value.path()) as archive:
        person = json.loads(archive.read("person.json"))
        assert person[0]["email"] == f"researcher@{DOMAIN}"
        assert json.loads(archive.read("outcomes.json"))
    page.goto("/account/erase")
    sound(page)


@both_languages
def test_a_broker_prints_their_record(visit: Visit, language: str) -> None:
    page = visit("broker", language)
    page.goto("/my-record/")
    expect(page.get_by_role("button", name=WORDS[language]["print"])).to_be_visible()
    sound(page)
    page.emulate_media(media="print")
    expect(page.locator(".masthead")).to_be_hidden()
    expect(page.get_by_role("button", name=WORDS[language]["print"])).to_be_hidden()
    expect(page.locator("table")).to_be_visible()
