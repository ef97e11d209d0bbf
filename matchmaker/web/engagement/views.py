"""The board of engagements, and what the parties do on an engagement's page."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Final
from urllib.parse import quote

from flask import Blueprint, current_app, flash, g, make_response, redirect, request, url_for
from werkzeug.wrappers import Response

from matchmaker.domain.engagement import CLOSED, GROUPS, NDA_VERSION
from matchmaker.domain.errors import Invalid, NotFound
from matchmaker.domain.permissions import available_actions
from matchmaker.domain.vocabulary import ENGAGEMENT_GROUPS
from matchmaker.integrations.attachment_file import MEDIA_TYPES
from matchmaker.services import engagement as service
from matchmaker.services import engagement_message as thread
from matchmaker.services.party import side_of
from matchmaker.store.database import UnitOfWork
from matchmaker.store.queries import engagement as query
from matchmaker.store.queries import introduction as introductions
from matchmaker.store.queries.engagement_facts import facts_of
from matchmaker.web.engagement.detail import card_of, engagement_page, group_of
from matchmaker.web.engagement.pages import BoardPage, Card, Column, NdaPage
from matchmaker.web.engagement.problems import EMPTY, Filled, refused
from matchmaker.web.i18n import gettext as _
from matchmaker.web.i18n import locale, term
from matchmaker.web.local_time import read_day
from matchmaker.web.pages import Numbered, Tab, render
from matchmaker.web.platform import matchmaker

blueprint = Blueprint("engagement", __name__, url_prefix="/engagements")
_VERSION: Final = re.compile(r"[0-9]{4}-[0-9]{1,3}")
_SHOWN: Final = 300  # of each list, on one page of the board
_SIDES: Final = {"company": "company", "researcher": "institution", "broker": "broker"}


@blueprint.url_value_preprocessor
def _allow_files(endpoint: str | None, _values: dict[str, object] | None) -> None:
    """Let messages be larger than other forms; runs before anything reads the body."""
    if endpoint == "engagement.write":
        platform = current_app.extensions["matchmaker"]
        request.max_content_length = platform.settings.attachment_limit


@blueprint.get("/")
def board() -> Response:
    """Engagements by stage, and what waits for an answer."""
    closed, mine = request.args.get("view") == "closed", request.args.get("scope") == "mine"
    counts_only = g.actor.role == "bureau"
    pages = replace(Numbered.from_request(), size=_SHOWN)
    window = {"limit": pages.size, "offset": pages.offset}
    with matchmaker().reading() as uow:
        rows = query.board(uow, g.actor, closed=closed, mine=mine, **window)
        stages = query.counts(uow, g.actor, mine=mine)
        asked = introductions.listing(uow, g.actor, closed=closed, **window)
        asked_total = introductions.count(uow, g.actor, closed=closed)
        now = uow.now
    cards = tuple(card_of(row, now, opens=not counts_only) for row in rows)
    columns = () if closed else _columns(cards, stages)
    scope = "mine" if mine else None
    view = "closed" if closed else None
    over = sum(stages.get(stage, 0) for stage in CLOSED)
    counts = {True: over, False: sum(stages.values()) - over}
    tabs = tuple(
        Tab(
            label=label,
            href=url_for(".board", view=name, scope=scope),
            count=counts[ended],
            current=ended is closed,
        )
        for ended, name, label in (
            (False, None, _("In progress")),
            (True, "closed", _("Completed or ended")),
        )
    )
    scopes = tuple(
        Tab(label=label, href=url_for(".board", view=view, scope=name), count=None,
            current=(name == "mine") is mine)
        for name, label in ((None, _("All of our side")), ("mine", _("Only mine")))
    )  # fmt: skip
    page = BoardPage(
        introductions=asked,
        introduction_total=asked_total,
        columns=columns,
        cards=cards,
        total=counts[closed],
        first=pages.offset + 1,
        tabs=tabs,
        scopes=scopes if g.actor.role in {"company", "researcher"} else (),
        closed=closed,
        counts_only=counts_only,
        side=_SIDES.get(g.actor.role, ""),
        **pages.of(max(counts[closed], asked_total)),
    )
    return render(page)


def _columns(cards: Sequence[Card], stages: Mapping[str, int]) -> tuple[Column, ...]:
    """The open stages, each with the cards that are shown and the number that there are."""
    return tuple(
        Column(
            label=term(code, "engagement_group"),
            cards=tuple(card for card in cards if group_of(card.row) == code),
            total=sum(
                number
                for stage, number in stages.items()
                if stage not in CLOSED and GROUPS[stage] == code
            ),
        )
        for code in ENGAGEMENT_GROUPS
    )


@blueprint.get("/<public_id>")
def show(public_id: str) -> Response:
    """One engagement, for its parties."""
    return _page(public_id, EMPTY)


@blueprint.post("/<public_id>/steps/<action>")
def step(public_id: str, action: str) -> Response:
    """Take a step."""
    return _change(
        public_id,
        f"step-{action}",
        lambda uow: service.step(
            uow,
            g.actor,
            engagement_id=public_id,
            action=action,
            calendar=matchmaker().calendar,
            note=request.form.get("note", ""),
            base_url=matchmaker().settings.base_url,
        ),
        _("Recorded; the other parties are told."),
    )


@blueprint.post("/<public_id>/next")
def plan_next(public_id: str) -> Response:
    """Say what is next, who does it and by when."""
    return _change(
        public_id,
        "next",
        lambda uow: service.plan_next(
            uow,
            g.actor,
            engagement_id=public_id,
            text=request.form.get("text", ""),
            side=request.form.get("side", ""),
            due=read_day(request.form.get("due", "")),
        ),
        _("Saved."),
    )


@blueprint.post("/<public_id>/lose")
def lose(public_id: str) -> Response:
    """End the engagement for a reason."""
    return _change(
        public_id,
        "lose",
        lambda uow: service.lose(
            uow,
            g.actor,
            engagement_id=public_id,
            reason=request.form.get("reason", ""),
            note=request.form.get("note", ""),
            base_url=matchmaker().settings.base_url,
        ),
        _("The engagement has ended; the other parties are told."),
    )


@blueprint.post("/<public_id>/wake")
def wake(public_id: str) -> Response:
    """Take a dormant engagement up again."""
    return _change(
        public_id,
        "wake",
        lambda uow: service.wake(
            uow,
            g.actor,
            engagement_id=public_id,
            calendar=matchmaker().calendar,
            base_url=matchmaker().settings.base_url,
        ),
        _("Taken up again."),
    )


@blueprint.post("/<public_id>/messages")
def write(public_id: str) -> Response:
    """Add a message with its files."""
    uploads = [
        thread.Upload(one.filename or "", one.read())
        for one in request.files.getlist("files")
        if one.filename
    ]
    return _change(
        public_id,
        "message",
        lambda uow: thread.write(
            uow,
            g.actor,
            matchmaker().attachments,
            engagement_id=public_id,
            body=request.form.get("body", ""),
            uploads=uploads,
            base_url=matchmaker().settings.base_url,
        ),
        _("Sent."),
        anchor="thread",
    )


@blueprint.get("/files/<public_id>")
def attachment(public_id: str) -> Response:
    """A file of the thread, to be saved and never shown in the page's own place."""
    platform = matchmaker()
    with platform.reading() as uow:
        row, content = thread.open_attachment(uow, g.actor, platform.attachments, public_id)
    response = make_response(content)
    response.headers["Content-Type"] = MEDIA_TYPES[row.media_type]
    # Headers are Latin-1: the name itself goes percent-encoded, as RFC 5987 has it.
    response.headers["Content-Disposition"] = (
        f'attachment; filename="file.{row.media_type}"; '
        f"filename*=UTF-8''{quote(row.file_name, safe='')}"
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@blueprint.get("/<public_id>/agreement")
def agreement(public_id: str) -> Response:
    """The confidentiality agreement, to read, accept and print."""
    return _agreement(public_id, EMPTY)


@blueprint.post("/<public_id>/agreement")
def accept_nda(public_id: str) -> Response:
    """Accept it for one's side."""
    try:
        with matchmaker().unit_of_work() as uow:
            service.accept_nda(
                uow,
                g.actor,
                engagement_id=public_id,
                name=request.form.get("name", ""),
                version=request.form.get("version", ""),
                calendar=matchmaker().calendar,
                base_url=matchmaker().settings.base_url,
            )
    except Invalid as error:
        return _agreement(public_id, refused("nda", error), 422)
    flash(_("Accepted for your side; time and text are recorded."), "success")
    return redirect(url_for(".show", public_id=public_id), code=303)


def _change(
    public_id: str,
    form: str,
    change: Callable[[UnitOfWork], object],
    done: str,
    anchor: str | None = None,
) -> Response:
    """Change an engagement and show it again; with what was wrong where it could not be kept."""
    try:
        with matchmaker().unit_of_work() as uow:
            change(uow)
    except Invalid as error:
        return _page(public_id, refused(form, error), 422)
    flash(done, "success")
    return redirect(url_for(".show", public_id=public_id, _anchor=anchor), code=303)


def _page(public_id: str, filled: Filled, status: int = 200) -> Response:
    with matchmaker().reading() as uow:
        engagement = service.load(uow, g.actor, public_id)
        page = engagement_page(uow, g.actor, engagement, filled)
    return render(page, status)


def _agreement(public_id: str, filled: Filled, status: int = 200) -> Response:
    with matchmaker().reading() as uow:
        engagement = service.load(uow, g.actor, public_id)
        acceptances = query.acceptances(uow, engagement.id)
        accepted = side_of(g.actor, engagement) in facts_of(uow, engagement.id).nda_sides
        version = acceptances[0].text_version if acceptances else NDA_VERSION
        page = NdaPage(
            card=card_of(query.card(uow, engagement.id), uow.now, opens=True),
            version=version,
            paragraphs=_text(matchmaker().settings.data_dir, version, locale()),
            acceptances=acceptances,
            may_accept=not accepted
            and "accept_nda" in available_actions(g.actor, "engagement", engagement),
            filled=filled,
            name=g.signed_in.name,
        )
    return render(page, status)


@cache
def _text(data_dir: Path, version: str, language: str) -> tuple[str, ...]:
    """The agreement's paragraphs in a version that was once shown."""
    path = data_dir / "agreements" / f"nda-{version}.{language}.txt"
    if not _VERSION.fullmatch(version) or not path.is_file():
        msg = "This version of the agreement is not here any more."
        raise NotFound(msg)
    return tuple(line for line in path.read_text(encoding="utf-8").splitlines() if line)
