"""Searches that people keep, and telling them of what is newly published and matches."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Final, cast

from sqlalchemy import exists, func, insert, select
from sqlalchemy.orm import joinedload

from matchmaker.domain.errors import Invalid, NotFound
from matchmaker.domain.permissions import SYSTEM, Actor, require
from matchmaker.domain.text import one_line, unclean_character
from matchmaker.domain.working_days import day_of
from matchmaker.services import audit
from matchmaker.services.account import actor_now
from matchmaker.services.catalogue_search import search_hits
from matchmaker.services.notification import notify
from matchmaker.store.database import UnitOfWork
from matchmaker.store.demand import Demand
from matchmaker.store.organisation import Organisation, User
from matchmaker.store.outcome import Outcome
from matchmaker.store.queries.catalogue_filters import columns_of, conditions, filters_of
from matchmaker.store.saved_search import SavedSearch, SavedSearchTold

if TYPE_CHECKING:
    from matchmaker.matching.engine import Engine

NAME_LENGTH: Final = 80
MOST_SEARCHES: Final = 50
# A search for words always finds something: news is what would stand on its first page.
_FIRST_PAGE: Final = 20
_NAMED: Final = 10


def save(  # noqa: PLR0913 - the parts of a search
    uow: UnitOfWork,
    actor: Actor,
    *,
    name: str,
    noun: str,
    text: str,
    chosen: Mapping[str, Sequence[str]],
    sort: str,
    alert: bool,
) -> SavedSearch:
    """Keep a search under a name of one's own."""
    require(actor, "saved_search", "save")
    mine = select(func.count()).where(SavedSearch.user_id == actor.user_id)
    if (uow.session.scalar(mine) or 0) >= MOST_SEARCHES:
        msg = f"At most {MOST_SEARCHES} searches can be kept; delete one first."
        raise Invalid(msg, {"name": "too_many"})
    search = SavedSearch(
        user_id=actor.user_id,
        name=_name(uow, actor, name),
        noun=noun,
        text=text,
        chosen={facet: list(codes) for facet, codes in chosen.items() if codes},
        sort=sort,
        alert=alert,
        alert_since=uow.now if alert else None,
        created_at=uow.now,
    )
    uow.session.add(search)
    uow.flush()
    audit.record(uow, actor, "saved_search", search.id, "create", after={"alert": alert})
    return search


def load(uow: UnitOfWork, actor: Actor, public_id: str) -> SavedSearch:
    """One of the actor's own searches, or ``NotFound``."""
    found = uow.session.scalars(
        select(SavedSearch).where(
            SavedSearch.public_id == public_id, SavedSearch.user_id == (actor.user_id or 0)
        )
    ).one_or_none()
    if found is None:
        msg = "There is no such search of yours."
        raise NotFound(msg)
    return found


def rename(uow: UnitOfWork, actor: Actor, search: SavedSearch, name: str) -> None:
    """Give a search another name."""
    require(actor, "saved_search", "edit", search)
    if one_line(name) == search.name:
        return
    search.name = _name(uow, actor, name)
    uow.flush()
    audit.record(uow, actor, "saved_search", search.id, "edit")


def set_alert(uow: UnitOfWork, actor: Actor, search: SavedSearch, *, on: bool) -> None:
    """Switch telling on or off; what is published when it is switched on is no news."""
    require(actor, "saved_search", "edit", search)
    if search.alert == on:
        return
    search.alert, search.alert_since = on, uow.now if on else search.alert_since
    uow.flush()
    action = "alert_on" if on else "alert_off"
    audit.record(uow, actor, "saved_search", search.id, action)


def delete(uow: UnitOfWork, actor: Actor, search: SavedSearch) -> None:
    """Forget a search."""
    require(actor, "saved_search", "delete", search)
    audit.record(uow, actor, "saved_search", search.id, "delete")
    uow.session.delete(search)
    uow.flush()


def tell_news(uow: UnitOfWork, engine: Callable[[], Engine]) -> int:
    """Tell of records newly published that match a saved search, each once; returns how many told.

    The filters are those of the catalogue with the visibility of the search's owner; records of
    the owner's own organisation are no news. ``engine`` is asked for only where a search has words.
    Searches are locked, so that of two processes one finds nothing left to tell.
    """
    require(SYSTEM, "notification", "send")
    searches = uow.session.scalars(
        select(SavedSearch).where(SavedSearch.alert).order_by(SavedSearch.id).with_for_update()
    ).all()
    newest = {
        noun: uow.session.scalar(select(func.max(model.published_at)))
        for noun, model in (("demand", Demand), ("outcome", Outcome))
    }
    owners = {
        user.id: user
        for user in uow.session.scalars(
            select(User)
            .where(User.id.in_({one.user_id for one in searches}), User.active.is_(True))
            .options(joinedload(User.organisation))
        )
    }
    told = 0
    for search in searches:
        latest, since = newest[search.noun], search.alert_since
        if search.user_id not in owners or latest is None or since is None or latest <= since:
            continue
        told += _tell(
            uow, search, _news(uow, actor_now(uow, owners[search.user_id]), search, engine)
        )
    return told


def _news(
    uow: UnitOfWork, actor: Actor, search: SavedSearch, engine: Callable[[], Engine]
) -> list[Demand | Outcome]:
    """The records that a search finds, were published since it alerts, and were not told yet."""
    hits = None
    if search.text:
        hits = search_hits(uow, actor, engine(), search.noun, search.text, top=_FIRST_PAGE)
    chosen = {facet: codes for facet, codes in search.chosen.items() if facet != "state"}
    columns = columns_of(search.noun)
    model = columns.model
    met = conditions(actor, columns, filters_of(chosen, search.text, hits), day_of(uow.now))
    told = exists().where(
        SavedSearchTold.search_id == search.id, SavedSearchTold.record_id == model.id
    )
    found = uow.session.scalars(
        select(model)
        .join(Organisation, model.organisation_id == Organisation.id)
        .where(
            *met.values(),
            model.published_at > search.alert_since,
            model.organisation_id != (actor.organisation_id or 0),
            ~told,
        )
        .order_by(model.published_at, model.id)
    )
    return cast("list[Demand | Outcome]", found.all())


def _tell(uow: UnitOfWork, search: SavedSearch, news: Sequence[Demand | Outcome]) -> int:
    if not news:
        return 0
    uow.session.execute(
        insert(SavedSearchTold),
        [{"search_id": search.id, "record_id": one.id, "told_at": uow.now} for one in news],
    )
    if len(news) == 1:
        values = {"search": search.name}
        notify(
            uow,
            kind="saved_search",
            readers=[search.user_id],
            noun=search.noun,
            record=news[0],
            values=values,
        )
        return 1
    lines = [f"· {one.title}" for one in news[:_NAMED]] + ["…"] * (len(news) > _NAMED)
    values = {"count": str(len(news)), "found": "\n".join(lines)}
    notify(
        uow,
        kind="saved_search_many",
        readers=[search.user_id],
        noun="saved_search",
        record=search,
        values=values,
    )
    return 1


def _name(uow: UnitOfWork, actor: Actor, written: str) -> str:
    """A name that can be kept and is not another search's."""
    name = one_line(written)
    problem = ""
    if not name:
        problem = "missing"
    elif unclean_character(name) is not None or len(name) > NAME_LENGTH:
        problem = "unclean"
    elif uow.session.scalar(
        select(exists().where(SavedSearch.user_id == actor.user_id, SavedSearch.name == name))
    ):
        problem = "taken"
    if problem:
        msg = "Give the search another name."
        raise Invalid(msg, {"name": problem})
    return name
