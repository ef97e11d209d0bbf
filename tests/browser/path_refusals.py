"""Where the path is refused, as its people meet it: in words, with a status, nothing written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, Final

from playwright.sync_api import Page, expect
from sqlalchemy import func, select, update

from matchmaker.bootstrap import Matchmaker
from matchmaker.store.audit import AuditEvent
from matchmaker.store.contract import Contract, ContractRevision
from matchmaker.store.demand import Demand
from matchmaker.store.disclosure import DisclosureGrant, DisclosureReceipt
from matchmaker.store.engagement import Engagement, EngagementStep, Meeting, NdaAcceptance
from matchmaker.store.introduction import Introduction
from matchmaker.store.match import Match
from matchmaker.store.outbox import OutboxMail
from matchmaker.store.outcome import Outcome
from tests.browser.path_steps import look
from tests.browser.path_words import Words

_ROWS: Final = (
    *(Demand, Outcome, Introduction, Engagement, EngagementStep, NdaAcceptance, Meeting),
    *(DisclosureGrant, DisclosureReceipt, Contract, ContractRevision, OutboxMail),
)
_VERSIONED: Final = (Demand, Outcome, Introduction, Engagement, Meeting, DisclosureGrant, Contract)
# A form that no page offers to its sender, with the sender's own token.
_POST: Final = """([address, fields]) => {
  const form = document.createElement("form");
  form.method = "post";
  form.action = address;
  const csrf_token = document.querySelector("input[name=csrf_token]").value;
  for (const [name, value] of Object.entries({ csrf_token, ...fields })) {
    const box = document.createElement("input");
    Object.assign(box, { type: "hidden", name, value });
    form.append(box);
  }
  document.body.append(form);
  form.submit();
}"""


def sends(page: Page, send: Callable[[], object]) -> int:
    """Do what sends a form; the status of the page that answers."""
    with page.expect_navigation() as arrived:
        send()
    answer = arrived.value
    assert answer
    return answer.status


def post(page: Page, address: str, **fields: str) -> int:
    """Send a form that the page does not offer; the status of the page that answers."""
    return sends(page, lambda: page.evaluate(_POST, [address, fields]))


def says(page: Page, *texts: str) -> None:
    """The page tells all of it."""
    for text in texts:
        expect(page.locator("main")).to_contain_text(text)


@contextmanager
def nothing_written(world: Matchmaker) -> Iterator[None]:
    """Neither a row nor a version, neither an audit row nor a mail comes of what is inside."""
    before = _written(world)
    yield
    assert _written(world) == before


def _written(world: Matchmaker) -> dict[str, Any]:
    with world.database.reading() as uow:
        ask = uow.session.scalar
        return {
            **{
                model.__tablename__: ask(select(func.count()).select_from(model)) for model in _ROWS
            },
            **{f"v_{one.__tablename__}": ask(select(func.sum(one.version))) for one in _VERSIONED},
            # What people did; the platform may be matching meanwhile.
            "audit": ask(select(func.count()).where(AuditEvent.actor_id.is_not(None))),
            "decided": ask(select(func.count()).where(Match.decided_at.is_not(None))),
        }


def state_of(world: Matchmaker, model: Any, title: str) -> str:
    """In which state a record is stored."""
    with world.database.reading() as uow:
        return str(uow.session.scalars(select(model.state).where(model.title == title)).one())


def unfit_demands(page: Page, world: Matchmaker, told: Words, title: str) -> str:
    """An incomplete demand and one that names its company are kept as a draft, not submitted."""
    page.goto("/demands/new")
    page.fill("#title", title)
    submit = page.get_by_role("button", name=told["submit"])
    assert sends(page, submit.click) == 422
    says(page, told["kept"], told["incomplete"])
    assert state_of(world, Demand, title) == "draft"
    page.fill(
        "#problem",
        f"{told['firm']}的吸塑盒热封后有虚封，{told['short_name']}每批要全检，费时费人。",
    )
    page.fill("#target", "热封强度不低于12 N，虚封率不高于万分之一，不再全检，节拍不变。")
    for name, value in (
        ("kind", "process_improvement"),
        ("field", "biomedicine"),
        ("solution_mode", "joint"),
        ("disclosure", "anonymous"),
    ):
        page.select_option(f"#{name}", value)
    page.locator("input[name=chains]").first.check()
    assert sends(page, submit.click) == 422
    says(page, told["kept"], told["certain"], told["keep"])
    expect(page.locator("#assist-check mark").first).to_have_text(told["firm"])
    assert state_of(world, Demand, title) == "draft"
    form = page.locator("#record-form").get_attribute("action")
    assert form
    return form


def own_approval(page: Page, world: Matchmaker, told: Words) -> None:
    """A researcher has no button to approve his own outcome, and no other way either."""
    title = "热敏打印头抗磨损类金刚石涂层"
    page.goto("/outcomes/mine")
    page.get_by_role("link", name=title, exact=True).click()
    expect(page.locator("h1")).to_have_text(title)
    expect(page.get_by_role("button", name=told["approve"])).to_have_count(0)
    with nothing_written(world):
        assert post(page, f"{page.url}/approve") == 403
        says(page, told["forbidden"])
    assert state_of(world, Outcome, title) == "institution_review"


def dismissal_without_reason(page: Page, world: Matchmaker, told: Words) -> None:
    """Enter in the note chooses no reason, and ``other`` wants a note; what was typed stays."""
    page.goto("/match-review/?view=open")
    with nothing_written(world):
        page.keyboard.press("d")
        page.keyboard.press("n")
        page.keyboard.type("资料不足")
        assert sends(page, lambda: page.keyboard.press("Enter")) == 422
        says(page, told["reason"])
        look(page, "no-reason")
        expect(page.locator("#note")).to_have_value("资料不足")
        expect(page.locator("button.reason").first).to_be_visible()
        page.fill("#note", "")
        page.keyboard.press("Escape")
        page.keyboard.press("d")
        assert sends(page, lambda: page.keyboard.press("i")) == 422
        says(page, told["other"])


def named_in_an_introduction(page: Page, world: Matchmaker, told: Words, match: str) -> str:
    """A message that names an anonymous company is not sent; returns the one that was."""
    page.goto(f"/introductions/matches/{match}")
    message = page.locator("#ask-institution_message")
    ask = page.get_by_role("button", name=told["ask"], exact=True)
    with nothing_written(world):
        for name in (told["firm"], told["short_name"], " ".join(told["short_name"])):
            message.fill(f"{name}愿意先做试样。")
            assert sends(page, ask.click) == 422
            says(page, told["names"])
            expect(message).to_have_value(f"{name}愿意先做试样。")
    message.fill("企业愿意先做试样。")
    assert sends(page, ask.click) == 200
    return page.url


def answered_twice(page: Page, world: Matchmaker, told: Words, asked: str) -> None:
    """A side that has answered answers no more from a tab that was left open."""
    late = page.context.new_page()
    for tab in (late, page):
        tab.goto(asked)
    assert sends(page, page.get_by_role("button", name=told["yes"]).click) == 200
    with nothing_written(world):
        assert sends(late, late.get_by_role("button", name=told["yes"]).click) == 409
        says(late, told["wrong_state"], told["what_to_do"])
    look(late, "answered-twice")
    late.get_by_role("link", name=told["again"]).click()
    says(late, told["accepted"])
    assert late.url == asked
    late.close()


def answered_too_late(
    page: Page, world: Matchmaker, told: Words, asked: str, follow_up: Callable[[], None]
) -> None:
    """When the days are over an open tab's button is refused, before and after it has lapsed."""
    page.goto(asked)
    with world.database.unit_of_work() as uow:
        mine = Introduction.public_id == asked.rsplit("/", 1)[1]
        over = uow.now - timedelta(minutes=1)
        uow.session.execute(update(Introduction).where(mine).values(due_at=over))
    yes = page.get_by_role("button", name=told["yes"])
    with nothing_written(world):
        assert sends(page, yes.click) == 409
        says(page, told["wrong_state"], told["what_to_do"])
        page.get_by_role("link", name=told["again"]).click()
        says(page, told["over"])
        look(page, "too-late")
        expect(yes).to_have_count(0)
    follow_up()
    with nothing_written(world):
        page.reload()
        says(page, told["lapsed"])
        assert post(page, f"{asked}/accept") == 409
        says(page, told["wrong_state"])


def outsider(page: Page, world: Matchmaker, told: Words, *addresses: str) -> None:
    """Another company's user finds nothing under the addresses of others."""
    with nothing_written(world):
        for address in addresses:
            answer = page.goto(address)
            assert answer
            assert answer.status == 404
            says(page, told["not_found"])


def confidential_too_early(
    firm: Page, school: Page, world: Matchmaker, told: Words, talks: str
) -> None:
    """What is confidential opens neither without a grant nor without the agreement."""
    firm.goto(talks)
    firm.get_by_role("link", name=told["theirs"]).click()
    address = firm.url
    with nothing_written(world):
        says(firm, told["closed"])
        assert post(firm, f"{address}/open") == 403
        says(firm, told["forbidden"])
    school.goto(address)
    school.fill("#organisation", told["firm"])
    school.fill("#reason", "便于准备试样")
    school.locator("#give").get_by_role("button", name=told["open"], exact=True).click()
    expect(school.locator("#grants .badge-wait")).to_be_visible()
    with nothing_written(world):
        firm.goto(address)
        says(firm, told["no_agreement"])
        assert post(firm, f"{address}/open") == 403
        says(firm, told["forbidden"])


def step_without_meeting(page: Page, world: Matchmaker, told: Words, talks: str) -> None:
    """That a talk has taken place is not recorded before a meeting with minutes was held."""
    page.goto(talks)
    says(page, told["needs_meeting"])
    expect(page.locator("form[action$='/steps/meet']")).to_have_count(0)
    with nothing_written(world):
        assert post(page, f"{talks}/steps/meet") == 409
        says(page, told["wrong_state"], told["what_to_do"])


def confirmed_incomplete(page: Page, world: Matchmaker, told: Words, contract: str) -> None:
    """A contract that lacks something is not confirmed."""
    page.goto(contract)
    says(page, told["cannot_confirm"])
    with nothing_written(world):
        assert post(page, f"{contract}/confirm", revision="1") == 422
        says(page, told["not_confirmed"])
        look(page, "not-confirmed")


def confirmed_stale(
    page: Page, world: Matchmaker, told: Words, contract: str, change: Callable[[], None]
) -> None:
    """Terms that were changed since they were opened are not confirmed; the page leads back."""
    page.goto(contract)
    confirm = page.locator("form[action$='/confirm'] button")
    shown = confirm.inner_text()
    change()
    with nothing_written(world):
        assert sends(page, confirm.click) == 409
        says(page, told["conflict"], told["what_to_do"])
    page.get_by_role("link", name=told["again"]).click()
    assert page.url == contract
    assert confirm.inner_text() != shown


def wrong_numbers(page: Page, world: Matchmaker, told: Words, contract: str) -> None:
    """Neither five digits nor another contract's number are recorded as a registration."""
    with world.database.reading() as uow:
        taken = uow.session.scalars(
            select(Contract.number).where(Contract.state == "registered").limit(1)
        ).one()
    page.goto(f"{contract}/register")
    page.fill("#registered_on", world.clock().date().isoformat())
    page.fill("#office", "威海市技术合同登记机构")
    button = page.locator("main form button[type=submit]")
    with nothing_written(world):
        for number, refusal in (("12345", told["sixteen"]), (str(taken), told["taken"])):
            page.fill("#number", number)
            assert sends(page, button.click) == 422
            says(page, refusal)
            look(page, "wrong-number")
            expect(page.locator("#number")).to_have_value(number)
    page.goto(contract)
    expect(page.locator("main")).not_to_contain_text(str(taken))


def stale_edit(page: Page, world: Matchmaker, told: Words, form: str) -> None:
    """Of two tabs the second to save sees both versions, and what to do; nothing is overwritten."""
    late = page.context.new_page()
    for tab in (late, page):
        tab.goto(form)
    save = ".button[name=then][value=save]"
    page.fill("#constraints", "同事写的指标")
    assert sends(page, page.locator(save).click) == 200
    with nothing_written(world):
        late.fill("#constraints", "我写的指标")
        assert sends(late, late.locator(save).click) == 409
        says(late, told["conflict"], told["not_lost"], "同事写的指标")
        look(late, "stale-edit")
        expect(late.locator("#constraints")).to_have_value("我写的指标")
    late.close()


def expired_form(page: Page, world: Matchmaker, told: Words, form: str) -> None:
    """A form whose token is no longer good says so, and leads back to the page."""
    page.goto(form)
    page.eval_on_selector_all(
        "input[name=csrf_token]", "found => found.forEach(one => { one.value = 'expired' })"
    )
    with nothing_written(world):
        assert sends(page, page.locator(".button[name=then][value=save]").click) == 400
        says(page, told["expired"])
        look(page, "expired-form")
    page.get_by_role("link", name=told["again"]).click()
    expect(page.locator("#record-form")).to_be_visible()
