"""Writing a bid, submitting it, taking it back, reporting on it; and reading one."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from flask import Blueprint, flash, g, redirect, request, url_for
from werkzeug.wrappers import Response

from matchmaker.domain.challenge import WHILE_OPEN, report_due, state_at, takes_report
from matchmaker.domain.errors import Invalid, WrongState
from matchmaker.domain.permissions import available_actions, may, require, rule_of
from matchmaker.domain.working_days import day_of
from matchmaker.services import challenge as calls
from matchmaker.services import challenge_bid as service
from matchmaker.services import challenge_decision, challenge_score
from matchmaker.store.challenge import ChallengeBid
from matchmaker.store.database import UnitOfWork
from matchmaker.store.organisation import Organisation, User
from matchmaker.store.queries import challenge_judging as judging
from matchmaker.web.challenge.pages import BidFormPage, BidPage, BidView
from matchmaker.web.challenge.reading import bid_from_form, typed_team, view_of
from matchmaker.web.challenge.wording import late_text, left_of, standing_text
from matchmaker.web.engagement.problems import EMPTY, Filled, refused
from matchmaker.web.i18n import gettext as _
from matchmaker.web.i18n import write_datetime
from matchmaker.web.pages import render
from matchmaker.web.platform import matchmaker
from matchmaker.web.version import version_from_form

_BLANK: Final = {"name": "", "organisation": "", "part": ""}
_ROWS_MORE: Final = 2
_ROWS_LEAST: Final = 3
_TEXTS: Final = ("plan", "base", "indicators", "effect")
_UNSEALED: Final = rule_of("challenge", "unseal").sources


def install(blueprint: Blueprint) -> None:
    """Add the addresses of bids."""
    blueprint.add_url_rule("/<public_id>/bids", view_func=begin_bid, methods=["POST"])
    blueprint.add_url_rule("/bids/<bid_id>", view_func=bid)
    blueprint.add_url_rule("/bids/<bid_id>/edit", view_func=edit_bid)
    blueprint.add_url_rule("/bids/<bid_id>/edit", view_func=save_bid, methods=["POST"])
    blueprint.add_url_rule("/bids/<bid_id>/withdraw", view_func=withdraw_bid, methods=["POST"])
    blueprint.add_url_rule("/bids/<bid_id>/reopen", view_func=reopen_bid, methods=["POST"])
    blueprint.add_url_rule("/bids/<bid_id>/report", view_func=report, methods=["POST"])
    blueprint.add_url_rule("/bids/<bid_id>/bar", view_func=bar_bid, methods=["POST"])


def begin_bid(public_id: str) -> Response:
    """Begin one's bid for a call, or go on with it."""
    with matchmaker().unit_of_work() as uow:
        challenge = calls.load(uow, g.actor, public_id)
        bid_id = service.begin(uow, g.actor, challenge).public_id
    return redirect(url_for(".edit_bid", bid_id=bid_id), code=303)


def bid(bid_id: str) -> Response:
    """A bid to be read."""
    return _page(bid_id)


def edit_bid(bid_id: str) -> Response:
    """A bid to be written; after the deadline there is only the bid to be read."""
    with matchmaker().reading() as uow:
        found = service.load_own(uow, g.actor, bid_id)
        state = state_at(found.challenge.state, found.challenge.bids_until, uow.now)
        if state != "published" or not may(g.actor, "challenge_bid", "edit", found):
            return redirect(url_for(".bid", bid_id=bid_id), code=303)
        return _form(uow, found, EMPTY)


def save_bid(bid_id: str) -> Response:
    """Keep a bid, or submit it; what comes late is refused and shown again."""
    submit = request.form.get("do") == "submit"
    more = request.form.get("do") == "more"
    try:
        with matchmaker().unit_of_work() as uow:
            found = service.write(
                uow,
                g.actor,
                bid_id=bid_id,
                fields=bid_from_form(whole=submit),
                version=version_from_form(),
                submit=submit,
                base_url=matchmaker().settings.base_url,
            )
            standing = found.state == "submitted"
    except Invalid as error:
        return _again(bid_id, refused("bid", error), 422)
    except WrongState as error:
        if "closed_at" not in error.values:
            raise
        return _again(bid_id, Filled(form="bid", values=request.form.to_dict()), 409)
    if more:
        return redirect(url_for(".edit_bid", bid_id=bid_id, _anchor="team"), code=303)
    if standing:
        flash(_("Submitted. Until the deadline you can change it or take it back."), "success")
        return redirect(url_for(".bid", bid_id=bid_id), code=303)
    flash(_("The draft is saved. It takes part only once you submit it."), "success")
    return redirect(url_for(".edit_bid", bid_id=bid_id), code=303)


def withdraw_bid(bid_id: str) -> Response:
    """Take a bid back."""
    return _act(bid_id, "withdraw", _("Your bid is taken back."))


def reopen_bid(bid_id: str) -> Response:
    """Take it up again."""
    return _act(bid_id, "reopen", _("It is a draft again; submit it to take part."))


def report(bid_id: str) -> Response:
    """Write the midterm report."""
    try:
        with matchmaker().unit_of_work() as uow:
            service.report(
                uow,
                g.actor,
                bid_id=bid_id,
                text=request.form.get("report", ""),
                base_url=matchmaker().settings.base_url,
            )
    except Invalid as error:
        return _page(bid_id, refused("report", error), 422)
    flash(_("Saved; the bureau is told."), "success")
    return redirect(url_for(".bid", bid_id=bid_id), code=303)


def bar_bid(bid_id: str) -> Response:
    """Bar a bid that is not eligible."""
    try:
        with matchmaker().unit_of_work() as uow:
            challenge_decision.bar(
                uow,
                g.actor,
                bid_id=bid_id,
                reason=request.form.get("reason", ""),
                base_url=matchmaker().settings.base_url,
            )
    except Invalid as error:
        return _page(bid_id, refused("bar", error), 422)
    flash(_("The bid is barred; its people are told why."), "success")
    return redirect(url_for(".bid", bid_id=bid_id), code=303)


def bid_view(uow: UnitOfWork, found: ChallengeBid) -> BidView:
    """A bid as its page shows it."""
    home = uow.session.get_one(Organisation, found.organisation_id)
    leader = uow.session.get_one(User, found.author_id)
    return BidView(
        public_id=found.public_id,
        bidder=home.name,
        leader=leader.name,
        state=found.state,
        state_note=found.state_note,
        plan=found.plan,
        base=found.base,
        indicators=found.indicators,
        effect=found.effect,
        funds=found.funds,
        team=tuple(found.team),
        submitted_at=found.submitted_at,
    )


def _act(bid_id: str, action: str, said: str) -> Response:
    with matchmaker().unit_of_work() as uow:
        service.act(uow, g.actor, bid_id=bid_id, action=action)
    flash(said, "success")
    return redirect(url_for(".bid", bid_id=bid_id), code=303)


def _again(bid_id: str, filled: Filled, status: int) -> Response:
    """The form as it was sent."""
    with matchmaker().reading() as uow:
        found = service.load_own(uow, g.actor, bid_id)
        require(g.actor, "challenge_bid", "edit", found)
        return _form(uow, found, filled, status)


def _form(uow: UnitOfWork, found: ChallengeBid, filled: Filled, status: int = 200) -> Response:
    challenge = found.challenge
    rows = [row for row in (typed_team() if filled.form else found.team) if any(row.values())]
    blanks = max(_ROWS_MORE, _ROWS_LEAST - len(rows))
    late = ""
    if challenge.bids_until is not None and challenge.bids_until <= uow.now:
        late = late_text(challenge.bids_until, uow.now, write_datetime)
    values: Mapping[str, str] = {name: getattr(found, name) for name in _TEXTS} | {
        "funds": "" if found.funds is None else f"{found.funds:f}"
    }
    page = BidFormPage(
        challenge=view_of(challenge, uow.now),
        public_id=found.public_id,
        version=version_from_form() if filled.form else found.version,
        state=found.state,
        left=left_of(challenge.state, challenge.bids_until, uow.now),
        values=values,
        team=(*rows, *([_BLANK] * blanks)),
        late=late,
        filled=filled,
    )
    return render(page, status)


def _page(bid_id: str, filled: Filled = EMPTY, status: int = 200) -> Response:
    with matchmaker().reading() as uow:
        found = challenge_score.open_bid(uow, g.actor, bid_id)
        challenge = found.challenge
        open_now = state_at(challenge.state, challenge.bids_until, uow.now) == "published"
        actions = available_actions(g.actor, "challenge_bid", found)
        mine = may(g.actor, "challenge_bid", "view", found)
        reports = takes_report(challenge.state, challenge.midterm_verdict)
        means: tuple[tuple[str, Decimal], ...] = ()
        total: Decimal | None = None
        comments: tuple[str, ...] = ()
        if challenge.state in _UNSEALED and (
            mine or may(g.actor, "challenge", "unseal", challenge)
        ):
            stood = [one for one in judging.standings(uow, challenge) if one.bid_id == found.id]
            if stood and stood[0].scores:
                means, total = tuple(stood[0].means.items()), stood[0].total
                comments = judging.comments(uow, found.id)
        page = BidPage(
            challenge=view_of(challenge, uow.now),
            bid=bid_view(uow, found),
            actions=tuple(
                one
                for one in actions
                if mine and (open_now if one in WHILE_OPEN else one == "report" and reports)
            ),
            left=left_of(challenge.state, challenge.bids_until, uow.now),
            mine=mine,
            means=means,
            total=total,
            comments=comments,
            may_bar=challenge.state in ("closed", "scoring")
            and may(g.actor, "challenge_bid", "bar", found),
            standing=standing_text(found),
            contract_number=challenge.contract_number if found.state == "awarded" else "",
            report=challenge.report if found.state == "awarded" else "",
            verdict=challenge.midterm_verdict or "" if found.state == "awarded" else "",
            verdict_note=challenge.midterm_note if found.state == "awarded" else "",
            report_due=day_of(report_due(challenge.awarded_at, challenge.months))
            if challenge.awarded_at
            else None,
            filled=filled,
        )
    return render(page, status)
