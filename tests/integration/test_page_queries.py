"""No page asks the database more often because there is more to show.

Everybody asks for every address in a small world and in one three times as large, in which his own
lists are three times as long; a page may need no more statements there than here. The small world
is the tier world twice, so that what has company only among copies has it in both. A new endpoint
is asked for by itself.
"""

from __future__ import annotations

import gc
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any, Final

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text, update
from sqlalchemy.orm import joinedload

from matchmaker.settings import Settings
from matchmaker.store.contract import Contract
from matchmaker.store.database import UnitOfWork
from matchmaker.store.engagement import Engagement
from matchmaker.store.match import Match
from matchmaker.store.saved_search import SavedSearch
from matchmaker.web.app import create_app
from matchmaker.web.match_review import desk
from tests import engaged
from tests.integration.tier_platform import lived_in, platform_of
from tests.integration.tier_surfaces import addresses, admitted, client_of
from tests.integration.tier_world import World, published
from tests.links import make_links
from tests.multiply import multiply, sent

_SMALL, _LARGE = 2, 3  # the one as many times the tier world, the other as many times the one
_COMPANY: Final = "author at anonymous company"
# One of each role, a manager, and one who stands in another relation to most records.
_PEOPLE: Final = (
    *("visitor", _COMPANY, "author", "manager", "granted researcher"),
    *("own broker", "bureau", "administrator", "placed specialist", "confidant"),
)
_EACH: Final = 2
_REFUSED: Final = 400


@dataclass(frozen=True)
class Side:
    """One of the two worlds with its application and who is logged in there."""

    world: World
    app: Flask
    clients: Mapping[str, FlaskClient]

    def ask(self, who: str, address: str) -> Counter[str] | None:
        """The statements that a page needs; ``None`` where it is refused."""
        with sent(self.world.platform.database.engine) as statements:
            answer = self.clients[who].get(address)
        answer.close()
        return Counter(statements) if answer.status_code < _REFUSED else None


@dataclass(frozen=True)
class Sides:
    """The small world and the large one, and every address by endpoint."""

    small: Side
    large: Side
    listed: Mapping[str, list[str]]

    def compare(
        self, who: tuple[str, ...] = _PEOPLE, endpoints: frozenset[str] = frozenset()
    ) -> tuple[set[str], list[str]]:
        """The endpoints that opened to somebody, and the pages that ask more in the large world."""
        opened, grown = set[str](), list[str]()
        for name in who:
            for endpoint in endpoints or self.listed:
                if not admitted(self.small.world, name, endpoint):
                    continue
                for address, here in self._opening(name, endpoint):
                    opened.add(endpoint)
                    there = self.large.ask(name, address)
                    assert there is not None, f"{address} is refused to {name} in the large world"
                    if there.total() > here.total():
                        grown.append(_told(name, address, here, there))
        return opened, grown

    def _opening(self, who: str, endpoint: str) -> Iterator[tuple[str, Counter[str]]]:
        """What of an endpoint opens to somebody, with the statements in the small world."""
        asked = ((one, self.small.ask(who, one)) for one in self.listed[endpoint])
        opening = ((one, found) for one, found in asked if found is not None)
        # Of a list, everything that can be asked for; of pages of records, so many.
        return opening if "?" in self.listed[endpoint][-1] else islice(opening, _EACH)


def _told(who: str, address: str, here: Counter[str], there: Counter[str]) -> str:
    more = "; ".join(f"{count} × {one[:300]}" for one, count in (there - here).most_common(3))
    return f"{address} for {who}: {here.total()} statements, then {there.total()}: {more}"


@pytest.fixture(scope="module")
def sides(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sides]:
    folder = tmp_path_factory.mktemp("small")
    shutil.copy(migrated_file, folder / "matchmaker.sqlite3")
    with lived_in(Settings(var_dir=folder)) as world:
        keys = {world.users[who].id for who in _PEOPLE if who in world.users}
        links = _links(world)
        with world.platform.database.unit_of_work() as uow:
            links |= _draft(uow, world)
            _assign(uow, world)
            multiply(uow, _SMALL, keys)
        world.platform.database.dispose()  # so that all of it lies in the file
        copied = tmp_path_factory.mktemp("copied") / "large"
        shutil.copytree(folder, copied)
        large = replace(world, platform=platform_of(Settings(var_dir=copied)))
        with large.platform.database.unit_of_work() as uow:
            multiply(uow, _LARGE, keys)
        here, there = _side(world), _side(large)
        gc.freeze()  # thousands of requests need not look through the worlds again and again
        yield Sides(here, there, _listed(here, links))
        gc.unfreeze()
        large.platform.database.dispose()


def _links(world: World) -> dict[str, dict[str, str]]:
    company = world.organisations["anonymous company"]
    talks = next(one for one in world.engagements if one.company_id == company.id)
    demand = published(world, "demand", company)
    return make_links(world.platform, world.users[_COMPANY].id, talks, demand.id, ["tfidf"])


def _draft(uow: UnitOfWork, world: World) -> dict[str, dict[str, str]]:
    """Two engagements whose contract is worked on, one of them without any yet; a search."""
    company, author = world.organisations["anonymous company"], world.users[_COMPANY]
    drafts = select(Contract).join(Contract.engagement).options(joinedload(Contract.engagement))
    ours = (Contract.state == "draft", Engagement.company_id == company.id)
    draft = uow.session.scalars(drafts.where(*ours).limit(1)).one()
    draft.engagement.state = "drafting"
    begun = engaged.engagement(
        uow,
        published(world, "demand", company),
        published(world, "outcome", world.organisations["institution"]),
        world.users["own broker"],
        author,
        nda=engaged.BOTH,
        state="drafting",
    )
    kept = select(SavedSearch.public_id).where(SavedSearch.user_id == author.id).limit(1)
    return {
        "contract.edit": {"public_id": draft.public_id},
        "contract.new": {"engagement_id": begun.public_id},
        "saved_search.show": {"public_id": uow.session.scalars(kept).one()},
    }


def _assign(uow: UnitOfWork, world: World) -> None:
    """Every other pair that is still to be decided stands in the broker's queue."""
    broker, due = world.users["own broker"].id, uow.now + timedelta(days=3)
    given = {"assigned_to": broker, "assigned_at": uow.now, "due_at": due}
    every_other = (Match.state == "suggested", Match.id % 2 == 0)
    uow.session.execute(update(Match).where(*every_other).values(given))


def _side(world: World) -> Side:
    app = create_app(world.platform)
    assert world.platform.engine.sequence
    app.test_client().get("/")  # which does the day's work
    return Side(world, app, {who: client_of(app, world, who) for who in _PEOPLE})


def _listed(side: Side, links: Mapping[str, dict[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for endpoint, address in addresses(side.app, side.world):
        if "page=" not in address:  # a later page shows other things, not more of them
            found.setdefault(endpoint, []).append(address)
    with side.app.test_request_context():
        adapter = side.app.url_map.bind("localhost")
        found |= {name: [adapter.build(name, values)] for name, values in links.items()}
    return found


def test_no_page_asks_more_often_where_there_is_more(sides: Sides) -> None:
    opened, grown = sides.compare()
    assert not grown, "\n".join(grown)
    assert opened == sides.listed.keys()


def test_the_large_world_has_more_to_show(sides: Sides, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lists are longer there for the very people who ask, not only for others."""
    monkeypatch.setattr(desk, "_WINDOW", 60)  # forty are nearly what the small world has
    for who, address in (
        (_COMPANY, "/demands/mine"),
        ("author", "/outcomes/mine"),
        ("own broker", "/match-review/?view=mine"),
        ("own broker", "/engagements/"),
        ("bureau", "/contracts/"),
    ):
        here = sides.small.clients[who].get(address).get_data()
        there = sides.large.clients[who].get(address).get_data()
        assert len(there) > 1.2 * len(here), address


def test_a_planted_statement_for_each_row_is_found(
    sides: Sides, monkeypatch: pytest.MonkeyPatch
) -> None:
    from matchmaker.store.queries import question

    only = frozenset({"question.listing"})
    assert sides.compare((_COMPANY,), only) == (only, [])
    before = question.of_organisation

    def one_by_one(uow: Any, *arguments: Any, **named: Any) -> Any:
        found = before(uow, *arguments, **named)
        for _row in found.rows:
            uow.session.execute(text("SELECT 1"))
        return found

    monkeypatch.setattr(question, "of_organisation", one_by_one)
    grown = sides.compare((_COMPANY,), only)[1]
    assert grown
    assert all("SELECT 1" in one for one in grown)
