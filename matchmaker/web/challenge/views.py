"""Challenges as everybody reads them: the list, a call, objections, a firm's consent."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, flash, g, redirect, request, url_for
from werkzeug.wrappers import Response

from matchmaker.domain.challenge import state_at
from matchmaker.domain.errors import Invalid
from matchmaker.domain.permissions import Actor, may
from matchmaker.services import challenge as service
from matchmaker.services import challenge_bid, challenge_decision
from matchmaker.store.challenge import Challenge
from matchmaker.store.database import UnitOfWork
from matchmaker.store.organisation import Organisation
from matchmaker.store.queries import challenge as query
from matchmaker.store.queries import challenge_judging as judging
from matchmaker.web.challenge import bidding, calls, desk, scoring
from matchmaker.web.challenge.pages import (
    Announced,
    CallItem,
    ChallengePage,
    ChallengesPage,
    ConsentPage,
)
from matchmaker.web.challenge.reading import view_of
from matchmaker.web.challenge.wording import left_of, milestones
from matchmaker.web.engagement.problems import EMPTY, Filled, refused
from matchmaker.web.i18n import gettext as _
from matchmaker.web.pages import Numbered, Tab, render
from matchmaker.web.platform import matchmaker

blueprint = Blueprint("challenge", __name__, url_prefix="/challenges")
for _module in (calls, desk, bidding, scoring):
    _module.install(blueprint)
_ANNOUNCED: Final = frozenset({"publicity", "awarded", "midterm", "accepted", "not_accepted"})


@blueprint.get("/")
def listing() -> Response:
    """Open calls first; what is under way, over, and for the bureau in preparation."""
    creates = may(g.actor, "challenge", "create")
    views = [view for view in query.VIEWS if view != "preparing" or creates]
    view = request.args.get("view", "")
    view = view if view in views else views[0]
    pages = Numbered.from_request()
    with matchmaker().reading() as uow:
        counts = query.counts(uow, g.actor)
        rows = query.listing(uow, g.actor, view, limit=pages.size, offset=pages.offset)
        bids = query.bids_of(uow, g.actor)
        tasks = judging.duties(uow, g.actor)
        consents = query.consent_links(uow, g.actor)
        now = uow.now
    labels = {
        "open": _("Open calls"),
        "running": _("Under way"),
        "over": _("Over"),
        "preparing": _("In preparation"),
    }
    page = ChallengesPage(
        items=tuple(
            CallItem(
                row=row,
                state=state_at(row.state, row.bids_until, now),
                left=left_of(row.state, row.bids_until, now),
            )
            for row in rows
        ),
        tabs=tuple(
            Tab(
                label=labels[one],
                href=url_for(".listing", view=one),
                count=counts[one],
                current=one == view,
            )
            for one in views
        ),
        creates=creates,
        bids=bids,
        tasks=tasks,
        consents=consents,
        **pages.of(counts[view]),
    )
    return render(page)


@blueprint.get("/<public_id>")
def show(public_id: str) -> Response:
    """A call."""
    return _page(public_id)


@blueprint.post("/<public_id>/objections")
def object_to(public_id: str) -> Response:
    """Object to the bid that is announced."""
    try:
        with matchmaker().unit_of_work() as uow:
            challenge_decision.object_to(
                uow,
                g.actor,
                challenge_id=public_id,
                reason=request.form.get("reason", ""),
                base_url=matchmaker().settings.base_url,
            )
    except Invalid as error:
        return _page(public_id, refused("objection", error), 422)
    flash(_("Your objection is recorded; the bureau answers it in writing."), "success")
    return redirect(url_for(".show", public_id=public_id), code=303)


@blueprint.get("/consents/<link_id>")
def consent(link_id: str) -> Response:
    """What a firm is asked to consent to."""
    with matchmaker().reading() as uow:
        link = service.load_consent(uow, g.actor, link_id)
        page = ConsentPage(
            link_id=link.public_id,
            state=link.state,
            demand_id=link.demand.public_id,
            demand=link.demand.title,
            anonymous=link.demand.disclosure == "anonymous",
            challenge=view_of(link.challenge, uow.now),
            answerable=link.challenge.state in ("draft", "argued"),
        )
    return render(page)


@blueprint.post("/consents/<link_id>")
def answer_consent(link_id: str) -> Response:
    """Consent, or refuse."""
    with matchmaker().unit_of_work() as uow:
        service.answer(
            uow,
            g.actor,
            link_id=link_id,
            consents=request.form.get("answer") == "given",
            base_url=matchmaker().settings.base_url,
        )
    flash(_("Thank you; the bureau sees your answer."), "success")
    return redirect(url_for(".consent", link_id=link_id), code=303)


def _page(public_id: str, filled: Filled = EMPTY, status: int = 200) -> Response:
    actor: Actor = g.actor
    with matchmaker().reading() as uow:
        challenge = service.load(uow, actor, public_id)
        state = state_at(challenge.state, challenge.bids_until, uow.now)
        own = challenge_bid.own(uow, actor, challenge) if actor.signed_in else None
        announced = _announced(uow, challenge)
        until = challenge.publicity_until
        takes_objections = challenge.state == "publicity" and until is not None and uow.now < until
        page = ChallengePage(
            challenge=view_of(challenge, uow.now),
            left=left_of(state, challenge.bids_until, uow.now),
            milestones=milestones(challenge, state),
            demands=query.demands_of(uow, actor, challenge.id),
            announced=announced,
            manages=may(actor, "challenge", "manage"),
            judges=any(one[0] == public_id for one in judging.duties(uow, actor)),
            bids=state == "published" and actor.verified and may(actor, "challenge_bid", "create"),
            bid_id=own.public_id if own else "",
            bid_state=own.state if own else "",
            objects=takes_objections
            and announced is not None
            and not (announced.barred or announced.own)
            and may(actor, "challenge_objection", "raise"),
            objections=query.objections_of(uow, actor, challenge.id),
            filled=filled,
        )
    return render(page, status)


def _announced(uow: UnitOfWork, challenge: Challenge) -> Announced | None:
    """The bid that is announced, once one is: whose it is and what it scored."""
    if challenge.state not in _ANNOUNCED:
        return None
    bid = challenge_decision.proposed(uow, challenge)
    if bid is None:
        return None
    home = uow.session.get_one(Organisation, bid.organisation_id)
    found = next(one for one in judging.standings(uow, challenge) if one.bid_id == bid.id)
    return Announced(
        bidder=home.name,
        total=found.total,
        scores=found.scores,
        barred=bid.state == "barred",
        own=bid.organisation_id == g.actor.organisation_id,
    )
