"""An expert's part: the bids before him, his points, conflicts of interest."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, flash, g, redirect, request, url_for
from werkzeug.wrappers import Response

from matchmaker.domain.challenge_vocabulary import CHALLENGE_CRITERIA
from matchmaker.domain.errors import Invalid, NotFound
from matchmaker.services import challenge as calls
from matchmaker.services import challenge_score as service
from matchmaker.store.queries import challenge_judging as judging
from matchmaker.web.challenge.bidding import bid_view
from matchmaker.web.challenge.pages import ScorePage, TasksPage
from matchmaker.web.challenge.reading import view_of
from matchmaker.web.engagement.problems import EMPTY, Filled, refused
from matchmaker.web.i18n import gettext as _
from matchmaker.web.pages import render
from matchmaker.web.platform import matchmaker


def install(blueprint: Blueprint) -> None:
    """Add the addresses of scoring."""
    blueprint.add_url_rule("/<public_id>/scoring", view_func=tasks)
    blueprint.add_url_rule("/bids/<bid_id>/score", view_func=score)
    blueprint.add_url_rule("/bids/<bid_id>/score", view_func=save_score, methods=["POST"])
    blueprint.add_url_rule("/bids/<bid_id>/conflict", view_func=declare, methods=["POST"])


def tasks(public_id: str) -> Response:
    """The bids of a challenge before one of its experts."""
    with matchmaker().reading() as uow:
        challenge = calls.load(uow, g.actor, public_id)
        if all(one[0] != public_id for one in judging.duties(uow, g.actor)):
            msg = "You are no expert of this challenge, or scoring has ended."
            raise NotFound(msg, noun="challenge")
        begun = challenge.state == "scoring"
        page = TasksPage(
            challenge=view_of(challenge, uow.now),
            rows=judging.tasks(uow, g.actor, challenge.id) if begun else (),
        )
    return render(page)


def score(bid_id: str) -> Response:
    """A bid with one's own points."""
    return _page(bid_id)


def save_score(bid_id: str) -> Response:
    """Keep one's points, or submit them for good and go on to the next bid."""
    submit = request.form.get("do") == "submit"
    try:
        with matchmaker().unit_of_work() as uow:
            service.save(
                uow,
                g.actor,
                bid_id=bid_id,
                points={name: _points(name) for name in CHALLENGE_CRITERIA},
                comment=request.form.get("comment", ""),
                submit=submit,
                base_url=matchmaker().settings.base_url,
            )
    except Invalid as error:
        return _page(bid_id, refused("score", error), 422)
    if not submit:
        flash(_("Saved as a draft; it counts once you submit it."), "success")
        return redirect(url_for(".score", bid_id=bid_id), code=303)
    flash(_("Submitted."), "success")
    return redirect(_next_after(bid_id), code=303)


def declare(bid_id: str) -> Response:
    """Say that one cannot judge a bid."""
    try:
        with matchmaker().unit_of_work() as uow:
            bid = service.declare(
                uow, g.actor, bid_id=bid_id, reason=request.form.get("reason", "")
            )
            public_id = bid.challenge.public_id
    except Invalid as error:
        return _page(bid_id, refused("conflict", error), 422)
    flash(_("Recorded: this bid is scored by others."), "success")
    return redirect(url_for(".tasks", public_id=public_id), code=303)


def _next_after(bid_id: str) -> str:
    """The next bid without the expert's score, else the list of them."""
    with matchmaker().reading() as uow:
        bid, _own = service.judged(uow, g.actor, bid_id)
        rows = judging.tasks(uow, g.actor, bid.challenge_id)
        public_id = bid.challenge.public_id
    left = [one for one in rows if not one.conflict and one.score != "submitted"]
    if left:
        return url_for(".score", bid_id=left[0].public_id)
    return url_for(".tasks", public_id=public_id)


def _points(name: str) -> int | None:
    """The points typed; a number that nobody can give where it is none."""
    written = request.form.get(name, "").strip()
    if not written:
        return None
    return int(written) if written.isascii() and written.isdigit() and len(written) < 4 else -1  # noqa: PLR2004 - three digits are enough


def _page(bid_id: str, filled: Filled = EMPTY, status: int = 200) -> Response:
    with matchmaker().reading() as uow:
        bid, own = service.judged(uow, g.actor, bid_id)
        values: Mapping[str, str] = {
            name: "" if own is None or getattr(own, name) is None else str(getattr(own, name))
            for name in CHALLENGE_CRITERIA
        } | {"comment": own.comment if own else ""}
        page = ScorePage(
            challenge=view_of(bid.challenge, uow.now),
            bid=bid_view(uow, bid),
            values=values,
            submitted=own is not None and own.state == "submitted",
            filled=filled,
        )
    return render(page, status)
