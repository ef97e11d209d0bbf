"""No role reads what it may not, on any surface: generated from the routes and the table.

Everybody in the world asks for every address; whatever a page, export or mail says is searched for
every marker, and each one found must be allowed by the permission table and ``domain.visibility``.
A new endpoint is asked for by itself.
"""

from __future__ import annotations

import gc
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, true
from werkzeug.test import TestResponse

from matchmaker.domain.visibility import (
    CONFIDENTIAL_FIELDS,
    MATCHED_STATES,
    REDACTED_FIELDS,
    Tier,
    may_name_organisation,
    may_read,
    may_see,
)
from matchmaker.store.audit import AuditEvent
from matchmaker.store.disclosure import DisclosureReceipt
from matchmaker.store.match import Match
from matchmaker.store.outbox import OutboxMail
from matchmaker.web.app import create_app
from tests.conftest import Seeded
from tests.integration.tier_platform import NOW, lived_in
from tests.integration.tier_rules import allowed, grants
from tests.integration.tier_surfaces import (
    SEARCHES,
    Findings,
    admitted,
    check,
    client_of,
    crawl,
    members,
    settled,
    words_of,
)
from tests.integration.tier_world import Marker, World, found_in

_SECRET_KINDS = (
    *("confidential", "redacted", "internal", "note", "public"),
    *("name", "person", "email", "phone", "talk"),
    *("terms", "filed", "question", "desk", "step", "old", "old redacted", "notice", "search"),
    *("bid", "score", "objection"),
)


@pytest.fixture(scope="module")
def log() -> Iterator[list[str]]:
    """Everything that is logged while the tests of this file run."""
    lines: list[str] = []

    class Keeper(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(self.format(record))

    keeper, root = Keeper(), logging.getLogger()
    before = root.level
    root.addHandler(keeper)
    root.setLevel(logging.DEBUG)
    yield lines
    root.removeHandler(keeper)
    root.setLevel(before)


@pytest.fixture(scope="module")
def world(
    seeded: Seeded, tmp_path_factory: pytest.TempPathFactory, log: list[str]
) -> Iterator[World]:
    with lived_in(seeded(tmp_path_factory.mktemp("tiers"), "tiers")) as made:
        yield made
    assert log is not None


@pytest.fixture(scope="module")
def app(world: World) -> Flask:
    return create_app(world.platform)


@pytest.fixture(scope="module")
def findings(app: Flask, world: World) -> Findings:
    """Everybody has asked for everything, once for all tests of this file."""
    gc.freeze()  # thousands of requests need not look through the world again and again
    found = crawl(app, world)
    gc.unfreeze()
    return found


def test_nobody_reads_what_he_may_not_at_any_address(
    findings: Findings, world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    with capsys.disabled():
        print(  # noqa: T201 - the figures are what the test is for
            f"\ntiers: {findings.answers:,} answers, {findings.combinations(world):,} combinations "
            f"of role, state, tier and surface, {len(world.markers):,} markers, "
            f"{sum(findings.leaks.values())} leaks"
        )
    assert not findings.leaks, findings.told()
    assert findings.answers > 1_000


def test_everybody_reads_what_he_may(findings: Findings, world: World) -> None:
    owners = {one.id: one.name for one in world.organisations.values()}
    for who, actor in world.actors.items():
        for kept in world.classes:
            row, noun = kept.row, kept.noun
            status, page = findings.pages[who, f"/{noun}s/{row.public_id}"]
            words = found_in(page)
            assert (status == 200) is may_see(actor, noun, row), (who, kept.label)
            assert (kept.markers["title"] in words) is may_see(actor, noun, row), (who, kept.label)
            named = owners[row.organisation_id] in page.partition("<main")[2]
            assert named is may_name_organisation(actor, noun, row), (who, row)
            if noun == "outcome":
                reads = may_read(actor, noun, row, Tier.REDACTED)
                assert (kept.markers["principle"] in words) is reads, (who, kept.label)


def test_words_are_found_in_documents_and_tables_too(app: Flask, world: World) -> None:
    client = client_of(app, world, "own broker")
    found = set[str]()
    for public_id in world.matches:
        answer = client.get(f"/matches/{public_id}/brief-demand.pdf")
        found |= found_in(words_of(answer, public_id)) if answer.status_code == 200 else set()
    titles = {kept.markers["title"] for kept in world.records if kept.noun == "outcome"}
    assert found & titles
    table = client_of(app, world, "bureau").get("/contracts/export.csv")
    filed = {word for word, one in world.markers.items() if one.kind == "filed"}
    assert found_in(words_of(table, "/contracts/export.csv")) & filed


def test_the_confidential_tier_is_opened_by_those_it_is_granted_to_and_leaves_receipts(
    app: Flask, world: World
) -> None:
    findings, opened = Findings(), 0
    for who, actor in world.actors.items():
        client = client_of(app, world, who)
        token = _token(client.get("/account" if actor.signed_in else "/log-in"))
        for kept in world.classes:
            address = f"/confidential/{kept.noun}/{kept.row.public_id}/open"
            answer = client.post(address, data={"csrf_token": token})
            words = check(world, findings, who, "disclosure.open_tier", words_of(answer, address))
            hidden = {kept.markers[name] for name in CONFIDENTIAL_FIELDS & kept.markers.keys()}
            keeps = may_read(actor, kept.noun, kept.row, Tier.CONFIDENTIAL)
            may = not keeps and may_read(
                actor,
                kept.noun,
                kept.row,
                Tier.CONFIDENTIAL,
                grants=grants(world, kept),
                today=NOW.date(),
            )
            assert (hidden <= words) is may, (who, kept.label, answer.status_code)
            assert not may or answer.status_code == 200
            opened += may
    assert not findings.leaks, findings.told()
    assert opened >= 3
    with world.platform.reading() as uow:
        receipts = uow.session.scalars(select(DisclosureReceipt)).all()
    assert len(receipts) >= opened


def test_what_somebody_takes_along_holds_nothing_that_he_may_not_read(
    app: Flask, world: World
) -> None:
    findings, taken = Findings(), 0
    for who in world.users:
        client = client_of(app, world, who)
        token = _token(client.get("/account"))
        answer = client.post("/account/export", data={"csrf_token": token})
        assert answer.mimetype == "application/zip", who
        for table in members(answer.get_data()):  # one's own name stands in one beside the others
            taken += len(check(world, findings, who, "account.export", table))
    assert not findings.leaks, findings.told()
    assert taken > 500


def test_what_helps_with_writing_tells_nothing_of_what_others_wrote(
    app: Flask, world: World
) -> None:
    findings = Findings()
    typed = "、".join(_wanted(world, kind).text for kind in ("public", "redacted", "name"))
    for who, noun in (("rival", "demand"), ("outsider researcher", "outcome")):
        client = client_of(app, world, who)
        token = _token(client.get(f"/{noun}s/new"))
        data = {"csrf_token": token, "title": typed, "disclosure": "anonymous"}
        answer = client.post(f"/{noun}s/assistance", data=data)
        assert answer.status_code == 200
        said = words_of(answer, noun).replace(typed, "")
        check(world, findings, who, f"{noun}.assistance", said)
    assert not findings.leaks, findings.told()


def test_a_search_for_what_one_may_not_read_finds_what_nonsense_finds(
    app: Flask, world: World
) -> None:
    wanted = [_wanted(world, kind) for kind in _SECRET_KINDS]
    lists = [
        (rule.endpoint, rule.rule)
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and not rule.arguments
    ]
    searched = 0
    for who in ("visitor", "outsider researcher", "rival", "unconfirmed", "administrator"):
        actor, client = world.actors[who], client_of(app, world, who)
        for endpoint, path in lists:
            if not admitted(world, who, endpoint):
                continue
            word = world.nonsense()
            nothing = settled(_searched(client, path, word), word)
            if nothing == settled(_written(client.get(path)), word):
                continue  # the page takes no text
            for marker in wanted:
                looked_up = marker.kind == "name" and endpoint.startswith("organisation.")
                if looked_up or allowed(world, actor, marker, endpoint):
                    continue
                found = settled(_searched(client, path, marker.text), marker.text)
                assert found == nothing, (who, endpoint, marker.kind)
                searched += 1
    assert searched > 50


def _searched(client: FlaskClient, path: str, word: str) -> str:
    """A list searched for a word under every name that pages take one by."""
    return _written(client.get(path, query_string=dict.fromkeys(SEARCHES, word)))


def _written(answer: TestResponse) -> str:
    """What an answer holds, letter by letter; of a PDF, something to compare."""
    return answer.get_data().decode(errors="replace")


def _wanted(world: World, kind: str) -> Marker:
    """A word of a kind that somebody might search for to learn what is behind it."""
    company = world.organisations["anonymous company"].id
    author = world.users["author at anonymous company"].id
    return next(
        one
        for one in world.markers.values()
        if one.kind == kind
        and (kind != "name" or one.organisation_id == company)
        and (kind not in ("person", "email", "phone") or one.user_id == author)
        and (kind not in ("public", "note") or (one.record and one.record.row.state == "draft"))
    )


def test_every_mail_tells_its_recipient_only_what_he_may_know(world: World) -> None:
    findings = Findings()
    by_address = {user.email: who for who, user in world.users.items()}
    with world.platform.reading() as uow:
        mails = uow.session.scalars(select(OutboxMail)).all()
    for mail in mails:
        who = by_address[mail.recipient]
        check(world, findings, who, "mail", f"{mail.subject}\n{mail.body}")
    assert not findings.leaks, findings.told()
    assert len(mails) > 10


def test_nothing_stored_beside_the_records_holds_their_private_words(world: World) -> None:
    private = {word for word, one in world.markers.items() if one.kind != "public"}
    hidden = REDACTED_FIELDS | CONFIDENTIAL_FIELDS
    unsaid = ("phone", "email", "terms", "filed", "question", "search", "old redacted")
    never = {word for word, one in world.markers.items() if one.kind in unsaid} | {
        kept.markers[name] for kept in world.records for name in hidden & kept.markers.keys()
    }
    with world.platform.reading() as uow:
        explanations = uow.session.scalars(select(Match.explanation)).all()
        changes = uow.session.scalars(select(AuditEvent.changes)).all()
    assert len(explanations) > 5
    assert len(changes) > 10
    assert not found_in(json.dumps(explanations, ensure_ascii=False)) & private
    assert not found_in(json.dumps(changes, ensure_ascii=False)) & never


def test_the_index_file_holds_public_words_of_matched_records_alone(world: World) -> None:
    world.platform.save_index()
    files = list(world.platform.settings.index_dir.glob("*.index"))
    assert files
    written = {
        word
        for kept in world.records
        if kept.row.state in MATCHED_STATES[kept.noun]
        for word in kept.markers.values()
        if world.markers[word].kind == "public"
    }
    for file in files:
        words = found_in(file.read_bytes().decode("latin-1")) & world.markers.keys()
        assert words
        assert words <= written


def test_nothing_private_is_logged(findings: Findings, world: World, log: list[str]) -> None:
    assert findings.answers
    private = {word for word, one in world.markers.items() if one.kind != "public"}
    assert not found_in("\n".join(log)) & private


def _token(page: Any) -> str:
    text = page.get_data(as_text=True)
    return str(text.split('name="csrf_token" value="')[1].split('"')[0])


def _leak_confidential(patch: pytest.MonkeyPatch) -> None:
    from matchmaker.web.record import view

    before = view._demand_texts
    patch.setattr(
        view,
        "_demand_texts",
        lambda demand: (*before(demand), *view._texts(("x", demand.current_state))),
    )


def _leak_redacted(patch: pytest.MonkeyPatch) -> None:
    from matchmaker.web.record import view

    patch.setattr(view, "may_read", lambda *_args, **_more: True)


def _leak_name(patch: pytest.MonkeyPatch) -> None:
    from matchmaker.store.queries import catalogue

    patch.setattr(catalogue, "named", lambda _actor, _noun: true())


def _leak_address(patch: pytest.MonkeyPatch) -> None:
    from matchmaker.store.organisation import Organisation, User
    from matchmaker.store.queries import catalogue

    author = (
        select(User.email)
        .where(User.organisation_id == Organisation.id)
        .limit(1)
        .correlate(Organisation)
        .scalar_subquery()
    )
    before = catalogue.columns_of

    def columns(noun: str) -> Any:
        from dataclasses import replace

        return replace(before(noun), lead=author)

    patch.setattr(catalogue, "columns_of", columns)


@pytest.mark.parametrize(
    ("plant", "who", "endpoint", "kind"),
    [
        (_leak_confidential, "visitor", "demand.show", "confidential"),
        (_leak_redacted, "unverified", "outcome.show", "redacted"),
        (_leak_name, "outsider researcher", "catalogue.demands", "name"),
        (_leak_address, "rival", "catalogue.demands", "email"),
    ],
)
def test_a_planted_leak_is_caught(
    app: Flask, world: World, monkeypatch: pytest.MonkeyPatch, plant: Any, who: str,
    endpoint: str, kind: str,
) -> None:  # fmt: skip
    only = {"who": (who,), "endpoints": frozenset({endpoint})}
    assert not crawl(app, world, **only).leaks
    plant(monkeypatch)
    leaks = crawl(app, world, **only).leaks
    assert any(f"{endpoint}: {who} reads {kind} of" in leak for leak in leaks), leaks
